"""A switch that changes what is allowed is in the record: one entry a change, without a word of what it is about."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pypdfium2
import pytest

from core import report, review
from core.audit import KINDS, SWITCHES
from core.errors import StoreUnavailable
from core.store import audit, practice
from core.text import Words
from tests.core.clinic import NOW
from tests.core.recorded import checked

DECEMBER = datetime(2026, 12, 3, 9, tzinfo=UTC)


def entered(database):
    """Each entry but the set-up's: whose, of which kind, and its facts' commitment as of nothing."""
    with database.read() as connection:
        return [(one.therapist, one.kind) for one in audit.entries(connection) if one.kind != "set_up"]


def said(clinic):
    with clinic.database.read() as connection:
        return [told for entry, told in audit.opened(connection, clinic.vault) if entry.kind != "set_up"]


SWITCH = {"part_2": practice.switch_part_2, "mailbox": practice.switch_mailbox}


@pytest.mark.parametrize(("name", "is_on"), [("part_2", False), ("mailbox", True)])
def test_a_switch_is_one_entry_a_change_that_everybody_can_read(clinic, name, is_on):
    switch, whose = SWITCH[name], clinic.vault.therapist_id
    for on in (is_on, not is_on, not is_on, is_on):
        switch(clinic.database, NOW, clinic.vault, on=on)
        assert getattr(practice.find_practice(clinic.database), name) is on
    kinds = [f"{name}_{'on' if on else 'off'}" for on in (not is_on, is_on)]
    assert entered(clinic.database) == [(whose, kind) for kind in kinds]
    assert set(kinds) < set(SWITCHES) < set(KINDS)
    assert said(clinic) == [(), ()]
    assert audit.check(clinic.database).ok


def test_accounts_that_changed_are_an_entry_that_names_none(clinic):
    for accounts in (("@one",), ("@one", " @one "), ("@two",)):
        practice.change_accounts(clinic.database, clinic.therapist.id, accounts, NOW, clinic.vault)
    assert entered(clinic.database) == [(clinic.vault.therapist_id, "accounts")] * 2
    assert said(clinic) == [(), ()]


def test_what_cannot_be_entered_is_not_switched(clinic):
    with clinic.refusing("INSERT ON audit"):
        with pytest.raises(StoreUnavailable):
            practice.switch_part_2(clinic.database, NOW, clinic.vault, on=True)
        with pytest.raises(StoreUnavailable):
            practice.change_accounts(clinic.database, clinic.therapist.id, ("@one",), NOW, clinic.vault)
    assert not practice.find_practice(clinic.database).part_2
    assert practice.find_therapist(clinic.database, clinic.therapist.id).accounts != ("@one",)


def test_an_outside_reviewer_finds_the_record_whole(clinic, tmp_path, capsys):
    practice.switch_part_2(clinic.database, NOW, clinic.vault, on=True)
    practice.change_accounts(clinic.database, clinic.therapist.id, ("@one",), NOW, clinic.vault)
    made = review.make(clinic.vault, NOW)
    assert checked(made, tmp_path) == 0
    assert capsys.readouterr().out.splitlines()[-1].startswith("ok")
    made["entries"][-2][3] = "part_2_off"
    assert checked(made, tmp_path) == 2


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_report_of_the_month_says_it_in_words_to_each_therapist(clinic, language):
    """Whoever did it: here somebody whose vault is not the reader's."""
    colleague = audit.Keeper("f" * 16, clinic.vault.data_key)
    practice.switch_part_2(clinic.database, NOW, colleague, on=True)
    practice.switch_mailbox(clinic.database, NOW, on=False)
    made, words = report.make(clinic.vault, date(2026, 11, 1), DECEMBER), Words(language)
    paper = pypdfium2.PdfDocument(report.pdf(made, words=words))
    text = " ".join(" ".join(page.get_textpage().get_text_range() for page in paper).split())
    for kind in ("part_2_on", "mailbox_off"):
        assert words(f"report.kind.{kind}") in text
    assert words("report.kind.part_2_off") not in text
    day = NOW.date().isoformat()
    assert json.loads(json.dumps(made.as_json()))["switched"] == [
        {"on": day, "what": "part_2_on"},
        {"on": day, "what": "mailbox_off"},
    ]
    assert report.make(clinic.vault, date(2026, 10, 1), DECEMBER).switched == ()
