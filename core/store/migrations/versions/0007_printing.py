"""When a batch was finished, and the practice's logo. What was printed before this counts as finished.

Revision: 0007, after: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("batch", sa.Column("finished_at", sa.BigInteger(), nullable=True))
    op.execute("UPDATE batch SET finished_at = created_at")
    op.create_table(
        "logo",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("png", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_logo_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_logo")),
    )


def downgrade() -> None:
    op.drop_table("logo")
    # Not as a batch: that makes the table anew, and others refer to it.
    op.drop_column("batch", "finished_at")
