"""``make bench``: how long the core's own work takes on this machine, as a table. Nothing is asserted.

A made-up practice in a temporary folder; real crypto, a real database file, no browser.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from core import importing, people, qr, token
from core.demo import PASSPHRASE, start_demo
from core.keys import ClientKeys
from core.saving import Outbox, Saved, nevers, save_choices
from core.store import cards
from core.store.cards import Card, Order
from core.store.database import Database
from core.store.limits import Limits
from core.store.practice import Therapist
from core.store.vaults import Vault, open_vault

PEOPLE = 100
ROUNDS = 20
BASE = "https://sayso.example.org"
NOW = datetime.now(UTC).replace(microsecond=0)


@dataclass(frozen=True)
class Practice:
    """A demo practice with ``PEOPLE`` cards handed out."""

    database: Database
    therapist: Therapist
    cards: list[Card]

    def save(self, card: Card) -> Saved:
        """One client's no to everything: signed, sealed, and put into the mailbox."""
        outbox = Outbox(self.database, Limits(self.database, b"bench"), mailbox_on=True)
        return save_choices(outbox, card, self.therapist, nevers(NOW), keys=ClientKeys.new())

    def unlock(self) -> Vault:
        """The therapist's vault, opened with the passphrase."""
        return open_vault(self.database, self.therapist.id, PASSPHRASE)


def main() -> None:
    """Measure and print."""
    with TemporaryDirectory() as folder:
        rows = measure(_practice(Path(folder)))
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}. Median of {ROUNDS}.\n")
    print("| what | milliseconds |\n|---|---|")
    for what, milliseconds in rows:
        print(f"| {what} | {milliseconds:.1f} |")


def measure(practice: Practice) -> list[tuple[str, float]]:
    """Return what was measured, in the order of the work: what, and milliseconds."""
    saved = practice.save(practice.cards[0])
    vault = practice.unlock()
    # A card sends at most 20 parcels a day, so each save is another client's.
    clients = iter(practice.cards)
    single = [
        ("a client's save, sent", _median(lambda: practice.save(next(clients)))),
        ("the token's QR code as SVG", _median(lambda: qr.svg(qr.matrix(saved.token.text)))),
        ("unlock a vault", _median(practice.unlock)),
        ("open and check one token", _median(lambda: token.read(saved.token.text, [vault.keys.sealing], NOW))),
    ]
    texts = [practice.save(card).token.text for card in practice.cards]
    looks = [outcome.preview for outcome in importing.look_at_many(vault, texts, NOW)]
    previews = [look for look in looks if look is not None]
    return [
        *single,
        (f"import {len(previews)} tokens at once", _once(lambda: importing.keep_many(vault, previews, NOW))),
        (f"the list of {PEOPLE} people", _median(lambda: people.list_people(vault, NOW))),
    ]


def _practice(folder: Path) -> Practice:
    database = Database(f"sqlite:///{folder / 'bench.sqlite3'}")
    database.migrate()
    therapist = start_demo(database, BASE, NOW).therapist
    with database.write() as connection:
        made = cards.register(connection, Order(therapist.id, "en", BASE, "card", PEOPLE), NOW)
    return Practice(database, therapist, [cards.hand_out(database, card.number, NOW) for card in made])


def _once(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return (perf_counter() - start) * 1000


def _median(work: Callable[[], object]) -> float:
    return median(_once(work) for _ in range(ROUNDS))


if __name__ == "__main__":
    main()
