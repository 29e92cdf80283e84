"""The client face's rights come with the start that migrates: nobody has to remember them, on a real PostgreSQL."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from alembic import command

from core import saving
from core.errors import BadInput, StoreUnavailable
from core.portal import Portal
from core.saving import Outbox
from core.settings import Settings
from core.store import cards, practice, roles
from core.store.database import Database
from core.store.limits import Limits
from tests.core.clinic import NOW, SECRET


@pytest.fixture
def as_client(clinic, server, role):
    """The client face's own way to the practice's database."""
    made = Database(server.address(clinic.database.engine.url.database, role.replace(" ", "%20")), wait=5)
    yield made
    made.close()
    clinic.change_rows(f'DROP OWNED BY "{role}"')


def start(database, folder, face="staff", **more):
    """What a start of a face does to the database."""
    Portal(Settings(face=face, data=folder, database_url=database.url, **more), SECRET).database.close()


def can_send(clinic, client_face):
    card = cards.usable(client_face, clinic.card.code, NOW)
    therapist = practice.of_card(client_face, card)
    outbox = Outbox(client_face, Limits(client_face, SECRET), mailbox_on=True)
    return saving.stop_everything(outbox, card, therapist, NOW).sent


@pytest.mark.on_a_server
def test_an_upgrade_that_needs_a_new_right_gives_it_in_the_start_that_migrates(
    clinic, as_client, role, tmp_path, monkeypatch
):
    """First as it was forgotten: the tables are new and the rights are not. Then with the setting."""
    start(clinic.database, tmp_path, client_role=role)
    assert can_send(clinic, as_client)
    command.downgrade(clinic.database._alembic(), "-1")
    # The table that this version brings, as the client face finds it: nobody gave it a right there yet.
    clinic.change_rows(f'REVOKE ALL ON parcel, tally FROM "{role}"')
    start(clinic.database, tmp_path)
    with as_client.read() as connection:
        assert roles.missing(connection) == ["parcel", "tally"]
    with pytest.raises(StoreUnavailable):
        can_send(clinic, as_client)
    command.downgrade(clinic.database._alembic(), "-1")
    start(clinic.database, tmp_path, client_role=role)
    assert not clinic.database.pending_migrations()
    with as_client.read() as connection:
        assert (roles.missing(connection), roles.refused(connection)) == ([], [])
    assert can_send(clinic, as_client)


@pytest.mark.on_a_server
def test_a_face_without_tables_makes_them_and_gives_the_rights_in_one_start(server, role, tmp_path):
    owner, name = Database(server.address(made := server.make())), made
    start(owner, tmp_path, client_role=role)
    client = Database(server.address(name, role.replace(" ", "%20")))
    with client.read() as connection:
        assert roles.missing(connection) == []
    start(client, tmp_path, "client")
    client.close()
    with owner.write() as connection:
        connection.exec_driver_sql(f'DROP OWNED BY "{role}"')
    owner.close()


@pytest.mark.on_a_server
def test_who_does_not_own_the_tables_gives_nothing(clinic, server, as_client, role, tmp_path):
    start(clinic.database, tmp_path, client_role=role)
    # The client face does not even try; a staff face that signs in as the wrong one is told.
    start(as_client, tmp_path, "client", client_role=role)
    server.do("CREATE ROLE another LOGIN")
    with pytest.raises(BadInput, match="tables' owner"):
        start(as_client, tmp_path, client_role="another")
    server.do("DROP ROLE another")


@pytest.mark.on_a_server
@pytest.mark.parametrize("named", ["nobody of this name", "'; DROP TABLE parcel; --"])
def test_a_role_that_is_none_is_said_and_nothing_starts(clinic, tmp_path, named):
    with pytest.raises(BadInput, match="no role of this name"):
        start(clinic.database, tmp_path, client_role=named)
    assert clinic.database.is_up()


@pytest.mark.in_a_file
def test_a_file_has_no_roles_and_an_empty_line_sets_none(clinic, tmp_path):
    start(clinic.database, tmp_path, client_role="")
    with pytest.raises(BadInput, match="Only PostgreSQL"):
        start(clinic.database, tmp_path, client_role="face")
    environment = {**os.environ, "SAYSO_CLIENT_ROLE": "face", "SAYSO_DATA": str(tmp_path)}
    asked = "from core.web.starting import started; started()"
    done = subprocess.run([sys.executable, "-c", asked], env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Only PostgreSQL has roles." in done.stderr
    assert "Traceback" not in done.stderr
