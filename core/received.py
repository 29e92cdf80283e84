"""What a client reads on their own page: questions, posts that include them, and what their therapist has seen.

Everything comes from letters sealed to the client and signed by the therapist, and from the client's own
record of what they sent. Nothing is called seen or taken down before a letter says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

from core import letter, parcel, wire
from core.answers import COOLING_OFF, PROTECTIVE_FIRST, Answered, Asked, longest_yes, stands_against
from core.keys import ClientKeys
from core.model import notice
from core.model.body import AnswerChoice
from core.model.notice import Notice, PostedNotice, PostedPlace, Seen, TakenDown
from core.model.request import NotARequest, Request, parse, request_id, start_of
from core.own_record import OwnRecord
from core.store import mailbox
from core.store.cards import Card
from core.store.database import Database
from core.store.practice import Therapist
from core.token import Token

#: The order they are offered in, the most protective first.
ANSWERS: tuple[AnswerChoice, ...] = ("no", "no_never_ask", "not_now", "yes_if_changed", "yes")
ENDS_SOON = timedelta(days=30)
#: How far a word from the client is: it lies in the mailbox, or the therapist said that it arrived.
Progress = Literal["sent", "seen"]


@dataclass(frozen=True, slots=True)
class Question:
    """A request as its client sees it. ``answered``: what their own record says they sent; None while nothing was.

    ``answered_at``, ``note``, ``progress``: when that was, what was noted with it, and how far it is.
    ``no_by_card``: how far a no is that was said with the card alone; None where this client cannot know of one.
    """

    request: Request = field(repr=False)
    request_id: bytes = field(repr=False)
    answered: AnswerChoice | None
    taken_back: bool
    answered_at: datetime | None = None
    note: str = field(repr=False, default="")
    progress: Progress | None = None
    no_by_card: Progress | None = None

    def is_open(self, now: datetime) -> bool:
        """Whether an answer is still waited for."""
        return self.state(now) is None

    def can_be_taken_back(self, now: datetime) -> bool:
        """Whether there is a live yes in it."""
        return self.state(now) == "yes" and now < longest_yes(self.request, now)

    def state(self, now: datetime) -> Answered | None:
        """Return what it came to so far, as far as this client can know; None while it is open."""
        said: list[Answered] = [self.answered] if self.answered else []
        said += ["taken_back"] if self.taken_back else []
        said += ["no"] if self.no_by_card else []
        if not said:
            return None if now < self.request.closes_at else "silence"
        return min(said, key=PROTECTIVE_FIRST.index)

    def may_say(self, now: datetime) -> tuple[AnswerChoice, ...]:
        """Return the answers that can still change something: all while it is open, then only stricter ones."""
        state = self.state(now)
        if state is None:
            return ANSWERS
        return tuple(one for one in ANSWERS if PROTECTIVE_FIRST.index(one) < PROTECTIVE_FIRST.index(state))

    @property
    def ready_at(self) -> datetime | None:
        """When a yes that was given lets it be posted: it cools off first. None where none was."""
        return self.answered_at + COOLING_OFF if self.answered_at and self.answered == "yes" else None


@dataclass(frozen=True, slots=True)
class Post:
    """One post that includes this client. ``taken_down``: the newest word on it, None while nothing was said.

    ``taken_back``: how far the client's own word against it is; None where they said nothing against it.
    """

    posted: PostedNotice
    taken_down: TakenDown | None
    taken_back: Progress | None = None

    @property
    def places(self) -> tuple[PostedPlace, ...]:
        """Every place, as the newest letter describes it."""
        return self.taken_down.places if self.taken_down else self.posted.places

    @property
    def is_over(self) -> bool:
        """Whether nothing is left to do in any place."""
        return all(place.state in {"done", "cannot_be_undone"} for place in self.places)

    @property
    def can_be_taken_back(self) -> bool:
        """Whether a word against it would still change something."""
        return self.taken_back is None and not self.is_over

    @property
    def reference(self) -> bytes:
        """What a client names to take it back (32 bytes): the question it rests on, else the exact draft."""
        return bytes.fromhex(self.posted.request_id or self.posted.content_hash)


@dataclass(frozen=True, slots=True)
class Received:
    """All letters to one client, newest first. ``seen``: SHA-256 (hex) of their tokens that were imported."""

    questions: tuple[Question, ...]
    posts: tuple[Post, ...]
    seen: frozenset[str]

    def progress(self, last: OwnRecord) -> Progress:
        """Return how far a client's last choices or stop are."""
        return _progress(last.body, last, self.seen)


def received(
    database: Database,
    card: Card,
    therapist: Therapist,
    keys: ClientKeys,
    last: OwnRecord | None,
    by_card: Token | None = None,
) -> Received:
    """Open what waits for a client. A letter that does not open, or is for another card, is as good as missing.

    ``last``: their own record, which tells what they answered. ``by_card``: a no with this card alone that is
    known to be filed; of any other one only the therapist can tell, once it was imported.
    """
    waiting = mailbox.waiting(database, parcel.recipient_of(keys.sealing_public))
    letters = [content for one in waiting for content in _opened(one.sealed, keys, therapist, card)]
    notices = [one for one in letters if not isinstance(one, Question)]
    seen = frozenset(one.token for one in notices if isinstance(one, Seen))
    asked = {one.request_id: one for one in letters if isinstance(one, Question)}
    closed = _closed(asked.values(), notices, by_card)
    known = [replace(_with_answer(one, last, seen), no_by_card=closed.get(id_)) for id_, one in asked.items()]
    return Received(
        questions=tuple(sorted(known, key=lambda one: one.request.issued_at, reverse=True)),
        posts=tuple(_posts(notices, last, seen, closed)),
        seen=seen,
    )


def _closed(asked: Iterable[Question], notices: Iterable[Notice], by_card: Token | None) -> dict[bytes, Progress]:
    """Return the ids of the questions that the card alone said no to, and how far that no is."""
    closed: dict[bytes, Progress] = {}
    for one in asked if by_card else ():
        if by_card and stands_against(by_card.body, Asked(one.request, one.request_id, ()), None):
            closed[one.request_id] = "sent"
    named = [name for one in notices if isinstance(one, Seen) for name in one.closed]
    return closed | dict.fromkeys((bytes.fromhex(name) for name in named), "seen")


def ends_soon(record: OwnRecord | None, letters: Received, now: datetime) -> list[tuple[str, datetime]]:
    """Return what ends in the next 30 days: ``choices``, or a post's id, and when."""
    chosen = record.body if record and record.body.kind == "preferences" else None
    ends = [("choices", chosen.expires_at)] if chosen and chosen.expires_at else []
    for one in letters.posts:
        day = one.posted.take_down_on
        if day is not None and not one.is_over:
            ends.append((one.posted.post, start_of(day)))
    return sorted((one for one in ends if now < one[1] <= now + ENDS_SOON), key=lambda one: one[1])


def _opened(sealed: bytes, keys: ClientKeys, therapist: Therapist, card: Card) -> Iterator[Question | Notice]:
    try:
        found = parcel.unpack(sealed, keys.sealing.private)
        if found.kind in {"token", "own_record"}:
            return
        data = letter.open_letter(found.kind, found.payload, keys.sealing, therapist.signing_public)  # type: ignore[arg-type]
        if found.kind == "request":
            question = Question(parse(data), request_id(data), None, taken_back=False)
            if question.request.card == card.code:
                yield question
        else:
            told = notice.parse(found.kind, data)  # type: ignore[arg-type]
            if told.card == card.code:
                yield told
    except (parcel.NotAParcel, letter.NotALetter, NotARequest, notice.NotANotice):
        return


def _with_answer(question: Question, last: OwnRecord | None, seen: frozenset[str]) -> Question:
    if last is None:
        return question
    own = {question.request_id, bytes.fromhex(question.request.content_hash)}
    answers = [
        (body, body.content)
        for body in last.given
        if isinstance(body.content, wire.Answer) and body.content.request_id == question.request_id
    ]
    # The most protective wins, as it does where it arrives; of several equal ones the latest.
    body, content = min(reversed(answers), key=lambda one: PROTECTIVE_FIRST.index(one[1].answer), default=(None, None))
    said_yes_at = body.issued_at if body and content and content.answer == "yes" else None
    stopped = said_yes_at is not None and _is_stop(last.body) and last.body.issued_at >= said_yes_at
    return replace(
        question,
        answered=content.answer if content else None,
        answered_at=body.issued_at if body else None,
        note=content.note if content else "",
        progress=_progress(body, last, seen) if body else None,
        taken_back=stopped or any(_takes_back(one, own) for one in last.given),
    )


def _posts(
    notices: Iterable[Notice], last: OwnRecord | None, seen: frozenset[str], closed: Mapping[bytes, Progress]
) -> Iterator[Post]:
    newest = sorted(notices, key=lambda one: one.at)
    taken_down = {one.post: one for one in newest if isinstance(one, TakenDown)}
    posted = {one.post: one for one in newest if isinstance(one, PostedNotice)}
    for one in reversed(posted.values()):
        by_card = closed.get(bytes.fromhex(one.request_id or ""))
        yield Post(one, taken_down.get(one.post), _taken_back(one, last, seen, by_card))


def _taken_back(
    posted: PostedNotice, last: OwnRecord | None, seen: frozenset[str], by_card: Progress | None
) -> Progress | None:
    """Return how far the word is by which this post was taken back; a stop takes back every one."""
    if last is None:
        return by_card
    names = {bytes.fromhex(name) for name in (posted.request_id, posted.content_hash) if name}
    against = [body for body in last.given if _takes_back(body, names) or _says_no(body, names)]
    against += [last.body] if _is_stop(last.body) else []
    found = {by_card, *(_progress(body, last, seen) for body in against)}
    return "seen" if "seen" in found else "sent" if "sent" in found else None


def _takes_back(body: wire.Body, names: set[bytes]) -> bool:
    content = body.content
    return isinstance(content, wire.Withdrawal) and content.scope == "one_post" and content.reference in names


def _says_no(body: wire.Body, names: set[bytes]) -> bool:
    content = body.content
    return isinstance(content, wire.Answer) and content.answer != "yes" and content.request_id in names


def _is_stop(body: wire.Body) -> bool:
    return isinstance(body.content, wire.Withdrawal) and body.content.scope == "everything"


def _progress(body: wire.Body, last: OwnRecord, seen: frozenset[str]) -> Progress:
    """Tell by its envelope's hash: that of the last token is kept, and each token names the one before it."""
    if body.sequence == last.sequence:
        named = last.digest[:16]
    else:
        after = (one.previous for one in (last.body, *last.given) if one.sequence == body.sequence + 1)
        named = next(after, b"")
    return "seen" if named and any(one.startswith(named.hex()) for one in seen) else "sent"
