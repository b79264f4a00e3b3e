"""Lay a column for what was typed and is no answer yet, beside the answer."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward; answers that are there have nothing unfinished."""
    op.add_column("answer", sa.Column("unfinished", sa.Text(), nullable=True))


def downgrade() -> None:
    """Take it back."""
    op.drop_column("answer", "unfinished")
