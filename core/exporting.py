"""Exports: what a therapist holds, read from the open vault, noted in the record, with its signed head inside.

The formats themselves are pure: ``core/exchange/``.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from core import entries, knowing
from core.answers import Outcome
from core.exchange import fhir, iso27560, table
from core.exchange.subject import Document, Exporter, Obstacle, Question, Stop, Subject
from core.knowing import Known
from core.model.body import Withdrawal
from core.model.person import Person
from core.standing import Held, choices_of
from core.store import audit, cards, practice
from core.store.cards import Card
from core.store.vaults import Vault
from core.text import Words

Format = Literal["fhir-r4", "iso27560", "csv"]
FORMATS: tuple[Format, ...] = get_args(Format)
_MAKERS: dict[Format, Callable[[list[Subject], Exporter, datetime, str, Words], str]] = {
    "fhir-r4": lambda subjects, exporter, now, head, _words: _json(fhir.bundle(subjects, exporter, now, head)),
    "iso27560": lambda subjects, exporter, now, head, _words: _json(iso27560.graph(subjects, exporter, now, head)),
    "csv": lambda subjects, _exporter, now, head, words: table.text(subjects, now, head, words),
}


@dataclass(frozen=True, slots=True)
class Export:
    """A finished export. ``text``: the file; ``cards``: how many it tells of; ``head``: the record's, as a line."""

    text: str
    cards: int
    head: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where the practice is. ``site``: the portal's public address; ``postal`` and ``jurisdiction``: in words."""

    site: str = ""
    postal: str = ""
    jurisdiction: str = ""


NOWHERE = Place()


def make(vault: Vault, wanted: Format, now: datetime, place: Place = NOWHERE, words: Words | None = None) -> Export:
    """Return everything held in a format, and note in the record that it was made.

    ``words``: of the table for people; English where none are given.

    Raises ``VaultDamaged`` where something does not open.
    """
    now = now.replace(microsecond=0)
    subjects, exporter = collect(vault, now), _exporter(vault, place)
    with vault.database.write() as connection:
        audit.append(connection, "export", now, vault, entries.exported(wanted))
        head = audit.sign_head(connection, vault, vault.keys.signing, now).line
    return Export(_MAKERS[wanted](subjects, exporter, now, head, words or Words()), len(subjects), head)


def collect(vault: Vault, now: datetime) -> list[Subject]:
    """Return each card that was handed out or imported from, by number, as it stands at ``now``."""
    with vault.database.read() as connection, vault.database.together(connection):
        own = cards.of_therapist(vault.database, vault.therapist_id)
        # Told by the index: to open every row first would open each twice.
        imported = vault.imported_from()
        spoke = [card.code for card in own if vault.card_index(card.code) in imported]
        known = {one.code: one for one in knowing.known_of(vault, spoke, now)}
    return [
        _subject(card, known[card.code], now) if card.code in known else _silent(card)
        for card in own
        if card.code in known or card.state == "handed_out"
    ]


def _silent(card: Card) -> Subject:
    return Subject(card.code, card.number)


def _exporter(vault: Vault, place: Place) -> Exporter:
    kept = practice.find_practice(vault.database)
    therapist = practice.find_therapist(vault.database, vault.therapist_id)
    name = kept.name if kept else therapist.name
    return Exporter(vault.therapist_id, therapist.name, name, place.site, place.postal, place.jurisdiction)


def _subject(card: Card, known: Known, now: datetime) -> Subject:
    in_force = known.standing.in_force
    return Subject(
        card=card.code,
        number=card.number,
        documents=tuple(
            _document(known, held, person) for held, person in zip(in_force, known.persons, strict=False) if in_force
        ),
        obstacles=frozenset(_obstacles(known, now)),
        never_confirmed=known.holder.confirmed_key is None
        and all(hold.reason == "first_key" and not _stops(hold.token) for hold in known.standing.holds),
        stop=_stop(known),
        questions=tuple(_question(outcome) for outcome in known.outcomes),
    )


def _document(known: Known, held: Held, person: Person) -> Document:
    body, chosen = held.body, choices_of(held)
    confirmed = body.client_key == known.holder.confirmed_key
    return Document(
        chosen=chosen,
        usable=person.preferences or chosen,
        digest=held.digest.hex(),
        sequence=body.sequence,
        notice=body.notice.hex(),
        language=body.language,
        signer="guardian" if body.guardian else "client",
        compared_at=known.holder.confirmed_at if confirmed else None,
    )


def _obstacles(known: Known, now: datetime) -> list[Obstacle]:
    ended = [document.has_ended(now) for document in known.standing.documents]
    flags: dict[Obstacle, bool] = {
        "withdrawn": known.standing.withdrawn,
        "hold": any(person.hold for person in known.persons),
        "lapsed": any(person.lapsed for person in known.persons),
        "expired": any(ended),
        "tie": len(known.standing.in_force) > 1,
    }
    return [name for name, raised in flags.items() if raised]


def _stop(known: Known) -> Stop | None:
    """Return the newest word against everything that no later document lifted."""
    standing, confirmed = known.standing, known.holder.confirmed_key
    against = [hold.token for hold in standing.holds if not hold.token.body.signed or _stops(hold.token)]
    if standing.withdrawn:
        # One of them is newer than any document, so the newest of all is one that counts.
        against += [record.held for record in known.records if _stops(record.held)]
    if not against:
        return None
    newest = max(against, key=lambda one: (one.body.issued_at, one.digest))
    return Stop(newest.digest.hex(), newest.body.issued_at, newest.body.signed and newest.body.client_key == confirmed)


def _stops(held: Held) -> bool:
    content = held.body.content
    return isinstance(content, Withdrawal) and content.scope == "everything"


def _question(outcome: Outcome) -> Question:
    request, grant = outcome.asked.request, outcome.grant
    return Question(
        request_id=outcome.asked.request_id.hex(),
        content_hash=request.content_hash,
        channels=tuple(request.all_channels),
        account=request.account,
        asked_at=request.issued_at,
        closes_at=request.closes_at,
        answer=outcome.answer or "open",
        answered_at=outcome.closed_at,
        ready_at=grant.ready_at if grant else None,
        expires_at=grant.expires_at if grant else None,
    )


def _json(document: object) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"
