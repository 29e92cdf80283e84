"""Several people at work: invitations, the office, who left, and keys that were renewed.

Revision: 0008, after: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("therapist", sa.Column("retired_at", sa.BigInteger(), nullable=True))
    op.add_column("therapist", sa.Column("sheet_tried_at", sa.BigInteger(), nullable=True))
    op.add_column("therapist", sa.Column("key_signature", sa.LargeBinary(length=64), nullable=True))
    op.add_column("card", sa.Column("handed_over_at", sa.BigInteger(), nullable=True))
    op.add_column("card", sa.Column("sealing_public", sa.LargeBinary(length=32), nullable=True))
    op.create_table(
        "office",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("passphrase", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office")),
    )
    op.create_table(
        "invitation",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("invited_by", sa.String(length=16), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("role IN ('therapist', 'office')", name=op.f("ck_invitation_role_known")),
        sa.ForeignKeyConstraint(["invited_by"], ["therapist.id"], name=op.f("fk_invitation_invited_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_invitation_code_hash")),
    )


def downgrade() -> None:
    op.drop_table("invitation")
    op.drop_table("office")
    # Not as batches: those make a table anew, and others refer to these two.
    op.drop_column("card", "sealing_public")
    op.drop_column("card", "handed_over_at")
    op.drop_column("therapist", "key_signature")
    op.drop_column("therapist", "sheet_tried_at")
    op.drop_column("therapist", "retired_at")
