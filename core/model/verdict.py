"""The answer to "may this be posted?": a word, its reasons, and what to do first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Answer = Literal["no", "not_yet", "ask", "allowed", "out_of_scope"]
Rule = Literal[
    "no_preferences",
    "withdrawn",
    "hold",
    "lapsed",
    "expired",
    "refused",
    "locked_use",
    "undecided",
    "never",
    "topic_left_out",
    "material_left_out",
    "session_gap",
    "in_therapy",
    "live_cannot_be_shown_first",
    "composite_required",
    "ask",
    "too_few_for_composite",
]
Step = Literal["deidentify", "record_post", "no_majority", "read_note", "attest_invented"]


@dataclass(frozen=True, slots=True, order=True)
class Reason:
    """A rule and the card code of the person it is about; empty where it is about the whole post."""

    rule: Rule
    person: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """``on``: the day a ``not_yet`` ends, None where it depends on therapy ending. Lists are sorted."""

    answer: Answer
    on: date | None = None
    ask: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()
    steps: tuple[Step, ...] = ()
