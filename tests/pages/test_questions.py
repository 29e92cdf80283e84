"""The four questions: a miss explains it in another way and asks again; after two misses a person is offered."""

from __future__ import annotations

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from core.drafts import QUESTIONS, Draft
from core.text import Words
from tests.pages.conftest import BROWSER, Practised, shown, titles
from tests.pages.own import tap

WORDS = Words()
#: To each question an answer that is not right.
WRONG = {"care": "price", "stop": "gone", "guess": "no", "silence": "later"}


@pytest.fixture
def asked(practised: Practised, page):
    """Open the questions with a place that may be told when it is changed."""

    def run(treatment: str = "disguised") -> AppTest:
        card = practised.scan()
        practised.draft(replace(Draft(card.code), way="each", channels={"video": treatment}, term_months=3))
        at = page("questions")
        at._page_hash = ""
        return at

    return run


def answer(at: AppTest, misses: int, **answers: str) -> AppTest:
    for question, said in answers.items():
        at.radio(key=f"question-{question}-{misses}").set_value(said)
    return tap(at, "onward")


def test_all_four_are_asked_with_nothing_chosen(asked) -> None:
    at = asked()
    assert [(radio.label, radio.value) for radio in at.radio] == [
        (WORDS(f"questions.{one}"), None) for one in QUESTIONS
    ]


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_miss_says_it_in_other_words_and_asks_only_that_again(asked, practised, question) -> None:
    at = answer(asked(), 0, **{**QUESTIONS, question: WRONG[question]})
    assert [warning.value for warning in at.warning] == [WORDS(f"questions.{question}.again")]
    assert [(radio.key, radio.value) for radio in at.radio] == [(f"question-{question}-1", None)]
    # Nobody is told that they were wrong, and the rest is said to be right.
    assert "wrong" not in shown(at).lower()
    assert shown(at).count(WORDS("questions.right")) == len(QUESTIONS) - 1
    assert titles(answer(at, 1, **{question: QUESTIONS[question]})) == [WORDS("check.title")]
    assert practised.portal.drafts.get(BROWSER).understood


@pytest.mark.parametrize("question", QUESTIONS)
def test_two_misses_offer_a_person_and_leave_never_and_ask(asked, practised, question) -> None:
    at = answer(asked(), 0, **{**QUESTIONS, question: WRONG[question]})
    answer(at, 1, **{question: WRONG[question]})
    assert WORDS("questions.person") in shown(at)
    assert not at.radio
    tap(at, "onward")
    assert titles(at) == [WORDS("choose.title")]
    labels = [WORDS(f"treatment.{one}.label") for one in ("never", "ask", "undecided")]
    assert at.radio(key="channel-video").options == labels
    assert not practised.portal.drafts.get(BROWSER).understood


def test_after_two_misses_what_was_chosen_before_can_not_be_saved(asked, page) -> None:
    at = answer(asked(), 0, **{**QUESTIONS, "guess": "no"})
    answer(at, 1, guess="no")
    at = page("check")
    assert [error.value for error in at.error] == [WORDS("check.missing.understood")]
    assert "save" not in [button.key for button in at.button]


def test_after_two_misses_ask_each_time_can_be_saved(asked) -> None:
    at = answer(asked(), 0, **{**QUESTIONS, "guess": "no"})
    tap(answer(at, 1, guess="no"), "onward")
    at.radio(key="channel-video").set_value("ask").run()
    tap(at, "onward")
    at.checkbox(key="material-story").check().run()
    assert titles(tap(at, "onward")) == [WORDS("check.title")]
    at.checkbox(key="own").check().run()
    assert titles(tap(at, "save")) == [WORDS("done.title")]


def test_an_open_question_holds_the_way_on_and_keeps_the_rest(asked) -> None:
    at = answer(asked(), 0, care="nothing")
    assert len(at.error) == 1
    assert WORDS("questions.answer_all") in at.error[0].value
    assert at.radio(key="question-care-0").value == "nothing"
