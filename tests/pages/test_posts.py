"""Posts: noted after a new answer and every step, listed with what they rest on, taken down, and set right."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from core import drafting, importing, may_post, people, posting
from core.demo import PASSPHRASE
from core.drafting import Writing
from core.keys import ClientKeys
from core.model.checklist import ITEMS
from core.model.post import Post
from core.model.posted import Place
from core.portal import clock
from tests.pages.conftest import shown

DAY = (datetime.now(UTC) - timedelta(days=300)).date()
OPEN = {"channels": {"post": "disguised"}, "materials": ("story",), "therapy": "during", "gap_months": 0}
FREE = OPEN | {"may_recognise_self": True}
ADDRESS = "https://example.org/7"


@pytest.fixture
def at_work(practised):
    practised.unlock()
    return practised


def take_in(practised, number=0, keys=None, **choices):
    """Let a client choose, and import it, compared."""
    saved = practised.save(practised.cards[number], keys, **choices)
    look = importing.preview(practised.vault, saved.token.text, clock())
    importing.keep(practised.vault, look, clock(), compared=True)
    empty_inbox(practised)


def stops(practised, number=0):
    token = practised.stop(practised.cards[number]).token.text
    importing.keep(practised.vault, importing.preview(practised.vault, token, clock()), clock())
    empty_inbox(practised)


def empty_inbox(practised):
    with practised.portal.database.write() as connection:
        connection.exec_driver_sql("UPDATE parcel SET delivered_at = posted_at")


def a_draft(practised, *numbers, checked=True, title="A quiet river", form="disguised", channels=("post",)):
    stories = [{"people": [practised.cards[number].code], "session_date": DAY} for number in numbers]
    plain = {"live": False, "paid": False, "uses": [], "topics": [], "materials": ["story"]}
    post = Post.model_validate(plain | {"channels": channels, "form": form, "stories": stories})
    writing = Writing(post, practised.therapist.accounts[0], "Rest is work too.", title=title)
    piece = drafting.save(practised.vault, writing, clock())
    return may_post.check(practised.vault, piece, [item.id for item in ITEMS], clock()) if checked else piece


def posted(practised, *numbers, **more):
    piece = a_draft(practised, *numbers, **more)
    places = tuple(Place(channel=one, control="own", address=ADDRESS) for one in piece.draft.post.channels)
    return posting.record(practised.vault, piece.id, places, clock(), steps_done=("no_majority", "attest_invented"))


@pytest.fixture
def free(at_work):
    """One client who lets a changed story out."""
    take_in(at_work, 0, ClientKeys.new(), **FREE)
    people.rename(at_work.vault, at_work.cards[0].code, "Quiet *river*")
    return at_work


def open_draft(page, piece):
    at = page("posts")
    return at.button(key=f"note-{piece.id}").click().run()


def fill(at, control="own", address=ADDRESS, place="post-0"):
    if control:
        at.radio(key=f"posts-f-control-{place}").set_value(control)
    at.text_input(key=f"posts-f-address-{place}").set_value(address)
    return at


def note(at):
    return at.button(key="posts-note").click().run()


def published(practised):
    return posting.published(practised.vault)


# --- noting ------------------------------------------------------------------------------------------


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
