"""What is told of one card's holder, whatever the format: documents, questions, and what stands against a yes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID, uuid5

from core.model.preferences import Preferences
from core.model.taxonomy import TAXONOMY, Treatment

#: Why nothing may be used for now. ``tie``: two documents of one second; a verdict judges both, an export says no.
Obstacle = Literal["hold", "withdrawn", "lapsed", "expired", "tie"]
OBSTACLES: tuple[Obstacle, ...] = ("withdrawn", "hold", "lapsed", "expired", "tie")
#: What became of a question: as in ``core.answers``; ``open`` while nobody answered.
Answer = Literal["open", "yes", "no_never_ask", "no", "taken_back", "silence", "not_now", "yes_if_changed"]
Role = Literal["client", "guardian"]

#: What closes a place, whatever was asked.
_NOTHING = ("never", "undecided")

#: Our names in the formats of others are UUIDs made from this one: there is no host to publish under.
NAMESPACE = UUID("550c9bdc-3df1-4661-9353-5cf92da74341")


def urn(name: str) -> str:
    """Return the URI of one of our own terms or resources: the same for the same name, on every machine."""
    return uuid_of(name).urn


def uuid_of(name: str) -> UUID:
    """Return the UUID of one of our own terms or resources."""
    return uuid5(NAMESPACE, name)


@dataclass(frozen=True, slots=True)
class Exporter:
    """Whose export it is. Empty where not known: ``site`` (the public address), ``postal``, ``jurisdiction``."""

    therapist_id: str
    therapist: str
    practice: str
    site: str = ""
    postal: str = ""
    jurisdiction: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A document in force. ``chosen``: as it was signed; ``usable``: what may be used of it, never more.

    ``digest``: SHA-256 of its envelope, ``notice``: of the words it rests on, both hex. ``compared_at``: when
    the key was confirmed, or None.
    """

    chosen: Preferences
    usable: Preferences
    digest: str
    sequence: int
    notice: str
    language: str
    signer: Role
    compared_at: datetime | None


@dataclass(frozen=True, slots=True)
class Question:
    """A question about one exact draft and what became of it. Ids and hashes are hex; ``channels``: with promotion.

    ``ready_at`` and ``expires_at``: of the yes, where one was given.
    """

    request_id: str
    content_hash: str
    channels: tuple[str, ...]
    account: str
    asked_at: datetime
    closes_at: datetime
    answer: Answer
    answered_at: datetime | None = None
    ready_at: datetime | None = None
    expires_at: datetime | None = None

    def lives(self, now: datetime) -> bool:
        """Whether a yes to it can still be used, today or once it is ready."""
        return self.ready_at is not None and self.expires_at is not None and max(self.ready_at, now) < self.expires_at


@dataclass(frozen=True, slots=True)
class Stop:
    """The newest word against everything that nothing has lifted. ``digest``: hex. ``signed``: by the client's key."""

    digest: str
    at: datetime
    signed: bool


@dataclass(frozen=True, slots=True)
class Subject:
    """One card's holder. ``number``: on the card's stub. ``never_confirmed``: its first key waits for a comparison."""

    card: str
    number: int
    documents: tuple[Document, ...] = ()
    obstacles: frozenset[Obstacle] = frozenset()
    never_confirmed: bool = False
    stop: Stop | None = None
    questions: tuple[Question, ...] = ()

    def permitted(self, document: Document) -> dict[str, Treatment]:
        """Return the places where a document permits something without asking again, and what it permits there."""
        usable = document.usable
        if self.obstacles or not usable_materials(document):
            return {}
        # Who may not be able to tell that it is them is only ever safe in a blend.
        disguised: Treatment = "disguised" if usable.may_recognise_self else "composite"
        means: dict[str, Treatment] = {"composite": "composite", "disguised": disguised}
        return {
            place: means[usable.channels[place]] for place in TAXONOMY.channel_ids if usable.channels[place] in means
        }

    def granted(self, question: Question, now: datetime) -> tuple[str, ...]:
        """Return the places where a yes to one draft counts: it is alive, and no document says no there."""
        if question.answer != "yes" or not question.lives(now) or self.obstacles or not self.documents:
            return ()
        refused = {
            channel
            for document in self.documents
            for channel, treatment in document.usable.channels.items()
            if treatment in _NOTHING
        }
        return tuple(channel for channel in question.channels if channel not in refused)


def usable_materials(document: Document) -> tuple[str, ...]:
    """Return what was ticked that needs no question of its own."""
    asked_first = {term.id for term in TAXONOMY.materials if "ask" in term.floor}
    return tuple(term for term in document.usable.materials if term not in asked_first)
