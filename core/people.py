"""The therapist's list: each card at a glance, its whole history, and whose cards belong together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import Connection

from core import entries, parcel
from core.card import shown
from core.crockford import tidy
from core.errors import BadInput, OtherCard
from core.standing import Held, Standing, stand, words_changed
from core.store import audit, cards, mailbox, restorations
from core.store.cards import Card
from core.store.database import new_id
from core.store.vaults import Holder, Record, Vault

#: A yes that ends within this time is shown ahead.
ENDS_SOON = timedelta(days=30)
_LONGEST_ALIAS = 40
#: Fewer symbols than this are in too many codes to search by.
_SHORTEST_CODE_PART = 3

Attention = Literal["compare", "hold", "withdrawn", "fork", "choice_missing", "new_words", "ends_soon", "ended"]


@dataclass(frozen=True, slots=True)
class Person:
    """One card in the list. ``attention``: what asks for the therapist, most urgent first."""

    card: Card
    holder: Holder
    standing: Standing
    last_import: datetime | None
    attention: tuple[Attention, ...]

    @property
    def name(self) -> str:
        """The alias, or the card's code where there is none."""
        return self.holder.alias or shown(self.card.code)


def list_people(vault: Vault, now: datetime, search: str = "") -> list[Person]:
    """Return every card that was handed out or imported from, those needing attention first."""
    held: dict[str, list[Record]] = defaultdict(list)
    for record in vault.records():
        held[record.token.body.card].append(record)
    holders, restored_at = vault.holders(), restorations.last(vault.database)
    people = [
        _person(card, holders.get(card.code) or Holder(card.code), held[card.code], restored_at, now)
        for card in cards.of_therapist(vault.database, vault.therapist_id)
        if card.code in held or card.code in holders or card.state == "handed_out"
    ]
    return sorted((one for one in people if _matches(one, search)), key=_urgency)


def find_person(vault: Vault, code: str, now: datetime) -> Person:
    """Return one card. Raises ``CardUnknown`` or ``OtherCard``."""
    card = own_card(vault, code)
    restored_at = restorations.last(vault.database)
    return _person(card, vault.holder(card.code), vault.records(card.code), restored_at, now)


def own_card(vault: Vault, typed: str) -> Card:
    """Return one of this therapist's cards as a person typed it. Raises ``CardUnknown`` or ``OtherCard``."""
    card = cards.find(vault.database, typed)
    if card.therapist_id != vault.therapist_id:
        raise OtherCard
    return card


def history(vault: Vault, code: str) -> list[Record]:
    """Return every token of a card, newest first by what the client meant, not by arrival."""
    return sorted(
        vault.records(code), key=lambda r: (r.token.body.issued_at, r.token.body.sequence, r.held.digest), reverse=True
    )


def rename(vault: Vault, code: str, alias: str) -> None:
    """Give a card a private alias, or take it away. Raises ``BadInput``."""
    alias = " ".join(alias.split())
    if len(alias) > _LONGEST_ALIAS:
        raise BadInput(problem=f"An alias can have at most {_LONGEST_ALIAS} letters.")
    with vault.database.write() as connection:
        vault.change_holder(connection, code, alias=alias)


def link(vault: Vault, code: str, other: str, now: datetime) -> None:
    """Note that two cards belong to one person, with its entry in the record; cards linked to either come along.

    ``other`` may be as a person typed it. Raises ``CardUnknown`` or ``OtherCard``, and ``BadInput``
    for a card and itself.
    """
    pair = [own_card(vault, one).code for one in (code, other)]
    if pair[0] == pair[1]:
        raise BadInput(problem="This is the same card. Type the code of the other one.")
    with vault.database.write() as connection:
        known = vault.holders_of(pair)
        persons = [person for one in pair if one in known and (person := known[one].person)]
        every = together(vault, pair)
        _put_together(connection, vault, every, persons[0] if persons else new_id())
        said = entries.linked(vault.data_key, pair[0], every - {pair[0]})
        audit.append(connection, "link", now, vault, said)


def unlink(vault: Vault, code: str, now: datetime) -> None:
    """Note that this card stands alone again, with its entry in the record; the others still belong together."""
    with vault.database.write() as connection:
        person = vault.holder(code).person
        _put_together(connection, vault, together(vault, [code]) - {code}, person)
        vault.change_holder(connection, code, person="", together=None)
        audit.append(connection, "link", now, vault, entries.linked(vault.data_key, code, ()))


def linked_to(vault: Vault, code: str) -> list[Holder]:
    """Return the other cards of the same person."""
    known = vault.holders_of(together(vault, [code]) - {code})
    return sorted(known.values(), key=lambda one: one.card)


def together(vault: Vault, codes: Collection[str], holders: Mapping[str, Holder] | None = None) -> set[str]:
    """Return the codes of these cards and of every other card of the same persons.

    ``holders``: ``vault.holders()``, where somebody has it. Else only the rows of these cards are read, but where
    one is so old that it does not name the others.
    """
    known = vault.holders_of(codes) if holders is None else {one: holders[one] for one in codes if one in holders}
    found, unnamed = set(codes), set()
    for one in known.values():
        if one.person and one.together is None:
            unnamed.add(one.person)
        elif one.person:
            found.update(one.together or ())
    if unnamed:
        every = vault.holders() if holders is None else holders
        found.update(one.card for one in every.values() if one.person in unnamed)
    return found


def _put_together(connection: Connection, vault: Vault, codes: Collection[str], person: str) -> None:
    for one in sorted(codes):
        vault.change_holder(connection, one, person=person, together=tuple(sorted(codes)))


def unopened(vault: Vault) -> int:
    """Return how many parcels wait in the mailbox for this vault."""
    return sum(mailbox.count_waiting(vault.database, key) for key in recipients(vault))


def recipients(vault: Vault) -> list[bytes]:
    """Return what parcels for this vault are filed under: one for each of its keys, the newest first."""
    return [parcel.recipient_of(key.public) for key in vault.keys.all_sealing]


def _person(card: Card, holder: Holder, records: list[Record], restored_at: datetime | None, now: datetime) -> Person:
    doubtful = restorations.unproved(records, holder, restored_at)
    standing = stand((record.held for record in records), holder.confirmed_key, doubtful)
    return Person(
        card=card,
        holder=holder,
        standing=standing,
        last_import=max((record.imported_at for record in records), default=None),
        attention=_attention(standing, now),
    )


def _attention(standing: Standing, now: datetime) -> tuple[Attention, ...]:
    # Of their heads alone: decoding ten thousand documents to show a handful would take most of the time.
    ends = [held.body.expires_at for held in standing.in_force if held.body.expires_at]
    flags: dict[Attention, bool] = {
        "compare": bool(standing.pending_keys),
        "withdrawn": standing.withdrawn,
        "hold": any(hold.reason not in {"first_key", "other_key"} for hold in standing.holds),
        "fork": len(standing.in_force) > 1,
        "choice_missing": standing.choice_missing,
        "new_words": any(words_changed(held) for held in standing.in_force),
        "ended": any(end <= now for end in ends),
        "ends_soon": any(now < end <= now + ENDS_SOON for end in ends),
    }
    return tuple(flag for flag, raised in flags.items() if raised)


def _urgency(person: Person) -> tuple[bool, str, int]:
    return not person.attention, person.name.casefold(), person.card.number


def _matches(person: Person, search: str) -> bool:
    wanted = search.strip().casefold()
    code = tidy(search)
    return (
        not wanted
        or wanted in person.holder.alias.casefold()
        or (len(code) >= _SHORTEST_CODE_PART and code in person.card.code)
        or wanted.lstrip("#0") == str(person.card.number)
    )


def newest(held: tuple[Held, ...]) -> Held | None:
    """Return the newest of what is in force, or None."""
    return max(held, key=lambda one: (one.body.issued_at, one.body.sequence), default=None)
