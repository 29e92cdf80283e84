"""What went wrong, in another language: sentences that stand in the code in English, found by their English.

The catalogue ``errors`` is made from the code by ``tools/words.py``, so that no sentence is typed twice: a failure's
docstring under ``error.<its id>``, any other under ``problem.<its first words>``. Where a sentence has places, what
stands in them is read back from the finished sentence.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter


@dataclass(frozen=True, slots=True)
class Pattern:
    """One sentence. ``finished`` matches it with its places filled, and ``letters`` of it are its own."""

    finished: re.Pattern[str]
    letters: int
    translation: str


def patterns(english: Mapping[str, str], translated: Mapping[str, str]) -> list[Pattern]:
    """Return how to find each sentence that has a translation. The one with the most letters of its own comes first."""
    made = [_pattern(text, translated[key]) for key, text in english.items() if translated[key] != text]
    return sorted((one for one in made if one.letters), key=lambda one: -one.letters)


def in_words(sentence: str, known: list[Pattern]) -> str:
    """Return a finished sentence in the language of ``known``, or as it is where it is not known."""
    for one in known:
        found = one.finished.fullmatch(sentence)
        if found:
            places = {name: in_words(value, known) for name, value in found.groupdict().items()}
            return one.translation.format(**places)
    return sentence


def _pattern(text: str, translation: str) -> Pattern:
    parts, letters, seen = [], 0, set[str]()
    for literal, name, _, _ in Formatter().parse(text):
        parts.append(re.escape(literal))
        letters += len(literal)
        if name is not None:
            parts.append(f"(?P={name})" if name in seen else f"(?P<{name}>.+)")
            seen.add(name)
    return Pattern(re.compile("".join(parts), re.DOTALL), letters, translation)
