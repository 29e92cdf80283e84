"""Parcels: alike from outside, and only for whom they were sealed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import parcel, seal
from core.errors import BadInput
from core.keys import SealingKey
from core.parcel import NotAParcel, Parcel

KEY, OTHER = SealingKey(b"\x05" * 32), SealingKey(b"\x06" * 32)
kinds = st.sampled_from(["token", "own_record"])


def framed(plain):
    """Seal a frame that this code would not make."""
    return seal.seal(plain, KEY.public, b"sayso/v1/parcel")


@given(kinds, st.binary(max_size=9000))
def test_a_parcel_is_read_back_by_whom_it_was_sealed_for(kind, payload):
    assert parcel.unpack(parcel.pack(Parcel(kind, payload), KEY.public), KEY.private) == Parcel(kind, payload)


@given(kinds, st.binary(max_size=400))
def test_small_parcels_of_every_kind_are_alike_from_outside(kind, payload):
    assert len(parcel.pack(Parcel(kind, payload), KEY.public)) == 4096


@given(st.integers(0, 65_000))
def test_a_parcel_is_a_multiple_of_four_kibibytes(size):
    assert len(parcel.pack(Parcel("token", bytes(size)), KEY.public)) % 4096 == 0


def test_the_largest_parcel_is_64_kibibytes_and_more_is_refused():
    most = 64 * 1024 - seal.OVERHEAD - 5
    assert len(parcel.pack(Parcel("token", bytes(most)), KEY.public)) == 64 * 1024
    with pytest.raises(BadInput):
        parcel.pack(Parcel("token", bytes(most + 1)), KEY.public)


def test_a_parcel_does_not_open_for_anybody_else():
    with pytest.raises(NotAParcel):
        parcel.unpack(parcel.pack(Parcel("token", b"secret"), KEY.public), OTHER.private)


@given(st.integers(0, 4096 * 8 - 1))
def test_a_parcel_with_one_bit_changed_does_not_open(bit):
    sealed = bytearray(parcel.pack(Parcel("token", b"secret"), KEY.public))
    sealed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(NotAParcel):
        parcel.unpack(bytes(sealed), KEY.private)


@pytest.mark.parametrize(
    "plain",
    [
        b"\x00\x00\x00\x00\x00",  # an unknown kind
        b"\x07\x00\x00\x00\x00",  # another
        b"\x01\xff\xff\xff\xff",  # longer than it is
        b"\x01\x00\x00\x00\x01ab",  # something after the end
    ],
)
def test_a_parcel_that_is_framed_otherwise_is_refused(plain):
    with pytest.raises(NotAParcel):
        parcel.unpack(framed(plain.ljust(4096 - seal.OVERHEAD, b"\0")), KEY.private)


@pytest.mark.parametrize(
    "sealed",
    [b"", bytes(48), bytes(4095), bytes(4096), bytes(68 * 1024), framed(b"")],
    ids=["nothing", "only a frame", "one short", "zeros", "too large", "empty inside"],
)
def test_what_has_not_the_size_of_a_parcel_is_none(sealed):
    with pytest.raises(NotAParcel):
        parcel.unpack(sealed, KEY.private)


def test_parcels_are_filed_under_a_hash_of_the_key():
    assert parcel.recipient_of(KEY.public) != parcel.recipient_of(OTHER.public)
    assert len(parcel.recipient_of(KEY.public)) == 32
