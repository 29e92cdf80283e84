"""What went wrong is said in the reader's language, although its English stands in the code."""

from __future__ import annotations

from inspect import getmembers, isclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import errors, text
from core.errors import BadInput, LogBroken, Malformed, SaysoError, StubBlocked, TooManyTries
from core.text import Words
from tests.test_texts import ENGLISH, catalogues, placeholders
from tools import words as tool

KINDS = [kind for _, kind in getmembers(errors, isclass) if issubclass(kind, SaysoError) and kind is not BadInput]
SAID = tool.sentences()


@pytest.fixture
def spanish(monkeypatch) -> Words:
    monkeypatch.setattr(text, "LANGUAGES", ("en", "es"))
    return Words("es")


def test_the_template_says_what_the_code_says() -> None:
    """Where it does not, ``make words`` brings it up to date."""
    assert catalogues()["errors"] == SAID


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.id)
def test_every_failure_is_said_in_spanish_with_what_it_names(spanish, kind) -> None:
    details = {name: f"<{name}>" for name in placeholders(str(kind.__doc__))}
    said = spanish.problem(kind(**details))
    assert said != kind(**details).sentence
    assert all(value in said for value in details.values())


@pytest.mark.parametrize("key", [key for key in SAID if key.startswith("problem.")])
def test_every_other_sentence_of_the_code_is_found_by_its_english(spanish, key) -> None:
    values = dict.fromkeys(placeholders(SAID[key]), "17")
    expected = spanish(key, **values)
    assert expected != SAID[key].format(**values)
    assert spanish.problem(BadInput(problem=SAID[key].format(**values))) == expected


def test_what_stands_in_a_place_is_said_in_spanish_too(spanish) -> None:
    part = "There is no such card."
    whole = f"{part} Type the code on the card, or the number on its stub."
    said = spanish.problem(BadInput(problem=whole))
    assert said.startswith(spanish.problem(part))
    assert spanish.problem(part) != part
    fault = "its kind is unknown"
    assert spanish.problem(fault) in spanish.problem(Malformed(problem=fault))
    assert fault not in spanish.problem(Malformed(problem=fault))


def test_a_sentence_that_was_kept_is_said_in_the_language_of_who_reads_it_later(spanish) -> None:
    for error in (TooManyTries(minutes=7), StubBlocked(number=12), LogBroken(first=3, report={"head": "x"})):
        assert spanish.problem(error.sentence) == spanish.problem(error)


def test_a_name_that_looks_like_a_place_changes_nothing(spanish) -> None:
    assert "{number}" in spanish.problem("There is no card number {number}. Check the number on the stub.")


@given(st.text())
def test_what_is_not_known_stays_as_it_is(said) -> None:
    assert Words("en").problem(said) == said
    assert Words("en").problem(BadInput(problem=said)) == BadInput(problem=said).sentence


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.id)
def test_in_english_a_failure_says_its_own_sentence(kind) -> None:
    error = kind(**{name: f"<{name}>" for name in placeholders(str(kind.__doc__))})
    assert Words("en").problem(error) == error.sentence


def test_the_failures_are_among_the_words_people_read() -> None:
    assert set(SAID) <= set(ENGLISH)
