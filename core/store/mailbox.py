"""The mailbox: sealed parcels, filed under a hash of the recipient's key. Nobody here can read one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, delete, func, insert, or_, select, update

from core.model.dates import to_unix
from core.store.database import Database, new_id
from core.store.schema import parcel

KEPT_AFTER_DELIVERY = timedelta(days=30)
KEPT_UNDELIVERED = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A parcel as the portal sees it. ``posted_at``: Unix seconds."""

    id: str
    sealed: bytes
    posted_at: int


def post(connection: Connection, recipient: bytes, sealed: bytes, now: datetime, parcel_id: str | None = None) -> str:
    """File a sealed parcel and return its id. ``parcel_id``: drawn by the caller, to be asked for by ``is_filed``."""
    return _file(connection, parcel_id or new_id(), recipient, sealed, now, standing=False)


def post_many(connection: Connection, letters: Sequence[tuple[bytes, bytes]], now: datetime) -> None:
    """File sealed parcels, each given with its recipient before it, all at once."""
    if letters:
        rows = [_row(new_id(), recipient, sealed, now, standing=False) for recipient, sealed in letters]
        connection.execute(insert(parcel), rows)


def is_filed(connection: Connection, parcel_id: str) -> bool:
    """Whether a parcel with this id lies here."""
    return connection.execute(select(parcel.c.id).where(parcel.c.id == parcel_id)).first() is not None


def has_standing(connection: Connection, recipient: bytes) -> bool:
    """Whether a client's own record lies here for this recipient."""
    query = select(parcel.c.id).where(parcel.c.recipient == recipient, parcel.c.standing)
    return connection.execute(query).first() is not None


def replace_standing(connection: Connection, recipient: bytes, sealed: bytes, now: datetime) -> None:
    """Put a client's own record in the place of the one before. It stays until the next one."""
    connection.execute(delete(parcel).where(parcel.c.recipient == recipient, parcel.c.standing))
    _file(connection, new_id(), recipient, sealed, now, standing=True)


def _file(
    connection: Connection, parcel_id: str, recipient: bytes, sealed: bytes, now: datetime, *, standing: bool
) -> str:
    connection.execute(insert(parcel).values(_row(parcel_id, recipient, sealed, now, standing=standing)))
    return parcel_id


def _row(parcel_id: str, recipient: bytes, sealed: bytes, now: datetime, *, standing: bool) -> dict[str, object]:
    return {
        "id": parcel_id,
        "recipient": recipient,
        "sealed": sealed,
        "standing": standing,
        "posted_at": to_unix(now),
    }


def waiting(database: Database, recipient: bytes) -> list[Waiting]:
    """Return what is filed and neither delivered nor set aside, oldest first."""
    with database.read() as connection:
        return _filed(connection, recipient, parcel.c.set_aside_at.is_(None))


def put_aside(connection: Connection, recipient: bytes) -> list[Waiting]:
    """Return what was set aside, oldest first."""
    return _filed(connection, recipient, parcel.c.set_aside_at.is_not(None))


def _filed(connection: Connection, recipient: bytes, condition: ColumnElement[bool]) -> list[Waiting]:
    query = (
        select(parcel.c.id, parcel.c.sealed, parcel.c.posted_at)
        .where(parcel.c.recipient == recipient, parcel.c.delivered_at.is_(None), condition)
        .order_by(parcel.c.posted_at, parcel.c.id)
    )
    return [Waiting(*row) for row in connection.execute(query)]


def count_waiting(database: Database, recipient: bytes) -> int:
    """Return how many parcels wait for this recipient. What was set aside does not."""
    query = select(func.count()).where(
        parcel.c.recipient == recipient, parcel.c.delivered_at.is_(None), parcel.c.set_aside_at.is_(None)
    )
    with database.read() as connection:
        return connection.scalar(query) or 0


def is_waiting(connection: Connection, recipient: bytes) -> bool:
    """Whether something waits for this recipient, in the caller's transaction."""
    return bool(_filed(connection, recipient, parcel.c.set_aside_at.is_(None)))


def deliver(connection: Connection, parcel_id: str, now: datetime) -> None:
    """Note that a parcel was imported."""
    deliver_many(connection, [parcel_id], now)


def deliver_many(connection: Connection, parcel_ids: Sequence[str], now: datetime) -> None:
    """Note that parcels were imported, all at once."""
    if parcel_ids:
        arrived = update(parcel).where(parcel.c.id.in_(parcel_ids), parcel.c.delivered_at.is_(None))
        connection.execute(arrived.values(delivered_at=to_unix(now)))


def set_aside(connection: Connection, parcel_id: str, now: datetime) -> bool:
    """Wait for a parcel no more, and keep it. Returns whether it waited until now."""
    aside = update(parcel).where(
        parcel.c.id == parcel_id, parcel.c.delivered_at.is_(None), parcel.c.set_aside_at.is_(None)
    )
    return connection.execute(aside.values(set_aside_at=to_unix(now))).rowcount > 0


def put_back(connection: Connection, parcel_id: str) -> bool:
    """Wait for a parcel again. Returns whether it was set aside until now."""
    back = update(parcel).where(parcel.c.id == parcel_id, parcel.c.set_aside_at.is_not(None))
    return connection.execute(back.values(set_aside_at=None)).rowcount > 0


def clear_ended(database: Database, now: datetime) -> int:
    """Delete parcels whose time is over and return how many. A client's own record has no end."""
    delivered_before = to_unix(now - KEPT_AFTER_DELIVERY)
    posted_before = to_unix(now - KEPT_UNDELIVERED)
    ended = or_(
        parcel.c.delivered_at < delivered_before,
        and_(parcel.c.delivered_at.is_(None), parcel.c.posted_at < posted_before),
    )
    with database.write() as connection:
        return connection.execute(delete(parcel).where(~parcel.c.standing, ended)).rowcount
