"""Cards, paper, colleagues and the office: what is printed, handed out, entered, and who may do it."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser import flow
from tests.browser.walk import Walk
from tests.browser.walk_staff import to
from tests.browser.walk_story import Story

OFFICE_PASSPHRASE = "eight green boats ashore"


def cards(walk: Walk, story: Story) -> None:
    """Making cards, printing again, blocking, and the wall."""
    (card,) = story.cards(1, given=False)
    to(walk, "cards")
    walk.unfold("offset", "again-card", "logo", "block-batch")
    walk.take("cards")
    walk.type("number", str(card.number))
    walk.tap("hand-out-do")
    expect(walk.at("take-back", "button")).to_be_visible()
    walk.type("number", "99999")
    walk.tap("hand-out-do")
    walk.problem()
    walk.take("cards-hand-out-wrong")
    walk.pick("way", "cards.way.list.label")
    walk.type("lines", "nobody,en,10")
    walk.problem()
    walk.take("cards-list-wrong")
    walk.pick("way", "cards.way.one.label")
    _making(walk, 5000, "press-stop", "cards-making")
    walk.tap("press-stop")
    walk.says("cards.stopped")
    walk.tap("press-over")
    _making(walk, 10, "download", "cards-made")
    walk.unfold("again-sheet")
    walk.take("cards-again")


def _making(walk: Walk, count: int, then: str, name: str) -> None:
    walk.type("base", "https://sayso.example.org")
    walk.type("count", str(count))
    walk.tap("make")
    expect(walk.at(then, "button")).to_be_visible()
    walk.take(name)


def paper(walk: Walk, story: Story) -> None:
    """Entering a form, and handing the screen to the client. The vault is locked then."""
    (card,) = story.cards(1)
    to(walk, "cards")
    flow.settled(walk.page)
    walk.at("to-clinic-paper", "button").click()
    walk.heading("paper.title")
    walk.take("paper")
    walk.type("paper-typed", "999999")
    walk.tap("paper-use")
    walk.problem()
    walk.take("paper-wrong")
    walk.type("paper-typed", str(card.number))
    walk.tap("paper-use")
    walk.pick("paper-f-way", "choose.way.each.label")
    walk.pick("paper-f-channel-video", "treatment.composite.label")
    walk.tick("paper-f-material-story")
    walk.pick("paper-f-term", "term.6.label")
    walk.take("paper-form")
    walk.tap("paper-save")
    expect(walk.at("paper-confirm", "button")).to_be_visible()
    walk.take("paper-kept")
    walk.tap("paper-confirm", "paper.handed.title")
    walk.take("paper-handed")


def practice(walk: Walk) -> None:
    """The practice page: alone, an invitation, and with a colleague."""
    to(walk, "therapists")
    walk.take("practice-alone")
    walk.tap("invite-do")
    walk.problem()
    walk.take("practice-invite-wrong")
    for role, join in (("therapist", _joins_as_therapist), ("office", _joins_office)):
        walk.pick("invite-role", f"team.invite.role.{role}.label")
        walk.tap("invite-do")
        box = walk.at("invitation-code-box", ".big, .ack, code").first
        expect(box).to_be_visible()
        if role == "therapist":
            walk.take("practice-invitation")
        code = box.inner_text()
        walk.tap("invitation-seen")
        expect(box).to_have_count(0)
        join(walk, code)
    to(walk, "inbox")
    to(walk, "therapists")
    walk.unfold("leave-open", "close-open")
    walk.take("practice")


def _joins_as_therapist(walk: Walk, code: str) -> None:
    with walk.window() as new:
        new.go("/join", "join.title")
        new.take("join")
        new.type("invitation-code", "WRONG")
        new.tap("give-invitation")
        new.problem()
        new.take("join-wrong")
        _invited(new, code)
        new.take("join-therapist")
        _fill(new, "Kim Sample")
        new.type("accounts", "@kim")
        new.tap("join-do")
        new.says("join.done")
        new.take("join-done")


def _joins_office(walk: Walk, code: str) -> None:
    with walk.window() as new:
        new.go("/join", "join.title")
        _invited(new, code)
        new.take("join-office")
        _fill(new, "Front desk")
        new.tap("join-do", "team.title")
        new.take("office-practice")
        flow.settled(new.page)
        new.page.locator(".st-key-staff-menu a[href$='cards']").click()
        new.heading("cards.title")
        new.take("office-cards")


def _invited(walk: Walk, code: str) -> None:
    walk.type("invitation-code", code)
    walk.tap("give-invitation")
    expect(walk.at("join-do", "button")).to_be_visible()


def _fill(walk: Walk, name: str) -> None:
    walk.type("join-name", name)
    walk.type("new", OFFICE_PASSPHRASE)
    walk.type("again", OFFICE_PASSPHRASE)
