"""With a sign-in of the practice in front, no staff page shows anything before it, and the passphrase stays needed."""

from __future__ import annotations

import pytest

from core.portal import clock
from core.web.faces import PAGES
from tests.pages.conftest import BROWSER, shown

STAFF = sorted(page for page, face in PAGES.items() if face == "staff")
SETTINGS = {
    "METADATA": "https://login.example.org/.well-known/openid-configuration",
    "CLIENT_ID": "sayso",
    "CLIENT_SECRET": "what only two servers know",
    "REDIRECT": "https://staff.example.org/oauth2callback",
    "ALLOWED": "groups=sayso",
}


@pytest.fixture
def in_front(monkeypatch):
    for name, value in SETTINGS.items():
        monkeypatch.setenv(f"SAYSO_OIDC_{name}", value)


@pytest.fixture
def in_front_of_nobody(in_front, monkeypatch):
    monkeypatch.delenv("SAYSO_OIDC_ALLOWED")


def account(**more):
    known = {"sub": "7", "aud": "sayso", "groups": ["sayso"]}
    return {"is_logged_in": True, "iat": clock().timestamp(), "nonce": "one", **known, **more}


def as_account(at, **claims):
    at.user = {"binding": BROWSER, **claims}
    return at.run()


def title(at):
    assert not at.exception, at.exception
    return [found.value for found in at.title]


@pytest.mark.parametrize("name", STAFF)
def test_before_it_each_staff_page_is_only_the_way_to_sign_in(in_front, practised, page, name):
    practised.unlock()
    at = page(name)
    assert title(at) == ["Sign in to the staff pages"]
    assert not at.text_input
    assert [button.key for button in at.button] == ["oidc-in"]
    assert "Sam" not in shown(at)


def test_a_client_page_asks_nobody_to_sign_in(in_front, practised, page):
    practised.scan()
    assert title(page("explain")) != ["Sign in to the staff pages"]


def test_an_account_that_may_come_in_still_needs_the_passphrase(in_front, practised, page):
    at = as_account(page("inbox"), **account())
    assert title(at) == ["The vault is locked"]
    practised.unlock()
    assert title(at.run()) == ["Inbox"]


def test_an_account_that_may_not_come_in_is_told_its_number_and_opens_nothing(in_front, practised, page):
    practised.unlock()
    at = as_account(page("inbox"), **account(groups=["reception"], email="jo@example.org"))
    assert title(at) == ["This account may not come in"]
    assert [text.value for text in at.text] == ["7"]
    assert "not on the list" in shown(at)
    assert "does not count here" in shown(at)
    assert practised.portal.vaults.get(BROWSER) is None


def test_until_accounts_are_named_it_says_so(in_front_of_nobody, practised, page):
    assert "SAYSO_OIDC_ALLOWED" in shown(as_account(page("inbox"), **account()))


def test_a_sign_in_that_ended_locks_what_is_open_and_says_so(in_front, practised, page):
    practised.unlock()
    at = as_account(page("inbox"), **account())
    assert title(at) == ["Inbox"]
    as_account(at, **account(iat=clock().timestamp() - 9 * 3600))
    assert title(at) == ["Sign in to the staff pages"]
    assert "has ended" in at.warning[0].value
    assert practised.portal.vaults.get(BROWSER) is None


def test_the_way_out_is_on_each_page_of_the_menu_and_before_the_passphrase(in_front, practised, page):
    assert "sign-out" in [button.key for button in as_account(page("unlock"), **account()).button]
    practised.unlock()
    at = as_account(page("inbox"), **account())
    at.button(key="sign-out").click().run()
    assert practised.portal.vaults.get(BROWSER) is None
    # A window that knows nothing of it yet.
    assert title(as_account(page("inbox"), **account())) == ["Sign in to the staff pages"]
    assert title(as_account(page("inbox"), **account(nonce="a later sign-in"))) == ["The vault is locked"]


def test_without_such_a_sign_in_nothing_of_it_is_shown(practised, page):
    practised.unlock()
    at = page("inbox")
    assert title(at) == ["Inbox"]
    assert "sign-out" not in [button.key for button in at.button]
