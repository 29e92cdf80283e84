"""A small practice for tests: a real database, an open vault, cards, and clients who save and stop."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from core import importing, saving
from core.keys import ClientKeys
from core.model.dates import add_months
from core.model.preferences import Preferences
from core.model.taxonomy import TAXONOMY, WITHOUT_UNDERSTANDING, YES
from core.saving import Letter, Outbox, Saved
from core.standing import Standing
from core.store import cards
from core.store.cards import Card
from core.store.database import Database
from core.store.limits import Limits
from core.store.practice import Therapist
from core.store.vaults import Vault

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
PASSPHRASE = "correct horse battery"
SECRET = b"the portal's own secret, thirty-two"


def later(**by: float) -> datetime:
    """Return a moment after ``NOW``."""
    return NOW + timedelta(**by)


def document(issued_at: datetime = NOW, **chosen: object) -> Preferences:
    """Return preferences: never everywhere but for the channels given by name. A yes lasts six months."""
    fields = {name: chosen.pop(name) for name in list(chosen) if name not in TAXONOMY.channel_ids}
    channels = dict.fromkeys(TAXONOMY.channel_ids, "never") | chosen
    has_yes = not YES.isdisjoint(channels.values())
    return Preferences.model_validate(
        {
            "channels": channels,
            "understood": not set(channels.values()) <= WITHOUT_UNDERSTANDING,
            "issued_at": issued_at,
            "expires_at": add_months(issued_at, 6) if has_yes else None,
        }
        | fields
    )


@dataclass
class Clinic:
    """A practice at work. ``cards``: ten that were handed out. ``printed``: two that were not.

    ``path``: its database file, or None on a server.
    """

    path: Path | None
    database: Database
    therapist: Therapist
    recovery_code: str
    vault: Vault
    cards: list[Card]
    printed: list[Card]
    outbox: Outbox = field(init=False)

    def __post_init__(self) -> None:
        self.outbox = Outbox(self.database, Limits(self.database, SECRET), mailbox_on=True)

    @property
    def card(self) -> Card:
        """The card of a test that needs only one."""
        return self.cards[0]

    def without_mailbox(self) -> None:
        """Let the practice take no parcels."""
        self.outbox = replace(self.outbox, mailbox_on=False)

    def write(
        self,
        keys: ClientKeys,
        at: datetime = NOW,
        card: Card | None = None,
        last: saving.OwnRecord | None = None,
        **chosen: object,
    ) -> Letter:
        """Let a client sign choices and not send them yet."""
        return saving.write_choices(card or self.card, self.therapist, document(at, **chosen), keys=keys, last=last)

    def save(self, keys: ClientKeys, at: datetime = NOW, card: Card | None = None, **chosen: object) -> Saved:
        """Let a client save choices, going on from what these keys sent last."""
        last = saving.own_record(self.database, keys, at)
        return saving.send(self.outbox, self.write(keys, at, card, last, **chosen))

    def stop(self, at: datetime = NOW, keys: ClientKeys | None = None, card: Card | None = None) -> Saved:
        """Let somebody with the card stop everything."""
        last = saving.own_record(self.database, keys, at) if keys else None
        return saving.stop_everything(self.outbox, card or self.card, self.therapist, at, keys=keys, last=last)

    def take_in(self, saved: Saved | str, at: datetime = NOW, *, compared: bool = False) -> Standing:
        """Import a token by hand."""
        text = saved if isinstance(saved, str) else saved.token.text
        return importing.keep(self.vault, importing.preview(self.vault, text, at), at, compared=compared)

    def stands(self, card: Card | None = None) -> Standing:
        """Return where a card stands."""
        return importing.standing(self.vault, (card or self.card).code)

    def rows(self, query: str) -> list[tuple[object, ...]]:
        """Return what a query on the tables answers."""
        with self.database.read() as connection:
            return [tuple(row) for row in connection.exec_driver_sql(query).all()]

    @property
    def address(self) -> str:
        """The SQLAlchemy address of its database, for another process."""
        return self.database.url

    def change_rows(self, statement: str, *values: object) -> None:
        """Change the tables behind everybody's back. ``?`` stands for a value."""
        with self.database.write() as connection:
            if connection.dialect.name == "postgresql":
                statement = statement.replace("?", "%s")
            connection.exec_driver_sql(statement, values)

    @contextmanager
    def refusing(self, what: str, when: str = "") -> Iterator[None]:
        """Let the database fail at each write of a kind, such as ``INSERT ON parcel``, as a full disk would."""
        condition = f"WHEN ({when})" if when else ""
        if self.database.engine.dialect.name == "sqlite":
            fails = "BEGIN SELECT abs(-9223372036854775807 - 1); END"
            self.change_rows(f"CREATE TRIGGER broken BEFORE {what} {condition} {fails}")
        else:
            body = "BEGIN RAISE EXCEPTION USING ERRCODE = 'disk_full'; END"
            self.change_rows(f"CREATE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$")
            each = f"FOR EACH ROW {condition} EXECUTE FUNCTION broken()"
            self.change_rows(f"CREATE TRIGGER broken BEFORE {what} {each}")
        yield
        on = what.partition(" ON ")[2]
        on_server = self.database.engine.dialect.name == "postgresql"
        self.change_rows(f"DROP TRIGGER broken ON {on}" if on_server else "DROP TRIGGER broken")


@contextmanager
def busy(database: Database) -> Iterator[None]:
    """Keep every other writer waiting, as a long write of another process would."""
    other = Database(database.url)
    with other.write():
        yield
    other.close()


def found(where: Path | str, therapist: Therapist, recovery_code: str) -> Clinic:
    """Open the practice in a database file, or at an address, with new cards."""
    from core.store.vaults import recover_vault

    database = Database(where if isinstance(where, str) else f"sqlite:///{where}", wait=5)
    file = None if database.engine.dialect.name != "sqlite" else Path(database.url.removeprefix("sqlite:///"))
    vault = recover_vault(database, therapist.id, recovery_code)
    with database.write() as connection:
        order = cards.Order(therapist.id, "en", "https://sayso.example.org", "card", 12)
        made = cards.register(connection, order, NOW)
    handed_out = [cards.hand_out(database, card.number, NOW) for card in made[:10]]
    return Clinic(file, database, therapist, recovery_code, vault, handed_out, made[10:])
