"""Read and write which photos a setting took; the pictures themselves lie in files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select

from audit_engine.storage import setting_photos_models, settings_models

photo, member = setting_photos_models.setting_photo, settings_models.setting_member


@dataclass(frozen=True, slots=True)
class PhotoRow:
    """One photo, and who added it."""

    id: str
    audit: int
    item: str
    size: int
    added_at: datetime
    added_by: str


def add_photo(connection: Connection, **values: object) -> None:
    """Write down a photo."""
    connection.execute(insert(photo).values(**values))


def photos_of(connection: Connection, audit_id: int) -> tuple[PhotoRow, ...]:
    """Return an audit's photos, the oldest first."""
    query = (
        select(photo, member.c.name)
        .outerjoin(member, member.c.id == photo.c.added_by)
        .where(photo.c.audit_id == audit_id)
        .order_by(photo.c.added_at, photo.c.id)
    )
    return tuple(
        PhotoRow(r.id, r.audit_id, r.item_id, r.size, r.added_at, r.name or "Somebody")
        for r in connection.execute(query)
    )


def photo_of(connection: Connection, audit_id: int, photo_id: str) -> PhotoRow | None:
    """Return one photo of an audit, or None."""
    return next((p for p in photos_of(connection, audit_id) if p.id == photo_id), None)


def count_of(connection: Connection, audit_id: int) -> int:
    """Return how many photos an audit has."""
    query = select(func.count()).select_from(photo).where(photo.c.audit_id == audit_id)
    return int(connection.execute(query).scalar_one())


def ids_of_setting(connection: Connection, setting_id: int) -> tuple[str, ...]:
    """Return the ids of everything that a setting took a photo of."""
    return tuple(connection.execute(select(photo.c.id).where(photo.c.setting_id == setting_id)).scalars())


def drop_photo(connection: Connection, audit_id: int, photo_id: str) -> None:
    """Forget a photo."""
    connection.execute(delete(photo).where(photo.c.audit_id == audit_id, photo.c.id == photo_id))


def known(connection: Connection, ids: Iterable[str]) -> frozenset[str]:
    """Return those of these ids that there are."""
    return frozenset(connection.execute(select(photo.c.id).where(photo.c.id.in_(list(ids)))).scalars())
