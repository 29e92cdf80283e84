"""What is encrypted is a list, and the real bytes of the file agree with it."""

from __future__ import annotations

import pytest

from core import importing, people
from core.keys import ClientKeys
from core.model.posted import Place
from core.store import mailbox, practice, staff
from core.store.schema import metadata
from tests.core.clinic import NOW, PASSPHRASE, later
from tests.core.story import Client, about, ask, draft, publish

#: Every column of every table. ``clear``: anyone with the file reads it; each says why that is fine.
#: ``sealed``: ciphertext. ``hash``: a digest or HMAC that names nobody without a key or the value.
INVENTORY = {
    "practice": {
        "id": "clear",  # always 1
        "name": "clear",  # printed on every card
        "public_url": "clear",  # printed on every card
        "mailbox": "clear",  # shown to every client
        "demo": "clear",  # shown to every client
        "part_2": "clear",  # shown to every client who says yes to something
        "created_at": "clear",  # when the portal was set up
    },
    "therapist": {
        "id": "clear",  # random
        "name": "clear",  # shown to every client
        "accounts": "clear",  # shown to every client
        "sealing_public": "clear",  # a public key
        "signing_public": "clear",  # a public key
        "created_at": "clear",  # when the portal was set up
        "wrapped_data_key": "sealed",
        "wrapped_for_recovery": "sealed",
        "sealed_keys": "sealed",
        "retired_at": "clear",  # when they left
        "sheet_tried_at": "clear",  # when the recovery sheet was tried
        "key_signature": "clear",  # by the signing key, over a public key
    },
    "office": {
        "id": "clear",  # random
        "name": "clear",  # shown to colleagues
        "passphrase": "hash",
        "created_at": "clear",  # when they joined
    },
    "invitation": {
        "id": "clear",  # random
        "role": "clear",  # therapist or office
        "code_hash": "hash",
        "invited_by": "clear",  # a therapist
        "created_at": "clear",  # when
        "ends_at": "clear",  # when it ends
    },
    "batch": {
        "id": "clear",  # random
        "therapist_id": "clear",  # whose cards these are
        "language": "clear",  # what the cards are printed in
        "base": "clear",  # printed on every card
        "preset": "clear",  # a label stock
        "created_at": "clear",  # when the batch was begun
        "finished_at": "clear",  # when its sheets were drawn and read back
    },
    "logo": {
        "id": "clear",  # always 1
        "png": "clear",  # printed on every card
    },
    "card": {
        "code": "clear",  # opens a page that anyone with the card may see; no client is named
        "number": "clear",  # on the stub
        "therapist_id": "clear",  # printed on the card
        "batch_id": "clear",  # random
        "language": "clear",  # what the card is printed in
        "state": "clear",  # printed, handed out, blocked
        "created_at": "clear",  # when it was printed
        "handed_out_at": "clear",  # when, not to whom
        "ends_at": "clear",  # when it ends
        "handed_over_at": "clear",  # when its therapist left
        "sealing_public": "clear",  # a public key
    },
    "parcel": {
        "id": "clear",  # random
        "recipient": "hash",
        "standing": "clear",  # a client's own record
        "posted_at": "clear",  # when
        "delivered_at": "clear",  # when
        "sealed": "sealed",
        "set_aside_at": "clear",  # when a parcel that does not open was set aside
    },
    "record": {
        "id": "clear",  # random
        "therapist_id": "clear",  # whose vault
        "card_index": "hash",
        "envelope_index": "hash",
        "sealed": "sealed",
        "key_version": "clear",  # a small number
    },
    "holder": {
        "id": "clear",  # random
        "therapist_id": "clear",  # whose vault
        "card_index": "hash",
        "sealed": "sealed",
        "key_version": "clear",  # a small number
    },
    "request": {
        "id": "clear",  # random
        "therapist_id": "clear",  # whose vault
        "card_index": "hash",
        "request_index": "hash",
        "sealed": "sealed",
        "key_version": "clear",  # a small number
    },
    "post": {
        "id": "clear",  # random
        "therapist_id": "clear",  # whose vault
        "content_index": "hash",
        "sealed": "sealed",
        "key_version": "clear",  # a small number
    },
    "tally": {
        "bucket": "hash",
        "window_start": "clear",  # a time
        "count": "clear",  # how many
        "ends_at": "clear",  # a time
    },
    "restoration": {
        "at": "clear",  # when the database was restored from a backup
    },
    "audit": {
        "sequence": "clear",  # a number
        "at": "clear",  # when
        "therapist_id": "clear",  # whose vault, or empty
        "kind": "clear",  # that something was imported, judged or posted, not what or of whom
        "commitment": "hash",
        "previous": "hash",
        "hash": "hash",
        "sealed": "sealed",
    },
}


def test_every_column_is_listed_as_clear_sealed_or_hash():
    found = {name: set(table.columns.keys()) for name, table in metadata.tables.items()}
    assert found == {name: set(columns) for name, columns in INVENTORY.items()}


def test_what_is_sealed_or_hashed_is_kept_as_bytes():
    for name, columns in INVENTORY.items():
        for column, kind in columns.items():
            if kind != "clear":
                assert metadata.tables[name].columns[column].type.python_type is bytes, (name, column)


@pytest.fixture
def lived_in(clinic):
    """A practice after a day's work, with every canary a test can look for."""
    keys, canaries = ClientKeys.new(), {"alias": b"canary alias", "note": b"canary note"}
    saved = clinic.save(
        keys, at=NOW, post="disguised", topics=("self_harm",), note="canary note", materials=("health",)
    )
    [seen] = importing.look_at_mailbox(clinic.vault, NOW)
    importing.keep(clinic.vault, seen.preview, NOW, compared=True)
    people.rename(clinic.vault, clinic.card.code, "canary alias")
    people.link(clinic.vault, clinic.card.code, clinic.cards[1].code, NOW)
    changed = clinic.save(keys, at=later(days=1), post="ask", note="canary note")
    clinic.stop(at=later(days=2), keys=keys)
    practice.change_passphrase(clinic.database, clinic.therapist.id, clinic.vault.data_key, PASSPHRASE, NOW)
    asked_about, request_id = lived_with_a_question(clinic)
    invited = staff.invite(clinic.database, "office", clinic.therapist.id, NOW)
    with clinic.database.write() as connection:
        staff.add_office(connection, staff.new_office("Front desk", "canary words of the office"), NOW)
    private = clinic.vault.keys
    for name, token in (("saved", saved.token), ("changed", changed.token)):
        canaries |= {
            f"{name} text": token.text.encode(),
            f"{name} envelope": token.envelope,
            f"{name} body": token.body.signature,
            f"{name} digest": token.digest,
            f"{name} acknowledgement": token.acknowledgement.encode(),
        }
    return clinic, canaries | {
        "draft": b"canary words of a draft",
        "title": b"canary title",
        "post's address": b"https://example.org/canary",
        "content hash": asked_about.draft.content_hash.encode(),
        "content hash, raw": bytes.fromhex(asked_about.draft.content_hash),
        "request id": request_id,
        "request id, hex": request_id.hex().encode(),
        "choice": b"self_harm",
        "treatment": b"disguised",
        "material": b"health",
        "client code": keys.code.encode(),
        "client code, bare": keys.code.replace("-", "").encode(),
        "client seed": keys.seed,
        "client seed, hex": keys.seed.hex().encode(),
        "client signing key": keys.signing_public,
        "client sealing key": keys.sealing_public,
        "client sealing key, private": keys.sealing.private,
        "passphrase": PASSPHRASE.encode(),
        "office passphrase": b"canary words of the office",
        "invitation": invited.encode(),
        "invitation, bare": invited.replace("-", "").encode(),
        "recovery code": clinic.recovery_code.encode(),
        "recovery code, bare": clinic.recovery_code.replace("-", "").encode(),
        "data key": clinic.vault.data_key.raw,
        "sealing key": private.sealing.private,
        "signing key": private.signing.private,
    }


def lived_with_a_question(clinic):
    """A draft that a client was asked about, said yes to, and that was posted."""
    client = Client(clinic, clinic.cards[2])
    client.chooses(later(days=3))
    post = about((client.card.code, "2026-05-01"))
    piece = draft(clinic, post, "canary words of a draft", title="canary title")
    asked = ask(clinic, piece, client, later(days=3))
    client.answers("yes", later(days=4), import_at=later(days=4))
    publish(clinic, piece, later(days=12), Place(channel="post", control="own", address="https://example.org/canary"))
    return piece, asked.request_id


def bytes_on_disk(clinic):
    if clinic.path is None:
        return every_value(clinic)
    return b"".join(path.read_bytes() for path in sorted(clinic.path.parent.glob(f"{clinic.path.name}*")))


def every_value(clinic):
    """What a dump of the tables holds: a server's own files are packed, so that a search would miss things."""
    tables = [clinic.rows(f"SELECT * FROM {name}") for name in metadata.tables]  # noqa: S608 - a listed name
    values = [value for rows in tables for row in rows for value in row]
    return b"\n".join(value if isinstance(value, bytes) else str(value).encode() for value in values)


@pytest.mark.in_a_file
def test_the_search_looks_at_what_is_written_ahead_too(lived_in):
    clinic, _ = lived_in
    assert clinic.path.with_name(clinic.path.name + "-wal").stat().st_size > 0


def test_no_canary_is_in_what_is_stored(lived_in):
    clinic, canaries = lived_in
    stored = bytes_on_disk(clinic)
    assert b"Willow Street Practice" in stored  # the search does find what is there
    assert clinic.card.code.encode() in stored
    assert {name for name, canary in canaries.items() if canary in stored} == set()


def test_what_is_sealed_looks_like_noise(lived_in):
    clinic, _ = lived_in
    for name, columns in INVENTORY.items():
        for column in [column for column, kind in columns.items() if kind != "clear"]:
            values = [value for (value,) in clinic.rows(f"SELECT {column} FROM {name}")]  # noqa: S608 - a listed name
            assert values, (name, column)
            # Sixteen bytes of noise hold a run of five printable letters less than one time in ten.
            joined = b"".join(values)
            assert len(set(joined)) > min(24, len(joined) // 4), (name, column)


@pytest.mark.in_a_file
def test_a_parcel_that_ended_leaves_no_trace(clinic):
    clinic.save(ClientKeys.new(), post="ask")
    [(sealed,)] = clinic.rows("SELECT sealed FROM parcel WHERE NOT standing")
    assert sealed[:64] in bytes_on_disk(clinic)
    assert mailbox.clear_ended(clinic.database, later(days=401)) == 1
    clinic.rows("PRAGMA wal_checkpoint(TRUNCATE)")
    assert sealed[:64] not in bytes_on_disk(clinic)
