"""A disk without room, as the database itself says it: one sentence tells so, in a page and on the command line."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
from sqlalchemy import Engine, event

from core.errors import StoreFull, StoreUnavailable
from core.keys import ClientKeys
from core.store import mailbox
from core.text import Words
from core.web import problems, starting
from tests.core.clinic import NOW
from tests.core.commanding import Call

SAYS = "The disk of this portal is full, so nothing was saved."


@contextmanager
def full(clinic, table):
    """No ``table`` grows any more, on any connection; in a file, none does."""
    if clinic.database.engine.dialect.name == "postgresql":
        with clinic.refusing(f"INSERT ON {table}"):
            yield
        return
    clinic.database.close()

    def stays_as_it_is(connection, _record):
        # SQLite takes its present size for the least.
        connection.execute("PRAGMA max_page_count = 1")

    event.listen(Engine, "connect", stays_as_it_is)
    try:
        yield
    finally:
        event.remove(Engine, "connect", stays_as_it_is)
        clinic.database.close()


def fill(clinic):
    """Send until there is no room."""
    with clinic.database.write() as connection:
        for _ in range(100):
            mailbox.post(connection, bytes(32), bytes(4096), NOW)


def test_a_full_disk_is_said_as_one_and_nothing_is_kept(clinic):
    before = clinic.rows("SELECT count(*) FROM parcel")
    with full(clinic, "parcel"), pytest.raises(StoreFull) as said:
        fill(clinic)
    assert SAYS in said.value.sentence
    assert clinic.rows("SELECT count(*) FROM parcel") == before
    clinic.save(ClientKeys.new())


def test_the_command_line_says_it_in_one_sentence(clinic, tmp_path, monkeypatch):
    monkeypatch.setenv("SAYSO_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("SAYSO_DATABASE_URL", clinic.address)
    keys, pdf = tmp_path / "keys", tmp_path / "pdf"
    Call("keys", "new", "--private", keys)
    order = ("--base", "https://sayso.example.org", "--count", "500", "--sheet", "card", "--pdf", pdf)
    with full(clinic, "card"):
        call = Call("cards", "new", "--keys", keys, *order)
    assert call.error == "store_full"
    assert call.err.startswith(SAYS)
    assert not pdf.exists()
    assert clinic.rows("SELECT count(*) FROM card") == [(12,)]


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_page_says_it_in_the_reader_s_language_and_asks_to_come_again(language):
    words = Words(language)
    answer = problems.problem(StoreFull(), words)
    assert answer.status_code == 503
    assert words.problem(StoreFull()) in answer.body.decode()
    assert (words.problem(StoreFull()) == StoreFull().sentence) == (language == "en")


@pytest.mark.in_a_file
def test_records_that_do_not_answer_are_not_said_to_be_a_full_disk(clinic):
    clinic.path.rename(clinic.path.with_name("gone"))
    with pytest.raises(StoreUnavailable) as said:
        clinic.rows("SELECT 1")
    assert not isinstance(said.value, StoreFull)


@pytest.mark.in_a_file
def test_a_start_on_a_full_disk_says_so(clinic, capsys, monkeypatch):
    """Before anything else in the settings is blamed for it."""
    monkeypatch.setattr(starting, "portal", _no_room)
    with pytest.raises(SystemExit) as ended:
        starting.started()
    assert ended.value.code == 2
    assert capsys.readouterr().err.startswith(SAYS)


def _no_room():
    raise StoreFull
