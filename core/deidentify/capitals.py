"""Who and where: names, places, workplaces, schools, told by capitals, by lists of names, and by the words around.

Written to find too much rather than too little: an unknown capital inside a sentence counts as a name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from core.deidentify import cues, english, known
from core.deidentify.finding import Finding, Kind, matches
from core.deidentify.words import INITIAL, TITLE, Word, is_headline, runs, sentences

_EVERYDAY = english.OPENERS | english.EVERYDAY_NAMES
_NO_NAME = _EVERYDAY | english.NOT_A_NAME


def find(text: str) -> Iterator[Finding]:
    """Yield names, places, employers and schools. ``text`` is plain; see ``finding.plain``."""
    streets = list(matches("place", cues.STREET, text))
    found = [finding for finding in _capitals(text) if not any(_overlap(finding, street) for street in streets)]
    found += [Finding("name", *m.span("it")) for m in cues.CUED_LOWER.finditer(text) if known.is_given(m["it"])]
    if _has_no_capitals(text):
        found += list(_lower_case(text, found))
    yield from streets
    yield from found
    yield from _again(text, found, streets)


def _capitals(text: str) -> Iterator[Finding]:
    for sentence in sentences(text):
        headline = is_headline(sentence)
        for run in runs(text, sentence):
            kind = _kind(text, run, headline=headline)
            if kind:
                last = run[-1]
                end = last.start + len(last.text.removesuffix("'s").removesuffix("'"))
                stopped = last.text.endswith(".") and not INITIAL.fullmatch(last.text)
                yield Finding(kind, run[0].start, end - stopped)


def _has_no_capitals(text: str) -> bool:
    """Whether a draft is typed in lower case, as for a caption: then only lists can tell a name."""
    starts = re.findall(r"(?:^|[.!?\n])[ \t]*([^\W\d_])", text)
    return bool(starts) and sum(map(str.islower, starts)) > len(starts) / 2


def _lower_case(text: str, found: list[Finding]) -> Iterator[Finding]:
    taken = {finding.start for finding in found}
    for match in re.finditer(r"\b[a-z][a-z-]{3,}\b", text):
        word = match[0]
        if match.start() in taken or word in _NO_NAME:
            continue
        if known.is_given(word):
            yield Finding("name", *match.span())
        elif known.is_city(word) or cues.LOWER_PLACE_BEFORE.search(text[max(0, match.start() - 16) : match.start()]):
            yield Finding("place", *match.span())


def _again(text: str, found: list[Finding], taken: list[Finding]) -> Iterator[Finding]:
    """A name found once is a name wherever it comes again, alone or in lower case too."""
    words = {
        word
        for finding in found
        if finding.kind == "name"
        for word in re.findall(r"[^\W\d_][\w-]{2,}", text[finding.start : finding.end])
        if word.lower() not in _EVERYDAY and not TITLE.fullmatch(word)
    }
    if not words:
        return
    pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(words)))})\b", re.IGNORECASE)
    for match in pattern.finditer(text):
        if not any(f.start < match.end() and match.start() < f.end for f in (*found, *taken)):
            yield Finding("name", *match.span())


def _overlap(one: Finding, other: Finding) -> bool:
    return one.start < other.end and other.start < one.end


def _kind(text: str, run: list[Word], *, headline: bool) -> Kind | None:
    """What a run of capitals stands for, or None."""
    if _stands_for_nobody(run):
        return None
    if len(run) > 1 and known.is_city(_joined(run)):
        return "place"
    sure = _by_its_own_words(run) or _by_what_it_touches(text, run)
    if sure:
        return sure
    return _opening_kind(text, run, headline=headline) if run[0].opens or headline else _inside_kind(text, run)


def _stands_for_nobody(run: list[Word]) -> bool:
    alone = len(run) == 1 and (TITLE.fullmatch(run[0].text) or INITIAL.fullmatch(run[0].text))
    return bool(alone) or known.is_state(_joined(run))


def _by_its_own_words(run: list[Word]) -> Kind | None:
    if len(run) == 1:
        return None
    if TITLE.fullmatch(run[0].text):
        return "name"
    words = {word.bare for word in run}
    return next((kind for kind, table in _BY_WORD if not table.isdisjoint(words)), None)


def _by_what_it_touches(text: str, run: list[Word]) -> Kind | None:
    state = cues.STATE_AFTER.match(text, run[-1].end)
    if state and (state["state"] is None or known.is_state(state["state"].lower())):
        return "place"
    if cues.ADDRESS_BEFORE.search(_before(text, run)):
        return "place"
    return "name" if cues.FAMILY_AFTER.match(text, run[-1].end) or _is_quoted(text, run) else None


def _inside_kind(text: str, run: list[Word]) -> Kind | None:
    """Inside a sentence a capital counts: the words before it tell what it is, and a name is what is left."""
    first, before = run[0], _before(text, run)
    cued = next((kind for kind, pattern in _BY_CUE if pattern.search(before)), None)
    if cued:
        return cued
    if not known.is_given(first.bare):
        if cues.PLACE_OR_PERSON_BEFORE.search(before) and "'s" not in run[-1].text:
            return "place"
        if len(run) == 1 and first.text.isupper():
            return None
    return "place" if known.is_city(_joined(run)) else "name"


def _opening_kind(text: str, run: list[Word], *, headline: bool) -> Kind | None:
    """Where a capital tells nothing: a name needs a list, a second capital, or what people do after it."""
    first = run[0]
    if known.is_given(first.bare) and first.bare not in english.EVERYDAY_NAMES:
        return "name"
    if headline:
        return None
    if known.is_city(_joined(run)):
        return "place"
    acts = cues.PERSON_AFTER.match(text, first.end) and not first.text.isupper()
    return "name" if len(run) > 1 or acts else None


_BY_WORD: tuple[tuple[Kind, frozenset[str]], ...] = (
    ("school", english.SCHOOL_WORDS),
    ("employer", english.EMPLOYER_WORDS),
    ("place", english.PLACE_WORDS),
)
_BY_CUE: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("school", cues.SCHOOL_BEFORE),
    ("place", cues.PLACE_BEFORE),
    ("employer", cues.EMPLOYER_BEFORE),
)


def _joined(run: list[Word]) -> str:
    return " ".join(word.bare for word in run)


def _before(text: str, run: list[Word]) -> str:
    return text[max(0, run[0].start - 48) : run[0].start]


def _is_quoted(text: str, run: list[Word]) -> bool:
    """Whether the run alone stands in quotation marks, as a nickname does."""
    return text[max(0, run[0].start - 1) : run[0].start] in {"“", '"'} and text[run[-1].end : run[-1].end + 1] in {
        "”",
        '"',
    }
