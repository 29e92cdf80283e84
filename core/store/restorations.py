"""Restores from a backup: each is marked in the database, and an old copy put back by hand is recognised.

After a restore nobody can know what came in since the backup: a no may be gone. So what was held before
counts for nothing until it is imported again or confirmed (the token format, "Vault at rest").
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, func, insert, select

from core.model.dates import from_unix, to_unix
from core.store import audit
from core.store.database import Database
from core.store.outside import Last, Outside
from core.store.schema import audit as record
from core.store.schema import restoration
from core.store.vaults import Holder, Record


def last(database: Database) -> datetime | None:
    """Return when the database was restored last, or None."""
    with database.read() as connection:
        at = connection.scalar(select(func.max(restoration.c.at)))
    return None if at is None else from_unix(at)


def unproved(records: Iterable[Record], holder: Holder, restored_at: datetime | None) -> frozenset[bytes]:
    """Return the digests of the tokens of one card that were held before a restore and not confirmed since."""
    if restored_at is None or (holder.confirmed_at is not None and holder.confirmed_at > restored_at):
        return frozenset()
    return frozenset(one.token.digest for one in records if one.imported_at <= restored_at)


def note(connection: Connection, now: datetime) -> None:
    """Mark a restore in the caller's transaction, no earlier than anything that is already recorded."""
    newest = connection.scalar(select(func.max(record.c.at))) or 0
    before = connection.scalar(select(func.max(restoration.c.at))) or 0
    at = max(to_unix(now), newest, before)
    if at != before:
        connection.execute(insert(restoration).values(at=at))


def recognise(database: Database, now: datetime) -> bool:
    """Mark a restore where the database is an older copy than what is kept outside. Returns whether it was one."""
    outside = database.outside
    kept = outside.last() if outside else None
    if outside is None or kept is None or _stands(database, kept):
        _keep_first(database, outside)
        return False
    with database.write() as connection:
        note(connection, now)
    enter(database, now)
    return True


def enter(database: Database, now: datetime) -> None:
    """Write a restore into the record, and keep outside that it goes on from there."""
    with database.write() as connection:
        entry = audit.append(connection, "restore", now)
    if database.outside:
        database.outside.keep(Last(entry.sequence, entry.hash), instead=True)


def _stands(database: Database, kept: Last) -> bool:
    with database.read() as connection:
        found = connection.scalar(select(record.c.hash).where(record.c.sequence == kept.sequence))
    return found == kept.hash


def _keep_first(database: Database, outside: Outside | None) -> None:
    if outside is None or outside.last() is not None:
        return
    with database.read() as connection:
        entry = audit.last_entry(connection)
    if entry is not None:
        outside.keep(Last(entry.sequence, entry.hash))
