"""What is kept outside the database: where the record stood last. It tells an old copy that was put back.

A small file in the data folder, written after each transaction that added to the record. An old copy of the
database has fewer entries than the file says, or another one at that place.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkstemp

#: Its name in the data folder.
LAST_ENTRY_FILE = "last-entry.json"


@dataclass(frozen=True, slots=True)
class Last:
    """The last entry of the record: its number and its hash (32 bytes)."""

    sequence: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class Outside:
    """The file. One that is missing, or cannot be read, says nothing."""

    path: Path

    def last(self) -> Last | None:
        """Return what was kept last, or None."""
        try:
            said = json.loads(self.path.read_text("utf-8"))
            return Last(int(said["sequence"]), bytes.fromhex(said["hash"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def keep(self, last: Last, *, instead: bool = False) -> None:
        """Keep a later entry. ``instead``: also an earlier one, after a restore was noted.

        Where it cannot be written the old one stays, which still tells of copies older than itself.
        """
        before = self.last()
        if before is not None and before.sequence >= last.sequence and not instead:
            return
        with suppress(OSError):
            descriptor, name = mkstemp(prefix=".last-", dir=self.path.parent)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                json.dump({"sequence": last.sequence, "hash": last.hash.hex()}, file)
            Path(name).replace(self.path)
