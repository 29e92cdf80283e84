"""Leave now, on a phone that others use: at once in every state, cleared on both sides, and nothing by way of Back."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Playwright, Route, expect

from core.demo import Demo
from tests.browser.bad_line import line_to
from tests.browser.conftest import ARGUMENTS, Server
from tests.browser.flow import WORDS, choose, heading, pick, save, settled, start_choosing, tap

NEUTRAL = "https://www.weather.gov/"
#: What a page of ours says that must not be there once somebody has left.
TRACES = re.compile("|".join(map(re.escape, (WORDS("choose.title"), WORDS("treatment.ask.label"), "Demo therapist"))))


@pytest.fixture(scope="module")
def demo(server: Server) -> Demo:
    return server.demo()


@pytest.fixture
def with_memory(playwright: Playwright) -> Iterator[Page]:
    """A page of a Chromium that keeps pages for its Back button, as phones do: the whole program, not its engine."""
    chromium = playwright.chromium.launch(
        executable_path="/usr/bin/chromium",
        args=list(ARGUMENTS),
        ignore_default_args=["--disable-back-forward-cache"],
    )
    yield _opened(chromium)
    chromium.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    # Not one that is lent again: the last answer to leaving may come after the test, and take somebody's cookies.
    page = _opened(browser)
    yield page
    page.context.close()


def _opened(browser: Browser) -> Page:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    context.set_default_timeout(20_000)
    page = context.new_page()
    page.route(f"{NEUTRAL}**", _weather)
    return page


def _weather(route: Route) -> None:
    route.fulfill(body="<title>Weather</title><h1>Weather</h1>", content_type="text/html")


def _leave(page: Page) -> None:
    page.locator("form[data-leave] button").click()


def _kept(page: Page, url: str) -> tuple[set[str], set[str]]:
    """The names of what this browser holds for the portal: cookies, and what pages stored."""
    state = page.context.storage_state()
    stored = (item["name"] for one in state["origins"] if one["origin"] == url for item in one["localStorage"])
    return {one["name"] for one in page.context.cookies(url)}, set(stored)


def _nothing_by_going_back(page: Page, steps: int) -> None:
    for _ in range(steps):
        page.go_back(wait_until="commit")
        if "weather" in page.url or page.url == "about:blank":
            continue
        page.wait_for_load_state("load")
        expect(page.locator("body")).not_to_have_text(TRACES)
        page.wait_for_timeout(700)
        assert not TRACES.search(page.locator("body").inner_text()), page.url


def test_after_several_steps_nothing_is_left_and_back_shows_nothing(
    server: Server, demo: Demo, with_memory: Page
) -> None:
    page = with_memory
    start_choosing(page, f"{server.url}/c/{demo.cards[0].code}")
    pick(page, "way", WORDS("choose.way.each.label"))
    pick(page, "channel-video", WORDS("treatment.ask.label"))
    tap(page, "onward")
    heading(page, WORDS("limits.title"))
    _leave(page)
    page.wait_for_url(f"{NEUTRAL}**")
    # The answer to leaving takes the cookies, and what pages stored, after the page itself has gone.
    for _ in range(100):
        if _kept(page, server.url) == (set(), set()):
            break
        page.wait_for_timeout(100)
    assert _kept(page, server.url) == (set(), set())
    # The card's own page is before the choices; it says what a card says, to whoever has it.
    _nothing_by_going_back(page, 2)
    page.goto(f"{server.url}/choose")
    heading(page, WORDS("common.not_kept.title"))


def test_the_personal_code_of_a_no_is_not_behind_the_back_button(server: Server, demo: Demo, with_memory: Page) -> None:
    page = with_memory
    page.goto(f"{server.url}/c/{demo.cards[1].code}")
    page.get_by_role("button", name=re.compile("^" + re.escape(WORDS("welcome.no.button")))).click()
    personal = page.locator("#personal").inner_text()
    _leave(page)
    page.wait_for_url(f"{NEUTRAL}**")
    page.go_back(wait_until="commit")
    expect(page.locator("body")).not_to_contain_text(personal)
    assert personal not in page.content()


def test_without_a_connection_the_screen_is_empty_at_once_and_the_server_hears_of_it_later(
    server: Server, demo: Demo, page: Page
) -> None:
    start_choosing(page, f"{server.url}/c/{demo.cards[2].code}")
    pick(page, "way", WORDS("choose.way.each.label"))
    page.unroute(f"{NEUTRAL}**")
    page.context.set_offline(True)
    _leave(page)
    expect(page.locator("body")).not_to_have_text(TRACES)
    assert "/choose" not in page.url
    page.context.set_offline(False)
    page.goto(f"{server.url}/choose")
    heading(page, WORDS("common.not_kept.title"))


def test_while_the_app_still_loads_and_where_it_never_does(server: Server, demo: Demo, page: Page) -> None:
    page.route("**/static/js/index.*.js", lambda _: None)
    page.goto(f"{server.url}/c/{demo.cards[3].code}")
    page.get_by_role("button", name=re.compile("^" + WORDS("welcome.choose.button"))).click(no_wait_after=True)
    expect(page.get_by_text(WORDS("shell.wait"))).to_be_visible()
    _leave(page)
    page.wait_for_url(f"{NEUTRAL}**")


def test_while_the_line_is_stalled_in_the_middle_of_a_tap(server: Server, demo: Demo, page: Page) -> None:
    with line_to(server.port) as line:
        start_choosing(page, f"{line.url}/c/{demo.cards[3].code}")
        line.stall()
        page.locator(".st-key-way label").first.click()
        _leave(page)
        page.wait_for_url(f"{NEUTRAL}**")
        line.mend()
        page.goto(f"{line.url}/choose")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert not TRACES.search(page.locator("body").inner_text())


def test_without_javascript(server: Server, demo: Demo, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.route(f"{NEUTRAL}**", _weather)
    page.goto(f"{server.url}/c/{demo.cards[0].code}")
    _leave(page)
    page.wait_for_url(f"{NEUTRAL}**")
    assert context.cookies(server.url) == []
    context.close()


def test_nothing_is_kept_on_the_phone_unless_it_is_asked_for(server: Server, demo: Demo, page: Page) -> None:
    start_choosing(page, f"{server.url}/c/{demo.cards[4].code}")
    choose(page, {"video": "ask"})
    save(page)
    expect(page.get_by_text(WORDS("reception.keep.nothing"))).to_be_visible()
    expect(page.locator(".st-key-keep input")).not_to_be_checked()
    expect(page.locator("[data-testid=stDownloadButton]:visible")).to_have_count(0)
    page.locator(".st-key-keep label").click()
    settled(page)
    expect(page.get_by_text(WORDS("reception.keep.nothing"))).to_have_count(0)
    with page.expect_download() as got:
        page.locator(".st-key-picture button").click()
    assert got.value.suggested_filename == "my-copy.png"
    # Even without "Leave now", closing the page leaves nothing of the app's own behind.
    page.goto(f"{server.url}/healthz")
    assert page.evaluate("() => Object.keys(localStorage)") == []


def test_every_page_has_the_same_neutral_title_and_is_kept_by_no_cache(server: Server, demo: Demo, page: Page) -> None:
    said: dict[str, str | None] = {}
    page.on("response", lambda answer: said.update({answer.url: answer.headers.get("cache-control")}))
    card = f"/c/{demo.cards[4].code}"
    for path in ("/", card, "/explain", "/choose", "/check", "/mine", "/answer", "/no-such-page"):
        page.goto(server.url + path)
        assert page.title() == WORDS("shell.title")
        assert said[server.url + path] == "no-store"
