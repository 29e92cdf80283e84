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
from core.store.outside import Last
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
    """Mark a restore where the database is an older copy than what is kept outside. Returns whether it was one.

    Every way in calls this before it writes or shows anything: each start and unlock of a staff face, each command.
    """
    if is_old_copy(database):
        enter(database, now)
        return True
    _keep_first(database)
    return False


def is_old_copy(database: Database) -> bool:
    """Whether the record lacks the entry that is kept outside, so that what came after this copy is lost."""
    if database.outside is None:
        return False
    with database.read() as connection:
        return not database.outside.stands(connection)


def enter(database: Database, now: datetime) -> None:
    """Mark a restore and write it into the record, and keep outside that it goes on from there."""
    with database.write(starts_over=True) as connection:
        note(connection, now)
        audit.append(connection, "restore", now)


def _keep_first(database: Database) -> None:
    outside = database.outside
    if outside is None or outside.last() is not None:
        return
    with database.read() as connection:
        entry = audit.last_entry(connection)
    if entry is not None:
        outside.keep(Last(entry.sequence, entry.hash))
