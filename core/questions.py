"""A therapist's questions as they look at them: what was asked, what became of it, and what can be asked now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from core import asking, drafting, knowing, people, requests
from core.answers import COOLING_OFF, LONGEST_YES_MONTHS, Answered, Outcome
from core.asking import Barrier, Wanted
from core.errors import BadInput, CannotReach, InboxFirst
from core.model.dates import add_months
from core.model.posted import Draft, Piece
from core.paper import slip as printed
from core.requests import Terms
from core.store import posts
from core.store import requests as store
from core.store.vaults import Vault
from core.text import Words

#: How long a client has to answer, where the therapist sets no other day.
USUAL_TIME = timedelta(days=21)
_DAY = timedelta(days=1)

#: What a question has come to. ``waiting``: a yes before its seven days are over; ``counts``: one that permits.
Stage = Literal["open", "waiting", "counts", "ended"] | Answered


@dataclass(frozen=True, slots=True)
class Line:
    """One question and what became of it.

    ``piece``: the draft or post with just these words, None where they were changed since. ``awaits_change``:
    the client's newest word is that they would say yes to a changed draft.
    """

    outcome: Outcome = field(repr=False)
    stage: Stage
    piece: Piece | None = field(repr=False)
    awaits_change: bool


@dataclass(frozen=True, slots=True)
class Candidate:
    """One person who would have to say yes to a draft, and what stands against asking them now.

    ``follows_up``: they said yes to it if it is changed, and this is the changed draft.
    """

    code: str = field(repr=False)
    barriers: tuple[Barrier, ...]
    follows_up: bool


@dataclass(frozen=True, slots=True)
class Wish:
    """A kept draft that needs a yes, and from whom."""

    piece: Piece = field(repr=False)
    people: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class Days:
    """What may be picked for one day of a question (UTC), both ends included, and what is usual."""

    first: date
    last: date
    usual: date


def hindrance(vault: Vault, *, mailbox_on: bool) -> CannotReach | InboxFirst | None:
    """Return why nobody at all can be asked now, or None."""
    if not mailbox_on:
        return CannotReach()
    return InboxFirst() if people.unopened(vault) else None


def every(vault: Vault, now: datetime) -> list[Line]:
    """Return all questions: open ones first, by their last day; then the others, the newest word first."""
    cards = sorted({asked.request.card for asked in store.every(vault)})
    outcomes = [one for card in cards for one in requests.outcomes(vault, card, now)]
    pieces = {piece.draft.content_hash: piece for piece in posts.every(vault)}
    newest = {requests.history(vault, card, now)[-1].asked.request_id for card in cards}
    lines = [
        Line(
            outcome=one,
            stage=stage(one, now),
            piece=pieces.get(one.asked.request.content_hash),
            awaits_change=one.invites_another and one.asked.request_id in newest,
        )
        for one in outcomes
    ]
    return sorted(lines, key=_order)


def stage(outcome: Outcome, now: datetime) -> Stage:
    """Return what a question has come to at this moment."""
    grant = outcome.grant
    if outcome.answer != "yes" or grant is None:
        return outcome.answer or "open"
    if now < grant.ready_at:
        return "waiting"
    return "counts" if now < grant.expires_at else "ended"


def wishes(vault: Vault, now: datetime) -> list[Wish]:
    """Return every kept draft that needs a yes now, newest first, with whoever would be asked.

    Whoever said yes to just these words, and may still think again, is not among them.
    """
    judged = drafting.judged(vault, now)
    found = [
        Wish(
            piece,
            tuple(
                _candidate(vault, piece.draft, code, now)
                for code in verdict.ask
                if not _has_said_yes(vault, piece.draft, code, now)
            ),
        )
        for piece, verdict in judged
        if verdict is not None and verdict.answer == "ask"
    ]
    return [wish for wish in found if wish.people]


def _has_said_yes(vault: Vault, draft: Draft, code: str, now: datetime) -> bool:
    outcomes = requests.outcomes(vault, code, now)
    same = (one for one in outcomes if one.asked.request.content_hash == draft.content_hash)
    return any(stage(one, now) == "waiting" for one in same)


def _candidate(vault: Vault, draft: Draft, code: str, now: datetime) -> Candidate:
    barriers = requests.barriers(vault, draft, code, now)
    return Candidate(code, barriers, before_the_change(vault, draft, code, now) is not None)


def before_the_change(vault: Vault, draft: Draft, code: str, now: datetime) -> Outcome | None:
    """Return the question that this draft would follow up: the person's last one, answered "yes, if it is changed"."""
    askings = asking.together(requests.history(vault, code, now))
    if not askings or not askings[-1].invites_another:
        return None
    sessions = tuple(knowing.entered(vault, draft.post).sessions_with(code))
    wanted = Wanted(code, draft.content_hash, draft.text, sessions)
    return askings[-1] if asking.is_same_story(askings[-1].asked, wanted) else None


def days(now: datetime) -> dict[Literal["answer_by", "post_on", "take_down_on"], Days]:
    """Return the days that a question can name."""
    today = now.astimezone(UTC).date()
    end = add_months(today, LONGEST_YES_MONTHS)
    answer_by = today + USUAL_TIME
    # Whoever says yes on the last day has the same seven days to think again.
    return {
        "answer_by": Days(today, end - _DAY, answer_by),
        "post_on": Days(today + COOLING_OFF, end - _DAY, answer_by + COOLING_OFF + _DAY),
        "take_down_on": Days(today + COOLING_OFF + _DAY, end, end - _DAY),
    }


def terms(
    audience: str,
    changed: str,
    kept: str,
    picked: Sequence[date | None],
    *,
    comments: bool = False,
    reuse: bool = False,
) -> Terms:
    """Return the terms of a question as a therapist filled them in.

    ``changed``, ``kept``: a line each. ``picked``: the last day for an answer, the day it is posted, the day it
    comes down. ``comments``, ``reuse``: whether people can. Raises ``BadInput`` where a day is missing.
    """
    answer_by, post_on, take_down_on = picked
    if answer_by is None or post_on is None or take_down_on is None:
        raise BadInput(problem="Pick all three days: to answer, to post, and to take down.")
    return Terms(
        audience=audience,
        changed=tuple(changed.splitlines()),
        kept=tuple(kept.splitlines()),
        comments_off=not comments,
        remix_off=not reuse,
        post_on=post_on,
        take_down_on=take_down_on,
        answer_by=answer_by,
    )


def invitation(vault: Vault, code: str) -> str:
    """Return what the therapist sends by a channel of their own, in the language of the client's card."""
    return requests.invitation(Words(people.own_card(vault, code).language))


def slip(vault: Vault, code: str) -> bytes:
    """Return the same to hand over: a PDF of one small page."""
    return printed.pdf(invitation(vault, code), people.own_card(vault, code).language)


def _order(line: Line) -> tuple[bool, float, bytes]:
    asked, closed_at = line.outcome.asked, line.outcome.closed_at
    moment = asked.request.closes_at.timestamp() if closed_at is None else -closed_at.timestamp()
    return closed_at is not None, moment, asked.request_id
