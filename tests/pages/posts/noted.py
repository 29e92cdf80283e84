"""Posts as they come about, for the tests of their page: chosen, drafted, checked, noted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from core import drafting, importing, may_post, posting
from core.drafting import Writing
from core.model.checklist import ITEMS
from core.model.post import Post
from core.model.posted import Place
from core.portal import clock

DAY = (datetime.now(UTC) - timedelta(days=300)).date()
OPEN = {"channels": {"post": "disguised"}, "materials": ("story",), "therapy": "during", "gap_months": 0}
FREE = OPEN | {"may_recognise_self": True}
ADDRESS = "https://example.org/7"


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
