"""A review of the record: a stranger's script finds each post permitted, or says why not, and learns no name."""

from __future__ import annotations

import copy
import json
import shutil
import subprocess
import sys

import pytest

from core import people, review
from core.audit import sign
from core.errors import VaultDamaged
from core.store import audit
from tests.core.clinic import PASSPHRASE, found, later
from tests.core.recorded import CHECK, SCRIPT, a_year, checked

END = later(days=20)


@pytest.fixture(scope="module")
def year(practice_file, tmp_path_factory):
    original, therapist, recovery_code = practice_file
    path = tmp_path_factory.mktemp("year") / "clinic.sqlite3"
    shutil.copy(original, path)
    clinic = found(path, therapist, recovery_code)
    people.rename(clinic.vault, clinic.cards[0].code, "canary alias")
    yield a_year(clinic)
    clinic.database.close()


@pytest.fixture(scope="module")
def document(year):
    return year.review(END)


# --- what holds ---------------------------------------------------------------------------------


def test_the_script_needs_nothing_of_sayso_and_finds_each_post_permitted(document, tmp_path):
    shutil.copy(SCRIPT, tmp_path)
    (tmp_path / "review.json").write_text(json.dumps(document), "utf-8")
    command = [sys.executable, "-I", SCRIPT.name, "review.json"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    _, *posts, key, last = done.stdout.splitlines()
    assert [line.split()[3] for line in posts] == ["composite", "disguised", "invented"]
    assert all(line.endswith("ok") for line in posts)
    assert last == f"ok: {len(document['entries'])} entries, 3 posts, each permitted when it was posted"
    assert document["head"]["signing_public_key"] in key


def test_whose_cards_belong_together_is_in_the_chain_and_shown_to_nobody(year, tmp_path):
    first, second = (card.code for card in year.clinic.cards[-2:])
    people.link(year.clinic.vault, first, second, END)
    made = year.review(END)
    [linked] = [str(line[0]) for line in made["entries"] if line[3] == "link"]
    assert made["facts"][linked]["shown"] == []
    assert len(made["facts"][linked]["hidden"]) == 2
    (tmp_path / "review.json").write_text(json.dumps(made), "utf-8")
    done = subprocess.run([sys.executable, "-I", SCRIPT, tmp_path / "review.json"], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_review_is_an_entry_of_its_own(year, document):
    with year.clinic.database.read() as connection:
        kinds = [entry.kind for entry in audit.entries(connection)]
    assert kinds[document["head"]["sequence"] - 1] == "export"


def test_no_client_is_in_it(year, document):
    clinic, text = year.clinic, json.dumps(document).lower()
    cards = [card.code for card in clinic.cards + clinic.printed]
    tokens = [record.token for record in clinic.vault.records()]
    keys = [token.body.client_key.hex() for token in tokens if token.body.signed]
    texts = [token.text for token in tokens] + [token.envelope.hex() for token in tokens]
    canaries = [*cards, *keys, *texts, "canary", "video.example", PASSPHRASE]
    assert len(keys) > 3
    assert [canary for canary in canaries if canary.lower() in text] == []


def test_of_a_client_in_no_post_nothing_is_shown_but_that_they_are_somebody(year, document):
    [other] = [record for record in year.clinic.vault.records(year.clinic.cards[3].code) if record.token.body.signed]
    assert other.token.digest.hex() not in json.dumps(document)
    imports = [document["facts"][str(line[0])] for line in document["entries"] if line[3] == "import"]
    shown = [sorted(name for _, name, _ in opening["shown"]) for opening in imports]
    assert shown.count(["subject"]) == 2  # their choices, and their stop


def test_only_places_a_post_went_to_are_shown_of_a_document(document):
    named = {name for opening in document["facts"].values() for _, name, _ in opening["shown"]}
    assert {name for name in named if name.startswith("channel.")} == {"channel.post", "channel.video"}


def test_a_head_that_was_kept_before_is_found_in_it(year, document, tmp_path, capsys):
    kept = tmp_path / "head.json"
    kept.write_text(json.dumps(document["head"]), "utf-8")
    assert (
        checked(year.review(later(days=21)), tmp_path, "--head", kept, "--key", document["head"]["signing_public_key"])
        == 0
    )
    last = type("Last", (), {"sequence": 4, "hash": b"x" * 32})
    other = sign(last, year.clinic.therapist.id, year.clinic.vault.keys.signing, 0)
    kept.write_text(json.dumps(other.as_json()), "utf-8")
    assert checked(document, tmp_path, "--head", kept) == 2
    assert "fault: entry 4 is not the one in the head at entry 4" in capsys.readouterr().out


def test_another_key_than_the_one_asked_for_is_a_fault(document, tmp_path, capsys):
    assert checked(document, tmp_path, "--key", "A" * 43) == 2
    assert "another key than the one given" in capsys.readouterr().out


# --- a review that was tampered with ------------------------------------------------------------


def places(part, path=()):
    """Every place of a JSON document that holds no list and no object."""
    if isinstance(part, dict | list):
        for key, inner in part.items() if isinstance(part, dict) else enumerate(part):
            yield from places(inner, (*path, key))
    else:
        yield path


def other_than(value):
    if isinstance(value, int):
        return value + 1
    return ("1" if value[:1] != "1" else "2") + value[1:]


def test_no_single_value_can_be_changed_unseen(document, tmp_path):
    for *path, last in places(document):
        tampered = copy.deepcopy(document)
        part = tampered
        for key in path:
            part = part[key]
        part[last] = other_than(part[last])
        assert checked(tampered, tmp_path) == 2, (*path, last)


def test_no_entry_can_be_left_out_unseen(document, tmp_path):
    for at in range(len(document["entries"])):
        tampered = copy.deepcopy(document)
        del tampered["entries"][at]
        assert checked(tampered, tmp_path) == 2, at


def test_each_fact_that_is_shown_is_needed(document, tmp_path):
    """What could be hidden without a fault would be shown for nothing."""
    kinds = {str(line[0]): line[3] for line in document["entries"]}
    shown = {(kinds[number], name) for number, opening in document["facts"].items() for _, name, _ in opening["shown"]}
    assert {kind for kind, _ in shown} == {"set_up", "import", "confirm", "verdict", "request", "answer", "post"}
    for kind, name in shown:
        tampered = copy.deepcopy(document)
        for opening in (one for number, one in tampered["facts"].items() if kinds[number] == kind):
            hidden = [fact for fact in opening["shown"] if fact[1] == name]
            opening["shown"] = [fact for fact in opening["shown"] if fact[1] != name]
            opening["hidden"] += [CHECK._leaf_of(bytes.fromhex(salt), name, text).hex() for salt, name, text in hidden]
        assert checked(tampered, tmp_path) == 2, (kind, name)


# --- the rest -----------------------------------------------------------------------------------


def test_a_sealed_entry_that_was_exchanged_does_not_leave_the_vault(clinic):
    a_year(clinic)
    rows = clinic.rows("SELECT sealed FROM audit WHERE sequence IN (1, 2)")
    clinic.change_rows("DROP TRIGGER audit_never_changes")
    clinic.change_rows("UPDATE audit SET sealed = ? WHERE sequence = 2", rows[0][0])
    with pytest.raises(VaultDamaged):
        review.make(clinic.vault, END)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": "sayso-review", "version": 2}', "\0"])
def test_another_file_is_no_review(tmp_path, capsys, text):
    (tmp_path / "other.json").write_text(text, "utf-8")
    assert CHECK.main([str(tmp_path / "other.json")]) == 2
    assert capsys.readouterr().out.startswith("fault: this cannot be checked")
