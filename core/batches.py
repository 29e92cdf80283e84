"""Making cards: registered, drawn, and each code read back from the page before the sheet is offered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from core import seal, settings
from core.card import LENGTH
from core.errors import BadInput, NotASite
from core.sheet import PRESETS, CardFace, Progress, draw_sheet, no_progress, verify_sheet
from core.store import cards, practice
from core.store.cards import Card, Order
from core.store.database import Database

MOST = 500
#: Printers are off by a few millimetres; more is a wrong sheet.
WIDEST_OFFSET = 20.0


@dataclass(frozen=True, slots=True)
class Batch:
    """Cards that can be printed. ``pdf``: the sheets; ``first`` and ``last``: numbers on the stubs."""

    pdf: bytes = field(repr=False)
    first: int
    last: int


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
    order: Order,
    now: datetime,
    offset_mm: tuple[float, float] = (0.0, 0.0),
    progress: Progress = no_progress,
) -> Batch:
    """Make ``order.count`` cards as a PDF. ``progress``: steps done, of how many.

    Raises ``BadInput``, ``AddressTooLong``, or ``UnreadableCode`` with the number of the card; the
    cards of a sheet that failed are blocked, so that none of them is ever handed out.
    """
    _check(order, offset_mm)
    face = _face_maker(database, order)
    # A look at one blank card: what can not be printed at all makes no cards.
    draw_sheet([face(_blank(order))], PRESETS[order.preset])
    with database.write() as connection:
        made = cards.register(connection, order, now)
    try:
        pdf = _printed([face(card) for card in made], order, offset_mm, progress)
    except BaseException:
        cards.block(database, [card.number for card in made])
        raise
    return Batch(pdf, made[0].number, made[-1].number)


def _printed(faces: list[CardFace], order: Order, offset_mm: tuple[float, float], progress: Progress) -> bytes:
    preset, steps = PRESETS[order.preset], 2 * len(faces)
    pdf = draw_sheet(faces, preset, offset_mm, lambda done, _: progress(done, steps))
    verify_sheet(pdf, faces, preset, lambda done, _: progress(len(faces) + done, steps), offset_mm)
    return pdf


def _blank(order: Order) -> Card:
    return Card("0" * LENGTH, 0, order.therapist_id, order.language, "printed", None)


def _check(order: Order, offset_mm: tuple[float, float]) -> None:
    if not 1 <= order.count <= MOST:
        raise BadInput(problem=f"Choose from 1 to {MOST} cards at a time.")
    if order.preset not in PRESETS:
        raise BadInput(problem="Choose what the cards are printed on.")
    if max(map(abs, offset_mm)) > WIDEST_OFFSET:
        raise BadInput(problem=f"The offset can be at most {WIDEST_OFFSET:g} mm.")


def _face_maker(database: Database, order: Order) -> Callable[[Card], CardFace]:
    therapist = practice.find_therapist(database, order.therapist_id)
    kept = practice.find_practice(database)
    words = seal.check_words(therapist.sealing_public, therapist.signing_public, order.language)

    def face(card: Card) -> CardFace:
        return CardFace(
            card.code, card.number, order.base, words, order.language, therapist.name, kept.name if kept else ""
        )

    return face
