"""Who of the therapists is at work, what waits for each unread, and where cards go when one leaves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, func, select, update

from core.errors import HasLeft
from core.model.dates import from_unix, to_unix
from core.parcel import recipient_of
from core.store.database import Database
from core.store.schema import card, invitation, parcel, therapist

#: Parcels that lie unopened this long are warned of. This project's own figure.
UNREAD_TOO_LONG = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Unread:
    """What waits in one therapist's mailbox: how much and how long, and nothing else. ``left``: not at work here."""

    therapist_id: str
    name: str
    left: bool
    count: int
    oldest: datetime | None

    def days(self, now: datetime) -> int:
        """Return how many whole days the oldest waits."""
        return 0 if self.oldest is None else max(0, (now - self.oldest).days)

    def is_too_long(self, now: datetime) -> bool:
        """Whether somebody should be told: there may be a stop among it."""
        return self.oldest is not None and now - self.oldest >= UNREAD_TOO_LONG


def unread(database: Database) -> list[Unread]:
    """Return what waits for each therapist with a vault, by name. Who left is named only while something waits."""
    query = select(therapist).where(therapist.c.sealed_keys.is_not(None)).order_by(therapist.c.name, therapist.c.id)
    with database.read() as connection:
        found = [_unread(connection, row) for row in connection.execute(query).all()]
    return [one for one in found if one.count or not one.left]


def _unread(connection: Connection, row: Row[tuple[Any, ...]]) -> Unread:
    older = select(card.c.sealing_public).where(card.c.therapist_id == row.id, card.c.sealing_public.is_not(None))
    keys = {row.sealing_public, *connection.scalars(older.distinct())}
    waits = select(func.count(), func.min(parcel.c.posted_at)).where(
        parcel.c.recipient.in_([recipient_of(key) for key in keys]),
        parcel.c.delivered_at.is_(None),
        parcel.c.set_aside_at.is_(None),
    )
    count, oldest = connection.execute(waits).one()
    when = None if oldest is None else from_unix(oldest)
    return Unread(row.id, row.name, row.retired_at is not None, count, when)


def is_at_work(database: Database, therapist_id: str) -> bool:
    """Whether this therapist is here and has not left."""
    with database.read() as connection:
        return connection.scalar(_at_work(therapist_id)) is not None


def has_left(database: Database, therapist_id: str) -> bool:
    """Whether this therapist was here and has left."""
    gone = select(therapist.c.id).where(therapist.c.id == therapist_id, therapist.c.retired_at.is_not(None))
    with database.read() as connection:
        return connection.scalar(gone) is not None


def has_key(database: Database, therapist_id: str, sealing_public: bytes) -> bool:
    """Whether this therapist is at work with this sealing key, and no newer one."""
    with database.read() as connection:
        current = _at_work(therapist_id).where(therapist.c.sealing_public == sealing_public)
        return connection.scalar(current) is not None


def _at_work(therapist_id: str) -> Select[tuple[str]]:
    return select(therapist.c.id).where(
        therapist.c.id == therapist_id, therapist.c.retired_at.is_(None), therapist.c.sealed_keys.is_not(None)
    )


def retire(connection: Connection, therapist_id: str, successor_id: str, now: datetime) -> int:
    """Close a therapist's vault and give their cards to another, in the caller's transaction. Returns how many cards.

    From here on those cards only say no or stop. Raises ``HasLeft`` where one of the two has left already.
    """
    if therapist_id == successor_id or connection.scalar(_at_work(successor_id)) is None:
        raise HasLeft
    leaves = update(therapist).where(therapist.c.id == therapist_id, therapist.c.retired_at.is_(None))
    if not connection.execute(leaves.values(retired_at=to_unix(now))).rowcount:
        raise HasLeft
    connection.execute(delete(invitation).where(invitation.c.invited_by == therapist_id))
    theirs = update(card).where(card.c.therapist_id == therapist_id)
    over = {"therapist_id": successor_id, "handed_over_at": to_unix(now), "sealing_public": None, "ends_at": None}
    return connection.execute(theirs.values(over)).rowcount


def let_back(connection: Connection, therapist_id: str) -> bool:
    """Open a closed vault to its passphrase again; the cards stay where they are. Returns whether it was closed."""
    back = update(therapist).where(therapist.c.id == therapist_id, therapist.c.retired_at.is_not(None))
    return connection.execute(back.values(retired_at=None)).rowcount > 0


def list_left(database: Database) -> list[tuple[str, str]]:
    """Return who has left, as id and name, by name."""
    query = select(therapist.c.id, therapist.c.name).where(therapist.c.retired_at.is_not(None))
    with database.read() as connection:
        return [(row[0], row[1]) for row in connection.execute(query.order_by(therapist.c.name, therapist.c.id))]
