"""A database in a file: taken away, replaced, full, read-only, private."""

from __future__ import annotations

import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from core.errors import StoreUnavailable
from core.store import mailbox
from core.store.database import Database
from tests.core.store.test_database import WRITER, post, waiting

ROOT = Path(__file__).resolve().parents[3]
pytestmark = pytest.mark.in_a_file


def path_of(database):
    return Path(database.url.removeprefix("sqlite:///"))


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

    full = f"import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size}))\n"
    command = [sys.executable, "-c", full + WRITER, database.url, "50", str(64 * 1024)]
    stopped = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert "StoreUnavailable" in stopped.stderr
    with database.read() as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
    assert 1 < waiting(database) < 50
    assert waiting(database) - 1 == mailbox.count_waiting(database, bytes([1]) * 32)
    post(database)


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


def test_an_address_with_odd_letters_works(tmp_path):
    database = Database(f"sqlite:///{tmp_path}/my data 100% ünï/sayso.sqlite3")
    database.migrate()
    assert database.is_up()
