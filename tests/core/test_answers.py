"""The laws of an answer: whatever arrives, in whatever order, the most protective wins and only a client says yes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import wire
from core.answers import COOLING_OFF, PROTECTIVE_FIRST, Asked, grants, outcome, refused
from core.keys import ClientKeys
from core.model.dates import add_months
from core.model.request import Request, content_hash, request_id
from core.standing import Held
from core.text import notice_hash
from tests.core.clinic import document

START = datetime(2026, 11, 22, 10, tzinfo=UTC)
CARD = "K7QM2XPF"
CLIENT, MALLORY = (ClientKeys(bytes([n]) * 16).signing_public for n in (1, 2))
CURRENT = notice_hash("en")
LAST_SECOND = datetime(2026, 11, 25, 23, 59, 59, tzinfo=UTC)


def asked_about(draft="Somebody kept a voice mail.", at=START, salt=bytes(32), card=CARD, sessions=(), **changes):
    request = Request(
        **{
            "card": card,
            "issued_at": at,
            "salt": salt,
            "draft": draft,
            "channels": ("post",),
            "account": "@willow",
            "audience": "anyone online",
            "paid": False,
            "others_included": False,
            "comments_off": True,
            "remix_off": True,
            "post_on": date(2026, 12, 20),
            "take_down_on": date(2027, 4, 20),
            "answer_by": date(2026, 11, 25),
            "content_hash": content_hash(salt, draft, None),
        }
        | changes
    )
    return Asked(request, request_id(request.to_bytes()), sessions)


ASKED, OTHER = asked_about(), asked_about("Another draft.", START - timedelta(days=1))
HASH = bytes.fromhex(ASKED.request.content_hash)


def held(content, hours=24.0, *, by=CLIENT, notice=CURRENT, card=CARD, expires_at=None, sequence=1):
    """A token some hours after the question, signed ``by`` a key or by nobody."""
    is_yes = isinstance(content, wire.Answer) and content.answer == "yes"
    body = wire.Body(
        content=content,
        card=card,
        issued_at=START + timedelta(hours=hours),
        expires_at=expires_at or (datetime(2027, 4, 20, tzinfo=UTC) if is_yes else None),
        sequence=sequence,
        notice=notice,
        language="en",
        signed=by is not None,
        client_key=by or bytes(32),
    )
    return Held(body, sha256(repr((body, by)).encode()).digest())


def said(answer, hours=24.0, asked=ASKED, *, note="", **options):
    return held(wire.Answer(asked.request_id, answer, note), hours, **options)


YES = said("yes")
ids = st.sampled_from([ASKED.request_id, OTHER.request_id, bytes(32)])
contents = st.one_of(
    st.builds(wire.Answer, ids, st.sampled_from(["no", "no_never_ask", "not_now", "yes_if_changed", "yes"])),
    st.builds(
        wire.Withdrawal, st.just("one_post"), st.sampled_from([ASKED.request_id, HASH, bytes(32), bytes([1]) * 32])
    ),
    st.just(wire.Withdrawal("everything")),
)
# Few moments, some of them before the question and after its last day.
tokens = st.builds(
    held,
    contents,
    st.sampled_from([-30.0, 0.0, 24.0, 85.0, 86.0, 200.0]),
    by=st.sampled_from([None, CLIENT, MALLORY]),
    notice=st.sampled_from([CURRENT, bytes(8)]),
    sequence=st.integers(1, 2),
).filter(lambda token: token.body.signed or getattr(token.body.content, "answer", "") != "yes")
many = st.lists(tokens, max_size=7)
keys = st.sampled_from([None, CLIENT, MALLORY])
moments = st.sampled_from([START, START + timedelta(days=2), LAST_SECOND, START + timedelta(days=30)])


def became(arrived, key=CLIENT, now=START + timedelta(days=2), asked=ASKED):
    return outcome(asked, arrived, key, now)


# --- laws ---------------------------------------------------------------------------------------


@given(many, keys, moments, st.randoms())
def test_the_order_of_arrival_never_matters(arrived, key, now, random):
    shuffled = random.sample(arrived, len(arrived))
    assert became(shuffled, key, now) == became(arrived, key, now)
    assert refused([became(arrived, key, now)], shuffled) == refused([became(arrived, key, now)], arrived)


@given(many, keys, moments)
def test_arriving_twice_changes_nothing(arrived, key, now):
    assert became(arrived + arrived, key, now) == became(arrived, key, now)


@given(many, keys, moments, tokens)
def test_one_more_token_never_loosens_but_a_yes_by_the_client_in_time(arrived, key, now, extra):
    before, after = became(arrived, key, now), became([*arrived, extra], key, now)
    is_a_clients_word = extra.body.signed and extra.body.client_key == key
    if not is_a_clients_word or getattr(extra.body.content, "answer", "") != "yes":
        assert before.answer is None or before.answer == "silence" or _rank(after) <= _rank(before)
        assert not _is_live(after) or _is_live(before)


@given(many, keys, moments)
def test_a_live_grant_rests_on_a_yes_of_the_confirmed_key_in_time_and_on_no_other_word(arrived, key, now):
    found = became(arrived, key, now)
    if _is_live(found):
        assert key is not None
        assert found.given_by
        for token in found.given_by:
            body = token.body
            assert (body.signed, body.client_key, body.notice) == (True, key, CURRENT)
            assert ASKED.request.issued_at <= body.issued_at <= LAST_SECOND
            assert body.content == wire.Answer(ASKED.request_id, "yes")
        about_it = [t.body.content for t in arrived if isinstance(t.body.content, wire.Answer)]
        assert {one.answer for one in about_it if one.request_id == ASKED.request_id} == {"yes"}


@given(many, keys, moments)
def test_the_answer_is_the_most_protective_word_about_this_question(arrived, key, now):
    words = {
        token.body.content.answer
        for token in arrived
        if isinstance(token.body.content, wire.Answer) and token.body.content.request_id == ASKED.request_id
    } - {"yes"}
    found = became(arrived, key, now)
    for word in words:
        assert _rank(found) <= PROTECTIVE_FIRST.index(word)


@given(many, keys)
def test_time_only_turns_what_is_open_into_silence(arrived, key):
    during, after = became(arrived, key, LAST_SECOND), became(arrived, key, LAST_SECOND + timedelta(seconds=1))
    assert during.answer != "silence"
    if during.answer is None:
        assert after.answer == "silence"
    else:
        assert after.answer in {during.answer, "silence"}
        assert _rank(after) <= _rank(during)


@given(many, keys, moments)
def test_what_was_answered_other_than_yes_is_refused(arrived, key, now):
    found = became(arrived, key, now)
    assert (ASKED.request.content_hash in refused([found], arrived)) >= (found.answer not in {None, "yes"})
    assert all(grant.withdrawn for grant in grants([found])) or found.answer == "yes"


@given(many, keys, moments)
def test_nobody_elses_question_is_answered(arrived, key, now):
    elsewhere = [token for token in arrived if getattr(token.body.content, "request_id", b"") == OTHER.request_id]
    assert became(elsewhere, key, now).answer in {None, "silence"}


@given(many, keys, moments)
def test_tokens_of_another_card_play_no_part(arrived, key, now):
    moved = asked_about(card="00000000")
    assert became(arrived, key, now, moved).answer in {None, "silence"}


@given(many, st.sampled_from([None, CLIENT, MALLORY]), moments)
def test_a_yes_that_was_taken_back_stays_so_whatever_else_comes(arrived, by, now):
    undo = held(wire.Withdrawal("one_post", ASKED.request_id), 30, by=by)
    found = became([*arrived, YES, undo], CLIENT, now)
    assert found.grant.withdrawn
    assert found.is_no


def _rank(found):
    return PROTECTIVE_FIRST.index(found.answer) if found.answer else len(PROTECTIVE_FIRST)


def _is_live(found):
    return found.grant is not None and not found.grant.withdrawn


# --- examples -----------------------------------------------------------------------------------


def test_nothing_said_is_open_until_the_last_second_of_the_day():
    assert became([], now=LAST_SECOND).answer is None
    silent = became([], now=LAST_SECOND + timedelta(seconds=1))
    assert (silent.answer, silent.is_no, silent.grant) == ("silence", True, None)
    assert silent.closed_at == LAST_SECOND + timedelta(seconds=1)


def test_a_yes_waits_seven_days_and_ends_as_the_take_down_day_begins():
    [grant] = grants([became([YES])])
    assert grant.ready_at == YES.body.issued_at + timedelta(days=7) == YES.body.issued_at + COOLING_OFF
    assert grant.expires_at == datetime(2027, 4, 20, tzinfo=UTC)
    assert (grant.channels, grant.withdrawn) == (("post",), False)


def test_a_yes_lasts_twelve_months_at_most_and_never_longer_than_its_own_token_says():
    far = asked_about(take_down_on=date(2030, 1, 1))
    token = said("yes", asked=far, expires_at=datetime(2029, 1, 1, tzinfo=UTC))
    assert became([token], asked=far).grant.expires_at == add_months(token.body.issued_at, 12)
    short = said("yes", expires_at=datetime(2027, 1, 1, tzinfo=UTC))
    assert became([short]).grant.expires_at == datetime(2027, 1, 1, tzinfo=UTC)


def test_money_makes_it_a_yes_to_promotion_too():
    paid = asked_about(paid=True)
    assert became([said("yes", asked=paid)], asked=paid).grant.channels == ("post", "promotion")


def test_the_same_yes_sent_again_waits_from_the_later_one():
    again = said("yes", 48, sequence=2)
    found = became([YES, again], now=START + timedelta(days=3))
    assert found.grant.ready_at == again.body.issued_at + COOLING_OFF
    assert {token.digest for token in found.given_by} == {YES.digest, again.digest}


@pytest.mark.parametrize(
    "token",
    [
        said("yes", -1),
        said("yes", 86),
        said("yes", by=MALLORY),
        said("yes", notice=bytes(8)),
        said("yes", asked=OTHER),
        said("yes", card="00000000"),
    ],
    ids=["before the question", "a day late", "another key", "an older notice", "another question", "another card"],
)
def test_a_yes_that_does_not_count_is_silence(token):
    assert became([token], now=START + timedelta(days=2)).answer is None
    late = became([token], now=START + timedelta(days=5))
    assert (late.answer, late.grant) == ("silence", None)


@pytest.mark.parametrize("hours", [0.0, 85.0])
def test_a_yes_in_the_first_and_in_the_last_hour_counts(hours):
    assert became([said("yes", hours)], now=START + timedelta(days=5)).answer == "yes"


def test_without_a_confirmed_key_no_yes_counts_and_every_no_does():
    assert became([YES], None).answer is None
    assert became([YES, said("no", by=None)], None).answer == "no"


@pytest.mark.parametrize("answer", ["no_never_ask", "no", "not_now", "yes_if_changed"])
def test_every_other_word_beats_a_yes_however_late_and_without_a_key(answer):
    found = became([YES, said(answer, 2000, by=None)], now=START + timedelta(days=100))
    assert found.answer == answer
    assert found.grant.withdrawn


def test_words_rank_from_never_to_yes():
    words = [
        said(answer, note=f"about {answer}") for answer in ("yes", "yes_if_changed", "not_now", "no", "no_never_ask")
    ]
    for count in range(1, 6):
        assert became(words[:count]).answer == words[count - 1].body.content.answer
    assert became(words).note == "about no_never_ask"


def test_a_late_word_does_not_make_up_for_silence_unless_it_is_firmer():
    late = START + timedelta(days=10)
    assert became([said("yes_if_changed", 200)], now=late).answer == "silence"
    for hours in (86, 200):  # the first second after the day counts as late
        assert became([said("not_now", hours)], now=late).answer == "silence"
    assert became([said("not_now", 85)], now=late).answer == "not_now"
    assert became([said("no_never_ask", 200)], now=late).answer == "no_never_ask"


@pytest.mark.parametrize("by", [None, CLIENT, MALLORY])
@pytest.mark.parametrize("reference", [ASKED.request_id, HASH, bytes(32)], ids=["request", "content", "unnamed"])
def test_anyone_with_the_card_can_take_a_yes_back(by, reference):
    undo = held(wire.Withdrawal("one_post", reference), 30, by=by)
    found = became([YES, undo])
    assert (found.answer, found.grant.withdrawn, found.closed_at) == ("taken_back", True, undo.body.issued_at)


def test_taking_back_something_else_leaves_this_yes_alone():
    assert became([YES, held(wire.Withdrawal("one_post", OTHER.request_id), 30)]).answer == "yes"


@pytest.mark.parametrize(("hours", "answer"), [(23, "yes"), (24, "taken_back"), (30, "taken_back")])
def test_a_stop_takes_back_every_yes_that_is_not_later(hours, answer):
    assert became([YES, held(wire.Withdrawal("everything"), hours)]).answer == answer


def test_a_yes_said_again_after_a_stop_does_not_undo_it():
    stop = held(wire.Withdrawal("everything"), 30)
    assert became([YES, stop, said("yes", 48, sequence=2)], now=START + timedelta(days=3)).answer == "taken_back"


def test_an_open_question_ranks_between_every_no_and_a_wish_for_changes():
    ranked = [became([said(word)]).rank for word in ("no_never_ask", "no", "not_now")]
    ranked += [became([]).rank, became([said("yes_if_changed")]).rank, became([YES]).rank]
    assert ranked == sorted(set(ranked))


def test_a_stop_leaves_an_open_question_to_run_out():
    assert became([held(wire.Withdrawal("everything"), 30)]).answer is None


def test_a_no_from_the_card_alone_is_about_what_was_open_then():
    unnamed = held(wire.Answer(bytes(32), "no"), 24, by=None)
    assert became([unnamed]).answer == "no"
    assert became([held(wire.Answer(bytes(32), "no"), 86, by=None)]).answer is None
    assert became([held(wire.Answer(bytes(32), "no"), -1, by=None)]).answer is None


def test_only_the_clients_own_wish_for_changes_invites_another_question():
    assert became([said("yes_if_changed")]).invites_another
    assert not became([said("yes_if_changed", by=None)]).invites_another
    assert not became([said("yes_if_changed", by=MALLORY)]).invites_another
    assert not became([said("yes_if_changed", -1)]).invites_another
    assert not became([said("yes_if_changed"), said("not_now")]).invites_another
    assert became([said("yes_if_changed"), said("yes_if_changed", by=None)]).invites_another


def test_new_choices_neither_take_a_yes_back_nor_give_one():
    choices = held(wire.Choices(document(START, post="ask")), 30)
    assert became([YES, choices]).answer == "yes"
    assert became([choices]).answer is None


def test_a_post_taken_back_where_nobody_was_asked_is_refused_by_its_hash():
    lone = held(wire.Withdrawal("one_post", bytes([7]) * 32), by=None)
    assert refused([], [lone]) == (("07" * 32),)
    assert refused([], [held(wire.Withdrawal("one_post"), by=None)]) == ()
    assert refused([became([held(wire.Withdrawal("one_post", ASKED.request_id))])], []) == (ASKED.request.content_hash,)
