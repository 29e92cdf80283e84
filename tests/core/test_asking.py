"""When a person may be asked: the limits as laws over any history, and each with its own example."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.answers import PROTECTIVE_FIRST, Outcome
from core.asking import BETWEEN_REQUESTS, Barrier, Rule, Wanted, about_the_person, is_same_story, limits, together
from core.model.dates import add_months
from core.model.person import Person
from core.requests import sentence
from core.text import Words
from tests.core.clinic import document
from tests.core.test_answers import CARD, START, asked_about, became, said

MAY, JUNE, JULY = (date(2026, month, 1) for month in (5, 6, 7))
WANTED = Wanted(CARD, "ff" * 32, "The next draft.", (JULY,))


def past(answer, days_ago, *, sessions=(MAY,), draft=None, card=CARD, invites=False, now=START):
    """A question so many days ago, with what became of it two days later; None: still open."""
    at = now - timedelta(days=days_ago)
    asked = asked_about(
        draft or f"A draft of {days_ago} days ago.",
        at,
        card=card,
        sessions=sessions,
        answer_by=(at + timedelta(days=14)).date(),
    )
    closed_at = None if answer is None else at + timedelta(days=2)
    return Outcome(asked, answer, closed_at, invites_another=invites)


def found(history, wanted=WANTED, now=START):
    return {barrier.rule: barrier.until for barrier in limits(history, wanted, now)}


outcomes = st.builds(
    past,
    st.sampled_from([None, *PROTECTIVE_FIRST]),
    st.integers(0, 400),
    sessions=st.sampled_from([(), (MAY,), (JUNE,), (MAY, JULY)]),
    card=st.sampled_from([CARD, "00000000"]),
).map(lambda one: replace(one, invites_another=one.answer == "yes_if_changed"))
histories = st.lists(outcomes, max_size=6)


# --- laws ---------------------------------------------------------------------------------------


@given(histories, st.randoms())
def test_the_order_in_which_a_history_is_read_never_matters(history, random):
    shuffled = random.sample(history, len(history))
    assert set(limits(shuffled, WANTED, START)) == set(limits(history, WANTED, START))


@given(histories)
def test_nobody_is_asked_while_a_question_is_open(history):
    assert ("open" in found(history)) == any(one.answer is None for one in history)


@given(histories)
def test_nobody_is_ever_asked_again_who_said_never(history):
    never = any(one.answer == "no_never_ask" for one in history)
    assert ("never_ask" in found(history)) == never
    assert ("never_ask" in found(history, now=START + timedelta(days=3650))) == never


@given(histories)
def test_two_questions_lie_ninety_days_apart_but_for_one_changed_draft(history):
    newest = max((one.asked.request.issued_at for one in history), default=None)
    recent = newest is not None and newest + BETWEEN_REQUESTS > START
    if not recent:
        assert "too_soon" not in found(history)
    elif not any(one.invites_another for one in history):
        assert found(history)["too_soon"] == newest + BETWEEN_REQUESTS


@given(histories)
def test_a_story_that_got_a_no_is_never_asked_about_again(history):
    told = [one for one in history if one.answer in {"no", "no_never_ask", "taken_back", "silence"}]
    again = any(is_same_story(one.asked, WANTED) for one in told)
    assert ("same_story" in found(history)) == again
    assert ("same_story" in found(history, now=START + timedelta(days=3650))) == again


@given(histories)
def test_two_noes_in_a_row_pause_for_six_months(history):
    closed = [one for one in together(history) if one.answer is not None]
    last_two = closed[-2:]
    noes = len(last_two) == 2 and all(one.answer not in {"yes", "yes_if_changed"} for one in last_two)
    until = add_months(max((one.closed_at for one in last_two), default=START), 6)
    assert ("paused" in found(history)) == (noes and until > START)


@given(histories, outcomes)
def test_one_more_no_never_opens_the_door(history, extra):
    if extra.is_no:
        before = found(history).keys() - {"too_soon"}
        assert before <= found([*history, extra]).keys()


@given(histories)
def test_with_time_only_dated_barriers_fall(history):
    now, later = found(history), found(history, now=START + timedelta(days=400))
    assert {rule for rule, until in now.items() if until is None} == {
        rule for rule, until in later.items() if until is None
    }


# --- examples -----------------------------------------------------------------------------------


def test_somebody_who_was_never_asked_may_be_asked():
    assert limits([], WANTED, START) == ()


def test_ninety_days_are_counted_to_the_second():
    history = [past("yes", 0)]
    until = START + timedelta(days=90)
    assert found(history, now=until - timedelta(seconds=1)) == {"too_soon": until}
    assert found(history, now=until) == {}


def test_a_changed_draft_of_the_same_story_may_follow_once_and_sooner():
    first = past("yes_if_changed", 10, invites=True)
    follow_up = replace(WANTED, sessions=(MAY,))
    assert found([first], follow_up) == {}
    assert "too_soon" in found([first], WANTED)  # another story is no changed draft
    second = past("yes_if_changed", 5, invites=True)
    assert "too_soon" in found([first, second], follow_up)
    much_later = START + timedelta(days=90)
    assert found([first, second], follow_up, much_later) == {}


def test_only_the_newest_answer_invites_a_follow_up():
    wish, follow_up = past("yes_if_changed", 60, invites=True), replace(WANTED, sessions=(MAY,))
    assert found([past("yes", 80), wish], follow_up) == {}
    assert "too_soon" in found([wish, past("yes", 20)], follow_up)
    elsewhere = past("yes_if_changed", 60, sessions=(JUNE,), invites=True)
    assert "too_soon" in found([past("yes", 80), elsewhere], follow_up)
    again = past("yes_if_changed", 5, invites=True)
    assert "too_soon" in found([past("yes", 300), wish, again], follow_up)
    assert found([past("yes_if_changed", 90, invites=True), past("yes_if_changed", 0, invites=True)], follow_up) == {}


def test_two_open_questions_end_with_the_later_one():
    first, second = past(None, 10), past(None, 3)
    assert found([first, second])["open"] == second.asked.request.closes_at


def test_a_wish_for_changes_without_a_key_opens_nothing():
    assert "too_soon" in found([past("yes_if_changed", 10)], replace(WANTED, sessions=(MAY,)))


def test_after_the_ninety_days_a_new_wish_invites_a_follow_up_again():
    history = [past("yes_if_changed", 200, invites=True), past("yes_if_changed", 5, invites=True)]
    assert found(history, replace(WANTED, sessions=(MAY,))) == {}


@pytest.mark.parametrize(
    ("answer", "barred"), [("no", True), ("silence", True), ("taken_back", True), ("not_now", False)]
)
def test_not_now_alone_leaves_the_story_open(answer, barred):
    again = found([past(answer, 300)], replace(WANTED, sessions=(MAY,)))
    assert ("same_story" in again) == barred


def test_the_same_words_are_the_same_story_whatever_day_is_named():
    assert "same_story" in found([past("no", 300, draft=WANTED.draft)])


def test_a_pause_counts_from_the_later_no_and_falls_after_six_months():
    history = [past("not_now", 300), past("silence", 100)]
    until = add_months(START - timedelta(days=98), 6)
    assert found(history) == {"paused": until}
    assert found(history, now=until) == {}


@pytest.mark.parametrize("between", ["yes", "yes_if_changed"])
def test_noes_are_in_a_row_only_with_nothing_between(between):
    assert found([past("no", 300), past(between, 200), past("no", 100)]) == {}


def test_one_draft_on_two_cards_of_one_person_is_one_asking():
    same = {"draft": "One draft.", "now": START}
    first = past(None, 0, **same)
    here = Wanted("00000000", first.asked.request.content_hash, "One draft.", (MAY,))
    assert found([first], here) == {}
    assert set(found([first], replace(here, card=CARD))) == {"open", "too_soon"}
    refused = replace(first, answer="no", closed_at=START)
    assert "same_story" in found([refused], here)
    two = [refused, replace(past("no", 0, card="00000000", **same))]
    assert len(together(two)) == 1
    assert "paused" not in found(two)


def test_a_real_answer_and_a_made_history_agree():
    taken = became([said("yes"), said("no")])
    assert taken.is_no
    assert found([taken], now=START + timedelta(days=200)) == {}


# --- the person ---------------------------------------------------------------------------------


def test_each_state_of_a_person_stands_against_asking():
    well = Person(preferences=document(START, post="ask"), withdrawn=False, hold=False, lapsed=False, refused=())
    assert about_the_person(well, (), START) == ()
    for flag in ("withdrawn", "hold", "lapsed"):
        assert about_the_person(well.model_copy(update={flag: True}), (), START) == (Barrier(flag),)
    assert about_the_person(well, (), START + timedelta(days=400)) == (Barrier("expired"),)
    assert Barrier("no_preferences") in about_the_person(Person(), (), START)
    assert about_the_person(well, ("crisis",), START) == (Barrier("crisis"),)


def test_every_barrier_has_its_sentence():
    dated = {"open", "too_soon", "paused"}
    for group in get_args(Rule):
        for rule in get_args(group) or [group]:
            assert sentence(Words(), Barrier(rule, START if rule in dated else None))
