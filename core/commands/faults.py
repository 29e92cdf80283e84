"""What is wrong with a document, a sentence for each fault. No sentence repeats what was given.

A name is shown only where it is one of ours: a name that is not known is itself something typed.
"""

from __future__ import annotations

from collections.abc import Collection

from pydantic import ValidationError
from pydantic_core import ErrorDetails

_ID = "is not an id that is known here"
_OBJECT = "must be an object"
_TIME = "must be a time written like 2026-11-22T10:00:00Z"
#: pydantic's kind of error → what to say of the field. ``datetime_…`` and ``timezone_…`` are many.
_PREDICATES = {
    "missing": "is missing",
    "extra_forbidden": "has a field that is not known here",
    "bool_type": "must be true or false",
    "string_type": "must be text",
    "string_unicode": "must be readable text",
    "tuple_type": "must be a list",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "dict_type": _OBJECT,
    "model_type": _OBJECT,
    "string_too_short": "must not be empty",
    "literal_error": _ID,
}


def sentences(refused: ValidationError, known: Collection[str]) -> list[str]:
    """Return one sentence for each fault, in the order of the fields. ``known``: the names that may be shown."""
    return [_sentence(error, known) for error in refused.errors(include_input=False, include_url=False)]


def _sentence(error: ErrorDetails, known: Collection[str]) -> str:
    path, said = error["loc"], _said(error)
    if error["type"] == "extra_forbidden" or said.startswith(f"{path[-1]} "):
        path = path[:-1]
    where = _where(path, known)
    link = " " if said.startswith(("is ", "has ", "must ")) else ": "
    return f"{where}{link}{said}."


def _where(path: tuple[int | str, ...], known: Collection[str]) -> str:
    steps = (
        f"[{step}]" if isinstance(step, int) else f".{step}" for step in path if isinstance(step, int) or step in known
    )
    return "".join(steps).removeprefix(".") or "The question"


def _said(error: ErrorDetails) -> str:
    if error["type"] == "value_error":
        return error["msg"].removeprefix("Value error, ")
    if error["type"].startswith(("datetime", "timezone")):
        return _TIME
    return _PREDICATES.get(error["type"], "cannot be read")
