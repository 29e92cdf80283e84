"""What the frontend's own fields say to staff: a day in the order of their language, and nothing of it in English.

The calendar has words of its own for many languages and goes by the browser's. The reader may have picked another one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from babel.dates import get_day_names, get_month_names
from playwright.sync_api import Browser, Page, expect

from core.demo import PASSPHRASE
from core.text import Words, template
from tests.browser import kept, reading
from tests.browser.conftest import ARGUMENTS, CHROMIUM, Server
from tests.browser.flow import fill, heading, settled, tap

ENGLISH, SPANISH = Words("en"), Words("es")
BESIDE = ("Previous", "Next", "Choose", "Selected", "Today", "available", "month", "year", "day", "Empty", "yyyy")
CAMERA = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")
#: Everything that the fields for a day say, and the calendar that opens: texts, and names for a screen reader.
_SAID = """() => {
  const found = [];
  const all = '[data-testid=stDateInput], [data-testid=stDateInputCalendar], [data-live-announcer]';
  for (const part of document.querySelectorAll(all)) for (const one of [part, ...part.querySelectorAll('*')]) {
    for (const name of ['aria-label', 'title', 'placeholder', 'aria-valuetext', 'aria-description']) {
      if (one.getAttribute(name)) found.push(one.getAttribute(name));
    }
    for (const node of one.childNodes) if (node.nodeType === 3 && node.data.trim()) found.push(node.data.trim());
  }
  return found;
}"""


@pytest.fixture(scope="module")
def portal(server: Server) -> Server:
    server.demo()
    return server


@pytest.fixture
def desk(browser: Browser) -> Iterator[Callable[[str, Words], Page]]:
    """``desk(locale, words)``: a browser that speaks ``locale``, read in ``words``."""
    contexts = ExitStack()

    def come(locale: str, width: int = 1280) -> Page:
        options = {"viewport": {"width": width, "height": 844}, "locale": locale}
        page = contexts.enter_context(kept.context(browser, **options)).new_page()
        page.set_default_timeout(20_000)
        return page

    with contexts:
        yield come


def unlock(page: Page, url: str, words: Words, *, picks: str = "") -> None:
    """Sign in as the therapist; ``picks``: a language to pick first."""
    page.goto(f"{url}/unlock")
    if picks:
        settled(page)
        page.get_by_role("button", name=picks).click()
    heading(page, words("unlock.title"))
    fill(page, "passphrase", PASSPHRASE)
    tap(page, "open")
    heading(page, words("inbox.title"))


def special_cases(page: Page, url: str, words: Words) -> None:
    """Go to the page of a person, where two days can be said."""
    page.goto(f"{url}/people")
    heading(page, words("people.title"))
    tap(page, "open-1")
    expect(page.locator(".st-key-rename")).to_be_visible()
    settled(page)
    page.locator(".st-key-special summary").click()
    expect(page.locator(".st-key-special-ended")).to_be_visible()


def in_english(said: list[str]) -> list[str]:
    """What the frontend says in English, of the catalogue and beyond it: months, weekdays, and what goes with them."""
    names = {*get_month_names("wide", locale="en").values(), *get_day_names("wide", locale="en").values()}
    words = re.compile(
        rf"\b({'|'.join(names)}|Previous|Next|Choose|Selected|Today|available|month|year|day|Empty|yyyy)\b"
    )
    english = [re.escape(ENGLISH(key)) for key in template("frontend") if ENGLISH(key) != SPANISH(key)]
    phrases = re.compile("|".join(re.sub(r"\\\{\w+\\\}", ".+", one) for one in english))
    return [one for one in said if words.search(one) or phrases.fullmatch(one)]


def calendar(page: Page) -> list[str]:
    """Open the calendar, pick a day in it, then type one that cannot be. Returns all that was said meanwhile."""
    field = page.locator(".st-key-special-ended")
    said = page.evaluate(_SAID)
    field.locator("button").last.click()
    expect(page.get_by_role("grid")).to_be_visible()
    said += page.evaluate(_SAID)
    page.get_by_role("grid").get_by_role("button").nth(10).click()
    settled(page)
    said += page.evaluate(_SAID)
    for part in (2, 1, 0):
        field.get_by_role("spinbutton").nth(part).click()
        page.keyboard.type("9999" if part == 2 else "11")
    page.keyboard.press("Tab")
    expect(field.get_by_text("9999")).to_be_visible()
    page.wait_for_timeout(500)
    return said + page.evaluate(_SAID)


@pytest.mark.parametrize(("locale", "picks"), [("es-US", ""), ("en-US", "Español")])
def test_a_calendar_says_nothing_in_english_to_who_reads_spanish(portal, desk, locale, picks) -> None:
    page = desk(locale, 390)
    unlock(page, portal.url, SPANISH, picks=picks)
    special_cases(page, portal.url, SPANISH)
    said = calendar(page)
    assert in_english(said) == []
    assert any(SPANISH("frontend.date.late").partition("{")[0] in one for one in said)
    assert {SPANISH("frontend.date.before"), SPANISH("frontend.date.empty")} <= {*said}
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize(
    ("locale", "words", "order"),
    [("en-US", ENGLISH, ["month", "day", "year"]), ("es-US", SPANISH, ["día", "mes", "año"])],
)
def test_a_day_is_typed_in_the_order_of_the_language(portal, desk, locale, words, order) -> None:
    page = desk(locale)
    unlock(page, portal.url, words)
    special_cases(page, portal.url, words)
    parts = page.locator(".st-key-special-ended").get_by_role("spinbutton")
    expect(parts).to_have_count(3)
    assert [part.get_attribute("aria-label").partition(",")[0] for part in parts.all()] == order


def test_camera_and_uploads_say_nothing_in_english_to_who_reads_spanish(portal, browser) -> None:
    chromium = browser.browser_type.launch(executable_path=CHROMIUM, args=[*ARGUMENTS, *CAMERA])
    try:
        context = chromium.new_context(locale="en-US", permissions=["camera"])
        page = context.new_page()
        page.set_default_timeout(20_000)
        unlock(page, portal.url, SPANISH, picks="Español")
        for number in range(page.get_by_role("tab").count()):
            page.get_by_role("tab").nth(number).click()
            settled(page)
            if number == page.get_by_role("tab").count() - 1:
                tap(page, "camera-start")
            else:
                assert in_english(reading.texts(page)) == []
        photo = page.get_by_role("button", name=SPANISH("frontend.camera.take"))
        expect(photo).to_be_visible()
        assert in_english(reading.texts(page)) == []
        expect(photo).to_be_enabled()
        photo.click()
        expect(page.get_by_role("button", name=SPANISH("frontend.camera.clear"))).to_be_visible()
        settled(page)
        assert in_english(reading.texts(page)) == []
    finally:
        chromium.close()
