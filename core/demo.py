"""The demo practice: one tap, clearly marked, real parts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from core.store import cards, practice
from core.store.cards import Card, Order
from core.store.database import Database
from core.store.practice import SetUp, Therapist

#: Shown on the screen, because nothing real is kept in a demo.
PASSPHRASE = "this is only a demo"  # noqa: S105
_CARDS = 5


@dataclass(frozen=True, slots=True)
class Demo:
    """A demo practice, ready to use."""

    therapist: Therapist
    cards: tuple[Card, ...]


def start_demo(database: Database, base: str, now: datetime) -> Demo:
    """Make the demo practice with a few cards handed out, all or nothing. Raises ``AlreadySetUp``."""
    answers = SetUp("Demo practice", "Demo therapist", ("demo account",), PASSPHRASE, demo=True)

    def with_cards(connection: Connection, therapist_id: str) -> None:
        for card in cards.register(connection, Order(therapist_id, "en", base, "card", _CARDS), now):
            cards.note_hand_out(connection, card.number, now)

    therapist, _ = practice.set_up(database, answers, now, with_cards)
    return Demo(therapist, tuple(cards.of_therapist(database, therapist.id)))
