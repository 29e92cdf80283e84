"""``python -m core export``: each format on a real database, written for one person alone, with a head that holds."""

from __future__ import annotations

import json
import stat

import pytest

from core.exporting import FORMATS
from core.store import audit, practice
from tests.core.clinic import NOW, PASSPHRASE, later
from tests.core.commanding import Call
from tests.core.story import Client, about, ask, draft


@pytest.fixture(autouse=True)
def held(clinic, monkeypatch, tmp_path):
    """Three clients, one question with a yes, one stop by card; found by the settings as a real portal is."""
    monkeypatch.setenv("SAYSO_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("SAYSO_DATABASE_URL", f"sqlite:///{clinic.path}")
    one, asked, gone = (Client(clinic, clinic.cards[number]) for number in range(3))
    one.chooses(treatment="disguised", may_recognise_self=True, note="=canary()")
    asked.chooses()
    ask(clinic, draft(clinic, about((asked.card.code, "2026-05-01"))), asked)
    asked.answers("yes", later(days=1))
    gone.chooses(treatment="composite")
    gone.stops(later(days=2))
    return clinic


@pytest.fixture
def unlocked(tmp_path):
    path = tmp_path / "passphrase"
    path.write_text(f"{PASSPHRASE}\n", "utf-8")
    return ("--passphrase-file", path)


def export(*words, at=None):
    return Call("export", *words, at=at or later(days=9))


def verified(path):
    return Call("audit", "verify", "--head", path)


def last_entry(clinic):
    with clinic.database.read() as connection:
        *_, (entry, facts) = audit.opened(connection, clinic.vault)
    return entry, {fact.name: fact.value for fact in facts}


@pytest.mark.parametrize("wanted", FORMATS)
def test_an_export_is_an_entry_and_carries_the_head_of_that_moment(held, unlocked, tmp_path, wanted):
    path = tmp_path / "kept"
    done = export("--format", wanted, "--out", path, *unlocked)
    entry, said = last_entry(held)
    assert (done.code, done.err) == (0, "")
    assert (entry.kind, said) == ("export", {"what": wanted, "parts": []})
    assert done.json == {"format": wanted, "cards": 10, "head": done.json["head"]}
    assert done.json["head"].split()[1] == str(entry.sequence)
    assert done.json["head"] in path.read_text("utf-8")


@pytest.mark.parametrize("wanted", FORMATS)
def test_the_record_is_checked_against_the_file_itself(held, unlocked, tmp_path, wanted):
    path = tmp_path / "kept"
    export("--format", wanted, "--out", path, *unlocked)
    assert verified(path).code == 0
    held.change_rows("DROP TRIGGER IF EXISTS audit_never_shrinks")
    held.change_rows("DELETE FROM audit WHERE sequence = (SELECT max(sequence) FROM audit)")
    assert verified(path).json["faults"][0]["fault"] == "truncated"


@pytest.mark.parametrize("wanted", FORMATS)
def test_without_a_file_it_is_printed_and_the_same_but_for_the_head(held, unlocked, tmp_path, wanted):
    path = tmp_path / "kept"
    head = export("--format", wanted, "--out", path, *unlocked).json["head"]
    printed = export("--format", wanted, *unlocked)
    assert (printed.code, printed.err) == (0, "")
    again = printed.out
    if wanted == "csv":
        assert again.encode().startswith(b"\xef\xbb\xbf")
        assert again.splitlines()[:-1] == path.read_bytes().decode().splitlines()[:-1]
    else:
        assert json.loads(again).keys() == json.loads(path.read_text("utf-8")).keys()
    assert head not in again


def test_a_file_is_for_its_owner_alone_and_never_replaced(unlocked, tmp_path):
    path = tmp_path / "kept"
    export("--format", "csv", "--out", path, *unlocked)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    before = path.read_bytes()
    assert export("--format", "fhir-r4", "--out", path, *unlocked).error == "would_overwrite"
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (("--format", "word"), "bad_input"),
        ((), "bad_input"),
        (("--format", "csv", "--out", "no/such/folder/file"), "bad_input"),
    ],
)
def test_what_cannot_be_done_is_said_and_not_noted(held, unlocked, words, error):
    before = last_entry(held)[0].sequence
    assert export(*words, *unlocked).error == error
    assert last_entry(held)[0].sequence == before


def test_nothing_is_left_where_the_file_cannot_be_finished(unlocked, tmp_path, monkeypatch):
    def full(*_arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("core.commands.files.os.fsync", full)
    folder = tmp_path / "out"
    folder.mkdir()
    assert export("--format", "csv", "--out", folder / "kept", *unlocked).error == "bad_input"
    assert list(folder.iterdir()) == []


def test_a_stick_that_knows_no_links_gets_its_file(unlocked, tmp_path, monkeypatch):
    def refused(*_arguments):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr("core.commands.files.os.link", refused)
    folder = tmp_path / "out"
    folder.mkdir()
    assert export("--format", "csv", "--out", folder / "kept", *unlocked).code == 0
    assert [path.name for path in folder.iterdir()] == ["kept"]


def test_a_wrong_passphrase_exports_nothing(tmp_path):
    (tmp_path / "wrong").write_text("not the passphrase", "utf-8")
    done = export("--format", "csv", "--passphrase-file", tmp_path / "wrong")
    assert done.error == "wrong_passphrase"


def test_two_heads_in_one_file_are_not_chosen_from(unlocked, tmp_path):
    for name in ("one", "two"):
        export("--format", "csv", "--out", tmp_path / name, *unlocked, at=later(days=9 + len(name)))
        export("--format", "csv", *unlocked)
    both = tmp_path / "both"
    both.write_text((tmp_path / "one").read_text("utf-8") + (tmp_path / "two").read_text("utf-8"), "utf-8")
    assert verified(both).error == "bad_input"


def test_no_name_or_alias_of_a_client_is_in_any_format(held, unlocked):
    from core import people

    people.rename(held.vault, held.cards[0].code, "canary alias")
    for wanted in FORMATS:
        assert "canary alias" not in export("--format", wanted, *unlocked).out


def test_where_the_practice_is_goes_into_the_iso_record_as_it_was_given(held, unlocked):
    practice.change_address(held.database, "https://sayso.example.org")
    words = ("--address", "Example Street 1", "--jurisdiction", "California, USA")
    said = export("--format", "iso27560", *words, *unlocked).out
    assert all(text in said for text in ("Example Street 1", "California, USA", "https://sayso.example.org"))
    assert "dpv-27560#record" in said
    assert "dpv-27560#" not in export("--format", "iso27560", *unlocked).out


def test_the_portal_s_own_data_are_as_they_were(held, unlocked):
    before = [held.rows(f"SELECT * FROM {table}") for table in ("record", "holder", "request", "parcel", "card")]  # noqa: S608
    for wanted in FORMATS:
        export("--format", wanted, *unlocked, at=NOW)
    after = [held.rows(f"SELECT * FROM {table}") for table in ("record", "holder", "request", "parcel", "card")]  # noqa: S608
    assert after == before
