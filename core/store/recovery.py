"""A new recovery sheet for an open vault: the code before it stops working."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update

from core import entries, vault
from core.store import audit
from core.store.database import Database
from core.store.schema import therapist
from core.vault import DataKey


def renew(database: Database, therapist_id: str, data_key: DataKey, now: datetime) -> str:
    """Return a new recovery code. Only what it opens is kept, never the code."""
    code = vault.new_recovery_code()
    wrapped = vault.wrap_for_recovery(data_key.raw, code, therapist_id)
    with database.write() as connection:
        connection.execute(update(therapist).where(therapist.c.id == therapist_id).values(wrapped_for_recovery=wrapped))
        keeper = audit.Keeper(therapist_id, data_key)
        audit.append(connection, "passphrase_change", now, keeper, entries.opens_with("recovery_sheet"))
    return code
