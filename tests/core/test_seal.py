"""Sealing: what is sealed to one key, for one purpose, opens with that alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import seal
from core.errors import BadInput
from core.keys import SealingKey, SigningKey
from tools.vectors import hpke

KEY, OTHER = SealingKey(b"\x05" * 32), SealingKey(b"\x06" * 32)


@given(st.binary(max_size=500), st.binary(max_size=40))
def test_what_is_sealed_opens_and_is_longer_by_the_overhead(plaintext, info):
    sealed = seal.seal(plaintext, KEY.public, info)
    assert len(sealed) == len(plaintext) + seal.OVERHEAD
    assert KEY.open(sealed, info) == seal.open_sealed(sealed, KEY.private, info) == plaintext


@given(st.binary(max_size=300), st.binary(max_size=40), st.binary(min_size=32, max_size=32))
def test_what_another_implementation_sealed_opens(plaintext, info, ephemeral):
    assert KEY.open(hpke.seal(plaintext, KEY.public, info, ephemeral), info) == plaintext


def test_it_does_not_open_for_another_key_or_another_purpose():
    sealed = seal.seal(b"secret", KEY.public, b"info")
    for key, info in ((OTHER, b"info"), (KEY, b"inf"), (KEY, b"")):
        with pytest.raises(seal.DoesNotOpen):
            key.open(sealed, info)


@given(st.data())
def test_no_changed_bit_goes_unnoticed(data):
    sealed = seal.seal(b"secret", KEY.public, b"info")
    # The top bit of an X25519 key is masked, yet it is part of what is authenticated.
    bit = data.draw(st.integers(0, len(sealed) * 8 - 1))
    changed = (int.from_bytes(sealed) ^ 1 << bit).to_bytes(len(sealed))
    with pytest.raises(seal.DoesNotOpen):
        KEY.open(changed, b"info")


@given(st.binary(max_size=100))
def test_bytes_of_any_length_are_opened_or_refused_in_one_way(sealed):
    with pytest.raises(seal.DoesNotOpen):
        KEY.open(sealed, b"info")


def test_sealing_twice_never_gives_the_same_bytes():
    assert seal.seal(b"x", KEY.public, b"") != seal.seal(b"x", KEY.public, b"")


@pytest.mark.parametrize("public", [bytes(32), (1).to_bytes(32, "little"), b"short"])
def test_nothing_is_sealed_to_what_is_no_key(public):
    with pytest.raises(BadInput):
        seal.seal(b"x", public, b"")


def test_check_words_tell_any_other_key_or_a_swap_of_the_two():
    signing = SigningKey(b"\x07" * 32).public
    words = seal.check_words(KEY.public, signing)
    assert len(words) == 4
    assert words != seal.check_words(OTHER.public, signing)
    assert words != seal.check_words(KEY.public, OTHER.public)
    assert words != seal.check_words(signing, KEY.public)


def test_check_words_have_the_same_indexes_in_each_language():
    signing = SigningKey(b"\x07" * 32).public
    english, spanish = seal.check_words(KEY.public, signing), seal.check_words(KEY.public, signing, "es")
    lists = {name: seal._word_list(name) for name in ("english", "spanish")}
    assert [lists["english"].index(w) for w in english] == [lists["spanish"].index(w) for w in spanish]


def test_a_language_without_a_list_of_its_own_has_the_english_words():
    signing = SigningKey(b"\x07" * 32).public
    assert seal.check_words(KEY.public, signing, "de") == seal.check_words(KEY.public, signing)
