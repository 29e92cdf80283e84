"""Help where a question comes up: what is asked there, and the answer in a few sentences.

A screen shows it closed, below what it is about. Nothing here opens by itself or stands before a no.
"""

from __future__ import annotations

from dataclasses import dataclass

from core import seal
from core.store.practice import Therapist
from core.text import Words

#: Each question a client may have: its label and its answer, by key.
_ANSWERS: dict[str, tuple[str, ...]] = {
    "what": ("help.what.label", "help.what.page", "help.what.care"),
    "who": ("help.who.label", "help.who.sealed", "help.who.computer", "help.who.phone"),
    "answer": ("help.who.label", "help.who.answer", "help.who.computer", "help.who.phone"),
    "talk": ("help.talk.label", "help.talk.time", "help.talk.with"),
    "words": ("help.words.label", "notice.mixed", "notice.changed", "notice.asked", "notice.fail"),
    "real": ("welcome.real", "welcome.real.words", "welcome.real.differ", "welcome.real.never"),
    "saw": (
        "help.saw.label",
        "help.saw.proof",
        "help.saw.note",
        "help.saw.practice",
        "help.saw.stop",
        "help.saw.others",
        "help.saw.person",
    ),
}
#: What is said first where a page lists the posts itself.
_LISTED = "help.saw.listed"


@dataclass(frozen=True)
class Help:
    """One question with its answer. ``check_words`` stand after the first sentence; most answers have none."""

    name: str
    label: str
    sentences: tuple[str, ...]
    check_words: tuple[str, ...] = ()


def answers(
    names: tuple[str, ...], words: Words, therapist: Therapist, card_language: str, *, posts_listed: bool = False
) -> tuple[Help, ...]:
    """Return the questions ``names`` with their answers, as text that is not escaped yet.

    ``card_language``: of the four words on the card. ``posts_listed``: the page around lists the posts with this
    client in them. Raises ``KeyError`` for a question there is no answer to.
    """
    found = []
    for name in names:
        label, *sentences = (words(key, therapist=therapist.name) for key in _keys(name, posts_listed=posts_listed))
        found.append(Help(name, label, tuple(sentences), _four(therapist, card_language) if name == "real" else ()))
    return tuple(found)


def _keys(name: str, *, posts_listed: bool) -> tuple[str, ...]:
    label, *keys = _ANSWERS[name]
    if name == "saw" and posts_listed:
        keys.insert(1, _LISTED)
    return label, *keys


def _four(therapist: Therapist, language: str) -> tuple[str, ...]:
    return seal.check_words(therapist.sealing_public, therapist.signing_public, language)
