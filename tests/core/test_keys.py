"""Keys: all of a client's from one seed, and nothing of them where it could be read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import WrongClientCode
from core.keys import ClientKeys, SealingKey, SigningKey, TherapistKeys, is_signed_by

seeds = st.binary(min_size=16, max_size=16)


@given(seeds)
def test_a_client_is_found_again_from_the_code(seed):
    keys = ClientKeys(seed)
    again = ClientKeys.from_code(keys.code)
    assert again == keys
    assert again.signing_public == keys.signing_public
    assert again.sealing_public == keys.sealing_public


@given(st.text(max_size=40))
def test_what_is_no_code_is_refused(typed):
    with pytest.raises(WrongClientCode):
        ClientKeys.from_code(typed)


def test_new_keys_are_new():
    assert ClientKeys.new() != ClientKeys.new()
    assert TherapistKeys.new().sealing.private != TherapistKeys.new().sealing.private


def test_a_clients_two_keys_have_nothing_in_common():
    keys = ClientKeys(bytes(16))
    assert len({keys.signing_public, keys.sealing_public, keys.sealing.private}) == 3


@given(seeds, st.binary(max_size=300), st.integers(0, 511))
def test_a_signature_holds_for_its_key_and_message_alone(seed, message, bit):
    keys = ClientKeys(seed)
    signature = keys.sign(message)
    assert is_signed_by(keys.signing_public, signature, message)
    assert not is_signed_by(keys.signing_public, signature, message + b"!")
    flipped = (int.from_bytes(signature) ^ 1 << bit).to_bytes(64)
    assert not is_signed_by(keys.signing_public, flipped, message)
    assert not is_signed_by(SigningKey(bytes(32)).public, signature, message)


@given(st.binary(max_size=50), st.sampled_from([0, 1, 2**255 - 20, 2**255 - 19, 2**255 - 18]), st.booleans())
def test_a_key_of_small_order_signs_nothing(message, y, sign):
    key = (y | sign << 255).to_bytes(32, "little")
    for point in (key, (1).to_bytes(32, "little")):
        assert not is_signed_by(key, point + bytes(32), message)


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=64), st.binary(max_size=20))
def test_bytes_that_are_no_key_and_no_signature_are_a_no(key, signature, message):
    assert not is_signed_by(key, signature, message)


@pytest.mark.parametrize(
    "secret", [SealingKey(b"\x41" * 32), SigningKey(b"\x41" * 32), ClientKeys(b"\x41" * 16), TherapistKeys.new()]
)
def test_a_key_shows_nothing_of_itself(secret):
    assert "AAAA" not in repr(secret)
    assert "private=" not in repr(secret)
    assert "seed=" not in repr(secret)
