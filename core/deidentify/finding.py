"""What the check found: a kind and a place in the draft, never the words themselves."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal, get_args

Kind = Literal[
    "name",
    "place",
    "date",
    "age",
    "phone",
    "fax",
    "email",
    "ssn",
    "record",
    "plan",
    "account",
    "licence",
    "vehicle",
    "device",
    "url",
    "ip",
    "biometric",
    "photo",
    "code",
    "handle",
    "employer",
    "school",
    "quote",
    "relation",
    "session",
]
#: Every kind, in the order of the law's list, then of the context.
KINDS: tuple[Kind, ...] = get_args(Kind)

# One character for one, so that a place in the plain text is the same place in the draft.
_PLAIN = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "\u00a0": " ", "\u202f": " ", "–": "-", "‑": "-", "\t": " "})


@dataclass(frozen=True, slots=True)
class Finding:
    """Characters ``start`` up to ``end`` of a draft may give someone away as ``kind``. No text is in it."""

    kind: Kind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of the draft with the kinds that cover it, none for plain text. A page escapes ``text`` itself."""

    text: str = field(repr=False)
    kinds: tuple[Kind, ...] = ()


Finder = Callable[[str], Iterator[Finding]]


def plain(text: str) -> str:
    """Return the draft with one form of each apostrophe, dash and space, every character at its place."""
    return text.translate(_PLAIN)


def matches(kind: Kind, pattern: re.Pattern[str], text: str) -> Iterator[Finding]:
    """Yield each match of a pattern as a finding: its named group where one took part, else the whole."""
    return (Finding(kind, *match.span(match.lastgroup or 0)) for match in pattern.finditer(text))


def first_come(layers: Iterable[Iterable[Finding]]) -> Iterator[Finding]:
    """Yield findings layer by layer, leaving out what overlaps one that came before."""
    taken: list[Finding] = []
    for layer in layers:
        for finding in layer:
            if not any(finding.start < other.end and other.start < finding.end for other in taken):
                taken.append(finding)
                yield finding


def marked(text: str, findings: Iterable[Finding]) -> tuple[Segment, ...]:
    """Cut a draft where findings begin and end. The segments' texts, joined, are the draft again."""
    known = list(findings)
    cuts = sorted({0, len(text), *(cut for f in known for cut in (f.start, f.end) if 0 <= cut <= len(text))})
    return tuple(
        Segment(text[start:end], tuple(kind for kind in KINDS if _covers(known, kind, start, end)))
        for start, end in pairwise(cuts)
    )


def _covers(findings: Iterable[Finding], kind: Kind, start: int, end: int) -> bool:
    return any(f.kind == kind and f.start <= start and end <= f.end for f in findings)
