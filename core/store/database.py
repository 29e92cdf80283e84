"""One database, its transactions, and its migrations.

A database that cannot be reached becomes ``StoreUnavailable``, and one whose disk is full ``StoreFull``: one sentence,
nothing half-written.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import local

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, make_url, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from core.errors import NewerRecords, OldCopy, OlderRecords, StoreFull, StoreUnavailable
from core.store import postgresql, sqlite
from core.store.outside import Outside

#: Where a transaction leaves the entry that it added to the record.
LAST_ENTRY = "last entry"
_MIGRATIONS = Path(__file__).with_name("migrations")


class Database:
    """Connections to one database. ``url``: a SQLAlchemy address.

    ``wait``: how many seconds a writer waits for another one before it gives up. ``outside``: the file that
    keeps where the record stands, for those who add to it.
    """

    def __init__(self, url: str, wait: float = 15, outside: Path | None = None) -> None:
        self.url = url
        self.outside = Outside(outside) if outside else None
        self._shared = local()
        with _unavailable():
            self.engine = _engine(url, wait)
        is_sqlite = self.engine.dialect.name == "sqlite"
        self._readers = self.engine if is_sqlite else postgresql.readers(self.engine)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection that sees one moment and writes nothing; where reading goes ``together``, that connection."""
        shared: Connection | None = getattr(self._shared, "connection", None)
        if shared is not None:
            with _unavailable():
                yield shared
            return
        with _unavailable(), self._readers.connect() as connection:
            yield connection

    @contextmanager
    def together(self, connection: Connection) -> Iterator[None]:
        """Let whatever this thread reads in here be read on one connection, be it a reader's or a writer's.

        For work on very many things: it sees what it wrote itself, and no transaction is begun for each look.
        """
        before = getattr(self._shared, "connection", None)
        self._shared.connection = connection
        try:
            yield
        finally:
            self._shared.connection = before

    @contextmanager
    def write(self, *, starts_over: bool = False) -> Iterator[Connection]:
        """A transaction: all of it is kept, or none. No other writer is at work from its start to its end.

        What adds to the record of an old copy that was put back is not kept: raises ``OldCopy``. ``starts_over``: it
        notes that very thing, and the record goes on from here.
        """
        with _unavailable(), self.engine.execution_options(writes=True).begin() as connection:
            connection.info.pop(LAST_ENTRY, None)
            yield connection
            entry = connection.info.pop(LAST_ENTRY, None)
            if self.outside and entry and not starts_over and not self.outside.stands(connection):
                raise OldCopy
        # Only now it is kept for good, and may be told outside.
        if self.outside and entry:
            self.outside.keep(entry, instead=starts_over)

    def migrate(self) -> None:
        """Bring the tables to this version. Safe to run at every start, by several processes at once.

        Raises ``NewerRecords`` where a newer version made them, and ``OlderRecords`` where something is to
        be done that this role may not do.
        """
        with _unavailable():
            if not self._may_make_tables():
                self._check_version()
                return
            try:
                command.upgrade(self._alembic(), "head")
            except CommandError:
                raise NewerRecords from None

    def migrate_empty_to(self, version: str) -> None:
        """Make the tables of an earlier version in a database that holds no row. Raises ``NewerRecords``."""
        with _unavailable():
            try:
                command.downgrade(self._alembic(), "base")
                command.upgrade(self._alembic(), version)
            except CommandError:
                raise NewerRecords from None

    def pending_migrations(self) -> bool:
        """Whether the tables are older than this version of the code."""
        with self.read() as connection:
            current = MigrationContext.configure(connection).get_current_revision()
        return current != ScriptDirectory.from_config(self._alembic()).get_current_head()

    def _may_make_tables(self) -> bool:
        if self.engine.dialect.name == "sqlite":
            return True
        with self.read() as connection:
            return bool(connection.scalar(text("SELECT has_schema_privilege(current_schema(), 'CREATE')")))

    def _check_version(self) -> None:
        with self.read() as connection:
            current = MigrationContext.configure(connection).get_current_revision()
        script = ScriptDirectory.from_config(self._alembic())
        if current == script.get_current_head():
            return
        # A database without tables has no version at all.
        raise OlderRecords if current in {None, *(one.revision for one in script.walk_revisions())} else NewerRecords

    def is_up(self) -> bool:
        """Whether the tables answer."""
        try:
            with self.read() as connection:
                connection.execute(text("SELECT version_num FROM alembic_version"))
        except StoreUnavailable:
            return False
        return True

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()

    def _alembic(self) -> Config:
        config = Config()
        config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
        config.attributes["engine"] = self.engine
        return config


def new_id() -> str:
    """Draw a row id: 16 hexadecimal symbols that say nothing."""
    return secrets.token_hex(8)


@contextmanager
def _unavailable() -> Iterator[None]:
    try:
        yield
    except IntegrityError:
        raise
    except (DBAPIError, NoConnectionFree, sqlite.FileGone) as problem:
        # The cause would name the statement and its values; neither may reach a log.
        raise (StoreFull if _is_full(problem) else StoreUnavailable) from None


def _is_full(problem: DBAPIError | NoConnectionFree | sqlite.FileGone) -> bool:
    cause = problem.orig if isinstance(problem, DBAPIError) else problem
    return sqlite.is_full(cause) or postgresql.is_full(cause)


def _engine(url: str, wait: float) -> Engine:
    if make_url(url).get_backend_name() == "sqlite":
        return sqlite.engine(url, wait)
    return postgresql.engine(url, wait)
