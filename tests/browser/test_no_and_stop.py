"""Saying no and stopping: without JavaScript, after a change, and against an old yes that comes later."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from core import importing
from core.demo import PASSPHRASE, Demo
from core.portal import clock
from core.store.vaults import Vault, open_vault
from tests.browser import flow
from tests.browser.conftest import Server
from tests.browser.flow import WORDS, heading


@pytest.fixture(scope="module")
def demo(server: Server) -> Demo:
    return server.demo()


@pytest.fixture(scope="module")
def vault(server: Server, demo: Demo) -> Vault:
    return open_vault(server.portal.database, demo.therapist.id, PASSPHRASE)


@pytest.fixture
def plain(browser: Browser) -> Iterator[Page]:
    """A phone with JavaScript switched off."""
    context: BrowserContext = browser.new_context(viewport={"width": 390, "height": 844}, java_script_enabled=False)
    yield context.new_page()
    context.close()


def _press(page: Page, label: str) -> None:
    page.get_by_role("button", name=re.compile("^" + re.escape(label))).click()


def _import_mailbox(vault: Vault, *, compared: bool) -> list[importing.Preview]:
    looks = [outcome.preview for outcome in importing.look_at_mailbox(vault, clock()) if outcome.preview]
    for look in looks:
        importing.keep(vault, look, clock(), compared=compared)
    return looks


def test_no_to_everything_without_javascript(server: Server, demo: Demo, vault: Vault, plain: Page) -> None:
    card = demo.cards[0]
    asked: list[str] = []
    plain.on("request", lambda request: asked.append(request.url))
    plain.goto(f"{server.url}/c/{card.code}")
    _press(plain, WORDS("welcome.no.button"))
    heading(plain, WORDS("done_no.title"))
    check_code = plain.locator(".big").first.inner_text()
    personal = plain.locator("#personal").inner_text()
    plain.reload()
    assert plain.locator(".big").first.inner_text() == check_code
    (look,) = _import_mailbox(vault, compared=True)
    assert look.token.acknowledgement == check_code
    (document,) = importing.standing(vault, card.code).documents
    assert set(document.channels.values()) == {"never"}
    assert not any("/static/" in address or "_stcore" in address for address in asked)
    assert personal not in "".join(asked)
    assert personal not in server.log()


def test_stop_everything_without_javascript_is_two_taps_and_no_code(
    server: Server, demo: Demo, vault: Vault, plain: Page
) -> None:
    card = demo.cards[1]
    plain.goto(f"{server.url}/c/{card.code}")
    _press(plain, WORDS("welcome.stop.button"))
    heading(plain, WORDS("done_stop.title"))
    (look,) = _import_mailbox(vault, compared=False)
    assert not look.token.body.signed
    standing = importing.standing(vault, card.code)
    assert standing.on_hold
    assert not standing.permits_something(clock())


def test_change_then_stop_then_the_old_yes_again_is_still_no(
    server: Server, demo: Demo, vault: Vault, phone: Page
) -> None:
    card = demo.cards[2]
    flow.start_choosing(phone, f"{server.url}/c/{card.code}")
    flow.choose(phone, {"video": "ask"}, ["lesson"])
    flow.save(phone)
    first = _token_text(phone)
    personal = phone.locator(".st-key-personal code").inner_text()

    flow.tap(phone, "change")
    heading(phone, WORDS("choose.title"))
    flow.pick(phone, "channel-video", WORDS("treatment.never.label"))
    flow.pick(phone, "channel-post", WORDS("treatment.ask.label"))
    flow.tap(phone, "onward")
    heading(phone, WORDS("limits.title"))
    flow.tap(phone, "onward")
    heading(phone, WORDS("check.title"))
    flow.save(phone)
    second = _token_text(phone)
    assert first != second

    # The first choices arrive last of all; in the mailbox both wait.
    looks = _import_mailbox(vault, compared=True)
    assert [look.token.text for look in looks] == [first, second]
    assert importing.standing(vault, card.code).documents[0].channels["video"] == "never"

    phone.context.clear_cookies()
    phone.goto(f"{server.url}/mine#{card.code}.{personal}")
    heading(phone, WORDS("mine.title"))
    expect(phone.locator(".st-key-stop button")).to_be_visible()
    assert "#" not in phone.url
    flow.tap(phone, "stop")
    expect(phone.locator(".ack")).to_be_visible()
    _import_mailbox(vault, compared=False)
    assert importing.standing(vault, card.code).withdrawn
    with pytest.raises(importing.AlreadyImported):
        importing.preview(vault, first, clock())
    assert not importing.standing(vault, card.code).permits_something(clock())


def _token_text(page: Page) -> str:
    page.locator(".st-key-other summary").click()
    text = page.locator(".st-key-copy-source-token code").inner_text()
    page.locator(".st-key-other summary").click()
    return text


def test_a_double_tap_on_no_sends_one_parcel(server: Server, demo: Demo, vault: Vault, phone: Page) -> None:
    card = demo.cards[3]
    phone.goto(f"{server.url}/c/{card.code}")
    button = phone.get_by_role("button", name=re.compile("^" + re.escape(WORDS("welcome.no.button"))))
    button.dblclick()
    heading(phone, WORDS("done_no.title"))
    assert len(_import_mailbox(vault, compared=False)) == 1


def test_a_reload_and_the_back_button_keep_the_draft(server: Server, demo: Demo, phone: Page) -> None:
    card = demo.cards[4]
    flow.start_choosing(phone, f"{server.url}/c/{card.code}")
    flow.pick(phone, "way", WORDS("choose.way.each.label"))
    flow.pick(phone, "channel-audio", WORDS("treatment.ask.label"))
    phone.reload()
    heading(phone, WORDS("choose.title"))
    _assert_picked(phone, "channel-audio", WORDS("treatment.ask.label"))
    flow.tap(phone, "onward")
    heading(phone, WORDS("limits.title"))
    phone.go_back()
    heading(phone, WORDS("choose.title"))
    _assert_picked(phone, "channel-audio", WORDS("treatment.ask.label"))
    expect(phone.locator(".st-key-channel-video input:checked")).to_have_count(0)


def test_a_lost_connection_is_said_and_nothing_chosen_is_lost(
    server: Server, demo: Demo, phone: Page, serve: Callable[..., Server]
) -> None:
    card = demo.cards[4]
    flow.start_choosing(phone, f"{server.url}/c/{card.code}")
    flow.pick(phone, "way", WORDS("choose.way.each.label"))
    flow.pick(phone, "channel-print", WORDS("treatment.ask.label"))
    phone.context.set_offline(True)
    expect(phone.locator("#offline")).to_be_visible()
    phone.context.set_offline(False)
    expect(phone.locator("#offline")).to_be_hidden()
    phone.reload()
    _assert_picked(phone, "channel-print", WORDS("treatment.ask.label"))


def test_leave_now_goes_away_and_nothing_is_kept(server: Server, demo: Demo, phone: Page) -> None:
    card = demo.cards[4]
    phone.route(
        "https://www.weather.gov/**", lambda route: route.fulfill(body="<h1>Weather</h1>", content_type="text/html")
    )
    flow.start_choosing(phone, f"{server.url}/c/{card.code}")
    flow.pick(phone, "way", WORDS("choose.way.no.label"))
    phone.locator("form[data-leave] button").click()
    phone.wait_for_url("https://www.weather.gov/**")
    phone.goto(f"{server.url}/choose")
    heading(phone, WORDS("common.not_kept.title"))


def _assert_picked(page: Page, key: str, label: str) -> None:
    expect(page.locator(f".st-key-{key} label").filter(has=page.locator("input:checked"))).to_contain_text(label)
