"""A client's save: one token, sent and kept in one transaction.

The client's keys exist only in the caller's memory. What is stored is sealed: the token to the
therapist, the client's own record to the client.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from core import parcel, token, wire
from core.errors import MailboxFull, MailboxOff, TooManyTries, WrongClientCode
from core.keys import ClientKeys
from core.model.dates import to_unix
from core.model.preferences import Preferences
from core.model.taxonomy import TAXONOMY
from core.parcel import Parcel
from core.store import mailbox
from core.store.cards import Card
from core.store.database import Database
from core.store.limits import Limits
from core.store.practice import Therapist
from core.text import notice_hash
from core.token import Token

_OWN_RECORD = struct.Struct(f">{wire.BODY}s32sI")  # body, SHA-256 of the envelope, sequence


@dataclass(frozen=True, slots=True)
class OwnRecord:
    """What a client can read back with their code: the last thing they sent."""

    body: wire.Body
    digest: bytes


@dataclass(frozen=True, slots=True)
class Saved:
    """A save that is done. ``sent``: it lies in the mailbox; otherwise it goes out by hand."""

    token: Token
    sent: bool
    keys: ClientKeys | None = field(repr=False, default=None)

    @property
    def acknowledgement(self) -> str:
        """The code both sides compare."""
        return self.token.acknowledgement


@dataclass(frozen=True, slots=True)
class Outbox:
    """Where a client's tokens go: the database, its limits, and whether there is a mailbox."""

    database: Database
    limits: Limits
    mailbox_on: bool


def nevers(now: datetime) -> Preferences:
    """Return a document that says no to everything. It does not run out."""
    return Preferences(channels=dict.fromkeys(TAXONOMY.channel_ids, "never"), issued_at=now.replace(microsecond=0))


def save_choices(
    outbox: Outbox,
    card: Card,
    therapist: Therapist,
    preferences: Preferences,
    *,
    keys: ClientKeys,
    last: OwnRecord | None = None,
    guardian: bool = False,
    language: str = "en",
) -> Saved:
    """Sign, seal and send a preferences document. ``last``: what these keys sent before, if known."""
    body = wire.Body(
        content=wire.Choices(preferences),
        card=card.code,
        issued_at=preferences.issued_at,
        expires_at=preferences.expires_at,
        sequence=next_sequence(last, preferences.issued_at),
        notice=notice_hash(language),
        language=language,
        signed=True,
        understood=preferences.understood,
        guardian=guardian,
        previous=last.digest[:16] if last else bytes(16),
    )
    return _send(outbox, token.issue(body, therapist.sealing_public, keys), therapist, keys)


def stop_everything(
    outbox: Outbox,
    card: Card,
    therapist: Therapist,
    now: datetime,
    *,
    keys: ClientKeys | None = None,
    last: OwnRecord | None = None,
    language: str = "en",
) -> Saved:
    """Stop everything. Without keys it restricts all the same: saying no never needs a key."""
    issued_at = next_moment(last, now)
    body = wire.Body(
        content=wire.Withdrawal("everything"),
        card=card.code,
        issued_at=issued_at,
        expires_at=None,
        sequence=next_sequence(last, issued_at) if keys else 1,
        notice=notice_hash(language),
        language=language,
        signed=keys is not None,
        previous=last.digest[:16] if last and keys else bytes(16),
    )
    return _send(outbox, token.issue(body, therapist.sealing_public, keys), therapist, keys)


def next_moment(last: OwnRecord | None, now: datetime) -> datetime:
    """Return ``now`` in whole seconds, and always later than the last thing sent."""
    moment = now.replace(microsecond=0)
    return moment if last is None else max(moment, last.body.issued_at + timedelta(seconds=1))


def next_sequence(last: OwnRecord | None, issued_at: datetime) -> int:
    """Return the next sequence; without a record it goes on from the time, as the format says."""
    return to_unix(issued_at) if last is None else last.body.sequence + 1


def own_record(database: Database, keys: ClientKeys, now: datetime) -> OwnRecord | None:
    """Return what these keys sent last, or None where no record is found."""
    found = []
    for waiting in mailbox.waiting(database, parcel.recipient_of(keys.sealing_public)):
        try:
            opened = parcel.unpack(waiting.sealed, keys.sealing.private)
        except parcel.NotAParcel:
            continue
        if opened.kind == "own_record":
            body, digest, _ = _OWN_RECORD.unpack(opened.payload)
            found.append(OwnRecord(wire.decode(body, now), digest))
    return max(found, key=lambda record: record.body.sequence, default=None)


def check_card(record: OwnRecord, card: Card) -> None:
    """Raise ``WrongClientCode`` where a personal code belongs to another card."""
    if record.body.card != card.code:
        raise WrongClientCode


def _send(outbox: Outbox, issued: Token, therapist: Therapist, keys: ClientKeys | None) -> Saved:
    try:
        _check_mailbox(outbox, issued)
    except (MailboxFull, MailboxOff):
        sent = False
    else:
        sent = True
    now = issued.body.issued_at
    with outbox.database.write() as connection:
        if sent:
            sealed = parcel.pack(Parcel("token", issued.envelope), therapist.sealing_public)
            mailbox.post(connection, parcel.recipient_of(therapist.sealing_public), sealed, now)
        if keys is not None:
            sealed = parcel.pack(Parcel("own_record", _own_record(issued)), keys.sealing_public)
            mailbox.replace_standing(connection, parcel.recipient_of(keys.sealing_public), sealed, now)
    if sent:
        outbox.limits.note("parcel", issued.body.card, now)
    return Saved(issued, sent, keys)


def _check_mailbox(outbox: Outbox, issued: Token) -> None:
    if not outbox.mailbox_on:
        raise MailboxOff
    try:
        outbox.limits.check("parcel", issued.body.card, issued.body.issued_at)
    except TooManyTries:
        raise MailboxFull from None


def _own_record(issued: Token) -> bytes:
    return _OWN_RECORD.pack(wire.encode(issued.body), issued.digest, issued.body.sequence)
