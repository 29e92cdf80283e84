"""A PostgreSQL server that goes away and comes back, and one whose connection is cut."""

from __future__ import annotations

from threading import Event, Thread

import pytest
from sqlalchemy import text

from core.errors import StoreUnavailable
from core.store import mailbox
from core.store.database import Database
from tests.core.clinic import NOW
from tests.core.store import postgres
from tests.core.store.test_database import post, waiting

PAIR = bytes(32), bytes([1]) * 32


@pytest.fixture(scope="module")
def own_server():
    with postgres.running() as made:
        yield made


@pytest.fixture
def served(own_server):
    made = Database(own_server.address(own_server.make()), wait=5)
    made.migrate()
    yield made
    made.close()


class Writer(Thread):
    """Files pairs of parcels until it is told to stop, and goes on after a failure."""

    def __init__(self, database):
        super().__init__()
        self.database, self.enough, self.kept, self.refused = database, Event(), 0, 0

    def run(self):
        while not self.enough.is_set():
            try:
                with self.database.write() as connection:
                    for recipient in PAIR:
                        mailbox.post(connection, recipient, bytes(5000), NOW)
                self.kept += 1
            except StoreUnavailable:
                self.refused += 1


def test_a_server_that_stops_under_load_and_starts_again_loses_nothing_that_was_confirmed(own_server, served):
    writers = [Writer(served) for _ in range(3)]
    for one in writers:
        one.start()
    while sum(one.kept for one in writers) < 20:
        pass
    own_server.stop()
    while not all(one.refused for one in writers):
        pass
    assert not served.is_up()
    own_server.start()
    before = sum(one.kept for one in writers)
    while sum(one.kept for one in writers) < before + 20:
        pass
    for one in writers:
        one.enough.set()
        one.join()
    found = [mailbox.count_waiting(served, recipient) for recipient in PAIR]
    assert found[0] == found[1]
    # One more at most for each writer: kept, but the answer was lost with the server.
    assert 0 <= found[0] - sum(one.kept for one in writers) <= len(writers)


def test_a_connection_that_is_cut_in_the_middle_leaves_nothing(own_server, served):
    cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state = 'idle in transaction'"

    def write():
        with served.write() as connection:
            mailbox.post(connection, PAIR[0], b"sealed", NOW)
            own_server.do(cut)
            mailbox.post(connection, PAIR[0], b"sealed", NOW)

    with pytest.raises(StoreUnavailable):
        write()
    assert waiting(served) == 0
    post(served)
    assert waiting(served) == 1


def test_a_reader_can_write_nothing(served):
    with pytest.raises(StoreUnavailable), served.read() as connection:
        connection.execute(text("DELETE FROM parcel"))


def test_a_server_that_is_not_there_is_said_in_one_sentence(tmp_path):
    gone = Database(f"postgresql+psycopg://sayso@/postgres?host={tmp_path}")
    assert not gone.is_up()
    for act in (gone.migrate, lambda: post(gone)):
        with pytest.raises(StoreUnavailable):
            act()
