"""The first start: who may set up, what is asked, and the one showing of the recovery sheet."""

from __future__ import annotations

import pytest

from core.store import practice
from core.store.vaults import recover_vault
from tests.pages.conftest import BROWSER, shown

PASSPHRASE = "four words to keep"


def _give_code(at, typed):
    at.text_input(key="setup-code").set_value(typed)
    return at.button(key="give-code").click().run()


def _fill(
    at, practice="Willow Street", therapist="Robin Example", accounts="@one\n@two", first=PASSPHRASE, again=PASSPHRASE
):
    at.text_input(key="practice").set_value(practice)
    at.text_input(key="therapist").set_value(therapist)
    at.text_area(key="accounts").set_value(accounts)
    at.text_input(key="new").set_value(first)
    at.text_input(key="again").set_value(again)
    return at.button(key="set-up").click().run()


def _code(at):
    (code,) = [element.value for element in at.get("html") if 'class="ack"' in element.value]
    return code.removeprefix('<p class="ack">').removesuffix("</p>")


@pytest.fixture
def allowed(running, page):
    """The set-up page on another device, after the code was given."""
    return _give_code(page("setup"), running.setup_code)


def test_another_device_needs_the_code_that_was_printed(running, page):
    at = page("setup")
    assert [field.key for field in at.text_input] == ["setup-code"]
    _give_code(at, "WRONG-CODE-0000")
    assert "not the set-up code" in at.error[0].value
    _give_code(at, running.setup_code.lower().replace("-", " "))
    assert "practice" in [field.key for field in at.text_input]


def test_the_code_can_not_be_guessed_on_and_on(running, page):
    at = page("setup")
    for _ in range(5):
        _give_code(at, "WRONG-CODE-0000")
    assert "too many tries" in _give_code(at, running.setup_code).error[0].value


def test_the_code_lets_in_one_browser_only(allowed, page):
    assert [field.key for field in page("setup", binding="a stranger").text_input] == ["setup-code"]


def test_setting_up_makes_the_practice_opens_its_vault_and_shows_the_sheet_once(running, allowed, page):
    at = _fill(allowed)
    seen = shown(at)
    assert "the vault is lost" in seen
    assert [button.key for button in at.get("download_button")] == ["recovery-sheet"]
    (therapist,) = practice.list_therapists(running.database)
    assert (therapist.name, therapist.accounts) == ("Robin Example", ("@one", "@two"))
    assert practice.find_practice(running.database).name == "Willow Street"
    assert running.vaults.get(BROWSER).therapist_id == therapist.id
    code = _code(at)
    recover_vault(running.database, therapist.id, code)
    assert code in shown(at.run())


def test_the_recovery_code_stays_through_a_reload_until_somebody_has_it(allowed, page):
    code = _code(_fill(allowed))
    assert code not in shown(page("setup", binding="a stranger"))
    again = page("setup")
    assert code in shown(again)
    assert [button.key for button in again.get("download_button")] == ["recovery-sheet"]
    assert code in shown(page("settings"))
    again.button(key="seen").click().run()
    assert code not in shown(again)
    assert code not in shown(page("setup")) + shown(page("settings"))


def test_a_lock_hides_the_recovery_code_for_good(running, allowed, page):
    code = _code(_fill(allowed))
    opened = running.vaults.get(BROWSER)
    at = page("settings")
    assert code in shown(at)
    at.button(key="lock").click().run()
    locked = shown(page("setup"))
    assert code not in locked
    assert "make a new one in Settings" in locked
    running.vaults.put(BROWSER, opened)
    assert code not in shown(page("settings"))


def test_a_portal_is_set_up_once(running, allowed, page):
    second = _give_code(page("setup", binding="someone else"), running.setup_code)
    _fill(allowed)
    _fill(second, practice="Another")
    assert practice.find_practice(running.database).name == "Willow Street"
    assert "already" in shown(second)
    assert [field.key for field in page("setup").text_input] == []


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"practice": " "}, "fill in the practice"),
        ({"therapist": ""}, "fill in the practice"),
        ({"first": "short", "again": "short"}, "at least 12"),
        ({"again": "four other words"}, "not the same"),
    ],
)
def test_what_is_missing_is_named_and_nothing_typed_is_lost(running, allowed, wrong, said):
    at = _fill(allowed, **wrong)
    assert said in at.error[0].value
    assert at.text_area(key="accounts").value == "@one\n@two"
    assert practice.find_practice(running.database) is None


def test_a_practice_that_is_there_leads_to_unlocking(practised, page):
    at = page("setup")
    assert "set up already" in shown(at)
    assert not at.text_input
