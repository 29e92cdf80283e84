"""A therapist's pages: set-up, the door, the inbox, people, and everything in the settings."""

from __future__ import annotations

from playwright.sync_api import expect

from core.keys import ClientKeys
from tests.browser import flow
from tests.browser.walk import Walk
from tests.browser.walk_story import People, Story
from tests.core.story import Client

PASSPHRASE = flow.PASSPHRASE
_TITLES = {
    "inbox": "inbox.title",
    "people": "people.title",
    "may_i_post": "post.title",
    "ask": "ask.title",
    "posts": "posted.title",
    "cards": "cards.title",
    "therapists": "team.title",
    "settings": "settings.title",
}


def to(walk: Walk, name: str) -> None:
    """Go to a page by the menu."""
    flow.settled(walk.page)
    walk.page.locator(f".st-key-staff-menu a[href$='{name}']").click()
    walk.heading(_TITLES[name])


def set_up(walk: Walk) -> None:
    """From the first start to the recovery sheet that was tried."""
    with walk.window() as new:
        new.go("/unlock", "unlock.title")
        new.take("unlock-nobody")
        new.go("/setup", "setup.title")
        new.take("setup")
        new.tap("set-up")
        new.problem()
        new.take("setup-wrong")
        for key, text in (("practice", "Willow Street"), ("therapist", "Robin Sample"), ("accounts", "@willowstreet")):
            new.type(key, text)
        new.type("new", PASSPHRASE)
        new.type("again", PASSPHRASE)
        new.tap("set-up")
        new.says("setup.done")
        new.take("setup-recovery")
        new.tap("seen")
        expect(new.at("sheet-try", "button")).to_be_visible()
        new.type("sheet-typed", "wrong")
        new.tap("sheet-try")
        new.problem()
        new.take("setup-try-sheet")


def door(walk: Walk) -> None:
    """The locked vault, and a wrong passphrase. Leaves the vault open."""
    walk.go("/people", "unlock.locked.title")
    walk.take("locked")
    walk.at("to-", "button").first.click()
    walk.heading("unlock.title")
    walk.page.locator("summary").first.click()
    walk.take("unlock")
    flow.fill(walk.page, "passphrase", "not the one")
    walk.tap("open")
    walk.problem()
    walk.take("unlock-wrong")
    flow.fill(walk.page, "passphrase", PASSPHRASE)
    walk.tap("open", "people.title")


def empty(walk: Walk) -> None:
    """Each page before anybody has sent anything."""
    for name in ("inbox", "people", "may_i_post", "ask", "posts"):
        to(walk, name)
        flow.settled(walk.page)
        walk.take(f"{name.replace('_', '-')}-empty")


def inbox(walk: Walk, story: Story, people: People) -> None:
    """What waits, what nobody can read, what was brought by hand, and what is imported."""
    now = story.now()
    clinic = story.clinic(story.cards(2))
    for card in clinic.cards:
        clinic.save(ClientKeys.new(), now, card, post="ask", video="composite", materials=("lesson",), topics=("work",))
    Client(clinic, people.waiting.card, people.waiting.keys).undoes(now, signed=False, import_at=False)
    story.unreadable()
    to(walk, "people")
    to(walk, "inbox")
    expect(walk.at("token-").first).to_be_visible()
    walk.take("inbox-full")
    to(walk, "may_i_post")
    walk.at(f"post-open-{people.drafts['ready'].id}", "button").click()
    expect(walk.page.locator(".verdict")).to_be_visible()
    walk.take("may-i-post-inbox-first")
    to(walk, "inbox")
    walk.at("aside-", "button").first.click()
    walk.says("aside.done")
    walk.at("all-keep-", "button").first.click()
    expect(walk.at("token-mailbox")).to_have_count(0)
    walk.unfold("aside-list")
    walk.take("inbox-imported")
    _by_hand(walk)


def _by_hand(walk: Walk) -> None:
    walk.page.get_by_role("tab", name=walk.words("inbox.tab.paste.label")).click()
    walk.type("pasted", "this is no token")
    walk.tap("look")
    walk.problem()
    walk.take("inbox-refused")
    for way in ("file", "photo", "camera"):
        walk.page.get_by_role("tab", name=walk.words(f"inbox.tab.{way}.label")).click()
        walk.take(f"inbox-{way}")


def people_pages(walk: Walk, people: People) -> None:
    """The list, nobody found, and cards that differ in what is known."""
    to(walk, "people")
    expect(walk.at("row-").first).to_be_visible()
    walk.take("people")
    walk.type("search", "nobody at all")
    walk.says("people.not_found")
    walk.take("people-not-found")
    walk.type("search", "")
    for client, name in ((people.ready, "person"), (people.waiting, "person-to-compare")):
        walk.tap(f"open-{client.card.number}")
        expect(walk.at("rename").first).to_be_visible()
        for folded in walk.page.locator("main details:not([open]) > summary").all()[:2]:
            folded.click()
        walk.take(name)
        walk.tap("back", "people.title")


def settings(walk: Walk) -> None:
    """Every section, open, and a wrong passphrase."""
    to(walk, "settings")
    expect(walk.at("download-").first).to_be_visible()
    walk.unfold("keys-open")
    walk.take("settings")
    walk.type("old", "not the one")
    walk.type("new", "another one altogether")
    walk.type("again", "another one altogether")
    walk.tap("change")
    walk.problem()
    walk.take("settings-wrong")
