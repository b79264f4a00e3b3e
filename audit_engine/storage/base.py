"""What do all tables share: their names for constraints, and the kinds of their columns?"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, Column, DateTime, Dialect, Integer, MetaData, String, Text
from sqlalchemy.schema import SchemaItem
from sqlalchemy.types import TypeDecorator, TypeEngine

Kind = type[TypeEngine[Any]] | TypeEngine[Any] | SchemaItem

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class Instant(TypeDecorator[datetime]):
    """A moment in UTC; a naive datetime is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware datetime into UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone: store instants only.")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return an aware datetime in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Id = String(100)
Name = String(200)
METADATA = MetaData(naming_convention=NAMING)


def key() -> Column[Any]:
    """Return the column of a number that the database gives."""
    return Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True)


def given(name: str, kind: Kind, *rules: SchemaItem, **settings: Any) -> Column[Any]:
    """Return a column that always holds a value."""
    return Column(name, kind, *rules, nullable=False, **settings)


def words(name: str) -> Column[Any]:
    """Return a column of text of any length, '' where there is none."""
    return Column(name, Text, nullable=False, default="", server_default="")
