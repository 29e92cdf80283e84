"""Cards: registered in batches, handed out by their stub's number, found by their code."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, Connection, Row, bindparam, func, insert, select, update

from core import card as codes
from core.errors import BadInput, CardBlocked, CardExpired, CardUnknown, StubBlocked
from core.model.dates import add_months, to_unix
from core.store.database import Database, new_id
from core.store.schema import batch, card

State = Literal["printed", "handed_out", "blocked"]
#: A card that nobody handed out within this time ends; one that was handed out does not.
SHELF_LIFE_MONTHS = 24
#: In one batch.
MOST_CARDS = 10_000


@dataclass(frozen=True, slots=True)
class Card:
    """One printed card. ``number``: what its stub shows. ``ends_at``: Unix seconds or None.

    ``only_no``: its therapist left, so it says no or stop and nothing else. ``sealing_public``: the key it was
    printed with, where its therapist has a newer one.
    """

    code: str
    number: int
    therapist_id: str
    language: str
    state: State
    ends_at: int | None
    only_no: bool = False
    sealing_public: bytes | None = None
    batch_id: str = ""

    def has_ended(self, now: datetime) -> bool:
        """Whether it lay about so long that it no longer counts."""
        return self.ends_at is not None and to_unix(now) >= self.ends_at


@dataclass(frozen=True, slots=True)
class Order:
    """What a batch is made of. ``base``: the public address the codes are printed with."""

    therapist_id: str
    language: str
    base: str
    preset: str
    count: int


def register(connection: Connection, order: Order, now: datetime, draw: Callable[[], str] = codes.draw) -> list[Card]:
    """Make ``order.count`` new cards and return them in the order of their numbers. Raises ``BadInput``."""
    return _made(connection, order, now, draw, finished=True)


def begin(connection: Connection, order: Order, now: datetime, draw: Callable[[], str] = codes.draw) -> list[Card]:
    """Make cards that are blocked until ``finish``: whatever ends the work in between, none can be used.

    Raises ``BadInput``.
    """
    return _made(connection, order, now, draw, finished=False)


def _made(
    connection: Connection, order: Order, now: datetime, draw: Callable[[], str], *, finished: bool
) -> list[Card]:
    if not 1 <= order.count <= MOST_CARDS:
        raise BadInput(problem=f"Make between 1 and {MOST_CARDS} cards at a time.")
    batch_id = new_id()
    connection.execute(
        insert(batch).values(
            id=batch_id,
            therapist_id=order.therapist_id,
            language=order.language,
            base=order.base,
            preset=order.preset,
            created_at=to_unix(now),
            finished_at=to_unix(now) if finished else None,
        )
    )
    first = (connection.scalar(select(func.max(card.c.number))) or 0) + 1
    ends_at = to_unix(add_months(now, SHELF_LIFE_MONTHS))
    state: State = "printed" if finished else "blocked"
    made = [
        Card(code, first + i, order.therapist_id, order.language, state, ends_at, batch_id=batch_id)
        for i, code in enumerate(_fresh_codes(connection, order.count, draw))
    ]
    connection.execute(insert(card), [_row(one, now) for one in made])
    return made


def _fresh_codes(connection: Connection, count: int, draw: Callable[[], str]) -> list[str]:
    fresh: dict[str, None] = {}
    while len(fresh) < count:
        drawn = [draw() for _ in range(min(count - len(fresh), 500))]
        taken = set(connection.scalars(select(card.c.code).where(card.c.code.in_(drawn))))
        fresh.update(dict.fromkeys(code for code in drawn if code not in taken))
    return list(fresh)


def _row(one: Card, now: datetime) -> dict[str, object]:
    return {
        "code": one.code,
        "number": one.number,
        "therapist_id": one.therapist_id,
        "batch_id": one.batch_id,
        "language": one.language,
        "state": one.state,
        "created_at": to_unix(now),
        "ends_at": one.ends_at,
    }


def find(database: Database, typed: str) -> Card:
    """Return the card a person typed, whatever its state. Raises ``CardUnknown``."""
    return _one(database, card.c.code == codes.parse(typed))


def find_number(database: Database, number: int) -> Card:
    """Return the card whose stub shows ``number``. Raises ``CardUnknown``."""
    if not 0 < number < 2**31:
        raise CardUnknown
    return _one(database, card.c.number == number)


def by_code(connection: Connection, wanted: Collection[str]) -> dict[str, Card]:
    """Return the cards with these codes, by code, whatever their state; those there are."""
    return {row[0]: Card(*row) for row in connection.execute(_OF_CODES, {"codes": list(wanted)})}


def usable(database: Database, typed: str, now: datetime) -> Card:
    """Return a card that may be used. Raises ``CardUnknown``, ``CardBlocked`` or ``CardExpired``."""
    found = find(database, typed)
    if found.state == "blocked":
        raise CardBlocked
    if found.has_ended(now):
        raise CardExpired
    return found


def hand_out(database: Database, number: int, now: datetime) -> Card:
    """Note that the card with this stub was handed out. Doing it twice changes nothing. Raises ``StubBlocked``."""
    found = find_number(database, number)
    if found.state == "blocked" or found.only_no:
        raise StubBlocked(number=number)
    with database.write() as connection:
        note_hand_out(connection, number, now)
    return find_number(database, number)


def note_hand_out(connection: Connection, number: int, now: datetime) -> None:
    """Note a hand-out in the caller's transaction. A card that is handed out or blocked stays as it is."""
    note_hand_outs(connection, [number], now)


def note_hand_outs(connection: Connection, numbers: Sequence[int], now: datetime) -> None:
    """Note that these were handed out, in the caller's transaction. What is handed out or blocked stays as it is."""
    if numbers:
        connection.execute(_HAND_OUT, {"numbers": numbers, "at": to_unix(now)})


def take_back(database: Database, number: int, now: datetime) -> Card:
    """Undo a hand-out that was noted by mistake."""
    with database.write() as connection:
        connection.execute(
            update(card)
            .where(card.c.number == number, card.c.state == "handed_out")
            .values(state="printed", handed_out_at=None, ends_at=to_unix(add_months(now, SHELF_LIFE_MONTHS)))
        )
    return find_number(database, number)


def block(database: Database, numbers: Sequence[int]) -> int:
    """Block cards that were lost before they were handed out. Returns how many were."""
    return len(block_printed(database, numbers))


def block_printed(database: Database, numbers: Sequence[int]) -> list[int]:
    """Block those of the cards that nobody handed out, and return their numbers. Raises ``BadInput`` for none named."""
    if not numbers:
        raise BadInput(problem="Say which cards, by the numbers on their stubs.")
    with database.write() as connection:
        meant = select(card.c.number).where(card.c.number.in_(numbers), card.c.state == "printed")
        blocked = list(connection.scalars(meant.order_by(card.c.number)))
        connection.execute(update(card).where(card.c.number.in_(blocked)).values(state="blocked"))
    return blocked


def unblock(database: Database, numbers: Sequence[int]) -> int:
    """Undo a blocking by mistake. Returns how many cards work again: none of a batch that was never finished.

    A blocked card lets nothing in, so there is nothing to lose by it.
    """
    finished = select(batch.c.id).where(batch.c.finished_at.is_not(None))
    with database.write() as connection:
        result = connection.execute(
            update(card)
            .where(card.c.number.in_(numbers), card.c.state == "blocked", card.c.batch_id.in_(finished))
            .values(state="printed")
        )
    return result.rowcount


def of_therapist(database: Database, therapist_id: str) -> list[Card]:
    """Return a therapist's cards by number."""
    with database.read() as connection:
        rows = connection.execute(_AS_CARDS.where(card.c.therapist_id == therapist_id).order_by(card.c.number)).all()
    # In the order of the fields: of ten thousand, a name for each value takes longer than reading them.
    return [Card(*row) for row in rows]


def counts(database: Database, therapist_id: str) -> dict[State, int]:
    """Return how many cards are in each state, of the batches that were finished."""
    query = (
        select(card.c.state, func.count())
        .join(batch, batch.c.id == card.c.batch_id)
        .where(card.c.therapist_id == therapist_id, batch.c.finished_at.is_not(None))
        .group_by(card.c.state)
    )
    with database.read() as connection:
        found: dict[State, int] = {row[0]: row[1] for row in connection.execute(query)}
    return {
        "printed": found.get("printed", 0),
        "handed_out": found.get("handed_out", 0),
        "blocked": found.get("blocked", 0),
    }


_AS_CARDS = select(
    card.c.code,
    card.c.number,
    card.c.therapist_id,
    card.c.language,
    card.c.state,
    card.c.ends_at,
    card.c.handed_over_at.is_not(None),
    card.c.sealing_public,
    card.c.batch_id,
)
# Made once: to put a statement together takes as long as to have it answered.
_OF_CODES = _AS_CARDS.where(card.c.code.in_(bindparam("codes", expanding=True)))
_HAND_OUT = (
    update(card)
    .where(card.c.number.in_(bindparam("numbers", expanding=True)), card.c.state == "printed")
    .values(state="handed_out", handed_out_at=bindparam("at"), ends_at=None)
)


def _one(database: Database, condition: ColumnElement[bool]) -> Card:
    with database.read() as connection:
        row = connection.execute(select(card).where(condition)).first()
    if row is None:
        raise CardUnknown
    return as_card(row)


def as_card(row: Row[tuple[object, ...]]) -> Card:
    """Return a row of the table as a card."""
    own = (row.code, row.number, row.therapist_id, row.language, row.state, row.ends_at)
    return Card(*own, only_no=row.handed_over_at is not None, sealing_public=row.sealing_public, batch_id=row.batch_id)
