"""The practice and its therapists: what clients see of them, and the wrapped keys."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, insert, select, update
from sqlalchemy.exc import IntegrityError

from core import entries, vault
from core.audit import Kind
from core.errors import AlreadySetUp, BadInput, HasLeft, VaultLocked
from core.keys import SealingKey, SigningKey, TherapistKeys
from core.model.dates import to_unix
from core.store import audit
from core.store.cards import Card
from core.store.database import Database, new_id
from core.store.schema import practice, therapist
from core.vault import DataKey, Place

_LONGEST_NAME = 200
MOST_ACCOUNTS, LONGEST_ACCOUNT = 20, 100


@dataclass(frozen=True, slots=True)
class Practice:
    """Who runs this portal. ``public_url``: what cards are printed with, or empty.

    ``part_2``: a substance-use programme under 42 CFR Part 2.
    """

    name: str
    public_url: str
    mailbox: bool
    demo: bool
    part_2: bool = False


@dataclass(frozen=True, slots=True)
class Therapist:
    """A therapist as clients see them."""

    id: str
    name: str
    accounts: tuple[str, ...]
    sealing_public: bytes
    signing_public: bytes


@dataclass(frozen=True, slots=True)
class SetUp:
    """What the first start asks for. ``accounts``: the accounts the permission covers."""

    practice: str
    therapist: str
    accounts: tuple[str, ...]
    passphrase: str
    demo: bool = False


@dataclass(frozen=True, slots=True)
class NewTherapist:
    """A therapist with keys and a vault of their own, not written yet. ``row``: of the table."""

    id: str
    recovery_code: str = field(repr=False)
    keys: TherapistKeys = field(repr=False)
    keeper: audit.Keeper = field(repr=False)
    row: dict[str, object] = field(repr=False)


def new_therapist(name: str, accounts: tuple[str, ...], passphrase: str, now: datetime) -> NewTherapist:
    """Draw keys and a vault for somebody, outside of a transaction: it takes a while. Raises ``BadInput``."""
    check_name(name)
    check_passphrase(passphrase)
    therapist_id, keys, recovery_code = new_id(), TherapistKeys.new(), vault.new_recovery_code()
    keeper = audit.Keeper(therapist_id, DataKey.new())
    row = _therapist_row(therapist_id, name, accounts, keys, now) | _locked_row(keeper, keys, passphrase, recovery_code)
    return NewTherapist(therapist_id, recovery_code, keys, keeper, row)


def add_therapist(connection: Connection, new: NewTherapist, now: datetime) -> None:
    """Write a new therapist in the caller's transaction, with the entry that tells their keys."""
    connection.execute(insert(therapist).values(new.row))
    audit.append(
        connection, "set_up", now, new.keeper, entries.keys_are(new.keys.sealing.public, new.keys.signing.public)
    )


def _nothing_more(_connection: Connection, _therapist_id: str) -> None:
    """A practice as it is."""


def set_up(
    database: Database, answers: SetUp, now: datetime, also: Callable[[Connection, str], None] = _nothing_more
) -> tuple[Therapist, str]:
    """Make the practice, its first therapist and vault, in one go. ``also``: what is kept with them or not at all.

    Returns the therapist and the recovery code, which is shown once. Raises ``AlreadySetUp`` or
    ``BadInput``.
    """
    _check(answers)
    new = new_therapist(answers.therapist, answers.accounts, answers.passphrase, now)
    try:
        with database.write() as connection:
            connection.execute(
                insert(practice).values(
                    id=1, name=answers.practice.strip(), mailbox=True, demo=answers.demo, created_at=to_unix(now)
                )
            )
            add_therapist(connection, new, now)
            also(connection, new.id)
    except IntegrityError:
        raise AlreadySetUp from None
    return _find(database, new.id), new.recovery_code


def _check(answers: SetUp) -> None:
    if not answers.practice.strip() or not answers.therapist.strip():
        raise BadInput(problem="Please fill in the practice and the therapist's name.")
    if max(len(answers.practice), len(answers.therapist)) > _LONGEST_NAME:
        raise BadInput(problem=f"A name can have at most {_LONGEST_NAME} letters.")
    check_accounts(answers.accounts)
    check_passphrase(answers.passphrase)


def check_accounts(accounts: Iterable[str]) -> list[str]:
    """Return the accounts a permission covers, each once. Raises ``BadInput`` for too many, or one too long.

    Clients read all of them before they choose, on a phone.
    """
    kept = list(dict.fromkeys(" ".join(account.split()) for account in accounts if account.strip()))
    if len(kept) > MOST_ACCOUNTS:
        raise BadInput(problem=f"Name at most {MOST_ACCOUNTS} accounts: each client reads all of them.")
    if any(len(account) > LONGEST_ACCOUNT for account in kept):
        raise BadInput(problem=f"An account can have at most {LONGEST_ACCOUNT} letters. Put each on a line of its own.")
    return kept


def check_name(name: str) -> str:
    """Return a name, tidied. Raises ``BadInput`` for one that is empty or too long."""
    tidy = " ".join(name.split())
    if not tidy:
        raise BadInput(problem="Please fill in the name.")
    if len(tidy) > _LONGEST_NAME:
        raise BadInput(problem=f"A name can have at most {_LONGEST_NAME} letters.")
    return tidy


def check_passphrase(passphrase: str) -> None:
    """Raise ``BadInput`` for a passphrase that is too short."""
    if len(passphrase.strip()) < vault.SHORTEST_PASSPHRASE:
        raise BadInput(problem=f"Choose a passphrase of at least {vault.SHORTEST_PASSPHRASE} letters.")


def _therapist_row(
    therapist_id: str, name: str, accounts: tuple[str, ...], keys: TherapistKeys, now: datetime
) -> dict[str, object]:
    return {
        "id": therapist_id,
        "name": name.strip(),
        "accounts": check_accounts(accounts),
        "sealing_public": keys.sealing.public,
        "signing_public": keys.signing.public,
        "created_at": to_unix(now),
    }


def _locked_row(keeper: audit.Keeper, keys: TherapistKeys, passphrase: str, recovery_code: str) -> dict[str, bytes]:
    data_key, therapist_id = keeper.data_key, keeper.therapist_id
    return {
        "wrapped_data_key": vault.wrap(data_key.raw, passphrase, therapist_id),
        "wrapped_for_recovery": vault.wrap_for_recovery(data_key.raw, recovery_code, therapist_id),
        "sealed_keys": sealed_keys(data_key, keys, therapist_id),
    }


def sealed_keys(data_key: DataKey, keys: TherapistKeys, therapist_id: str) -> bytes:
    """Return a therapist's private keys as they are kept: sealed under the vault's data key."""
    private = {"sealing": [_text(one.private) for one in keys.all_sealing], "signing": _text(keys.signing.private)}
    return data_key.seal(json.dumps(private).encode(), _keys_place(therapist_id))


def register_therapist(
    connection: Connection, name: str, sealing_public: bytes, signing_public: bytes, now: datetime
) -> str:
    """Return the id of the therapist with this key, making one without a vault where it is new.

    Raises ``BadInput`` for a name that is empty or too long.
    """
    if not 1 <= len(name.strip()) <= _LONGEST_NAME:
        raise BadInput(problem=f"A name has from 1 to {_LONGEST_NAME} letters.")
    known = connection.scalar(select(therapist.c.id).where(therapist.c.sealing_public == sealing_public))
    if known is not None:
        return str(known)
    therapist_id = new_id()
    connection.execute(
        insert(therapist).values(
            id=therapist_id,
            name=name.strip(),
            accounts=[],
            sealing_public=sealing_public,
            signing_public=signing_public,
            created_at=to_unix(now),
        )
    )
    return therapist_id


def unlock(database: Database, therapist_id: str, passphrase: str) -> tuple[DataKey, TherapistKeys]:
    """Open the vault with the passphrase. Raises ``WrongPassphrase``."""
    row = _vault_row(database, therapist_id)
    data_key = DataKey(vault.unwrap(row.wrapped_data_key, passphrase, therapist_id))
    return data_key, _keys(data_key, row)


def unlock_with_recovery(database: Database, therapist_id: str, code: str) -> tuple[DataKey, TherapistKeys]:
    """Open the vault with the printed sheet. Raises ``WrongRecoveryCode``."""
    row = _vault_row(database, therapist_id)
    data_key = DataKey(vault.unwrap_with_recovery(row.wrapped_for_recovery, code, therapist_id))
    return data_key, _keys(data_key, row)


def change_passphrase(database: Database, therapist_id: str, data_key: DataKey, passphrase: str, now: datetime) -> None:
    """Wrap the same data key under a new passphrase; no record is written again."""
    check_passphrase(passphrase)
    wrapped = vault.wrap(data_key.raw, passphrase, therapist_id)
    with database.write() as connection:
        connection.execute(update(therapist).where(therapist.c.id == therapist_id).values(wrapped_data_key=wrapped))
        keeper = audit.Keeper(therapist_id, data_key)
        audit.append(connection, "passphrase_change", now, keeper, entries.opens_with("passphrase"))


def find_practice(database: Database) -> Practice | None:
    """Return the practice, or None before set-up."""
    with database.read() as connection:
        row = connection.execute(select(practice)).first()
    return None if row is None else Practice(row.name, row.public_url, row.mailbox, row.demo, row.part_2)


def change_address(database: Database, public_url: str) -> None:
    """Change the address that cards are printed with."""
    with database.write() as connection:
        connection.execute(update(practice).values(public_url=public_url))


def switch_mailbox(database: Database, now: datetime, author: audit.Author | None = None, *, on: bool) -> None:
    """Switch whether clients can send from their phone, with its entry in the record. ``author``: an open vault."""
    _switch(database, practice.c.mailbox, on, now, author, "mailbox_on" if on else "mailbox_off")


def switch_part_2(database: Database, now: datetime, author: audit.Author | None = None, *, on: bool) -> None:
    """Say whether this is a Part 2 programme, with its entry in the record. ``author``: an open vault."""
    _switch(database, practice.c.part_2, on, now, author, "part_2_on" if on else "part_2_off")


def _switch(
    database: Database,
    column: ColumnElement[bool],
    on: bool,  # noqa: FBT001 - the two above name it
    now: datetime,
    author: audit.Author | None,
    kind: Kind,
) -> None:
    with database.write() as connection:
        other = update(practice).where(column.is_not(on)).values({column: on})
        # What stays as it is was not switched, in whichever window somebody saved it.
        if connection.execute(other).rowcount:
            audit.append(connection, kind, now, author)


def change_accounts(
    database: Database,
    therapist_id: str,
    accounts: tuple[str, ...],
    now: datetime,
    author: audit.Author | None = None,
) -> None:
    """Change the accounts a permission covers, with its entry in the record. Raises ``BadInput``."""
    kept = check_accounts(accounts)
    with database.write() as connection:
        own = therapist.c.id == therapist_id
        before = connection.scalar(select(therapist.c.accounts).where(own).with_for_update())
        if before != kept:
            connection.execute(update(therapist).where(own).values(accounts=kept))
            audit.append(connection, "accounts", now, author)


#: What clients see of a therapist. The public face may read nothing else of one.
_SEEN: Select[tuple[Any, ...]] = select(
    therapist.c.id, therapist.c.name, therapist.c.accounts, therapist.c.sealing_public, therapist.c.signing_public
)


def list_therapists(database: Database) -> list[Therapist]:
    """Return every therapist, by name."""
    return _listed(database, _SEEN)


def list_at_work(database: Database) -> list[Therapist]:
    """Return every therapist who has not left, by name. For staff: the public face may not read who left."""
    return _listed(database, _SEEN.where(therapist.c.retired_at.is_(None)))


def list_vaults(database: Database) -> list[Therapist]:
    """Return the therapists at work whose keys are kept here, under a passphrase, by name."""
    return _listed(database, _SEEN.where(therapist.c.sealed_keys.is_not(None), therapist.c.retired_at.is_(None)))


def _listed(database: Database, query: Select[tuple[Any, ...]]) -> list[Therapist]:
    with database.read() as connection:
        rows = connection.execute(query.order_by(therapist.c.name, therapist.c.id)).all()
    return [_therapist(row) for row in rows]


def find_therapist(database: Database, therapist_id: str) -> Therapist:
    """Return one therapist. Raises ``LookupError``."""
    return _find(database, therapist_id)


def of_card(database: Database, card: Card) -> Therapist:
    """Return a card's therapist with the key the card was printed with. Raises ``LookupError``."""
    found = _find(database, card.therapist_id)
    return found if card.sealing_public is None else replace(found, sealing_public=card.sealing_public)


def _find(database: Database, therapist_id: str) -> Therapist:
    with database.read() as connection:
        row = connection.execute(_SEEN.where(therapist.c.id == therapist_id)).first()
    if row is None:
        raise LookupError("no such therapist")
    return _therapist(row)


def _therapist(row: Row[tuple[object, ...]]) -> Therapist:
    return Therapist(row.id, row.name, tuple(row.accounts), row.sealing_public, row.signing_public)


def _vault_row(database: Database, therapist_id: str) -> Row[tuple[object, ...]]:
    with database.read() as connection:
        row = connection.execute(select(therapist).where(therapist.c.id == therapist_id)).first()
    if row is None or row.sealed_keys is None:
        raise VaultLocked
    if row.retired_at is not None:
        raise HasLeft
    return row


def _keys(data_key: DataKey, row: Row[tuple[object, ...]]) -> TherapistKeys:
    private = json.loads(data_key.open(row.sealed_keys, _keys_place(row.id)))
    newest, *former = [SealingKey(b64decode(one)) for one in private["sealing"]]
    return TherapistKeys(newest, SigningKey(b64decode(private["signing"])), tuple(former))


def _keys_place(therapist_id: str) -> Place:
    return Place("therapist", therapist_id, therapist_id)


def _text(raw: bytes) -> str:
    return b64encode(raw).decode()
