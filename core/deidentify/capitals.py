"""Who and where: names, places, workplaces, schools, told by capitals, by lists of names, and by the words around.

Written to find too much rather than too little: an unknown capital inside a sentence counts as a name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from core.deidentify import cues, english, known
from core.deidentify.finding import Finding, Kind, matches

_WORD = re.compile(r"[^\W\d_](?:[\w'-]*\w)?\.?|\d[\w.,:/-]*")
_SENTENCE_END = re.compile(r"(?:^|[.!?…:;]|\n)[\s\"“”'(\[*•#>\d./-]*$|[\"“(\[]$")
_TITLE = re.compile(rf"(?:{'|'.join(english.TITLES)})\.?")
_INITIAL = re.compile(r"[^\W\d_]\.")
#: Small words inside a name: "University of Vermont", "Ana de la Cruz", "Hal's Bait and Tackle".
_JOINERS = frozenset(
    (
        "of",
        "de",
        "la",
        "las",
        "los",
        "del",
        "da",
        "dos",
        "van",
        "von",
        "der",
        "den",
        "bin",
        "al",
        "el",
        "y",
        "and",
        "&",
        "the",
    )
)


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    start: int
    end: int
    opens: bool

    @property
    def capital(self) -> bool:
        return self.text[0].isupper()

    @property
    def bare(self) -> str:
        """The word without its possessive or full stop, in lower case."""
        return self.text.rstrip(".").removesuffix("'s").removesuffix("'").lower()


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
    for sentence in _sentences(text):
        headline = _is_headline(sentence)
        for run in _runs(text, sentence):
            kind = _kind(text, run, headline=headline)
            if kind:
                last = run[-1]
                end = last.start + len(last.text.removesuffix("'s").removesuffix("'"))
                stopped = last.text.endswith(".") and not _INITIAL.fullmatch(last.text)
                yield Finding(kind, run[0].start, end - stopped)


def _has_no_capitals(text: str) -> bool:
    """Whether a draft is typed in lower case, as for a caption: then only lists can tell a name."""
    starts = re.findall(r"(?:^|[.!?\n])\s*([^\W\d_])", text)
    return bool(starts) and sum(map(str.islower, starts)) > len(starts) / 2


def _lower_case(text: str, found: list[Finding]) -> Iterator[Finding]:
    taken = {finding.start for finding in found}
    for match in re.finditer(r"\b[a-z][a-z-]{3,}\b", text):
        word = match[0]
        if match.start() in taken or word in english.OPENERS | english.EVERYDAY_NAMES | english.NOT_A_NAME:
            continue
        if known.is_given(word):
            yield Finding("name", *match.span())
        elif known.is_city(word) or re.search(r"\b(?:over|back|up|down|out|live[sd]?) in $", text[: match.start()]):
            yield Finding("place", *match.span())


def _again(text: str, found: list[Finding], taken: list[Finding]) -> Iterator[Finding]:
    """A name found once is a name wherever it comes again, alone or in lower case too."""
    words = {
        word
        for finding in found
        if finding.kind == "name"
        for word in re.findall(r"[^\W\d_][\w-]{2,}", text[finding.start : finding.end])
        if word.lower() not in english.OPENERS | english.EVERYDAY_NAMES and not _TITLE.fullmatch(word)
    }
    if not words:
        return
    pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(words)))})\b", re.IGNORECASE)
    for match in pattern.finditer(text):
        if not any(f.start < match.end() and match.start() < f.end for f in (*found, *taken)):
            yield Finding("name", *match.span())


def _overlap(one: Finding, other: Finding) -> bool:
    return one.start < other.end and other.start < one.end


def _sentences(text: str) -> Iterator[list[_Word]]:
    words: list[_Word] = []
    for match in _WORD.finditer(text):
        word, start, end = match[0], *match.span()
        if word.endswith(".") and not (_TITLE.fullmatch(word) or _INITIAL.fullmatch(word) or word in {"St.", "Mt."}):
            word, end = word[:-1], end - 1
        opens = _opens(text, start) and not (words and words[-1].text.endswith(".") and text[start - 2 : start] == ". ")
        if opens and words and re.search(r"[.!?…\n]", text[words[-1].end : start]):
            yield words
            words = []
        words.append(_Word(word, start, end, opens))
    if words:
        yield words


def _opens(text: str, start: int) -> bool:
    """Whether a sentence, a line or a quotation begins at ``start``."""
    if text[start - 2 : start - 1].isalnum() and text[start - 1] == " ":
        return False
    return start == 0 or bool(_SENTENCE_END.search(text[max(0, start - 12) : start]))


def _is_headline(sentence: list[_Word]) -> bool:
    long = [word for word in sentence if len(word.text) > 3]
    return len(long) >= 3 and sum(word.capital for word in long) >= 0.75 * len(long)


def _runs(text: str, sentence: list[_Word]) -> Iterator[list[_Word]]:
    """Words with capitals side by side, small words between them allowed, words that are no names left out."""
    run: list[_Word] = []
    joiners: list[_Word] = []
    for word in sentence:
        previous = (joiners or run)[-1:]
        beside = bool(previous) and text[previous[0].end : word.start] in {" ", " & "}
        names = _may_name(word, beside=beside)
        if names and (beside or not run) and not (word.opens and run):
            run, joiners = [*run, *joiners, word], []
        elif run and beside and word.text in _JOINERS and len(joiners) < 2:
            joiners.append(word)
        else:
            if run:
                yield run
            run, joiners = ([word] if _may_name(word, beside=False) else []), []
    if run:
        yield run


def _may_name(word: _Word, *, beside: bool) -> bool:
    if not word.capital:
        return False
    if word.bare in english.OPENERS and not beside and (word.opens or word.bare not in english.EVERYDAY_NAMES):
        return False
    if beside and word.bare in english.IN_A_NAME:
        return True
    return word.bare not in english.NOT_A_NAME or bool(_TITLE.fullmatch(word.text)) or known.is_state(word.bare)


def _kind(text: str, run: list[_Word], *, headline: bool) -> Kind | None:
    """What a run of capitals stands for, or None."""
    if _stands_for_nobody(run):
        return None
    sure = _by_its_own_words(run) or _by_what_it_touches(text, run)
    if sure:
        return sure
    return _opening_kind(text, run, headline=headline) if run[0].opens or headline else _inside_kind(text, run)


def _stands_for_nobody(run: list[_Word]) -> bool:
    alone = len(run) == 1 and (_TITLE.fullmatch(run[0].text) or _INITIAL.fullmatch(run[0].text))
    return bool(alone) or known.is_state(_joined(run))


def _by_its_own_words(run: list[_Word]) -> Kind | None:
    if len(run) == 1:
        return None
    if _TITLE.fullmatch(run[0].text):
        return "name"
    words = {word.bare for word in run}
    return next((kind for kind, table in _BY_WORD if not table.isdisjoint(words)), None)


def _by_what_it_touches(text: str, run: list[_Word]) -> Kind | None:
    state = cues.STATE_AFTER.match(text, run[-1].end)
    if state and (state["state"] is None or known.is_state(state["state"].lower())):
        return "place"
    if cues.ADDRESS_BEFORE.search(_before(text, run)):
        return "place"
    return "name" if cues.FAMILY_AFTER.match(text, run[-1].end) or _is_quoted(text, run) else None


def _inside_kind(text: str, run: list[_Word]) -> Kind | None:
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


def _opening_kind(text: str, run: list[_Word], *, headline: bool) -> Kind | None:
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


def _joined(run: list[_Word]) -> str:
    return " ".join(word.bare for word in run)


def _before(text: str, run: list[_Word]) -> str:
    return text[max(0, run[0].start - 48) : run[0].start]


def _is_quoted(text: str, run: list[_Word]) -> bool:
    """Whether the run alone stands in quotation marks, as a nickname does."""
    return text[max(0, run[0].start - 1) : run[0].start] in {"“", '"'} and text[run[-1].end : run[-1].end + 1] in {
        "”",
        '"',
    }
