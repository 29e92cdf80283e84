"""The public face under a role of its own: all a client does works, and the vault does not exist for it."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from core import answering, importing, saving, visit
from core.answering import Reply
from core.errors import BadInput, NewerRecords, OlderRecords, StoreUnavailable
from core.keys import ClientKeys
from core.portal import Portal
from core.received import received
from core.saving import Outbox
from core.settings import Settings
from core.store import cards, mailbox, practice, roles
from core.store.database import Database
from core.store.limits import LIMITS, Limits
from core.store.schema import metadata
from tests.core.clinic import NOW, SECRET, later
from tests.core.commanding import Call
from tests.core.story import Client, about, ask, draft

pytestmark = pytest.mark.on_a_server
#: What may be read of a therapist; the rest is wrapped keys.
WRAPPED = ("wrapped_data_key", "wrapped_for_recovery", "sealed_keys")


@pytest.fixture
def face(clinic, server, role):
    """The same practice as the client face has it."""
    with clinic.database.write() as connection:
        roles.grant(connection, role)
    made = Database(server.address(clinic.database.engine.url.database, role.replace(" ", "%20")), wait=5)
    yield made
    made.close()
    clinic.change_rows(f'DROP OWNED BY "{role}"')


@pytest.fixture
def outbox(face):
    return Outbox(face, Limits(face, SECRET), mailbox_on=True)


def refused(database, statement):
    with pytest.raises(StoreUnavailable), database.write() as connection:
        connection.execute(text(statement))
    return True


# --- what works ---------------------------------------------------------------------------------


def test_all_a_client_does_works(clinic, face, outbox):
    client = Client(clinic, clinic.card)
    card = cards.usable(face, client.card.code, NOW)
    therapist = practice.find_therapist(face, card.therapist_id)
    assert therapist == clinic.therapist
    assert practice.find_practice(face) == practice.find_practice(clinic.database)
    chosen = {"materials": ("story", "lesson"), "topics": ("work",), "therapy": "during", "gap_months": 0}
    saved = saving.send(outbox, clinic.write(client.keys, post="ask", **chosen))
    assert saved.sent
    assert saving.own_record(face, client.keys, NOW).digest == saved.token.digest
    client.arrives(NOW, compared=True)
    piece = draft(clinic, about((card.code, "2026-05-01")))
    ask(clinic, piece, client)
    at, last = later(days=1), saving.own_record(face, client.keys, NOW)
    [question] = received(face, card, therapist, client.keys, last).questions
    letter = answering.write_answer(card, therapist, question, Reply("yes", "want"), at, keys=client.keys, last=last)
    assert saving.send(outbox, letter).sent
    assert saving.stop_everything(outbox, card, therapist, later(days=2)).sent
    for one in importing.look_at_mailbox(clinic.vault, later(days=3)):
        importing.keep(clinic.vault, one.preview, later(days=3))
    assert [record.token.body.kind for record in clinic.vault.records()].count("answer") == 1
    assert visit.come_back(face, card, client.keys, later(days=3)).last.digest == letter.token.digest


def test_the_limits_hold(outbox, clinic):
    for _ in range(LIMITS["parcel"].count):
        assert saving.save_choices(
            outbox, clinic.card, clinic.therapist, saving.nevers(NOW), keys=ClientKeys.new()
        ).sent
    again = saving.save_choices(outbox, clinic.card, clinic.therapist, saving.nevers(NOW), keys=ClientKeys.new())
    assert not again.sent
    with outbox.limits.attempt([("personal_code", "192.0.2.1")], NOW):
        pass
    assert outbox.limits.tries_left("personal_code", "192.0.2.1", NOW) == LIMITS["personal_code"].count
    outbox.limits.note("card", "192.0.2.1", later(days=2))  # forgets the windows that are over


def test_the_portal_starts(face, tmp_path):
    portal = Portal(Settings(face="client", data=tmp_path, database_url=face.url), SECRET)
    assert portal.outbox.mailbox_on
    assert portal.database.is_up()
    portal.database.close()


# --- what does not ------------------------------------------------------------------------------


@pytest.mark.parametrize("table", sorted(set(metadata.tables) - set(roles.CLIENT)))
def test_a_table_that_is_not_listed_is_refused(face, table):
    assert refused(face, f"SELECT * FROM {table}")  # noqa: S608 - a listed name
    assert refused(face, f"SELECT count(*) FROM {table}")  # noqa: S608
    assert refused(face, f"DELETE FROM {table}")  # noqa: S608
    assert refused(face, f"INSERT INTO {table} DEFAULT VALUES")
    column = next(iter(metadata.tables[table].columns)).name
    assert refused(face, f"UPDATE {table} SET {column} = {column}")  # noqa: S608


def test_the_vault_is_among_what_is_not_listed():
    assert {"record", "holder", "request", "post", "audit"} <= set(metadata.tables) - set(roles.CLIENT)


@pytest.mark.parametrize("column", WRAPPED)
def test_a_wrapped_key_is_refused_however_it_is_asked_for(face, column):
    assert refused(face, f"SELECT {column} FROM therapist")  # noqa: S608
    assert refused(face, f"SELECT id FROM therapist WHERE {column} IS NOT NULL")  # noqa: S608
    assert refused(face, f"SELECT id FROM therapist ORDER BY {column}")  # noqa: S608
    assert refused(face, "SELECT * FROM therapist")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE parcel SET delivered_at = 1",
        "UPDATE card SET state = 'blocked'",
        "UPDATE therapist SET sealing_public = signing_public",
        "UPDATE practice SET mailbox = false",
        "INSERT INTO card SELECT * FROM card",
        "DELETE FROM card",
        "DELETE FROM practice",
        "UPDATE alembic_version SET version_num = '0001'",
        "TRUNCATE parcel",
        "DROP TABLE parcel",
        "ALTER TABLE parcel DISABLE ROW LEVEL SECURITY",
        "DROP POLICY client_face_delete ON parcel",
        "CREATE TABLE mine (id integer)",
        'SET ROLE "sayso"',
        "COPY (SELECT 1) TO PROGRAM 'true'",
    ],
)
def test_nothing_else_is_changed(face, statement):
    assert refused(face, statement)


def test_what_waits_for_a_therapist_cannot_be_taken_away(clinic, face, outbox):
    saving.stop_everything(outbox, clinic.card, clinic.therapist, NOW)
    with face.write() as connection:
        connection.execute(text("DELETE FROM parcel"))
    assert mailbox.clear_ended(face, later(days=5000)) == 0
    [waits] = importing.look_at_mailbox(clinic.vault, NOW)
    assert waits.preview.after.on_hold
    assert mailbox.clear_ended(clinic.database, later(days=5000)) == 1


def test_a_role_that_could_do_more_before_can_no_more(clinic, face, role):
    clinic.change_rows(f'GRANT ALL ON ALL TABLES IN SCHEMA public TO "{role}"')
    clinic.change_rows("GRANT SELECT ON record TO PUBLIC")
    with face.read() as connection:
        assert "record" in roles.refused(connection)
    with clinic.database.write() as connection:
        roles.grant(connection, role)
    assert refused(face, "SELECT * FROM record")
    assert refused(face, "SELECT sealed_keys FROM therapist")
    with face.read() as connection:
        assert roles.refused(connection) == []


@pytest.mark.parametrize(
    ("given", "tables"),
    [
        ('GRANT SELECT (sealed_keys) ON therapist TO "{role}"', ["therapist"]),
        ('GRANT SELECT (kind) ON audit TO "{role}"', ["audit"]),
        ('GRANT UPDATE (name) ON therapist TO "{role}"', ["therapist"]),
        ('ALTER ROLE "{role}" BYPASSRLS', ["parcel"]),
        ('ALTER ROLE "{role}" NOINHERIT; GRANT sayso TO "{role}"', sorted(metadata.tables)),
    ],
)
def test_more_than_it_may_is_named_however_it_was_given(clinic, face, role, given, tables):
    with face.read() as connection:
        assert roles.refused(connection) == []
    for statement in given.format(role=role).split("; "):
        clinic.change_rows(statement)
    with face.read() as connection:
        assert roles.refused(connection) == tables
    clinic.change_rows(f'REVOKE sayso FROM "{role}"')


@pytest.mark.parametrize(
    ("taken", "table"),
    [
        ("SELECT ON practice", "practice"),
        ("INSERT ON parcel", "parcel"),
        ("SELECT (sealing_public) ON therapist", "therapist"),
    ],
)
def test_a_right_that_an_upgrade_did_not_bring_along_is_named_until_it_is_given(clinic, face, role, taken, table):
    with face.read() as connection:
        assert roles.missing(connection) == []
    clinic.change_rows(f'REVOKE {taken} FROM "{role}"')
    with face.read() as connection:
        assert roles.missing(connection) == [table]
    with clinic.database.write() as connection:
        roles.grant(connection, role)
    with face.read() as connection:
        assert roles.missing(connection) == []


# --- versions -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("version", "error"), [("0001", OlderRecords), ("9999", NewerRecords)])
def test_tables_of_another_version_are_said_and_left_alone(clinic, face, version, error):
    clinic.change_rows("UPDATE alembic_version SET version_num = ?", version)
    with pytest.raises(error):
        face.migrate()
    assert clinic.rows("SELECT version_num FROM alembic_version") == [(version,)]


def test_a_database_that_has_no_tables_yet_waits_for_the_staff_face(bare, server, role):
    early = Database(server.address(bare.engine.url.database, role.replace(" ", "%20")))
    with pytest.raises(OlderRecords):
        early.migrate()
    early.close()


# --- the command --------------------------------------------------------------------------------


@pytest.fixture
def owner(clinic, monkeypatch, tmp_path):
    monkeypatch.setenv("SAYSO_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("SAYSO_DATABASE_URL", clinic.address)
    return clinic


def test_the_command_prints_what_it_would_do_and_does_it_when_asked(owner, role, server):
    printed = Call("roles", "--client", role)
    assert (printed.code, printed.err) == (0, "")
    assert f'GRANT SELECT, INSERT, DELETE ON parcel TO "{role}";\n' in printed.out
    other = Database(server.address(owner.database.engine.url.database, role.replace(" ", "%20")))
    assert not other.is_up()
    for statement in printed.out.split(";\n")[:-1]:
        owner.change_rows(statement)
    assert other.is_up()
    assert Call("roles", "--client", role, "--apply").json["tables"] == sorted(roles.CLIENT)
    assert other.is_up()
    other.close()
    owner.change_rows(f'DROP OWNED BY "{role}"')


#: What makes a role one that no rights bind, and how the database is to be left again.
STRONG = {
    'ALTER ROLE "{role}" SUPERUSER': "",
    'ALTER ROLE "{role}" BYPASSRLS': "",
    'ALTER ROLE "{role}" CREATEROLE': "",
    'ALTER ROLE "{role}" REPLICATION': "",
    'GRANT pg_read_all_data TO "{role}"': "",
    'GRANT pg_execute_server_program TO "{role}"': "",
    'ALTER ROLE "{role}" NOINHERIT; GRANT sayso TO "{role}"': 'REVOKE sayso FROM "{role}"',
    'CREATE ROLE between BYPASSRLS; GRANT between TO "{role}"': "DROP ROLE between",
    'ALTER TABLE tally OWNER TO "{role}"': "ALTER TABLE tally OWNER TO sayso",
}


@pytest.fixture(params=STRONG)
def strong(request, clinic, role):
    """A role that can do more than it is given."""
    for statement in request.param.format(role=role).split("; "):
        clinic.change_rows(statement)
    yield role
    if STRONG[request.param]:
        clinic.change_rows(STRONG[request.param].format(role=role))
    clinic.change_rows(f'DROP OWNED BY "{role}"')


def test_a_role_that_no_rights_bind_is_given_none(clinic, strong, tmp_path, monkeypatch):
    rights = "SELECT grantee, table_name, privilege_type FROM information_schema.role_table_grants ORDER BY 1, 2, 3"
    before = clinic.rows(rights)
    for attempt in (roles.statements, roles.grant):
        with pytest.raises(BadInput, match="no rights bind"), clinic.database.write() as connection:
            attempt(connection, strong)
    staff = Settings(face="staff", data=tmp_path, database_url=clinic.address, client_role=strong)
    with pytest.raises(BadInput, match="no rights bind"):
        Portal(staff, SECRET)
    assert clinic.rows(rights) == before


def test_doctor_says_so_on_either_face(clinic, server, strong, tmp_path, monkeypatch):
    monkeypatch.setenv("SAYSO_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("SAYSO_CLIENT_ROLE", strong)
    monkeypatch.setenv("SAYSO_DATABASE_URL", clinic.address)
    assert not found("role")
    with clinic.database.write() as connection:
        for statement in roles._rights(connection.dialect.identifier_preparer, strong):
            connection.execute(text(statement))
    monkeypatch.setenv("SAYSO_FACE", "client")
    name = clinic.database.engine.url.database
    monkeypatch.setenv("SAYSO_DATABASE_URL", server.address(name, strong.replace(" ", "%20")))
    assert not found("role")


def test_doctor_has_nothing_against_a_role_that_is_given_what_it_may(owner, role, face, server, monkeypatch):
    monkeypatch.setenv("SAYSO_CLIENT_ROLE", role)
    assert found("role")
    monkeypatch.setenv("SAYSO_FACE", "client")
    monkeypatch.setenv("SAYSO_DATABASE_URL", face.url)
    assert found("role")


def found(check: str) -> bool:
    """What ``doctor`` says of one thing it looked at."""
    [said] = [one["ok"] for one in Call("doctor").json["checks"] if one["check"] == check]
    return said


@pytest.mark.parametrize("name", ["nobody", "sayso", 'x"; DROP TABLE card; --'])
def test_a_role_that_is_not_there_or_owns_the_tables_is_refused(owner, name):
    call = Call("roles", "--client", name, "--apply")
    assert call.error == "bad_input"
    assert owner.rows("SELECT count(*) FROM card") == [(12,)]


def test_a_database_in_a_file_has_no_roles(tmp_path, monkeypatch):
    monkeypatch.setenv("SAYSO_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("SAYSO_DATABASE_URL", f"sqlite:///{tmp_path}/sayso.sqlite3")
    call = Call("roles", "--client", "face")
    assert call.error == "bad_input"
    assert "Only PostgreSQL" in call.err
