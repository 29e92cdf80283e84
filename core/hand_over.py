"""A therapist leaves: their noes go to a colleague, sealed; a yes, a note and an alias never do.

Only an open vault can say who said no, so only the therapist who leaves can hand over. Each no goes as an
unsigned token in a parcel to the colleague: by the rules for tokens it can do nothing but restrict. A card
of which nothing goes on permits nothing either, because a colleague holds no yes for it.
Source: docs/staff.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from core import entries, parcel, people, saving, token, wire
from core.errors import BadInput, InboxFirst
from core.model.preferences import Preferences
from core.model.taxonomy import TAXONOMY
from core.people import Person
from core.store import attendance, audit, mailbox, practice
from core.store.cards import Card
from core.store.practice import Therapist
from core.store.vaults import Vault
from core.text import Words, notice_hash
from core.token import Token


@dataclass(frozen=True, slots=True)
class No:
    """What goes on of one card. ``stopped``: all of it. ``never``: these channels. Neither: it was on hold."""

    person: Person
    stopped: bool
    never: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Handed:
    """What a hand-over came to."""

    cards: int
    noes: int


def noes(vault: Vault, now: datetime) -> list[No]:
    """Return what would go on, by the number of the card."""
    said = [_no(vault, person) for person in people.list_people(vault, now)]
    return sorted((one for one in said if one is not None), key=lambda one: one.person.card.number)


def _no(vault: Vault, person: Person) -> No | None:
    standing = person.standing
    stopped = standing.withdrawn or any(hold.reason == "unsigned_stop" for hold in standing.holds)
    never = _never(vault, person)
    held_back = standing.on_hold or bool(person.holder.about.unasked())
    return No(person, stopped, never) if stopped or never or held_back else None


def _never(vault: Vault, person: Person) -> tuple[str, ...]:
    answers = [record.token.body.content for record in vault.records(person.card.code)]
    if any(isinstance(one, wire.Answer) and one.answer == "no_never_ask" for one in answers):
        return TAXONOMY.channel_ids
    chosen = [document.channels for document in person.standing.documents]
    return tuple(place for place in TAXONOMY.channel_ids if any(one[place] == "never" for one in chosen))


def with_names(vault: Vault, now: datetime, words: Words) -> bytes:
    """Return what goes on as a text to give away by hand, with the names this therapist uses: UTF-8, tabs between."""
    rows = [f"{one.person.card.number}\t{one.person.name}\t{_in_words(one, words)}" for one in noes(vault, now)]
    return ("\n".join(rows) + "\n").encode()


def _in_words(no: No, words: Words) -> str:
    if no.stopped:
        return words("team.no.stop")
    if not no.never:
        return words("team.no.hold")
    return words("team.no.never", places=", ".join(words(f"staff.short.{place}") for place in no.never))


def leave(vault: Vault, successor_id: str, now: datetime) -> Handed:
    """Hand the noes and the cards to a colleague and close this vault, all of it or nothing.

    Raises ``InboxFirst`` while something is unopened, ``BadInput`` for somebody who cannot take over, and
    ``HasLeft`` where this was done before.
    """
    successor = _colleague(vault, successor_id)
    going = noes(vault, now)
    sealed = [_sealed(one, successor, now) for one in going]
    with vault.database.write() as connection:
        _check_inbox(connection, vault)
        moved = attendance.retire(connection, vault.therapist_id, successor.id, now)
        for one in sealed:
            mailbox.post(connection, parcel.recipient_of(successor.sealing_public), one, now)
        said = entries.handed_over(vault.therapist_id, successor.id, "left", moved, len(going))
        audit.append(connection, "hand_over", now, vault, said)
    return Handed(moved, len(going))


def close_for(vault: Vault, therapist_id: str, now: datetime) -> Handed:
    """Close the vault of a colleague who cannot do it, and take their cards over. Nothing they knew goes on.

    What waits unread for them stays theirs. Raises ``BadInput`` for oneself, and ``HasLeft``.
    """
    if therapist_id == vault.therapist_id:
        raise BadInput(problem="This is your own vault. To leave, hand it over.")
    with vault.database.write() as connection:
        moved = attendance.retire(connection, therapist_id, vault.therapist_id, now)
        said = entries.handed_over(therapist_id, vault.therapist_id, "closed", moved)
        audit.append(connection, "hand_over", now, vault, said)
    return Handed(moved, 0)


def let_back(vault: Vault, therapist_id: str, now: datetime) -> None:
    """Let a colleague open their closed vault again, to read on or to open what waits. Their cards stay moved."""
    with vault.database.write() as connection:
        if attendance.let_back(connection, therapist_id):
            said = entries.handed_over(therapist_id, vault.therapist_id, "back")
            audit.append(connection, "hand_over", now, vault, said)


def _colleague(vault: Vault, successor_id: str) -> Therapist:
    found = [one for one in practice.list_vaults(vault.database) if one.id != vault.therapist_id]
    successor = next((one for one in found if one.id == successor_id), None)
    if successor is None:
        raise BadInput(problem="Choose a colleague who works here and has a vault.")
    return successor


def _check_inbox(connection: Connection, vault: Vault) -> None:
    if any(mailbox.is_waiting(connection, key) for key in people.recipients(vault)):
        raise InboxFirst


def _sealed(no: No, successor: Therapist, now: datetime) -> bytes:
    written = _stop(no.person.card, successor, now) if no.stopped else _choices(no, successor, now)
    return parcel.pack(parcel.Parcel("token", written.envelope), successor.sealing_public)


def _stop(card: Card, successor: Therapist, now: datetime) -> Token:
    return saving.write_stop(card, successor, now, language=card.language).token


def _choices(no: No, successor: Therapist, now: datetime) -> Token:
    at = now.replace(microsecond=0)
    channels = {place: "never" if place in no.never else "undecided" for place in TAXONOMY.channel_ids}
    card = no.person.card
    body = wire.Body(
        content=wire.Choices(Preferences.model_validate({"channels": channels, "issued_at": at})),
        card=card.code,
        issued_at=at,
        expires_at=None,
        sequence=1,
        notice=notice_hash(card.language),
        language=card.language,
        signed=False,
    )
    return token.issue(body, successor.sealing_public)
