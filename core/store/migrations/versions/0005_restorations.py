"""When the database was restored from a backup: what was held before counts for nothing until it is confirmed.

Revision: 0005, after: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "restoration",
        sa.Column("at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("at", name=op.f("pk_restoration")),
    )


def downgrade() -> None:
    op.drop_table("restoration")
