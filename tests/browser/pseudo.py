"""Two made-up languages, made from the English as it stands: long, accented words, and words from right to left.

They have codes of real languages, ``eo`` and ``he``, so that Babel knows how these run and writes their dates.

``speak`` puts them in where the words are read, next to the real ones. Only tests do.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from core import text

LONG, MIRRORED = "eo", "he"
ALL = (*text.LANGUAGES, *({"es"} - set(text.LANGUAGES)), LONG, MIRRORED)

_ACCENTED = str.maketrans("AEIOUaeiouCDGHJLNRSTYZcdghjlnrstyz", "ÅÉÎÖÛåéîöûÇĎĜĤĴĽÑŘŠŤÝŽçďĝĥĵľñřšťýž")
_HEBREW = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", "אבגדהוזחטיכלמנסעפצקרשתךםןףאבגדהוזחטיכלמנסעפצקרשתךםןף"
)
#: A vowel twice: more than a third longer, and no word loses its shape.
_VOWELS = re.compile(r"([aeiou])")
#: What is no word: a place to be filled, a tag, an address, and what people are told to look for as it is.
_KEPT = re.compile(r"(\{\w+\}|<[^>]+>|https?://\S+|SAYSO1)")


def accented(english: str) -> str:
    """Return long, accented words for these."""
    return _changed(english, lambda part: _VOWELS.sub(r"\1\1", part).translate(_ACCENTED))


def mirrored(english: str) -> str:
    """Return words that run from right to left for these."""
    return _changed(english, lambda part: part.translate(_HEBREW))


def speak() -> None:
    """Let this process know both languages, whatever it has read so far."""
    if LONG in text.LANGUAGES:
        return
    text.LANGUAGES = ALL
    real, made = text._strings, {LONG: accented, MIRRORED: mirrored}

    @cache
    def strings(language: str) -> dict[str, str]:
        if language not in made:
            return real(language)
        return {key: made[language](english) for key, english in real("en").items()}

    text._strings = strings


def _changed(english: str, change: Callable[[str], str]) -> str:
    return "".join(part if _KEPT.fullmatch(part) else change(part) for part in _KEPT.split(english))
