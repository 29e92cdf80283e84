"""The recovery sheet of an open vault: a new one, by which the code before it ends, and whether it was tried."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update

from core import entries, vault
from core.model.dates import to_unix
from core.store import audit
from core.store.database import Database
from core.store.schema import therapist
from core.vault import DataKey


def renew(database: Database, therapist_id: str, data_key: DataKey, now: datetime) -> str:
    """Return a new recovery code. Only what it opens is kept, never the code."""
    code = vault.new_recovery_code()
    wrapped = vault.wrap_for_recovery(data_key.raw, code, therapist_id)
    with database.write() as connection:
        connection.execute(
            update(therapist)
            .where(therapist.c.id == therapist_id)
            .values(wrapped_for_recovery=wrapped, sheet_tried_at=None)
        )
        keeper = audit.Keeper(therapist_id, data_key)
        audit.append(connection, "passphrase_change", now, keeper, entries.opens_with("recovery_sheet"))
    return code


def note_tried(database: Database, therapist_id: str, now: datetime) -> None:
    """Note that this vault's sheet was typed in and opens it."""
    with database.write() as connection:
        connection.execute(update(therapist).where(therapist.c.id == therapist_id).values(sheet_tried_at=to_unix(now)))


def was_tried(database: Database, therapist_id: str) -> bool:
    """Whether the sheet this vault has now was ever tried."""
    with database.read() as connection:
        return connection.scalar(select(therapist.c.sheet_tried_at).where(therapist.c.id == therapist_id)) is not None
