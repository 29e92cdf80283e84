"""``token seal``: a preferences document on stdin becomes a token, signed unless asked otherwise."""

from __future__ import annotations

from argparse import Namespace
from datetime import datetime

from pydantic import ValidationError

from core import token, wire
from core.commands import Console
from core.commands.reading import json_object
from core.errors import BadInput, Malformed
from core.keys import ClientKeys
from core.model.dates import iso
from core.model.preferences import Preferences
from core.text import notice_hash

_LANGUAGE = "en"


def seal_token(arguments: Namespace, console: Console) -> dict[str, object]:
    """Return token, acknowledgement, and the seed where it was made here. Raises ``BadInput``."""
    if arguments.unsigned and any(arguments.previous):
        raise BadInput(problem="--previous belongs to a signed token. Leave out --unsigned, or --previous.")
    now = arguments.now or console.clock()
    preferences = _preferences(json_object(console.stdin.read(), "The preferences document"), now)
    client = None if arguments.unsigned else ClientKeys(arguments.seed) if arguments.seed else ClientKeys.new()
    sealed = _issued(_body(preferences, arguments), arguments.to, client)
    answer: dict[str, object] = {"token": sealed.text, "acknowledgement": sealed.acknowledgement}
    if client and not arguments.seed:
        answer["seed"] = client.seed.hex()
    return answer


def _preferences(document: dict[str, object], now: datetime) -> Preferences:
    try:
        return Preferences.model_validate({"issued_at": iso(now), **document})
    except ValidationError as refused:
        raise BadInput(problem=_problem(refused)) from None


def _problem(refused: ValidationError) -> str:
    error = refused.errors(include_input=False, include_url=False, include_context=False)[0]
    # Deeper names, and names we do not know, are whatever was typed: they stay out of the sentence.
    field = error["loc"][0] if error["loc"] and error["loc"][0] in Preferences.model_fields else ""
    rule = error["msg"].removeprefix("Value error, ")
    named = rule if not field or rule.startswith(str(field)) else f"{field}: {rule}"
    return f"The preferences document breaks a rule: {named}."


def _body(preferences: Preferences, arguments: Namespace) -> wire.Body:
    return wire.Body(
        content=wire.Choices(preferences),
        card=arguments.card,
        issued_at=preferences.issued_at,
        expires_at=preferences.expires_at,
        sequence=arguments.sequence,
        notice=notice_hash(_LANGUAGE),
        language=_LANGUAGE,
        signed=not arguments.unsigned,
        understood=preferences.understood,
        previous=arguments.previous,
    )


def _issued(body: wire.Body, recipient: bytes, client: ClientKeys | None) -> token.Token:
    try:
        return token.issue(body, recipient, client)
    except Malformed as refused:
        raise BadInput(problem=f"No token can hold this document: {refused.details['problem']}.") from None
