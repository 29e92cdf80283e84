"""A client who wants to be asked, a draft of their story, and the form for asking: for tests of pages."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import event

from core import answering, drafting, importing, questions, requests, saving
from core.answering import Reply
from core.drafting import Writing
from core.keys import ClientKeys
from core.model.post import Post
from core.parcel import recipient_of
from core.portal import clock
from core.store import requests as store
from core.store.cards import Card

DAY = (datetime.now(UTC) - timedelta(days=300)).date()
WORDS = "Somebody once kept a voice mail.\n\nFor years <b>&amp; more</b>."
ASKS = {"channels": {"post": "ask"}, "materials": ("story",), "therapy": "during", "gap_months": 0}


@dataclass
class Client:
    """One client with a code who wants to be asked, taken in by the therapist."""

    practised: object
    card: Card
    keys: ClientKeys = field(default_factory=ClientKeys.new)

    def chooses(self, **choices):
        self.arrives(self.practised.save(self.card, self.keys, **ASKS | choices))
        return self

    def arrives(self, saved):
        vault = self.practised.vault
        importing.keep(vault, importing.preview(vault, saved.token.text, clock()), clock(), compared=True)
        with self.practised.portal.database.write() as connection:
            connection.exec_driver_sql(
                "UPDATE parcel SET delivered_at = posted_at WHERE recipient = ?",
                (recipient_of(self.practised.therapist.sealing_public),),
            )

    def letters(self):
        record = saving.own_record(self.practised.portal.database, self.keys, clock())
        found = answering.received(
            self.practised.portal.database, self.card, self.practised.therapist, self.keys, record
        )
        return found.questions, record

    def answers(self, answer, feeling="want", note=""):
        (question, *_), record = self.letters()
        reply = Reply(answer, feeling if answer == "yes" else None, note)
        letter = answering.write_answer(
            self.card, self.practised.therapist, question, reply, clock(), keys=self.keys, last=record
        )
        self.arrives(saving.send(self.practised.portal.outbox, letter))

    def stops(self):
        return self.practised.stop(self.card, self.keys)


def draft(at_work, *clients, text=WORDS, title="Rest", day=DAY, piece_id=None, **changes):
    """Keep a draft of one story with these clients in it."""
    told = [{"people": [one.card.code for one in clients], "session_date": day.isoformat()}]
    plain = {"channels": ["post"], "form": "disguised", "materials": ["story"], "topics": []}
    post = Post.model_validate(plain | {"live": False, "paid": False, "uses": [], "stories": told} | changes)
    return drafting.save(at_work.vault, Writing(post, "demo account", text, title=title), clock(), piece_id)


def open_form(page, piece, client):
    at = page("ask")
    return at.button(key=f"ask-{piece.id}-{client.card.code}").click().run()


def send_key(at):
    (found,) = [button.key for button in at.button if (button.key or "").startswith("ask-send-")]
    return found


def send(at):
    return at.button(key=send_key(at)).click().run()


def sent(at_work):
    return [asked.request for asked in store.every(at_work.vault)]


def keys(at):
    """The keys of everything that can be filled in or tapped, but for the menu."""
    fields = (*at.button, *at.text_input, *at.text_area, *at.checkbox, *at.date_input)
    return {one.key for one in fields if (one.key or "").startswith("ask")}


def just_before_writing(at_work, happens):
    """Let something happen once, right before the next transaction of this portal begins to write."""
    todo = [happens]

    def begin(_engine, options):
        if todo and options.get("writes"):
            todo.pop()()

    event.listen(at_work.portal.database.engine, "set_engine_execution_options", begin)


def ask_now(at_work, piece, client, vault=None):
    days = [each.usual for each in questions.days(clock()).values()]
    terms = questions.terms("Anyone online", "the town", "", days)
    return requests.ask(vault or at_work.vault, piece.id, client.card.code, terms, clock())
