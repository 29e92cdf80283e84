"""Batches of cards: begun, finished or put away; listed with their numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Row, Select, case, delete, func, select, update

from core.errors import BatchGone
from core.model.dates import from_unix, to_unix
from core.store import cards
from core.store.cards import Card
from core.store.database import Database
from core.store.schema import batch, card


@dataclass(frozen=True, slots=True)
class Batch:
    """Cards that were made together. ``first`` and ``last``: numbers on stubs; ``blocked``: how many are.

    ``finished``: whether its sheets were drawn and read back. Until then all of it is blocked.
    """

    id: str
    therapist_id: str
    language: str
    base: str
    preset: str
    made_at: datetime
    finished: bool
    first: int
    last: int
    blocked: int

    @property
    def count(self) -> int:
        """How many cards."""
        return self.last - self.first + 1


def finish(connection: Connection, batch_ids: Sequence[str], now: datetime) -> None:
    """Let the cards of batches that were begun be used. Raises ``BatchGone`` where one was put away meanwhile."""
    begun = batch.c.id.in_(batch_ids), batch.c.finished_at.is_(None)
    if connection.execute(update(batch).where(*begun).values(finished_at=to_unix(now))).rowcount != len(batch_ids):
        raise BatchGone
    connection.execute(update(card).where(card.c.batch_id.in_(batch_ids)).values(state="printed"))


def put_away(connection: Connection, batch_ids: Sequence[str]) -> None:
    """Delete batches that were begun and never finished, with their cards: no sheet of them ever left."""
    begun = list(connection.scalars(select(batch.c.id).where(batch.c.id.in_(batch_ids), batch.c.finished_at.is_(None))))
    connection.execute(delete(card).where(card.c.batch_id.in_(begun)))
    connection.execute(delete(batch).where(batch.c.id.in_(begun)))


def latest(database: Database, most: int = 50) -> list[Batch]:
    """Return the latest batches of the practice, newest first."""
    with database.read() as connection:
        rows = connection.execute(_listed().order_by(func.max(card.c.number).desc()).limit(most)).all()
    return [_batch(row) for row in rows]


def unfinished(database: Database) -> list[Batch]:
    """Return the batches that were begun and not finished, by their numbers."""
    query = _listed().where(batch.c.finished_at.is_(None)).order_by(func.max(card.c.number))
    with database.read() as connection:
        rows = connection.execute(query).all()
    return [_batch(row) for row in rows]


def find(database: Database, batch_id: str) -> Batch:
    """Return one batch. Raises ``BatchGone``."""
    with database.read() as connection:
        row = connection.execute(_listed().where(batch.c.id == batch_id)).first()
    if row is None:
        raise BatchGone
    return _batch(row)


def cards_of(database: Database, batch_id: str) -> list[Card]:
    """Return the cards of a batch by number."""
    with database.read() as connection:
        rows = connection.execute(select(card).where(card.c.batch_id == batch_id).order_by(card.c.number)).all()
    return [cards.as_card(row) for row in rows]


def _listed() -> Select[tuple[object, ...]]:
    blocked = func.sum(case((card.c.state == "blocked", 1), else_=0))
    return (
        select(batch, func.min(card.c.number).label("first"), func.max(card.c.number).label("last"))
        .add_columns(blocked.label("blocked"))
        .join(card, card.c.batch_id == batch.c.id)
        .group_by(*batch.columns)
    )


def _batch(row: Row[tuple[object, ...]]) -> Batch:
    return Batch(
        row.id,
        row.therapist_id,
        row.language,
        row.base,
        row.preset,
        from_unix(row.created_at),
        row.finished_at is not None,
        row.first,
        row.last,
        int(row.blocked),
    )
