"""A client's way through the app: from the card to what was saved, with everything that may go wrong on it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect

from core.drafts import QUESTIONS
from core.store.cards import Card
from tests.browser import flow
from tests.browser.walk import Walk

PLACES = {"video": "ask", "post": "composite", "audio": "never", "print": "disguised"}
#: A wrong answer to each question, by its id.
_WRONG = {"stop": "gone"}


def choices(walk: Walk, card: Card) -> None:
    """All the way, place by place."""
    with walk.window() as new:
        _begin(new, card)
        _ways(new)
        _each(new)
        _limits(new)
        _questions(new)
        _check(new)
        _done(new)


def misses(walk: Walk, card: Card) -> None:
    """The other way: two misses, and a person is offered."""
    with walk.window() as new:
        _begin(new, card, take=False)
        new.pick("way", "choose.way.same.label")
        new.pick("same", "treatment.composite.label")
        new.tap("onward", "limits.title")
        new.pick("term", "term.6.label")
        new.tap("onward", "questions.title")
        _answer(new, 0, _WRONG)
        new.tap("onward")
        new.says("questions.stop.again")
        new.pick("question-stop-1", "questions.stop.gone")
        new.tap("onward")
        new.says("questions.person")
        new.take("questions-two-misses")
        new.tap("onward", "choose.title")
        new.take("choose-only-ask")
        new.go("/check", "check.title")
        new.problem()
        new.take("check-not-understood")


def cut_off(walk: Walk, card: Card) -> None:
    """The connection goes while somebody chooses; and a second card takes the first one's place."""
    with walk.window() as new:
        _begin(new, card, take=False)
        flow.settled(new.page)
        new.page.context.set_offline(True)
        expect(new.page.locator("#offline")).to_be_visible()
        new.take("offline")
        new.page.context.set_offline(False)


def before_the_app(walk: Walk, card: Card) -> None:
    """The first two screens as they stand in the page, while the app is on its way."""
    with walk.odd_window() as new, flow.app_on_its_way(new.page):
        new.page.clock.install()
        new.go(f"/c/{card.code}")
        new.press("welcome.choose.button", "explain.title")
        _patient(new)
        new.take("explain-early")
        new.page.locator("#early .onward").click(no_wait_after=True)
        new.heading("choose.title")
        _patient(new)
        new.take("choose-early")


def _patient(walk: Walk) -> None:
    """However long it is looked at, the page does not say that the app takes too long."""
    walk.page.clock.set_system_time(datetime.now(UTC) - timedelta(hours=1))
    walk.page.evaluate("for (const late of document.querySelectorAll('.late')) late.remove()")


def other_card(walk: Walk, card: Card, other: Card) -> None:
    """Another card was opened in another window of the same phone."""
    with walk.window() as new:
        _begin(new, card, take=False)
        second = new.page.context.new_page()
        second.goto(f"{new.server.url}/c/{other.code}")
        second.locator("form[action$='/start'] button").click()
        flowing = second.get_by_role("heading", level=1, name=new.words("explain.title"))
        expect(flowing).to_be_visible()
        second.close()
        new.page.reload()
        new.heading("common.other_card.title")
        new.take("other-card")


def _begin(walk: Walk, card: Card, *, take: bool = True) -> None:
    walk.go(f"/c/{card.code}")
    walk.press("welcome.choose.button", "explain.title")
    # The same words stand in the page before the app does.
    expect(walk.page.locator("#early")).to_have_count(0)
    if take:
        walk.take("explain")
    walk.tap("onward", "choose.title")
    if take:
        walk.take("choose")


def _ways(walk: Walk) -> None:
    walk.tap("onward")
    walk.problem()
    walk.take("choose-nothing-picked")
    walk.pick("way", "choose.way.no.label")
    walk.take("choose-no")
    walk.pick("way", "choose.way.same.label")
    walk.pick("same", "treatment.composite.label")
    walk.take("choose-same")


def _each(walk: Walk) -> None:
    walk.pick("way", "choose.way.each.label")
    for channel, treatment in PLACES.items():
        walk.pick(f"channel-{channel}", f"treatment.{treatment}.label")
    walk.unfold("promotion")
    walk.take("choose-each")
    walk.tap("onward", "limits.title")


def _limits(walk: Walk) -> None:
    walk.take("limits")
    walk.tap("onward")
    walk.problem()
    walk.take("limits-no-term")
    walk.tick("material-story")
    walk.pick("term", "term.6.label")
    walk.unfold("topics", "when", "note-folded")
    walk.type("note", "x" * 400)
    walk.problem()
    walk.take("limits-open")
    walk.type("note", "Please ask before you use my job.")
    walk.tap("onward", "questions.title")


def _questions(walk: Walk) -> None:
    walk.take("questions")
    walk.tap("onward")
    walk.problem()
    walk.take("questions-unanswered")
    _answer(walk, 0, _WRONG)
    walk.tap("onward")
    walk.says("questions.stop.again")
    walk.take("questions-explained")
    _answer(walk, 1, {}, only="stop")
    walk.tap("onward", "check.title")


def _answer(walk: Walk, missed: int, wrong: dict[str, str], only: str = "") -> None:
    for question, right in QUESTIONS.items():
        if not only or question == only:
            walk.pick(f"question-{question}-{missed}", f"questions.{question}.{wrong.get(question, right)}")


def _check(walk: Walk) -> None:
    walk.take("check")
    walk.tick("guardian")
    walk.says("guardian.too_much")
    walk.take("check-guardian")
    walk.at("guardian", "label").first.click()
    expect(walk.at("save", "button")).to_be_visible()
    walk.tap("save")
    walk.problem()
    walk.take("check-not-own")
    walk.tick("own")
    walk.tap("save", "done.title")


def _done(walk: Walk) -> None:
    walk.take("done")
    walk.unfold("other")
    walk.take("done-other-ways")
    walk.page.go_back()
    walk.heading("saved.title")
    walk.take("saved-before")
    walk.tap("show-saved", "done.title")
    walk.tap("mine", "mine.title")
    expect(walk.at("stop", "button")).to_be_visible()
    walk.take("mine")
    walk.tap("stop", "mine.sent.title")
    walk.take("mine-stop-sent")
    walk.tap("back", "mine.title")
    walk.says("mine.nothing_waits")
    walk.take("mine-stopped")
