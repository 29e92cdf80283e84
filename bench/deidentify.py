"""How much of what the made-up drafts give away is marked, and how fast.

    python -m bench.deidentify

The drafts lie in ``tests/drafts``; what each gives away is marked in it as ``[[kind|words]]``. A mark counts as found
when a finding covers at least half of the shorter of the two. *Recall*: found as that kind. *Marked*: found as any
kind, which is what a reader sees. *Precision*: findings of a kind that meet a mark of that kind. The parts say how far
to trust a figure: ``tuned`` drafts were looked at while the rules were made, ``held_out`` ones were written before the
rules and only scored, ``fresh`` ones were written after the rules. One author wrote both, so drafts of others will
do worse.
"""

from __future__ import annotations

import json
import platform
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from time import process_time

from core.deidentify import KINDS, Finding, Kind, find

FOLDER = Path(__file__).resolve().parent.parent / "tests" / "drafts"
PARTS = ("tuned", "held_out", "fresh")
_MARK = re.compile(r"\[\[(?P<kind>\w+)\|(?P<words>.*?)\]\]", re.DOTALL)
_LENGTH = 1000


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft without its marks, and the marks as findings."""

    id: str
    part: str
    text: str
    marks: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """Counts over some drafts: marks, found as their kind, found at all; findings, and those that meet a mark."""

    marks: int
    same: int
    seen: int
    findings: int
    right: int

    @property
    def row(self) -> str:
        """The counts as cells of a table."""
        return (
            f"{self.marks} | {_share(self.same, self.marks)} | {_share(self.seen, self.marks)}"
            f" | {self.findings} | {_share(self.right, self.findings)} |"
        )


def read_drafts() -> list[Draft]:
    """Return every draft, in the order of file names."""
    files = [json.loads(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.json"))]
    return [_draft(draft) for file in files for draft in file["drafts"]]


def score(drafts: Iterable[Draft], kinds: Sequence[Kind] = KINDS) -> Score:
    """Compare what is found in drafts with what is marked in them, for some kinds."""
    counts = [0] * 5
    for draft in drafts:
        found = _found(draft)
        marks = [mark for mark in draft.marks if mark.kind in kinds]
        wanted = [finding for finding in found if finding.kind in kinds]
        counts[0] += len(marks)
        counts[1] += sum(any(_meet(mark, f) and f.kind == mark.kind for f in found) for mark in marks)
        counts[2] += sum(any(_meet(mark, f) for f in found) for mark in marks)
        counts[3] += len(wanted)
        counts[4] += sum(any(_meet(mark, f) and f.kind == mark.kind for mark in draft.marks) for f in wanted)
    return Score(*counts)


def main() -> None:
    """Measure and print."""
    drafts = read_drafts()
    print(f"{len(drafts)} drafts, {sum(not draft.marks for draft in drafts)} of them with nothing to find.\n")
    print("| kind | marks | recall | marked | findings | precision |\n|---|---|---|---|---|---|")
    for kind in KINDS:
        print(f"| {kind} | {score(drafts, [kind]).row}")
    for part in PARTS:
        print(f"| all, {part} | {score(draft for draft in drafts if draft.part == part).row}")
    print(f"| all | {score(drafts).row}")
    words = " ".join(draft.text for draft in drafts).split()[:_LENGTH]
    find(drafts[0].text)
    best = min(_milliseconds(" ".join(words)) for _ in range(7))
    print(f"\nPython {platform.python_version()}: {best:.0f} ms of processor time for {_LENGTH} words, lists loaded.")


def _draft(kept: dict[str, str]) -> Draft:
    text, marks, place = "", [], 0
    for match in _MARK.finditer(kept["text"]):
        text += kept["text"][place : match.start()]
        kind = next(kind for kind in KINDS if kind == match["kind"])
        marks.append(Finding(kind, len(text), len(text) + len(match["words"])))
        text, place = text + match["words"], match.end()
    return Draft(kept["id"], kept["part"], text + kept["text"][place:], tuple(marks))


@cache
def _found(draft: Draft) -> tuple[Finding, ...]:
    return tuple(find(draft.text))


def _meet(one: Finding, other: Finding) -> bool:
    shared = min(one.end, other.end) - max(one.start, other.start)
    return shared > 0 and 2 * shared >= min(one.end - one.start, other.end - other.start)


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.2f}" if whole else "–"


def _milliseconds(text: str) -> float:
    start = process_time()
    find(text)
    return (process_time() - start) * 1000


if __name__ == "__main__":
    main()
