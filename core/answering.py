"""A client's side of a question: their answer, and taking it back.

How an answer feels is asked here and goes nowhere: a pressured yes leaves as ``not_now``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from core import saving, token, wire
from core.answers import longest_yes
from core.errors import AnswerTooLate, BadInput
from core.keys import ClientKeys
from core.model.body import NOBODY, AnswerChoice
from core.own_record import OwnRecord
from core.received import ANSWERS, Post, Question, Received, ends_soon, received
from core.saving import Letter
from core.store.cards import Card
from core.store.practice import Therapist
from core.text import Words, notice_hash

__all__ = [
    "ANSWERS",
    "FEELINGS",
    "NOTE_BYTES",
    "Opened",
    "Post",
    "Question",
    "Received",
    "Reply",
    "ends_soon",
    "letters_over",
    "received",
    "rules",
    "write_answer",
    "write_no_to_whatever_is_open",
    "write_undo",
]

Feeling = Literal["pressured", "fine", "want"]
#: The order they are offered in, the most protective first.
FEELINGS: tuple[Feeling, ...] = ("pressured", "fine", "want")
#: Bytes of UTF-8 that an answer's note can hold.
NOTE_BYTES = 59


@dataclass(frozen=True, slots=True)
class Opened:
    """What one browser has open on its own pages: the question it reads, and a letter not known to be filed yet."""

    request_id: bytes = field(repr=False, default=b"")
    letter: Letter | None = field(repr=False, default=None)


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
        if letters_over(self.note):
            raise BadInput(problem="Your note is too long. Make it shorter.")
        pressured = self.answer == "yes" and self.feeling == "pressured"
        return Reply("not_now") if pressured else Reply(self.answer, note=self.note.strip())


def write_answer(
    card: Card,
    therapist: Therapist,
    question: Question,
    reply: Reply,
    now: datetime,
    *,
    keys: ClientKeys | None = None,
    last: OwnRecord | None = None,
    language: str = "",
) -> Letter:
    """Return an answer ready to be sent by ``saving.send``. A no never needs keys; a yes always does.

    ``language``: of the words that were shown, where it is not the card's.

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
    return _letter(card, therapist, content, issued_at, language, expires_at=expires_at, keys=keys, last=last)


def write_no_to_whatever_is_open(card: Card, therapist: Therapist, now: datetime, language: str = "") -> Letter:
    """Return a no from the card alone: it closes the open question, which nobody without the code can name."""
    return _letter(card, therapist, wire.Answer(NOBODY, "no"), now.replace(microsecond=0), language)


def write_undo(
    card: Card,
    therapist: Therapist,
    reference: bytes,
    now: datetime,
    *,
    keys: ClientKeys | None = None,
    last: OwnRecord | None = None,
    language: str = "",
) -> Letter:
    """Return a token that takes one post back. ``reference``: its request's id, or its content hash (32 bytes)."""
    content = wire.Withdrawal("one_post", reference)
    return _letter(card, therapist, content, saving.next_moment(last, now), language, keys=keys, last=last)


def letters_over(note: str) -> int:
    """Return how many letters an answer's note is too long by; 0 where it fits."""
    kept = note.strip()
    fits = len(kept.encode()[:NOTE_BYTES].decode(errors="ignore"))
    return len(kept) - fits


def rules(words: Words) -> tuple[str, ...]:
    """Return the limits on asking, as a client reads them."""
    return tuple(words(f"asking.rule.{rule}") for rule in ("one", "ninety", "follow_up", "again", "pause", "silence"))


def _letter(
    card: Card,
    therapist: Therapist,
    content: wire.Answer | wire.Withdrawal,
    issued_at: datetime,
    language: str,
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
        notice=notice_hash(language or card.language),
        language=language or card.language,
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
    if question.taken_back or question.no_by_card or question.answered not in {None, "yes"}:
        raise BadInput(problem="You answered this before, and that stands. A changed draft is a new question.")
