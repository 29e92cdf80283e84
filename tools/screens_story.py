"""What stands on the pictures of asking and posting: a few weeks of a made-up practice, each step really made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from core import drafting, people
from core.demo import PASSPHRASE
from core.drafting import Writing
from core.model.post import Post
from core.model.posted import Piece
from core.requests import Terms
from core.store import cards
from core.store.cards import Order
from core.store.vaults import open_vault
from tests.browser.conftest import Server
from tests.core.clinic import Clinic
from tests.core.story import Client, about, ask, check, publish

DRAFTS = {
    "The voice mail": "Somebody once kept a voice mail for years and never played it. We did not talk about "
    "playing it. We talked about where it was kept.",
    "A chair by the door": "A person always sat on the chair by the door. One day they asked for the other one.",
    "What waiting taught": "Waiting can be a thing one does. A person in a long wait told me so, and I use it since.",
}
NAMES = ("Blue kettle", "Two maples", "Night bus")


@dataclass(frozen=True)
class Story:
    """``asked``: a client with an open question. ``posted``: one whose post is up. ``needs_yes``: a kept draft."""

    asked: Client
    posted: Client
    needs_yes: Piece


def tell(server: Server) -> Story:
    """Let some weeks pass in a practice: an open question, a post on a yes, and one that has to come down."""
    now, portal = server.now.replace(microsecond=0), server.portal
    vault = open_vault(portal.database, server.therapist.id, PASSPHRASE)
    with portal.database.write() as connection:
        made = cards.register(connection, Order(server.therapist.id, "en", server.url, "card", 3), now)
    given = [cards.hand_out(portal.database, card.number, now) for card in made]
    clinic = Clinic(None, portal.database, server.therapist, "", vault, given, [])
    for card, name in zip(given, NAMES, strict=True):
        people.rename(vault, card.code, name)
    clients = [Client(clinic, card) for card in given]
    for client in clients:
        client.chooses(now - timedelta(days=120), promotion="never")
    pieces = [
        _kept(clinic, client, title, now - timedelta(days=40)) for client, title in zip(clients, DRAFTS, strict=True)
    ]
    for client, piece in zip(clients[:2], pieces[:2], strict=True):
        ask(clinic, piece, client, now - timedelta(days=30), _terms(now - timedelta(days=30)))
        client.answers("yes", now - timedelta(days=29))
        check(clinic, piece, now - timedelta(days=20))
        publish(clinic, piece, now - timedelta(days=20), checked=False)
    clients[1].undoes(now - timedelta(days=1))
    ask(clinic, pieces[2], clients[2], now, _terms(now))
    return Story(clients[2], clients[0], pieces[2])


def _kept(clinic: Clinic, client: Client, title: str, at: datetime) -> Piece:
    post: Post = about((client.card.code, (at - timedelta(days=60)).date().isoformat()))
    return drafting.save(clinic.vault, Writing(post, clinic.therapist.accounts[0], DRAFTS[title], title=title), at)


def _terms(at: datetime) -> Terms:
    def day(days: int) -> datetime:
        return at + timedelta(days=days)

    return Terms(
        audience="Anyone online",
        changed=("the place", "what was kept"),
        kept=("that something was kept for years",),
        comments_off=True,
        remix_off=True,
        post_on=day(28).date(),
        take_down_on=day(300).date(),
        answer_by=day(20).date(),
    )
