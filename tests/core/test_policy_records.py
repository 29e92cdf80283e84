"""What a verdict is made from cannot be changed once made, and its errors keep private what was given."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from core.model.person import Grant, Person
from core.model.post import Post, Story
from tests.core.asking import APART, GRANT, person

CANARY = "canary-3f9c"
POST = {"channels": ["post"], "form": "disguised", "materials": ["story"], "stories": APART[:1]}
RECORDS = [
    (Post, POST, "channels"),
    (Story, APART[0], "session_date"),
    (Person, person(), "therapy_ended"),
    (Grant, GRANT, "channels"),
]


@pytest.mark.parametrize(("record", "document", "field"), RECORDS)
def test_a_record_cannot_be_changed(record, document, field):
    made = record.model_validate(document)
    with pytest.raises(ValidationError, match="frozen"):
        setattr(made, field, None)


@pytest.mark.parametrize(("record", "document", "field"), RECORDS)
def test_an_error_does_not_repeat_what_was_given(record, document, field):
    with pytest.raises(ValidationError) as refused:
        record.model_validate(document | {field: CANARY})
    assert CANARY not in str(refused.value)
