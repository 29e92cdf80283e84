"""The verdict at the edge: the day itself, months' ends, the calendar's ends, and every combination of four answers."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import get_args

import pytest

from core.errors import BadInput
from core.model.person import Person
from core.model.post import Post
from core.model.taxonomy import TAXONOMY
from core.model.verdict import Rule, Step
from core.policy import decide
from tests.core import oracle
from tests.core.asking import APART, DRAFT, GRANT, NOW, ask, person, story


def utc(text):
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("session", "months", "free"),
    [
        ("2026-08-31", 6, "2027-02-28"),
        ("2027-08-31", 6, "2028-02-29"),
        ("2028-02-29", 6, "2028-08-29"),
        ("2026-11-30", 3, "2027-02-28"),
        ("2026-12-31", 3, "2027-03-31"),
        ("2026-05-31", 6, "2026-11-30"),
        ("2026-12-01", 0, "2026-12-01"),
    ],
)
def test_months_end_on_the_same_day_or_the_months_last(session, months, free):
    # The day has come everywhere at noon UTC: that is midnight at UTC−12.
    noon = utc(f"{free}T12:00:00Z")
    fresh = person(gap_months=months, issued_at=(noon - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ"))
    before = ask(fresh, stories=[story(session)], now=noon - timedelta(seconds=1))
    assert (before["verdict"], before["on"]) == ("not_yet", free)
    assert ask(fresh, stories=[story(session)], now=noon)["verdict"] == "allowed"


def test_the_day_therapy_ended_must_have_come_everywhere():
    someone = person(therapy="after", therapy_ended="2026-11-22")
    before = ask(someone, now=utc("2026-11-22T11:59:59Z"))
    assert (before["verdict"], before["on"]) == ("not_yet", "2026-11-22")
    assert ask(someone, now=utc("2026-11-22T12:00:00Z"))["verdict"] == "allowed"


def test_a_session_may_lie_on_the_day_that_has_begun_somewhere_and_no_later():
    tomorrow = [story("2026-11-23")]
    # At 10:00 UTC the 23rd begins at UTC+14.
    assert ask(stories=tomorrow, now=utc("2026-11-22T10:00:00Z"))["on"] == "2026-11-23"
    with pytest.raises(BadInput, match="future"):
        ask(stories=tomorrow, now=utc("2026-11-22T09:59:59Z"))


def test_it_is_the_moment_that_counts_not_the_zone_it_is_written_in():
    tokyo = utc("2026-11-22T21:00:00+09:00")
    someone = person(therapy="after", therapy_ended="2026-11-22")
    assert ask(someone, now=tokyo) == ask(someone, now=tokyo.astimezone(UTC))
    assert ask(someone, now=tokyo)["verdict"] == "allowed"


def test_a_day_may_be_given_as_a_day():
    written, told = ask(stories=[story("2026-11-22")]), ask(stories=[story(date(2026, 11, 22))])
    assert written == told
    assert told["on"] == "2026-11-22"


def test_the_real_first_and_last_days_of_the_calendar_break_nothing():
    ends = [GRANT | {"ready_at": "0001-01-01T00:00:00+14:00", "expires_at": "9999-12-31T23:59:59-12:00"}]
    someone = person("ask", grants=ends, therapy="after", therapy_ended="9999-12-31")
    assert ask(someone, content_hash=DRAFT, stories=[story("0001-01-01")])["on"] == "9999-12-31"


# --- all of it ---------------------------------------------------------------------------------

FORMS = {
    "one disguised": ("disguised", APART[:1]),
    "three mixed": ("composite", APART),
    "two mixed": ("composite", APART[:2]),
    "invented": ("invented", []),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("channel", TAXONOMY.channel_ids)
def test_every_treatment_place_form_and_material_agrees_with_a_second_reading(channel, form):
    form, stories = FORMS[form]
    off = [False, True]
    for treatment in TAXONOMY.treatments_for(channel):
        for material, fine, live, paid, given in product(TAXONOMY.material_ids, off, off, off, off):
            someone = person(
                channels={channel: treatment}, may_recognise_self=fine, note="", grants=[GRANT] if given else []
            )
            other = person(grants=[GRANT])
            post = {
                "channels": [channel],
                "form": form,
                "materials": [material],
                "topics": [],
                "live": live,
                "paid": paid,
                "uses": [],
                "content_hash": DRAFT,
                "stories": stories,
            }
            people = {"A": someone, "B": other, "C": other}
            verdict = decide(Post(**post), {code: Person.model_validate(told) for code, told in people.items()}, NOW)
            expected = oracle.answer(post, people, NOW)
            found = (verdict.answer, [(reason.rule, reason.person or None) for reason in verdict.reasons])
            assert found == (expected["verdict"], [(r["rule"], r["person"]) for r in expected["reasons"]])


def test_the_page_about_verdicts_names_every_rule_and_every_step():
    page = (Path(__file__).parents[2] / "docs" / "verdicts.md").read_text("utf-8")
    assert [name for name in (*get_args(Rule), *get_args(Step)) if f"`{name}`" not in page] == []
