"""A version is the whole number 1 and nothing that only resembles it: another program would read it differently."""

from __future__ import annotations

import json

import pytest
from pydantic import BaseModel, ValidationError

from core.model.checklist import Checklist
from core.model.notice import Seen
from core.model.preferences import Preferences
from core.model.request import Request
from core.model.taxonomy import TAXONOMY
from tests.core.test_answers import asked_about

AT = "2026-11-22T10:00:00Z"
DOCUMENTS: dict[type[BaseModel], dict[str, object]] = {
    Preferences: {"channels": dict.fromkeys(TAXONOMY.channel_ids, "never"), "issued_at": AT},
    Checklist: {"content_hash": "ab", "checked_at": AT},
    Seen: {"card": "K7QM2XPF", "at": AT, "token": "00"},
    Request: asked_about().request.model_dump(mode="json"),
}
KINDS = pytest.mark.parametrize("kind", DOCUMENTS, ids=lambda kind: kind.__name__)


@KINDS
def test_one_is_read(kind):
    assert kind.model_validate(DOCUMENTS[kind] | {"version": 1}).version == 1


@KINDS
@pytest.mark.parametrize("version", [True, 1.0, "1", 0, 2, None], ids=repr)
def test_nothing_else_is(kind, version):
    with pytest.raises(ValidationError):
        kind.model_validate(DOCUMENTS[kind] | {"version": version})
    with pytest.raises(ValidationError):
        kind.model_validate_json(json.dumps(DOCUMENTS[kind] | {"version": version}))
