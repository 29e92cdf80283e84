"""May I post this, asking, and posts: each answer, the check, a question sent, what is out, what has to go."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser import flow
from tests.browser.walk import Walk
from tests.browser.walk_staff import to
from tests.browser.walk_story import People


def verdicts(walk: Walk, people: People) -> None:
    """The list of drafts, each answer to one, and a form nobody has filled in."""
    to(walk, "may_i_post")
    expect(walk.at("post-new", "button")).to_be_visible()
    walk.take("may-i-post-drafts")
    for draft, name in (("ready", "allowed"), ("asked", "ask"), ("waiting", "waiting"), ("never", "no")):
        walk.tap(f"post-open-{people.drafts[draft].id}")
        expect(walk.page.locator(".verdict")).to_be_visible()
        walk.take(f"may-i-post-{name}")
        walk.tap("post-back")
        expect(walk.at("post-new", "button")).to_be_visible()
    walk.tap("post-new")
    expect(walk.page.locator(".verdict")).to_be_visible()
    walk.take("may-i-post-new")
    walk.pick("post-f-form", "post.form.composite.label")
    expect(walk.at("post-add", "button")).to_be_visible()
    walk.type("post-f-text", "They came on a Tuesday in Salem, at age 34, and wrote to robin@example.org.")
    expect(walk.page.locator(".marked")).to_be_visible()
    walk.take("may-i-post-composite")
    walk.tap("post-back")


def asking(walk: Walk, people: People) -> None:
    """The list of questions, the form for one, and one that was sent."""
    to(walk, "ask")
    expect(walk.at("ask-row-").first).to_be_visible()
    walk.unfold("ask-detail-")
    walk.take("ask")
    form = walk.page.locator(f".st-key-ask-{people.drafts['waiting'].id}-{people.waiting.card.code} button")
    if form.count():
        form.click()
        expect(walk.at("ask-send-", "button")).to_be_visible()
        walk.take("ask-form")
        flow.settled(walk.page)
        walk.at("ask-send-", "button").click()
        walk.says("ask.invite")
        walk.take("ask-sent")
        walk.tap("ask-back", "ask.title")


def posts(walk: Walk, people: People) -> None:
    """What has to come down, what is out, and noting one more."""
    to(walk, "posts")
    expect(walk.at("down-").first).to_be_visible()
    walk.at("rests-", "summary").first.click()
    walk.at("change-", "summary").first.click()
    walk.take("posts")
    walk.at("note-", "button").first.click()
    expect(walk.at("posts-note", "button")).to_be_visible()
    walk.take("posts-note")
    walk.tap("posts-note")
    walk.problem()
    walk.take("posts-note-wrong")
    walk.tap("posts-back")
    walk.page.locator("[class*='st-key-mark-down-'][class*='-done'] button").click()
    walk.says("posted.down.none")
    walk.take("posts-taken-down")
