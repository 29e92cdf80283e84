"""Answers at the edge: each word alone, what is refused and what is not, and tokens the wire would never let in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from core import wire
from core.answers import PROTECTIVE_FIRST, Outcome, refused, takes_back
from core.model.dates import add_months
from core.standing import Held
from tests.core.test_answers import ASKED, HASH, START, YES, asked_about, became, held, said

UNKNOWN = bytes([7]) * 32


def test_an_outcome_that_says_no_more_has_no_note_no_yes_and_invites_nothing():
    bare = Outcome(ASKED, None, None)
    assert (bare.note, bare.grant, bare.given_by, bare.invites_another) == ("", None, (), False)


@pytest.mark.parametrize("answer", [None, *PROTECTIVE_FIRST])
def test_every_word_but_yes_and_a_wish_for_changes_is_a_no(answer):
    noes = {"no_never_ask", "no", "taken_back", "silence", "not_now"}
    assert Outcome(ASKED, answer, None).is_no == (answer in noes)


def test_two_yeses_are_told_in_one_order_however_they_arrived():
    again = said("yes", 48, sequence=2)
    assert became([YES, again]) == became([again, YES])
    assert [token.digest for token in became([YES, again]).given_by] == sorted([YES.digest, again.digest])


def test_what_is_open_or_answered_with_yes_is_not_refused():
    assert refused([became([])], []) == ()
    assert refused([became([YES])], [YES]) == ()
    for word in PROTECTIVE_FIRST[:-1]:
        assert refused([Outcome(ASKED, word, START)], []) == (ASKED.request.content_hash,)


def test_a_stop_refuses_no_draft_by_its_hash_whatever_it_names():
    assert refused([], [held(wire.Withdrawal("everything", UNKNOWN))]) == ()


def test_refused_drafts_are_told_in_order():
    numbers = (9, 3, 7, 1, 8, 2)
    lone = [held(wire.Withdrawal("one_post", bytes([number]) * 32)) for number in numbers]
    assert refused([], lone) == tuple(f"{number:02x}" * 32 for number in sorted(numbers))


def test_a_stop_takes_back_whatever_it_names():
    stop = held(wire.Withdrawal("everything", UNKNOWN), 30)
    assert became([YES, stop]).answer == "taken_back"
    assert takes_back(stop.body, ASKED.request_id, HASH.hex(), YES.body.issued_at) is True
    assert takes_back(stop.body, ASKED.request_id, HASH.hex(), stop.body.issued_at + timedelta(seconds=1)) is False


def test_an_answer_takes_nothing_back():
    assert takes_back(said("no").body, ASKED.request_id, HASH.hex(), START) is False


def test_a_yes_that_is_not_signed_counts_for_nothing_whoever_it_names():
    bare = Held(replace(YES.body, signed=False), YES.digest)
    assert became([bare]).answer is None
    assert became([bare]).grant is None


def test_before_any_yes_only_a_withdrawal_that_names_this_post_stands_against_it():
    for unnamed in (wire.Withdrawal("one_post"), wire.Withdrawal("everything", UNKNOWN)):
        assert became([held(unnamed, 30)]).answer is None
    assert became([held(wire.Withdrawal("one_post", HASH), 30)]).answer == "taken_back"
    assert became([held(wire.Withdrawal("one_post", HASH), -30)]).answer == "taken_back"


def test_a_no_from_the_card_alone_counts_from_the_very_second_of_the_question():
    assert became([held(wire.Answer(bytes(32), "no"), 0, by=None)]).answer == "no"


def test_notes_are_told_a_line_each_and_empty_ones_not_at_all():
    first, second = said("no", note="the town"), said("no", 25, note="the year")
    told = became([first, second, said("no", 26)]).note.split("\n")
    assert sorted(told) == ["the town", "the year"]
    assert became([YES]).note == ""


def test_of_two_yeses_the_later_starts_the_wait_and_the_earlier_the_end():
    far = asked_about(take_down_on=date(2030, 1, 1))
    ends = datetime(2029, 1, 1, tzinfo=UTC)
    early, late = (said("yes", hours, asked=far, expires_at=ends) for hours in (24, 48))
    grant = became([early, late], now=START + timedelta(days=3), asked=far).grant
    assert grant.ready_at == late.body.issued_at + timedelta(days=7)
    assert grant.expires_at == add_months(early.body.issued_at, 12)
