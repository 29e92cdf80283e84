"""What is known of a person, and a yes, as records: protective where nothing is said, quiet, and never guessed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from core.model.person import Grant, Person

CANARY = "canary-3f9c"
GRANT = {
    "content_hash": "AB",
    "channels": ["promotion", "post"],
    "ready_at": "2026-11-22T10:00:00Z",
    "expires_at": "2027-11-22T10:00:00Z",
}


def test_of_whom_nothing_is_said_everything_stands_in_the_way():
    nobody = Person()
    assert (nobody.preferences, nobody.therapy_ended, nobody.grants, nobody.refused) == (None, None, (), None)
    assert (nobody.withdrawn, nobody.hold, nobody.lapsed) == (True, True, True)
    assert Grant.model_validate(GRANT).withdrawn


def test_a_draft_is_refused_where_it_is_named_or_nobody_said_which_are():
    assert Person().refuses("ab")
    assert Person(refused=("AB",)).refuses("ab")
    assert not Person(refused=("cd",)).refuses("ab")
    assert not Person(refused=()).refuses("ab")
    assert not Person().refuses(None)
    assert not Person(refused=("cd",)).refuses(None)


def test_nobody_said_may_be_said():
    said = Person.model_validate({"preferences": None, "therapy_ended": None, "refused": None})
    assert said == Person()


def test_a_yes_is_read_in_one_form():
    grant = Grant.model_validate(GRANT | {"withdrawn": False})
    assert grant.content_hash == "ab"
    assert set(grant.channels) == {"post", "promotion"}
    assert grant.ready_at == datetime(2026, 11, 22, 10, tzinfo=UTC)
    assert not grant.withdrawn


@pytest.mark.parametrize("field", ["ready_at", "expires_at"])
def test_a_time_may_be_written_in_small_letters_or_be_one(field):
    assert Grant.model_validate(GRANT | {field: "2026-11-22t10:00:00z"}) == Grant.model_validate(
        GRANT | {field: datetime(2026, 11, 22, 10, tzinfo=UTC)}
    )


@pytest.mark.parametrize("field", ["ready_at", "expires_at"])
@pytest.mark.parametrize("moment", [1790000000, 1790000000.5, "1790000000", "2026-11-22", True])
def test_a_bare_number_or_day_is_no_time(field, moment):
    with pytest.raises(ValidationError, match="must be a time written like 2026-11-22T10:00:00Z"):
        Grant.model_validate(GRANT | {field: moment})


@pytest.mark.parametrize("moment", ["2026-11-22T10:00:00", datetime(2026, 11, 22, 10)], ids=str)  # noqa: DTZ001
def test_a_time_without_a_zone_is_none(moment):
    with pytest.raises(ValidationError):
        Grant.model_validate(GRANT | {"ready_at": moment})


@pytest.mark.parametrize("field", ["withdrawn", "hold", "lapsed"])
@pytest.mark.parametrize("value", [0, 1, "no"])
def test_yes_or_no_is_never_guessed(field, value):
    with pytest.raises(ValidationError):
        Person.model_validate({field: value})
    with pytest.raises(ValidationError):
        Grant.model_validate(GRANT | {"withdrawn": value})


@pytest.mark.parametrize("made", [Person(hold=False), Grant.model_validate(GRANT)], ids=["person", "grant"])
def test_it_stays_as_it_was_made_takes_nothing_else_and_keeps_quiet(made):
    field = next(iter(type(made).model_fields))
    with pytest.raises(ValidationError):
        setattr(made, field, getattr(made, field))
    for more in ({"other": CANARY}, {"withdrawn": CANARY}):
        with pytest.raises(ValidationError) as refused:
            type(made).model_validate(made.model_dump() | more)
        assert CANARY not in str(refused.value)
