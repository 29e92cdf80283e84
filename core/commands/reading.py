"""JSON documents read strictly: UTF-8, no name twice, nothing that is not JSON."""

from __future__ import annotations

import json
from typing import NoReturn

from core.errors import BadInput


def json_object(data: bytes, what: str) -> dict[str, object]:
    """Return the one JSON object in ``data``. Raises ``BadInput``, which calls it ``what``."""
    try:
        found = json.loads(data.decode("utf-8-sig"), object_pairs_hook=_each_once, parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise BadInput(problem=f"{what} cannot be read. It must be JSON in UTF-8 that gives each name once.") from None
    if not isinstance(found, dict):
        raise BadInput(problem=f"{what} must be one JSON object.")
    return found


def _each_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    # Of two answers to one question neither can be believed.
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name is given twice")
    return found


def _refuse(_constant: str) -> NoReturn:
    raise ValueError("NaN and Infinity are not JSON")
