"""When a person may be asked about a draft, and when not. Pure.

Source: spec section 7, "Requests" (docs/requests.md). The figures are this project's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Literal

from core.answers import Asked, Outcome
from core.model.circumstances import Unasked
from core.model.dates import add_months
from core.model.person import Person

BETWEEN_REQUESTS = timedelta(days=90)
PAUSE_MONTHS = 6
NOES_IN_A_ROW = 2

Rule = (
    Literal[
        "no_preferences",
        "withdrawn",
        "hold",
        "lapsed",
        "expired",
        "never_ask",
        "same_story",
        "open",
        "too_soon",
        "paused",
        "would_not_help",
        "not_needed",
    ]
    | Unasked
)


@dataclass(frozen=True, slots=True)
class Barrier:
    """Why somebody is not asked now. ``until``: None where no date ends it."""

    rule: Rule
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """A question as it would be put. ``sessions``: the days of the sessions with this card in it."""

    card: str
    content_hash: str
    draft: str
    sessions: tuple[date, ...]


def about_the_person(person: Person, unasked: Sequence[Unasked], now: datetime) -> tuple[Barrier, ...]:
    """Return what stands against asking this person about anything: nothing in force, a hold, a crisis."""
    document = person.preferences
    flags: dict[Rule, bool] = {
        "no_preferences": document is None,
        "withdrawn": person.withdrawn,
        "hold": person.hold,
        "lapsed": person.lapsed,
        "expired": document is not None and document.has_ended(now),
    }
    raised: list[Rule] = [*(rule for rule, stands in flags.items() if stands), *unasked]
    return tuple(Barrier(rule) for rule in raised)


def limits(history: Iterable[Outcome], wanted: Wanted, now: datetime) -> tuple[Barrier, ...]:
    """Return what stands against one more request. ``history``: of every card of this person.

    The same draft on another card of one person is one asking.
    """
    earlier = [one for one in history if not _is_one_asking(one, wanted)]
    askings = together(earlier)
    barriers = (_never_ask(earlier), _same_story(earlier, wanted), _open(earlier), _paused(askings, now))
    soon = None if _is_follow_up(askings, wanted) else _too_soon(earlier, now)
    return tuple(barrier for barrier in (*barriers, soon) if barrier is not None)


def together(history: Iterable[Outcome]) -> list[Outcome]:
    """Return one outcome for each draft, the most protective, in the order in which they were asked."""
    by_draft = sorted(history, key=lambda one: (one.asked.request.content_hash, one.rank, one.asked.request_id))
    drafts = [next(each) for _, each in groupby(by_draft, key=lambda one: one.asked.request.content_hash)]
    return sorted(drafts, key=_order)


def _order(one: Outcome) -> tuple[datetime, bytes]:
    return one.asked.request.issued_at, one.asked.request_id


def _is_one_asking(one: Outcome, wanted: Wanted) -> bool:
    # A person with two cards is asked on both; what was answered on one stands in its own rules.
    request = one.asked.request
    return request.content_hash == wanted.content_hash and request.card != wanted.card and not one.is_no


def _never_ask(earlier: list[Outcome]) -> Barrier | None:
    return Barrier("never_ask") if any(one.answer == "no_never_ask" for one in earlier) else None


def _same_story(earlier: list[Outcome], wanted: Wanted) -> Barrier | None:
    # "Not now" leaves the door open; every other no, and silence, closes it on that story.
    told = (one for one in earlier if one.is_no and one.answer != "not_now")
    return Barrier("same_story") if any(is_same_story(one.asked, wanted) for one in told) else None


def is_same_story(asked: Asked, wanted: Wanted) -> bool:
    """Whether a question tells of the same thing as one before: a session in common, or the same words."""
    return not set(asked.sessions).isdisjoint(wanted.sessions) or asked.request.draft == wanted.draft


def _open(earlier: list[Outcome]) -> Barrier | None:
    ends = [one.asked.request.closes_at for one in earlier if one.answer is None]
    return Barrier("open", max(ends)) if ends else None


def _too_soon(earlier: list[Outcome], now: datetime) -> Barrier | None:
    until = max((one.asked.request.issued_at + BETWEEN_REQUESTS for one in earlier), default=now)
    return Barrier("too_soon", until) if now < until else None


def _is_follow_up(earlier: list[Outcome], wanted: Wanted) -> bool:
    """Whether this is the one changed draft that a client asked for by ``yes_if_changed``."""
    if not earlier or not earlier[-1].invites_another or not is_same_story(earlier[-1].asked, wanted):
        return False
    return not (len(earlier) > 1 and _was_follow_up(earlier[-2], earlier[-1]))


def _was_follow_up(before: Outcome, after: Outcome) -> bool:
    gap = after.asked.request.issued_at - before.asked.request.issued_at
    return before.invites_another and gap < BETWEEN_REQUESTS


def _paused(earlier: list[Outcome], now: datetime) -> Barrier | None:
    closed = [one for one in earlier if one.closed_at is not None]
    last = closed[-NOES_IN_A_ROW:]
    if len(last) < NOES_IN_A_ROW or not all(one.is_no for one in last):
        return None
    until = add_months(max(one.closed_at for one in last if one.closed_at), PAUSE_MONTHS)
    return Barrier("paused", until) if now < until else None
