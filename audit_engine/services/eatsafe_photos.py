"""Keep a setting's photos, show them to the setting alone, and delete them with everything else of it.

A picture is a file with a random name below the instance's own folder, which
nothing serves; only a page that has found the row hands it out.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from audit_engine.evidence.photos import NotAPhoto, cleaned
from audit_engine.response.settings import AuditFacts
from audit_engine.services.instance import Instance
from audit_engine.storage import setting_photos
from audit_engine.storage.engine import reading, writing

MOST_PHOTOS = 12
ENDING = ".jpg"
ON_ITS_WAY = 3600  # seconds for which a file may lie there before its row is written


def folder_of(instance: Instance) -> Path:
    """Return where the pictures lie; readable by the program's own user alone."""
    folder = instance.var / "photos"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def keep_photo(
    engine: Engine, instance: Instance, audit: AuditFacts, item: str, content: bytes, by: int, now: datetime
) -> str:
    """Keep the picture alone and return its id; raise ``NotAPhoto`` with the reason."""
    picture = cleaned(content)
    with reading(engine) as connection:
        if setting_photos.count_of(connection, audit.id) >= MOST_PHOTOS:
            raise NotAPhoto(f"There are {MOST_PHOTOS} photos already. Delete one first.")
    name = secrets.token_hex(16)
    file = folder_of(instance) / (name + ENDING)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        out.write(picture)
    with writing(engine) as connection:
        setting_photos.add_photo(
            connection, id=name, setting_id=audit.setting, audit_id=audit.id, item_id=item, size=len(picture),
            added_at=now, added_by=by,
        )  # fmt: skip
    return name


def picture_of(instance: Instance, photo_id: str) -> bytes | None:
    """Return a picture, or None where the file is gone."""
    try:
        return (folder_of(instance) / (photo_id + ENDING)).read_bytes()
    except FileNotFoundError:
        return None


def drop_photo(engine: Engine, instance: Instance, audit_id: int, photo_id: str) -> None:
    """Delete one photo of an audit: the row first, then the picture."""
    with writing(engine) as connection:
        there = setting_photos.photo_of(connection, audit_id, photo_id)
        if there is None:
            return
        setting_photos.drop_photo(connection, audit_id, photo_id)
    delete_pictures(instance, [photo_id])


def delete_pictures(instance: Instance, ids: Iterable[str]) -> None:
    """Delete pictures whose rows are gone."""
    for photo_id in ids:
        (folder_of(instance) / (photo_id + ENDING)).unlink(missing_ok=True)


def sweep(engine: Engine, instance: Instance, now: datetime) -> int:
    """Delete pictures that no row speaks of, such as those of a setting that was deleted; return how many."""
    files = {f.stem: f for f in folder_of(instance).glob(f"*{ENDING}")}
    with reading(engine) as connection:
        known = setting_photos.known(connection, files)
    lost = [f for name, f in files.items() if name not in known and now.timestamp() - f.stat().st_mtime > ON_ITS_WAY]
    for file in lost:
        file.unlink(missing_ok=True)
    return len(lost)
