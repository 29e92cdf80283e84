"""The record in the database: one chain for the portal, written in the same transaction as what it tells of.

``append`` belongs inside the transaction of the thing itself, as its last step: either both are kept
or neither. What each kind of entry says is told in ``core/entries.py``; docs/audit.md tells who reads it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any, Protocol

from sqlalchemy import Connection, Row, Select, func, insert, select, type_coerce
from sqlalchemy.exc import IntegrityError
from sqlalchemy.types import NullType

from core import audit as chain
from core import facts
from core.audit import Entry, Kind, Report
from core.errors import StoreUnavailable, VaultDamaged
from core.facts import Fact
from core.head import Head
from core.keys import SigningKey
from core.model.dates import from_unix, to_unix
from core.store.database import LAST_ENTRY, Database
from core.store.outside import Last
from core.store.schema import audit, therapist
from core.vault import DataKey, Place

#: PostgreSQL's lock on the end of the chain: a number that means nothing else here.
_LOCK = 0x5361_7973_6F4C_6F67
_AT_ONCE = 1000


class Author(Protocol):
    """Whose entry it is, and whose key seals what it says. An open ``Vault`` is one."""

    @property
    def therapist_id(self) -> str:
        """The therapist."""

    @property
    def data_key(self) -> DataKey:
        """The open vault's key."""


@dataclass(frozen=True, slots=True)
class Keeper:
    """An author while there is no ``Vault`` yet."""

    therapist_id: str
    data_key: DataKey = field(repr=False)


def append(
    connection: Connection,
    kind: Kind,
    now: datetime,
    author: Author | None = None,
    said: Mapping[str, object] | None = None,
) -> Entry:
    """Add one entry in the caller's transaction, which must be a ``Database.write()``, and return it.

    ``author``: an open vault; what is ``said`` is sealed under its key. None where no vault is open, and
    then nothing can be said. Call it last in the transaction: from here on other writers wait for it.
    Raises ``StoreUnavailable``, and ``ValueError`` for something said without a vault.
    """
    return append_many(connection, [(kind, said or {})], now, author)[0]


def append_many(
    connection: Connection,
    told: Sequence[tuple[Kind, Mapping[str, object]]],
    now: datetime,
    author: Author | None = None,
) -> list[Entry]:
    """Add entries in this order, as ``append`` does: the end of the chain is read once, all are written at once."""
    if author is None and any(said for _, said in told):
        raise ValueError("without an open vault an entry says only that it happened")
    if not told:
        return []
    _wait_for_others(connection)
    made, rows, last = list[Entry](), list[dict[str, object]](), last_entry(connection)
    for kind, said in told:
        last, sealed = _following(last, kind, now, author, said)
        made.append(last)
        rows.append(_row(last, sealed))
    try:
        connection.execute(insert(audit), rows)
    except IntegrityError:
        # A number is taken, or the database was told to refuse it: what it tells of must not be kept either.
        raise StoreUnavailable from None
    connection.info[LAST_ENTRY] = Last(made[-1].sequence, made[-1].hash)
    return made


def _following(
    last: Entry | None, kind: Kind, now: datetime, author: Author | None, said: Mapping[str, object]
) -> tuple[Entry, bytes]:
    """Return the entry after ``last``, and what it says, sealed."""
    told = facts.salted(said)
    sealed = _sealed(author, last.sequence + 1 if last else 1, told)
    entry = chain.follow(
        last,
        to_unix(now),
        author.therapist_id if author else "",
        kind,
        facts.commitment(fact.leaf for fact in told),
        sha256(sealed).digest(),
    )
    return entry, sealed


def last_entry(connection: Connection) -> Entry | None:
    """Return the newest entry, or None in an empty record."""
    row = connection.execute(_columns().order_by(audit.c.sequence.desc()).limit(1)).first()
    return None if row is None else _entry(row)


def newest_at(database: Database) -> datetime | None:
    """Return the latest time that any entry carries, or None in an empty record.

    After a clock was set back that need not be the last one's.
    """
    with database.read() as connection:
        at = connection.scalar(select(func.max(audit.c.at)))
    return None if at is None else from_unix(at)


def entries(connection: Connection) -> Iterator[Entry]:
    """Yield every entry from the first to the last, as they stand, right or wrong."""
    query = _columns().order_by(audit.c.sequence).execution_options(yield_per=_AT_ONCE)
    for row in connection.execute(query):
        yield _entry(row)


def opened(connection: Connection, author: Author) -> Iterator[tuple[Entry, tuple[Fact, ...]]]:
    """Yield one therapist's entries with what each says. Raises ``VaultDamaged`` where one was changed."""
    query = _columns().where(audit.c.therapist_id == author.therapist_id).order_by(audit.c.sequence)
    for row in connection.execute(query.execution_options(yield_per=_AT_ONCE)):
        entry = _entry(row)
        told = _opened(author, entry.sequence, row.sealed)
        if facts.commitment(fact.leaf for fact in told) != entry.commitment:
            raise VaultDamaged
        yield entry, told


def sign_head(connection: Connection, author: Author, key: SigningKey, now: datetime) -> Head:
    """Return the signed head as it stands in this transaction, to be kept outside the database."""
    return chain.sign(last_entry(connection), author.therapist_id, key, to_unix(now))


def check(database: Database, head: Head | None = None) -> Report:
    """Read the whole record and say what is wrong with it. ``head``: one that was kept outside."""
    with database.read() as connection:
        signers = set(connection.scalars(select(therapist.c.signing_public)))
        return chain.verify(entries(connection), head, signers)


def _wait_for_others(connection: Connection) -> None:
    # On SQLite a writer has the database to itself already.
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))


def _sealed(author: Author | None, sequence: int, told: tuple[Fact, ...]) -> bytes:
    if author is None or not told:
        return b""
    return author.data_key.seal(facts.pack(told), _place(sequence, author))


def _opened(author: Author, sequence: int, sealed: bytes) -> tuple[Fact, ...]:
    return facts.unpack(author.data_key.open(sealed, _place(sequence, author))) if sealed else ()


def _place(sequence: int, author: Author) -> Place:
    return Place("audit", str(sequence), author.therapist_id)


def _row(entry: Entry, sealed: bytes) -> dict[str, object]:
    return {
        "sequence": entry.sequence,
        "at": entry.at,
        "therapist_id": entry.therapist,
        "kind": entry.kind,
        "commitment": entry.commitment,
        "previous": entry.previous,
        "hash": entry.hash,
        "sealed": sealed,
    }


def _columns() -> Select[*tuple[Any, ...]]:
    # As the database has them: SQLite keeps any value in any column, and a check must not stumble over one.
    return select(*(type_coerce(column, NullType()).label(column.name) for column in audit.c))


def _entry(row: Row[*tuple[Any, ...]]) -> Entry:
    numbers, texts, digests = (row.sequence, row.at), (row.therapist_id, row.kind), (row.commitment, row.previous)
    whole = (
        all(type(number) is int for number in numbers)
        and all(isinstance(text, str) for text in texts)
        and all(isinstance(data, bytes) for data in (*digests, row.hash, row.sealed))
    )
    if not whole:
        return Entry(row.sequence if type(row.sequence) is int else 0, 0, "", "", b"", b"", b"", b"")
    return Entry(*numbers, *texts, row.commitment, sha256(row.sealed).digest(), row.previous, row.hash)
