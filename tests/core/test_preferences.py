"""A preferences document: what is left out is a no, and a yes always ends."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from core.model.dates import add_months, from_unix, iso, to_unix
from core.model.preferences import Preferences
from core.model.taxonomy import TAXONOMY, YES
from tests.core.bodies import moments, preferences

NEVERS = dict.fromkeys(TAXONOMY.channel_ids, "never")
BASE = {"channels": NEVERS, "issued_at": "2026-11-22T10:00:00Z"}
CANARY = "canary-3f9c"


def document(**changes):
    return Preferences.model_validate(BASE | changes)


def with_yes(**changes):
    yes = {"channels": NEVERS | {"video": "ask"}, "expires_at": "2027-05-22T10:00:00Z"}
    return document(**(yes | changes))


@given(preferences())
def test_a_document_written_as_json_is_read_back_the_same(choices):
    assert Preferences.model_validate_json(choices.model_dump_json()) == choices
    assert Preferences.model_validate(choices.model_dump(mode="json")) == choices


def test_what_is_left_out_takes_its_most_protective_value():
    choices = document()
    assert (choices.materials, choices.topics, choices.note) == ((), (), "")
    assert choices.may_recognise_self is False
    assert choices.understood is False
    assert (choices.therapy, choices.gap_months) == ("after", 6)
    assert choices.expires_at is None


def test_the_six_places_have_no_default():
    for channel in TAXONOMY.channel_ids:
        with pytest.raises(ValidationError):
            document(channels={k: v for k, v in NEVERS.items() if k != channel})
    with pytest.raises(ValidationError):
        document(channels=NEVERS | {"billboards": "never"})


def test_the_term_of_a_yes_has_no_default():
    with pytest.raises(ValidationError, match="3, 6 or 12"):
        with_yes(expires_at=None)


@pytest.mark.parametrize("treatment", ["never", "undecided"])
def test_a_document_without_a_yes_does_not_end(treatment):
    channels = dict.fromkeys(TAXONOMY.channel_ids, treatment)
    choices = document(channels=channels)
    assert not choices.has_yes
    assert choices.term_months == 0
    assert not choices.has_ended(datetime(2100, 1, 1, tzinfo=UTC))
    with pytest.raises(ValidationError, match="no expires_at"):
        document(channels=channels, expires_at="2027-05-22T10:00:00Z")


@given(preferences())
def test_a_yes_ends_when_its_months_are_over_and_not_before(choices):
    assert choices.has_yes == (choices.expires_at is not None)
    if choices.expires_at is not None:
        assert choices.expires_at == add_months(choices.issued_at, choices.term_months)
        assert choices.has_ended(choices.expires_at)
        assert not choices.has_ended(choices.expires_at - timedelta(seconds=1))


@pytest.mark.parametrize(
    ("issued_at", "months", "expires_at"),
    [
        ("2026-08-31T10:00:00Z", 6, "2027-02-28T10:00:00Z"),
        ("2027-08-31T10:00:00Z", 6, "2028-02-29T10:00:00Z"),
        ("2028-02-29T00:00:00Z", 12, "2029-02-28T00:00:00Z"),
        ("2026-11-30T23:59:59Z", 3, "2027-02-28T23:59:59Z"),
        ("2026-10-31T12:00:00Z", 6, "2027-04-30T12:00:00Z"),
        ("2026-12-31T12:00:00Z", 12, "2027-12-31T12:00:00Z"),
    ],
)
def test_months_are_calendar_months_with_the_day_clipped(issued_at, months, expires_at):
    assert with_yes(issued_at=issued_at, expires_at=expires_at).term_months == months


@pytest.mark.parametrize(
    "expires_at",
    [
        "2027-05-22T10:00:01Z",
        "2027-05-22T09:59:59Z",
        "2027-05-23T10:00:00Z",
        "2026-12-22T10:00:00Z",
        "2028-11-22T10:00:00Z",
        "2026-11-22T10:00:00Z",
        "2026-05-22T10:00:00Z",
    ],
)
def test_no_other_term_is_taken(expires_at):
    with pytest.raises(ValidationError):
        with_yes(expires_at=expires_at)


@pytest.mark.parametrize("treatment", ["composite", "disguised"])
def test_without_the_questions_nothing_is_used_unasked(treatment):
    changes = {"channels": NEVERS | {"post": treatment}}
    with pytest.raises(ValidationError, match="understood"):
        with_yes(**changes)
    assert with_yes(**changes, understood=True).has_yes


@pytest.mark.parametrize("treatment", ["composite", "disguised"])
def test_promotion_is_never_or_asked(treatment):
    with pytest.raises(ValidationError, match="not offered"):
        with_yes(channels=NEVERS | {"promotion": treatment}, understood=True)
    assert TAXONOMY.treatments_for("promotion") == ("never", "ask", "undecided")


def test_options_come_protective_first_in_every_place():
    for channel in set(TAXONOMY.channel_ids) - {"promotion"}:
        assert TAXONOMY.treatments_for(channel) == ("never", "composite", "ask", "disguised", "undecided")


@pytest.mark.parametrize(("note", "fits"), [("x" * 47, True), ("x" * 48, False), ("é" * 23, True), ("é" * 24, False)])
def test_a_note_is_measured_in_bytes(note, fits):
    if fits:
        assert document(note=note).note == note
    else:
        with pytest.raises(ValidationError, match="47 bytes"):
            document(note=note)


@pytest.mark.parametrize(
    "changes",
    [
        {"channels": NEVERS | {"video": CANARY}},
        {"channels": NEVERS | {CANARY: "never"}},
        {"materials": [CANARY]},
        {"topics": [CANARY]},
        {"topics": CANARY},
        {"note": CANARY * 9},
        {"note": CANARY + "\udc80"},
        {"therapy": CANARY},
        {"gap_months": CANARY},
        {"may_recognise_self": CANARY},
        {"understood": CANARY},
        {"issued_at": CANARY},
        {"expires_at": CANARY},
        {"version": CANARY},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_what_breaks_a_rule_is_refused_without_being_repeated(changes):
    with pytest.raises(ValidationError) as refused:
        document(**changes)
    assert not any(CANARY in error["msg"] for error in refused.value.errors())
    if CANARY not in str(changes.get("channels")):
        assert CANARY not in str(refused.value)


@pytest.mark.parametrize(
    "changes",
    [
        {"surname": "x"},
        {"version": 2},
        {"gap_months": 1},
        {"gap_months": "6"},
        {"gap_months": True},
        {"understood": 1},
        {"understood": "yes"},
        {"may_recognise_self": 1},
        {"may_recognise_self": None},
        {"therapy": "never"},
        {"materials": None},
        {"issued_at": None},
        {"issued_at": 1795341600},
        {"issued_at": "1795341600"},
        {"issued_at": "2026-11-22"},
        {"issued_at": "2026-11-22T10:00:00"},
        {"issued_at": "2026-11-22T10:00:00.5Z"},
        {"issued_at": "0001-01-01T00:00:00+10:00"},
        {"issued_at": "9999-12-31T23:59:59-10:00"},
    ],
    ids=str,
)
def test_nothing_is_guessed(changes):
    with pytest.raises(ValidationError):
        document(**changes)


def test_ticks_are_kept_in_one_order_however_they_were_given():
    one = document(materials=["words", "lesson"], topics=["body", "self_harm"])
    other = document(materials=["lesson", "words", "lesson"], topics=["self_harm", "body"])
    assert one == other
    assert one.materials == ("lesson", "words")


def test_a_time_in_another_zone_is_the_same_moment():
    assert document(issued_at="2026-11-22T12:00:00+02:00") == document()
    assert document(issued_at="2026-11-22T12:00:00+02:00").model_dump(mode="json")["issued_at"] == BASE["issued_at"]


def test_a_document_cannot_be_changed():
    with pytest.raises(ValidationError):
        document().understood = True


@given(moments, st.integers(0, 48))
def test_added_months_land_in_the_right_month_on_the_same_day_or_its_last(start, months):
    end = add_months(start, months)
    assert (end.year * 12 + end.month) - (start.year * 12 + start.month) == months
    assert end.timetz() == start.timetz()
    next_day = end + timedelta(days=1)
    assert end.day == start.day or (end.day < start.day and next_day.month != end.month)


def test_months_can_be_added_to_a_day():
    assert add_months(date(2026, 8, 31), 6) == date(2027, 2, 28)


@given(st.integers(0, 2**32 - 1))
def test_seconds_and_times_are_the_same_thing(seconds):
    assert to_unix(from_unix(seconds)) == seconds
    assert datetime.fromisoformat(iso(from_unix(seconds))) == from_unix(seconds)


def test_a_yes_is_every_treatment_that_can_end_in_a_post():
    assert set(TAXONOMY.treatment_codes) - YES == {"never", "undecided"}
