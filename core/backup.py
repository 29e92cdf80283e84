"""Backups: one locked file with every row, the same from SQLite and from PostgreSQL; and back again.

A backup is called done when it was read back whole into an empty database and found to hold the same rows. It goes
only into an empty database, in one transaction, and from then on everybody is on hold until they are confirmed.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import file_digest
from pathlib import Path
from tempfile import TemporaryDirectory, mkstemp
from typing import BinaryIO

from sqlalchemy import inspect, text

from core import locked_file
from core.errors import BackupDamaged, BadInput, NotEmpty, WouldOverwrite
from core.locked_file import Lock, Opener, Writer
from core.store import audit, dump, restorations
from core.store.database import Database
from core.store.dump import Header, Sums

_CHECK = "backup-check-"
#: Seconds after which a check is not at work any more.
_LONGEST_CHECK = 86_400


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was made and checked. ``digest``: SHA-256 of its bytes (32). ``size``: in bytes."""

    header: Header
    rows: int
    size: int
    digest: bytes


@dataclass(frozen=True, slots=True)
class Restored:
    """A backup that was restored. ``lost``: how many entries of the record came after it, as far as that is known."""

    header: Header
    rows: int
    lost: int | None


@dataclass(frozen=True, slots=True)
class _Known:
    """Opens a file whose key is still known from writing it."""

    kind: int
    file_key: bytes

    def open(self, _locked: bytes) -> bytes:
        """Return the file's key."""
        return self.file_key


def make(database: Database, out: Path, lock: Lock, now: datetime, room: Path) -> Made:
    """Write a backup of this moment to a new file for its owner alone, and check it by restoring it.

    Others go on reading and writing meanwhile. ``room``: a private folder for the check. That it was made is
    an entry in the record, kept with the file's name or not at all. Raises ``WouldOverwrite``, ``BadInput`` where it
    cannot be written, and ``StoreUnavailable``; no file is left then.
    """
    if out.exists():
        raise WouldOverwrite
    with _part(out) as (part, file):
        sums = Sums()
        writer = Writer(file, lock)
        with database.read() as connection:
            for line in dump.lines(connection, now, sums):
                writer.write(line)
        writer.finish()
        file.flush()
        os.fsync(file.fileno())
        header = check(part, _Known(lock.kind, writer.file_key), sums, room, now)
        made = Made(header, sums.rows, part.stat().st_size, _digest(part))
        _enter_and_name(database, part, out, now)
    return made


def check(path: Path, opener: Opener, sums: Sums, room: Path, now: datetime) -> Header:
    """Restore a backup into an empty database of its own and compare what it holds. Raises ``BackupDamaged``."""
    _clear(room, now)
    with TemporaryDirectory(prefix=_CHECK, dir=room) as folder, path.open("rb") as file:
        database = Database(f"sqlite:///{Path(folder) / 'check.sqlite3'}")
        try:
            header, _ = _load(database, file, opener)
            found = Sums()
            with database.read() as connection:
                for _line in dump.lines(connection, now, found):
                    pass
        finally:
            database.close()
    if found != sums:
        raise BackupDamaged
    return header


def restore(database: Database, path: Path, opener: Opener, now: datetime) -> Restored:
    """Put a backup into an empty database, and everybody on hold.

    Raises ``NotEmpty``, ``BackupDamaged``, ``BackupLocked``, ``NewerRecords``, or ``BadInput`` for a file that cannot
    be read. After any of them, and after a crash, the database is still empty.
    """
    if not is_empty(database):
        raise NotEmpty
    kept = database.outside.last() if database.outside else None
    try:
        file = path.open("rb")
    except (OSError, ValueError):
        raise BadInput(problem="The backup cannot be read. Check its name and whether you may read it.") from None
    with file:
        header, rows = _load(database, file, opener, now)
    database.migrate()
    restorations.enter(database, now)
    return Restored(header, rows, max(0, kept.sequence - header.entries) if kept else None)


def is_empty(database: Database) -> bool:
    """Whether there is no row in any table, or no table at all."""
    with database.read() as connection:
        names = set(inspect(connection).get_table_names()) - {"alembic_version"}
        return not any(connection.execute(text(f"SELECT 1 FROM {name} LIMIT 1")).first() for name in sorted(names))  # noqa: S608 - names of tables


def _load(database: Database, file: BinaryIO, opener: Opener, now: datetime | None = None) -> tuple[Header, int]:
    header, rest = dump.first_and_rest(locked_file.lines(file, opener))
    database.migrate_empty_to(header.schema)
    with database.write() as connection:
        rows = dump.load(connection, rest)
        if now is not None:
            restorations.note(connection, now)
    return header, rows


@contextmanager
def _part(out: Path) -> Iterator[tuple[Path, BinaryIO]]:
    """A new file beside ``out`` for its owner alone. It is gone afterwards; one from a process that died is too."""
    named = f".{out.name}."
    try:
        for left_over in out.parent.glob(f"{named}*.part"):
            left_over.unlink()
        descriptor, name = mkstemp(prefix=named, suffix=".part", dir=out.parent)
    except (OSError, ValueError):
        raise BadInput(problem="The backup cannot be written there. Check that its folder exists.") from None
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield Path(name), file
    except FileExistsError:
        raise WouldOverwrite from None
    except OSError:
        raise BadInput(problem="The backup could not be written whole. Check how much room is left there.") from None
    finally:
        with suppress(OSError):
            Path(name).unlink()


def _enter_and_name(database: Database, part: Path, out: Path, now: datetime) -> None:
    """Enter that the backup was made and give it its name: both, or neither where this fails."""
    named = False
    try:
        with database.write() as connection:
            audit.append(connection, "backup", now)
            _name(part, out)
            named = True
            _sync(out.parent)
    except BaseException:
        # Whoever reads that it failed must not find a file that looks like one that was made.
        if named:
            with suppress(OSError):
                out.unlink()
        raise


def _sync(folder: Path) -> None:
    # The name is kept for good only when its folder is.
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _name(part: Path, out: Path) -> None:
    """Give a whole file its name, and take it from no other one."""
    try:
        os.link(part, out)
    except FileExistsError:
        raise
    except OSError:
        part.rename(out)  # a memory stick knows no second name for a file


def _digest(path: Path) -> bytes:
    with path.open("rb") as file:
        return file_digest(file, "sha256").digest()


def _clear(room: Path, now: datetime) -> None:
    """Take away what a check left that was killed. One that may still be at work stays."""
    for folder in room.glob(f"{_CHECK}*"):
        if now.timestamp() - folder.stat().st_mtime > _LONGEST_CHECK:
            shutil.rmtree(folder, ignore_errors=True)
