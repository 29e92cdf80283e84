"""Words of a draft, with where sentences begin, and the runs of capitals that may be a name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from core.deidentify import english, known

_WORD = re.compile(r"[^\W\d_](?:[\w'-]*\w)?\.?|\d[\w.,:/-]*")
_SENTENCE_END = re.compile(r"(?:^|[.!?…:;]|\n)[\s\"“”'(\[*•#>\d./-]*$|[\"“(\[]$")
TITLE = re.compile(rf"(?:{'|'.join(english.TITLES)})\.?")
INITIAL = re.compile(r"[^\W\d_]\.")
#: Small words inside a name: "University of Vermont", "Ana de la Cruz", "Hal's Bait and Tackle".
_JOINERS = frozenset(
    {"of", "de", "la", "las", "los", "del", "da", "dos", "van", "von", "der", "den", "bin", "al", "el", "y", "and"}
)


@dataclass(frozen=True, slots=True)
class Word:
    """One word and its place; ``opens``: it begins a sentence, a line or a quotation, so its capital tells nothing."""

    text: str
    start: int
    end: int
    opens: bool

    @property
    def capital(self) -> bool:
        """Whether it begins with a capital."""
        return self.text[0].isupper()

    @property
    def bare(self) -> str:
        """The word without its possessive or full stop, in lower case."""
        return self.text.rstrip(".").removesuffix("'s").removesuffix("'").lower()


def sentences(text: str) -> Iterator[list[Word]]:
    """Yield the words of each sentence."""
    words: list[Word] = []
    for match in _WORD.finditer(text):
        word, start, end = match[0], *match.span()
        if word.endswith(".") and not (TITLE.fullmatch(word) or INITIAL.fullmatch(word) or word in {"St.", "Mt."}):
            word, end = word[:-1], end - 1
        opens = _opens(text, start) and not (words and words[-1].text.endswith(".") and text[start - 2 : start] == ". ")
        if opens and words and re.search(r"[.!?…\n]", text[words[-1].end : start]):
            yield words
            words = []
        words.append(Word(word, start, end, opens))
    if words:
        yield words


def _opens(text: str, start: int) -> bool:
    """Whether a sentence, a line or a quotation begins at ``start``."""
    if start == 0:
        return True
    # Most words follow a word: no need to look further.
    if text[start - 1] == " " and text[max(0, start - 2)].isalnum():
        return False
    return bool(_SENTENCE_END.search(text[max(0, start - 12) : start]))


def is_headline(sentence: list[Word]) -> bool:
    """Whether nearly every longer word has a capital, so that a capital tells nothing."""
    long = [word for word in sentence if len(word.text) > 3]
    return len(long) >= 3 and sum(word.capital for word in long) >= 0.75 * len(long)


def runs(text: str, sentence: list[Word]) -> Iterator[list[Word]]:
    """Words with capitals side by side, small words between them allowed, words that are no names left out."""
    run: list[Word] = []
    joiners: list[Word] = []
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


def _may_name(word: Word, *, beside: bool) -> bool:
    if not word.capital:
        return False
    if word.bare in english.OPENERS and not beside and (word.opens or word.bare not in english.EVERYDAY_NAMES):
        return False
    if beside and word.bare in english.IN_A_NAME:
        return True
    return word.bare not in english.NOT_A_NAME or bool(TITLE.fullmatch(word.text)) or known.is_state(word.bare)
