"""A token whole: issued, carried as text, opened; and refused in the frozen order."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core import crockford, token, wire
from core.errors import (
    BadSignature,
    CannotBeOpened,
    CopyingError,
    Malformed,
    NewerVersion,
    NotAToken,
    OtherTherapist,
    TokenRefused,
)
from core.keys import ClientKeys, SealingKey
from tests.core.bodies import CLIENT, NOW, THERAPIST, bodies
from tools.vectors import layout

LATER = NOW + timedelta(days=365)
#: In the order of checking. Each fault is put on top of all that come after it in this list.
ORDER = [NotAToken, CopyingError, NewerVersion, OtherTherapist, CannotBeOpened, BadSignature, Malformed]


def issued(body):
    return token.issue(body, THERAPIST.public, CLIENT)


def read(text, *keys, now=LATER):
    return token.read(text, keys or [THERAPIST], now)


@given(bodies())
def test_what_is_issued_is_what_is_read(body):
    sent = issued(body)
    assert read(sent.text) == sent
    assert len(sent.text) == token.TEXT == 491
    assert len(sent.envelope) == token.ENVELOPE == 302


@given(bodies())
def test_issuing_adds_the_clients_keys_and_changes_nothing_else(body):
    sent = issued(body).body
    if not body.signed:
        assert sent == body
        return
    assert sent.client_key == CLIENT.signing_public
    content = body.content
    if isinstance(content, wire.Choices):
        content = replace(content, client_sealing_key=CLIENT.sealing_public)
    assert sent == replace(body, content=content, client_key=sent.client_key, signature=sent.signature)


@given(bodies())
def test_the_text_is_alphanumeric_for_a_qr_and_the_code_for_the_eye(body):
    sent = issued(body)
    assert set(sent.text) <= set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")
    first, second = sent.acknowledgement.split("-")
    assert len(first) == len(second) == 5
    assert crockford.encode(sha256(sent.envelope).digest()).startswith(first + second)


EXAMPLE = token.issue(
    wire.Body(wire.Withdrawal("everything"), "K7QM2XPF", NOW, None, 1, bytes(8), "en", signed=True),
    THERAPIST.public,
    CLIENT,
)


def test_every_flipped_bit_of_an_envelope_is_refused_as_a_copying_error():
    whole = int.from_bytes(EXAMPLE.envelope)
    for bit in range(token.ENVELOPE * 8):
        flipped = (whole ^ 1 << bit).to_bytes(token.ENVELOPE)
        with pytest.raises(CopyingError):
            read(token.text_of(flipped))


def test_every_flipped_bit_is_refused_even_with_check_bytes_made_to_fit():
    whole = int.from_bytes(EXAMPLE.envelope[:-4])
    size = token.ENVELOPE - 4
    for bit in range(size * 8):
        flipped = layout.closed((whole ^ 1 << bit).to_bytes(size))
        with pytest.raises((NewerVersion, OtherTherapist, CannotBeOpened)):
            read(token.text_of(flipped))


def resealed(data):
    return token.text_of(layout.envelope(data, THERAPIST.public, b"\x09" * 32))


def test_every_flipped_bit_of_a_signed_body_is_refused_or_no_longer_signed():
    data = wire.encode(EXAMPLE.body)
    whole = int.from_bytes(data)
    for bit in range(wire.BODY * 8):
        flipped = (whole ^ 1 << bit).to_bytes(wire.BODY)
        with pytest.raises((BadSignature, Malformed)) as refused:
            read(resealed(flipped))
        assert (refused.type is BadSignature) == wire.is_signed(flipped)


def faulty(depth):
    """Return a text with the fault ``ORDER[depth]`` and every fault that is looked for later."""
    data = bytearray(wire.encode(EXAMPLE.body))
    data[32] = 0  # no language
    if depth <= ORDER.index(BadSignature):
        data[200] ^= 1
    else:
        data[176:] = CLIENT.sign(b"sayso/v1/body" + layout.head(THERAPIST.public) + data[:176])
    sealed = bytearray(layout.envelope(bytes(data), THERAPIST.public, b"\x09" * 32)[:-4])
    if depth <= ORDER.index(CannotBeOpened):
        sealed[100] ^= 1
    if depth <= ORDER.index(OtherTherapist):
        sealed[5] ^= 1
    if depth <= ORDER.index(NewerVersion):
        sealed[0] = 2
    text = token.text_of(layout.closed(bytes(sealed)))
    if depth <= ORDER.index(CopyingError):
        text = text[:-10]
    return text + "!" if depth <= ORDER.index(NotAToken) else text


@pytest.mark.parametrize("depth", range(len(ORDER)), ids=[refusal.id for refusal in ORDER])
def test_refusals_come_in_the_frozen_order(depth):
    with pytest.raises(TokenRefused) as refused:
        read(faulty(depth))
    assert refused.type is ORDER[depth]


@given(st.text())
@example("")
@example("SAYSO1:")
@example("\u017fAYSO1:00")
@example("SAYSO1:" + "0" * 484)
def test_any_text_at_all_is_refused_with_a_sentence(text):
    with pytest.raises((NotAToken, CopyingError)) as refused:
        read(text)
    assert refused.value.sentence.endswith(".")


@given(st.randoms(use_true_random=True), st.sampled_from(["SAYSO1:", "sayso1:", "Sayso1:", "SAYSO1: ", "\n SAYSO1:\n"]))
@settings(max_examples=40)
def test_a_text_is_read_however_a_person_brings_it(chance, prefix):
    gaps = ["", "", "", "", " ", "\n", "\r\n", "-", "\t"]
    looks = {"0": "0Oo", "1": "1IiLl"}
    symbols = [chance.choice(looks.get(s, s + s.lower())) + chance.choice(gaps) for s in EXAMPLE.text[7:]]
    assert read(prefix + "".join(symbols)) == EXAMPLE


def test_the_right_key_is_found_among_many():
    keys = [SealingKey(bytes([number] * 32)) for number in range(1, 8)]
    assert THERAPIST in keys
    assert read(EXAMPLE.text, *keys) == EXAMPLE
    with pytest.raises(OtherTherapist):
        read(EXAMPLE.text, *[key for key in keys if key != THERAPIST])
    with pytest.raises(OtherTherapist):
        token.read(EXAMPLE.text, [], LATER)


class SameName(SealingKey):
    """Another key that by chance has the therapist's key id."""

    key_id = THERAPIST.key_id


def test_each_key_of_that_name_is_tried():
    assert read(EXAMPLE.text, SameName(b"\x06" * 32), THERAPIST) == EXAMPLE
    with pytest.raises(CannotBeOpened):
        read(EXAMPLE.text, SameName(b"\x06" * 32))


def test_a_signed_token_needs_the_clients_keys():
    unsigned = replace(EXAMPLE.body, client_key=bytes(32), signature=bytes(64))
    with pytest.raises(ValueError, match="keys"):
        token.issue(unsigned, THERAPIST.public)


def test_a_body_that_breaks_a_rule_is_never_handed_out():
    with pytest.raises(Malformed):
        issued(replace(EXAMPLE.body, sequence=0))


def test_the_same_choices_are_sealed_differently_each_time():
    again = issued(replace(EXAMPLE.body, client_key=bytes(32), signature=bytes(64)))
    assert again.body == EXAMPLE.body
    assert again.envelope[10:-4] != EXAMPLE.envelope[10:-4]
    assert again.acknowledgement != EXAMPLE.acknowledgement


def test_from_outside_no_kind_of_token_looks_like_another():
    # One length, one head, and the rest is what HPKE leaves: nothing an outsider could tell kinds by.
    other = token.issue(
        wire.Body(wire.Answer(bytes(32), "no"), "K7QM2XPF", NOW, None, 1, bytes(8), "en", signed=False),
        THERAPIST.public,
    )
    assert len(other.text) == len(EXAMPLE.text)
    assert other.envelope[:10] == EXAMPLE.envelope[:10]


def test_another_clients_signature_is_its_own():
    other = token.issue(replace(EXAMPLE.body, signature=bytes(64)), THERAPIST.public, ClientKeys(b"\x08" * 16))
    assert read(other.text).body.client_key != EXAMPLE.body.client_key
