"""An old copy of the records that somebody put back by hand: every way in notices, and none hides that it was one."""

from __future__ import annotations

import csv
import io
import multiprocessing
import sqlite3
from contextlib import closing
from functools import partial

import pytest

from core import importing
from core.commands.arguments import key_text
from core.errors import OldCopy
from core.keys import SealingKey
from core.portal import Portal
from core.settings import Settings
from core.store import audit, restorations
from core.store.database import Database
from core.store.outside import LAST_ENTRY_FILE, Last, Outside
from core.store.vaults import open_vault
from tests.core.clinic import NOW, PASSPHRASE, SECRET, later
from tests.core.commanding import Call
from tests.core.story import Client

KEY = key_text(SealingKey(bytes(range(32))).public)


class Lost:
    """A practice whose newest records are lost: its copy of before was put back, and the file beside it stayed.

    The copy knows a yes of one client, and not that they stopped since.
    """

    def __init__(self, clinic, data):
        self.clinic, self.data, self.path = clinic, data, clinic.path
        self.client = Client(clinic, clinic.card)
        self.client.chooses(NOW, treatment="disguised", may_recognise_self=True)
        assert self.backup("before").code == 0
        self.mark = data / LAST_ENTRY_FILE
        self.old = data / "old.sqlite3"
        _copy(self.path, self.old)
        self.entries = self.last()[0]

    def put_back(self):
        _copy(self.old, self.path)

    def lose(self):
        """One entry, the stop, comes after the copy."""
        watching = Database(self.clinic.address, outside=self.mark)
        vault = open_vault(watching, self.clinic.therapist.id, PASSPHRASE)
        stop = self.clinic.stop(later(days=1), self.client.keys).token.text
        importing.keep(vault, importing.preview(vault, stop, later(days=1)), later(days=1))
        watching.close()
        assert self.last()[0] == self.entries + 1
        self.put_back()

    def backup(self, name, at=NOW):
        return Call("backup", "--to", KEY, "--out", self.data / name, at=at)

    def last(self):
        database = Database(self.clinic.address)
        with database.read() as connection:
            entry = audit.last_entry(connection)
        database.close()
        return entry.sequence, entry.kind

    @property
    def held(self):
        """What a therapist finds who opens the vault, however they do."""
        database = Database(self.clinic.address)
        vault = open_vault(database, self.clinic.therapist.id, PASSPHRASE)
        try:
            return {hold.reason for hold in importing.standing(vault, self.client.card.code).holds}
        finally:
            database.close()


def _copy(there, here):
    with closing(sqlite3.connect(there)) as source, closing(sqlite3.connect(here)) as target:
        source.backup(target)


@pytest.fixture
def practice(clinic, tmp_path, monkeypatch):
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    monkeypatch.setenv("SAYSO_DATA", str(data))
    monkeypatch.setenv("SAYSO_DATABASE_URL", clinic.address)
    (data / "passphrase").write_text(PASSPHRASE + "\n", "utf-8")
    return Lost(clinic, data)


@pytest.fixture
def lost(practice):
    practice.lose()
    assert practice.held == set()
    return practice


def standings(call):
    """How each card stands, by the table."""
    table = csv.reader(io.StringIO(call.out.removeprefix("\ufeff")))
    return [row[2] for row in list(table)[1:-1]]


def unlocked(lost, *words, days=2):
    return Call(*words, "--passphrase-file", lost.data / "passphrase", at=later(days=days))


def test_an_export_shows_everybody_on_hold_and_says_why(lost):
    before = unlocked(lost, "export", "--format", "csv")
    assert before.code == 0
    assert "old copy" in before.err
    assert before.err.count("\n") == 1
    assert lost.held == {"restored"}
    shown = standings(before)
    assert [one for one in shown if "choices" not in one] == ["On hold: no for now"]
    again = unlocked(lost, "export", "--format", "csv", days=3)
    assert (again.code, again.err, standings(again)) == (0, "", shown)


def test_two_backups_hide_nothing_from_the_portal_that_starts_then(lost):
    """The nightly timer at work before anybody looks: one entry was lost, and each backup makes one."""
    first, second = lost.backup("one", later(days=2)), lost.backup("two", later(days=3))
    assert (first.code, first.json["checked"], "old copy" in first.err) == (1, True, True)
    assert (second.code, second.err) == (0, "")
    assert lost.held == {"restored"}
    portal = Portal(Settings(face="staff"), SECRET)
    assert restorations.last(portal.database) == later(days=2)
    assert importing.standing(_vault(portal, lost), lost.client.card.code).on_hold
    assert audit.check(portal.database).ok
    portal.database.close()


def _vault(portal, lost):
    return open_vault(portal.database, lost.clinic.therapist.id, PASSPHRASE)


def test_the_record_tells_of_it_before_it_tells_of_the_backup(lost):
    made = lost.backup("after", later(days=2))
    kinds = [kind for (kind,) in lost.clinic.rows("SELECT kind FROM audit ORDER BY sequence")]
    assert kinds[-2:] == ["restore", "backup"]
    assert made.json["head"]["sequence"] == lost.entries + 1


@pytest.mark.parametrize(
    "words",
    [
        ("export", "--format", "csv"),
        ("audit", "head"),
        ("audit", "review"),
        ("audit", "report", "--month", "2026-10"),
        ("import", "old"),
    ],
)
def test_every_command_that_opens_a_vault_puts_everybody_on_hold_before_anything(lost, words, monkeypatch):
    monkeypatch.chdir(lost.data)
    (lost.data / "old").write_text("SAYSO1:NOTHING")
    call = unlocked(lost, *words)
    assert "old copy" in call.err
    assert lost.held == {"restored"}
    kinds = [kind for (kind,) in lost.clinic.rows("SELECT kind FROM audit ORDER BY sequence")]
    assert kinds[lost.entries] == "restore"


def test_cards_from_the_command_line_put_everybody_on_hold_too(lost):
    keys = lost.data / "keys"
    Call("keys", "new", "--private", keys)
    order = ("--base", "https://sayso.example.org", "--count", "1", "--sheet", "card", "--pdf", lost.data / "pdf")
    call = Call("cards", "new", "--keys", keys, *order)
    assert (call.code, "old copy" in call.err) == (0, True)
    assert lost.held == {"restored"}


def test_checking_the_record_says_it_and_changes_nothing(lost):
    before = lost.mark.read_bytes(), lost.last()
    call = Call("audit", "verify")
    assert (call.code, "old copy" in call.err) == (0, True)
    assert (lost.mark.read_bytes(), lost.last(), lost.held) == (*before, set())


def test_the_mark_is_moved_on_only_by_who_finds_it_in_the_record(lost):
    """Whatever forgets to look first: what it would add is refused, however often it tries."""
    mark = lost.mark.read_bytes()
    database = Database(lost.clinic.address, outside=lost.mark)
    vault = open_vault(database, lost.clinic.therapist.id, PASSPHRASE)
    for attempt in range(3):
        with pytest.raises(OldCopy), database.write() as connection:
            audit.append(connection, "backup", later(days=2 + attempt))
    assert (lost.mark.read_bytes(), lost.last()[0]) == (mark, lost.entries)
    assert restorations.recognise(database, later(days=5))
    with database.write() as connection:
        audit.append(connection, "backup", later(days=6))
    assert importing.standing(vault, lost.client.card.code).on_hold
    assert database.outside.last().sequence == lost.last()[0]
    database.close()


def test_of_many_processes_the_one_that_kept_the_latest_entry_counts(tmp_path):
    """Two commits at one moment: whoever tells of it last must not take the mark back."""
    fork, rounds, processes = multiprocessing.get_context("fork"), 60, 4
    together = fork.Barrier(processes)

    def keep(mine):
        for number in range(rounds):
            together.wait(60)
            Outside(tmp_path / str(number)).keep(Last(10 + (mine + number) % processes, bytes(32)))

    running = [fork.Process(target=keep, args=(mine,)) for mine in range(processes)]
    for one in running:
        one.start()
    for one in running:
        one.join()
    assert {Outside(tmp_path / str(number)).last().sequence for number in range(rounds)} == {10 + processes - 1}


def test_a_staff_face_that_runs_on_while_it_is_put_back_writes_nothing_until_it_is_opened_anew(practice):
    portal = Portal(Settings(face="staff"), SECRET)
    vault = _vault(portal, practice)
    stop = practice.clinic.stop(later(days=1), practice.client.keys).token.text
    take_in = partial(importing.preview, vault, stop, later(days=1))
    importing.keep(vault, take_in(), later(days=1))
    practice.put_back()
    with pytest.raises(OldCopy):
        importing.keep(vault, take_in(), later(days=2))
    portal.look_for_an_old_copy(later(days=2))
    importing.keep(vault, take_in(), later(days=2))
    assert importing.standing(vault, practice.client.card.code).withdrawn
    portal.database.close()


def test_the_client_face_goes_on_and_touches_no_mark(lost):
    mark = lost.mark.read_bytes()
    portal = Portal(Settings(face="client"), SECRET)
    assert lost.clinic.stop(later(days=2), lost.client.keys).sent
    portal.database.close()
    assert (lost.mark.read_bytes(), lost.last()[0]) == (mark, lost.entries)


def test_nothing_is_said_where_nothing_is_lost(practice):
    for name in ("one", "two"):
        call = practice.backup(name, later(days=1))
        assert (call.code, call.err) == (0, "")
    assert unlocked(practice, "export", "--format", "csv").err == ""
    assert Call("audit", "verify").err == ""
    assert practice.held == set()
