"""How the therapist's list and a verdict grow: 100, 1,000 and 10,000 people in the vault, each with one token.

    python -m bench.people [SIZE …]

The list is the first one after an unlock; the verdict is on a draft with three people in it. Best of several
rounds, in seconds: by the clock and, in brackets, of the processor, since a busy machine makes others wait. Beside
them, at the same moment, the bare opening of as many sealed rows as the list reads. Nothing is asserted; a
made-up practice in a temporary folder.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

from core import knowing, people, saving
from core.demo import PASSPHRASE, start_demo
from core.keys import ClientKeys
from core.model.dates import add_months
from core.model.post import Post, Story
from core.model.preferences import Preferences
from core.model.taxonomy import TAXONOMY
from core.store import cards
from core.store.cards import Card, Order
from core.store.database import Database
from core.store.practice import Therapist
from core.store.vaults import Vault, open_vault
from core.vault import Place

SIZES = (100, 1_000, 10_000)
ROUNDS = 5
BASE = "https://sayso.example.org"
NOW = datetime.now(UTC).replace(microsecond=0)


def main(sizes: tuple[int, ...]) -> None:
    """Fill the vault step by step and print a row at each size."""
    with TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'bench.sqlite3'}")
        database.migrate()
        therapist = start_demo(database, BASE, NOW).therapist
        vault = open_vault(database, therapist.id, PASSPHRASE)
        print("| people | list | µs a person | verdict on three | bare opening of the rows |\n|---|---|---|---|---|")
        made: list[Card] = []
        for size in sizes:
            made += _fill(vault, therapist, size - len(made))
            listed, judged = _best(partial(_list, vault, size)), _best(partial(_judge, vault, made))
            opened = _best(_opening(vault, 2 * size))
            each = f"{listed[1] / size * 1e6:.0f}"
            print(f"| {size:,} | {_shown(listed)} | {each} | {_shown(judged)} | {_shown(opened)} |", flush=True)


def _fill(vault: Vault, therapist: Therapist, count: int) -> list[Card]:
    """Import one token from each of ``count`` new cards, its key confirmed."""
    choices = Preferences(
        channels=dict.fromkeys(TAXONOMY.channel_ids, "ask"),
        materials=("lesson", "story"),
        topics=("work",),
        note="not the thing at my old job",
        therapy="during",
        gap_months=0,
        issued_at=NOW,
        expires_at=add_months(NOW, 6),
    )
    with vault.database.write() as connection:
        made = cards.register(connection, Order(therapist.id, "en", BASE, "card", count), NOW)
        for card in made:
            keys = ClientKeys.new()
            vault.keep(connection, [saving.write_choices(card, therapist, choices, keys=keys).token], NOW)
            vault.change_holder(connection, card.code, alias="R", confirmed_key=keys.signing_public, confirmed_at=NOW)
    return made


def _list(vault: Vault, expected: int) -> None:
    found = people.list_people(vault, NOW)
    if len([one for one in found if one.standing.in_force]) != expected:
        raise SystemExit("the list is not whole")


def _judge(vault: Vault, made: list[Card]) -> None:
    three = made[:: len(made) // 3][:3]
    stories = tuple(Story(people=(card.code,), session_date=date(2026, 1, 15)) for card in three)
    post = Post(
        channels=("post",),
        form="composite",
        materials=("lesson",),
        topics=("work",),
        live=False,
        paid=False,
        uses=(),
        stories=stories,
    )
    if len(knowing.judge(vault, post, NOW).ask) != len(three):
        raise SystemExit("the verdict is another one")


def _opening(vault: Vault, count: int) -> Callable[[], None]:
    """Return the work of opening as many sealed rows, each of its own place, from memory."""
    places = [Place("bench", f"{number:016x}", vault.therapist_id) for number in range(count)]
    sealed = [vault.data_key.seal(bytes(546), place) for place in places]

    def work() -> None:
        for one, place in zip(sealed, places, strict=True):
            vault.data_key.open(one, place)

    return work


def _best(work: Callable[[], None]) -> tuple[float, float]:
    """Return the least seconds of the clock and of the processor."""

    def once() -> tuple[float, float]:
        wall, processor = perf_counter(), process_time()
        work()
        return perf_counter() - wall, process_time() - processor

    rounds = [once() for _ in range(ROUNDS)]
    return min(one[0] for one in rounds), min(one[1] for one in rounds)


def _shown(seconds: tuple[float, float]) -> str:
    return f"{seconds[0]:.3f} ({seconds[1]:.3f})"


if __name__ == "__main__":
    main(tuple(int(size) for size in sys.argv[1:]) or SIZES)
