"""A practice's own sign-in in front of the staff pages, against a real provider on another site, in a real browser."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from core.demo import PASSPHRASE
from tests.browser import kept
from tests.browser.conftest import Server
from tests.browser.flow import WORDS, fill, heading, tap
from tests.browser.oidc_provider import CLIENT, SECRET, WRONGS, Provider

ACCOUNTS = {
    "therapist-7": {"email": "jo@practice.example", "email_verified": True, "name": "Jo"},
    "by-group": {"groups": ["reception", "sayso"]},
    "stranger": {"email": "kim@practice.example", "email_verified": True},
    "claims-to-be-jo": {"email": "jo@practice.example", "email_verified": False},
}
ALLOWED = "Jo@Practice.example, groups=sayso"


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    started = Provider(ACCOUNTS)
    started.start()
    yield started
    started.stop()


@pytest.fixture(scope="module")
def settings(provider: Provider) -> Callable[[int], dict[str, str]]:
    def of(port: int) -> dict[str, str]:
        return {
            "SAYSO_OIDC_METADATA": provider.metadata,
            "SAYSO_OIDC_CLIENT_ID": CLIENT,
            "SAYSO_OIDC_CLIENT_SECRET": SECRET,
            "SAYSO_OIDC_REDIRECT": f"http://localhost:{port}/oauth2callback",
            "SAYSO_OIDC_ALLOWED": ALLOWED,
            "SAYSO_IDLE_LOCK_MINUTES": "100000",
        }

    return of


@pytest.fixture(scope="module")
def staff(
    provider: Provider, settings: Callable[[int], dict[str, str]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    server = Server(tmp_path_factory.mktemp("staff"), settings(port), moving=True, port=port, warm=True)
    provider.redirect = settings(port)["SAYSO_OIDC_REDIRECT"]
    server.start()
    server.demo()
    yield server
    server.stop()


@pytest.fixture(autouse=True)
def right(provider: Provider) -> Iterator[None]:
    yield
    provider.wrong, provider.holds = None, False


def sign_in(page: Page, url: str, account: str) -> None:
    """Go to the provider and pick an account there."""
    page.goto(url)
    heading(page, WORDS("oidc.title"))
    tap(page, "oidc-in")
    heading(page, "Who are you?")
    page.get_by_role("button", name=account, exact=True).click()


def unlock(page: Page) -> None:
    heading(page, WORDS("unlock.title"))
    fill(page, "passphrase", PASSPHRASE)
    tap(page, "open")
    heading(page, WORDS("inbox.title"))


def test_staff_sign_in_with_the_practices_account_and_then_with_their_passphrase(staff, provider, phone) -> None:
    asked: list[tuple[str, bool]] = []
    phone.on("request", lambda one: asked.append((urlsplit(one.url).netloc, one.is_navigation_request())))
    phone.goto(f"{staff.url}/inbox")
    heading(phone, WORDS("oidc.title"))
    assert phone.locator("[data-testid=stMain] input").count() == 0
    tap(phone, "oidc-in")
    heading(phone, "Who are you?")
    phone.get_by_role("button", name="therapist-7", exact=True).click()
    heading(phone, WORDS("unlock.title"))
    assert urlsplit(phone.url)._replace(scheme="", netloc="").geturl() == "/unlock"
    unlock(phone)
    # A reload signs in to nothing anew.
    phone.reload()
    heading(phone, WORDS("inbox.title"))
    own, theirs = urlsplit(staff.url).netloc, urlsplit(provider.url).netloc
    assert {netloc for netloc, _ in asked} == {own, theirs}
    assert all(navigates for netloc, navigates in asked if netloc == theirs)


def test_what_the_browser_keeps_ends_with_it_goes_nowhere_else_and_holds_no_token(staff, phone) -> None:
    sign_in(phone, f"{staff.url}/unlock", "by-group")
    heading(phone, WORDS("unlock.title"))
    kept = {one["name"]: one for one in phone.context.cookies()}
    who = kept["_streamlit_user"]
    assert (who["sameSite"], who["httpOnly"], who["expires"]) == ("Strict", True, -1)
    assert {name for name in kept if name.startswith("_streamlit_user")} == {"_streamlit_user"}
    assert "_streamlit_session" not in kept


@pytest.mark.parametrize("account", ["stranger", "claims-to-be-jo"])
def test_an_account_that_is_not_on_the_list_is_told_so_and_may_use_another(staff, provider, phone, account) -> None:
    sign_in(phone, f"{staff.url}/people", account)
    heading(phone, WORDS("oidc.refused.title"))
    expect(phone.get_by_text(WORDS("oidc.refused"))).to_be_visible()
    expect(phone.get_by_text(account, exact=True)).to_be_visible()
    assert phone.locator("[data-testid=stMain] input").count() == 0
    phone.goto(f"{staff.url}/setup")
    heading(phone, WORDS("oidc.refused.title"))
    before = provider.asked.count("end")
    tap(phone, "oidc-other")
    heading(phone, WORDS("oidc.title"))
    assert provider.asked.count("end") == before + 1


def test_a_token_that_is_wrong_in_any_way_lets_nobody_in(staff, provider, phone) -> None:
    # One browser for all: a new one would fetch the whole app for each.
    phone.goto(f"{staff.url}/unlock")
    for provider.wrong in WRONGS:
        heading(phone, WORDS("oidc.title"))
        tap(phone, "oidc-in")
        heading(phone, "Who are you?")
        phone.get_by_role("button", name="therapist-7", exact=True).click()
        heading(phone, WORDS("oidc.failed.title"))
        assert "_streamlit_user" not in {one["name"] for one in phone.context.cookies()}, provider.wrong
        phone.get_by_role("link", name=WORDS("oidc.again.link")).click()


def test_who_says_no_at_the_provider_is_led_back_and_nothing_of_it_is_logged(staff, phone) -> None:
    sign_in(phone, f"{staff.url}/unlock", "nobody")
    heading(phone, WORDS("oidc.failed.title"))
    for text in ("SECRETSAUCE", "practice.example", "therapist-7", SECRET, "code="):
        assert text not in staff.log()


def test_a_code_from_somebody_elses_browser_signs_nobody_in(staff, provider, browser: Browser, phone) -> None:
    provider.holds = True
    sign_in(phone, f"{staff.url}/unlock", "therapist-7")
    heading(phone, "Held")
    with kept.context(browser, **kept.PHONE) as context:
        other = context.new_page()
        other.goto(provider.held[-1])
        heading(other, WORDS("oidc.failed.title"))
        other.goto(f"{staff.url}/unlock")
        heading(other, WORDS("oidc.title"))


def test_signing_out_locks_the_vault_in_every_window(staff, phone) -> None:
    sign_in(phone, f"{staff.url}/unlock", "therapist-7")
    unlock(phone)
    second = phone.context.new_page()
    second.goto(f"{staff.url}/people")
    heading(second, WORDS("people.title"))
    tap(phone, "sign-out")
    heading(phone, WORDS("oidc.title"))
    second.locator(".st-key-staff-menu a").first.click()
    heading(second, WORDS("oidc.title"))
    second.reload()
    heading(second, WORDS("oidc.title"))


def test_a_page_elsewhere_can_neither_sign_staff_in_nor_out(staff, phone) -> None:
    sign_in(phone, f"{staff.url}/unlock", "therapist-7")
    unlock(phone)
    there = phone.url.replace("localhost", "127.0.0.1").replace("/inbox", "/healthz")
    phone.goto(there)
    phone.evaluate("to => { location.href = to }", f"{staff.url}/auth/logout")
    heading(phone, WORDS("inbox.title"))


def test_a_sign_in_ends_after_its_hours_and_locks_the_vault(staff, phone) -> None:
    sign_in(phone, f"{staff.url}/unlock", "therapist-7")
    unlock(phone)
    staff.later(hours=9)
    phone.locator(".st-key-staff-menu a").nth(1).click()
    expect(phone.get_by_text(WORDS("oidc.ended"))).to_be_visible()
    staff.later(hours=-9)
    phone.goto(f"{staff.url}/unlock")
    heading(phone, WORDS("unlock.title"))


def test_while_the_provider_is_away_one_sentence_says_so_and_who_is_in_works_on(staff, provider, phone) -> None:
    sign_in(phone, f"{staff.url}/unlock", "therapist-7")
    unlock(phone)
    provider.stop()
    phone.reload()
    heading(phone, WORDS("inbox.title"))
    tap(phone, "sign-out")
    heading(phone, WORDS("oidc.title"))
    tap(phone, "oidc-in")
    heading(phone, WORDS("oidc.away.title"))
    provider.start()
    phone.get_by_role("link", name=WORDS("oidc.again.link")).click()
    heading(phone, WORDS("oidc.title"))
