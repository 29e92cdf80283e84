"""Where a card stands, at the edge: one order whatever came first, a plain no, and words that changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest

from core import wire
from core.standing import Held, stand, words_changed
from core.text import notice_hash
from tests.core.clinic import NOW
from tests.core.test_standing import ALICE, MALLORY, NEW_PHONE, STOP, held

STRANGERS = tuple(held({"post": "ask"}, by=key) for key in (MALLORY, NEW_PHONE))


def test_everything_is_told_in_one_order_however_it_arrived():
    tied = [held({"post": treatment}, by=ALICE) for treatment in ("ask", "composite", "never")]
    whole = stand([*tied, *STRANGERS], ALICE)
    assert len(whole.in_force) == 3
    assert len(whole.holds) == 2
    for arrived in permutations([*tied, *STRANGERS]):
        assert stand(arrived, ALICE) == whole
    assert list(whole.pending_keys) == sorted([MALLORY, NEW_PHONE])
    assert [one.digest for one in whole.in_force] == sorted(one.digest for one in tied)
    assert [one.token.digest for one in whole.holds] == sorted(one.digest for one in STRANGERS)


@pytest.mark.parametrize(
    ("arrived", "key"),
    [
        ([], ALICE),
        ([held({"post": "ask"}, by=ALICE)], None),
        ([held({"post": "ask"}, by=ALICE), held(STOP, 1, by=ALICE)], ALICE),
        ([held({"post": "ask"}, by=ALICE), held(STOP, 1)], ALICE),
        ([held({"post": "never"}, by=ALICE)], ALICE),
    ],
    ids=["nothing", "not compared", "stopped", "held", "a no"],
)
def test_what_permits_nothing_says_so_plainly(arrived, key):
    assert stand(arrived, key).permits_something(NOW + timedelta(hours=2)) is False


def test_what_permits_something_says_so_until_its_end():
    [token] = [held({"post": "ask"}, by=ALICE)]
    ends = token.body.expires_at
    assert stand([token], ALICE).permits_something(ends - timedelta(seconds=1)) is True
    assert stand([token], ALICE).permits_something(ends) is False


def test_a_signed_stop_withdraws_and_a_bare_one_only_holds():
    choices = held({"post": "ask"}, by=ALICE)
    signed, bare = stand([choices, held(STOP, 1, by=ALICE)], ALICE), stand([choices, held(STOP, 1)], ALICE)
    assert (signed.withdrawn, signed.on_hold) == (True, False)
    assert (bare.withdrawn, [hold.reason for hold in bare.holds]) == (False, ["unsigned_stop"])


def test_a_stop_without_a_signature_withdraws_nothing_whoever_it_names():
    token = held(STOP, 1, by=ALICE)
    forged = Held(replace(token.body, signed=False), token.digest)
    assert not stand([held({"post": "ask"}, by=ALICE), forged], ALICE).withdrawn


def test_choices_without_a_signature_are_never_in_force_whoever_they_name():
    token = held({"post": "ask"}, by=ALICE)
    forged = Held(replace(token.body, signed=False), token.digest)
    assert stand([forged], ALICE).in_force == ()


@pytest.mark.parametrize("content", [wire.Answer(bytes(32), "no"), wire.Withdrawal("one_post", bytes(32))], ids=str)
def test_what_is_about_one_post_holds_nothing_back_without_a_signature(content):
    whole = stand([held({"post": "ask"}, by=ALICE), held(content, 1)], ALICE)
    assert (whole.holds, whole.withdrawn) == ((), False)


def test_choices_that_name_the_sixteen_bytes_before_them_miss_nothing():
    first = held({"post": "ask"}, by=ALICE)
    then = held({"post": "never"}, 1, by=ALICE, sequence=2, previous=first.digest[:16])
    assert not stand([first, then], ALICE).choice_missing
    assert stand([then], ALICE).choice_missing
    assert not stand([first], ALICE).choice_missing


def test_words_that_changed_end_a_yes_and_leave_a_no():
    current = held({"post": "ask"}, by=ALICE)
    assert words_changed(current)  # under a notice that nobody knows
    assert not words_changed(Held(replace(current.body, notice=notice_hash("en")), current.digest))
    assert not words_changed(held({"post": "never"}, by=ALICE))


def test_what_is_in_force_from_before_a_restore_holds_until_it_is_proved():
    first, then = held({"post": "ask"}, by=ALICE), held({"post": "composite"}, 1, by=ALICE)
    whole = stand([first, then], ALICE, {then.digest})
    assert [(hold.reason, hold.token) for hold in whole.holds] == [("restored", then)]
    assert whole.in_force == (then,)
    assert stand([first, then], ALICE, {first.digest}).holds == ()


def test_choices_under_a_first_key_are_there_to_be_shown():
    token = held({"post": "ask"}, by=ALICE)
    assert stand([token], None).in_force == (token,)


def test_one_choice_that_never_arrived_is_missed_at_a_tie_too_and_by_any_of_its_bytes():
    lost = bytes(15) + b"\1"
    names_it, names_none = (held({"post": "ask"}, by=ALICE, previous=previous) for previous in (lost, bytes(16)))
    assert stand([names_it], ALICE).choice_missing
    assert len(stand([names_it, names_none], ALICE).in_force) == 2
    assert stand([names_it, names_none], ALICE).choice_missing
    assert not stand([names_none], ALICE).choice_missing
