"""Making cards: registered, drawn, and each code read back from the page before a sheet is offered.

Cards are registered as blocked. One transaction lets all of them be used, once their sheets were read back: so
whatever ends the work before that, a kill of the process too, leaves no card that works and was never printed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import IO
from urllib.parse import urlsplit

from core import seal, settings
from core.card import LENGTH
from core.errors import BadInput, HasLeft, NoRoom, NotASite, StubBlocked
from core.sheet import PRESETS, CardFace, Leaf, Progress, draw_leaves, draw_sheet, leaves, no_progress, verify_leaves
from core.store import attendance, card_batches, cards, logo, practice, rotation
from core.store.card_batches import Batch
from core.store.cards import Card, Order
from core.store.database import Database

#: In one go, over all its lines.
MOST = cards.MOST_CARDS
#: Printers are off by a few millimetres; more is a wrong sheet.
WIDEST_OFFSET = 20.0


@dataclass(frozen=True, slots=True)
class Made:
    """Cards that can be printed. ``first`` and ``last``: numbers on the stubs; ``sheets``: pages of the PDF."""

    first: int
    last: int
    sheets: int


def site(typed: str) -> str:
    """Return the public address a person meant, as ``https://host``. Raises ``NotASite``."""
    tidy = typed.strip()
    try:
        return settings.site(tidy if "://" in tidy else f"https://{tidy}")
    except ValueError:
        raise NotASite from None


def origin(address: str) -> str:
    """Return scheme and host of an address, such as the one a page was opened at; empty where it has none."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme and parts.netloc else ""


def make(
    database: Database,
    orders: Sequence[Order],
    now: datetime,
    out: IO[bytes],
    offset_mm: tuple[float, float] = (0.0, 0.0),
    progress: Progress = no_progress,
) -> Made:
    """Make the cards of all orders, each starting a new sheet, as one PDF written to ``out``, which is read back too.

    All orders are for one preset. ``progress``: steps done, of how many; what it raises stops the work, and
    no card is left of it. Raises ``BadInput``, ``AddressTooLong``, ``NoRoom``, or ``UnreadableCode`` with the
    number of the card.
    """
    check(database, orders, offset_mm)
    with database.write() as connection:
        begun = [cards.begin(connection, order, now) for order in orders]
    batch_ids = [made[0].batch_id for made in begun]
    try:
        preset = PRESETS[orders[0].preset]
        sheets = [
            leaf
            for order, made in zip(orders, begun, strict=True)
            for leaf in leaves([*map(_face_maker(database, order), made)], preset)
        ]
        _printed(out, sheets, orders[0].preset, offset_mm, progress)
        with database.write() as connection:
            card_batches.finish(connection, batch_ids, now)
    except BaseException:
        with database.write() as connection:
            card_batches.put_away(connection, batch_ids)
        raise
    return Made(begun[0][0].number, begun[-1][-1].number, len(sheets))


def check(database: Database, orders: Sequence[Order], offset_mm: tuple[float, float]) -> None:
    """Raise ``BadInput`` or ``AddressTooLong`` for what can not be printed. Makes nothing."""
    if not 1 <= sum(order.count for order in orders) <= MOST or any(order.count < 1 for order in orders):
        raise BadInput(problem=f"Choose from 1 to {MOST:,} cards at a time.")
    if len({order.preset for order in orders} & PRESETS.keys()) != 1:
        raise BadInput(problem="Choose what the cards are printed on.")
    _check_offset(offset_mm)
    if any(attendance.has_left(database, order.therapist_id) for order in orders):
        raise HasLeft
    # A look at one blank card of each kind.
    for order in orders:
        draw_sheet([_face_maker(database, order)(_blank(order))], PRESETS[order.preset])


def again(database: Database, batch: Batch, sheet: int, offset_mm: tuple[float, float] = (0.0, 0.0)) -> bytes:
    """Return one sheet of a batch once more: the same codes and numbers, each at its place.

    Places of cards that were handed out or blocked stay empty: a second copy of those would get into another
    client's hands. ``sheet`` counts from 1. Raises ``BadInput`` where nothing is left to print.
    """
    preset = PRESETS[batch.preset]
    wanted = leaves(_left(database, batch), preset)
    if not 1 <= sheet <= len(wanted) or not wanted[sheet - 1].faces:
        raise BadInput(problem="No card of this sheet is left to print: all were handed out or blocked.")
    _check_offset(offset_mm)
    return _new_copy(database, [wanted[sheet - 1]], batch.preset, offset_mm)


def one_again(database: Database, number: int, preset: str, offset_mm: tuple[float, float] = (0.0, 0.0)) -> bytes:
    """Return one card once more, with the same code and number, on the first place of a sheet.

    A card that was handed out is for its own client only. Raises ``CardUnknown`` or ``StubBlocked``.
    """
    card = cards.find_number(database, number)
    if card.state == "blocked" or card.only_no:
        raise StubBlocked(number=number)
    if preset not in PRESETS:
        raise BadInput(problem="Choose what the cards are printed on.")
    _check_offset(offset_mm)
    face = _face_maker(database, _order(card_batches.find(database, card.batch_id)))(card)
    return _new_copy(database, leaves([face], PRESETS[preset]), preset, offset_mm)


def sheets(batch: Batch) -> list[tuple[int, int]]:
    """Return the first and the last number of each sheet of a batch, in order."""
    each = PRESETS[batch.preset].per_sheet
    return [(start, min(start + each - 1, batch.last)) for start in range(batch.first, batch.last + 1, each)]


def _left(database: Database, batch: Batch) -> list[CardFace | None]:
    face = _face_maker(database, _order(batch))
    made = card_batches.cards_of(database, batch.id)
    return [face(card) if card.state == "printed" and not card.only_no else None for card in made]


def _order(batch: Batch) -> Order:
    return Order(batch.therapist_id, batch.language, batch.base, batch.preset, batch.count)


def _new_copy(database: Database, wanted: Sequence[Leaf], preset: str, offset_mm: tuple[float, float]) -> bytes:
    out = BytesIO()
    _printed(out, wanted, preset, offset_mm, no_progress)
    # The words on it are those of the newest key, so that is the key these cards have from here on.
    rotation.printed_again(database, [face.code for leaf in wanted for face in leaf.faces])
    return out.getvalue()


def _printed(
    out: IO[bytes], wanted: Sequence[Leaf], name: str, offset_mm: tuple[float, float], progress: Progress
) -> None:
    preset, count = PRESETS[name], sum(len(leaf.faces) for leaf in wanted)
    try:
        draw_leaves(out, wanted, preset, offset_mm, lambda done, _: progress(done, 2 * count))
        out.flush()
    except OSError:
        raise NoRoom from None
    out.seek(0)
    verify_leaves(out, wanted, preset, lambda done, _: progress(count + done, 2 * count), offset_mm)
    out.seek(0)


def _blank(order: Order) -> Card:
    return Card("0" * LENGTH, 0, order.therapist_id, order.language, "printed", None)


def _check_offset(offset_mm: tuple[float, float]) -> None:
    if max(map(abs, offset_mm)) > WIDEST_OFFSET:
        raise BadInput(problem=f"The offset can be at most {WIDEST_OFFSET:g} mm.")


def _face_maker(database: Database, order: Order) -> Callable[[Card], CardFace]:
    therapist = practice.find_therapist(database, order.therapist_id)
    kept = practice.find_practice(database)
    words = seal.check_words(therapist.sealing_public, therapist.signing_public, order.language)
    practice_name, picture = kept.name if kept else "", logo.find(database)

    def face(card: Card) -> CardFace:
        return CardFace(
            card.code, card.number, order.base, words, order.language, therapist.name, practice_name, picture
        )

    return face
