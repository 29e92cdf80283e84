"""A sealed parcel for the mailbox: every kind framed alike, padded to multiples of 4 KiB.

Plaintext: kind (u8) ‖ payload length (u32) ‖ payload ‖ zeros; sealed by HPKE suite 1. From outside a
token, a request, a notice and a client's own record look the same.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

from core import seal
from core.errors import BadInput

Kind = Literal["token", "own_record", "request", "seen", "posted", "taken_down"]

_KINDS: dict[Kind, int] = {"token": 1, "own_record": 2, "request": 3, "seen": 4, "posted": 5, "taken_down": 6}
_FRAME = struct.Struct(">BI")
_STEP = 4096
_LARGEST = 64 * 1024
_INFO = b"sayso/v1/parcel"


@dataclass(frozen=True, slots=True)
class Parcel:
    """An opened parcel."""

    kind: Kind
    payload: bytes


class NotAParcel(ValueError):
    """The bytes do not open with this key, or are framed otherwise."""


def recipient_of(sealing_public: bytes) -> bytes:
    """Return what parcels to this key are filed under: 32 bytes."""
    return sha256(sealing_public).digest()


def pack(parcel: Parcel, sealing_public: bytes) -> bytes:
    """Return the sealed parcel, a multiple of 4 KiB. Raises ``BadInput`` past 64 KiB."""
    framed = _FRAME.pack(_KINDS[parcel.kind], len(parcel.payload)) + parcel.payload
    size = -(-(len(framed) + seal.OVERHEAD) // _STEP) * _STEP
    if size > _LARGEST:
        raise BadInput(problem="This is too long to send. Make it shorter.")
    return seal.seal(framed.ljust(size - seal.OVERHEAD, b"\0"), sealing_public, _INFO)


def unpack(sealed: bytes, sealing_private: bytes) -> Parcel:
    """Return the parcel inside. Raises ``NotAParcel``."""
    if len(sealed) % _STEP or not 0 < len(sealed) <= _LARGEST:
        raise NotAParcel
    try:
        framed = seal.open_sealed(sealed, sealing_private, _INFO)
    except seal.DoesNotOpen:
        raise NotAParcel from None
    kinds = {number: kind for kind, number in _KINDS.items()}
    number, length = _FRAME.unpack_from(framed)
    end = _FRAME.size + length
    if number not in kinds or end > len(framed) or any(framed[end:]):
        raise NotAParcel
    return Parcel(kinds[number], framed[_FRAME.size : end])
