"""``restore``: a backup into an empty database. From then on everybody is on hold until they are confirmed."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from core import backup
from core.commands import Command, Console, locking, unlocking


def _configure(parser: ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="what `backup` made")
    locking.configure_opener(parser)


def _run(arguments: Namespace, console: Console) -> dict[str, object]:
    opener, database = locking.opener(arguments), unlocking.unmigrated()
    done = backup.restore(database, arguments.file, opener, console.clock())
    return {"made_at": done.header.made_at, "rows": done.rows, "entries_lost": done.lost, "everyone_on_hold": True}


COMMAND = Command("Restore a backup into an empty database.", _configure, _run)
