"""Bad reception, in a real browser: each tap of the way is made while the line breaks, and nothing is lost unsaid.

A walk from the card to the stop. Every tap meets trouble, by turns: the line is cut before it, the answer to it is
lost, or it breaks off in the middle of the message. In the deep run three walks, so that each tap meets each. What was
picked is there once the line is back; a button either did what it says or stands there to be tapped again; and each
thing is sent once.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from itertools import cycle

import pytest
from playwright.sync_api import Locator, Page, expect

from core import importing
from core.demo import PASSPHRASE, Demo
from core.drafts import QUESTIONS
from core.model.body import Choices, Withdrawal
from core.portal import clock
from core.store.vaults import Vault, open_vault
from tests.browser.bad_line import Line, line_to
from tests.browser.conftest import Server
from tests.browser.flow import WORDS, fill, heading, pick, say_no, settled, start_choosing, tap

Trouble = Callable[[Line, Callable[[], None]], None]


@pytest.fixture(scope="module")
def demo(server: Server) -> Demo:
    return server.demo()


@pytest.fixture(scope="module")
def vault(server: Server, demo: Demo) -> Vault:
    return open_vault(server.portal.database, demo.therapist.id, PASSPHRASE)


@pytest.fixture
def line(server: Server) -> Iterator[Line]:
    with line_to(server.port) as line:
        yield line


def cut_before(line: Line, act: Callable[[], None]) -> None:
    """There is no line while it is tapped."""
    line.cut()
    act()
    line.mend()


def answer_lost(line: Line, act: Callable[[], None]) -> None:
    """The tap arrives, and the phone never hears of it."""
    line.lose_answers()
    act()
    assert line.took.wait(10)
    line.cut()
    line.mend()


def broken_off(line: Line, act: Callable[[], None]) -> None:
    """The line breaks in the middle of the tap's own message."""
    line.break_after(20)
    act()
    assert line.took.wait(10)
    line.mend()


#: Every tap meets one of these, by turns. In the deep run each tap meets each, on a walk of its own.
TROUBLES: tuple[Trouble, ...] = (cut_before, answer_lost, broken_off)
WALKS = range(len(TROUBLES) if os.environ.get("SAYSO_TESTS") == "deep" else 1)


class Walk:
    """A way through in which every tap meets trouble. ``first``: which of them the first tap meets."""

    def __init__(self, page: Page, line: Line, first: int) -> None:
        self.page, self._line, self._next = page, line, cycle((*TROUBLES[first:], *TROUBLES[:first]))

    def pick(self, key: str, label: str) -> None:
        """Pick an option. Where the tap was sent at all, it is not needed twice."""
        option = self.page.locator(f".st-key-{key} label").filter(has_text=re.compile(f"^{re.escape(label)}")).first
        settled(self.page)
        trouble = next(self._next)
        trouble(self._line, lambda: option.click(force=True))
        self._come_back()
        if trouble is cut_before and not option.locator("input").is_checked():
            option.click()
        expect(option.locator("input")).to_be_checked()
        settled(self.page)

    def press(self, key: str, there: str, heard: str = "") -> None:
        """Press a button. It leads to the screen ``there``, or still stands on this one.

        ``heard``: what this screen may say instead, where the tap arrived and its answer was lost.
        """
        button = self.page.locator(f".st-key-{key} button")
        next_screen = self.page.get_by_role("heading", level=1, name=there, exact=True)
        settled(self.page)
        next(self._next)(self._line, lambda: button.click(force=True))
        self._come_back()
        done = next_screen.or_(self.page.get_by_text(heard)) if heard else next_screen
        expect(done.or_(button).first).to_be_visible()
        if not done.first.is_visible():
            button.click()
        expect(done.first).to_be_visible()

    def _come_back(self) -> None:
        expect(self.page.locator("#online")).to_be_visible()
        expect(_up(self.page)).to_be_visible()
        settled(self.page)


def _up(page: Page) -> Locator:
    return page.locator("[data-testid=stApp][data-test-connection-state=CONNECTED]")


def _arrived(vault: Vault) -> list[importing.Preview]:
    """What lies in the mailbox; it is taken in."""
    looks = [outcome.preview for outcome in importing.look_at_mailbox(vault, clock()) if outcome.preview]
    for look in looks:
        importing.keep(vault, look, clock(), compared=True)
    return looks


@pytest.mark.parametrize("number", WALKS)
def test_nothing_is_lost_or_sent_twice(demo: Demo, vault: Vault, phone: Page, line: Line, number: int) -> None:
    walk = Walk(phone, line, number)
    phone.goto(f"{line.url}/c/{demo.cards[number].code}")
    phone.get_by_role("button", name=re.compile("^" + WORDS("welcome.choose.button"))).click()
    heading(phone, WORDS("explain.title"))
    walk.press("onward", WORDS("choose.title"))
    walk.pick("way", WORDS("choose.way.same.label"))
    walk.pick("same", WORDS("treatment.composite.label"))
    walk.press("onward", WORDS("limits.title"))
    walk.pick("material-story", WORDS("material.story.label"))
    walk.pick("term", WORDS("term.3.label"))
    walk.press("onward", WORDS("questions.title"))
    first, *others = QUESTIONS
    walk.pick(f"question-{first}-0", WORDS(f"questions.{first}.{QUESTIONS[first]}"))
    for question in others:
        pick(phone, f"question-{question}-0", WORDS(f"questions.{question}.{QUESTIONS[question]}"))
    walk.press("onward", WORDS("check.title"))
    walk.pick("own", WORDS("check.own"))
    walk.press("save", WORDS("done.title"))
    (look,) = _arrived(vault)
    content = look.token.body.content
    assert isinstance(content, Choices)
    assert content.preferences.channels["video"] == "composite"
    assert content.preferences.materials == ("story",)
    expect(phone.locator(".ack")).to_have_text(look.token.acknowledgement)
    walk.press("mine", WORDS("mine.title"))
    walk.press("stop", WORDS("mine.sent.title"))
    (stop,) = _arrived(vault)
    assert stop.token.body.content == Withdrawal("everything")


def test_who_never_saw_that_it_was_saved_is_shown(demo: Demo, phone: Page, line: Line) -> None:
    say_no(phone, f"{line.url}/c/{demo.cards[4].code}")
    settled(phone)
    line.lose_answer_to(phone.locator(".st-key-save button").click)
    heading(phone, WORDS("done.title"))
    settled(phone)
    phone.go_back()
    heading(phone, WORDS("saved.title"))


def test_a_lost_line_is_said_in_plain_words_and_nothing_else_stands_in_the_way(
    demo: Demo, phone: Page, line: Line
) -> None:
    start_choosing(phone, f"{line.url}/c/{demo.cards[3].code}")
    pick(phone, "way", WORDS("choose.way.each.label"))
    phone.locator(".st-key-back button").scroll_into_view_if_needed()
    expect(phone.locator("form[data-leave] button")).to_be_in_viewport()
    line.cut()
    expect(phone.locator("#offline")).to_have_text(WORDS("shell.gone"))
    expect(phone.locator("#offline")).to_be_in_viewport()
    expect(phone.get_by_role("status")).to_have_text(WORDS("shell.gone"))
    phone.wait_for_timeout(3000)
    expect(phone.get_by_role("dialog")).to_have_count(0)
    line.mend()
    expect(phone.get_by_role("status")).to_have_text(WORDS("reception.back"))
    expect(phone.locator(".st-key-way input:checked")).to_have_count(1)
    tap(phone, "onward")
    heading(phone, WORDS("check.title"))
    expect(phone.locator("#online")).to_be_hidden()


def test_a_line_without_answers_is_said_and_given_up(demo: Demo, phone: Page, line: Line) -> None:
    start_choosing(phone, f"{line.url}/c/{demo.cards[3].code}")
    settled(phone)
    line.stall()
    phone.locator(".st-key-way label").filter(has_text=WORDS("choose.way.each.label")).click()
    expect(phone.locator("#offline")).to_have_text(WORDS("reception.slow"))
    expect(_up(phone)).to_have_count(0)
    line.mend()
    expect(phone.locator("#online")).to_be_visible()
    expect(phone.locator(".st-key-channel-video")).to_be_visible()


def test_a_session_that_is_gone_costs_nothing(serve: Callable[..., Server], phone: Page) -> None:
    server = serve(STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL="1")
    card = server.demo().cards[0].code
    with line_to(server.port) as line:
        start_choosing(phone, f"{line.url}/c/{card}")
        pick(phone, "way", WORDS("choose.way.each.label"))
        pick(phone, "channel-post", WORDS("treatment.ask.label"))
        tap(phone, "onward")
        heading(phone, WORDS("limits.title"))
        pick(phone, "material-story", WORDS("material.story.label"))
        phone.locator(".st-key-note-folded summary").click()
        fill(phone, "note", "not the dog")
        line.cut()
        phone.wait_for_timeout(2500)
        line.mend()
        expect(phone.locator("#online")).to_be_visible()
        # A tick taken away after the return is away, though what was kept had it.
        phone.locator(".st-key-material-story label").click()
        settled(phone)
        pick(phone, "term", WORDS("term.3.label"))
        phone.reload()
        expect(phone.locator(".st-key-term input:checked")).to_have_count(1)
        expect(phone.locator(".st-key-material-story input:checked")).to_have_count(0)
        phone.locator(".st-key-note-folded summary").click()
        expect(phone.locator(".st-key-note input")).to_have_value("not the dog")


def test_a_server_that_forgot_says_so(serve: Callable[..., Server], phone: Page) -> None:
    server = serve()
    card = server.demo().cards[0].code
    start_choosing(phone, f"{server.url}/c/{card}")
    pick(phone, "way", WORDS("choose.way.no.label"))
    server.stop()
    server.start()
    heading(phone, WORDS("common.not_kept.title"))
    expect(phone.locator("#online")).to_be_hidden()
    expect(phone.locator("#offline")).to_be_hidden()
