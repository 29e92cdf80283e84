"""The pages that need no app: a card's own page in each state, one tap and done, and what shows when nothing works."""

from __future__ import annotations

import re

from playwright.sync_api import Route, expect

from core.portal import clock
from core.store import practice
from core.store.cards import Card
from tests.browser.walk import Walk
from tests.browser.walk_story import Story

#: Longer than the page's own script waits for the app, in milliseconds.
_PATIENCE = 15_000


def first_start(walk: Walk) -> None:
    """Before anything is set up."""
    with walk.window() as new:
        new.go("/", "first.title")
        new.take("first-start")


def home(walk: Walk) -> None:
    """The way in, and a code nobody knows."""
    with walk.window() as new:
        new.go("/")
        new.take("home")
        new.page.locator("#code").fill("2222-2222")
        new.press("home.go.button")
        new.problem()
        new.take("home-unknown")
        new.go("/c/K7QM2XPF")
        new.take("unknown-card")


def cards(walk: Walk, story: Story) -> None:
    """A card's page: as it is, opened, of somebody who left, and run out."""
    (card,) = story.cards(1)
    with walk.window() as new:
        new.go(f"/c/{card.code}")
        new.take("welcome")
        new.page.locator("summary").first.click()
        new.take("welcome-is-this-real")
        new.go(f"/c/{story.left().code}")
        new.take("only-no-card")
        new.go(f"/c/{story.expired().code}")
        new.take("expired-card")
        done(new, card)


def done(walk: Walk, card: Card) -> None:
    """One tap, and what it says afterwards."""
    for button, title, name in (
        ("welcome.no.button", "done_no.title", "no"),
        ("welcome.stop.button", "done_stop.title", "stop"),
        ("welcome.question.button", "done_question.title", "no-to-question"),
    ):
        walk.go(f"/c/{card.code}")
        walk.press(button, title)
        walk.take(name)


def by_hand(walk: Walk, story: Story) -> None:
    """The same where the practice takes nothing by itself."""
    (card,) = story.cards(1)
    database = walk.server.portal.database
    practice.switch_mailbox(database, clock(), on=False)
    with walk.window() as new:
        new.go(f"/c/{card.code}")
        new.press("welcome.no.button", "done_no.title")
        new.page.locator("summary").first.click()
        new.take("no-by-hand")
    practice.switch_mailbox(database, clock(), on=True)


def left(walk: Walk, card: Card) -> None:
    """Leave now, where no script runs."""
    with walk.window() as new:
        new.page.route("**/sayso*.js", lambda route: route.abort())
        new.page.route("**/leave", _stays)
        new.go(f"/c/{card.code}")
        new.press("leave.button")
        new.take("left")


def nothing_works(walk: Walk, card: Card) -> None:
    """No script, an app that gets no connection, a phone too old for it, and nothing kept."""
    with walk.window() as new:
        new.go("/choose", "common.not_kept.title")
        new.take("not-kept")
    with walk.odd_window() as new:
        new.page.route("**/static/js/index.*.js", _too_new)
        _to_the_app(new, card)
        expect(new.page.locator("#too-old")).to_be_visible()
        new.take("too-old")
    with walk.window() as new:
        new.page.route("**/explain", _without_scripts)
        new.go("/explain")
        new.take("no-script")
    with walk.odd_window() as new:
        new.page.clock.install()
        new.page.route_web_socket(re.compile("/_stcore/stream"), lambda route: route.close())
        _to_the_app(new, card)
        new.page.clock.fast_forward(_PATIENCE)
        expect(new.page.locator("#stuck")).to_be_visible()
        new.page.clock.resume()
        new.take("stuck")


def _stays(route: Route) -> None:
    """Show the page between here and elsewhere, which a browser sees for a moment only."""
    answer = route.fetch()
    route.fulfill(response=answer, headers={name: said for name, said in answer.headers.items() if name != "refresh"})


def _without_scripts(route: Route) -> None:
    """The page as it is where scripts are switched off. Where they really are, nothing could look at it."""
    answer = route.fetch()
    # The style sheet hides what waits for the app, by a query that no browser lets a test answer for it.
    gone = r"<script.*?</script>|<link rel=\"modulepreload.*?>|</?noscript>|<div id=\"root\">.*?</main></div>"
    words = re.sub(gone, "", answer.text(), flags=re.DOTALL)
    route.fulfill(response=answer, body=words)


def _too_new(route: Route) -> None:
    route.fulfill(body="this is not a script", content_type="text/javascript")


def _to_the_app(walk: Walk, card: Card) -> None:
    walk.go(f"/c/{card.code}")
    walk.press("welcome.choose.button")
