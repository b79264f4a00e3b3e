"""Lay the tables of sealed replies; what waited in the clear counts from now on, and there is no waiting any more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

REPLY = sa.table(
    "survey_reply",
    sa.column("cycle_id", sa.String),
    sa.column("organisation_id", sa.String),
    sa.column("answers", sa.JSON),
    sa.column("released", sa.Boolean),
)
COUNT = sa.table("survey_count", *(sa.column(n) for n in ("cycle_id", "organisation_id", "item_id", "option", "n")))
BY_KEY_ALONE = {"sqlite_with_rowid": False}
REVIEWED = "ck_survey_text_a_reviewer_read_it"


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "survey_sealed_reply",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("cycle_id", sa.String(length=100), nullable=False),
        sa.Column("organisation_id", sa.String(length=100), server_default="", nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_survey_sealed_reply_cycle_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_sealed_reply")),
        **BY_KEY_ALONE,
    )
    columns = ["cycle_id", "organisation_id"]
    op.create_index(op.f("ix_survey_sealed_reply_cycle_id_organisation_id"), "survey_sealed_reply", columns)
    op.create_table(
        "survey_sealed_words",
        sa.Column("cycle_id", sa.String(length=100), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_survey_sealed_words_cycle_id")),
        sa.PrimaryKeyConstraint("cycle_id", "key", name=op.f("pk_survey_sealed_words")),
        **BY_KEY_ALONE,
    )
    _let_count()
    _let_be_read()
    op.drop_index(op.f("ix_survey_reply_waiting"), table_name="survey_reply")
    with op.batch_alter_table("survey_reply", table_kwargs=BY_KEY_ALONE) as reply:
        reply.drop_column("released")
    op.drop_index(op.f("ix_survey_text_cycle_id_released"), table_name="survey_text")
    _change_text("outcome = '' OR reviewer <> ''", drop=True)
    op.create_index(op.f("ix_survey_text_cycle_id"), "survey_text", ["cycle_id"])


def _let_count() -> None:
    connection = op.get_bind()
    found: Counter[tuple[str, str, str, str]] = Counter()
    for row in connection.execute(sa.select(REPLY).where(REPLY.c.released.is_(False))):
        found.update((row.cycle_id, row.organisation_id, item, mark) for item, mark in _counted(row.answers))
    for (cycle, organisation, item, mark), more in sorted(found.items()):
        key = {"cycle_id": cycle, "organisation_id": organisation, "item_id": item, "option": mark}
        mine = sa.and_(*(COUNT.c[name] == value for name, value in key.items()))
        if not connection.execute(sa.update(COUNT).where(mine).values(n=COUNT.c.n + more)).rowcount:
            connection.execute(sa.insert(COUNT).values(**key, n=more))


def _counted(marks: Mapping[str, list[str] | None]) -> Iterator[tuple[str, str]]:
    """Yield what a reply adds one to, as the program of that day counted."""
    for item, own in marks.items():
        yield item, "?"
        if own is not None:
            yield item, ""
            yield from ((item, mark) for mark in own if not mark.startswith("#"))


def _let_be_read() -> None:
    """Let reviewers read what waited, from the day on which its survey opened."""
    op.execute(
        "INSERT INTO survey_waiting (cycle_id, item_id, since) "
        "SELECT DISTINCT t.cycle_id, t.item_id, date(c.opened_at) FROM survey_text t JOIN cycle c ON c.id = t.cycle_id "
        "WHERE NOT t.released AND c.opened_at IS NOT NULL AND NOT EXISTS "
        "(SELECT 1 FROM survey_waiting w WHERE w.cycle_id = t.cycle_id AND w.item_id = t.item_id)"
    )


def _change_text(reviewed: str, *, drop: bool) -> None:
    flag: sa.Column[Any] = sa.Column("released", sa.Boolean(), server_default=sa.true(), nullable=False)
    with op.batch_alter_table("survey_text", table_kwargs=BY_KEY_ALONE) as text:
        text.drop_constraint(op.f(REVIEWED), type_="check")
        if drop:
            text.drop_column("released")
        else:
            text.add_column(flag)
        text.create_check_constraint(op.f(REVIEWED), reviewed)


def downgrade() -> None:
    """Take it back; what is sealed is lost, since no key is at hand."""
    op.drop_index(op.f("ix_survey_text_cycle_id"), table_name="survey_text")
    _change_text("outcome = '' OR (released AND reviewer <> '')", drop=False)
    op.create_index(op.f("ix_survey_text_cycle_id_released"), "survey_text", ["cycle_id", "released"])
    with op.batch_alter_table("survey_reply", table_kwargs=BY_KEY_ALONE) as reply:
        reply.add_column(sa.Column("released", sa.Boolean(), server_default=sa.true(), nullable=False))
    op.create_index(
        op.f("ix_survey_reply_waiting"),
        "survey_reply",
        ["cycle_id", "organisation_id"],
        sqlite_where=sa.text("released IS 0"),
        postgresql_where=sa.text("released IS FALSE"),
    )
    op.drop_table("survey_sealed_words")
    op.drop_index(op.f("ix_survey_sealed_reply_cycle_id_organisation_id"), table_name="survey_sealed_reply")
    op.drop_table("survey_sealed_reply")
