"""``backup``: every row, locked, in one new file, while the portal runs; checked by restoring it."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from core import backup
from core.commands import Command, Console, locking, unlocking
from core.settings import Settings


def _configure(parser: ArgumentParser) -> None:
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="a new file, never replaced")
    locking.configure_lock(parser)


def _run(arguments: Namespace, console: Console) -> dict[str, object]:
    lock, database = locking.lock(arguments), unlocking.database()
    room = Settings().data
    room.mkdir(parents=True, exist_ok=True, mode=0o700)
    made = backup.make(database, arguments.out, lock, console.clock(), room)
    return {
        "made_at": made.header.made_at,
        "rows": made.rows,
        "bytes": made.size,
        "sha256": made.digest.hex(),
        "head": {"sequence": made.header.entries, "hash": made.header.hash},
        "checked": True,
    }


COMMAND = Command("Make a locked backup while the portal runs.", _configure, _run)
