"""Every row of every table as lines of JSON, and back: the same from SQLite and from PostgreSQL.

The first line tells what follows; then each table has a line with its columns and a line for each row; the last
line counts the rows. Bytes are base64. Layout: docs/backup.md.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from itertools import chain
from typing import Any, Literal

from alembic.migration import MigrationContext
from sqlalchemy import JSON, Column, Connection, LargeBinary, MetaData, Table, insert, select, text

from core.errors import BackupDamaged
from core.model.dates import iso
from core.store import audit
from core.store.schema import metadata

VERSION = 1
_AT_ONCE = 500
Kind = Literal["plain", "bytes", "json"]


@dataclass(frozen=True, slots=True)
class Header:
    """What a backup says of itself.

    ``schema``: the version of its tables. ``made_at``: ISO 8601. ``entries`` and ``hash`` (hex): the last entry
    of the record, 0 and empty where there is none.
    """

    schema: str
    made_at: str
    entries: int
    hash: str


@dataclass
class Sums:
    """What tables hold, whatever the order of their rows: how many, and the sum of their hashes."""

    rows: int = 0
    tables: dict[str, tuple[int, int]] = field(default_factory=dict)

    def add(self, table: str, line: bytes) -> None:
        """Count one row."""
        count, total = self.tables.get(table, (0, 0))
        self.tables[table] = (count + 1, total + int.from_bytes(sha256(line).digest()))
        self.rows += 1


def lines(connection: Connection, now: datetime, sums: Sums) -> Iterator[bytes]:
    """Yield the lines of a backup, of one moment: the connection must be that of one reader. Counts into ``sums``."""
    yield _line(_header(connection, now))
    for table in metadata.sorted_tables:
        yield _line({"table": table.name, "columns": {column.name: _kind(column) for column in table.columns}})
        yield from _rows(connection, table, sums)
    yield _line({"end": sums.rows})


def header_of(line: bytes) -> Header:
    """Read the first line. Raises ``BackupDamaged``."""
    said = _read(line)
    if not isinstance(said, dict) or said.get("sayso_backup") != VERSION:
        raise BackupDamaged
    try:
        return Header(*(said[name] for name in ("schema", "made_at", "entries", "hash")))
    except KeyError:
        raise BackupDamaged from None


def load(connection: Connection, rest: Iterator[bytes]) -> int:
    """Write every row into empty tables of the backup's own version; ``rest``: the lines after the first.

    All in the caller's transaction. Returns how many rows. Raises ``BackupDamaged``.
    """
    there = MetaData()
    there.reflect(connection)
    rows = 0
    table: Table | None = None
    kinds: tuple[tuple[str, Kind], ...] = ()
    held: list[dict[str, object]] = []
    with _without_triggers(connection, there):
        for said in map(_read, rest):
            if isinstance(said, list) and table is not None:
                held.append(_row(kinds, said))
                rows += 1
            if table is not None and held and (not isinstance(said, list) or len(held) >= _AT_ONCE):
                connection.execute(insert(table), held)
                held = []
            if isinstance(said, dict) and "table" in said:
                table, kinds = _table(there, said), tuple(said["columns"].items())
            elif isinstance(said, dict):
                _check_end(said, rows, rest)
                return rows
    raise BackupDamaged


def _header(connection: Connection, now: datetime) -> dict[str, object]:
    last = audit.last_entry(connection)
    return {
        "sayso_backup": VERSION,
        "schema": MigrationContext.configure(connection).get_current_revision(),
        "made_at": iso(now),
        "entries": last.sequence if last else 0,
        "hash": last.hash.hex() if last else "",
    }


def _rows(connection: Connection, table: Table, sums: Sums) -> Iterator[bytes]:
    kinds = [_kind(column) for column in table.columns]
    query = select(table).order_by(*table.primary_key.columns).execution_options(yield_per=_AT_ONCE)
    for row in connection.execute(query):
        line = _line([_written(kind, value) for kind, value in zip(kinds, row, strict=True)])
        sums.add(table.name, line)
        yield line


def _kind(column: Column[Any]) -> Kind:
    if isinstance(column.type, LargeBinary):
        return "bytes"
    return "json" if isinstance(column.type, JSON) else "plain"


def _written(kind: Kind, value: Any) -> object:
    return b64encode(value).decode() if kind == "bytes" and value is not None else value


def _table(there: MetaData, said: dict[str, Any]) -> Table:
    table = there.tables.get(said["table"])
    if table is None or set(said.get("columns", ())) - set(table.columns.keys()):
        raise BackupDamaged
    return table


def _row(kinds: Sequence[tuple[str, Kind]], values: list[Any]) -> dict[str, object]:
    if len(values) != len(kinds):
        raise BackupDamaged
    named = zip(kinds, values, strict=True)
    return {name: b64decode(value) if kind == "bytes" and value is not None else value for (name, kind), value in named}


def _check_end(said: dict[str, Any], rows: int, rest: Iterable[bytes]) -> None:
    if said.get("end") != rows or next(iter(rest), None) is not None:
        raise BackupDamaged


@contextmanager
def _without_triggers(connection: Connection, there: MetaData) -> Iterator[None]:
    """Let a record that was tampered with be restored as it is: its check must find what it found before."""
    if connection.dialect.name == "sqlite":
        made = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
        off, on = [f"DROP TRIGGER {name}" for name, _ in made], [sql for _, sql in made]
    else:
        off = [f"ALTER TABLE {name} DISABLE TRIGGER USER" for name in there.tables]
        on = [f"ALTER TABLE {name} ENABLE TRIGGER USER" for name in there.tables]
    for statement in off:
        connection.exec_driver_sql(statement)
    yield
    for statement in on:
        connection.exec_driver_sql(statement)


def _line(said: object) -> bytes:
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _read(line: bytes) -> object:
    try:
        return json.loads(line)
    except ValueError:
        raise BackupDamaged from None


def first_and_rest(given: Iterator[bytes]) -> tuple[Header, Iterator[bytes]]:
    """Split off the first line. Raises ``BackupDamaged``."""
    return header_of(next(given, b"")), chain(given)
