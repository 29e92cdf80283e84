"""The mark beside the database, on both kinds: who may move it on, and that no writers take each other for a copy."""

from __future__ import annotations

import json
import multiprocessing

import pytest

from core.errors import OldCopy
from core.portal import Portal
from core.settings import Settings
from core.store import audit, restorations, roles
from core.store.database import Database
from core.store.outside import LAST_ENTRY_FILE, Last, Outside
from tests.core.clinic import NOW, SECRET, later

#: An entry that no record holds.
LOST = {"sequence": 99, "hash": "00" * 32}
ROLE = "marked"


def last_of(database):
    with database.read() as connection:
        entry = audit.last_entry(connection)
    return Last(entry.sequence, entry.hash)


def test_what_is_added_to_an_old_copy_is_refused_until_it_was_recognised(clinic, tmp_path):
    mark = tmp_path / LAST_ENTRY_FILE
    mark.write_text(json.dumps(LOST))
    database = Database(clinic.address, outside=mark)
    before = clinic.rows("SELECT count(*) FROM audit")
    with pytest.raises(OldCopy), database.write() as connection:
        audit.append(connection, "export", NOW)
    assert clinic.rows("SELECT count(*) FROM audit") == before
    assert json.loads(mark.read_text()) == LOST
    assert restorations.recognise(database, later(days=1))
    assert restorations.last(database) == later(days=1)
    with database.write() as connection:
        audit.append(connection, "export", later(days=2))
    assert Outside(mark).last() == last_of(database)
    assert audit.check(database).ok
    database.close()


def test_writers_in_several_processes_never_take_each_other_for_an_old_copy(clinic, tmp_path):
    mark, fork = tmp_path / LAST_ENTRY_FILE, multiprocessing.get_context("fork")
    clinic.database.close()
    told = fork.SimpleQueue()

    def write():
        database = Database(clinic.address, wait=60, outside=mark)
        try:
            for _ in range(25):
                assert not restorations.recognise(database, NOW)
                with database.write() as connection:
                    audit.append(connection, "export", NOW)
        except BaseException as problem:  # noqa: BLE001 - told to whoever waits for it
            told.put(type(problem).__name__)
        else:
            told.put("done")
        database.close()

    running = [fork.Process(target=write) for _ in range(4)]
    for one in running:
        one.start()
    assert [told.get() for _ in running] == ["done"] * 4
    for one in running:
        one.join()
    assert Outside(mark).last() == last_of(clinic.database)
    assert restorations.last(clinic.database) is None


@pytest.mark.on_a_server
def test_the_client_face_that_cannot_read_the_record_starts_and_leaves_the_mark_alone(clinic, server, tmp_path):
    server.do(f"CREATE ROLE {ROLE} LOGIN")
    with clinic.database.write() as connection:
        roles.grant(connection, ROLE)
    mark = tmp_path / LAST_ENTRY_FILE
    mark.write_text(json.dumps(LOST))
    address = server.address(clinic.database.engine.url.database, ROLE)
    portal = Portal(Settings(face="client", data=tmp_path, database_url=address), SECRET)
    assert portal.database.is_up()
    portal.database.close()
    assert json.loads(mark.read_text()) == LOST
    clinic.change_rows(f"DROP OWNED BY {ROLE}")
    server.do(f"DROP ROLE {ROLE}")
