"""What a client can read back with their code: the last thing they sent, sealed to themselves."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from datetime import datetime

from core import parcel, wire
from core.errors import SaysoError, WrongClientCode
from core.keys import ClientKeys
from core.parcel import Parcel
from core.store import mailbox
from core.store.cards import Card
from core.store.database import Database
from core.token import Token

_LAYOUT = struct.Struct(f">{wire.BODY}s32sI")  # body, SHA-256 of the envelope, sequence


@dataclass(frozen=True, slots=True)
class OwnRecord:
    """The last token a client sent: its body, and the SHA-256 of its envelope (32 bytes)."""

    body: wire.Body
    digest: bytes


def sealed_record(issued: Token, keys: ClientKeys) -> bytes:
    """Return the parcel by which a client reads their token back."""
    plain = _LAYOUT.pack(wire.encode(issued.body), issued.digest, issued.body.sequence)
    return parcel.pack(Parcel("own_record", plain), keys.sealing_public)


def own_record(database: Database, keys: ClientKeys, now: datetime) -> OwnRecord | None:
    """Return what these keys sent last, or None where no record is found."""
    filed = mailbox.waiting(database, parcel.recipient_of(keys.sealing_public))
    found = [record for one in filed if (record := _opened(one.sealed, keys, now))]
    return max(found, key=lambda record: record.body.sequence, default=None)


def _opened(sealed: bytes, keys: ClientKeys, now: datetime) -> OwnRecord | None:
    # What does not read as this client's own is as good as missing: the form starts blank.
    try:
        opened = parcel.unpack(sealed, keys.sealing.private)
        if opened.kind != "own_record" or len(opened.payload) != _LAYOUT.size:
            return None
        body, digest, _ = _LAYOUT.unpack(opened.payload)
        record = OwnRecord(wire.decode(body, now), digest)
    except (parcel.NotAParcel, SaysoError):
        return None
    return record if record.body.client_key == keys.signing_public else None


def check_card(record: OwnRecord, card: Card) -> None:
    """Raise ``WrongClientCode`` where a personal code belongs to another card."""
    if record.body.card != card.code:
        raise WrongClientCode
