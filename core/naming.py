"""Which card a person means: by its code, the number on its stub, or the alias."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from core import people
from core.card import LENGTH
from core.crockford import tidy
from core.errors import BadInput, OtherCard
from core.people import Person
from core.store import cards
from core.store.cards import Card
from core.store.database import Database
from core.store.vaults import Vault


def meant(vault: Vault, typed: str, now: datetime) -> Person:
    """Return the one card that is called exactly this. Raises ``BadInput`` for none, or several of one alias."""
    found = [one for one in people.list_people(vault, now) if _is_called(one, typed)]
    if len(found) != 1:
        problem = "There is no such card." if not found else "Several cards have this name."
        raise BadInput(problem=f"{problem} Type the code on the card, or the number on its stub.")
    return found[0]


def link(vault: Vault, code: str, typed: str, now: datetime) -> Person:
    """Note that the card a person typed belongs to the same person, and return it. Raises ``BadInput``."""
    other = meant(vault, typed, now)
    people.link(vault, code, other.card.code, now)
    return other


def hand_out(vault: Vault, typed: str, alias: str, now: datetime) -> Person:
    """Note that a card was handed out, with an alias where one is given.

    ``typed``: the number on its stub. Raises ``BadInput`` or a ``CardProblem``. A card that somebody has
    already takes no other name here: a slip of the number would give one client's choices the name of another.
    """
    stub = number(vault, typed)
    if alias.strip() and _is_somebody_elses(vault, stub, alias):
        raise BadInput(
            problem=f"Card number {stub} was handed out before. Check the number on the stub. "
            "To change the name of a card, open it under People."
        )
    card = cards.hand_out(vault.database, stub, now)
    if alias.strip():
        people.rename(vault, card.code, alias)
    return people.find_person(vault, card.code, now)


def _is_somebody_elses(vault: Vault, stub: int, alias: str) -> bool:
    card = cards.find_number(vault.database, stub)
    return card.state == "handed_out" and " ".join(alias.split()) != vault.holder(card.code).alias


def card_at(database: Database, therapist_ids: Sequence[str], typed: str) -> Card:
    """Return one of these therapists' cards by its code or the number on its stub.

    Raises ``CardUnknown`` or ``OtherCard``.
    """
    bare = typed.strip().removeprefix("#")
    is_number = bare.isascii() and bare.isdecimal() and len(bare) < LENGTH
    found = cards.find_number(database, int(bare)) if is_number else cards.find(database, typed)
    if found.therapist_id not in therapist_ids:
        raise OtherCard
    return found


def number(vault: Vault, typed: str) -> int:
    """Return the number of one of this therapist's cards as typed. Raises ``BadInput``."""
    return number_at(vault.database, (vault.therapist_id,), typed)


def number_at(database: Database, therapist_ids: Sequence[str], typed: str) -> int:
    """Return the number of one of these therapists' cards as typed. Raises ``BadInput``."""
    found = numbers_at(database, therapist_ids, typed)
    if len(found) > 1:
        raise BadInput(problem="Type one number at a time.")
    return found[0]


def numbers(vault: Vault, typed: str) -> list[int]:
    """Return the numbers meant by ``3, 7-9``: all this therapist's cards. Raises ``BadInput``."""
    return numbers_at(vault.database, (vault.therapist_id,), typed)


def numbers_at(database: Database, therapist_ids: Sequence[str], typed: str) -> list[int]:
    """Return the numbers meant by ``3, 7-9``: all cards of these therapists. Raises ``BadInput``."""
    own = {card.number for therapist_id in therapist_ids for card in cards.of_therapist(database, therapist_id)}
    found = [number for part in typed.replace("–", "-").split(",") if part.strip() for number in _range(part)]
    if not found:
        raise BadInput(problem="Type the number on the stub.")
    strange = next((number for number in found if number not in own), None)
    if strange is not None:
        raise BadInput(problem=f"There is no card number {strange}. Check the number on the stub.")
    return found


def _range(part: str) -> range:
    first, dash, last = part.replace("#", "").partition("-")
    try:
        start = int(first)
        end = int(last) if dash else start
    except ValueError:
        raise BadInput(problem="Type only numbers, such as 3 or 7-9.") from None
    if not 0 < start <= end or end - start > 10_000:
        raise BadInput(problem="Type the lower number first, such as 7-9.")
    return range(start, end + 1)


def _is_called(person: Person, typed: str) -> bool:
    wanted = typed.strip()
    return bool(wanted) and (
        tidy(wanted) == person.card.code
        or wanted.casefold() == person.holder.alias.casefold()
        or wanted.lstrip("#0") == str(person.card.number)
    )
