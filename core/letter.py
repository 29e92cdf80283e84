"""What a therapist writes to a client: signed, then sealed to the client's key. Bytes only.

Plaintext: Ed25519 signature (64) over "sayso/v1/<kind>" ‖ JSON, then the JSON bytes; sealed by HPKE suite 1
with the info "sayso/v1/<kind>". In the mailbox it travels inside a parcel of that kind.
"""

from __future__ import annotations

from typing import Literal

from core import parcel, seal
from core.keys import SealingKey, SigningKey, is_signed_by
from core.parcel import Parcel

Kind = Literal["request", "seen", "posted", "taken_down"]

_SIGNATURE = 64


class NotALetter(ValueError):
    """The bytes do not open with this key, or were not signed by this therapist for this purpose."""


def seal_letter(kind: Kind, content: bytes, signing: SigningKey, recipient: bytes) -> bytes:
    """Return the sealed letter. ``content``: JSON bytes; ``recipient``: the client's raw X25519 public key."""
    purpose = _purpose(kind)
    return seal.seal(signing.sign(purpose + content) + content, recipient, purpose)


def open_letter(kind: Kind, sealed: bytes, key: SealingKey, signing_public: bytes) -> bytes:
    """Return the JSON bytes just as they were signed. Raises ``NotALetter``."""
    purpose = _purpose(kind)
    try:
        plain = key.open(sealed, purpose)
    except seal.DoesNotOpen:
        raise NotALetter from None
    signature, content = plain[:_SIGNATURE], plain[_SIGNATURE:]
    if not is_signed_by(signing_public, signature, purpose + content):
        raise NotALetter
    return content


def in_parcel(kind: Kind, content: bytes, signing: SigningKey, recipient: bytes) -> bytes:
    """Return a letter in its parcel, ready for the mailbox. Raises ``BadInput`` past 64 KiB."""
    return parcel.pack(Parcel(kind, seal_letter(kind, content, signing, recipient)), recipient)


def _purpose(kind: Kind) -> bytes:
    return b"sayso/v1/" + kind.encode()
