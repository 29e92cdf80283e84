"""The laws of "which document is in force": whatever arrives, in whatever order."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core import wire
from core.keys import ClientKeys
from core.standing import Held, choices_of, stand
from tests.core.clinic import NOW, document

ALICE, MALLORY, NEW_PHONE = (ClientKeys(bytes([n]) * 16).signing_public for n in (1, 2, 3))
DOCUMENTS = (
    {},
    {"post": "ask"},
    {"post": "composite", "video": "undecided"},
    {"post": "disguised", "topics": ("work",), "therapy": "during"},
)


def held(content, at=0, *, by=None, sequence=1, paper=False, previous=bytes(16)):
    """A token ``at`` hours after the start, signed ``by`` a key or by nobody."""
    issued_at = NOW + timedelta(hours=at)
    if isinstance(content, dict):
        content = wire.Choices(document(issued_at, **content))
    expires_at = content.preferences.expires_at if isinstance(content, wire.Choices) else None
    body = wire.Body(
        content=content,
        card="K7QM2XPF",
        issued_at=issued_at,
        expires_at=expires_at,
        sequence=sequence,
        notice=bytes(8),
        language="en",
        signed=by is not None,
        paper=paper,
        client_key=by or bytes(32),
        previous=previous,
    )
    return Held(body, sha256(repr((body, by)).encode()).digest())


STOP = wire.Withdrawal("everything")
contents = st.one_of(
    st.sampled_from(DOCUMENTS),
    st.just(STOP),
    st.just(wire.Withdrawal("one_post", bytes(32))),
    st.builds(wire.Answer, st.just(bytes(32)), st.sampled_from(["no", "not_now", "no_never_ask"])),
)
# Few moments, sequences and keys, so that ties and clashes are the rule.
keys = st.sampled_from([ALICE, MALLORY, NEW_PHONE])
tokens = st.builds(
    held,
    contents,
    st.integers(0, 4),
    by=st.one_of(st.none(), keys),
    sequence=st.integers(1, 2),
)
many = st.lists(tokens, max_size=8)
confirmed_keys = st.one_of(st.none(), keys)


def digests(found):
    """The hashes of tokens, or of the tokens that hold."""
    return {getattr(one, "token", one).digest for one in found}


def is_signed_document(token, key):
    return token.body.signed and token.body.client_key == key and token.body.kind == "preferences"


# --- laws ---------------------------------------------------------------------------------------


@given(many, confirmed_keys, st.randoms())
def test_the_order_of_imports_never_matters(arrived, key, random):
    shuffled = random.sample(arrived, len(arrived))
    assert stand(shuffled, key) == stand(arrived, key)


@given(many, confirmed_keys)
def test_importing_twice_changes_nothing(arrived, key):
    assert stand(arrived + arrived, key) == stand(arrived, key)


@given(many, confirmed_keys, tokens)
def test_nothing_unsigned_or_under_another_key_ever_loosens(arrived, key, extra):
    assume(not extra.body.signed or extra.body.client_key != key)
    before, after = stand(arrived, key), stand([*arrived, extra], key)
    assert digests(before.holds) <= digests(after.holds)
    assert after.withdrawn >= before.withdrawn
    assert before.permits_something(NOW) >= after.permits_something(NOW)


@given(many, keys, tokens)
def test_nothing_unsigned_or_under_another_key_changes_the_document_in_force(arrived, key, extra):
    assume(not extra.body.signed or extra.body.client_key != key)
    assert stand([*arrived, extra], key).in_force == stand(arrived, key).in_force


@given(many, confirmed_keys, tokens)
def test_only_later_signed_choices_under_the_confirmed_key_lift(arrived, key, extra):
    before, after = stand(arrived, key), stand([*arrived, extra], key)
    lifted = [hold for hold in before.holds if hold.token.digest not in digests(after.holds)]
    stops = [t for t in arrived if t.body.content == STOP and t.body.signed and t.body.client_key == key]
    if lifted or before.withdrawn > after.withdrawn:
        assert is_signed_document(extra, key)
        assert all(extra.body.issued_at > hold.token.body.issued_at for hold in lifted)
        if not after.withdrawn:
            assert all(extra.body.issued_at > stop.body.issued_at for stop in stops)


@given(many, keys, st.sampled_from(DOCUMENTS))
def test_signed_choices_later_than_everything_lift_everything(arrived, key, choices):
    newest = held(choices, 5, by=key)
    standing = stand([*arrived, newest], key)
    assert standing.in_force == (newest,)
    assert not standing.on_hold
    assert not standing.withdrawn


@given(many, confirmed_keys, st.one_of(st.none(), keys), st.integers(0, 4))
def test_a_stop_stands_against_every_yes_that_is_not_later(arrived, key, stopped_by, at):
    early = [t for t in arrived if t.body.issued_at <= NOW + timedelta(hours=at)]
    standing = stand([*early, held(STOP, at, by=stopped_by)], key)
    assert standing.withdrawn or standing.on_hold
    assert not standing.permits_something(NOW)


@given(many, keys)
def test_in_force_is_the_newest_under_the_confirmed_key_and_every_one_that_ties_with_it(arrived, key):
    own = [t for t in arrived if is_signed_document(t, key)]
    newest = max(((t.body.issued_at, t.body.sequence) for t in own), default=None)
    expected = [t for t in own if (t.body.issued_at, t.body.sequence) == newest]
    assert digests(stand(arrived, key).in_force) == digests(expected)


@given(many)
def test_while_no_key_is_confirmed_every_key_waits_and_nothing_is_permitted(arrived):
    standing = stand(arrived, None)
    assert set(standing.pending_keys) == {t.body.client_key for t in arrived if t.body.signed}
    assert not standing.permits_something(NOW)


@given(many, keys)
def test_a_key_that_waits_is_never_the_confirmed_one(arrived, key):
    assert key not in stand(arrived, key).pending_keys


@given(many, keys, st.integers(0, 4))
def test_answers_and_single_withdrawals_under_the_confirmed_key_neither_hold_nor_lift(arrived, key, at):
    answer = held(wire.Answer(bytes(32), "no"), at, by=key)
    one_post = held(wire.Withdrawal("one_post", bytes(32)), at, by=key)
    assert stand([*arrived, answer, one_post], key) == stand(arrived, key)


@given(many, keys)
def test_what_is_permitted_rests_on_live_signed_choices_under_the_confirmed_key(arrived, key):
    standing = stand(arrived, key)
    if standing.permits_something(NOW):
        assert standing.in_force
        assert all(is_signed_document(t, key) and choices_of(t).has_yes for t in standing.in_force)


# --- examples -----------------------------------------------------------------------------------


def test_nothing_is_known_of_a_card_without_tokens():
    standing = stand([], None)
    assert (standing.in_force, standing.holds, standing.withdrawn) == ((), (), False)
    assert not standing.permits_something(NOW)


def test_a_first_key_is_a_hold_until_it_is_confirmed():
    first = held({"post": "ask"}, by=ALICE)
    assert [hold.reason for hold in stand([first], None).holds] == ["first_key"]
    assert stand([first], ALICE).permits_something(NOW)


def test_a_token_under_another_key_is_a_hold_and_its_choices_are_not_in_force():
    mine, other = held({"post": "ask"}, by=ALICE), held({"post": "disguised"}, 1, by=MALLORY)
    standing = stand([mine, other], ALICE)
    assert [hold.reason for hold in standing.holds] == ["other_key"]
    assert standing.in_force == (mine,)
    assert standing.pending_keys == (MALLORY,)


def test_confirming_a_new_key_replaces_the_one_before():
    old, new = held({"post": "disguised"}, by=ALICE), held({"post": "ask"}, 1, by=NEW_PHONE)
    standing = stand([old, new], NEW_PHONE)
    assert standing.in_force == (new,)
    assert standing.permits_something(NOW)


def test_a_token_under_a_replaced_key_holds_where_it_is_later_and_is_history_where_it_is_not():
    new = held({"post": "ask"}, 1, by=NEW_PHONE)
    earlier, after = held({"post": "disguised"}, 0, by=ALICE), held({"post": "disguised"}, 2, by=ALICE)
    assert not stand([new, earlier], NEW_PHONE).on_hold
    assert stand([new, after], NEW_PHONE).on_hold


def test_stop_and_then_an_old_yes_is_still_stopped():
    yes, stop = held({"post": "ask"}, 0, by=ALICE), held(STOP, 1, by=ALICE)
    assert stand([stop, yes], ALICE).withdrawn


def test_a_change_of_mind_after_a_stop_counts():
    stop, yes = held(STOP, 0, by=ALICE), held({"post": "ask"}, 1, by=ALICE)
    assert not stand([stop, yes], ALICE).withdrawn


def test_a_stop_in_the_same_second_as_a_yes_stands():
    assert stand([held({"post": "ask"}, by=ALICE), held(STOP, by=ALICE)], ALICE).withdrawn


@pytest.mark.parametrize(
    ("content", "paper", "reason"),
    [(STOP, False, "unsigned_stop"), ({"post": "ask"}, False, "unsigned_choices"), ({"post": "ask"}, True, "paper")],
)
def test_anyone_who_holds_the_card_can_hold_everything_back(content, paper, reason):
    standing = stand([held({"post": "ask"}, by=ALICE), held(content, 1, paper=paper)], ALICE)
    assert [hold.reason for hold in standing.holds] == [reason]
    assert not standing.permits_something(NOW)


def test_at_a_tie_both_stand_and_only_what_both_allow_is_alive():
    never, ask = held({}, by=ALICE), held({"post": "ask"}, by=ALICE)
    standing = stand([never, ask], ALICE)
    assert digests(standing.in_force) == digests([never, ask])
    assert not standing.permits_something(NOW)


def test_a_yes_that_ran_out_permits_nothing():
    standing = stand([held({"post": "ask"}, by=ALICE)], ALICE)
    assert standing.permits_something(standing.documents[0].expires_at - timedelta(seconds=1))
    assert not standing.permits_something(standing.documents[0].expires_at)


def test_a_choice_that_never_arrived_is_noticed_until_it_does():
    first = held({"post": "ask"}, 0, by=ALICE)
    second = held({"post": "composite"}, 1, by=ALICE, sequence=2, previous=first.digest[:16])
    third = held({}, 2, by=ALICE, sequence=3, previous=second.digest[:16])
    assert stand([first, third], ALICE).choice_missing
    assert not stand([first, second, third], ALICE).choice_missing
    assert not stand([first], ALICE).choice_missing


def test_only_choices_have_preferences():
    with pytest.raises(TypeError):
        choices_of(held(STOP))


def test_a_sequence_decides_between_two_choices_of_one_second():
    first, second = held({"post": "ask"}, by=ALICE), held({}, by=ALICE, sequence=2)
    assert stand([second, first], ALICE).in_force == (second,)


@pytest.mark.parametrize("confirmed", [None, ALICE])
def test_a_stop_under_a_key_that_is_not_confirmed_holds_and_is_no_withdrawal_yet(confirmed):
    stop = held(STOP, 1, by=MALLORY)
    standing = stand([stop], confirmed)
    assert standing.on_hold
    assert not standing.withdrawn
    assert stand([stop], MALLORY).withdrawn
