"""Examples that each hold one small part of a verdict which no other example would miss."""

from __future__ import annotations

from datetime import datetime

from core.model.post import Post
from core.model.preferences import Preferences
from core.policy import duties
from tests.core.asking import APART, DRAFT, GRANT, ask, person, story


def test_the_day_is_utcs_in_whatever_zone_the_moment_is_written():
    someone = person(therapy="after", therapy_ended="2026-11-22")
    # A second before noon UTC, where the clock says two in the night of the 23rd.
    early = ask(someone, now=datetime.fromisoformat("2026-11-23T01:59:59+14:00"))
    assert (early["verdict"], early["on"]) == ("not_yet", "2026-11-22")


def test_the_day_of_a_not_yet_is_known_also_where_a_yes_is_missing():
    waits = ask(person("ask", gap_months=6), stories=[story("2026-10-01")])
    assert (waits["verdict"], waits["on"]) == ("not_yet", "2027-04-01")


def test_everybody_to_be_asked_is_named_in_order():
    codes = "HGFEDCBA"
    verdict = ask(people={code: person("ask") for code in codes}, stories=[story("2026-01-10", people=codes)])
    assert verdict["ask"] == sorted(codes)
    assert verdict["reasons"] == [{"rule": "ask", "person": code} for code in sorted(codes)]


def test_a_post_without_a_draft_fits_no_yes():
    assert ask(person("ask", grants=[GRANT]), content_hash=DRAFT)["verdict"] == "allowed"
    assert ask(person("ask", grants=[GRANT]), content_hash=None)["verdict"] == "ask"


def test_duties_are_only_ever_to_ask_and_to_mix():
    document = Preferences.model_validate(
        person(channels={"post": "never", "video": "undecided", "audio": "ask", "print": "composite"})["preferences"]
    )
    post = {"form": "composite", "materials": ["story"], "topics": [], "uses": [], "paid": False, "stories": APART}

    def of(*channels):
        return duties(Post.model_validate(post | {"channels": channels}), document)

    assert of("post") == of("video") == of("post", "video") == frozenset()
    assert of("post", "audio", "print", "teaching") == {"ask", "composite"}
