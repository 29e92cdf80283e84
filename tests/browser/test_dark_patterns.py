"""No dark patterns: what only a browser sees. Rule by rule as in docs/dark-patterns.md.

One walk measures everything: how options look at three widths, and how many taps each way takes.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from core import parcel
from core.demo import Demo
from core.drafts import QUESTIONS
from core.store import mailbox
from tests.browser import flow, kept
from tests.browser.conftest import Server
from tests.browser.flow import WORDS, heading

WIDTHS = (320, 390, 1280)
#: Everything by which one option could stand out beside the next.
LOOK = """boxes => boxes.map(box => {
    const own = getComputedStyle(box), words = getComputedStyle(box.querySelector('p') || box);
    const at = box.getBoundingClientRect();
    return [Math.round(at.width), Math.round(at.height), own.backgroundColor, own.borderTopColor, own.borderTopWidth,
        own.borderTopStyle, own.borderRadius, own.boxShadow, own.opacity, own.textAlign,
        words.color, words.fontSize, words.fontWeight, words.fontStyle, words.textTransform].join(' ')
})"""
#: Counts taps, over every page of the window.
COUNT = """addEventListener('pointerdown', () => {
    sessionStorage.setItem('taps', String(1 + Number(sessionStorage.getItem('taps'))))
}, true)"""


@dataclass
class Seen:
    """What one walk measured. ``looks``: of each group at each width, the look of each option."""

    looks: dict[tuple[str, int], list[str]] = field(default_factory=dict)
    taps: dict[str, int] = field(default_factory=dict)
    waiting: dict[str, int] = field(default_factory=dict)

    def look(self, page: Page, name: str, boxes: str) -> None:
        """Measure a group of options at each width."""
        page.locator(boxes).first.wait_for()
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 844})
            self.looks[name, width] = page.locator(boxes).evaluate_all(LOOK)
        page.set_viewport_size({"width": 390, "height": 844})

    def group(self, page: Page, key: str) -> None:
        """Measure the options of one question."""
        self.look(page, key, f".st-key-{key} [data-testid=stRadioGroup] > div")


def _taps(page: Page) -> int:
    return int(page.evaluate("Number(sessionStorage.getItem('taps'))"))


@pytest.fixture(scope="module")
def demo(server: Server) -> Demo:
    return server.demo()


@pytest.fixture(scope="module")
def seen(server: Server, demo: Demo, browser: Browser) -> Seen:
    """Walk each way once, each with a card and a phone of its own."""
    found = Seen()

    def waiting() -> int:
        recipient = parcel.recipient_of(demo.therapist.sealing_public)
        return mailbox.count_waiting(server.portal.database, recipient)

    for number, walk in enumerate((_no_from_the_card, _no_inside, _yes)):
        with kept.context(browser, **kept.PHONE) as context:
            walk(found, context, f"{server.url}/c/{demo.cards[number].code}", waiting)
    return found


def _window(context: BrowserContext) -> Page:
    page = context.new_page()
    page.set_default_timeout(20_000)
    page.add_init_script(COUNT)
    return page


def _no_from_the_card(found: Seen, context: BrowserContext, card: str, waiting: Callable[[], int]) -> None:
    page = _window(context)
    page.goto(card)
    found.look(page, "welcome", ".ways button")
    page.get_by_role("button", name=re.compile("^" + WORDS("welcome.no.button"))).click()
    heading(page, WORDS("done_no.title"))
    found.taps["no from the card"] = _taps(page)
    found.waiting["after no"] = waiting()


def _no_inside(found: Seen, context: BrowserContext, card: str, waiting: Callable[[], int]) -> None:
    page = _window(context)
    flow.start_choosing(page, card)
    found.group(page, "way")
    flow.pick(page, "way", WORDS("choose.way.each.label"))
    page.locator(".st-key-promotion summary").click()
    for channel in ("video", "post", "audio", "print", "teaching", "promotion"):
        found.group(page, f"channel-{channel}")
    before = _taps(page)
    flow.pick(page, "way", WORDS("choose.way.no.label"))
    flow.tap(page, "onward")
    heading(page, WORDS("check.title"))
    flow.tap(page, "save")
    heading(page, WORDS("done.title"))
    found.taps["no inside"] = _taps(page) - before
    flow.tap(page, "mine")
    heading(page, WORDS("mine.title"))
    flow.settled(page)
    found.look(page, "mine", ".st-key-change button, .st-key-stop button")
    found.waiting["before yes"] = waiting()


def _yes(found: Seen, context: BrowserContext, card: str, waiting: Callable[[], int]) -> None:
    page = _window(context)
    flow.start_choosing(page, card)
    before = _taps(page)
    flow.pick(page, "way", WORDS("choose.way.same.label"))
    found.group(page, "same")
    flow.pick(page, "same", WORDS("treatment.ask.label"))
    flow.tap(page, "onward")
    heading(page, WORDS("limits.title"))
    found.group(page, "term")
    page.locator(".st-key-when summary").click()
    for key in ("therapy", "gap"):
        found.group(page, key)
    flow.pick(page, "term", WORDS("term.3.label"))
    flow.tap(page, "onward")
    _answer(found, page)
    # Reading to the end, keys that close things, and closing the window itself: nothing of it is a yes.
    page.mouse.wheel(0, 20_000)
    page.keyboard.press("End")
    page.keyboard.press("Escape")
    flow.settled(page)
    found.waiting["read to the end"] = waiting()
    taps = _taps(page) - before
    page.close()
    page = _window(context)
    found.waiting["closed"] = waiting()
    page.goto(card.partition("/c/")[0] + "/check")
    heading(page, WORDS("check.title"))
    found.waiting["opened again"] = waiting()
    flow.save(page)
    found.taps["yes inside"] = taps + _taps(page)


def _answer(found: Seen, page: Page) -> None:
    title = page.get_by_role("heading", level=1)
    expect(title).not_to_have_text(WORDS("limits.title"))
    if title.inner_text() == WORDS("questions.title"):
        for question, right in QUESTIONS.items():
            found.group(page, f"question-{question}-0")
            flow.pick(page, f"question-{question}-0", WORDS(f"questions.{question}.{right}"))
        flow.tap(page, "onward")
    heading(page, WORDS("check.title"))


@pytest.mark.parametrize("width", WIDTHS)
def test_rule_2_options_are_alike_in_size_weight_colour_and_border(seen: Seen, width: int) -> None:
    measured = {name: looks for (name, at), looks in seen.looks.items() if at == width}
    assert {"welcome", "way", "same", "term", "mine", "channel-video", "question-care-0"} <= measured.keys()
    assert min(len(looks) for looks in measured.values()) > 1
    assert {name: looks for name, looks in measured.items() if len(set(looks)) > 1} == {}


def test_rule_3_no_to_everything_takes_no_more_taps_than_any_yes(seen: Seen) -> None:
    # The scan is the first of the two taps that a no takes from the card.
    assert seen.taps["no from the card"] == 1
    assert seen.taps["no inside"] <= seen.taps["yes inside"]
    assert seen.taps["no inside"] <= 3
    assert seen.waiting["after no"] == 1


def test_rule_12_reading_closing_and_coming_back_send_nothing(seen: Seen) -> None:
    before = seen.waiting["before yes"]
    assert [seen.waiting[moment] for moment in ("read to the end", "closed", "opened again")] == [before] * 3
