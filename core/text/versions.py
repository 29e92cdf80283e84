"""Which notices a yes still rests on: a MAJOR change of the words voids it, a MINOR one does not.

``notices.json`` holds, for each language, what was shown before, oldest first: ``{"notice": hex of 8
bytes, "then": "minor" | "major"}``, where ``then`` tells what kind of change came after it. What is not
in the list was changed in a MAJOR way: that is the default. Source: spec, "Which document is in force".
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TypedDict

from core.text import notice_hash

_HERE = Path(__file__).parent


class Earlier(TypedDict):
    """A notice that was shown before, and the kind of change that ended it."""

    notice: str
    then: str


def still_counts(notice: bytes, language: str) -> bool:
    """Whether a yes to this notice (8 bytes) holds today: its words, or all but MINOR changes of them."""
    return counts(notice, notice_hash(language), _earlier().get(language, []))


def counts(notice: bytes, current: bytes, earlier: list[Earlier]) -> bool:
    """Whether a yes to ``notice`` holds under ``current``, given what was shown before, oldest first."""
    if notice == current:
        return True
    shown = [one["notice"] for one in earlier]
    if notice.hex() not in shown:
        return False
    # Its last showing, should the same words ever have come back.
    last = len(shown) - 1 - shown[::-1].index(notice.hex())
    return all(one["then"] == "minor" for one in earlier[last:])


@cache
def _earlier() -> dict[str, list[Earlier]]:
    found: dict[str, list[Earlier]] = json.loads((_HERE / "notices.json").read_text("utf-8"))
    return found
