"""Posts are noted after a new answer and every step; what was typed is kept."""

from __future__ import annotations

from datetime import timedelta

from core import drafting, may_post
from core.drafting import Writing
from core.keys import ClientKeys
from core.model.checklist import ITEMS
from core.portal import clock
from tests.pages.conftest import shown
from tests.pages.posts.noted import (
    ADDRESS,
    FREE,
    a_draft,
    fill,
    note,
    open_draft,
    published,
    stops,
    take_in,
)


def test_nothing_there_says_so_and_where_to_begin(at_work, page):
    said = shown(page("posts"))
    for words in (
        "Nothing has to come down.",
        "No draft of yours may go out",
        "ends in the next 30",
        "not noted a post",
    ):
        assert words in said


def test_a_draft_that_may_go_out_is_noted_with_its_place_and_address(free, page):
    piece = a_draft(free, 0)
    at = note(fill(open_draft(page, piece)))
    [done] = published(free)
    assert [(one.channel, one.control, one.address) for one in done.posted.places] == [("post", "own", ADDRESS)]
    said = shown(at)
    assert "It is noted." in said
    assert f"{ADDRESS} (up)" in said
    assert "Allowed on" in said


def test_nobody_says_for_the_therapist_who_can_take_it_down(free, page):
    at = open_draft(page, a_draft(free, 0))
    assert at.radio(key="posts-f-control-post-0").value is None
    at = note(fill(at, control=None))
    assert "who can take it down" in at.error[0].value
    assert published(free) == []


def test_without_the_whole_check_it_is_not_noted_and_the_way_there_is_shown(free, page):
    at = note(fill(open_draft(page, a_draft(free, 0, checked=False))))
    assert "still to be done first" in at.error[0].value
    assert published(free) == []
    at.button(key="posts-to-draft").click().run()
    at._page_hash = ""
    assert "May I post this?" in shown(at.run())


def goes_to_the_check_and_back(at):
    """Go to the draft, and back by the menu."""
    at.button(key="posts-to-draft").click().run()
    at._page_hash = ""
    assert "May I post this?" in shown(at.run())
    at.switch_page("therapist/posts.py")
    return at.run()


def test_what_was_typed_is_still_there_after_the_check(free, page):
    piece, other = a_draft(free, 0, checked=False), a_draft(free, 0, title="Another river")
    at = open_draft(page, piece)
    at.button(key="posts-more-post").click().run()
    fill(fill(at), "others", "https://example.com/guest", "post-1")
    day = (clock() + timedelta(days=20)).date()
    at = goes_to_the_check_and_back(at.date_input(key="posts-f-day").set_value(day).run())
    for place, control, address in (("post-0", "own", ADDRESS), ("post-1", "others", "https://example.com/guest")):
        assert at.radio(key=f"posts-f-control-{place}").value == control
        assert at.text_input(key=f"posts-f-address-{place}").value == address
    assert at.date_input(key="posts-f-day").value == day
    at.button(key="posts-back").click().run()
    at.button(key=f"note-{other.id}").click().run()
    assert at.text_input(key="posts-f-address-post-0").value == ""
    may_post.check(free.vault, piece, [item.id for item in ITEMS], clock())
    at.button(key="posts-back").click().run()
    note(at.button(key=f"note-{piece.id}").click().run())
    assert {done.id: [one.address for one in done.posted.places] for done in published(free)} == {
        piece.id: [ADDRESS, "https://example.com/guest"]
    }
    assert piece.id not in at.session_state["posts-said"]


def test_what_was_ticked_of_other_words_is_not_ticked_any_more(at_work, page):
    piece = a_draft(at_work, form="invented", checked=False)
    at = fill(open_draft(page, piece))
    at.checkbox(key="posts-f-attest_invented").check().run()
    at.button(key="posts-back").click().run()
    at.button(key=f"note-{piece.id}").click().run()
    assert at.checkbox(key="posts-f-attest_invented").value
    at.button(key="posts-back").click().run()
    words = Writing(piece.draft.post, piece.draft.account, "Other words.", title=piece.draft.title)
    drafting.save(at_work.vault, words, clock(), piece_id=piece.id)
    at.button(key=f"note-{piece.id}").click().run()
    assert not at.checkbox(key="posts-f-attest_invented").value
    assert at.text_input(key="posts-f-address-post-0").value == ADDRESS


def test_more_than_one_address_of_a_kind(free, page):
    at = open_draft(page, a_draft(free, 0))
    at.button(key="posts-more-post").click().run()
    note(fill(fill(at), "others", "https://example.com/guest", "post-1"))
    [done] = published(free)
    assert [one.control for one in done.posted.places] == ["own", "others"]


def test_a_note_the_client_left_is_shown_and_ticked_first(at_work, page):
    take_in(at_work, 0, ClientKeys.new(), **FREE, note="not the <b>boat</b>")
    at = fill(open_draft(page, a_draft(at_work, 0)))
    assert any("not the &lt;b&gt;boat&lt;/b&gt;" in one.value for one in at.get("html"))
    assert note(at).error
    at.checkbox(key="posts-f-read_note").check()
    note(at)
    assert len(published(at_work)) == 1


def test_a_made_up_post_is_attested_by_a_tick_that_says_what_it_says(at_work, page):
    at = fill(open_draft(page, a_draft(at_work, form="invented")))
    assert at.checkbox(key="posts-f-attest_invented").label == "I state that no client is behind this post"
    assert note(at).error
    at.checkbox(key="posts-f-attest_invented").check()
    assert "Signed by you. The signature holds." in shown(note(at))


def test_the_take_down_day_is_kept(free, page):
    at = fill(open_draft(page, a_draft(free, 0)))
    day = clock().date() + timedelta(days=90)
    at.date_input(key="posts-f-day").set_value(day)
    note(at)
    assert published(free)[0].posted.take_down_on == day


def test_a_draft_that_is_not_allowed_any_more_shows_why_and_no_form(free, page):
    piece = a_draft(free, 0)
    at = page("posts")
    stops(free)
    at.button(key=f"note-{piece.id}").click().run()
    said = shown(at)
    assert "Do not post this." in said
    assert "on hold, so nothing of theirs counts" in said
    assert not [one for one in at.button if one.key == "posts-note"]


def test_an_answer_that_changes_at_the_last_moment_notes_nothing(free, page):
    at = fill(open_draft(page, a_draft(free, 0)))
    stops(free)
    at = note(at)
    assert "Do not post this." in shown(at)
    assert published(free) == []


def test_an_unopened_parcel_comes_first(free, page):
    piece = a_draft(free, 0)
    at = page("posts")
    free.stop(free.cards[4])
    at.button(key=f"note-{piece.id}").click().run()
    assert "Open your inbox first" in shown(at)
