"""The first two screens stand in the page before the app does: they are read and answered while it is on its way."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import FloatRect, Locator, Page, expect

from core.demo import Demo
from core.drafts import WAYS
from tests.browser.conftest import Server
from tests.browser.flow import WORDS, app_on_its_way, heading, settled

EARLY = "#early"


@pytest.fixture(scope="module")
def demo(server: Server) -> Demo:
    return server.demo()


def scan(page: Page, server: Server, demo: Demo, number: int = 0) -> None:
    page.goto(f"{server.url}/c/{demo.cards[number].code}")
    page.get_by_role("button", name=re.compile("^" + WORDS("welcome.choose.button"))).click(no_wait_after=True)
    heading(page, WORDS("explain.title"))


def to_the_question(page: Page) -> None:
    page.locator(f"{EARLY} .onward").click(no_wait_after=True)
    heading(page, WORDS("choose.title"))


def _moved(before: FloatRect | None, line: Locator) -> float:
    after = line.bounding_box()
    assert before is not None
    assert after is not None
    return abs(after["y"] - before["y"])


def test_who_reads_goes_on_reading_when_the_app_takes_its_place(server, demo, phone: Page) -> None:
    with app_on_its_way(phone):
        scan(phone, server, demo)
        last = phone.get_by_text(WORDS("explain.who"))
        last.scroll_into_view_if_needed()
        before = last.bounding_box()
    # On the same place of the screen, to a line, once the app has drawn as much.
    for _ in range(60):
        if _moved(before, last) < 24:
            break
        phone.wait_for_timeout(50)
    assert _moved(before, last) < 24
    expect(phone.locator("h1:visible")).to_be_focused()


def test_what_is_picked_before_the_app_is_there_is_picked_in_it(server, demo, phone: Page) -> None:
    with app_on_its_way(phone):
        scan(phone, server, demo, 1)
        to_the_question(phone)
        options = phone.locator(f"{EARLY} .pick label")
        expect(options).to_have_count(len(WAYS))
        expect(phone.locator(f"{EARLY} input:checked")).to_have_count(0)
        options.nth(WAYS.index("each")).click()
    expect(phone.locator(".st-key-channel-video")).to_be_visible()
    picked = phone.locator(".st-key-way input").nth(WAYS.index("each"))
    expect(picked).to_be_checked()
    expect(picked).to_be_focused()
    phone.reload()
    expect(phone.locator(".st-key-way input").nth(WAYS.index("each"))).to_be_checked()


def test_where_nothing_is_picked_the_app_has_nothing_picked(server, demo, phone: Page) -> None:
    with app_on_its_way(phone):
        scan(phone, server, demo, 2)
        to_the_question(phone)
    expect(phone.locator(".st-key-way input")).to_have_count(len(WAYS))
    expect(phone.locator(".st-key-way input:checked")).to_have_count(0)


def test_the_first_question_is_never_about_another_windows_card(server, demo, phone: Page) -> None:
    scan(phone, server, demo, 3)
    settled(phone)
    other = phone.context.new_page()
    scan(other, server, demo, 4)
    other.close()
    with app_on_its_way(phone):
        phone.goto(f"{server.url}/choose", wait_until="commit")
        heading(phone, WORDS("common.other_card.title"))
        expect(phone.locator(f"{EARLY} .pick")).to_be_hidden()


def test_the_app_looks_as_the_page_did_before_it(server, demo, phone: Page) -> None:
    """What is at hand does not move away from a finger: each option and each heading stays where it was."""
    with app_on_its_way(phone):
        scan(phone, server, demo, 4)
        to_the_question(phone)
        before = [phone.locator(f"{EARLY} .pick label").nth(one).bounding_box() for one in range(len(WAYS))]
    boxes = phone.locator(".st-key-way [data-testid=stRadioGroup] > div")
    after = [boxes.nth(one).bounding_box() for one in range(len(WAYS))]
    for was, now in zip(before, after, strict=True):
        assert was is not None
        assert now is not None
        assert [abs(was[side] - now[side]) < 6 for side in ("x", "y", "width", "height")] == [True] * 4
