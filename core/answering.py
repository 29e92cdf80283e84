"""A client's side of a question: what waits for them, their answer, and taking it back.

Everything is read from letters sealed to the client and signed by the therapist. How an answer feels is
asked here and goes nowhere: a pressured yes leaves as ``not_now``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

from core import letter, parcel, saving, token, wire
from core.answers import PROTECTIVE_FIRST, longest_yes
from core.errors import AnswerTooLate, BadInput
from core.keys import ClientKeys
from core.model import notice
from core.model.body import NOBODY, AnswerChoice
from core.model.notice import Notice, PostedNotice, Seen, TakenDown
from core.model.request import NotARequest, Request, parse, request_id, start_of
from core.own_record import OwnRecord
from core.saving import Letter
from core.store import mailbox
from core.store.cards import Card
from core.store.database import Database
from core.store.practice import Therapist
from core.text import Words, notice_hash

Feeling = Literal["want", "fine", "pressured"]
ANSWERS: tuple[AnswerChoice, ...] = ("no", "no_never_ask", "not_now", "yes_if_changed", "yes")
#: Bytes of UTF-8 that an answer's note can hold.
NOTE_BYTES = 59
ENDS_SOON = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Question:
    """A request as its client sees it. ``answered``: what their own record says they sent; None while nothing was."""

    request: Request = field(repr=False)
    request_id: bytes = field(repr=False)
    answered: AnswerChoice | None
    taken_back: bool

    def is_open(self, now: datetime) -> bool:
        """Whether an answer is still waited for."""
        return self.answered is None and not self.taken_back and now < self.request.closes_at

    def can_be_taken_back(self, now: datetime) -> bool:
        """Whether there is a live yes in it."""
        return self.answered == "yes" and not self.taken_back and now < longest_yes(self.request, now)


@dataclass(frozen=True, slots=True)
class Reply:
    """What a client taps. ``feeling``: asked after a yes, and kept nowhere. ``note``: what would have to change."""

    answer: AnswerChoice
    feeling: Feeling | None = field(repr=False, default=None)
    note: str = field(repr=False, default="")

    def as_sent(self) -> Reply:
        """Return what leaves. The therapist cannot tell a pressured yes from any other "not now": no note goes with it.

        Raises ``BadInput`` for a yes without a feeling, and a note that is too long.
        """
        if self.answer == "yes" and self.feeling is None:
            raise BadInput(problem="Say how it feels first. Nothing was sent.")
        if len(self.note.strip().encode()) > NOTE_BYTES:
            raise BadInput(problem="Your note is too long. Make it shorter.")
        pressured = self.answer == "yes" and self.feeling == "pressured"
        return Reply("not_now") if pressured else Reply(self.answer, note=self.note.strip())


@dataclass(frozen=True, slots=True)
class Post:
    """One post that includes this client. ``taken_down``: the newest word on it, None while nothing was said."""

    posted: PostedNotice
    taken_down: TakenDown | None


@dataclass(frozen=True, slots=True)
class Received:
    """All letters to one client, newest first. ``seen``: SHA-256 (hex) of their tokens that were imported."""

    questions: tuple[Question, ...]
    posts: tuple[Post, ...]
    seen: frozenset[str]


def received(
    database: Database, card: Card, therapist: Therapist, keys: ClientKeys, last: OwnRecord | None
) -> Received:
    """Open what waits for a client. A letter that does not open, or is for another card, is as good as missing.

    ``last``: their own record, which tells what they answered.
    """
    waiting = mailbox.waiting(database, parcel.recipient_of(keys.sealing_public))
    letters = [content for one in waiting for content in _opened(one.sealed, keys, therapist, card)]
    notices = [one for one in letters if not isinstance(one, Question)]
    known = {one.request_id: _with_answer(one, last) for one in letters if isinstance(one, Question)}
    return Received(
        questions=tuple(sorted(known.values(), key=lambda one: one.request.issued_at, reverse=True)),
        posts=tuple(_posts(notices)),
        seen=frozenset(one.token for one in notices if isinstance(one, Seen)),
    )


def write_answer(
    card: Card,
    therapist: Therapist,
    question: Question,
    reply: Reply,
    now: datetime,
    *,
    keys: ClientKeys | None = None,
    last: OwnRecord | None = None,
) -> Letter:
    """Return an answer ready to be sent by ``saving.send``. A no never needs keys; a yes always does.

    Raises ``AnswerTooLate`` for a yes past its day, and ``BadInput`` for one without keys or after another
    answer, or what ``Reply.as_sent`` refuses.
    """
    sent = reply.as_sent()
    issued_at = max(saving.next_moment(last, now), question.request.issued_at)
    expires_at = None
    if sent.answer == "yes":
        _check_yes(question, issued_at, signed=keys is not None)
        expires_at = longest_yes(question.request, issued_at)
    content = wire.Answer(question.request_id, sent.answer, sent.note)
    return _letter(card, therapist, content, issued_at, expires_at=expires_at, keys=keys, last=last)


def write_no_to_whatever_is_open(card: Card, therapist: Therapist, now: datetime) -> Letter:
    """Return a no from the card alone: it closes the open question, which nobody without the code can name."""
    return _letter(card, therapist, wire.Answer(NOBODY, "no"), now.replace(microsecond=0))


def write_undo(
    card: Card,
    therapist: Therapist,
    reference: bytes,
    now: datetime,
    *,
    keys: ClientKeys | None = None,
    last: OwnRecord | None = None,
) -> Letter:
    """Return a token that takes one post back. ``reference``: its request's id, or its content hash (32 bytes)."""
    content = wire.Withdrawal("one_post", reference)
    return _letter(card, therapist, content, saving.next_moment(last, now), keys=keys, last=last)


def ends_soon(record: OwnRecord | None, letters: Received, now: datetime) -> list[tuple[str, datetime]]:
    """Return what ends in the next 30 days: ``choices``, or a post's id, and when."""
    ends = [("choices", record.body.expires_at)] if record and record.body.expires_at else []
    for one in letters.posts:
        day = one.posted.take_down_on
        if day is not None:
            ends.append((one.posted.post, start_of(day)))
    return sorted((one for one in ends if now < one[1] <= now + ENDS_SOON), key=lambda one: one[1])


def rules(words: Words) -> tuple[str, ...]:
    """Return the limits on asking, as a client reads them."""
    return tuple(words(f"asking.rule.{rule}") for rule in ("one", "ninety", "follow_up", "again", "pause", "silence"))


def _letter(
    card: Card,
    therapist: Therapist,
    content: wire.Answer | wire.Withdrawal,
    issued_at: datetime,
    *,
    expires_at: datetime | None = None,
    keys: ClientKeys | None = None,
    last: OwnRecord | None = None,
) -> Letter:
    body = wire.Body(
        content=content,
        card=card.code,
        issued_at=issued_at,
        expires_at=expires_at,
        sequence=saving.next_sequence(last, issued_at) if keys else 1,
        notice=notice_hash(card.language),
        language=card.language,
        signed=keys is not None,
        previous=last.digest[:16] if last and keys else bytes(16),
    )
    return Letter(token.issue(body, therapist.sealing_public, keys), therapist, keys, last=last)


def _check_yes(question: Question, issued_at: datetime, *, signed: bool) -> None:
    request = question.request
    if not signed:
        raise BadInput(problem="A yes needs your personal code. A no never does.")
    if issued_at >= min(request.closes_at, longest_yes(request, issued_at)):
        raise AnswerTooLate
    if question.taken_back or question.answered not in {None, "yes"}:
        raise BadInput(problem="You answered this before, and that stands. A changed draft is a new question.")


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


def _with_answer(question: Question, last: OwnRecord | None) -> Question:
    given = [body.content for body in last.given] if last else []
    answers = [one.answer for one in given if isinstance(one, wire.Answer) and one.request_id == question.request_id]
    references = {one.reference for one in given if isinstance(one, wire.Withdrawal)}
    own = {question.request_id, bytes.fromhex(question.request.content_hash)}
    # The most protective wins, as it does where it arrives.
    answered = min(answers, key=PROTECTIVE_FIRST.index, default=None)
    return replace(question, answered=answered, taken_back=bool(references & own))


def _posts(notices: list[Notice]) -> Iterator[Post]:
    newest = sorted(notices, key=lambda one: one.at)
    taken_down = {one.post: one for one in newest if isinstance(one, TakenDown)}
    posted = {one.post: one for one in newest if isinstance(one, PostedNotice)}
    for one in reversed(posted.values()):
        yield Post(one, taken_down.get(one.post))
