"""Which language a reader gets: picked, else of the card, else of the phone, else English."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import language, text
from core.text import Words


@pytest.fixture(autouse=True)
def _two_languages(monkeypatch) -> None:
    monkeypatch.setattr(text, "LANGUAGES", ("en", "es"))


@pytest.mark.parametrize(
    ("picked", "card", "phone", "expected"),
    [
        ("es", "en", "en", "es"),
        ("en", "es", "es", "en"),
        ("", "es", "en", "es"),
        ("", "en", "es", "en"),
        ("", "", "es", "es"),
        ("", "", "de", "en"),
        ("", "", "", "en"),
        ("fr", "es", "en", "es"),
        ("", "fr", "es", "es"),
    ],
)
def test_a_pick_comes_before_the_card_and_the_card_before_the_phone(picked, card, phone, expected) -> None:
    assert language.chosen(picked, card, phone) == expected


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("es", "es"),
        ("es-MX,es;q=0.9,en;q=0.8", "es"),
        ("ES-419", "es"),
        ("en-US,en;q=0.9,es;q=0.8", "en"),
        ("en;q=0.2, es;q=0.9", "es"),
        ("fr-FR,fr;q=0.9,es;q=0.5", "es"),
        ("es;q=0, en;q=0.1", "en"),
        ("es-Latn-MX", "es"),
        ("*", "en"),
        (";;;,,q=1", "en"),
        ("es;q=lots", "en"),
        ("x" * 10_000, "en"),
    ],
)
def test_a_phone_gets_what_it_asks_for_most_of_what_there_is(header, expected) -> None:
    assert language.of_phone(header) == expected


@given(st.text(max_size=600))
def test_whatever_a_phone_says_it_gets_a_language_there_is(header) -> None:
    assert language.of_phone(header) in text.LANGUAGES


def test_each_language_is_named_in_its_own_words() -> None:
    assert language.names() == [("en", "English"), ("es", "Español")]


def test_a_language_knows_how_it_runs() -> None:
    assert {Words(name).direction for name in text.LANGUAGES} == {"ltr"}
