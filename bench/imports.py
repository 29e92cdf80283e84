"""How fast tokens are imported, against the bare HPKE opening and Ed25519 check of the same tokens, in one run.

    python -m bench.imports [COUNT]

COUNT (1,000) clients' first tokens, each on a card of its own, looked at and kept in hundreds: opened, checked,
sealed into the vault, the client told, one entry in the record each. The letters that tell the clients are timed
alone too: each is signed and sealed twice, which takes longer than the bare work. Last, as many other tokens in a
practice that has its mailbox switched off and so writes no letters. Each hundred goes through all of it before the
next, so that other work on the machine slows all alike. The ratio is of this process's time on the processor; what
a server does beside it is in the seconds. On SQLite in a temporary folder and, where PostgreSQL is installed, on a
server of its own. The aim is a ratio of 0.5. Nothing is asserted but that all came in.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from core import importing, saving, telling, token
from core.demo import PASSPHRASE, start_demo
from core.keys import ClientKeys
from core.model.dates import add_months
from core.model.preferences import Preferences
from core.model.taxonomy import TAXONOMY
from core.store import audit, cards, practice
from core.store.cards import Order
from core.store.database import Database
from core.store.practice import Therapist
from core.store.vaults import Vault, open_vault
from core.token import Token
from tests.core.store import postgres

BASE = "https://sayso.example.org"
NOW = datetime.now(UTC).replace(microsecond=0)
AT_ONCE = 100
T = TypeVar("T")
#: Seconds by the clock and of the processor.
Spent = tuple[float, float]


def main(count: int) -> None:
    """Measure and print a row for each database."""
    print("| what | seconds | of the processor | tokens a second | bare / this |\n|---|---|---|---|---|")
    with TemporaryDirectory() as folder:
        _measure("SQLite", f"sqlite:///{Path(folder) / 'bench.sqlite3'}", count)
    with _server() as address:
        if address:
            _measure("PostgreSQL", address, count)


def _measure(name: str, address: str, count: int) -> None:
    database = Database(address)
    database.migrate()
    therapist = start_demo(database, BASE, NOW).therapist
    vault = open_vault(database, therapist.id, PASSPHRASE)
    sent, untold = _tokens(vault, therapist, count), _tokens(vault, therapist, count)
    entries = _entries(vault)
    # As the portal does at its start: what is there before is no part of the search for garbage.
    gc.freeze()
    spent: dict[str, Spent] = {}
    for start in range(0, count, AT_ONCE):
        some = slice(start, start + AT_ONCE)
        for what, seconds in _round(vault, sent[some], untold[some]):
            spent[what] = _sum(spent.get(what, (0, 0)), seconds)
    gc.unfreeze()
    if _entries(vault) != entries + 2 * count or len(vault.records()) != 2 * count:
        raise SystemExit("not all came in, or not each is one entry")
    floor = spent["bare opening and check"][1]
    for what, (wall, processor) in spent.items():
        row = f"| {wall:.2f} | {processor:.2f} | {count / wall:,.0f} | {floor / processor:.2f} |"
        print(f"| {name}: {what} {row}", flush=True)
    database.close()


def _round(vault: Vault, sent: list[Token], untold: list[Token]) -> Iterator[tuple[str, Spent]]:
    keys = vault.keys.all_sealing
    yield "bare opening and check", _timed(lambda: _bare(vault, sent))[0]
    yield "reading alone", _timed(lambda: [token.read(one.text, keys, NOW) for one in sent])[0]
    practice.switch_mailbox(vault.database, NOW, on=True)
    looked, kept = _imported(vault, sent)
    yield from (("looked at", looked), ("kept", kept), ("whole import", _sum(looked, kept)))
    yield "the letters alone", _timed(lambda: [telling.seen_letter(vault, one, (), None, NOW) for one in sent])[0]
    practice.switch_mailbox(vault.database, NOW, on=False)
    yield "whole import, no mailbox", _sum(*_imported(vault, untold))


def _imported(vault: Vault, sent: list[Token]) -> tuple[Spent, Spent]:
    """Look at tokens and keep them, and return what each of the two took."""
    texts = [one.text for one in sent]
    looked, outcomes = _timed(lambda: importing.look_at_many(vault, texts, NOW))
    previews = [one.preview for one in outcomes if one.preview]
    return looked, _timed(lambda: importing.keep_many(vault, previews, NOW))[0]


def _sum(one: Spent, other: Spent) -> Spent:
    return one[0] + other[0], one[1] + other[1]


def _tokens(vault: Vault, therapist: Therapist, count: int) -> list[Token]:
    choices = Preferences(
        channels=dict.fromkeys(TAXONOMY.channel_ids, "ask"),
        materials=("lesson", "story"),
        topics=("work",),
        note="not the thing at my old job",
        issued_at=NOW,
        expires_at=add_months(NOW, 6),
    )
    with vault.database.write() as connection:
        made = cards.register(connection, Order(therapist.id, "en", BASE, "card", count), NOW)
        for card in made:
            cards.note_hand_out(connection, card.number, NOW)
    return [saving.write_choices(card, therapist, choices, keys=ClientKeys.new()).token for card in made]


def _bare(vault: Vault, sent: list[Token]) -> None:
    suite = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
    private = X25519PrivateKey.from_private_bytes(vault.keys.sealing.private)
    for one in sent:
        head, sealed = one.envelope[:10], one.envelope[10:-4]
        data = suite.decrypt(sealed, private, info=b"sayso/v1/token" + head)
        Ed25519PublicKey.from_public_bytes(data[128:160]).verify(data[176:], b"sayso/v1/body" + head + data[:176])


def _entries(vault: Vault) -> int:
    """Return how many imports the record tells of. Switching the mailbox has entries of its own."""
    with vault.database.read() as connection:
        return sum(entry.kind == "import" for entry in audit.entries(connection))


def _timed(work: Callable[[], T]) -> tuple[Spent, T]:
    """Return the seconds of the clock and of the processor that ``work`` took, and what it returned."""
    wall, processor = perf_counter(), process_time()
    done = work()
    return (perf_counter() - wall, process_time() - processor), done


@contextmanager
def _server() -> Iterator[str | None]:
    try:
        postgres.programs()
    except LookupError:
        yield None
        return
    with postgres.running() as server:
        yield server.address(server.make())


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000)
