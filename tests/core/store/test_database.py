"""Transactions under faults: all of it is kept, or none, and one sentence says so."""

from __future__ import annotations

import resource
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from core.errors import NewerRecords, StoreUnavailable
from core.store import mailbox
from core.store.database import Database, new_id
from core.store.schema import parcel
from tests.core.clinic import NOW

ROOT = Path(__file__).resolve().parents[3]
#: Posts pairs of parcels, each pair in a transaction of its own: FILE, how many pairs, bytes in a parcel.
WRITER = """
import sys
from datetime import UTC, datetime
from core.store import mailbox
from core.store.database import Database
database = Database(f"sqlite:///{sys.argv[1]}", wait=60)
now = datetime(2026, 11, 22, tzinfo=UTC)
for _ in range(int(sys.argv[2])):
    with database.write() as connection:
        mailbox.post(connection, bytes(32), bytes(int(sys.argv[3])), now)
        mailbox.post(connection, bytes([1]) * 32, bytes(int(sys.argv[3])), now)
"""


def writer(database, pairs, size=100, **options):
    """Start another process that writes."""
    command = [sys.executable, "-c", WRITER, str(path_of(database)), str(pairs), str(size)]
    return subprocess.Popen(command, cwd=ROOT, **options)


def path_of(database):
    return Path(database.url.removeprefix("sqlite:///"))


def post(database):
    with database.write() as connection:
        mailbox.post(connection, bytes(32), b"sealed", NOW)


def waiting(database):
    return mailbox.count_waiting(database, bytes(32))


@contextmanager
def locked_by_another(path):
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.rollback()
        other.close()


# --- faults -------------------------------------------------------------------------------------


def test_a_failure_in_the_middle_leaves_nothing(database):
    with suppress(RuntimeError), database.write() as connection:
        mailbox.post(connection, bytes(32), b"sealed", NOW)
        raise RuntimeError
    assert waiting(database) == 0


def test_a_writer_that_waits_in_vain_is_told_so_and_writes_nothing(database):
    impatient = Database(database.url, wait=0.1)
    with locked_by_another(path_of(database)), pytest.raises(StoreUnavailable):
        post(impatient)
    post(impatient)
    assert waiting(database) == 1


def test_reading_goes_on_while_another_process_writes(database):
    post(database)
    with locked_by_another(path_of(database)):
        assert waiting(database) == 1


def test_a_reader_sees_one_moment(database):
    with database.read() as connection:
        before = len(connection.execute(select(parcel)).all())
        post(Database(database.url))
        assert len(connection.execute(select(parcel)).all()) == before


def test_a_file_that_was_taken_away_is_noticed_and_not_made_anew(database):
    post(database)
    path_of(database).unlink()
    for _ in range(30):  # more than the pool holds: a refused connection goes back
        with pytest.raises(StoreUnavailable):
            post(database)
    assert not path_of(database).exists()
    assert not database.is_up()


def test_another_file_in_its_place_is_noticed(database):
    copy = path_of(database).with_name("backup.sqlite3")
    shutil.copy(path_of(database), copy)
    post(database)
    copy.replace(path_of(database))
    with pytest.raises(StoreUnavailable):
        post(database)


def test_a_file_that_comes_back_is_used_again(database):
    away = path_of(database).with_name("away.sqlite3")
    path_of(database).rename(away)
    with pytest.raises(StoreUnavailable):
        post(database)
    away.rename(path_of(database))
    post(database)
    assert waiting(database) == 1


def test_a_file_that_can_only_be_read_refuses_every_write(database):
    post(database)
    read_only = Database(f"sqlite:///file:{path_of(database)}?mode=ro&uri=true")
    with pytest.raises(StoreUnavailable):
        post(read_only)
    assert waiting(read_only) == 1


def test_a_file_that_is_no_database_is_no_database(tmp_path):
    path = tmp_path / "sayso.sqlite3"
    path.write_bytes(b"this is not a database " * 100)
    database = Database(f"sqlite:///{path}")
    with pytest.raises(StoreUnavailable):
        database.migrate()
    assert not database.is_up()


def test_a_folder_that_cannot_be_made_is_said_in_one_sentence(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(StoreUnavailable):
        Database(f"sqlite:///{tmp_path}/file/sayso.sqlite3")


def test_a_full_disk_leaves_whole_transactions_only(database):
    post(database)
    size = path_of(database).stat().st_size + 500 * 1024

    def full_disk():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    stopped = writer(database, 50, 64 * 1024, preexec_fn=full_disk, stderr=subprocess.PIPE, text=True)
    assert "StoreUnavailable" in stopped.communicate()[1]
    with database.read() as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
    assert 1 < waiting(database) < 50
    assert waiting(database) - 1 == mailbox.count_waiting(database, bytes([1]) * 32)
    post(database)


def test_a_killed_writer_leaves_whole_transactions_only(database):
    killed = writer(database, 100_000)
    while waiting(database) < 20:
        assert killed.poll() is None
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    assert waiting(database) == mailbox.count_waiting(database, bytes([1]) * 32)


def test_the_error_names_no_statement_and_no_value(database):
    path_of(database).unlink()
    with pytest.raises(StoreUnavailable) as caught, database.write() as connection:
        connection.execute(insert(parcel).values(id=new_id(), recipient=b"canary"))
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


def test_processes_that_start_at_once_make_the_tables_once(tmp_path):
    path = tmp_path / "new" / "sayso.sqlite3"
    start = f"from core.store.database import Database\nDatabase('sqlite:///{path}').migrate()"
    starts = [subprocess.Popen([sys.executable, "-c", start], cwd=ROOT) for _ in range(3)]
    assert [one.wait() for one in starts] == [0, 0, 0]
    assert Database(f"sqlite:///{path}").is_up()


# --- at rest ------------------------------------------------------------------------------------


def test_only_the_owner_can_read_the_file_and_its_folder(tmp_path):
    path = tmp_path / "data" / "sayso.sqlite3"
    database = Database(f"sqlite:///{path}")
    database.migrate()
    post(database)
    modes = {name.name: stat.S_IMODE(name.stat().st_mode) for name in [path.parent, *path.parent.iterdir()]}
    assert modes.pop("data") == 0o700
    assert set(modes.values()) == {0o600}
    assert "sayso.sqlite3-wal" in modes


def test_a_confirmed_save_outlives_a_power_cut_and_what_is_deleted_is_overwritten(database):
    with database.read() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "secure_delete", "foreign_keys")
        }
    assert found == {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1, "foreign_keys": 1}


def test_tables_without_the_schema_are_not_up(tmp_path):
    database = Database(f"sqlite:///{tmp_path}/sayso.sqlite3")
    assert not database.is_up()
    assert database.pending_migrations()
    database.migrate()
    assert database.is_up()
    assert not database.pending_migrations()


def test_migrating_again_changes_nothing(database):
    post(database)
    database.migrate()
    assert waiting(database) == 1


def test_records_of_a_newer_version_are_left_alone(database):
    with database.write() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(NewerRecords):
        database.migrate()


def test_an_address_with_odd_letters_works(tmp_path):
    database = Database(f"sqlite:///{tmp_path}/my data 100% ünï/sayso.sqlite3")
    database.migrate()
    assert database.is_up()
