"""Transactions under faults: all of it is kept, or none, and one sentence says so."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from sqlalchemy import func, select, text

from core.errors import NewerRecords, StoreUnavailable
from core.model.circumstances import Circumstances
from core.store import mailbox
from core.store.database import Database
from core.store.schema import parcel
from tests.core import others
from tests.core.clinic import NOW, busy

#: Posts pairs of parcels, each pair in a transaction of its own: ADDRESS, how many pairs, bytes in a parcel.
WRITER = """
import sys
from datetime import UTC, datetime
from core.store import mailbox
from core.store.database import Database
database = Database(sys.argv[1], wait=60)
now = datetime(2026, 11, 22, tzinfo=UTC)
for _ in range(int(sys.argv[2])):
    with database.write() as connection:
        mailbox.post(connection, bytes(32), bytes(int(sys.argv[3])), now)
        mailbox.post(connection, bytes([1]) * 32, bytes(int(sys.argv[3])), now)
"""


def writer(database, pairs, size=100):
    """Start another process that writes."""
    return others.start(WRITER, database.url, pairs, size)


def post(database):
    with database.write() as connection:
        mailbox.post(connection, bytes(32), b"sealed", NOW)


def waiting(database):
    return mailbox.count_waiting(database, bytes(32))


# --- faults -------------------------------------------------------------------------------------


def test_a_failure_in_the_middle_leaves_nothing(database):
    with suppress(RuntimeError), database.write() as connection:
        mailbox.post(connection, bytes(32), b"sealed", NOW)
        raise RuntimeError
    assert waiting(database) == 0


def test_a_writer_that_waits_in_vain_is_told_so_and_writes_nothing(database):
    impatient = Database(database.url, wait=0.1)
    with busy(database), pytest.raises(StoreUnavailable):
        post(impatient)
    post(impatient)
    impatient.close()
    assert waiting(database) == 1


def test_reading_goes_on_while_another_process_writes(database):
    post(database)
    with busy(database):
        assert waiting(database) == 1


def test_a_reader_sees_one_moment(database):
    with database.read() as connection:
        before = len(connection.execute(select(parcel)).all())
        post(database)
        assert len(connection.execute(select(parcel)).all()) == before
    assert waiting(database) == before + 1


def test_what_a_writer_read_first_is_still_true_when_it_writes(database):
    def count(number):
        with database.write() as connection:
            found = connection.scalar(select(func.count()).select_from(parcel))
            mailbox.post(connection, bytes([found]) * 32, b"sealed", NOW)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(count, range(20)))
    assert [mailbox.count_waiting(database, bytes([number]) * 32) for number in range(20)] == [1] * 20


def test_a_killed_writer_leaves_whole_transactions_only(database):
    killed = writer(database, 100_000)
    while waiting(database) < 20:
        assert killed.poll() is None
    killed.kill()
    assert waiting(database) == mailbox.count_waiting(database, bytes([1]) * 32)


def test_the_error_names_no_statement_and_no_value(database):
    with pytest.raises(StoreUnavailable) as caught, database.write() as connection:
        connection.execute(text("UPDATE nothing SET of = :the"), {"the": "canary"})
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
    assert "canary" not in str(caught.value)


# --- together -----------------------------------------------------------------------------------


def test_writers_in_many_threads_lose_nothing(database):
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: post(database), range(80)))
    assert waiting(database) == 80


def test_writers_in_several_processes_lose_nothing(database):
    writers = [writer(database, 25) for _ in range(3)]
    assert [one.wait() for one in writers] == [0, 0, 0]
    assert waiting(database) == 75


def test_processes_that_start_at_once_make_the_tables_once(bare):
    start = f"from core.store.database import Database\nDatabase({bare.url!r}).migrate()"
    starts = [others.start(start) for _ in range(3)]
    assert [one.wait() for one in starts] == [0, 0, 0]
    assert bare.is_up()


def test_a_restriction_noted_at_the_same_moment_as_something_else_is_not_lost(clinic):
    code = clinic.card.code
    died = Circumstances(died=True)

    def change(changes):
        with clinic.database.write() as connection:
            clinic.vault.change_holder(connection, code, **changes)

    for _ in range(5):
        change({"about": Circumstances(), "alias": "", "person": ""})
        with ThreadPoolExecutor(3) as threads:
            list(threads.map(change, [{"alias": "R"}, {"about": died}, {"person": "p"}]))
        known = clinic.vault.holder(code)
        assert (known.alias, known.about, known.person) == ("R", died, "p")


# --- at rest ------------------------------------------------------------------------------------


def test_tables_without_the_schema_are_not_up(bare):
    assert not bare.is_up()
    assert bare.pending_migrations()
    bare.migrate()
    assert bare.is_up()
    assert not bare.pending_migrations()


def test_migrating_again_changes_nothing(database):
    post(database)
    database.migrate()
    assert waiting(database) == 1


def test_records_of_a_newer_version_are_left_alone(database):
    with database.write() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(NewerRecords):
        database.migrate()
