"""What goes over the line to a client's phone: nothing of a page that is being left, and what a tap changed, whole."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, WebSocket, expect

from core.demo import Demo
from core.drafts import QUESTIONS
from core.text import Words
from tests.browser.conftest import Server
from tests.browser.flow import heading, pick, settled, start_choosing, tap

WORDS = Words()


@pytest.fixture(scope="module")
def demo(server: Server) -> Demo:
    return server.demo()


def _line(page: Page) -> list[bytes]:
    """What the server sends from here on, once the app opens its line."""
    sent: list[bytes] = []

    def listen(line: WebSocket) -> None:
        line.on("framereceived", lambda frame: sent.append(frame if isinstance(frame, bytes) else frame.encode()))

    page.on("websocket", listen)
    return sent


def _said(sent: list[bytes], key: str) -> bool:
    return any(WORDS(key).encode() in frame for frame in sent)


def test_the_tap_that_leads_on_sends_nothing_of_the_page_before(server: Server, demo: Demo, phone: Page) -> None:
    sent = _line(phone)
    start_choosing(phone, f"{server.url}/c/{demo.cards[0].code}")
    pick(phone, "way", WORDS("choose.way.each.label"))
    pick(phone, "channel-video", WORDS("treatment.ask.label"))
    assert _said(sent, "choose.unanswered")
    sent.clear()
    tap(phone, "onward")
    heading(phone, WORDS("limits.title"))
    settled(phone)
    assert _said(sent, "limits.intro")
    assert not _said(sent, "choose.unanswered")


def test_a_page_that_stays_because_something_is_missing_says_so(server: Server, demo: Demo, phone: Page) -> None:
    start_choosing(phone, f"{server.url}/c/{demo.cards[1].code}")
    pick(phone, "way", WORDS("choose.way.same.label"))
    tap(phone, "onward")
    expect(phone.get_by_test_id("stAlertContentError")).to_contain_text(WORDS("choose.pick_same"))


def test_a_miss_asks_the_question_anew(server: Server, demo: Demo, phone: Page) -> None:
    start_choosing(phone, f"{server.url}/c/{demo.cards[2].code}")
    pick(phone, "way", WORDS("choose.way.same.label"))
    pick(phone, "same", WORDS("treatment.composite.label"))
    tap(phone, "onward")
    heading(phone, WORDS("limits.title"))
    pick(phone, "term", WORDS("term.6.label"))
    tap(phone, "onward")
    heading(phone, WORDS("questions.title"))
    for question, right in QUESTIONS.items():
        wrong = "less" if question == "care" else right
        pick(phone, f"question-{question}-0", WORDS(f"questions.{question}.{wrong}"))
    tap(phone, "onward")
    expect(phone.locator(".st-key-question-care-1")).to_be_visible()
    expect(phone.locator(".st-key-question-care-0")).to_have_count(0)
