"""The people of ``story`` at a running portal, by its own clock: a client who is asked, today."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from core import drafting, requests
from core.answers import Asked, Outcome
from core.drafting import Writing
from core.model.posted import Piece, Place
from core.portal import Portal
from core.requests import Terms
from core.store.cards import Card
from core.store.practice import Therapist
from core.store.vaults import Vault
from tests.core.clinic import Clinic
from tests.core.story import TERMS, Client, about, publish


def practice_at(portal: Portal, therapist: Therapist, vault: Vault, cards: list[Card]) -> Clinic:
    """The practice of a running portal, as the stories know it."""
    clinic = Clinic(Path(), portal.database, therapist, "", vault, cards, [])
    clinic.outbox = portal.outbox
    return clinic


def terms(now: datetime, **changes: object) -> Terms:
    """What a question asked today says beside the draft: answer in two weeks, post in four, down after five months."""
    days = {"answer_by": 14, "post_on": 28, "take_down_on": 150}
    dates = {name: now.date() + timedelta(days=after) for name, after in days.items()}
    return replace(TERMS, **{**dates, **changes})


@dataclass
class Person(Client):
    """A client who chose to be asked, and whom the therapist knows. ``at``: when."""

    at: datetime = field(kw_only=True)

    @classmethod
    def of(cls, clinic: Clinic, now: datetime, number: int = 0, **chosen: object) -> Person:
        """Let the holder of a card choose, and the therapist take it in, just before ``now``."""
        one = cls(clinic, clinic.cards[number], at=now.replace(microsecond=0) - timedelta(minutes=5))
        one.chooses(one.at, **chosen)
        return one

    def is_asked(
        self, text: str = "Somebody once kept a voice mail.", translation: str = "", **changes: object
    ) -> Asked:
        """Ask this client about a draft of one story, now. ``changes``: to what a question says beside the draft."""
        piece = self.draft(text, translation)
        return requests.ask(self.clinic.vault, piece.id, self.card.code, terms(self.at, **changes), self.at)

    def draft(self, text: str, translation: str = "", **post: object) -> Piece:
        """Keep a draft of this client's story."""
        day = (self.at - timedelta(days=200)).date().isoformat()
        account = self.clinic.therapist.accounts[0]
        return drafting.save(
            self.clinic.vault, Writing(about((self.card.code, day), **post), account, text, translation), self.at
        )

    def is_posted(self, content_hash: str, at: datetime, *places: Place, **options: object) -> Piece:
        """Let the therapist post a kept draft."""
        kept = {piece.draft.content_hash: piece for piece in drafting.drafts(self.clinic.vault)}
        return publish(self.clinic, kept[content_hash], at, *places, **options)

    def outcomes(self, at: datetime) -> list[Outcome]:
        """What became of every question to this client, as the therapist sees it."""
        return requests.outcomes(self.clinic.vault, self.card.code, at)
