"""Joining by an invitation: what is typed, who gets in, and what the office can never open."""

from __future__ import annotations

import pytest

from core.store import practice
from core.store import staff as logins
from core.store.vaults import recover_vault
from pages.parts.guard import OFFICE_PAGES, PAGES
from tests.pages.conftest import BROWSER, shown

WORDS = "four words to keep"


@pytest.fixture
def invite(practised):
    """Make an invitation for a role and return its code."""

    def make(role):
        database = practised.portal.database
        return logins.invite(database, role, practised.therapist.id, practised.portal.vaults._clock())

    return make


def _give(at, code):
    at.text_input(key="invitation-code").set_value(code)
    return at.button(key="give-invitation").click().run()


def _fill(at, name="Kim Sample", first=WORDS, again=WORDS):
    at.text_input(key="join-name").set_value(name)
    at.text_input(key="new").set_value(first)
    at.text_input(key="again").set_value(again)
    return at.button(key="join-do").click().run()


def _titles(at):
    assert not at.exception, at.exception
    return [title.value for title in at.title]


def test_a_therapist_joins_and_sees_the_recovery_code_until_they_have_it(practised, invite, page):
    at = _give(page("join"), invite("therapist").lower().replace("-", " "))
    at.text_area(key="accounts").set_value("@kim\n@kim2")
    seen = shown(_fill(at))
    assert "You have joined" in seen
    vault = practised.portal.vaults.get(BROWSER)
    kim = practice.find_therapist(practised.portal.database, vault.therapist_id)
    assert (kim.name, kim.accounts) == ("Kim Sample", ("@kim", "@kim2"))
    (code,) = [one.value for one in at.get("html") if 'class="ack"' in one.value]
    code = code.removeprefix('<p class="ack">').removesuffix("</p>")
    recover_vault(practised.portal.database, kim.id, code)
    assert code in shown(page("join"))
    at.button(key="seen").click().run()
    assert code not in shown(at)
    at.text_input(key="sheet-typed").set_value("not the code")
    assert "does not open" in at.button(key="sheet-try").click().run().error[0].value
    at.text_input(key="sheet-typed").set_value(code)
    assert "The sheet works" in shown(at.button(key="sheet-try").click().run())
    at._page_hash = ""
    assert _titles(at.button(key="to-therapist/inbox.py").click().run()) == ["Inbox"]


def test_the_office_joins_and_comes_to_the_practice_page(practised, invite, page):
    at = _give(page("join"), invite("office"))
    assert [area.key for area in at.text_area] == []
    at._page_hash = ""
    assert _titles(_fill(at, "Front Desk")) == ["Practice"]
    assert practised.portal.vaults.get(BROWSER) is None
    assert [one.name for one in logins.list_office(practised.portal.database)] == ["Front Desk"]


@pytest.mark.parametrize("typed", ["", "0000-0000-0000", "<b>x</b>"])
def test_a_wrong_code_opens_nothing(practised, invite, page, typed):
    invite("office")
    at = _give(page("join"), typed)
    assert "opens nothing here" in at.error[0].value
    assert [field.key for field in at.text_input] == ["invitation-code"]


def test_wrong_codes_are_limited(practised, invite, page):
    code, at = invite("office"), page("join")
    for _ in range(5):
        _give(at, "0000-0000-0000")
    assert "too many tries" in _give(at, code).error[0].value


@pytest.mark.parametrize(
    ("name", "first", "again", "said"),
    [
        ("", WORDS, WORDS, "fill in the name"),
        ("Kim", WORDS, "four words to keeq", "not the same"),
        ("Kim", "short", "short", "at least 12"),
    ],
)
def test_what_is_typed_wrong_is_said_and_kept(practised, invite, page, name, first, again, said):
    at = _fill(_give(page("join"), invite("therapist")), name, first, again)
    assert said in at.error[0].value
    assert at.text_input(key="join-name").value == name
    assert len(practice.list_vaults(practised.portal.database)) == 1


def test_a_code_that_was_taken_back_meanwhile_joins_nobody(practised, invite, page):
    at = _give(page("join"), invite("office"))
    [open_one] = logins.open_invitations(practised.portal.database, practised.portal.vaults._clock())
    logins.revoke(practised.portal.database, open_one.id)
    assert "opens nothing here" in _fill(at, "Front Desk").error[0].value
    at.button(key="another-code").click().run()
    assert [field.key for field in at.text_input] == ["invitation-code"]


def test_with_an_open_vault_nobody_joins(practised, invite, page):
    practised.unlock()
    assert [field.key for field in page("join").text_input] == []


def test_an_empty_portal_is_set_up_first(running, page):
    at = page("join")
    assert not at.text_input


# --- signing in ---------------------------------------------------------------------------------


@pytest.fixture
def office(practised):
    """Somebody of the office who can sign in."""
    made = logins.new_office("Front Desk", WORDS)
    with practised.portal.database.write() as connection:
        logins.add_office(connection, made, practised.portal.vaults._clock())
    return made[0]


def _sign_in(at, name="front desk", passphrase=WORDS):
    at.radio(key="who").set_value("office").run()
    at.text_input(key="office-name").set_value(name)
    at.text_input(key="office-passphrase").set_value(passphrase)
    return at.button(key="sign-in").click().run()


def test_the_office_signs_in_where_therapists_unlock(practised, office, page):
    at = page("unlock")
    at._page_hash = ""
    assert _titles(_sign_in(at)) == ["Practice"]
    assert practised.portal.vaults.get(BROWSER) is None


@pytest.mark.parametrize(("name", "passphrase"), [("Front Desk", "something else"), ("Nobody", WORDS)])
def test_a_wrong_sign_in_says_the_same_for_both(practised, office, page, name, passphrase):
    assert "do not go together" in _sign_in(page("unlock"), name, passphrase).error[0].value
    assert practised.portal.offices.get(BROWSER) is None


def test_while_nobody_is_in_the_office_the_door_asks_for_no_choice(practised, page):
    assert "who" not in [radio.key for radio in page("unlock").radio]


@pytest.mark.parametrize("name", sorted(set(PAGES) - set(OFFICE_PAGES)))
def test_the_office_opens_no_page_of_a_therapist(practised, office, page, name):
    practised.portal.offices.put(BROWSER, office.id)
    at = page(name)
    assert _titles(at) == ["The vault is locked"]
    assert "signed in for the office" in shown(at)
    assert [button.key for button in at.button] == ["to-clinic/therapists.py"]
    assert not at.text_input


def test_a_removed_login_is_out_at_the_next_tap(practised, office, page):
    practised.portal.offices.put(BROWSER, office.id)
    at = page("therapists")
    logins.remove_office(practised.portal.database, office.id)
    assert _titles(at.run()) == ["The vault is locked"]


def test_an_idle_office_is_signed_out(practised, office, page, moving):
    practised.portal.offices._clock = moving
    practised.portal.offices.put(BROWSER, office.id)
    at = page("therapists")
    moving.forward(minutes=11)
    assert _titles(at.run()) == ["The vault is locked"]


def test_locking_signs_the_office_out(practised, office, page):
    practised.portal.offices.put(BROWSER, office.id)
    page("therapists").button(key="lock").click().run()
    assert practised.portal.offices.get(BROWSER) is None
