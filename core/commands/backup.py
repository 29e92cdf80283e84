"""``backup``: every row, locked, in one new file, while the portal runs; checked by restoring it.

Exits 1 where the database is an old copy that was put back: the backup is whole, but newer records are lost.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from core import backup
from core.commands import Command, Console, Found, locking, unlocking
from core.settings import Settings


def _configure(parser: ArgumentParser) -> None:
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="a new file, never replaced")
    locking.configure_lock(parser)


def _run(arguments: Namespace, console: Console) -> dict[str, object] | Found:
    lock, (database, old) = locking.lock(arguments), unlocking.enter(console)
    room = Settings().data
    room.mkdir(parents=True, exist_ok=True, mode=0o700)
    made = backup.make(database, arguments.out, lock, console.clock(), room)
    said = {
        "made_at": made.header.made_at,
        "rows": made.rows,
        "bytes": made.size,
        "sha256": made.digest.hex(),
        "head": {"sequence": made.header.entries, "hash": made.header.hash},
        "checked": True,
    }
    # It was made; but whoever runs it each night must not take this night for any other.
    return Found(said) if old else said


COMMAND = Command("Make a locked backup while the portal runs.", _configure, _run)
