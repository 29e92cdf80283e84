"""Both walks, whole, each on a portal that was just started: clients at the demo practice, staff at one they set up."""

from __future__ import annotations

from core.demo import PASSPHRASE
from tests.browser import walk_client, walk_own, walk_plain, walk_post, walk_staff, walk_team
from tests.browser.walk import Walk
from tests.browser.walk_story import WEEKS, Story


def clients(walk: Walk) -> None:
    """Every screen that a client may meet. The server has to be new, with a clock that moves."""
    walk_plain.first_start(walk)
    walk.server.demo()
    walk.server.later(days=WEEKS.days)
    story = Story(walk.server, walk.language, PASSPHRASE)
    people = story.people()
    first, second, third, fourth, fifth = story.cards(5)
    walk_plain.home(walk)
    walk_plain.cards(walk, story)
    walk_plain.by_hand(walk, story)
    walk_plain.left(walk, first)
    walk_plain.nothing_works(walk, first)
    walk_client.choices(walk, second)
    walk_client.misses(walk, third)
    walk_client.before_the_app(walk, fourth)
    walk_client.cut_off(walk, fourth)
    walk_client.other_card(walk, fourth, fifth)
    walk_own.door(walk)
    walk_own.states(walk, people)
    walk_own.question(walk, people)


def staff(walk: Walk) -> None:
    """Every screen that staff may meet. The server has to be new, with a clock that moves."""
    walk_staff.set_up(walk)
    walk.server.later(days=WEEKS.days)
    story = Story(walk.server, walk.language, walk_staff.PASSPHRASE)
    with walk.window() as desk:
        walk_staff.door(desk)
        walk_staff.empty(desk)
        people = story.people()
        # The form goes by the names it saw half a minute ago, and these came from another process.
        walk.server.later(minutes=1)
        walk_post.verdicts(desk, people)
        walk_post.asking(desk, people)
        walk_post.posts(desk, people)
        walk_staff.people_pages(desk, people)
        walk_staff.inbox(desk, story, people)
        walk_staff.settings(desk)
        walk_team.practice(desk)
        walk_team.cards(desk, story)
        walk_team.paper(desk, story)
