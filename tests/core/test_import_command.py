"""``python -m core import FILE…``: tokens from files into the vault, a bad one among them."""

from __future__ import annotations

import pytest

from core.keys import ClientKeys
from tests.core.clinic import PASSPHRASE, later
from tests.core.commanding import Call


@pytest.fixture
def passphrase(tmp_path, clinic, monkeypatch):
    monkeypatch.setenv("SAYSO_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("SAYSO_DATABASE_URL", clinic.database.url)
    path = tmp_path / "passphrase"
    path.write_text(PASSPHRASE + "\n", "utf-8")
    return path


@pytest.fixture
def take_in(passphrase, tmp_path):
    def call(*texts, words=()):
        paths = [tmp_path / f"tokens-{place}" for place in range(len(texts))]
        for path, text in zip(paths, texts, strict=True):
            path.write_text(text, "utf-8")
        return Call("import", *paths, "--passphrase-file", passphrase, *words, at=later(hours=1))

    return call


def test_tokens_of_several_files_go_in_and_each_that_does_not_is_named_by_its_place(clinic, take_in):
    saved = [clinic.write(ClientKeys.new(), card=card, post="ask").token for card in clinic.cards[:3]]
    call = take_in(f"{saved[0].text}\n{saved[1].text[:-1]}\n{saved[2].text}\n", saved[0].text, "hello")
    assert (call.code, call.err) == (0, "")
    assert call.json == {
        "imported": [saved[0].acknowledgement, saved[2].acknowledgement],
        "refused": [
            {"position": 2, "error": "copying_error"},
            {"position": 4, "error": "already_imported"},
            {"position": 5, "error": "not_a_token"},
        ],
        "set_aside": [],
    }
    assert len(clinic.vault.records()) == 2


def test_importing_again_changes_nothing(clinic, take_in):
    text = clinic.write(ClientKeys.new(), post="ask").token.text
    take_in(text)
    assert take_in(text).json == {
        "imported": [],
        "refused": [{"position": 1, "error": "already_imported"}],
        "set_aside": [],
    }


def test_a_card_nobody_handed_out_is_set_aside_until_somebody_says_it_is_fine(clinic, take_in):
    card = clinic.printed[0]
    text = clinic.write(ClientKeys.new(), card=card, post="ask").token.text
    assert take_in(text).json == {
        "imported": [],
        "refused": [],
        "set_aside": [{"position": 1, "number": card.number}],
    }
    assert clinic.vault.records() == []
    assert len(take_in(text, words=["--handed-out"]).json["imported"]) == 1


def test_an_import_confirms_no_key(clinic, take_in):
    take_in(clinic.write(ClientKeys.new(), post="ask").token.text)
    assert clinic.stands().on_hold


def test_a_wrong_passphrase_opens_nothing(clinic, passphrase, take_in):
    passphrase.write_text("not the passphrase\n", "utf-8")
    assert take_in(clinic.write(ClientKeys.new()).token.text).error == "wrong_passphrase"
    assert clinic.vault.records() == []


def test_a_file_that_is_not_there_stops_before_anything_is_imported(clinic, passphrase, tmp_path):
    path = tmp_path / "there"
    path.write_text(clinic.write(ClientKeys.new()).token.text, "utf-8")
    assert Call("import", path, tmp_path / "not-there", "--passphrase-file", passphrase).error == "bad_input"
    assert clinic.vault.records() == []


def test_nothing_of_a_choice_or_a_card_is_printed(clinic, take_in):
    token = clinic.write(ClientKeys.new(), post="disguised", note="canary").token
    call = take_in(token.text, "SAYSO1:CANARY")
    for canary in ("canary", "CANARY", "disguised", clinic.card.code, PASSPHRASE):
        assert canary not in call.out + call.err


def test_wrong_passphrases_are_counted_and_at_last_refused_even_the_right_one(clinic, take_in, passphrase):
    text = clinic.write(ClientKeys.new(), post="ask").token.text
    passphrase.write_text("not the passphrase at all", "utf-8")
    assert [take_in(text).error for _ in range(5)] == ["wrong_passphrase"] * 5
    passphrase.write_text(PASSPHRASE, "utf-8")
    assert take_in(text).error == "too_many_tries"


def test_right_passphrases_are_not_counted(clinic, take_in):
    text = clinic.write(ClientKeys.new(), post="ask").token.text
    assert [take_in(text).code for _ in range(7)] == [0] * 7
