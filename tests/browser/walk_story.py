"""Some weeks of a made-up practice, each step really made by core calls: whom and what the walks meet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from core import drafting, hand_over, people
from core.drafting import Writing
from core.model.post import Post
from core.model.posted import Piece
from core.requests import Terms
from core.store import cards, mailbox, practice
from core.store.cards import Card, Order
from core.store.practice import Therapist
from core.store.vaults import Vault, open_vault, recover_vault
from tests.browser.conftest import Server
from tests.core.clinic import Clinic
from tests.core.story import Client, about, ask, check, publish

#: What is on the pictures is made up.
DRAFTS = {
    "The voice mail": "Somebody once kept a voice mail for years and never played it. We did not talk about "
    "playing it. We talked about where it was kept.",
    "A chair by the door": "A person always sat on the chair by the door. One day they asked for the other one.",
    "What waiting taught": "Waiting can be a thing one does. A person in a long wait told me so, and I use it since.",
    "The last letter": "Somebody wrote a letter, read it aloud once, and then put it away for good.",
    "Two cups": "A person set out two cups each morning. They told me on a Tuesday in Salem, at age 34.",
}
NAMES = ("Blue kettle", "Two maples", "Night bus", "Grey gull", "Tin roof", "Long road")
COLLEAGUE_PASSPHRASE = "nine slow boats at noon"


#: A practice is at work for so long before anybody meets it. Its server has a clock that moves.
WEEKS = timedelta(days=130)


@dataclass
class Story:
    """A practice with a therapist at ``server``. ``language``: of its cards."""

    server: Server
    language: str
    passphrase: str

    @cached_property
    def therapist(self) -> Therapist:
        """The therapist everything is about."""
        return self.server.therapist

    @cached_property
    def vault(self) -> Vault:
        """Their vault, open."""
        return open_vault(self.server.portal.database, self.therapist.id, self.passphrase)

    def now(self) -> datetime:
        """The time, in whole seconds."""
        return self.server.now.replace(microsecond=0)

    def cards(self, count: int, *, at: datetime | None = None, given: bool = True, owner: str = "") -> list[Card]:
        """Make cards. ``given``: handed out too."""
        database, at = self.server.portal.database, at or self.now()
        order = Order(owner or self.therapist.id, self.language, self.server.url, "card", count)
        with database.write() as connection:
            made = cards.register(connection, order, at)
        return [cards.hand_out(database, card.number, at) for card in made] if given else made

    def clinic(self, given: list[Card]) -> Clinic:
        """Return the practice with these cards, as the stories know it."""
        clinic = Clinic(None, self.server.portal.database, self.therapist, "", self.vault, given, [])
        clinic.outbox = self.server.portal.outbox
        return clinic

    def colleague(self, name: str = "Kim Sample") -> Vault:
        """Let somebody else work here too. Returns their open vault."""
        database = self.server.portal.database
        made = practice.new_therapist(name, ("@kim",), COLLEAGUE_PASSPHRASE, self.now())
        with database.write() as connection:
            practice.add_therapist(connection, made, self.now())
        return recover_vault(database, made.id, made.recovery_code)

    def left(self) -> Card:
        """Return a card of somebody who left."""
        gone = self.colleague("Alex Sample")
        (card,) = self.cards(1, owner=gone.therapist_id)
        hand_over.leave(gone, self.therapist.id, self.now())
        return cards.find(self.server.portal.database, card.code)

    def expired(self) -> Card:
        """Return a card that lay in a drawer for too long."""
        return self.cards(1, at=self.now() - timedelta(days=800), given=False)[0]

    def unreadable(self) -> None:
        """Let something arrive that nobody can read."""
        with self.server.portal.database.write() as connection:
            mailbox.post(connection, _recipient(self.therapist), b"\x00" * 400, self.now())

    def people(self) -> People:
        """Let some weeks pass: clients who were asked, who said yes, who took it back, who stopped."""
        return _tell(self)


@dataclass(frozen=True)
class People:
    """Clients and their drafts. ``asked``: has an open question. ``posted``: a post of theirs is up.

    ``undone``: took a post back that is still up. ``waiting``: said yes yesterday. ``never``: wants no posts.
    ``ready``: said yes long enough ago. The drafts of the last three are kept, and not posted.
    """

    asked: Client
    posted: Client
    undone: Client
    waiting: Client
    never: Client
    ready: Client
    drafts: dict[str, Piece]


def _tell(story: Story) -> People:
    now = story.now()
    clinic = story.clinic(story.cards(len(NAMES)))
    for card, name in zip(clinic.cards, NAMES, strict=True):
        people.rename(story.vault, card.code, name)
    asked, posted, undone, waiting, never, ready = clients = [Client(clinic, card) for card in clinic.cards]
    for client in clients:
        client.chooses(now - timedelta(days=120), "never" if client is never else "ask", promotion="never")
    titles = dict(zip(("posted", "undone", "asked", "ready", "waiting"), DRAFTS, strict=True))
    whose = {"posted": posted, "undone": undone, "asked": asked, "ready": ready, "waiting": waiting}
    kept = {name: _kept(clinic, whose[name], title, now - timedelta(days=40)) for name, title in titles.items()}
    # Each after the one before: the record takes nothing for older than it is.
    _agree(clinic, now - timedelta(days=30), (kept["posted"], posted), (kept["undone"], undone))
    for name in ("posted", "undone"):
        check(clinic, kept[name], now - timedelta(days=20))
        publish(clinic, kept[name], now - timedelta(days=20), checked=False)
    _agree(clinic, now - timedelta(days=15), (kept["ready"], ready))
    _agree(clinic, now - timedelta(days=3), (kept["waiting"], waiting))
    undone.undoes(now - timedelta(days=1))
    ask(clinic, kept["asked"], asked, now, _terms(now))
    kept["never"] = _kept(clinic, never, "The last letter", now)
    return People(asked, posted, undone, waiting, never, ready, kept)


def _agree(clinic: Clinic, at: datetime, *asked: tuple[Piece, Client]) -> None:
    for piece, client in asked:
        ask(clinic, piece, client, at, _terms(at))
    for _, client in asked:
        client.answers("yes", at + timedelta(days=1))


def _kept(clinic: Clinic, client: Client, title: str, at: datetime) -> Piece:
    post: Post = about((client.card.code, (at - timedelta(days=60)).date().isoformat()))
    return drafting.save(clinic.vault, Writing(post, clinic.therapist.accounts[0], DRAFTS[title], title=title), at)


def _terms(at: datetime) -> Terms:
    def day(days: int) -> datetime:
        return at + timedelta(days=days)

    return Terms(
        audience="Anybody who finds it",
        changed=("the place", "what was kept"),
        kept=("that something was kept for years",),
        comments_off=True,
        remix_off=True,
        post_on=day(28).date(),
        take_down_on=day(300).date(),
        answer_by=day(20).date(),
    )


def _recipient(therapist: Therapist) -> bytes:
    from core.parcel import recipient_of

    return recipient_of(therapist.sealing_public)
