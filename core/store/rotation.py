"""A new sealing key for a therapist, signed by their signing key. Cards that are printed keep the one they have.

The signing key stays, so that letters to clients and signed heads go on being theirs. Former sealing keys
stay in the vault: they open what comes from cards printed with them. Source: docs/token-format.md, "Vault at rest".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import update

from core import entries, seal
from core.errors import VaultLocked
from core.keys import SealingKey, is_signed_by
from core.store import audit
from core.store.database import Database
from core.store.practice import sealed_keys
from core.store.schema import card, therapist
from core.store.vaults import Vault

_SIGNED = b"sayso/v1/key" + bytes([seal.SUITE])


def renew_key(vault: Vault, new: SealingKey, now: datetime) -> Vault:
    """Give an open vault a new sealing key and return it with that key, all of it or nothing.

    Raises ``VaultLocked`` where the key was renewed elsewhere since this vault was opened.
    """
    before = vault.keys
    keys = replace(before, sealing=new, former=before.all_sealing)
    theirs = therapist.c.id == vault.therapist_id
    values = {
        "sealing_public": new.public,
        "key_signature": before.signing.sign(_SIGNED + new.public),
        "sealed_keys": sealed_keys(vault.data_key, keys, vault.therapist_id),
    }
    with vault.database.write() as connection:
        still = update(therapist).where(theirs, therapist.c.sealing_public == before.sealing.public)
        if not connection.execute(still.values(values)).rowcount:
            raise VaultLocked
        printed = update(card).where(card.c.therapist_id == vault.therapist_id, card.c.sealing_public.is_(None))
        connection.execute(printed.values(sealing_public=before.sealing.public))
        audit.append(connection, "key_change", now, vault, entries.keys_are(new.public, keys.signing.public))
    return replace(vault, keys=keys)


def printed_again(database: Database, codes: Sequence[str]) -> None:
    """Note that cards were printed once more: from here on they have their therapist's newest key."""
    with database.write() as connection:
        connection.execute(update(card).where(card.c.code.in_(codes)).values(sealing_public=None))


def is_signed_key(sealing_public: bytes, signing_public: bytes, signature: bytes) -> bool:
    """Whether a sealing key (32 bytes) is signed (64 bytes) by this therapist."""
    return is_signed_by(signing_public, signature, _SIGNED + sealing_public)
