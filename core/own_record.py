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
_GIVEN = struct.Struct(f">{wire.BODY}s")  # then each answer and each post taken back, oldest first
#: No more than this many are kept: years of requests, and far below what a parcel holds.
_MOST_GIVEN = 100


@dataclass(frozen=True, slots=True)
class OwnRecord:
    """What a client can read back: their last choices or stop, and the last token they sent.

    ``body``: of the choices or the stop. ``digest`` (32 bytes) and ``sequence``: of the last token of any kind.
    ``given``: the bodies of answers and of posts taken back, oldest first.
    """

    body: wire.Body
    digest: bytes
    sequence: int
    given: tuple[wire.Body, ...] = ()


def sealed_record(issued: Token, keys: ClientKeys, last: OwnRecord | None = None) -> bytes:
    """Return the parcel by which a client reads their token back.

    ``last``: the record before this one. A token about one post leaves the choices in it as they are.
    """
    body, given = issued.body, last.given if last else ()
    if is_about_one_post(issued.body):
        body, given = last.body if last else issued.body, (*given, issued.body)[-_MOST_GIVEN:]
    plain = _LAYOUT.pack(wire.encode(body), issued.digest, issued.body.sequence)
    plain += b"".join(_GIVEN.pack(wire.encode(one)) for one in given)
    return parcel.pack(Parcel("own_record", plain), keys.sealing_public)


def is_about_one_post(body: wire.Body) -> bool:
    """Whether a token is an answer, or takes back one post; choices and stops are about everything."""
    content = body.content
    return isinstance(content, wire.Answer) or (isinstance(content, wire.Withdrawal) and content.scope == "one_post")


def own_record(database: Database, keys: ClientKeys, now: datetime) -> OwnRecord | None:
    """Return what these keys sent last, or None where no record is found."""
    filed = mailbox.waiting(database, parcel.recipient_of(keys.sealing_public))
    found = [record for one in filed if (record := _opened(one.sealed, keys, now))]
    return max(found, key=lambda record: record.sequence, default=None)


def _opened(sealed: bytes, keys: ClientKeys, now: datetime) -> OwnRecord | None:
    # What does not read as this client's own is as good as missing: the form starts blank.
    try:
        opened = parcel.unpack(sealed, keys.sealing.private)
        if opened.kind != "own_record":
            return None
        body, digest, sequence = _LAYOUT.unpack(opened.payload[: _LAYOUT.size])
        given = tuple(wire.decode(one, now) for (one,) in _GIVEN.iter_unpack(opened.payload[_LAYOUT.size :]))
        record = OwnRecord(wire.decode(body, now), digest, sequence, given)
    except (parcel.NotAParcel, SaysoError, struct.error):
        return None
    return record if record.body.client_key == keys.signing_public else None


def check_card(record: OwnRecord, card: Card) -> None:
    """Raise ``WrongClientCode`` where a personal code belongs to another card."""
    if record.body.card != card.code:
        raise WrongClientCode
