"""Let neither quartile of fewer than twelve settings stand in the database, not even one without the other."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

RULE = "ck_benchmark_cohort_quartiles_need_twelve"
MAY_STAND = "(shows IN ('quartiles','percentile') AND n >= 12)"
EACH = f"(q1 IS NOT NULL) = {MAY_STAND} AND (q3 IS NOT NULL) = {MAY_STAND}"
BOTH = f"(q1 IS NOT NULL AND q3 IS NOT NULL) = {MAY_STAND}"


def upgrade() -> None:
    """Go forward; a quartile that stood alone goes."""
    op.execute(f"UPDATE benchmark_cohort SET q1 = NULL, q3 = NULL WHERE NOT {MAY_STAND}")  # noqa: S608 - constant
    _rule(EACH)


def downgrade() -> None:
    """Take it back."""
    _rule(BOTH)


def _rule(text: str) -> None:
    with op.batch_alter_table("benchmark_cohort", table_kwargs={"sqlite_with_rowid": False}) as cohort:
        cohort.drop_constraint(op.f(RULE), type_="check")
        cohort.create_check_constraint(op.f(RULE), sa.text(text))
