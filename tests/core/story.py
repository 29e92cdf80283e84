"""A client who wants to be asked, a therapist with a draft: the whole way from the question to the take-down."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta

from core import answering, drafting, importing, may_post, posting, requests, saving
from core.answering import Reply
from core.drafting import Writing
from core.errors import AlreadyKept, NoSuchDraft
from core.keys import ClientKeys
from core.model.checklist import ITEMS
from core.model.post import Post
from core.model.posted import Place
from core.requests import Terms
from core.store.cards import Card
from tests.core.clinic import NOW, Clinic, later

TERMS = Terms(
    audience="anyone online",
    changed=("the town",),
    kept=("that there was a wedding",),
    comments_off=True,
    remix_off=True,
    post_on=date(2026, 12, 20),
    take_down_on=date(2027, 4, 20),
    answer_by=date(2026, 12, 6),
)
STEPS = ("no_majority", "read_note")


def about(*stories, form="disguised", **changes):
    """A post of stories: each one or several card codes, and a session day."""
    told = [
        {"people": [codes] if isinstance(codes, str) else list(codes), "session_date": day} for codes, day in stories
    ]
    plain = {"channels": ["post"], "form": form, "materials": ["story"], "topics": ["work"]}
    return Post.model_validate(plain | {"live": False, "paid": False, "uses": [], "stories": told} | changes)


@dataclass
class Client:
    """One client with a code, at a clinic."""

    clinic: Clinic
    card: Card
    keys: ClientKeys = field(default_factory=ClientKeys.new)

    def chooses(self, at=NOW, treatment="ask", **chosen):
        """Save choices and let the therapist take them in, the code compared."""
        fields = {"materials": ("story", "lesson"), "topics": ("work",), "therapy": "during", "gap_months": 0}
        saved = self.clinic.save(self.keys, at, self.card, **{"post": treatment} | fields | chosen)
        self.arrives(at, compared=True)
        return saved

    def arrives(self, at, *, compared=False):
        """Let the therapist import whatever waits."""
        for one in importing.look_at_mailbox(self.clinic.vault, at):
            importing.keep(self.clinic.vault, one.preview, at, compared=compared)

    def record(self, at=NOW):
        return saving.own_record(self.clinic.database, self.keys, at)

    def letters(self, at=NOW):
        return answering.received(self.clinic.database, self.card, self.clinic.therapist, self.keys, self.record(at))

    def answers(self, answer, at, feeling="want", note="", *, signed=True, import_at=None):
        """Answer the newest question; ``import_at`` None: at once; False: it waits."""
        [question, *_] = self.letters(at).questions
        keys, last = (self.keys, self.record(at)) if signed else (None, None)
        feeling = feeling if answer == "yes" else None
        reply = Reply(answer, feeling, note)
        letter = answering.write_answer(self.card, self.clinic.therapist, question, reply, at, keys=keys, last=last)
        return self._sent(letter, at, import_at)

    def undoes(self, at, reference=None, *, signed=True, import_at=None):
        """Take back one post, by default that of the newest question."""
        reference = reference or self.letters(at).questions[0].request_id
        keys, last = (self.keys, self.record(at)) if signed else (None, None)
        letter = answering.write_undo(self.card, self.clinic.therapist, reference, at, keys=keys, last=last)
        return self._sent(letter, at, import_at)

    def stops(self, at, *, signed=True):
        saved = self.clinic.stop(at, self.keys if signed else None, self.card)
        self.arrives(at)
        return saved

    def _sent(self, letter, at, import_at):
        saved = saving.send(self.clinic.outbox, letter)
        if import_at is not False:
            self.arrives(import_at or at)
        return saved


def draft(clinic, post, text="Somebody once kept a voice mail.", at=NOW, **changes):
    return drafting.save(clinic.vault, Writing(post, "@willowstreet", text, **changes), at)


def ask(clinic, piece, client, at=NOW, terms=TERMS):
    return requests.ask(clinic.vault, piece.id, client.card.code, terms, at)


def check(clinic, piece, at):
    """Go through the whole list for a draft."""
    return may_post.check(clinic.vault, piece, [item.id for item in ITEMS], at)


def publish(clinic, piece, at, *places, checked=True, **options):
    """Note a post, by default in one place of the therapist's own, after the check was gone through."""
    with suppress(AlreadyKept, NoSuchDraft):  # posted before, or a draft that is not there
        if checked:
            check(clinic, piece, at)
    chosen = places or (Place(channel="post", control="own", address="https://example.org/1"),)
    return posting.record(clinic.vault, piece.id, chosen, at, **{"steps_done": STEPS} | options)


def on_day(days, day=date(2026, 11, 22)):
    return day + timedelta(days=days)


__all__ = ["STEPS", "TERMS", "Client", "about", "ask", "check", "draft", "later", "on_day", "publish"]
