"""The practice's logo: one small PNG, or none."""

from __future__ import annotations

from sqlalchemy import delete, insert, select

from core.store.database import Database
from core.store.schema import logo


def find(database: Database) -> bytes:
    """Return the logo as a PNG, or nothing."""
    with database.read() as connection:
        return bytes(connection.scalar(select(logo.c.png)) or b"")


def keep(database: Database, png: bytes) -> None:
    """Keep a logo in the place of the one before; nothing to have none."""
    with database.write() as connection:
        connection.execute(delete(logo))
        if png:
            connection.execute(insert(logo).values(id=1, png=png))
