"""The sealed code on a client's screen is large enough to scan, whatever the frontend's script thought of its width.

Streamlit measures an image's column by a script and writes the result on the image. On a busy machine that was seen to
go wrong: the code came out 10 pixels wide. Here every measurement is wrong, always.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from core.demo import Demo
from tests.browser.conftest import Server
from tests.browser.flow import WORDS, heading, save, say_no, tap

#: CSS pixels: below this a camera on another desk has trouble.
WIDE_ENOUGH = 200
WRONG = """(() => {
  const measured = Element.prototype.getBoundingClientRect;
  Element.prototype.getBoundingClientRect = function () {
    const box = measured.call(this);
    return this.dataset.testid === "stFullScreenFrame" ? new DOMRect(box.x, box.y, 10, box.height) : box;
  };
})()"""


@pytest.fixture(scope="module")
def demo(server: Server) -> Demo:
    return server.demo()


def assert_can_be_scanned(page: Page) -> None:
    """The code is a square wide enough, within the screen, and its line is not squeezed into a column of letters."""
    code = page.locator(".st-key-token-qr img")
    expect(code).to_be_visible()
    # That it was measured wrongly at all: without it this test could not fail.
    expect(code).to_have_attribute("style", re.compile("width: 10px"))
    width, height = size(code)
    assert width >= WIDE_ENOUGH
    assert abs(width - height) < 1
    assert size(page.locator("[data-testid=stImageCaption]"))[0] >= WIDE_ENOUGH
    assert page.evaluate("document.documentElement.scrollWidth") <= page.evaluate("window.innerWidth")


def size(one: Locator) -> tuple[float, float]:
    # Not Playwright's own way, which goes by what the test has made wrong for the page.
    width, height = one.evaluate("it => { const s = getComputedStyle(it); return [s.width, s.height] }")
    return float(width.removesuffix("px")), float(height.removesuffix("px"))


@pytest.mark.parametrize(("width", "number"), [(320, 0), (390, 1)])
def test_the_code_stays_wide_and_square(server: Server, demo: Demo, phone: Page, width: int, number: int) -> None:
    fonts: list[str] = []
    phone.on("request", lambda one: fonts.append(one.url) if one.resource_type == "font" else None)
    phone.set_viewport_size({"width": width, "height": 844})
    phone.add_init_script(WRONG)
    say_no(phone, f"{server.url}/c/{demo.cards[number].code}")
    save(phone)
    assert_can_be_scanned(phone)
    other = phone.locator(".st-key-other summary")
    text = phone.locator(".st-key-copy-source-token")
    other.click()
    expect(text).to_be_visible()
    assert_can_be_scanned(phone)
    other.click()
    expect(text).to_be_hidden()
    assert_can_be_scanned(phone)
    # No font is sent for, so none comes late and pushes anything about. A larger one of the phone's own does no harm.
    assert fonts == []
    phone.evaluate("document.documentElement.style.setProperty('font-size', '200%', 'important')")
    assert_can_be_scanned(phone)


def test_a_stops_code_is_wide_in_its_fold(server: Server, demo: Demo, phone: Page) -> None:
    """There the code is drawn in a closed fold, which has no width to measure."""
    phone.add_init_script(WRONG)
    say_no(phone, f"{server.url}/c/{demo.cards[2].code}")
    save(phone)
    tap(phone, "mine")
    heading(phone, WORDS("mine.title"))
    tap(phone, "stop")
    heading(phone, WORDS("mine.sent.title"))
    phone.locator(".st-key-other summary").click()
    assert_can_be_scanned(phone)
