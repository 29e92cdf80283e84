"""``python -m core doctor``: looks a deployment over, says what to fix, and changes nothing."""

from __future__ import annotations

import json
import shutil
import socket
from datetime import UTC, datetime, timedelta

import pytest

from core import importing
from core.commands import doctor
from core.keys import ClientKeys
from core.parcel import recipient_of
from core.store import audit, mailbox, practice, roles
from core.store.outside import LAST_ENTRY_FILE
from tests.core.answering_tls import YEARS, Authority, answering
from tests.core.clinic import NOW, found, later
from tests.core.commanding import Call

NAME = "sayso.example.org"
SECRET = "an0therSecretOfThirtyTwoCharacters"


@pytest.fixture(scope="session")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def answers(authority, monkeypatch):
    """Let a server on this machine be what the public name leads to, and its authority be trusted."""
    found = socket.getaddrinfo
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))

    def lead_to(server):
        def look_up(host, port, *more, **named):
            assert (host, port) == (NAME, 443)
            return found("127.0.0.1", server.port, *more, **named)

        monkeypatch.setattr(socket, "getaddrinfo", look_up)
        return server

    return lead_to


@pytest.fixture
def reached(authority, answers):
    """A proxy with a certificate that is in order."""
    with answering(authority.certificate(NAME, datetime.now(UTC) + YEARS)) as server:
        yield answers(server)


@pytest.fixture
def well(practice_file, tmp_path, monkeypatch, reached):
    """A deployment in which all is in order."""
    original, therapist, recovery_code = practice_file
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    path = data / "sayso.sqlite3"
    shutil.copy(original, path)
    path.chmod(0o600)
    monkeypatch.setenv("SAYSO_DATA", str(data))
    monkeypatch.setenv("SAYSO_FACE", "client")
    monkeypatch.setenv("SAYSO_PUBLIC_URL", "https://sayso.example.org")
    monkeypatch.setenv("STREAMLIT_SERVER_COOKIE_SECRET", SECRET)
    made = found(path, therapist, recovery_code)
    yield made
    made.database.close()


def faults(at=NOW):
    call = Call("doctor", at=at)
    assert call.err == ""
    assert call.json["ok"] == all(one["ok"] for one in call.json["checks"])
    assert call.code == (0 if call.json["ok"] else 1)
    return {one["check"]: one["fix"] for one in call.json["checks"] if not one["ok"]}


def test_a_deployment_in_order_has_no_fault(well):
    assert faults() == {}
    assert [one["check"] for one in Call("doctor").json["checks"]] == [
        *("settings", "secret", "files", "room", "database", "tables", "practice", "demo"),
        *("address", "tls", "certificate", "face", "role", "rights", "clock", "inbox"),
    ]


def test_looking_changes_nothing(well):
    well.save(ClientKeys.new())
    before = well.rows("SELECT * FROM parcel")
    faults(at=later(days=1000))
    assert well.rows("SELECT * FROM parcel") == before


def test_a_portal_that_was_never_started_is_not_started_by_the_doctor(tmp_path, monkeypatch):
    monkeypatch.setenv("SAYSO_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("STREAMLIT_SERVER_COOKIE_SECRET", raising=False)
    assert set(faults()) == {"secret", "database"}
    assert not (tmp_path / "data").exists()


def test_settings_that_are_not_understood_are_named_without_their_value(monkeypatch):
    monkeypatch.setenv("SAYSO_FACE", "canary")
    monkeypatch.setenv("SAYSO_IDLE_LOCK_MINUTES", "0")
    found_wrong = faults()
    assert set(found_wrong) == {"settings"}
    assert "SAYSO_FACE, SAYSO_IDLE_LOCK_MINUTES" in found_wrong["settings"]
    assert "canary" not in found_wrong["settings"]


@pytest.mark.parametrize("secret", ["", "short"])
def test_a_cookie_secret_is_missing_or_too_short(well, monkeypatch, secret):
    monkeypatch.setenv("STREAMLIT_SERVER_COOKIE_SECRET", secret)
    assert set(faults()) == {"secret"}


def test_a_cookie_secret_may_lie_in_the_data_folder_for_its_owner_alone(well, monkeypatch):
    monkeypatch.delenv("STREAMLIT_SERVER_COOKIE_SECRET")
    kept = well.path.with_name("cookie-secret")
    kept.write_text(SECRET)
    kept.chmod(0o600)
    assert faults() == {}
    kept.chmod(0o644)
    assert set(faults()) == {"secret"}


@pytest.mark.parametrize("name", ["", "sayso.sqlite3"])
def test_records_that_others_can_read_are_a_fault(well, name):
    (well.path.parent / name).chmod(0o755)
    assert set(faults()) == {"files"}


def test_a_file_that_is_no_database_is_a_fault(well):
    well.database.close()
    well.path.write_bytes(b"not a database" * 1000)
    assert set(faults()) == {"database"}


def test_tables_of_another_version_are_a_fault(well):
    well.change_rows("UPDATE alembic_version SET version_num = '0000'")
    assert set(faults()) == {"tables"}


def test_a_portal_without_a_practice_is_a_fault(well):
    well.change_rows("DELETE FROM practice")
    assert set(faults()) == {"practice"}


def test_a_demo_is_no_practice(well):
    well.change_rows("UPDATE practice SET demo = 1")
    assert set(faults()) == {"demo"}


def test_the_address_on_cards_is_missing_or_reaches_no_phone(well, monkeypatch):
    monkeypatch.delenv("SAYSO_PUBLIC_URL")
    assert set(faults()) == {"address"}
    practice.change_address(well.database, "http://127.0.0.1:8501")
    assert set(faults()) == {"address"}
    practice.change_address(well.database, "https://sayso.example.org")
    assert faults() == {}


def test_staff_pages_on_a_public_address_are_a_fault(well, monkeypatch):
    monkeypatch.setenv("SAYSO_FACE", "all")
    assert set(faults()) == {"face"}
    monkeypatch.setenv("SAYSO_PUBLIC_URL", "https://192.168.1.20")
    assert set(faults()) == {"address"}


def test_an_address_that_can_be_read_on_the_way_is_a_fault(well, monkeypatch):
    monkeypatch.setenv("SAYSO_PUBLIC_URL", "http://sayso.example.org")
    assert set(faults()) == {"tls"}
    monkeypatch.setenv("SAYSO_PUBLIC_URL", "http://127.0.0.1:8501")
    assert set(faults()) == {"address"}


def test_a_clock_that_was_set_back_is_a_fault(well):
    well.save(ClientKeys.new(), at=later(days=3))
    assert set(faults()) == {"clock"}
    assert faults(at=later(days=3)) == {}


def test_a_parcel_that_nobody_opens_is_a_fault_after_a_week(well):
    well.save(ClientKeys.new())
    assert faults(at=later(days=6)) == {}
    assert set(faults(at=later(days=7))) == {"inbox"}


def test_a_parcel_that_was_set_aside_is_none_that_nobody_opens(well):
    with well.database.write() as connection:
        recipient = recipient_of(well.therapist.sealing_public)
        unread = mailbox.post(connection, recipient, bytes(4096), NOW)
    importing.set_aside(well.vault, unread, NOW)
    assert faults(at=later(days=7)) == {}


@pytest.fixture
def staff(well, monkeypatch):
    monkeypatch.setenv("SAYSO_FACE", "staff")
    return well


def test_a_backup_is_wanted_each_week_and_the_first_a_week_after_set_up(staff, tmp_path):
    assert faults(at=later(days=6)) == {}
    assert set(faults(at=later(days=7))) == {"backup"}
    with staff.database.write() as connection:
        audit.append(connection, "backup", later(days=8))
    assert faults(at=later(days=14)) == {}
    assert set(faults(at=later(days=15))) == {"backup"}


@pytest.mark.parametrize(("minutes", "found_wrong"), [(4, set()), (6, {"clock"})])
def test_a_clock_behind_the_record_is_a_fault(staff, minutes, found_wrong):
    with staff.database.write() as connection:
        audit.append(connection, "export", later(minutes=minutes))
    assert set(faults()) == found_wrong


# --- an old copy, and room ----------------------------------------------------------------------


def test_an_old_copy_that_was_put_back_is_said_and_left_as_it_is(staff):
    mark = staff.path.with_name(LAST_ENTRY_FILE)
    with staff.database.write() as connection:
        entry = audit.append(connection, "export", NOW)
    mark.write_text(json.dumps({"sequence": entry.sequence, "hash": entry.hash.hex()}))
    assert faults() == {}
    for sequence, digest in ((entry.sequence + 1, entry.hash), (entry.sequence, bytes(32))):
        mark.write_text(said := json.dumps({"sequence": sequence, "hash": digest.hex()}))
        assert "put back" in faults()["mark"]
        assert mark.read_text() == said
    assert staff.rows("SELECT count(*) FROM restoration") == [(0,)]


def test_a_disk_that_is_nearly_full_is_a_fault(well, monkeypatch):
    monkeypatch.setattr(doctor, "_LEAST_ROOM", shutil.disk_usage(well.path).free * 2)
    assert set(faults()) == {"room"}


# --- the public address -------------------------------------------------------------------------


def certificate():
    [found] = [one for one in Call("doctor", at=datetime.now(UTC)).json["checks"] if one["check"] == "certificate"]
    return found


def test_the_public_address_is_shaken_hands_with_and_asked_for_nothing(well, reached):
    found = certificate()
    assert found["ok"]
    assert found["until"][:4] == str((datetime.now(UTC) + YEARS).year)
    assert "fix" not in found
    assert reached.hears(1) == [b""]


@pytest.mark.parametrize(("days", "ok", "says"), [(15, True, ""), (13, False, "ends on"), (-1, False, "ended on")])
def test_a_certificate_is_to_hold_for_two_weeks(well, authority, answers, days, ok, says):
    until = datetime.now(UTC) + timedelta(days=days, hours=1)
    with answering(authority.certificate(NAME, until)) as server:
        answers(server)
        found = certificate()
    assert (found["ok"], found["until"][:10]) == (ok, until.date().isoformat())
    if not ok:
        assert f"{says} {until.date().isoformat()}" in found["fix"]


def test_a_certificate_for_another_name_is_a_fault(well, authority, answers):
    with answering(authority.certificate("staff.example.org", datetime.now(UTC) + YEARS)) as server:
        answers(server)
        assert "for another name" in certificate()["fix"]


def test_a_certificate_that_nobody_trusts_is_a_fault(well, answers, tmp_path):
    other = Authority(tmp_path)
    with answering(other.certificate(NAME, datetime.now(UTC) + YEARS)) as server:
        answers(server)
        assert "not one that phones trust" in certificate()["fix"]


def test_nobody_answers_or_not_with_tls(well, answers):
    with answering(None) as server:
        answers(server)
        assert "Nobody answers" in certificate()["fix"]
    # Now nothing listens there any more.
    assert "Nobody answers" in certificate()["fix"]


@pytest.mark.parametrize("name", ["nobody.invalid", "a" * 64 + ".example.org"])
def test_a_name_that_nobody_knows_is_a_fault(well, monkeypatch, name):
    monkeypatch.undo()
    monkeypatch.setenv("SAYSO_DATA", str(well.path.parent))
    monkeypatch.setenv("SAYSO_PUBLIC_URL", f"https://{name}")
    assert "is not known here" in certificate()["fix"]


@pytest.mark.parametrize("address", ["http://sayso.example.org", "https://127.0.0.1:8501", "https://192.168.1.20"])
def test_an_address_that_no_phone_outside_opens_safely_is_not_shaken_hands_with(well, monkeypatch, reached, address):
    monkeypatch.setenv("SAYSO_PUBLIC_URL", address)
    assert "certificate" not in {one["check"] for one in Call("doctor").json["checks"]}
    assert reached.heard == []


# --- on a server --------------------------------------------------------------------------------


@pytest.fixture
def served(clinic, server, tmp_path, monkeypatch, reached):
    """A practice on PostgreSQL, as its owner and as the public face have it."""
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    monkeypatch.setenv("SAYSO_DATA", str(data))
    monkeypatch.setenv("SAYSO_PUBLIC_URL", "https://sayso.example.org")
    monkeypatch.setenv("STREAMLIT_SERVER_COOKIE_SECRET", SECRET)
    server.do("CREATE ROLE doctored LOGIN")
    with clinic.database.write() as connection:
        roles.grant(connection, "doctored")

    def as_seen_by(face, user):
        monkeypatch.setenv("SAYSO_FACE", face)
        monkeypatch.setenv("SAYSO_DATABASE_URL", server.address(clinic.database.engine.url.database, user))
        # The server has a clock of its own.
        return faults(at=datetime.now(UTC))

    yield as_seen_by
    clinic.change_rows("DROP OWNED BY doctored")
    server.do("DROP ROLE doctored")


@pytest.mark.on_a_server
def test_the_public_face_under_its_own_role_is_in_order_and_under_another_is_not(served):
    assert served("client", "doctored") == {}
    assert set(served("client", "sayso")) == {"role"}
    assert served("staff", "sayso") == {}


@pytest.mark.on_a_server
def test_a_machine_whose_clock_differs_from_the_database_s_is_a_fault(served, monkeypatch):
    served("staff", "sayso")
    for minutes in (-10, 10):
        assert "clock" in faults(at=datetime.now(UTC) + timedelta(minutes=minutes))
