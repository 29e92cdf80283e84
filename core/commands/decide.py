"""``decide``: may this be posted? One question on stdin as JSON, or with ``--lines`` one a line.

A question is ``{"now": "2026-11-22T10:00:00Z", "post": {…}, "people": {CODE: {…} or null}}``; what each
holds, and what an absent field counts as, is told in docs/verdicts.md. With ``--lines`` each answer is
written at once, and a line that is no question is answered with its faults while the rest go on.
"""

from __future__ import annotations

import json
import re
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from core.commands import Command, Console
from core.commands.faults import sentences
from core.commands.reading import json_object
from core.errors import BadInput
from core.model.dates import FIRST_YEAR, LAST_YEAR
from core.model.person import Grant, Person
from core.model.post import Post, Story
from core.model.preferences import Preferences
from core.model.taxonomy import TAXONOMY
from core.model.verdict import Verdict
from core.policy import decide


def _moment(given: object) -> datetime:
    wrong = ValueError("must be a time written like 2026-11-22T10:00:00Z")
    form = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?Z"
    if not isinstance(given, str) or not re.fullmatch(form, given):
        raise wrong
    try:
        moment = datetime.fromisoformat(given)
    except ValueError:
        raise wrong from None
    if not FIRST_YEAR <= moment.year < LAST_YEAR:
        raise wrong
    return moment


def _without_codes(people: object) -> object:
    # A fault in a person is told by place: the card code itself must not come into a sentence.
    if not isinstance(people, dict):
        raise ValueError("must be an object")  # noqa: TRY004 - pydantic gathers ValueErrors only
    return tuple(people.values())


class _Question(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    now: Annotated[datetime, BeforeValidator(_moment)]
    post: Post
    people: Annotated[tuple[Person | None, ...], BeforeValidator(_without_codes)] = ()


_NAMES = frozenset(TAXONOMY.channel_ids).union(
    *(model.model_fields for model in (_Question, Post, Story, Person, Grant, Preferences))
)


def _configure(parser: ArgumentParser) -> None:
    parser.add_argument("--lines", action="store_true", help="one question a line, one answer a line")


def _run(arguments: Namespace, console: Console) -> dict[str, object] | None:
    if not arguments.lines:
        return _answer(console.stdin.read())
    for line in console.stdin:
        console.stdout.write(json.dumps(_answer_or_faults(line)) + "\n")
        console.stdout.flush()
    return None


def _answer_or_faults(line: bytes) -> dict[str, object]:
    try:
        return _answer(line)
    except BadInput as refused:
        return {"error": refused.id, "problems": refused.sentence.splitlines()}


def _answer(text: bytes) -> dict[str, object]:
    """Return the verdict as JSON. Raises ``BadInput`` with a line for each fault."""
    document = json_object(text, "The question")
    try:
        question = _Question.model_validate(document, context=_context(document))
    except ValidationError as refused:
        raise BadInput(problem="\n".join(sentences(refused, _NAMES))) from None
    people = dict(zip(_codes(document), question.people, strict=True))
    return as_json(decide(question.post, people, question.now))


def _context(document: Mapping[str, object]) -> dict[str, datetime] | None:
    # Whether a session has been depends on now, so now is read before the rest. Its own fault is told later.
    try:
        return {"now": _moment(document.get("now"))}
    except ValueError:
        return None


def _codes(document: Mapping[str, object]) -> tuple[str, ...]:
    people = document.get("people", {})
    return tuple(people) if isinstance(people, dict) else ()


def as_json(verdict: Verdict) -> dict[str, object]:
    """Return a verdict as the document that other programs read. Lists are sorted."""
    return {
        "verdict": verdict.answer,
        "on": verdict.on.isoformat() if verdict.on else None,
        "ask": list(verdict.ask),
        "reasons": [{"rule": reason.rule, "person": reason.person or None} for reason in verdict.reasons],
        "steps": list(verdict.steps),
    }


COMMAND = Command("May this be posted?", _configure, _run)
