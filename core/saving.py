"""A client's save: one token, sent and kept in one transaction.

The client's keys exist only in the caller's memory. What is stored is sealed: the token to the
therapist, the client's own record to the client.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection

from core import parcel, token, wire
from core.errors import OnlySaysNo, TooManyTries
from core.keys import ClientKeys
from core.model.dates import to_unix
from core.model.preferences import Preferences
from core.model.taxonomy import TAXONOMY
from core.own_record import OwnRecord, check_card, own_record, sealed_record
from core.parcel import Parcel
from core.store import mailbox
from core.store.cards import Card
from core.store.database import Database, new_id
from core.store.limits import Limits
from core.store.practice import Therapist
from core.text import notice_hash
from core.token import Token

__all__ = [
    "Letter",
    "Outbox",
    "OwnRecord",
    "Saved",
    "check_card",
    "nevers",
    "next_moment",
    "next_sequence",
    "own_record",
    "save_choices",
    "send",
    "stop_everything",
    "write_choices",
    "write_paper",
    "write_stop",
]


@dataclass(frozen=True, slots=True)
class Letter:
    """A token that is issued and not yet sent. However often it is sent, it arrives once.

    ``keys``: whose own record goes with it. ``parcel_id``: what it is filed under. ``last``: their record
    before this, of which a token about one post leaves the choices as they are.
    """

    token: Token
    therapist: Therapist = field(repr=False)
    keys: ClientKeys | None = field(repr=False)
    parcel_id: str = field(default_factory=new_id)
    last: OwnRecord | None = field(repr=False, default=None)


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
    return send(
        outbox, write_choices(card, therapist, preferences, keys=keys, last=last, guardian=guardian, language=language)
    )


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
    return send(outbox, write_stop(card, therapist, now, keys=keys, last=last, language=language))


def write_choices(
    card: Card,
    therapist: Therapist,
    preferences: Preferences,
    *,
    keys: ClientKeys,
    last: OwnRecord | None = None,
    guardian: bool = False,
    language: str = "en",
) -> Letter:
    """Sign and seal a preferences document, ready to be sent. Raises ``Malformed`` for one no reader would take.

    Raises ``OnlySaysNo`` for anything but a no on a card whose therapist left.
    """
    if card.only_no and not set(preferences.channels.values()) <= {"never", "undecided"}:
        raise OnlySaysNo
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
    return Letter(token.issue(body, therapist.sealing_public, keys), therapist, keys, last=last)


def write_paper(
    card: Card, therapist: Therapist, preferences: Preferences, *, guardian: bool = False, language: str = "en"
) -> Letter:
    """Seal what a paper form says, unsigned: it only restricts. Raises ``Malformed`` for one no reader would take."""
    body = wire.Body(
        content=wire.Choices(preferences),
        card=card.code,
        issued_at=preferences.issued_at,
        expires_at=preferences.expires_at,
        sequence=1,
        notice=notice_hash(language),
        language=language,
        signed=False,
        understood=preferences.understood,
        guardian=guardian,
        paper=True,
    )
    return Letter(token.issue(body, therapist.sealing_public), therapist, keys=None)


def write_stop(
    card: Card,
    therapist: Therapist,
    now: datetime,
    *,
    keys: ClientKeys | None = None,
    last: OwnRecord | None = None,
    language: str = "en",
) -> Letter:
    """Seal a stop, ready to be sent."""
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
    return Letter(token.issue(body, therapist.sealing_public, keys), therapist, keys, last=last)


def send(outbox: Outbox, letter: Letter) -> Saved:
    """File the parcel for the therapist and the client's own record: both, or neither.

    Past the day's limit, or where the practice takes no parcels, the token goes out by hand. Sending
    the same letter again, because nobody knows whether the first time was kept, files nothing twice.
    """
    issued, keys, now = letter.token, letter.keys, letter.token.body.issued_at
    to_therapist = parcel.pack(Parcel("token", issued.envelope), letter.therapist.sealing_public)
    with outbox.database.write() as connection:
        if mailbox.is_filed(connection, letter.parcel_id):
            return Saved(issued, sent=True, keys=keys)
        fits = _fits(outbox.limits, connection, issued.body)
        sent = fits and outbox.mailbox_on
        if sent:
            recipient = parcel.recipient_of(letter.therapist.sealing_public)
            mailbox.post(connection, recipient, to_therapist, now, letter.parcel_id)
        if keys is not None:
            _keep_own_record(connection, letter, keys, may_grow=fits)
    return Saved(issued, sent, keys)


def _fits(limits: Limits, connection: Connection, body: wire.Body) -> bool:
    try:
        limits.take(connection, "parcel", body.card, body.issued_at)
    except TooManyTries:
        return False
    return True


def _keep_own_record(connection: Connection, letter: Letter, keys: ClientKeys, *, may_grow: bool) -> None:
    recipient, issued = parcel.recipient_of(keys.sealing_public), letter.token
    # A card that sends and sends, each time with new keys, must not fill the disk.
    if may_grow or mailbox.has_standing(connection, recipient):
        record = sealed_record(issued, keys, letter.last)
        mailbox.replace_standing(connection, recipient, record, issued.body.issued_at)


def next_moment(last: OwnRecord | None, now: datetime) -> datetime:
    """Return ``now`` in whole seconds, and always later than the last thing sent."""
    moment = now.replace(microsecond=0)
    sent = [] if last is None else [body.issued_at for body in (last.body, *last.given)]
    return max(moment, *(one + timedelta(seconds=1) for one in sent)) if sent else moment


def next_sequence(last: OwnRecord | None, issued_at: datetime) -> int:
    """Return the next sequence; without a record it goes on from the time, as the format says."""
    return to_unix(issued_at) if last is None else last.sequence + 1
