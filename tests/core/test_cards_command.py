"""``python -m core cards new``: cards registered, drawn, read back and printed as JSON."""

from __future__ import annotations

import stat

import pypdfium2
import pytest

from core import card as codes
from core import qr
from core.settings import Settings
from core.store import cards, practice
from core.store.database import Database
from tests.core.commanding import Call

BASE = "https://sayso.example.org"


@pytest.fixture(autouse=True)
def _data(tmp_path, monkeypatch):
    monkeypatch.setenv("SAYSO_DATA", str(tmp_path / "data"))


@pytest.fixture
def keys(tmp_path):
    path = tmp_path / "keys.json"
    return path, Call("keys", "new", "--private", path).json


def new(tmp_path, key_file, pdf="sheet.pdf", **options):
    given = {"keys": key_file[0], "base": BASE, "count": 3, "sheet": "card", "pdf": tmp_path / pdf} | options
    return Call("cards", "new", *(word for name, value in given.items() for word in (f"--{name}", value)))


def store():
    database = Database(Settings().database)
    database.migrate()
    return database


def test_what_is_printed_is_what_is_registered_and_what_the_sheet_says(tmp_path, keys):
    call = new(tmp_path, keys)
    assert (call.code, call.err) == (0, "")
    made = call.json["cards"]
    assert [sorted(one) for one in made] == [["code", "url"]] * 3
    assert all(one["url"] == f"HTTPS://SAYSO.EXAMPLE.ORG/C/{one['code']}" for one in made)
    assert all(codes.is_valid(one["code"]) for one in made)
    [therapist] = practice.list_therapists(store())
    assert [card.code for card in cards.of_therapist(store(), therapist.id)] == [one["code"] for one in made]
    pages = pypdfium2.PdfDocument((tmp_path / "sheet.pdf").read_bytes())
    read = [text for page in pages for text in qr.seen_in(page.render(scale=3).to_pil())]
    assert sorted(read) == sorted(one["url"] for one in made)


def test_the_key_becomes_a_therapist_once_and_keeps_its_first_name(tmp_path, keys):
    new(tmp_path, keys, name="Robin")
    new(tmp_path, keys, pdf="second.pdf", name="Sam")
    [therapist] = practice.list_therapists(store())
    assert therapist.name == "Robin"
    assert practice.list_vaults(store()) == []
    assert len(cards.of_therapist(store(), therapist.id)) == 6


def test_a_name_may_be_left_out(tmp_path, keys):
    new(tmp_path, keys)
    assert practice.list_therapists(store())[0].name


def test_a_sheet_is_for_its_owner_alone_and_replaces_nothing(tmp_path, keys):
    new(tmp_path, keys)
    sheet = tmp_path / "sheet.pdf"
    assert stat.S_IMODE(sheet.stat().st_mode) == 0o600
    before = sheet.read_bytes()
    assert new(tmp_path, keys).error == "would_overwrite"
    assert sheet.read_bytes() == before
    assert len(cards.of_therapist(store(), practice.list_therapists(store())[0].id)) == 3


def test_an_address_no_phone_will_reach_is_printed_with_a_plain_warning(tmp_path, keys):
    call = new(tmp_path, keys, base="http://127.0.0.1:8501")
    assert call.code == 0
    assert call.json["cards"][0]["url"].startswith("HTTP://127.0.0.1:8501/C/")
    assert call.err.strip()


@pytest.mark.parametrize(
    "wrong",
    [
        {"count": 0},
        {"count": "many"},
        {"count": "-1"},
        {"sheet": "poster"},
        {"base": "https://sayso.example.org/portal"},
        {"base": "not an address"},
        {"name": " "},
        {"keys": "nowhere.json"},
        {"pdf": "no/such/folder.pdf"},
    ],
)
def test_what_is_wrong_gets_one_sentence_and_makes_no_sheet(tmp_path, keys, wrong):
    if "pdf" in wrong:
        wrong = {"pdf": tmp_path / wrong["pdf"]}
    call = new(tmp_path, keys, **wrong)
    assert call.code == 2
    assert call.error in {"bad_input", "not_a_site"}
    assert not (tmp_path / "sheet.pdf").exists()
    assert [cards.counts(store(), one.id)["printed"] for one in practice.list_therapists(store())] in ([], [0])
