"""How the therapist's list grows: the time to show 100, 1,000 and 10,000 people, each with one token.

``python -m bench.people``. Nothing is asserted; a made-up practice in a temporary folder.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from core import people, saving
from core.demo import PASSPHRASE, start_demo
from core.keys import ClientKeys
from core.model.dates import add_months
from core.model.preferences import Preferences
from core.model.taxonomy import TAXONOMY
from core.store import cards
from core.store.cards import Order
from core.store.database import Database
from core.store.practice import Therapist
from core.store.vaults import Vault, open_vault

SIZES = (100, 1_000, 10_000)
BASE = "https://sayso.example.org"
NOW = datetime.now(UTC).replace(microsecond=0)


def main(sizes: tuple[int, ...]) -> None:
    """Fill the vault step by step and print a row at each size."""
    with TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'bench.sqlite3'}")
        database.migrate()
        therapist = start_demo(database, BASE, NOW).therapist
        vault = open_vault(database, therapist.id, PASSPHRASE)
        print("| people | list, seconds | microseconds a person |\n|---|---|---|")
        known = 0
        for size in sizes:
            _fill(vault, therapist, size - known)
            known = size
            seconds = min(_once(vault, size) for _ in range(3))
            print(f"| {size:,} | {seconds:.3f} | {seconds / size * 1e6:.0f} |", flush=True)


def _fill(vault: Vault, therapist: Therapist, count: int) -> None:
    """Import one token from each of ``count`` new cards, its key confirmed."""
    choices = Preferences(
        channels=dict.fromkeys(TAXONOMY.channel_ids, "ask"),
        materials=("lesson", "story"),
        topics=("work",),
        note="not the thing at my old job",
        issued_at=NOW,
        expires_at=add_months(NOW, 6),
    )
    with vault.database.write() as connection:
        order = Order(therapist.id, "en", BASE, "card", count)
        for card in cards.register(connection, order, NOW):
            keys = ClientKeys.new()
            vault.keep(connection, saving.write_choices(card, therapist, choices, keys=keys).token, NOW)
            vault.change_holder(connection, card.code, alias="R", confirmed_key=keys.signing_public, confirmed_at=NOW)


def _once(vault: Vault, expected: int) -> float:
    start = perf_counter()
    found = people.list_people(vault, NOW)
    seconds = perf_counter() - start
    if len([one for one in found if one.standing.in_force]) != expected:
        raise SystemExit("the list is not whole")
    return seconds


if __name__ == "__main__":
    main(tuple(int(size) for size in sys.argv[1:]) or SIZES)
