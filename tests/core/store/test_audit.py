"""The record in the database: kept with what it tells of or not at all, one chain, and only growing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from alembic import command
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError

from core import importing
from core.audit import Fault
from core.errors import AlreadyImported, StoreUnavailable, VaultDamaged
from core.facts import NOTHING
from core.keys import ClientKeys, SigningKey
from core.store import audit, mailbox, practice, recovery
from core.store.audit import Keeper
from core.store.practice import SetUp
from core.vault import DataKey
from tests.core import others
from tests.core.clinic import NOW, PASSPHRASE, later

KEEPER = Keeper("0123456789abcdef", DataKey(b"k" * 32))
KEY = SigningKey(b"s" * 32)
#: Puts a copy of the first entry under another number.
RENUMBER = "UPDATE audit SET sequence = {} WHERE sequence = {}"
COPY = (
    "INSERT INTO audit SELECT {}, at, therapist_id, kind, commitment, previous, hash, sealed FROM audit"
    " WHERE sequence = 1"
)
#: Appends entries, each with a parcel beside it: ADDRESS, how many.
WRITER = """
import sys
from datetime import UTC, datetime
from core.store import audit, mailbox
from core.store.audit import Keeper
from core.store.database import Database
from core.vault import DataKey
database = Database(sys.argv[1], wait=60)
now = datetime(2026, 11, 22, tzinfo=UTC)
for number in range(int(sys.argv[2])):
    with database.write() as connection:
        mailbox.post(connection, bytes(32), b"sealed", now)
        audit.append(connection, "import", now, Keeper("0123456789abcdef", DataKey(b"k" * 32)), {"number": number})
"""


def append(database, kind="import", author=KEEPER, **said):
    with database.write() as connection:
        return audit.append(connection, kind, NOW, author, said)


def entries(database):
    with database.read() as connection:
        return list(audit.entries(connection))


def head(database):
    with database.read() as connection:
        return audit.sign_head(connection, KEEPER, KEY, NOW)


def kinds(database):
    return [entry.kind for entry in entries(database)]


def change(database, *statements):
    """Change the record as somebody with the database in their hands can."""
    with database.write() as connection:
        for trigger in ("audit_only_grows", "audit_never_changes", "audit_never_shrinks", "audit_never_empties"):
            if connection.dialect.name == "sqlite":
                connection.execute(text(f"DROP TRIGGER IF EXISTS {trigger}"))
            else:
                connection.execute(text(f"DROP TRIGGER IF EXISTS {trigger} ON audit"))
        for statement in statements:
            connection.execute(text(statement))


# --- one chain ----------------------------------------------------------------------------------


def test_entries_follow_each_other_and_say_what_they_said(database):
    for number in range(5):
        append(database, number=number, name="x")
    assert [entry.sequence for entry in entries(database)] == [1, 2, 3, 4, 5]
    assert {entry.at for entry in entries(database)} == {int(NOW.timestamp())}
    with database.read() as connection:
        said = [{fact.name: fact.value for fact in told} for _, told in audit.opened(connection, KEEPER)]
    assert said == [{"number": number, "name": "x"} for number in range(5)]
    assert audit.check(database).ok


def test_without_a_vault_an_entry_says_only_that_it_happened(database):
    entry = append(database, "backup", None)
    assert (entry.therapist, entry.commitment) == ("", NOTHING)
    with pytest.raises(ValueError, match="open vault"):
        append(database, "backup", None, secret=1)
    assert kinds(database) == ["backup"]


def test_one_therapist_s_entries_do_not_open_with_another_s_key(database):
    append(database, one=1)
    other = Keeper("f" * 16, DataKey.new())
    append(database, author=other, two=2)
    with database.read() as connection:
        assert [entry.sequence for entry, _ in audit.opened(connection, other)] == [2]
        with pytest.raises(VaultDamaged):
            list(audit.opened(connection, Keeper(KEEPER.therapist_id, other.data_key)))


def test_a_failure_after_it_leaves_no_entry_and_one_before_it_leaves_nothing_else(database):
    for first in (True, False):
        with suppress(RuntimeError), database.write() as connection:
            if first:
                audit.append(connection, "import", NOW, KEEPER, {})
                raise RuntimeError
            mailbox.post(connection, bytes(32), b"sealed", NOW)
            raise RuntimeError
    assert entries(database) == []
    assert mailbox.count_waiting(database, bytes(32)) == 0
    assert append(database).sequence == 1


def test_many_threads_make_one_chain(database):
    with ThreadPoolExecutor(6) as threads:
        list(threads.map(lambda number: append(database, number=number), range(40)))
    report = audit.check(database)
    assert (report.ok, report.entries) == (True, 40)


def test_many_processes_make_one_chain(database):
    writers = [others.start(WRITER, database.url, 15) for _ in range(3)]
    assert [one.wait() for one in writers] == [0, 0, 0]
    report = audit.check(database)
    assert (report.ok, report.entries) == (True, 45)
    assert mailbox.count_waiting(database, bytes(32)) == 45


def test_a_killed_writer_leaves_each_entry_with_what_it_tells_of(database):
    killed = others.start(WRITER, database.url, 100_000)
    while mailbox.count_waiting(database, bytes(32)) < 10:
        assert killed.poll() is None
    killed.kill()
    append(database)  # waits for the server to notice
    report = audit.check(database)
    assert (report.ok, report.entries) == (True, mailbox.count_waiting(database, bytes(32)) + 1)


# --- only growing -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET at = 1 WHERE sequence = 2",
        "UPDATE audit SET sequence = 9 WHERE sequence = 3",
        "DELETE FROM audit WHERE sequence = 3",
        "DELETE FROM audit",
        COPY.format(2),
        COPY.format(5),
        COPY.format(0),
    ],
)
def test_the_database_itself_refuses_all_but_the_next_entry(database, statement):
    before = [append(database, number=number) for number in range(3)]
    with pytest.raises(IntegrityError), database.write() as connection:
        connection.execute(text(statement))
    assert entries(database) == before


def test_the_database_refuses_the_ways_around_that_only_it_has(database):
    before = [append(database)]
    ways = {"sqlite": COPY.format(1).replace("INSERT", "INSERT OR REPLACE"), "postgresql": "TRUNCATE audit"}
    with pytest.raises(IntegrityError), database.write() as connection:
        connection.execute(text(ways[connection.dialect.name]))
    assert entries(database) == before


def test_0002_the_record(database):
    command.downgrade(database._alembic(), "0001")
    assert "audit" not in inspect(database.engine).get_table_names()
    command.upgrade(database._alembic(), "0002")
    database.engine.dispose()
    append(database, one=1)
    command.downgrade(database._alembic(), "0001")
    command.upgrade(database._alembic(), "0002")
    assert entries(database) == []


# --- what a check finds -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("statements", "faults"),
    [
        (["UPDATE audit SET at = at + 1 WHERE sequence = 2"], [(2, "changed")]),
        (["UPDATE audit SET kind = 'post' WHERE sequence = 2"], [(2, "changed")]),
        (["UPDATE audit SET therapist_id = '' WHERE sequence = 2"], [(2, "changed")]),
        (["UPDATE audit SET commitment = previous WHERE sequence = 2"], [(2, "changed")]),
        (["UPDATE audit SET sealed = commitment WHERE sequence = 2"], [(2, "changed")]),
        (["UPDATE audit SET hash = previous WHERE sequence = 2"], [(2, "changed"), (3, "broken_link")]),
        (["UPDATE audit SET previous = hash WHERE sequence = 2"], [(2, "broken_link"), (2, "changed")]),
        (["DELETE FROM audit WHERE sequence = 2"], [(2, "missing")]),
        (["DELETE FROM audit WHERE sequence = 1"], [(1, "missing")]),
        (["DELETE FROM audit WHERE sequence > 2"], [(3, "truncated")]),
        (["DELETE FROM audit"], [(1, "truncated")]),
        (
            [RENUMBER.format(*pair) for pair in ((9, 2), (2, 3), (3, 9))],
            [(2, "broken_link"), (2, "changed"), (3, "broken_link"), (3, "changed"), (4, "broken_link")],
        ),
    ],
)
def test_a_check_against_a_head_kept_outside_finds_what_was_done(database, statements, faults):
    for number in range(4):
        append(database, number=number)
    kept = head(database)
    change(database, *statements)
    found = audit.check(database, kept).faults
    assert Fault(0, "head_signer") in found  # nobody is set up here
    assert [(fault.sequence, fault.fault) for fault in found if fault.sequence] == faults


@pytest.mark.in_a_file  # elsewhere a column keeps only its own type
@pytest.mark.parametrize("column", ["at", "therapist_id", "kind", "commitment", "previous", "hash", "sealed"])
@pytest.mark.parametrize("value", ["'text'", "1.5", "x'00'", "-1"])
def test_a_value_of_a_foreign_type_is_a_fault_and_no_crash(database, column, value):
    for number in range(3):
        append(database, number=number)
    change(database, f"UPDATE audit SET {column} = {value} WHERE sequence = 2")  # noqa: S608 - listed above
    assert Fault(2, "changed") in audit.check(database).faults


@pytest.mark.in_a_file
def test_a_number_of_a_foreign_type_is_a_fault_and_no_crash(database):
    append(database)
    change(database, "UPDATE audit SET sequence = 'text'")
    assert not audit.check(database).ok


def test_a_record_that_goes_on_from_a_broken_place_stays_broken(database):
    for number in range(3):
        append(database, number=number)
    change(database, "UPDATE audit SET at = 1 WHERE sequence = 2")
    append(database)
    assert Fault(2, "changed") in audit.check(database).faults


# --- what is written by what --------------------------------------------------------------------


def said(clinic):
    with clinic.database.read() as connection:
        return [
            (entry.kind, {fact.name: fact.value for fact in told})
            for entry, told in audit.opened(connection, clinic.vault)
        ]


def test_set_up_begins_the_record_with_the_therapist_s_keys(clinic):
    keys = clinic.vault.keys
    public = {"sealing_public": keys.sealing.public.hex(), "signing_public": keys.signing.public.hex()}
    assert said(clinic) == [("set_up", public)]
    assert entries(clinic.database)[0].therapist == clinic.therapist.id


def test_of_two_set_ups_one_begins_the_record(database):
    answers = SetUp("Willow", "Robin", (), PASSPHRASE)
    practice.set_up(database, answers, NOW)
    with suppress(Exception):
        practice.set_up(database, answers, NOW)
    assert kinds(database) == ["set_up"]


def test_an_import_is_one_entry_and_its_confirmation_another(clinic):
    keys = ClientKeys.new()
    clinic.take_in(clinic.save(keys, video="ask"), compared=True)
    clinic.take_in(clinic.save(keys, at=later(days=1), video="never"), at=later(days=1))
    clinic.take_in(clinic.stop(at=later(days=2)), at=later(days=2))
    assert kinds(clinic.database) == ["set_up", "import", "confirm", "import", "import"]
    _, (_, first), (_, confirmed), (_, second), (_, stop) = said(clinic)
    assert first["subject"] == confirmed["subject"] == second["subject"] == stop["subject"]
    assert first["key"] == confirmed["key"] == second["key"] != stop["key"]
    assert (first["channel.video"], second["channel.video"]) == ("ask", "never")
    assert (stop["token_kind"], stop["scope"], stop["key"]) == ("withdrawal", "everything", None)


def test_a_key_confirmed_later_is_an_entry_of_its_own_and_only_once(clinic):
    keys = ClientKeys.new()
    clinic.take_in(clinic.save(keys, video="ask"))
    for _ in range(2):
        importing.confirm_key(clinic.vault, clinic.card.code, keys.signing_public, NOW)
    assert kinds(clinic.database) == ["set_up", "import", "confirm"]


def test_importing_twice_is_one_entry(clinic):
    saved = clinic.save(ClientKeys.new(), video="ask")
    look = importing.preview(clinic.vault, saved.token.text, NOW)
    importing.keep(clinic.vault, look, NOW)
    with pytest.raises(AlreadyImported):
        importing.keep(clinic.vault, look, NOW)
    assert kinds(clinic.database) == ["set_up", "import"]


def test_what_cannot_be_written_into_the_record_does_not_happen(clinic):
    look = importing.preview(clinic.vault, clinic.save(ClientKeys.new(), video="ask").token.text, NOW)
    before = clinic.rows("SELECT * FROM holder"), clinic.rows("SELECT wrapped_data_key FROM therapist")
    with clinic.refusing("INSERT ON audit"):
        with pytest.raises(StoreUnavailable):
            importing.keep(clinic.vault, look, NOW, compared=True)
        with pytest.raises(StoreUnavailable):
            practice.change_passphrase(clinic.database, clinic.therapist.id, clinic.vault.data_key, PASSPHRASE, NOW)
    assert clinic.vault.records() == []
    assert (clinic.rows("SELECT * FROM holder"), clinic.rows("SELECT wrapped_data_key FROM therapist")) == before
    importing.keep(clinic.vault, look, NOW, compared=True)
    assert kinds(clinic.database) == ["set_up", "import", "confirm"]


def test_a_new_passphrase_and_a_new_sheet_are_entries(clinic):
    practice.change_passphrase(clinic.database, clinic.therapist.id, clinic.vault.data_key, PASSPHRASE, NOW)
    recovery.renew(clinic.database, clinic.therapist.id, clinic.vault.data_key, NOW)
    assert said(clinic)[1:] == [
        ("passphrase_change", {"opens_with": "passphrase"}),
        ("passphrase_change", {"opens_with": "recovery_sheet"}),
    ]


def test_no_client_is_in_the_clear_part(clinic):
    keys = ClientKeys.new()
    saved = clinic.save(keys, video="ask", note="canary note")
    clinic.take_in(saved, compared=True)
    rows = clinic.rows("SELECT sequence, at, therapist_id, kind, commitment, previous, hash FROM audit")
    clear = " ".join(value.hex() if isinstance(value, bytes) else str(value) for row in rows for value in row)
    canaries = [clinic.card.code, "ask", "canary", keys.signing_public.hex(), saved.token.digest.hex()]
    assert [canary for canary in canaries if canary in clear] == []


def test_the_same_thing_said_twice_looks_different(database):
    one, other = (append(database, subject="s", token="t") for _ in range(2))
    assert one.commitment != other.commitment
    assert one.detail != other.detail
