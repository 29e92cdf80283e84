"""One window and its card: what a reload shows after another card was opened, and an app that never connects."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, WebSocketRoute, expect

from core.card import shown
from core.demo import Demo
from tests.browser import flow, kept
from tests.browser.conftest import Server
from tests.browser.flow import WORDS, heading

#: The script waits 12 seconds for the app; then it says so.
PATIENCE = 20_000


@pytest.fixture(scope="module")
def demo(server: Server) -> Demo:
    return server.demo()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    with kept.context(browser, viewport={"width": 390, "height": 844}) as lent:
        lent.set_default_timeout(30_000)
        yield lent


def address(server: Server, demo: Demo, number: int) -> str:
    return f"{server.url}/C/{demo.cards[number].code}"


def test_a_reload_after_another_card_was_opened_shows_nothing_of_the_other(server, demo, context) -> None:
    first, second = context.new_page(), context.new_page()
    flow.start_choosing(first, address(server, demo, 0))
    expect(first.get_by_text(f"Card {shown(demo.cards[0].code)}").locator("visible=true")).to_have_count(1)
    flow.start_choosing(second, address(server, demo, 1))
    flow.pick(second, "way", WORDS("choose.way.no.label"))
    first.reload()
    heading(first, WORDS("common.other_card.title"))
    expect(first.get_by_text(shown(demo.cards[1].code))).not_to_be_visible()
    expect(first.locator(".st-key-way")).not_to_be_visible()
    expect(second.get_by_text(f"Card {shown(demo.cards[1].code)}")).to_be_visible()
    second.reload()
    heading(second, WORDS("choose.title"))


def test_a_window_that_opens_another_card_itself_goes_on_with_it(server, demo, context) -> None:
    page = context.new_page()
    flow.start_choosing(page, address(server, demo, 0))
    flow.start_choosing(page, address(server, demo, 1))
    page.reload()
    heading(page, WORDS("choose.title"))
    expect(page.get_by_text(f"Card {shown(demo.cards[1].code)}").locator("visible=true")).to_have_count(1)


def test_after_another_card_the_way_back_leads_to_this_windows_own(server, demo, context) -> None:
    first, second = context.new_page(), context.new_page()
    flow.start_choosing(first, address(server, demo, 0))
    flow.start_choosing(second, address(server, demo, 1))
    first.reload()
    heading(first, WORDS("common.other_card.title"))
    first.get_by_role("link", name=WORDS("common.start_again")).click()
    first.wait_for_url(re.compile(f"/c/{demo.cards[0].code}$", re.IGNORECASE))
    first.get_by_role("button", name=re.compile("^" + WORDS("welcome.choose.button"))).click()
    heading(first, WORDS("explain.title"))
    expect(first.get_by_text(f"Card {shown(demo.cards[0].code)}").locator("visible=true")).to_have_count(1)


def open_app(page: Page, server: Server, demo: Demo) -> None:
    page.goto(address(server, demo, 0))
    page.get_by_role("button", name=re.compile("^" + WORDS("welcome.choose.button"))).click()


def says_how_to_go_on(page: Page, demo: Demo) -> None:
    expect(page.get_by_role("heading", level=1, name=WORDS("stuck.title"))).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text(WORDS("stuck.ways")).locator("visible=true")).to_be_visible()
    page.get_by_role("link", name=WORDS("stuck.back.link")).click()
    page.wait_for_url(re.compile(f"/c/{demo.cards[0].code}$", re.IGNORECASE))


def test_an_app_that_gets_no_connection_says_what_works_without_it(server, demo, context) -> None:
    page = context.new_page()

    def refuse(route: WebSocketRoute) -> None:
        route.close()

    page.route_web_socket(re.compile("/_stcore/stream"), refuse)
    open_app(page, server, demo)
    says_how_to_go_on(page, demo)


def test_an_app_whose_scripts_break_says_what_works_without_it(server, demo, context) -> None:
    page = context.new_page()

    def broken(route: Route) -> None:
        route.fulfill(body="throw new Error('broken')", content_type="text/javascript")

    page.route(re.compile(r"/static/js/index\..*\.js"), broken)
    open_app(page, server, demo)
    says_how_to_go_on(page, demo)


def test_where_no_script_arrives_the_way_back_shows_by_itself(server, demo, context) -> None:
    page = context.new_page()
    page.route(re.compile(r"\.js$"), lambda route: route.abort())
    open_app(page, server, demo)
    expect(page.get_by_role("heading", level=1, name=WORDS("stuck.title"))).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_role("link", name=WORDS("stuck.back.link"))).to_be_visible()


def test_an_app_that_comes_late_takes_its_place(server, demo, context) -> None:
    page, let_through = context.new_page(), []

    def later(route: WebSocketRoute) -> None:
        if let_through:
            route.connect_to_server()
        else:
            route.close()

    page.route_web_socket(re.compile("/_stcore/stream"), later)
    open_app(page, server, demo)
    expect(page.get_by_role("heading", level=1, name=WORDS("stuck.title"))).to_be_visible(timeout=PATIENCE)
    let_through.append(True)
    expect(page.get_by_role("heading", level=1, name=WORDS("explain.title"))).to_be_visible(timeout=60_000)
    expect(page.get_by_role("heading", level=1, name=WORDS("stuck.title"))).not_to_be_visible()
