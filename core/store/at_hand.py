"""What a vault holds on some cards, read from the database in one go: one statement a table, however many cards."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from core.errors import VaultDamaged
from core.store.schema import holder, record
from core.store.vaults import Holder, Record, Vault
from core.token import Token

# Made once: to put a statement together takes as long as to have it answered.
_RECORDS = select(record.c.id, record.c.card_index, record.c.sealed, record.c.key_version).where(
    record.c.therapist_id == bindparam("therapist"), record.c.card_index.in_(bindparam("cards", expanding=True))
)
_HOLDERS = select(holder.c.id, holder.c.card_index, holder.c.sealed, holder.c.key_version).where(
    holder.c.therapist_id == bindparam("therapist"), holder.c.card_index.in_(bindparam("cards", expanding=True))
)
_HERE = select(record.c.envelope_index).where(
    record.c.therapist_id == bindparam("therapist"), record.c.envelope_index.in_(bindparam("tokens", expanding=True))
)


@dataclass(frozen=True, slots=True)
class AtHand:
    """What was read. A row is opened when somebody asks for its card: a damaged one harms no other."""

    vault: Vault
    _records: Mapping[bytes, Sequence[Row[*tuple[Any, ...]]]]
    _holders: Mapping[bytes, Row[*tuple[Any, ...]]]
    _here: Collection[bytes]

    def records(self, code: str) -> list[Record]:
        """Return the tokens imported from one card, each checked again by every rule. Raises ``VaultDamaged``."""
        rows = self._records.get(self.vault.card_index(code), ())
        found = [self.vault.open_record(row, checked_again=True) for row in rows]
        if any(one.token.body.card != code for one in found):
            raise VaultDamaged  # filed under another card's index
        return found

    def holder(self, code: str) -> Holder:
        """Return what is known of one card's holder; an empty one where nothing is. Raises ``VaultDamaged``."""
        row = self._holders.get(self.vault.card_index(code))
        if row is None:
            return Holder(code)
        found = self.vault.open_holder(row)
        if found.card != code:
            raise VaultDamaged  # filed under another card's index
        return found

    def has(self, token: Token) -> bool:
        """Whether this token was imported before."""
        return self.vault.envelope_index(token) in self._here


def read(connection: Connection, vault: Vault, codes: Collection[str], tokens: Collection[Token] = ()) -> AtHand:
    """Read what is held on these cards, and which of these tokens are here already."""
    of_cards = {"therapist": vault.therapist_id, "cards": [vault.card_index(code) for code in codes]}
    of_tokens = {"therapist": vault.therapist_id, "tokens": [vault.envelope_index(token) for token in tokens]}
    records = defaultdict(list)
    for row in connection.execute(_RECORDS, of_cards):
        records[row.card_index].append(row)
    holders = {row.card_index: row for row in connection.execute(_HOLDERS, of_cards)}
    return AtHand(vault, records, holders, frozenset(connection.scalars(_HERE, of_tokens)) if tokens else frozenset())
