"""When a post has to come down, by when, and where. Pure.

Source: spec section 8, "Withdrawal and ending" (docs/requests.md). The clock of a withdrawal starts when its
token was imported: before that nobody could know. The figures are this project's own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from core import wire
from core.answers import Asked, stands_against, takes_back
from core.model.body import NOBODY
from core.model.posted import Control, Piece, Place, Posted, Rest
from core.model.request import start_of
from core.standing import Held

Reason = Literal["withdrawn", "grant_ended", "take_down_day", "document_ended"]
#: What ended a standing document: its own time, narrower choices, a notice whose words changed, majority, death;
#: ``gone`` where none is in force any more.
Cause = Literal["ran_out", "changed", "new_words", "of_age", "died", "gone"]

_AT_ONCE: dict[Control, timedelta] = {
    "own": timedelta(hours=48),
    "others": timedelta(days=7),
    # Future editions are stopped in writing; the copies that are out stay out.
    "lasting": timedelta(days=7),
}
_RENEW = timedelta(days=30)
ENDS_SOON = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Known:
    """A token and when it was imported."""

    held: Held
    imported_at: datetime


@dataclass(frozen=True, slots=True)
class Side:
    """One card's side of a post, as it stands now.

    ``asked``: the question it rests on, where there was one. ``permits``: whether the document in force would
    let it be posted again; where not, ``ended_at`` is when that began, or None where nobody can say, and ``cause`` why.
    """

    rest: Rest
    tokens: tuple[Known, ...]
    asked: Asked | None
    permits: bool
    ended_at: datetime | None = None
    cause: Cause | None = None


@dataclass(frozen=True, slots=True)
class Ending:
    """Why a post has to come down. ``at``: since when, or None. ``card``: empty where it is about the post.

    ``cause``: of a document that ended.
    """

    reason: Reason
    at: datetime | None
    card: str = ""
    cause: Cause | None = None

    def due(self, control: Control) -> datetime | None:
        """Return by when it is to be done in such a place; None where only "within 30 days" can be said."""
        if self.at is None:
            return None
        return self.at + (_RENEW if self.reason == "document_ended" else _AT_ONCE[control])


@dataclass(frozen=True, slots=True)
class Task:
    """One line of the take-down list: one place of one post. ``reasons``: all of them, the most urgent first."""

    piece: Piece
    index: int
    place: Place
    reasons: tuple[Ending, ...]

    @property
    def due(self) -> datetime | None:
        """By when; None where only "within 30 days" can be said."""
        return self.reasons[0].due(self.place.control)

    @property
    def may_renew(self) -> bool:
        """Whether a new document would keep it up: nothing was taken back, something only ran out."""
        return all(ending.reason == "document_ended" for ending in self.reasons)


def endings(posted: Posted, sides: Iterable[Side], content_hash: str, now: datetime) -> tuple[Ending, ...]:
    """Return everything that says a post has to come down at ``now``."""
    found = [ending for side in sides for ending in _endings(side, content_hash, now)]
    if posted.take_down_on is not None and now >= start_of(posted.take_down_on):
        found.append(Ending("take_down_day", start_of(posted.take_down_on)))
    return tuple(found)


def tasks(piece: Piece, found: Iterable[Ending]) -> tuple[Task, ...]:
    """Return one line for each place of a post that has to come down, done ones too: they are shown as done."""
    reasons = tuple(found)
    if not reasons or piece.posted is None:
        return ()
    return tuple(
        Task(piece, index, place, tuple(sorted(reasons, key=lambda ending: _urgency(ending, place))))
        for index, place in enumerate(piece.posted.places)
    )


def ends_ahead(posted: Posted, now: datetime) -> tuple[tuple[Reason, str, datetime], ...]:
    """Return what a post rests on that ends in the next 30 days: why, whose card, and when. Soonest first."""
    ahead: list[tuple[Reason, str, datetime | None]] = []
    for rest in posted.rests_on:
        ahead.append(("grant_ended", rest.card, rest.grant_ends_at))
        ahead.append(("document_ended", rest.card, rest.document_ends_at))
    if posted.take_down_on is not None:
        ahead.append(("take_down_day", "", start_of(posted.take_down_on)))
    soon = [(reason, card, at) for reason, card, at in ahead if at is not None and now < at <= now + ENDS_SOON]
    return tuple(sorted(soon, key=lambda one: one[2]))


def _endings(side: Side, content_hash: str, now: datetime) -> list[Ending]:
    found = []
    against = [one.imported_at for one in side.tokens if _withdraws(side, one.held.body, content_hash)]
    if against:
        found.append(Ending("withdrawn", min(against), side.rest.card))
    ends = side.rest.grant_ends_at
    if ends is not None and now >= ends:
        found.append(Ending("grant_ended", ends, side.rest.card))
    if not side.permits and not found:
        found.append(Ending("document_ended", side.ended_at, side.rest.card, side.cause))
    return found


def _withdraws(side: Side, body: wire.Body, content_hash: str) -> bool:
    rest = side.rest
    if takes_back(body, rest.request_id or NOBODY, content_hash, rest.document_issued_at):
        return True
    return side.asked is not None and stands_against(body, side.asked, rest.granted_at) is not None


def _urgency(ending: Ending, place: Place) -> tuple[bool, float]:
    due = ending.due(place.control)
    return due is None, due.timestamp() if due else 0.0
