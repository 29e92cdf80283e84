"""What a client reads and sends on their own pages: an answer, one post taken back, a stop.

Each leaves once. A letter is kept under the browser's cookie until it is known to be filed, so that a
second tap, or a try after the records were gone, sends the same one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from core import answering, saving, visit
from core.answering import Opened, Reply
from core.keys import ClientKeys
from core.model.body import Answer, Choices, Withdrawal
from core.portal import Portal
from core.received import Question, Received, received
from core.saving import Letter, Saved
from core.store import cards, practice
from core.store.cards import Card
from core.store.practice import Therapist
from core.visit import Return


@dataclass(frozen=True, slots=True)
class Client:
    """A client who was let in at one browser. ``letters``: everything their therapist wrote to them.

    ``language``: of the words they read.
    """

    portal: Portal = field(repr=False)
    binding: str = field(repr=False)
    card: Card
    therapist: Therapist
    back: Return
    letters: Received = field(repr=False)
    language: str

    @property
    def last_sent(self) -> Saved | None:
        """What was sent from these pages last, unless something newer was sent since, wherever that was."""
        saved, last = self.portal.forms.get(self.binding), self.back.last
        if saved is None or saved.token.body.card != self.card.code:
            return None
        return saved if last is None or saved.token.digest == last.digest else None

    @property
    def open_question(self) -> Question | None:
        """The question this browser reads, or None."""
        opened = self.portal.opened.get(self.binding) or Opened()
        return next((one for one in self.letters.questions if one.request_id == opened.request_id), None)


def find(portal: Portal, binding: str, now: datetime, language: str = "") -> Client | None:
    """Return who was let in at this browser, or None. ``language``: of the words they read, or empty for the card's.

    Raises a ``CardProblem`` or ``WrongClientCode`` where that ended, and ``StoreUnavailable``.
    """
    seed, code = portal.personal.get(binding), portal.cards.get(binding)
    if seed is None or code is None:
        return None
    card = cards.usable(portal.database, code, now)
    therapist = practice.of_card(portal.database, card)
    back = visit.come_back(portal.database, card, ClientKeys(seed), now)
    no = portal.noes.get(binding)
    by_card = no if no and no.body.card == card.code else None
    letters = received(portal.database, card, therapist, back.keys, back.last, by_card)
    return Client(portal, binding, card, therapist, back, letters, language or card.language)


def read(client: Client, question: Question) -> None:
    """Open a question at this browser."""
    client.portal.opened.put(client.binding, Opened(question.request_id))


def answer(client: Client, question: Question, reply: Reply, now: datetime) -> Saved:
    """Answer a question. Raises what ``answering.write_answer`` does, and ``StoreUnavailable``.

    How it feels goes no further than this call.
    """
    sent = reply.as_sent()

    def write() -> Letter:
        return answering.write_answer(
            client.card,
            client.therapist,
            question,
            reply,
            now,
            keys=client.back.keys,
            last=client.back.last,
            language=client.language,
        )

    return _send(client, Answer(question.request_id, sent.answer, sent.note), write)


def take_back(client: Client, reference: bytes, now: datetime) -> Saved:
    """Take one post back. ``reference``: its question's id, or its content hash (32 bytes)."""

    def write() -> Letter:
        return answering.write_undo(
            client.card,
            client.therapist,
            reference,
            now,
            keys=client.back.keys,
            last=client.back.last,
            language=client.language,
        )

    return _send(client, Withdrawal("one_post", reference), write)


def stop(client: Client, now: datetime) -> Saved:
    """Stop everything, signed. What this browser chose before does not stand any more."""

    def write() -> Letter:
        back, language = client.back, client.language
        return saving.write_stop(client.card, client.therapist, now, keys=back.keys, last=back.last, language=language)

    saved = _send(client, Withdrawal("everything"), write)
    visit.after_stop(client.portal, client.binding, client.card.code)
    return saved


def _send(client: Client, content: Choices | Answer | Withdrawal, write: Callable[[], Letter]) -> Saved:
    portal, binding = client.portal, client.binding
    opened = portal.opened.get(binding) or Opened()
    letter = opened.letter if opened.letter and _fits(opened.letter, client, content) else write()
    portal.opened.put(binding, replace(opened, letter=letter))
    saved = saving.send(portal.outbox, letter)
    portal.forms.put(binding, saved)
    portal.opened.put(binding, replace(opened, letter=None))
    return saved


def _fits(letter: Letter, client: Client, content: Choices | Answer | Withdrawal) -> bool:
    """Whether a kept letter says just this, for this card, and nothing was sent since it was made."""
    body, last = letter.token.body, client.back.last
    newest = last is None or last.digest == letter.token.digest or last.sequence < body.sequence
    return body.content == content and body.card == client.card.code and newest
