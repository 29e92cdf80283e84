"""Settings: what clients and cards see, the passphrase, the recovery sheet."""

from __future__ import annotations

import pytest

from core import signing_in
from core.demo import PASSPHRASE
from core.errors import WrongRecoveryCode
from core.portal import clock
from core.store import practice
from core.store.vaults import recover_vault
from tests.pages.conftest import shown

NEW = "another four words"


@pytest.fixture
def at_work(practised):
    practised.unlock()
    return practised


def _kept(practised):
    return practice.find_practice(practised.portal.database)


def _save_address(at, typed):
    at.text_input(key="public").set_value(typed)
    return at.button(key="save-address").click().run()


@pytest.mark.parametrize("typed", ["https://sayso.example.org", " sayso.example.org/ ", "HTTPS://sayso.example.org"])
def test_the_address_on_cards_is_kept_as_scheme_and_host(at_work, page, typed):
    at = _save_address(page("settings"), typed)
    assert "Saved." in shown(at)
    assert _kept(at_work).public_url == "https://sayso.example.org"
    assert at.text_input(key="public").value == "https://sayso.example.org"


@pytest.mark.parametrize("typed", ["https://sayso.example.org/here", "ftp://sayso.example.org", "", "https://"])
def test_an_address_that_fits_no_card_is_refused_and_kept_in_the_field(at_work, page, typed):
    at = _save_address(page("settings"), typed)
    assert "not a web address that fits on a card" in at.error[0].value
    assert at.text_input(key="public").value == typed
    assert _kept(at_work).public_url == ""


def test_an_address_that_no_phone_reaches_gets_a_warning(at_work, page):
    at = _save_address(page("settings"), "http://127.0.0.1:8501")
    assert any("only works on this computer" in warning.value for warning in at.warning)


def test_the_accounts_covered_are_one_a_line(at_work, page):
    at = page("settings")
    assert at.text_area(key="covered").value == "demo account"
    at.text_area(key="covered").set_value("@one\n\n  @two  ")
    at.button(key="save-accounts").click().run()
    assert practice.find_therapist(at_work.portal.database, at_work.therapist.id).accounts == ("@one", "@two")


def test_the_mailbox_can_be_switched_off_and_on(at_work, page):
    at = page("settings")
    at.checkbox(key="takes").uncheck()
    at.button(key="save-mailbox").click().run()
    assert not at_work.portal.outbox.mailbox_on
    at.checkbox(key="takes").check()
    at.button(key="save-mailbox").click().run()
    assert at_work.portal.outbox.mailbox_on


def _change(at, old, first=NEW, again=NEW):
    for key, typed in (("old", old), ("new", first), ("again", again)):
        at.text_input(key=key).set_value(typed)
    return at.button(key="change").click().run()


def test_the_passphrase_changes_and_the_fields_are_empty_again(at_work, page):
    at = _change(page("settings"), PASSPHRASE)
    assert "The passphrase is changed." in shown(at)
    assert [at.text_input(key=key).value for key in ("old", "new", "again")] == ["", "", ""]
    practice.unlock(at_work.portal.database, at_work.therapist.id, NEW)


@pytest.mark.parametrize(
    ("old", "first", "again", "said"),
    [
        ("not this one", NEW, NEW, "does not open"),
        (PASSPHRASE, NEW, "something else here", "not the same"),
        (PASSPHRASE, "short", "short", "at least 12"),
    ],
)
def test_the_passphrase_stays_where_something_is_wrong(at_work, page, old, first, again, said):
    assert said in _change(page("settings"), old, first, again).error[0].value
    practice.unlock(at_work.portal.database, at_work.therapist.id, PASSPHRASE)


def test_wrong_tries_at_an_open_vault_count_as_well(at_work, page):
    at = page("settings")
    for _ in range(5):
        _change(at, "not this one")
    assert "too many tries" in _change(at, PASSPHRASE).error[0].value


def test_a_new_recovery_sheet_ends_the_one_before(at_work, page):
    old = signing_in.renew_recovery(at_work.portal, at_work.vault, PASSPHRASE, "", clock())
    at = page("settings")
    at.text_input(key="proof").set_value(PASSPHRASE)
    at.button(key="renew").click().run()
    (code,) = [element.value for element in at.get("html") if 'class="ack"' in element.value]
    new = code.removeprefix('<p class="ack">').removesuffix("</p>")
    recover_vault(at_work.portal.database, at_work.therapist.id, new)
    with pytest.raises(WrongRecoveryCode):
        recover_vault(at_work.portal.database, at_work.therapist.id, old)
    at.button(key="seen").click().run()
    assert new not in shown(at)


def test_a_new_recovery_sheet_asks_for_the_passphrase(at_work, page):
    at = page("settings")
    at.text_input(key="proof").set_value("not this one")
    at.button(key="renew").click().run()
    assert "does not open" in at.error[0].value
    assert "recovery-sheet" not in [button.key for button in at.get("download_button")]


def test_the_check_words_and_the_limits_are_there(at_work, page):
    seen = shown(page("settings"))
    assert all(word in seen for word in at_work.vault.keys.words())
    assert "This is no legal advice." in seen
