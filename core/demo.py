"""The demo practice: one tap, clearly marked, real parts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

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
    """Make the demo practice with a few cards handed out. Raises ``AlreadySetUp``."""
    answers = SetUp("Demo practice", "Demo therapist", ("demo account",), PASSPHRASE, demo=True)
    therapist, _ = practice.set_up(database, answers, now)
    with database.write() as connection:
        made = cards.register(connection, Order(therapist.id, "en", base, "card", _CARDS), now)
    return Demo(therapist, tuple(cards.hand_out(database, card.number, now) for card in made))
