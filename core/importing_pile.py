"""What some imports write, put together first and then written table by table, in one transaction.

Each import puts on the pile its token, the delivery of its parcel, the hand-out of its card, the letter that
tells the client, and its entry in the record. A pile of one is how a single token is kept.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from core import answers, entries, telling
from core.audit import Kind
from core.errors import AlreadyImported, VaultDamaged
from core.importing_looks import Preview
from core.standing import Held
from core.store import at_hand, audit, cards, mailbox, requests
from core.store.at_hand import AtHand
from core.store.vaults import Vault
from core.token import Token


@dataclass
class Pile:
    """``held``: what is held on the cards these come from, read in the same transaction as this is written."""

    vault: Vault
    held: AtHand
    now: datetime
    takes_parcels: bool
    _tokens: dict[bytes, Token] = field(default_factory=dict)
    _cards: list[int] = field(default_factory=list)
    _delivered: list[str] = field(default_factory=list)
    _letters: list[tuple[bytes, bytes]] = field(default_factory=list)
    _confirmed: dict[str, bytes] = field(default_factory=dict)
    _told: list[tuple[Kind, Mapping[str, object]]] = field(default_factory=list)

    def add(self, look: Preview, *, compared: bool) -> None:
        """Put one import on the pile. Raises ``AlreadyImported``; the parcel it came in has done its work even then."""
        if look.parcel_id is not None:
            self._delivered.append(look.parcel_id)
        if look.again:
            self.confirm_again(look.card.code, look.token.body.client_key)
            return
        if look.token.digest in self._tokens or self.held.has(look.token):
            raise AlreadyImported
        if self.takes_parcels:
            self._tell_seen(look.token)
        self._tokens[look.token.digest] = look.token
        self._cards.append(look.card.number)
        self._told.append(entries.arrived(self.vault.data_key, look.token))
        if compared and look.confirms:
            self.confirm(look.card.code, look.confirms)

    def _tell_seen(self, token: Token) -> None:
        code = token.body.card
        known = [record.held for record in self.held.records(code)]
        known += [Held(one.body, one.digest) for one in self._tokens.values() if one.body.card == code]
        confirmed = None if token.body.signed else self._confirmed_key(code)
        letter = telling.seen_letter(self.vault, token, known, confirmed, self.now, self._closed_by(token))
        if letter is not None:
            self._letters.append(letter)

    def _closed_by(self, token: Token) -> list[bytes]:
        """Return the questions that a word with the card alone says no to: who has the code can read them."""
        if token.body.signed or token.body.kind != "answer":
            return []
        try:
            asked = requests.of_card(self.vault, token.body.card)
        except VaultDamaged:
            # A damaged question must not keep a no from being imported.
            return []
        return [one.request_id for one in asked if answers.stands_against(token.body, one, None)]

    def confirm_again(self, code: str, client_key: bytes) -> None:
        """Confirm a key that is confirmed, after a restore. Raises ``AlreadyImported`` where another one is by now."""
        if self._confirmed_key(code) != client_key:
            raise AlreadyImported
        self.confirm(code, client_key)

    def confirm(self, code: str, client_key: bytes) -> None:
        """Confirm a client's key: from here on it speaks for this card."""
        self._confirmed[code] = client_key
        self._told.append(("confirm", entries.confirmed(self.vault.data_key, code, client_key)))

    def _confirmed_key(self, code: str) -> bytes | None:
        return self._confirmed.get(code) or self.held.holder(code).confirmed_key

    def write(self, connection: Connection) -> None:
        """Write all of it. Whatever this raises, the transaction is to be given up."""
        mailbox.deliver_many(connection, self._delivered, self.now)
        self.vault.keep(connection, tuple(self._tokens.values()), self.now)
        cards.note_hand_outs(connection, self._cards, self.now)
        mailbox.post_many(connection, self._letters, self.now)
        for code, key in self._confirmed.items():
            self.vault.change_holder(connection, code, confirmed_key=key, confirmed_at=self.now)
        # Last: from here on other writers wait.
        audit.append_many(connection, self._told, self.now, self.vault)


@contextmanager
def piling(vault: Vault, now: datetime, codes: Collection[str], tokens: Collection[Token] = ()) -> Iterator[Pile]:
    """A pile for these cards and tokens: put together in here, and written in one transaction at the end of it."""
    with vault.database.write() as connection, vault.database.together(connection):
        held = at_hand.read(connection, vault, codes, tokens)
        pile = Pile(vault, held, now, telling.takes_parcels(connection))
        yield pile
        pile.write(connection)
