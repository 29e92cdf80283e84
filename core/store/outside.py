"""What is kept outside the database: where the record stood last. It tells an old copy that was put back.

A small file in the data folder, written after each transaction that added to the record. An old copy of the
database has fewer entries than the file says, or another one at that place. So the file is moved on only by who
finds in the record what it says: ``Database.write`` holds everybody to that, and ``restorations.recognise`` alone
lets it start over.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkstemp

from sqlalchemy import Connection, select

from core.store.schema import audit as record

#: Its name in the data folder.
LAST_ENTRY_FILE = "last-entry.json"


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Let one process at a time work in a folder. Whoever dies lets go. Raises ``OSError``."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        # Some network drives know no locks: there it goes on without one.
        with suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


@dataclass(frozen=True, slots=True)
class Last:
    """The last entry of the record: its number and its hash (32 bytes)."""

    sequence: int
    hash: bytes


@dataclass(slots=True)
class Outside:
    """The file. One that is missing, or cannot be read, says nothing.

    ``over``: what it said before the record started over. Where the file cannot be written it says so still.
    """

    path: Path
    over: Last | None = None

    def last(self) -> Last | None:
        """Return what was kept last, or None."""
        try:
            said = json.loads(self.path.read_text("utf-8"))
            return Last(int(said["sequence"]), bytes.fromhex(said["hash"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def stands(self, connection: Connection) -> bool:
        """Whether the record holds the very entry that was kept. In a transaction that writes, that stays so."""
        kept = self.last()
        if kept is None or kept == self.over:
            return True
        return connection.scalar(select(record.c.hash).where(record.c.sequence == kept.sequence)) == kept.hash

    def keep(self, last: Last, *, instead: bool = False) -> None:
        """Keep a later entry, whose record holds the one before. ``instead``: whatever it holds, after a restore.

        Where it cannot be written the old one stays, which still tells of copies older than itself.
        """
        if instead:
            self.over = self.last()
        # Of two that were kept at one moment the later one stays, whichever process gets here first.
        with suppress(OSError), alone_in(self.path.parent):
            before = self.last()
            if instead or before is None or before.sequence < last.sequence:
                self._write(last)

    def _write(self, last: Last) -> None:
        descriptor, name = mkstemp(prefix=".last-", dir=self.path.parent)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump({"sequence": last.sequence, "hash": last.hash.hex()}, file)
        Path(name).replace(self.path)
