"""Requests to clients, and posts: sealed rows like the imported tokens.

Revision: 0003, after: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "request",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("therapist_id", sa.String(length=16), nullable=False),
        sa.Column("card_index", sa.LargeBinary(length=32), nullable=False),
        sa.Column("request_index", sa.LargeBinary(length=32), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("key_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["therapist_id"], ["therapist.id"], name=op.f("fk_request_therapist_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request")),
        sa.UniqueConstraint("therapist_id", "request_index", name=op.f("uq_request_therapist_id_request_index")),
    )
    with op.batch_alter_table("request", schema=None) as batch_op:
        batch_op.create_index("ix_request_card", ["therapist_id", "card_index"], unique=False)
    op.create_table(
        "post",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("therapist_id", sa.String(length=16), nullable=False),
        sa.Column("content_index", sa.LargeBinary(length=32), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("key_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["therapist_id"], ["therapist.id"], name=op.f("fk_post_therapist_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post")),
        sa.UniqueConstraint("therapist_id", "content_index", name=op.f("uq_post_therapist_id_content_index")),
    )


def downgrade() -> None:
    op.drop_table("post")
    with op.batch_alter_table("request", schema=None) as batch_op:
        batch_op.drop_index("ix_request_card")
    op.drop_table("request")
