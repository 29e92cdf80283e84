"""Doing something in another process that is killed at its n-th write, for each n in turn.

A write is any statement that changes a table, or the commit itself; the kill comes just before it is done.
"""

from __future__ import annotations

import os
import re
import signal
from hashlib import sha256

from sqlalchemy import event

from core.store import audit
from core.store.database import Database
from core.store.schema import metadata
from core.store.vaults import recover_vault
from tests.core.clinic import Clinic

WRITES = re.compile(r"\s*(?:INSERT INTO|UPDATE|DELETE FROM|REPLACE INTO)\s+\"?(\w+)", re.IGNORECASE)
COMMIT = "commit"


def kept(clinic: Clinic) -> dict[str, str]:
    """Everything in the tables, as one hash a table."""
    return {name: _hash(clinic.rows(f"SELECT * FROM {name}")) for name in metadata.tables}  # noqa: S608 - our own names


def _hash(rows: list[tuple[object, ...]]) -> str:
    return sha256("\n".join(sorted(repr(row) for row in rows)).encode()).hexdigest()


def dies_everywhere(clinic: Clinic, act) -> list[str]:
    """Kill it at each write in turn, and let it go through at last. Returns what it wrote, in order.

    After each kill everything must be as before, and the record of what happened in one piece.
    """
    before, place = kept(clinic), 1
    while (reached := killed_at(clinic, place, act))[0]:
        assert len(reached[1]) == place
        assert kept(clinic) == before
        assert audit.check(clinic.database).ok
        place += 1
    written = reached[1]
    assert len(written) == place - 1
    assert written[-1] == COMMIT
    assert written.count(COMMIT) == 1
    assert kept(clinic) != before
    assert audit.check(clinic.database).ok
    return written


def killed_at(clinic: Clinic, place: int, act) -> tuple[bool, list[str]]:
    """Whether it was killed at its ``place``-th write, and what it was about to write until then."""
    clinic.database.engine.dispose()  # a connection must not be carried into another process
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            _act(clinic, place, act, writing)
            os._exit(0)
        except BaseException:  # noqa: BLE001 - whatever it was, this process must end here
            os._exit(1)
    os.close(writing)
    with os.fdopen(reading) as told:
        written = told.read().split()
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return True, written
    assert os.WEXITSTATUS(status) == 0
    return False, written


def _act(clinic: Clinic, place: int, act, writing: int) -> None:
    database = Database(clinic.address, wait=5)
    vault = recover_vault(database, clinic.therapist.id, clinic.recovery_code)
    database.close()
    left = [place]

    def reached(what: str) -> None:
        os.write(writing, f"{what}\n".encode())
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    listening = _on_file if database.engine.dialect.name == "sqlite" else _on_server
    listening(database, reached)
    act(vault)


def _on_file(database: Database, reached) -> None:
    """What the database itself is told, row by row where many are written at once."""
    last = [""]

    def told(text: str) -> None:
        # A statement that sets off a trigger is told twice.
        again, last[0] = text == last[0], text
        if again:
            return
        if found := WRITES.match(text):
            reached(found[1])
        elif text.strip().upper() == "COMMIT":
            reached(COMMIT)

    event.listen(database.engine, "connect", lambda raw, _record: raw.set_trace_callback(told))


def _on_server(database: Database, reached) -> None:
    """What is sent to it; the rows that go there at once count one by one."""

    def statement(_connection, _cursor, text, parameters, _context, many) -> None:
        if found := WRITES.match(text):
            for _ in parameters if many else [parameters]:
                reached(found[1])

    event.listen(database.engine, "before_cursor_execute", statement)
    event.listen(database.engine, "commit", lambda _connection: reached(COMMIT))
