"""``python -m core audit``: the record checked, its head signed, a review made, on a real database file."""

from __future__ import annotations

import io
import json

import pytest

from core.__main__ import main
from core.commands import Console
from core.head import read_head
from core.keys import TherapistKeys
from core.store import practice
from tests.core.clinic import NOW, PASSPHRASE
from tests.core.recorded import a_year, checked


class Answer:
    """What one call left behind."""

    def __init__(self, *words):
        out, err = io.StringIO(), io.StringIO()
        self.code = main(["audit", *map(str, words)], Console(io.BytesIO(), out, err, lambda: NOW))
        self.out, self.err = out.getvalue(), err.getvalue()

    @property
    def json(self):
        assert self.out.count("\n") == 1
        return json.loads(self.out)


@pytest.fixture(autouse=True)
def year(clinic, monkeypatch, tmp_path):
    """A portal with a year's posts, found by the settings as a real one is."""
    monkeypatch.setenv("SAYSO_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("SAYSO_DATABASE_URL", f"sqlite:///{clinic.path}")
    return a_year(clinic)


@pytest.fixture
def unlocked(tmp_path):
    path = tmp_path / "passphrase"
    path.write_text(f"{PASSPHRASE}\n", "utf-8")
    return ("--passphrase-file", path)


@pytest.fixture
def kept(unlocked, tmp_path):
    path = tmp_path / "head.json"
    path.write_text(Answer("head", *unlocked).out, "utf-8")
    return path


def cut(clinic, *statements):
    for trigger in ("audit_never_changes", "audit_never_shrinks"):
        clinic.change_rows(f"DROP TRIGGER IF EXISTS {trigger}")
    for statement in statements:
        clinic.change_rows(statement)


def test_a_whole_record_is_said_to_be_whole(clinic, kept):
    answers = {False: Answer("verify"), True: Answer("verify", "--head", kept)}
    [(digest,)] = clinic.rows("SELECT hash FROM audit ORDER BY sequence DESC LIMIT 1")
    head = {"sequence": 19, "hash": digest.hex()}
    for compared, answer in answers.items():
        assert (answer.code, answer.err) == (0, "")
        assert answer.json == {"entries": 19, "head": head, "ok": True, "faults": [], "head_compared": compared}


def test_a_broken_record_is_one_sentence_an_id_and_its_faults(clinic):
    cut(clinic, "UPDATE audit SET at = 1 WHERE sequence = 4", "DELETE FROM audit WHERE sequence = 7")
    answer = Answer("verify")
    assert answer.code == 2
    assert answer.err.count("\n") == 1
    assert "first at entry 4" in answer.err
    found = answer.json
    assert (found["error"], found["ok"], found["entries"]) == ("log_broken", False, 18)
    assert found["faults"] == [{"sequence": 4, "fault": "changed"}, {"sequence": 7, "fault": "missing"}]


def test_an_end_that_was_cut_off_shows_only_against_a_head_kept_outside(clinic, kept):
    cut(clinic, "DELETE FROM audit WHERE sequence > 15")
    alone = Answer("verify")
    assert (alone.code, alone.json["head_compared"]) == (0, False)
    answer = Answer("verify", "--head", kept)
    assert (answer.code, answer.json["faults"]) == (2, [{"sequence": 16, "fault": "truncated"}])
    assert answer.json["head_compared"] is True


def test_a_head_comes_as_json_and_as_a_line_and_both_can_be_checked(clinic, unlocked, tmp_path):
    whole, line = Answer("head", *unlocked), Answer("head", "--line", *unlocked)
    assert read_head(whole.out) == read_head(line.out)
    assert whole.json["therapist"] == clinic.therapist.id
    (tmp_path / "printed").write_text(line.out, "utf-8")
    assert Answer("verify", "--head", tmp_path / "printed").code == 0


def test_a_head_of_another_portal_is_named(unlocked, tmp_path):
    (tmp_path / "head").write_text(json.dumps(Answer("head", *unlocked).json | {"therapist": "f" * 16}), "utf-8")
    assert {"sequence": 0, "fault": "head_signature"} in Answer("verify", "--head", tmp_path / "head").json["faults"]


def test_a_review_is_what_the_reviewer_s_script_takes(unlocked, tmp_path):
    answer = Answer("review", *unlocked)
    assert (answer.code, answer.err) == (0, "")
    assert checked(answer.json, tmp_path) == 0
    assert Answer("verify").json["entries"] == 20


@pytest.mark.parametrize("action", ["head", "review"])
def test_a_wrong_passphrase_opens_nothing(tmp_path, action):
    (tmp_path / "wrong").write_text("not the passphrase", "utf-8")
    answer = Answer(action, "--passphrase-file", tmp_path / "wrong")
    assert (answer.code, answer.json) == (2, {"error": "wrong_passphrase"})


@pytest.mark.parametrize(
    "words", [("verify", "--head", "none"), ("head", "--passphrase-file", "none"), (), ("change",)]
)
def test_what_cannot_be_read_is_said(words):
    answer = Answer(*words)
    assert (answer.code, answer.json) == (2, {"error": "bad_input"})
    assert "none" not in answer.err.split()


def test_of_several_vaults_one_is_named(clinic, unlocked):
    keys = TherapistKeys.new()
    with clinic.database.write() as connection:
        # A therapist by key alone has no vault and makes nothing unclear.
        practice.register_therapist(connection, "Sam", keys.sealing.public, keys.signing.public, NOW)
    assert Answer("head", *unlocked).code == 0
    assert Answer("head", "--therapist", clinic.therapist.id, *unlocked).code == 0
    assert Answer("head", "--therapist", "f" * 16, *unlocked).json == {"error": "bad_input"}


def test_the_passphrase_is_asked_for_where_no_file_is_given(monkeypatch):
    monkeypatch.setattr("core.commands.unlocking.getpass", lambda _prompt: PASSPHRASE)
    assert Answer("head").code == 0
