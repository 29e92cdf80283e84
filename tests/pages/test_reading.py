"""Whole screens of a client read easily: what stands on each, in its main states, in every language."""

from __future__ import annotations

import pytest
from textstat import textstat

from core import text
from tests.pages.screens import Screen, screens

#: Grade 6 or lower in English; Fernández Huerta 70 or more in Spanish (shared by all who measure it).
WORDS_ENOUGH = 100


def hardness(language: str, prose: str) -> float:
    """How far a text is above what is allowed; zero or less is well."""
    textstat.set_lang(language)
    try:
        if language == "es":
            return 70 - float(textstat.fernandez_huerta(prose))
        return float(textstat.flesch_kincaid_grade(prose)) - 6
    finally:
        textstat.set_lang("en")


@pytest.fixture(params=text.LANGUAGES)
def read(request, practised, page) -> tuple[str, dict[str, Screen]]:
    """A language, and every screen in it."""
    return request.param, screens(practised, page, request.param)


def test_every_whole_screen_of_a_hundred_words_or_more_reads_easily(read) -> None:
    language, found = read
    long = {name: screen.prose for name, screen in found.items() if len(screen.prose.split()) >= WORDS_ENOUGH}
    assert {"welcome", "explain", "limits", "check-yes", "mine-posted", "answer"} <= long.keys()
    assert {name: hardness(language, prose) for name, prose in long.items() if hardness(language, prose) > 0} == {}


def test_nothing_a_client_taps_is_longer_than_eleven_words(read) -> None:
    _, found = read
    tapped = {
        (screen.name, label)
        for screen in found.values()
        for label in (
            *screen.buttons,
            *(label for _, label, _ in screen.ticks),
            *(option for choice in screen.choices for option in choice.options),
        )
    }
    assert len(tapped) > 100
    # The end of one says when it is asked about; what is ticked stands before it.
    assert {label for _, label in tapped if len(label.partition(" (")[0].split()) > 11} == set()
