"""Every table. Times are Unix seconds (UTC); columns named ``sealed`` or ``wrapped_*`` are ciphertext.

``tests/core/store/test_schema.py`` holds the list of what is encrypted and what is in the clear.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    false,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

#: One row: who runs this portal. All of it is printed on cards and shown to clients.
practice = Table(
    "practice",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(200), nullable=False),
    Column("public_url", String(200), nullable=False, server_default=""),
    Column("mailbox", Boolean, nullable=False),
    Column("demo", Boolean, nullable=False),
    Column("part_2", Boolean, nullable=False, server_default=false()),
    Column("created_at", BigInteger, nullable=False),
    CheckConstraint("id = 1", name="only_one"),
)

#: Public keys and name as clients see them; private keys and data key only wrapped.
#: A therapist registered from the command line has no vault here.
therapist = Table(
    "therapist",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("accounts", JSON, nullable=False),
    Column("sealing_public", LargeBinary(32), nullable=False, unique=True),
    Column("signing_public", LargeBinary(32), nullable=False),
    Column("wrapped_data_key", LargeBinary),
    Column("wrapped_for_recovery", LargeBinary),
    Column("sealed_keys", LargeBinary),
    Column("created_at", BigInteger, nullable=False),
    Column("retired_at", BigInteger),
    Column("sheet_tried_at", BigInteger),
    Column("key_signature", LargeBinary(64)),
)

#: People who print and hand out cards and have no keys. ``passphrase``: Argon2id, what only the same one makes.
office = Table(
    "office",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("passphrase", LargeBinary, nullable=False),
    Column("created_at", BigInteger, nullable=False),
)

#: Invitations that are open. ``code_hash``: SHA-256; who takes one up ends it.
invitation = Table(
    "invitation",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("role", String(12), nullable=False),
    Column("code_hash", LargeBinary(32), nullable=False, unique=True),
    Column("invited_by", ForeignKey("therapist.id"), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("ends_at", BigInteger, nullable=False),
    CheckConstraint("role IN ('therapist', 'office')", name="role_known"),
)

#: One row at most: the practice's logo as it is printed, a PNG that was made here.
logo = Table(
    "logo",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("png", LargeBinary, nullable=False),
    CheckConstraint("id = 1", name="only_one"),
)

#: ``finished_at``: when its sheets were drawn and read back. Until then its cards are blocked.
batch = Table(
    "batch",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("therapist_id", ForeignKey("therapist.id"), nullable=False),
    Column("language", String(2), nullable=False),
    Column("base", String(200), nullable=False),
    Column("preset", String(40), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("finished_at", BigInteger),
)

#: ``state``: printed, handed_out or blocked. ``ends_at`` only while never handed out. ``handed_over_at``: its
#: therapist left, and it only says no. ``sealing_public``: the key it was printed with, where there is a newer one.
card = Table(
    "card",
    metadata,
    Column("code", String(8), primary_key=True),
    Column("number", Integer, nullable=False, unique=True),
    Column("therapist_id", ForeignKey("therapist.id"), nullable=False),
    Column("batch_id", ForeignKey("batch.id"), nullable=False),
    Column("language", String(2), nullable=False),
    Column("state", String(12), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("handed_out_at", BigInteger),
    Column("ends_at", BigInteger),
    Column("handed_over_at", BigInteger),
    Column("sealing_public", LargeBinary(32)),
    CheckConstraint("state IN ('printed', 'handed_out', 'blocked')", name="state_known"),
)

#: The mailbox. ``recipient``: SHA-256 of a sealing key. ``standing``: a client's own record, which
#: stays until the next one replaces it. ``set_aside_at``: one that does not open is kept and no more waited for.
parcel = Table(
    "parcel",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("recipient", LargeBinary(32), nullable=False),
    Column("standing", Boolean, nullable=False),
    Column("posted_at", BigInteger, nullable=False),
    Column("delivered_at", BigInteger),
    # Behind the others, so that they are read without walking over kilobytes.
    Column("sealed", LargeBinary, nullable=False),
    Column("set_aside_at", BigInteger),
    Index("ix_parcel_recipient", "recipient"),
)

#: Imported tokens. ``card_index`` and ``envelope_index`` are blind (HMAC under a vault subkey).
record = Table(
    "record",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("therapist_id", ForeignKey("therapist.id"), nullable=False),
    Column("card_index", LargeBinary(32), nullable=False),
    Column("envelope_index", LargeBinary(32), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("key_version", Integer, nullable=False),
    UniqueConstraint("therapist_id", "envelope_index"),
    Index("ix_record_card", "therapist_id", "card_index"),
)

#: What the therapist knows of a card: the confirmed client key, alias, whose card it is.
holder = Table(
    "holder",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("therapist_id", ForeignKey("therapist.id"), nullable=False),
    Column("card_index", LargeBinary(32), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("key_version", Integer, nullable=False),
    UniqueConstraint("therapist_id", "card_index"),
)

#: Counters that hold limits across processes. ``bucket`` is an HMAC: it names nobody.
tally = Table(
    "tally",
    metadata,
    Column("bucket", LargeBinary(32), primary_key=True),
    Column("window_start", BigInteger, primary_key=True),
    Column("count", Integer, nullable=False),
    Column("ends_at", BigInteger, nullable=False, index=True),
)

#: The record of what happened: one chain, append-only (triggers refuse all else). ``sealed``: salted facts
#: under the therapist's vault key, or nothing; ``commitment`` binds them. Who may read which: docs/audit.md.
audit = Table(
    "audit",
    metadata,
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("therapist_id", String(16), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("commitment", LargeBinary(32), nullable=False),
    Column("previous", LargeBinary(32), nullable=False),
    Column("hash", LargeBinary(32), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Index("ix_audit_at", "at"),
)

#: Questions a therapist sent. ``request_index`` is blind, over the request id.
request = Table(
    "request",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("therapist_id", ForeignKey("therapist.id"), nullable=False),
    Column("card_index", LargeBinary(32), nullable=False),
    Column("request_index", LargeBinary(32), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("key_version", Integer, nullable=False),
    UniqueConstraint("therapist_id", "request_index"),
    Index("ix_request_card", "therapist_id", "card_index"),
)

#: Drafts, and what was posted. ``content_index`` is blind, over the hash of the exact draft. A draft is
#: posted once, so there is one row to a hash.
post = Table(
    "post",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("therapist_id", ForeignKey("therapist.id"), nullable=False),
    Column("content_index", LargeBinary(32), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("key_version", Integer, nullable=False),
    UniqueConstraint("therapist_id", "content_index"),
)

#: When the database was restored from a backup. From then on everybody is on hold until confirmed.
restoration = Table("restoration", metadata, Column("at", BigInteger, primary_key=True, autoincrement=False))
