"""Backups of a practice at work: made while others write, checked, restored into either database, or nothing at all."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import MetaData, text

from core import backup, importing, people
from core.errors import BackupDamaged, BackupLocked, BadInput, NewerRecords, NotEmpty, StoreUnavailable, WouldOverwrite
from core.keys import ClientKeys, SealingKey
from core.locked_file import Passphrase, PrivateKey, PublicKey, Writer
from core.store import audit, dump, restorations
from core.store.database import Database
from core.store.dump import Sums
from core.store.vaults import recover_vault
from tests.core import others
from tests.core.clinic import NOW, later
from tests.core.story import Client, about, ask, draft, publish

ROOT = Path(__file__).resolve().parents[2]
KEY = SealingKey(bytes(range(32)))
TO, MINE = PublicKey(KEY.public), PrivateKey(KEY)
#: Makes a backup: ADDRESS OUT ROOM. A limit for the size of files as a fourth word.
MAKER = """
import sys, resource
from datetime import UTC, datetime
from pathlib import Path
from core import backup
from core.locked_file import PublicKey
from core.keys import SealingKey
from core.store.database import Database
if len(sys.argv) > 4:
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[4]),) * 2)
database = Database(sys.argv[1], wait=60)
backup.make(database, Path(sys.argv[2]), PublicKey(SealingKey(bytes(range(32))).public),
            datetime(2026, 11, 22, 12, tzinfo=UTC), Path(sys.argv[3]))
"""
#: Restores one and is killed at the statement of the number given: ADDRESS FILE NUMBER.
RESTORER = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from sqlalchemy import event
from core import backup
from core.locked_file import PrivateKey
from core.keys import SealingKey
from core.store.database import Database
database = Database(sys.argv[1], wait=60)
left = int(sys.argv[3])
@event.listens_for(database.engine, "before_cursor_execute")
def kill(*_):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
backup.restore(database, Path(sys.argv[2]), PrivateKey(SealingKey(bytes(range(32)))),
               datetime(2026, 11, 22, 13, tzinfo=UTC))
"""


@pytest.fixture
def room(tmp_path):
    made = tmp_path / "room"
    made.mkdir(mode=0o700)
    return made


@pytest.fixture
def out(tmp_path):
    folder = tmp_path / "backups"
    folder.mkdir()
    return folder / "sayso.backup"


@pytest.fixture
def lived_in(clinic):
    """A practice with a row in every table, and a client who said yes."""
    client = Client(clinic, clinic.card)
    client.chooses(NOW)
    piece = draft(clinic, about((client.card.code, "2026-05-01")))
    ask(clinic, piece, client)
    client.answers("yes", later(days=1), import_at=later(days=1))
    publish(clinic, piece, later(days=9))
    people.rename(clinic.vault, client.card.code, "Ünï 你好 🙂")
    with clinic.database.write() as connection:
        restorations.note(connection, NOW.replace(year=2001))
    return clinic


def sums(database):
    found = Sums()
    with database.read() as connection:
        list(dump.lines(connection, NOW, found))
    return found


def made(clinic, out, room, lock=TO, at=None):
    return backup.make(clinic.database, out, lock, at or later(days=10), room)


# --- making one ---------------------------------------------------------------------------------


def test_a_backup_holds_every_row_of_every_table(lived_in, out, room, bare):
    before = sums(lived_in.database)
    one = made(lived_in, out, room)
    assert one.rows == before.rows
    filled = {"audit", "batch", "card", "holder", "parcel", "post", "practice", "record", "request", "restoration"}
    assert filled | {"tally", "therapist"} <= set(before.tables)
    backup.restore(bare, out, MINE, later(days=11))
    after = sums(bare)
    for name in set(before.tables) - {"audit", "restoration"}:
        assert after.tables[name] == before.tables[name]
    assert after.tables["audit"][0] == before.tables["audit"][0] + 1  # the restore itself


def test_it_is_for_its_owner_alone_and_leaves_nothing_beside_it(lived_in, out, room):
    made(lived_in, out, room)
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert list(out.parent.iterdir()) == [out]
    assert list(room.iterdir()) == []


def test_nothing_can_be_read_in_it(lived_in, out, room):
    made(lived_in, out, room)
    stored = out.read_bytes()
    for canary in (b"Willow", b"Robin", lived_in.card.code.encode(), b"parcel", b"sealed"):
        assert canary not in stored


def test_that_it_was_made_is_in_the_record_and_the_report(lived_in, out, room):
    with lived_in.database.read() as connection:
        last = audit.last_entry(connection)
    one = made(lived_in, out, room)
    assert (one.header.entries, one.header.hash) == (last.sequence, last.hash.hex())
    assert one.size == out.stat().st_size
    with lived_in.database.read() as connection:
        assert audit.last_entry(connection).kind == "backup"


def test_a_file_that_is_there_is_left_alone(clinic, out, room):
    out.write_bytes(b"mine")
    with pytest.raises(WouldOverwrite):
        made(clinic, out, room)
    assert out.read_bytes() == b"mine"


def test_a_folder_that_is_not_there_is_said(clinic, tmp_path, room):
    with pytest.raises(BadInput):
        made(clinic, tmp_path / "nowhere" / "file", room)


def test_others_go_on_while_it_is_made_and_it_shows_one_moment(clinic, out, room, bare):
    with ThreadPoolExecutor(3) as threads:
        saves = [threads.submit(clinic.save, ClientKeys.new(), NOW, clinic.cards[i % 9]) for i in range(30)]
        one = threads.submit(made, clinic, out, room).result()
        assert all(save.result().sent for save in saves)
    backup.restore(bare, out, MINE, later(days=11))
    with bare.read() as connection:
        counted = dict(connection.execute(text("SELECT standing, count(*) FROM parcel GROUP BY standing")).all())
    # A save is two parcels: both are in it, or neither.
    assert counted.get(True, 0) == counted.get(False, 0)
    assert one.rows <= sums(clinic.database).rows


def test_a_backup_that_does_not_hold_the_same_is_not_called_done(clinic, out, room, monkeypatch):
    rows = dump._rows

    def less(connection, table, counted):
        yield from [line for line in rows(connection, table, counted) if table.name != "card"]

    monkeypatch.setattr(dump, "_rows", less)
    with pytest.raises(BackupDamaged):
        made(clinic, out, room)
    assert list(out.parent.iterdir()) == []
    assert [entry for (entry,) in clinic.rows("SELECT kind FROM audit") if entry == "backup"] == []


def test_a_full_disk_is_said_and_leaves_no_file(lived_in, out, room):
    words = [lived_in.address, str(out), str(room), "20000"]
    full = subprocess.run([sys.executable, "-c", MAKER, *words], cwd=ROOT, capture_output=True, text=True, check=False)
    assert "could not be written whole" in full.stderr
    assert list(out.parent.iterdir()) == []
    assert made(lived_in, out, room).rows == sums(lived_in.database).rows - 1  # the entry of this one


def test_one_that_was_killed_leaves_no_whole_file_and_the_next_tidies_up(lived_in, out, room):
    with lived_in.database.write() as connection:
        for number in range(300):
            connection.execute(
                text("INSERT INTO parcel (id, recipient, standing, posted_at, sealed) VALUES (:id, :r, :s, 0, :b)"),
                {"id": f"big{number}", "r": bytes(32), "s": False, "b": os.urandom(60_000)},
            )
    killed = others.start(MAKER, lived_in.address, out, room)
    while not any(one.stat().st_size > 1_000_000 for one in out.parent.glob(".*.part")):
        assert killed.poll() is None
    killed.kill()
    assert not out.exists()
    for left_over in room.iterdir():
        os.utime(left_over, (0, 0))
    made(lived_in, out, room)
    assert list(out.parent.iterdir()) == [out]
    assert list(room.iterdir()) == []


# --- restoring one ------------------------------------------------------------------------------


def test_a_restored_practice_opens_and_knows_what_it_knew(lived_in, out, room, bare):
    made(lived_in, out, room)
    done = backup.restore(bare, out, MINE, later(days=11))
    assert done.header.made_at == "2026-12-02T10:00:00Z"
    assert done.lost is None
    vault = recover_vault(bare, lived_in.therapist.id, lived_in.recovery_code)
    assert {one.token.digest for one in vault.records()} == {one.token.digest for one in lived_in.vault.records()}
    assert vault.holders() == lived_in.vault.holders()
    assert audit.check(bare).ok
    with bare.read() as connection:
        kinds = [entry.kind for entry in audit.entries(connection)]
    assert kinds[-1] == "restore"


@pytest.mark.parametrize("secret", [Passphrase("another passphrase"), PrivateKey(SealingKey(bytes(32)))])
def test_the_wrong_secret_restores_nothing(clinic, out, room, bare, secret):
    made(clinic, out, room, Passphrase("the right passphrase"))
    with pytest.raises(BackupLocked):
        backup.restore(bare, out, secret, NOW)
    assert backup.is_empty(bare)
    backup.restore(bare, out, Passphrase("the right passphrase"), NOW)
    assert not backup.is_empty(bare)


def test_records_that_are_there_are_left_alone(clinic, out, room):
    made(clinic, out, room)
    before = sums(clinic.database)
    with pytest.raises(NotEmpty):
        backup.restore(clinic.database, out, MINE, NOW)
    assert sums(clinic.database) == before


def test_tables_without_a_row_are_an_empty_place(clinic, out, room, bare):
    made(clinic, out, room)
    bare.migrate()
    assert backup.restore(bare, out, MINE, NOW).rows


@pytest.mark.parametrize("part", [0.0, 0.3, 0.6, 0.999])
def test_a_cut_or_changed_backup_restores_nothing(lived_in, out, room, bare, part):
    made(lived_in, out, room)
    whole = out.read_bytes()
    place = int(len(whole) * part)
    changed = bytearray(whole)
    changed[place] ^= 1
    for broken in (whole[:place], bytes(changed)):
        out.write_bytes(broken)
        with pytest.raises((BackupDamaged, BackupLocked)):
            backup.restore(bare, out, MINE, NOW)
        assert backup.is_empty(bare)
    out.write_bytes(whole)
    assert backup.restore(bare, out, MINE, NOW).rows


def test_a_file_that_is_not_there_is_said(bare, tmp_path):
    for path in (tmp_path / "nothing", tmp_path):
        with pytest.raises(BadInput):
            backup.restore(bare, path, MINE, NOW)


def test_a_restore_that_is_killed_anywhere_leaves_it_empty_or_whole_and_on_hold(lived_in, out, room, bare):
    made(lived_in, out, room)
    ends = {}
    for statement in (1, 30, 60, 75, 90, 100, 105, 110, 115, 120):
        ended = others.run(RESTORER, bare.url, out, statement)
        empty = backup.is_empty(bare)
        ends[statement] = (ended, empty)
        if not empty:
            bare.migrate()
            assert restorations.last(bare) >= later(days=9)
            break
    assert (-signal.SIGKILL, True) in ends.values()
    if backup.is_empty(bare):
        backup.restore(bare, out, MINE, later(days=11))
    vault = recover_vault(bare, lived_in.therapist.id, lived_in.recovery_code)
    assert importing.standing(vault, lived_in.card.code).on_hold


def test_a_full_disk_restores_nothing(lived_in, out, room, tmp_path):
    made(lived_in, out, room)
    small = tmp_path / "small.sqlite3"
    program = RESTORER.replace(
        "left = ", "import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, (90000,) * 2)\nleft = "
    )
    words = [f"sqlite:///{small}", str(out), "0"]
    full = subprocess.run(
        [sys.executable, "-c", program, *words], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert "StoreUnavailable" in full.stderr
    database = Database(f"sqlite:///{small}")
    assert backup.is_empty(database)
    database.close()


def test_a_backup_of_tables_to_come_is_left_alone(clinic, out, room, bare):
    clinic.change_rows("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(NewerRecords):
        made(clinic, out, room)
    with out.open("wb") as file, clinic.database.read() as connection:
        writer = Writer(file, TO)
        for line in dump.lines(connection, NOW, Sums()):
            writer.write(line)
        writer.finish()
    with pytest.raises(NewerRecords):
        backup.restore(bare, out, MINE, NOW)


def _as_of(version, lines, folder):
    """The lines of a backup as an earlier version of the tables would have told them."""
    earlier, there = Database(f"sqlite:///{folder}/earlier.sqlite3"), MetaData()
    command.upgrade(earlier._alembic(), version)
    there.reflect(earlier.engine)
    earlier.close()
    rows, kept = 0, []
    for said in map(json.loads, lines):
        if isinstance(said, list):
            if kept:
                rows += 1
                yield [value for value, keep in zip(said, kept, strict=True) if keep]
        elif "table" in said:
            known = there.tables.get(said["table"])
            kept = [known is not None and name in known.columns for name in said["columns"]]
            kept = kept if any(kept) else []
            if kept:
                yield said | {
                    "columns": {name: kind for name, kind in said["columns"].items() if name in known.columns}
                }
        else:
            yield said | ({"schema": version} if "schema" in said else {"end": rows})


def test_a_backup_of_earlier_tables_is_brought_up_to_date(clinic, out, bare, tmp_path):
    """As one that was made before a later migration: the tables of its own version are made first."""
    with out.open("wb") as file, clinic.database.read() as connection:
        writer = Writer(file, TO)
        for said in _as_of("0005", dump.lines(connection, NOW, Sums()), tmp_path):
            writer.write(json.dumps(said).encode() + b"\n")
        writer.finish()
    backup.restore(bare, out, MINE, NOW)
    assert not bare.pending_migrations()
    assert sums(bare).tables["card"] == sums(clinic.database).tables["card"]


def test_a_record_that_was_tampered_with_is_restored_as_it_is(clinic, out, room, bare):
    on_server = clinic.path is None
    clinic.change_rows("ALTER TABLE audit DISABLE TRIGGER USER" if on_server else "DROP TRIGGER audit_never_changes")
    clinic.take_in(clinic.save(ClientKeys.new(), post="ask"), compared=True)
    clinic.change_rows("UPDATE audit SET at = at + 1 WHERE sequence = 2")
    before = audit.check(clinic.database).faults
    assert before
    made(clinic, out, room)
    backup.restore(bare, out, MINE, NOW)
    assert audit.check(bare).faults == before
    with pytest.raises(Exception, match=r"never (changes|deleted)"), bare.write() as connection:
        connection.execute(text("DELETE FROM audit"))


@pytest.mark.in_a_file
def test_a_backup_from_a_file_goes_into_a_server_and_back(lived_in, out, room, server, tmp_path):
    made(lived_in, out, room)
    on_server = Database(server.address(server.make()))
    backup.restore(on_server, out, MINE, later(days=11))
    again = out.with_name("again")
    backup.make(on_server, again, TO, later(days=12), room)
    back = Database(f"sqlite:///{tmp_path}/back.sqlite3")
    backup.restore(back, again, MINE, later(days=13))
    before, after = sums(lived_in.database).tables, sums(back).tables
    assert {name: after[name] for name in before if name not in {"audit", "restoration"}} == {
        name: before[name] for name in before if name not in {"audit", "restoration"}
    }
    assert audit.check(back).ok
    on_server.close()
    back.close()


def test_a_database_that_is_gone_is_said(clinic, out, room, tmp_path):
    gone = Database(f"sqlite:///{tmp_path}/gone.sqlite3")
    with pytest.raises(StoreUnavailable):
        backup.make(gone, out, TO, NOW, room)
    assert list(out.parent.iterdir()) == []
