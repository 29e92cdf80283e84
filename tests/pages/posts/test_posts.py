"""Posts: listed with what they rest on, taken down, and set right."""

from __future__ import annotations

from datetime import timedelta

from core.demo import PASSPHRASE
from core.keys import ClientKeys
from core.portal import clock
from tests.pages.conftest import shown
from tests.pages.posts.noted import (
    FREE,
    a_draft,
    fill,
    note,
    open_draft,
    posted,
    published,
    stops,
    take_in,
)


def test_another_page_can_open_the_form_for_one_draft(free, page):
    piece = a_draft(free, 0)
    at = page("posts")
    at.session_state["posts-open"] = piece.id
    assert at.run().header[0].value == "A quiet river"
    at.session_state["posts-open"] = "0" * 16
    assert at.run().header[0].value == "To take down"


def test_noting_it_twice_in_two_windows_notes_it_once(free, page):
    piece = a_draft(free, 0)
    one, other = fill(open_draft(page, piece)), fill(open_draft(page, piece))
    note(one)
    assert "What you posted" in shown(note(other))
    assert len(published(free)) == 1


# --- what was posted -----------------------------------------------------------------------------------


def test_a_post_names_whom_it_is_about_and_shows_short_hashes(free, page):
    done = posted(free, 0)
    said = shown(page("posts"))
    assert "Quiet *river* (card" in said
    assert done.posted.rests_on[0].documents[0].hex()[:12] + "…" in said
    assert done.draft.content_hash[:12] + "…" in said
    assert done.draft.content_hash[:14] not in said


def test_a_title_is_never_markup(free, page):
    posted(free, 0, title="# <b>x</b> [y](http://z)")
    assert r"### \# \<b\>x\</b\> \[y\]\(http\://z\)" in [one.value for one in page("posts").markdown]


def test_a_wrong_address_is_set_right(free, page):
    done = posted(free, 0)
    at = page("posts")
    at.text_input(key=f"correct-address-{done.id}-0").set_value("https://example.org/8")
    at.button(key=f"correct-{done.id}-0").click().run()
    assert "It is set right." in shown(at)
    assert published(free)[0].posted.places[0].address == "https://example.org/8"
    at.button(key=f"correct-{done.id}-0").click().run()
    assert "Nothing was changed." in shown(at)


def test_an_address_that_is_too_long_says_so(free, page):
    done = posted(free, 0)
    at = page("posts")
    at.text_input(key=f"correct-address-{done.id}-0").set_value("x" * 600)
    at.button(key=f"correct-{done.id}-0").click().run()
    assert "at most 500 letters" in at.error[0].value


def test_only_the_newest_posts_are_shown_at_once(free, page):
    for _ in range(11):
        posted(free, 0)
    at = page("posts")
    assert len([one for one in at.button if one.key.startswith("correct-")]) == 10
    at.button(key="posts-more").click().run()
    assert len([one for one in at.button if one.key.startswith("correct-")]) == 11


# --- taking down ---------------------------------------------------------------------------------------


def test_a_stop_puts_a_post_on_top_with_its_deadline_and_why(free, page):
    posted(free, 0)
    stops(free)
    said = shown(page("posts"))
    assert "By " in said
    assert "Quiet *river*" in said
    assert "took it back" in said
    assert said.index("To take down") < said.index("took it back") < said.index("What you posted")


def test_each_state_is_noted_and_told_and_can_be_changed_back(free, page):
    done = posted(free, 0)
    stops(free)
    at = page("posts")
    assert not [one for one in at.button if one.key == f"mark-down-{done.id}-0-asked"]  # one's own: nobody to ask
    before = parcels(free)
    at.button(key=f"mark-down-{done.id}-0-done").click().run()
    said = shown(at)
    assert "can read this on their own page" in said
    assert "Dealt with: 1" in said
    assert "Nothing has to come down." in said
    assert parcels(free) == before + 1
    at.button(key=f"mark-down-{done.id}-0-to_do").click().run()
    assert published(free)[0].posted.places[0].state == "to_do"


def parcels(practised):
    with practised.portal.database.read() as connection:
        return connection.exec_driver_sql("SELECT count(*) FROM parcel").scalar()


def test_whom_no_letter_reaches_is_told_by_hand(free, page):
    done = posted(free, 0)
    stops(free)
    with free.portal.database.write() as connection:
        connection.exec_driver_sql("UPDATE practice SET mailbox = 0")
    at = page("posts")
    at.button(key=f"mark-down-{done.id}-0-done").click().run()
    assert "Tell them yourself: Quiet" in shown(at)


def test_what_ends_soon_is_shown_ahead(free, page):
    issued_at = (clock() - timedelta(days=170)).replace(microsecond=0)
    take_in(free, 1, ClientKeys.new(), **FREE, issued_at=issued_at)
    posted(free, 1, title="Ends soon")
    assert "run out. “Ends soon” rests on them." in shown(page("posts"))


def test_a_yes_to_words_that_changed_is_said_in_words(free, page, monkeypatch):
    posted(free, 0)
    monkeypatch.setattr("core.standing.still_counts", lambda *_: False)
    said = shown(page("posts"))
    assert "The words that clients agree to have changed." in said
    assert "Within 30 days." in said
    said = shown(page("people"))
    assert "This yes was to the old words, so it has lapsed. They can choose anew." in said


# --- flags on the inbox ----------------------------------------------------------------------------------


def test_a_changed_answer_and_a_take_down_are_said_on_the_inbox_and_lead_on(free, page):
    a_draft(free, 0, title="Not out yet")
    posted(free, 0)
    assert "The answer changed" not in shown(page("inbox"))
    stops(free)
    at = page("inbox")
    assert "The answer changed. Drafts: 1." in at.info[0].value
    assert "To take down: 1. The first is due on" in at.warning[0].value
    at.button(key="to-therapist/posts.py").click().run()
    at._page_hash = ""
    assert "It is down" in shown(at.run())


def test_a_changed_answer_is_marked_in_the_list_until_its_draft_is_opened(free, page):
    piece = a_draft(free, 0)
    stops(free)
    at = page("may_i_post")
    assert "You last saw: Allowed, after these steps." in shown(at)
    at.button(key=f"post-open-{piece.id}").click().run()
    assert "You last saw" not in shown(page("may_i_post"))
    assert not page("inbox").info


def test_what_changed_goes_into_the_record_as_the_vault_opens(free, page):
    a_draft(free, 0)
    stops(free)
    before = verdicts(free)
    free.portal.vaults.forget("another browser")
    at = page("unlock", "another browser")
    at.text_input(key="passphrase").set_value(PASSPHRASE)
    at.button(key="open").click().run()
    assert verdicts(free) == before + 1


def verdicts(practised):
    with practised.portal.database.read() as connection:
        return connection.exec_driver_sql("SELECT count(*) FROM audit WHERE kind = 'verdict'").scalar()


def test_a_quiet_practice_has_no_flags(free, page):
    posted(free, 0)
    at = page("inbox")
    assert (len(at.info), len(at.warning)) == (0, 0)
