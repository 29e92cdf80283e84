"""A new recovery sheet for an open vault: the code before it stops working."""

from __future__ import annotations

from sqlalchemy import update

from core import vault
from core.store.database import Database
from core.store.schema import therapist
from core.vault import DataKey


def renew(database: Database, therapist_id: str, data_key: DataKey) -> str:
    """Return a new recovery code. Only what it opens is kept, never the code."""
    code = vault.new_recovery_code()
    wrapped = vault.wrap_for_recovery(data_key.raw, code, therapist_id)
    with database.write() as connection:
        connection.execute(update(therapist).where(therapist.c.id == therapist_id).values(wrapped_for_recovery=wrapped))
    return code
