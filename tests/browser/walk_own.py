"""A client on their own pages: let in or not, each state of what waits there, and one question with every answer."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.walk import Walk
from tests.browser.walk_story import People
from tests.core.story import Client


def door(walk: Walk) -> None:
    """Nobody is let in yet."""
    with walk.window() as new:
        new.go("/mine", "mine.title")
        new.says("mine.enter")
        new.take("mine-enter")
        new.type("mine-card", "2222-2222")
        new.type("mine-code", "wrong")
        new.tap("open")
        new.problem()
        new.take("mine-enter-wrong")
        new.go("/answer", "answer.title")
        new.says("answer.enter")
        new.take("answer-nobody")


def states(walk: Walk, people: People) -> None:
    """The own page of clients who differ in what waits for them."""
    for client, name in (
        (people.posted, "mine-posted"),
        (people.undone, "mine-taken-back"),
        (people.waiting, "mine-yes"),
    ):
        with walk.window() as new:
            enter(new, client)
            new.take(name)


def question(walk: Walk, people: People) -> None:
    """One open question: each answer and what follows from it."""
    with walk.window() as new:
        enter(new, people.asked)
        new.take("mine-asked")
        new.at("read-", "button").first.click()
        new.heading("answer.title")
        new.take("answer")
        _say(new, "no")
        new.take("answer-no")
        _say(new, "yes_if_changed")
        field = new.at("note-", "input")
        field.fill("x" * 600)
        field.press("Tab")
        new.problem()
        new.take("answer-changed")
        _say(new, "yes")
        expect(new.at("feeling-").first).to_be_visible()
        new.take("answer-yes")
        _pick(new, "feeling", "answer.feeling.pressured.label")
        new.says("answer.check.pressured", therapist=people.asked.clinic.therapist.name)
        new.take("answer-pressured")
        new.at("send-", "button").click()
        new.heading("answer.said.title")
        new.take("answer-sent")


def enter(walk: Walk, client: Client) -> None:
    """Come by the personal link."""
    walk.go(f"/mine#{client.card.code}.{client.keys.code}")
    expect(walk.at("change", "button").first).to_be_visible()


def _say(walk: Walk, answer: str) -> None:
    _pick(walk, "answer", f"answer.choice.{answer}.label")


def _pick(walk: Walk, widget: str, key: str) -> None:
    widget = walk.at(f"{widget}-").first.evaluate("e => e.className.match(/st-key-(\\S+)/)[1]")
    walk.pick(str(widget), key)
