"""May I post this? One answer on top that follows each thing said, in plain sentences."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from core import drafting, importing, may_post, people
from core.card import shown as card_shown
from core.keys import ClientKeys
from core.model import checklist
from core.portal import clock
from tests.pages.conftest import shown

DAY = (datetime.now(UTC) - timedelta(days=300)).date()
WORDS = "A client once told me that rest is work too."
#: Choices that permit a blended story in posts, at once.
BLENDED = {"channels": {"post": "composite"}, "materials": ("story",), "therapy": "during", "gap_months": 0}


@pytest.fixture
def at_work(practised):
    practised.unlock()
    return practised


def take_in(practised, number, keys=None, **choices):
    """Let a client choose, and import it, compared."""
    saved = practised.save(practised.cards[number], keys, **choices)
    look = importing.preview(practised.vault, saved.token.text, clock())
    importing.keep(practised.vault, look, clock(), compared=True)
    empty_inbox(practised)


def empty_inbox(practised):
    with practised.portal.database.write() as connection:
        connection.exec_driver_sql("UPDATE parcel SET delivered_at = posted_at")


def tick(at, *keys):
    for key in keys:
        at.checkbox(key=f"post-f-{key}").check()
    return at.run()


def say(at, form="composite", *, account="demo account", paid="no", live="no", text=WORDS):
    """Answer all but whose story it is."""
    at.radio(key="post-f-form").set_value(form)
    at.run()
    at.radio(key="post-f-account").set_value(account)
    at.radio(key="post-f-paid").set_value(paid)
    at.radio(key="post-f-live").set_value(live)
    at.text_area(key="post-f-text").set_value(text)
    return tick(at, "channels-post", "materials-story", "topics-none", "uses-none")


def whose(at, practised, *numbers):
    """Put each card into a story of its own."""
    for story, number in enumerate(numbers):
        at.checkbox(key=f"post-f-in-{story}-{practised.cards[number].code}").check()
        at.date_input(key=f"post-f-date-{story}").set_value(DAY)
    return at.run()


def verdict(at):
    """The word on top."""
    (found,) = [element.value for element in at.get("html") if 'class="verdict' in element.value]
    return found.partition("</span> ")[2].partition("</p>")[0]


def keep(at, title="Rest"):
    at.text_input(key="post-f-title").set_value(title)
    return at.button(key="post-keep").click().run()


@pytest.fixture
def three(at_work):
    """Three people who permit a blend."""
    for number in range(3):
        take_in(at_work, number, **BLENDED)
    return at_work


def test_nothing_is_answered_before_it_is_said(at_work, page):
    at = page("may_i_post")
    assert verdict(at) == "Not answered yet"
    assert "what kind of post it is" in shown(at)


def test_a_blend_that_all_permit_is_allowed_with_its_steps(three, page):
    at = whose(say(page("may_i_post")), three, 0, 1, 2)
    assert verdict(at) == "Allowed, after these steps"
    assert "more than half of the details" in shown(at)


def test_no_yes_is_shown_while_something_is_unsaid(three, page):
    at = whose(say(page("may_i_post")), three, 0, 1, 2)
    at.checkbox(key="post-f-topics-none").uncheck().run()
    assert verdict(at) == "Not answered yet"
    assert "which topics come up" in shown(at)


def test_no_yes_is_shown_while_the_inbox_holds_a_parcel(three, page):
    three.stop(three.cards[4])
    at = whose(say(page("may_i_post")), three, 0, 1, 2)
    assert verdict(at) == "Open your inbox first"


def test_a_no_shows_even_while_the_inbox_holds_a_parcel(three, page):
    three.stop(three.cards[4])
    at = whose(say(page("may_i_post")), three, 0, 1, 3)
    assert verdict(at) == "No"


def test_a_no_stands_before_the_form_is_full(at_work, page):
    at = page("may_i_post")
    at.radio(key="post-f-form").set_value("disguised").run()
    tick(at, "channels-post", "materials-story")
    assert verdict(whose(at, at_work, 0)) == "No"


def test_a_reason_names_the_person_the_card_and_what_it_is_about(at_work, page):
    take_in(at_work, 0, channels={"post": "never"})
    people.rename(at_work.vault, at_work.cards[0].code, "Quiet river")
    at = whose(say(page("may_i_post"), "disguised"), at_work, 0)
    said = shown(at)
    assert f"Quiet river (card {card_shown(at_work.cards[0].code)}) said never for: Posts, blogs" in said
    assert "Do not ask about a never." in said


def test_an_account_that_clients_were_not_told_of_is_a_no(three, page):
    at = whose(say(page("may_i_post"), account="another\n"), three, 0, 1, 2)
    assert verdict(at) == "No"
    assert "never told of this account" in shown(at)


def test_a_day_that_must_come_first_is_named(at_work, page):
    take_in(at_work, 0, **BLENDED | {"gap_months": 6})
    for number in (1, 2):
        take_in(at_work, number, **BLENDED)
    at = whose(say(page("may_i_post")), at_work, 0, 1, 2)
    at.date_input(key="post-f-date-0").set_value(clock().date()).run()
    assert verdict(at).startswith("Not yet. The first day is")


def test_who_must_be_asked_is_named(at_work, page):
    take_in(at_work, 0, channels={"post": "ask"}, materials=("story",), therapy="during", gap_months=0)
    at = whose(say(page("may_i_post"), "disguised"), at_work, 0)
    assert verdict(at) == "Ask first"
    assert f"to this exact draft first: Card {card_shown(at_work.cards[0].code)}." in shown(at)


def test_a_made_up_post_is_for_the_therapist_to_attest(at_work, page):
    at = say(page("may_i_post"), "invented")
    assert verdict(at) == "No client behind it"
    assert "State that no client is behind it." in shown(at)


@pytest.mark.parametrize("way", ["post-leave-out-3", "post-off-3"])
def test_a_no_takes_out_its_story_and_the_details_and_the_check_runs_again(three, page, way):
    take_in(three, 3, **BLENDED)
    at = say(page("may_i_post"))
    at.button(key="post-add").click().run()
    whose(at, three, 0, 1, 2, 4)
    assert verdict(at) == "No"
    at.button(key=way).click().run()
    assert verdict(at) == "Not answered yet"
    assert "take its details out of the draft" in at.warning[0].value
    at.text_area(key="post-f-text").set_value("Rest is work too.").run()
    assert verdict(at) == "Allowed, after these steps"


def test_leaving_out_the_third_story_says_that_two_are_no_blend(three, page):
    keys = ClientKeys.new()
    take_in(three, 3, keys, channels={"post": "never"})
    at = whose(say(page("may_i_post")), three, 0, 1, 3)
    at.button(key="post-leave-out-2").click().run()
    assert "fewer than three separate stories" in shown(at)


def test_a_kept_draft_is_listed_and_asked_about_anew(three, page):
    keep(whose(say(page("may_i_post")), three, 0, 1, 2))
    assert "✓ Allowed" in shown(page("may_i_post")).replace("\n", " ").replace("  ", " ")
    take_in(three, 1, ClientKeys.new(), channels={"post": "never"})
    said = shown(page("may_i_post"))
    assert "Rest" in said
    assert "✕" in said
    assert "✓" not in said
    assert "You last saw: Allowed, after these steps." in said


def test_an_opened_draft_comes_back_as_it_was_kept(three, page):
    keep(whose(say(page("may_i_post")), three, 0, 1, 2))
    (piece,) = drafting.drafts(three.vault)
    at = page("may_i_post")
    at.button(key=f"post-open-{piece.id}").click().run()
    assert at.text_area(key="post-f-text").value == WORDS
    assert verdict(at) == "Allowed, after these steps"
    assert may_post.question_of(piece).stories[2].people == (three.cards[2].code,)


def test_what_was_said_is_still_there_after_a_look_at_another_page(three, page):
    at = whose(say(page("may_i_post")), three, 0, 1, 2)
    at.switch_page("therapist/people.py").run()
    at.switch_page("therapist/may_i_post.py").run()
    assert at.text_area(key="post-f-text").value == WORDS
    assert verdict(at) == "Allowed, after these steps"


def test_a_draft_without_words_is_not_kept(three, page):
    at = keep(whose(say(page("may_i_post"), text=""), three, 0, 1, 2))
    assert "Write the draft first" in at.error[0].value
    assert drafting.drafts(three.vault) == []


def test_an_identifier_is_marked_named_and_never_markup(at_work, page):
    at = page("may_i_post")
    at.text_area(key="post-f-text").set_value("<b>Call</b> 212-555-0147 today.").run()
    (marked,) = [element.value for element in at.get("html") if 'class="marked"' in element.value]
    assert "<mark>212-555-0147" in marked
    assert "&lt;b&gt;Call&lt;/b&gt;" in marked
    assert "not a proof" in shown(at)


def test_the_check_is_kept_with_the_draft_for_just_these_words(three, page):
    at = keep(whose(say(page("may_i_post")), three, 0, 1, 2))
    for box in at.checkbox:
        if box.key.startswith("post-f-check-"):
            box.check()
    at.button(key="post-check-keep").click().run()
    (piece,) = drafting.drafts(three.vault)
    assert may_post.checklist_of(piece).is_complete
    assert "Done for these words" in shown(at)
    at.text_area(key="post-f-text").set_value("Other words.").run()
    assert "Done for these words" not in shown(at)
    assert "The draft was changed." in shown(at)


def test_a_part_of_the_check_is_no_check(three, page):
    at = keep(whose(say(page("may_i_post")), three, 0, 1, 2))
    next(box for box in at.checkbox if box.key.endswith(f"-{checklist.ITEMS[0].id}")).check()
    at.button(key="post-check-keep").click().run()
    assert f"1 of {len(checklist.ITEMS)} lines" in shown(at)
    assert "Done for these words" not in shown(at)


def test_a_draft_is_deleted_after_a_second_tap(three, page):
    at = keep(whose(say(page("may_i_post")), three, 0, 1, 2))
    at.button(key="post-delete").click().run()
    assert len(drafting.drafts(three.vault)) == 1
    at.button(key="post-delete-sure").click().run()
    assert drafting.drafts(three.vault) == []
