"""``backup`` and ``restore`` on the command line: one command each."""

from __future__ import annotations

import shutil

import pytest

from core.keys import ClientKeys
from core.store import restorations
from core.store.database import Database
from core.store.outside import LAST_ENTRY_FILE
from tests.core.clinic import later
from tests.core.commanding import Call

SECRET = "a passphrase for backups"


@pytest.fixture
def data(tmp_path, monkeypatch):
    made = tmp_path / "data"
    made.mkdir(mode=0o700)
    monkeypatch.setenv("SAYSO_DATA", str(made))
    return made


@pytest.fixture
def running(clinic, data, monkeypatch):
    clinic.save(ClientKeys.new(), post="ask")
    clinic.database.close()
    monkeypatch.setenv("SAYSO_DATABASE_URL", clinic.address)
    return clinic


@pytest.fixture
def secret(tmp_path):
    file = tmp_path / "secret"
    file.write_text(SECRET + "\n")
    return file


@pytest.fixture
def keys(tmp_path):
    file = tmp_path / "keys.json"
    return file, Call("keys", "new", "--private", file).json["public_key"]


def elsewhere(monkeypatch, tmp_path, name="new"):
    """Another machine: an empty data folder, and no database yet."""
    monkeypatch.setenv("SAYSO_DATA", str(tmp_path / name))
    monkeypatch.setenv("SAYSO_DATABASE_URL", f"sqlite:///{tmp_path}/{name}/sayso.sqlite3")


def test_a_backup_under_a_passphrase_goes_out_and_comes_back(running, secret, tmp_path, monkeypatch):
    made = Call("backup", "--out", tmp_path / "file", "--passphrase-file", secret, at=later(days=1))
    assert (made.code, made.err) == (0, "")
    assert (made.json["checked"], made.json["made_at"]) == (True, "2026-11-23T10:00:00Z")
    assert made.json["bytes"] == (tmp_path / "file").stat().st_size
    assert made.json["head"]["sequence"] == 1
    elsewhere(monkeypatch, tmp_path)
    back = Call("restore", tmp_path / "file", "--passphrase-file", secret, at=later(days=2))
    assert (back.code, back.json["rows"], back.json["entries_lost"]) == (0, made.json["rows"], None)
    assert back.json["everyone_on_hold"]
    database = Database(f"sqlite:///{tmp_path}/new/sayso.sqlite3")
    assert restorations.last(database) == later(days=2)
    database.close()
    again = Call("restore", tmp_path / "file", "--passphrase-file", secret)
    assert again.error == "not_empty"


def test_a_backup_to_a_public_key_needs_no_secret_on_this_machine(running, keys, tmp_path, monkeypatch):
    private, public = keys
    assert Call("backup", "--out", tmp_path / "file", "--to", public).json["checked"]
    elsewhere(monkeypatch, tmp_path)
    assert Call("restore", tmp_path / "file", "--private", private).code == 0


def test_what_was_lost_is_said_where_the_folder_still_knows(running, keys, data, tmp_path, monkeypatch):
    private, public = keys
    Call("backup", "--out", tmp_path / "first", "--to", public)
    Call("backup", "--out", tmp_path / "second", "--to", public)
    assert (data / LAST_ENTRY_FILE).exists()
    elsewhere(monkeypatch, tmp_path)
    (tmp_path / "new").mkdir()
    shutil.copy(data / LAST_ENTRY_FILE, tmp_path / "new")
    assert Call("restore", tmp_path / "first", "--private", private).json["entries_lost"] == 2


def test_the_wrong_secret_is_said(running, secret, keys, tmp_path, monkeypatch):
    private, public = keys
    Call("backup", "--out", tmp_path / "file", "--to", public)
    elsewhere(monkeypatch, tmp_path)
    assert Call("restore", tmp_path / "file", "--passphrase-file", secret).error == "backup_locked"
    other = tmp_path / "other.json"
    Call("keys", "new", "--private", other)
    assert Call("restore", tmp_path / "file", "--private", other).error == "backup_locked"
    (tmp_path / "file").write_bytes((tmp_path / "file").read_bytes()[:-1])
    assert Call("restore", tmp_path / "file", "--private", private).error == "backup_damaged"


def test_a_short_passphrase_and_a_file_that_is_there_are_refused(running, secret, tmp_path):
    short = tmp_path / "short"
    short.write_text("short\n")
    assert Call("backup", "--out", tmp_path / "file", "--passphrase-file", short).error == "bad_input"
    assert not (tmp_path / "file").exists()
    assert Call("backup", "--out", secret, "--passphrase-file", secret).error == "would_overwrite"
    assert secret.read_text() == SECRET + "\n"


@pytest.mark.parametrize("words", [["backup"], ["restore"], ["backup", "--out", "f", "--to", "not a key"]])
def test_a_command_that_says_too_little_is_refused(running, words):
    call = Call(*words)
    assert call.error == "bad_input"
    assert "not a key" not in call.err
