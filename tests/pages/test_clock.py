"""A clock that was set back, as a therapist sees it: the one sentence, and the rest of the page."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.demo import PASSPHRASE
from core.errors import ClockBehind
from core.keys import ClientKeys
from core.portal import clock
from core.store import audit
from tests.pages import asking
from tests.pages.conftest import BROWSER, shown
from tests.pages.posts.noted import FREE, a_draft, posted, stops, take_in
from tests.pages.test_may_i_post import at_work, keep, say, three, verdict, whose

__all__ = ["at_work", "three"]


def set_back(practised):
    """Let the record know of a day to come, as it does on a machine whose clock was set back."""
    with practised.portal.database.write() as connection:
        audit.append(connection, "backup", clock() + timedelta(days=1))


def set_right(monkeypatch):
    monkeypatch.setattr("pages.parts.session.clock", lambda: clock() + timedelta(days=2))


def said(at):
    assert not at.exception
    return [error.value for error in at.error]


@pytest.fixture
def behind(three, page):
    """A draft that would be allowed, kept before the clock was set back."""
    keep(whose(say(page("may_i_post")), three, 0, 1, 2))
    set_back(three)
    return three


def test_while_the_clock_is_behind_one_sentence_stands_in_the_place_of_the_answer(three, page):
    at = whose(say(page("may_i_post")), three, 0, 1, 2)
    assert verdict(at) == "Allowed, after these steps"
    set_back(three)
    at.run()
    assert said(at) == [ClockBehind().sentence]
    assert not at.get("html") or not any('class="verdict' in one.value for one in at.get("html"))


def test_the_list_of_drafts_says_it_and_shows_no_answer_and_each_draft_opens(behind, page):
    at = page("may_i_post")
    assert said(at) == [ClockBehind().sentence]
    assert "Rest" in shown(at)
    assert "Allowed" not in shown(at)
    assert "Open your inbox first" not in shown(at)
    (key,) = [button.key for button in at.button if button.key.startswith("post-open-")]
    at.button(key=key).click().run()
    assert at.text_area(key="post-f-text").value == "A client once told me that rest is work too."
    assert said(at) == [ClockBehind().sentence]


def test_a_new_draft_can_be_begun_from_that_list(behind, page):
    at = page("may_i_post")
    at.button(key="post-new").click().run()
    assert verdict(at) == "Not answered yet"
    assert said(at) == []


def test_the_list_answers_again_once_the_clock_is_right(behind, page, monkeypatch):
    at = page("may_i_post")
    set_right(monkeypatch)
    at.run()
    assert said(at) == []
    assert "Allowed" in shown(at)


def test_the_page_of_posts_says_it_in_the_place_of_what_is_ready(behind, page):
    at = page("posts")
    assert said(at) == [ClockBehind().sentence]
    assert not [button.key for button in at.button if button.key.startswith("note-")]
    assert "What you posted" in shown(at)


def test_the_page_of_questions_says_it_and_still_shows_what_was_asked(behind, page):
    client = asking.Client(behind, behind.cards[3]).chooses()
    piece = asking.draft(behind, client)
    assert said(page("ask")) == [ClockBehind().sentence]
    at = page("ask")
    assert "What you asked" in shown(at)
    assert not [button.key for button in at.button if button.key.startswith(f"ask-{piece.id}")]


def test_the_inbox_says_it_and_still_tells_what_has_to_come_down(at_work, page, monkeypatch):
    for number in (0, 1):
        take_in(at_work, number, ClientKeys.new(), **FREE)
    posted(at_work, 0)
    a_draft(at_work, 1)
    stops(at_work, 0)
    set_back(at_work)
    at = page("inbox")
    assert said(at) == [ClockBehind().sentence]
    assert "To take down: 1." in shown(at)
    set_right(monkeypatch)
    at.run()
    assert said(at) == []
    assert "To take down: 1." in shown(at)


def test_a_vault_opens_with_a_clock_that_is_behind(behind, page):
    behind.portal.vaults.forget(BROWSER)
    at = page("unlock")
    at._page_hash = ""
    at.text_input(key="passphrase").set_value(PASSPHRASE)
    at.button(key="open").click().run()
    assert said(at) == [ClockBehind().sentence]
    assert at.title[0].value == "Inbox"
