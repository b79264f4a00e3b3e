"""Order the index of saved changes so that one save stands in one place of it, and not in as many as questions."""

from __future__ import annotations

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

BY_QUESTION = ("response_id", "item_id", "repeat", "area", "version")
BY_SAVE = ("response_id", "version", "item_id", "repeat", "area")


def upgrade() -> None:
    """Go forward."""
    _reorder(BY_QUESTION, BY_SAVE)


def downgrade() -> None:
    """Take it back."""
    _reorder(BY_SAVE, BY_QUESTION)


def _reorder(old: tuple[str, ...], new: tuple[str, ...]) -> None:
    with op.batch_alter_table("answer_change") as change:
        change.drop_constraint(op.f(f"uq_answer_change_{'_'.join(old)}"), type_="unique")
        change.create_unique_constraint(op.f(f"uq_answer_change_{'_'.join(new)}"), list(new))
