"""Whatever happens, in whatever order: nothing is ever allowed without a live document, and a live yes where asked.

A whole practice is played at random, through the real store (``play``), and every verdict is held against a plain
account of what each client said (``word``): it is allowed exactly when nothing there stands against it.
"""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from core import knowing, posting
from core.errors import ClockBehind
from core.take_downs import take_downs
from tests.core.play import Practice
from tests.core.word import DAY


def test_nothing_is_allowed_without_a_live_word_of_everybody_in_it(practice_file):
    Practice.original, Practice.allowed = practice_file, 0
    run_state_machine_as_test(
        Practice,
        settings=settings(
            max_examples=25, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )


@pytest.fixture
def play(practice_file):
    Practice.original = practice_file
    made = Practice()
    made.open_the_practice()
    yield made
    made.teardown()


def verdict(play, piece):
    return knowing.judge(play.clinic.vault, play.pieces[piece].draft.post, play.now).answer


@pytest.mark.parametrize("piece", range(3), ids=["one person", "a couple", "a composite"])
def test_the_play_does_reach_what_is_allowed_and_what_comes_down(play, piece):
    play.everyone_in_it_is_willing(piece)
    play.is_judged(piece)
    play.a_question_is_answered_with_yes(piece)
    assert verdict(play, piece) == "allowed"
    play.is_judged(piece)
    play.is_posted(piece)
    assert len(posting.published(play.clinic.vault)) == 1
    assert take_downs(play.clinic.vault, play.now) == []

    play.stops(1 if piece == 1 else 0, signed=False)
    play.everything_waiting_is_imported()
    assert verdict(play, piece) == "no"
    play.is_judged(piece)
    play.what_was_taken_back_has_to_come_down()
    assert [task.piece.id for task in take_downs(play.clinic.vault, play.now)] == [play.pieces[piece].id]


def test_a_clock_that_is_set_back_gives_no_yes_early(play):
    play.everyone_in_it_is_willing(0)
    play.a_question_is_answered_with_yes(0)
    assert verdict(play, 0) == "allowed"
    play.the_clock_is_set_back(play.now - play.account.questions[0].since)
    assert verdict(play, 0) == "ask"
    play.is_judged(0)


def test_a_clock_that_is_set_back_brings_no_yes_back_that_ended(play):
    play.everyone_in_it_is_willing(0, "disguised")
    assert verdict(play, 0) == "allowed"
    then = play.now
    play.time_passes(200, 1)
    assert verdict(play, 0) == "no"
    play.stops(3, signed=False)
    play.everything_waiting_is_imported()
    play.the_clock_is_set_back(play.now - then)
    play.is_judged(0)
    with pytest.raises(ClockBehind, match="Set the clock right"):
        verdict(play, 0)
    play.is_posted(0)
    assert posting.published(play.clinic.vault) == []
    play.time_passes(0, 1)
    with pytest.raises(ClockBehind):
        verdict(play, 0)


def test_a_clock_that_was_behind_and_is_right_again_changes_nothing(play):
    play.everyone_in_it_is_willing(0, "disguised")
    play.the_clock_is_set_back(DAY)
    with pytest.raises(ClockBehind):
        verdict(play, 0)
    play.time_passes(1, 1)
    assert verdict(play, 0) == "allowed"
    play.is_judged(0)
