"""The door of the staff pages: passphrase, recovery sheet, limits, and locking."""

from __future__ import annotations

import pytest

from core import signing_in
from core.demo import PASSPHRASE
from core.portal import clock
from core.store import practice
from tests.pages.conftest import BROWSER, shown

NEW = "another four words"


def _type(at, passphrase):
    at.text_input(key="passphrase").set_value(passphrase)
    return at.button(key="open").click().run()


def _title(at):
    assert not at.exception, at.exception
    return [title.value for title in at.title]


def test_the_right_passphrase_opens_the_inbox(practised, page):
    assert _title(_type(page("unlock"), PASSPHRASE)) == ["Inbox"]
    assert practised.portal.vaults.get(BROWSER) is not None


def test_a_demo_shows_its_passphrase_and_a_real_practice_has_none_to_show(practised, page):
    assert PASSPHRASE in shown(page("unlock"))
    with practised.portal.database.write() as connection:
        connection.exec_driver_sql("UPDATE practice SET demo = 0")
    assert PASSPHRASE not in shown(page("unlock"))


def test_a_wrong_passphrase_says_so_opens_nothing_and_keeps_what_was_typed(practised, page):
    at = _type(page("unlock"), "not this one")
    assert [problem.value for problem in at.error] == [
        "That passphrase does not open this vault. Check it and try again."
    ]
    assert at.text_input(key="passphrase").value == "not this one"
    assert practised.portal.vaults.get(BROWSER) is None


def test_after_five_wrong_tries_even_the_right_one_has_to_wait(practised, page):
    at = page("unlock")
    for _ in range(5):
        _type(at, "not this one")
    _type(at, PASSPHRASE)
    assert "too many tries" in at.error[0].value
    assert practised.portal.vaults.get(BROWSER) is None


def test_a_portal_without_a_practice_leads_to_set_up(running, page):
    at = page("unlock")
    assert not at.text_input
    at.button[0].click().run()
    assert _title(at) == ["Set up my practice"]


@pytest.mark.parametrize("name", ["inbox", "people", "cards", "settings"])
def test_a_staff_page_shows_nothing_while_the_vault_is_locked(practised, page, name):
    at = page(name)
    assert _title(at) == ["The vault is locked"]
    assert [button.label for button in at.button] == ["Unlock"]
    assert not at.text_input


def test_unlocking_goes_on_where_one_was(practised, page):
    at = page("people")
    assert _title(at.button[0].click().run()) == ["Unlock the vault"]
    # A run of its own starts where the one before started, not where it went.
    at.switch_page("therapist/unlock.py").run()
    assert _title(_type(at, PASSPHRASE)) == ["People"]


def test_a_reload_does_not_lock_and_another_browser_stays_out(practised, page):
    practised.unlock()
    assert _title(page("inbox")) == ["Inbox"]
    assert _title(page("inbox")) == ["Inbox"]
    assert _title(page("inbox", binding="another browser")) == ["The vault is locked"]


def test_an_open_vault_is_not_asked_for_again(practised, page):
    practised.unlock()
    assert _title(page("unlock")) == ["Inbox"]


def test_ten_idle_minutes_lock_the_vault_and_use_keeps_it_open(practised, moving, page):
    practised.unlock()
    at = page("people")
    moving.forward(minutes=9)
    assert _title(at.run()) == ["People"]
    moving.forward(minutes=9)
    assert _title(at.run()) == ["People"]
    moving.forward(minutes=11)
    assert _title(at.run()) == ["The vault is locked"]


def test_nothing_that_was_on_the_screen_outlives_a_lock(practised, moving, page):
    practised.unlock()
    sent = practised.save(practised.cards[0], channels={"video": "ask"}, note="canary note")
    at = page("inbox")
    at.text_area(key="pasted").set_value(sent.token.text)
    at.button(key="look").click().run()
    assert "canary note" in shown(at)
    moving.forward(minutes=11)
    at.run()
    assert "canary note" not in shown(at)
    assert set(at.session_state) <= {"_binding", "return", "to-therapist/unlock.py"}


def test_lock_forgets_the_vault_at_once(practised, page):
    practised.unlock()
    at = page("people")
    at.button(key="lock").click().run()
    assert _title(at) == ["Unlock the vault"]
    assert practised.portal.vaults.get(BROWSER) is None


def _recover(at, code, first=NEW, again=NEW):
    at.text_input(key="recovery-code").set_value(code)
    at.text_input(key="new").set_value(first)
    at.text_input(key="again").set_value(again)
    return at.button(key="recover").click().run()


@pytest.fixture
def sheet(practised):
    return signing_in.renew_recovery(practised.portal, practised.vault, PASSPHRASE, "", clock())


def test_the_recovery_sheet_gives_a_new_passphrase(practised, sheet, page):
    assert _title(_recover(page("unlock"), sheet.lower())) == ["Inbox"]
    practised.portal.vaults.forget(BROWSER)
    assert "does not open" in _type(page("unlock"), PASSPHRASE).error[0].value
    assert _title(_type(page("unlock"), NEW)) == ["Inbox"]


def test_a_wrong_recovery_code_changes_nothing(practised, sheet, page):
    at = _recover(page("unlock"), "0" + sheet[1:] if sheet[0] != "0" else "1" + sheet[1:])
    assert "recovery code" in at.error[0].value
    practice.unlock(practised.portal.database, practised.therapist.id, PASSPHRASE)


@pytest.mark.parametrize(
    ("first", "again", "said"), [(NEW, "something else here", "not the same"), ("short", "short", "at least 12")]
)
def test_a_new_passphrase_is_long_enough_and_typed_twice(practised, sheet, page, first, again, said):
    assert said in _recover(page("unlock"), sheet, first, again).error[0].value
    practice.unlock(practised.portal.database, practised.therapist.id, PASSPHRASE)


def test_one_idle_minute_is_said_as_one(monkeypatch, request):
    monkeypatch.setenv("SAYSO_IDLE_LOCK_MINUTES", "1")
    request.getfixturevalue("practised")
    said = shown(request.getfixturevalue("page")("inbox"))
    assert "after one minute without a tap" in said
