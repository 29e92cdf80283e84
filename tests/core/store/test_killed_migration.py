"""A process that is killed at any statement of an upgrade: the tables stay as they were, and it can start again."""

from __future__ import annotations

import os
import signal

import pytest
from alembic import command
from sqlalchemy import event

from core.store.database import Database
from tests.core.store.test_migrations import fill, kept, revisions, tables

#: An upgrade from here goes over columns, tables, indexes and rows.
OLD = "0004"
#: What looks at the database and changes nothing.
LOOKS = ("SELECT", "PRAGMA", "SHOW", "SET LOCAL", "BEGIN")


@pytest.fixture
def old(bare):
    """A database of an earlier version, with a row in each table."""
    for revision in revisions(bare)[: revisions(bare).index(OLD) + 1]:
        command.upgrade(bare._alembic(), revision)
        fill(bare, revision)
    return bare


def dies_at(database, place):
    """Let another process upgrade until its ``place``-th change. Returns whether it got that far."""
    database.engine.dispose()
    child = os.fork()
    if child == 0:
        try:
            _upgrade(database.url, place)
            os._exit(0)
        except BaseException:  # noqa: BLE001 - whatever it was, this process must end here
            os._exit(1)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return True
    assert os.WEXITSTATUS(status) == 0
    return False


def _upgrade(address, place):
    own, left = Database(address, wait=5), [place]

    def reached(*_):
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def statement(_connection, _cursor, said, *_):
        if not said.lstrip().upper().startswith(LOOKS):
            reached()

    event.listen(own.engine, "before_cursor_execute", statement)
    event.listen(own.engine, "commit", reached)
    own.migrate()


def test_an_upgrade_that_is_killed_anywhere_leaves_what_was_there_and_starts_again(old):
    before, there, place = kept(old), tables(old), 1
    while dies_at(old, place):
        assert kept(old) == before
        assert tables(old) == there
        assert old.pending_migrations()
        place += 1
    assert place > len(revisions(old)) - revisions(old).index(OLD)
    assert not old.pending_migrations()
    after = kept(old)
    assert {name: after[name] for name in before} == before
    old.migrate()
    assert kept(old) == after
