"""The 240 bytes: each body has one spelling, and each spelling that is taken has one body."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core import wire
from core.errors import Malformed, NewerVersion
from core.wire import Answer, Body, Withdrawal
from tests.core.bodies import NOW, bodies, preferences

STOP = Body(Withdrawal("everything"), "K7QM2XPF", NOW, None, 1, bytes(8), "en", signed=False)


@given(bodies())
def test_a_body_comes_back_from_its_bytes(body):
    data = wire.encode(body)
    assert len(data) == wire.BODY
    assert wire.decode(data, body.issued_at) == body


@given(bodies(), bodies())
def test_what_was_kept_is_read_for_a_list_as_it_is_read_for_a_verdict(body, other):
    data = wire.encode(body)
    whole, kept = wire.decode(data, body.issued_at), wire.decode_kept(data)
    assert kept == whole
    assert whole == kept
    assert kept == wire.decode_kept(data)
    assert (kept == other) == (whole == other)
    assert (kept.content == other.content) == (whole.content == other.content)
    assert kept.content != data
    assert kept.kind == whole.kind
    assert wire.encode(kept) == data


@given(bodies())
def test_a_document_has_an_end_just_where_it_has_a_yes(body):
    if isinstance(body.content, wire.Choices):
        assert (body.expires_at is not None) == body.content.preferences.has_yes
        assert body.content.preferences.expires_at == body.expires_at


@given(bodies(), st.integers(0, wire.BODY * 8 - 1))
def test_bytes_that_are_taken_are_written_back_the_same(body, bit):
    changed = (int.from_bytes(wire.encode(body)) ^ 1 << bit).to_bytes(wire.BODY)
    try:
        read = wire.decode(changed, NOW + timedelta(days=50_000))
    except (Malformed, NewerVersion):
        return
    assert wire.encode(read) == changed


@given(st.binary(min_size=wire.BODY, max_size=wire.BODY))
@example(bytes(wire.BODY))
@example(b"\xff" * wire.BODY)
def test_any_240_bytes_are_taken_whole_or_refused_in_one_way(data):
    try:
        read = wire.decode(data, NOW)
    except (Malformed, NewerVersion):
        return
    assert wire.encode(read) == data


@given(st.binary(max_size=400).filter(lambda data: len(data) != wire.BODY))
def test_another_length_is_malformed(data):
    with pytest.raises(Malformed):
        wire.decode(data, NOW)


def test_a_day_ahead_is_taken_and_a_second_more_is_not():
    data = wire.encode(STOP)
    assert wire.decode(data, NOW - timedelta(hours=24)) == STOP
    with pytest.raises(Malformed, match="more than a day ahead"):
        wire.decode(data, NOW - timedelta(hours=24, seconds=1))


def test_a_later_taxonomy_is_newer_whatever_else_it_brings():
    data = bytearray(wire.encode(STOP))
    data[0], data[1], data[3] = 9, 0xF0, 2
    with pytest.raises(NewerVersion):
        wire.decode(bytes(data), NOW)


@pytest.mark.parametrize(
    "changes",
    [
        {"card": "K7QM2XPFX"},
        {"card": "K7QM"},
        {"card": "K7QM2XPé"},
        {"notice": bytes(9)},
        {"notice": b"\1"},
        {"language": "eng"},
        {"language": "e"},
        {"previous": bytes(32) + b"\1"},
        {"previous": b"\1" * 32},
        {"client_key": b"\1" * 32},
        {"sequence": 0},
        {"sequence": 2**32},
        {"sequence": -1},
        {"issued_at": NOW.replace(year=1969)},
        {"issued_at": NOW.replace(year=2107)},
        {"issued_at": NOW.replace(microsecond=1)},
        {"expires_at": NOW},
        {"paper": True, "signed": True},
        {"content": Withdrawal("all of it")},
        {"content": Withdrawal("one_post", bytes(33) + b"\1")},
        {"content": Withdrawal("one_post", b"\1")},
        {"content": Answer(bytes(32), "maybe")},
        {"content": Answer(bytes(32), "no", "n" * 60)},
        {"content": Answer(bytes(32), "no", "\udc80")},
        {"content": Answer(bytes(31), "no")},
        {"content": Answer(bytes(32), "yes")},
    ],
    ids=str,
)
def test_what_could_not_be_read_back_is_never_written(changes):
    with pytest.raises(Malformed):
        wire.encode(replace(STOP, **changes))


@given(preferences())
def test_a_body_and_its_document_must_tell_the_same_times_and_answers(choices):
    body = replace(
        STOP,
        content=wire.Choices(choices),
        issued_at=choices.issued_at,
        expires_at=choices.expires_at,
        understood=choices.understood,
    )
    assert wire.decode(wire.encode(body), NOW) == body
    for changes in ({"issued_at": NOW + timedelta(days=1)}, {"understood": not body.understood}):
        with pytest.raises(Malformed):
            wire.encode(replace(body, **changes))


@given(bodies())
def test_a_refusal_never_tells_what_was_chosen(body):
    data = bytearray(wire.encode(body))
    data[33] = 0  # the language is what is wrong, wherever else one looks
    with pytest.raises(Malformed) as refused:
        wire.decode(bytes(data), NOW)
    assert refused.value.details == {"problem": "its language is unknown"}


def test_the_signed_part_is_all_but_the_signature():
    data = wire.encode(STOP)
    part, key, signature = wire.signature_parts(data)
    assert part + signature == data
    assert key == data[128:160]
    assert not wire.is_signed(data)
