"""What became of a request, and what that permits. Pure.

Source: spec section 7, "Requests" (docs/requests.md). The order of arrival never matters: an outcome is a
function of the set of tokens held, the confirmed key, and the time. Anyone with the card can say no, at
any time; a yes counts only signed by the confirmed key, in time, and under a notice that still counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from core import wire
from core.model.body import NOBODY
from core.model.dates import add_months
from core.model.person import Grant
from core.model.request import Request, start_of
from core.standing import Held
from core.text.versions import still_counts

#: Between a yes and the first post that may rest on it.
COOLING_OFF = timedelta(days=7)
#: No yes lasts longer than this, whatever the request says.
LONGEST_YES_MONTHS = 12

Answered = Literal["no_never_ask", "no", "taken_back", "silence", "not_now", "yes_if_changed", "yes"]
#: The most protective first: it wins.
PROTECTIVE_FIRST: tuple[Answered, ...] = (
    "no_never_ask",
    "no",
    "taken_back",
    "silence",
    "not_now",
    "yes_if_changed",
    "yes",
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that was sent. ``request_id``: 32 bytes. ``sessions``: the days its stories are from."""

    request: Request
    request_id: bytes
    sessions: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a request at one moment.

    ``answer``: None while it is open. ``closed_at``: when that answer was given, or the time ran out.
    ``grant``: where a yes that counts was given, taken back or not; ``given_by``: the tokens it rests on.
    ``invites_another``: the client, by their key and in time, said yes to a changed draft.
    """

    asked: Asked
    answer: Answered | None
    closed_at: datetime | None
    note: str = ""
    grant: Grant | None = None
    given_by: tuple[Held, ...] = ()
    invites_another: bool = False

    @property
    def rank(self) -> tuple[int, bool]:
        """How protective it is: the least the most. An open one lies between every no and a wish for changes."""
        return PROTECTIVE_FIRST.index(self.answer or "not_now"), self.answer is None

    @property
    def is_no(self) -> bool:
        """Whether it counts as a no: silence and ``not_now`` do, a wish for changes does not."""
        return self.answer not in {None, "yes", "yes_if_changed"}


def outcome(asked: Asked, tokens: Iterable[Held], confirmed_key: bytes | None, now: datetime) -> Outcome:
    """Return what became of a request. ``tokens``: all that are held; those of other cards play no part."""
    own = {token.digest: token for token in tokens if token.body.card == asked.request.card}
    held = sorted(own.values(), key=lambda token: token.digest)
    yeses = tuple(token for token in held if _is_yes(token.body, asked, confirmed_key))
    since = min((token.body.issued_at for token in yeses), default=None)
    others = [(answer, token) for token in held if (answer := stands_against(token.body, asked, since)) is not None]
    given: dict[Answered, list[Held]] = {"yes": list(yeses)} if yeses else {}
    for answer, token in others:
        given.setdefault(answer, []).append(token)
    in_time = any(token.body.issued_at < asked.request.closes_at for tokens in given.values() for token in tokens)
    if not in_time and now >= asked.request.closes_at:
        given["silence"] = []
    won = min(given, key=PROTECTIVE_FIRST.index, default=None)
    return Outcome(
        asked=asked,
        answer=won,
        closed_at=_closed_at(asked, won, given),
        note=_note(won, given),
        grant=_grant(asked, yeses, withdrawn=won != "yes") if yeses else None,
        given_by=yeses,
        invites_another=won == "yes_if_changed"
        and any(_is_timely(token.body, asked, confirmed_key) for token in given["yes_if_changed"]),
    )


def refused(outcomes: Iterable[Outcome], tokens: Iterable[Held]) -> tuple[str, ...]:
    """Return the content hashes (hex) answered other than yes, unanswered in time, or taken back."""
    known = list(outcomes)
    ids = {one.asked.request_id for one in known}
    closed = {one.asked.request.content_hash for one in known if one.answer not in {None, "yes"}}
    said = [token.body.content for token in tokens]
    single = {one.reference for one in said if isinstance(one, wire.Withdrawal) and one.scope == "one_post"}
    return tuple(sorted(closed | {reference.hex() for reference in single - ids - {NOBODY}}))


def grants(outcomes: Iterable[Outcome]) -> tuple[Grant, ...]:
    """Return every yes that was given, taken back or not."""
    return tuple(one.grant for one in outcomes if one.grant is not None)


def takes_back(body: wire.Body, request_id: bytes, content_hash: str, since: datetime) -> bool:
    """Whether a token takes back what was permitted at ``since`` for this draft. Nobody needs a key for it.

    A stop counts when it is not older than what it stops. A withdrawal of one post counts whenever it was
    made; where it names none, it means all that was permitted before it.
    """
    content = body.content
    if not isinstance(content, wire.Withdrawal):
        return False
    if content.scope == "everything" or content.reference == NOBODY:
        return body.issued_at >= since
    return content.reference in {request_id, bytes.fromhex(content_hash)}


def _is_timely(body: wire.Body, asked: Asked, confirmed_key: bytes | None) -> bool:
    by_client = body.signed and body.client_key == confirmed_key
    return by_client and asked.request.issued_at <= body.issued_at < asked.request.closes_at


def _is_yes(body: wire.Body, asked: Asked, confirmed_key: bytes | None) -> bool:
    content = body.content
    return (
        isinstance(content, wire.Answer)
        and content.answer == "yes"
        and content.request_id == asked.request_id
        and _is_timely(body, asked, confirmed_key)
        and still_counts(body.notice, body.language)
    )


def stands_against(body: wire.Body, asked: Asked, since: datetime | None) -> Answered | None:
    """Return the answer other than yes that a token gives to a request, or None. Nobody needs a key for it.

    ``since``: when the yes it may take back was given, or None where there is none.
    """
    content = body.content
    if isinstance(content, wire.Answer):
        return content.answer if content.answer != "yes" and _is_about(body, content, asked) else None
    if since is None and not _names_one_post(content):
        # A stop stops the person; a request that nobody answered runs out by itself.
        return None
    taken = takes_back(body, asked.request_id, asked.request.content_hash, since or asked.request.issued_at)
    return "taken_back" if taken else None


def _names_one_post(content: object) -> bool:
    return isinstance(content, wire.Withdrawal) and content.scope == "one_post" and content.reference != NOBODY


def _is_about(body: wire.Body, content: wire.Answer, asked: Asked) -> bool:
    # With the card alone nobody can know a request's id: zeros mean whatever is open.
    if content.request_id == NOBODY:
        return asked.request.issued_at <= body.issued_at < asked.request.closes_at
    return content.request_id == asked.request_id


def _closed_at(asked: Asked, won: Answered | None, given: dict[Answered, list[Held]]) -> datetime | None:
    if won is None:
        return None
    if won == "silence":
        return asked.request.closes_at
    # The latest of them: a pause counts from it.
    return max(asked.request.issued_at, *(token.body.issued_at for token in given[won]))


def _note(won: Answered | None, given: dict[Answered, list[Held]]) -> str:
    said = [token.body.content for token in (given[won] if won else ())]
    return "\n".join(dict.fromkeys(one.note for one in said if isinstance(one, wire.Answer) and one.note))


def _grant(asked: Asked, yeses: tuple[Held, ...], *, withdrawn: bool) -> Grant:
    request = asked.request
    ends = [end for token in yeses if (end := token.body.expires_at) is not None]
    given_at = [token.body.issued_at for token in yeses]
    return Grant(
        content_hash=request.content_hash,
        channels=request.all_channels,
        # Of several equal answers the latest starts the wait and the earliest the end.
        ready_at=max(given_at) + COOLING_OFF,
        expires_at=min(longest_yes(request, min(given_at)), *ends),
        withdrawn=withdrawn,
    )


def longest_yes(request: Request, given_at: datetime) -> datetime:
    """Return when a yes given at this moment ends: as its take-down day begins, at most twelve months on."""
    return min(start_of(request.take_down_on), add_months(given_at, LONGEST_YES_MONTHS))
