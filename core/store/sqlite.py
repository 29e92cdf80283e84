"""SQLite as this project needs it: a private file, a write-ahead log, writers that queue.

A file that is taken away under a running portal must be noticed: SQLite itself would go on writing
to the deleted file, and what a client saved would be gone at the next start.
"""

from __future__ import annotations

import errno
import os
import sqlite3
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url

#: What every connection is told. FULL: a save that was confirmed outlives a power cut.
#: secure_delete: what ended leaves no trace in free pages.
_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON")


class FileGone(Exception):
    """The database file is missing, or another one lies in its place. Where it cannot be made: the error's number."""


def engine(url: str, wait: float) -> Engine:
    """Return an engine. A new file and its folder can be read by their owner alone. Raises ``FileGone``."""
    address = make_url(url)
    path = _path(address)
    if path is not None:
        _make_private(path)
        # Opening a missing file must fail; SQLite would rather make an empty one.
        address = address.set(database=f"file:{quote(str(path))}").update_query_dict({"mode": "rw", "uri": "true"})
    made = create_engine(address, hide_parameters=True, connect_args={"timeout": wait})
    event.listen(made, "connect", _configure)
    event.listen(made, "begin", _begin)
    if path is not None:
        event.listen(made, "checkout", _Guard(path))
    return made


def _path(address: URL) -> Path | None:
    name = address.database
    return None if not name or name == ":memory:" or name.startswith("file:") else Path(name).absolute()


def _make_private(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as problem:
        raise FileGone(problem.errno) from None


def is_full(problem: BaseException | None) -> bool:
    """Whether it failed because the disk has no room left."""
    if isinstance(problem, FileGone):
        return problem.args == (errno.ENOSPC,)
    # What the driver itself refuses carries no code.
    return getattr(problem, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL


class _Guard:
    """Lets a connection out of the pool only while the file is the one the engine was made for."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._inode = path.stat().st_ino

    def __call__(self, *_connection: object) -> None:
        try:
            same = self._path.stat().st_ino == self._inode
        except OSError:
            same = False
        if not same:
            raise FileGone


def _configure(connection, _record) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    # Transactions are begun by _begin, not by the driver.
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    # Taking the write lock at once avoids the upgrade that fails when two writers meet.
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
