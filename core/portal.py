"""One running portal: its settings, its database and what it keeps in memory."""

from __future__ import annotations

import hmac
import os
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property, lru_cache
from hashlib import sha256
from ipaddress import ip_address

from core.answering import Opened
from core.crockford import encode_number, grouped, tidy
from core.drafts import Draft
from core.errors import WrongSetupCode
from core.printing import Press
from core.saving import Outbox, Saved
from core.settings import Settings
from core.shelf import Shelf, Turns
from core.store import mailbox, practice, restorations, roles
from core.store.database import Database
from core.store.limits import Limits
from core.store.outside import LAST_ENTRY_FILE
from core.store.vaults import Vault
from core.token import Token


def clock() -> datetime:
    """The time, in UTC. The only clock of the portal."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class NewRecovery:
    """A recovery code that was just made and that nobody has said they have yet."""

    therapist_id: str
    code: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Pick:
    """A language that somebody picked. ``card``: the code of the card they had then, or empty."""

    language: str
    card: str = field(repr=False, default="")


@dataclass
class Portal:
    """The parts that pages and routes work with. Shelves are keyed by the browser's binding.

    ``cards``: the card a browser scanned last. ``drafts``: choices while they are made.
    ``personal``: a client's seed after they typed their code. ``vaults``: open vaults.
    ``forms``: what a form on a welcome page did, by its nonce, so that a double tap does it once.
    ``used``: hashes of forms whose page was left, so that Back and the form again does not do it twice either.
    ``turns``: one save at a time in one browser, however many windows it has.
    ``noes``: a no to whatever question was open, filed with the card alone.
    ``opened``: the question a client reads. ``said``: why a personal link did not open.
    ``picked``: the language a reader picked.
    ``left``: browsers that left just now, so that what still runs for one brings nothing back.
    ``may_set_up``: browsers that gave the set-up code. ``offices``: who of the office signed in, by id.
    ``signed_out``: sign-ins with the practice's own provider that were ended, by their nonce.
    ``press``: cards that are made in the background.
    ``recovery``: a new recovery code until somebody has it; it ends no later than an idle vault.
    """

    settings: Settings
    secret: bytes = field(repr=False)
    setup_code: str = field(repr=False, default_factory=lambda: grouped(encode_number(secrets.randbits(60), 12)))

    def __post_init__(self) -> None:
        hours = timedelta(minutes=self.settings.draft_minutes)
        self.database = Database(self.settings.database, outside=self.settings.data / LAST_ENTRY_FILE)
        self.database.migrate()
        self.give_the_client_face_its_rights()
        self.look_for_an_old_copy(clock())
        mailbox.clear_ended(self.database, clock())
        self.limits = Limits(self.database, self.secret)
        self.press = Press(self.database, self.settings.data / "printing", clock)
        self.cards: Shelf[str] = Shelf(hours, clock)
        self.drafts: Shelf[Draft] = Shelf(hours, clock)
        self.personal: Shelf[bytes] = Shelf(hours, clock)
        self.forms: Shelf[Saved] = Shelf(hours, clock)
        self.used: Shelf[bool] = Shelf(hours, clock)
        self.turns = Turns()
        self.noes: Shelf[Token] = Shelf(hours, clock)
        self.opened: Shelf[Opened] = Shelf(hours, clock)
        self.said: Shelf[str] = Shelf(hours, clock)
        self.picked: Shelf[Pick] = Shelf(hours, clock)
        self.left: Shelf[bool] = Shelf(timedelta(minutes=10), clock)
        self.may_set_up: Shelf[bool] = Shelf(hours, clock)
        idle = timedelta(minutes=self.settings.idle_lock_minutes)
        self.vaults: Shelf[Vault] = Shelf(idle, clock, 200)
        self.offices: Shelf[str] = Shelf(idle, clock, 200)
        self.recovery: Shelf[NewRecovery] = Shelf(idle, clock, 200)
        self.signed_out: Shelf[bool] = Shelf(timedelta(days=1), clock)

    def give_the_client_face_its_rights(self) -> None:
        """Give the role of the client face what it needs of the tables as they are now. Raises ``BadInput``.

        In the same start as the migration, so that nobody can forget it. The client face itself cannot.
        """
        role = self.settings.client_role
        if role and self.settings.face != "client":
            with self.database.write() as connection:
                roles.grant(connection, role)

    def look_for_an_old_copy(self, now: datetime) -> None:
        """Put everybody on hold where an old copy of the records was put back. Only the staff face can tell."""
        if self.settings.face != "client":
            restorations.recognise(self.database, now)

    @property
    def outbox(self) -> Outbox:
        """Where a client's tokens go."""
        found = practice.find_practice(self.database)
        mailbox_on = self.settings.mailbox and (found is None or found.mailbox)
        return Outbox(self.database, self.limits, mailbox_on)

    @property
    def public_url(self) -> str:
        """What cards are printed with: the setting, else what the practice entered, else empty."""
        if self.settings.public_url:
            return self.settings.public_url
        found = practice.find_practice(self.database)
        return found.public_url if found else ""

    @property
    def part_2(self) -> bool:
        """Whether the practice is a substance-use programme under 42 CFR Part 2."""
        found = practice.find_practice(self.database)
        return found is not None and found.part_2

    def forget_browser(self, binding: str) -> None:
        """Leave now: drop everything kept for one browser."""
        self.left.put(binding, True)  # noqa: FBT003 - what a shelf keeps
        client = (self.cards, self.drafts, self.personal, self.noes, self.opened, self.said, self.picked)
        for shelf in (*client, self.vaults, self.offices, self.recovery, self.may_set_up):
            shelf.forget(binding)

    def forget_form(self, key: str) -> None:
        """Leave now: drop what a form did. That it was used stays, and nobody can tell from that what it was."""
        if self.forms.get(key) is not None:
            self.used.put(_hash_of(key), True)  # noqa: FBT003 - what a shelf keeps
        self.forms.forget(key)

    def was_left(self, key: str) -> bool:
        """Whether a form was used and its page left since."""
        return self.used.get(_hash_of(key), touch=False) is not None

    def keep_draft(self, binding: str, draft: Draft) -> None:
        """Keep choices while they are made, unless their browser has left meanwhile."""
        if not self.left.get(binding, touch=False):
            self.drafts.put(binding, draft)

    def check_setup_code(self, typed: str) -> None:
        """Raise ``WrongSetupCode`` unless this is the code that was printed at start."""
        if not hmac.compare_digest(tidy(typed).encode(), tidy(self.setup_code).encode()):
            raise WrongSetupCode

    @cached_property
    def started_at(self) -> datetime:
        """When this process started."""
        return clock()


def _hash_of(key: str) -> str:
    # A form's key holds 128 drawn bits: its hash cannot be found by trying.
    return sha256(key.encode()).hexdigest()


def is_this_machine(host: str, address: str | None, *, forwarded: bool) -> bool:
    """Whether a request comes from a browser on the portal's own machine.

    ``host``: the Host header. ``address``: the peer. ``forwarded``: whether a proxy passed it on.
    A name that merely resolves to loopback does not count, so another site cannot borrow this.
    No address is Streamlit's way of saying that the peer is this machine.
    """
    name = host.rsplit(":", 1)[0].strip("[]") if not host.endswith("]") else host.strip("[]")
    return not forwarded and name in {"localhost", "127.0.0.1", "::1"} and _is_loopback(address)


def _is_loopback(address: str | None) -> bool:
    if address is None:
        return True
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


@lru_cache(maxsize=1)
def portal() -> Portal:
    """The portal of this process, made at first use from the environment."""
    secret = os.environ.get("STREAMLIT_SERVER_COOKIE_SECRET", "")
    return Portal(Settings(), secret.encode() or secrets.token_bytes(32))
