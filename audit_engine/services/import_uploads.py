"""Where does a file of answers lie between its upload and its import, and for how long?

In the instance's ``var/imports``, readable to the site alone, until the answers
are brought in or nobody has touched it for an hour.
"""

from __future__ import annotations

import json
import os
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path, PurePath
from typing import IO, Any

from sqlalchemy import Engine

from audit_engine.exchange.mapping import UnfitMapping
from audit_engine.exchange.mapping_file import read_mapping
from audit_engine.exchange.open_file import open_table
from audit_engine.exchange.outside import Unreadable
from audit_engine.services.definitions import Definitions
from audit_engine.services.import_answers import Expected, bring_in, look_at
from audit_engine.services.import_plan import ImportRefused, Order
from audit_engine.services.instance import Instance
from audit_engine.storage import outbox
from audit_engine.storage.engine import writing

MOST_BYTES = 50_000_000
KEPT_FOR = timedelta(hours=1)
PREVIEW_WORK, IMPORT_WORK = "import-preview", "import"
_ID = re.compile(r"[0-9a-f]{32}", re.ASCII)
_AT_ONCE = 1 << 16
NOT_HERE = "The file is no longer here: it is kept for an hour. Upload it again."


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that waits to be brought in, who uploaded it, and how it is to be read.

    ``mapping`` is YAML, '' for what matches by itself; ``preview`` what came of
    looking at it in that way, None before that; ``looks`` how often it was
    looked at.
    """

    id: str
    cycle: str
    by: int
    name: str
    mapping: str = ""
    organisation: str = ""
    preview: Mapping[str, Any] | None = None
    looks: int = 0
    heading_rows: int | None = None


def _folder(instance: Instance) -> Path:
    return instance.var / "imports"


def _file(instance: Instance, upload_id: str) -> Path:
    return _folder(instance) / f"{upload_id}.answers"


def _sheet(instance: Instance, upload_id: str) -> Path:
    return _folder(instance) / f"{upload_id}.json"


def keep_upload(instance: Instance, cycle_id: str, name: str, stream: IO[bytes], by: int) -> Upload:
    """Keep an uploaded file; raise Unreadable for one that is too large or of a kind that is not read."""
    folder = _folder(instance)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    upload = Upload(secrets.token_hex(16), cycle_id, by, PurePath(name.replace("\\", "/")).name[:200] or "answers")
    file = _file(instance, upload.id)
    try:
        with os.fdopen(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as out:
            _copy(stream, out)
        open_table(file)
    except BaseException:
        file.unlink(missing_ok=True)
        raise
    save_upload(instance, upload)
    return upload


def _copy(stream: IO[bytes], out: IO[bytes]) -> None:
    copied = 0
    while some := stream.read(_AT_ONCE):
        copied += len(some)
        if copied > MOST_BYTES:
            raise Unreadable(
                f"The file is larger than {MOST_BYTES // 1_000_000} MB. Divide it, or have the administrator bring it "
                "in on the server with: audit-engine import answers."
            )
        out.write(some)


def save_upload(instance: Instance, upload: Upload) -> None:
    """Keep what was decided about an upload; the hour begins again."""
    sheet = _sheet(instance, upload.id)
    beside = sheet.with_suffix(f".{secrets.token_hex(4)}")
    with os.fdopen(os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8") as out:
        json.dump(asdict(upload), out, ensure_ascii=False)
    beside.replace(sheet)
    if _file(instance, upload.id).exists():
        os.utime(_file(instance, upload.id))


def upload_of(instance: Instance, upload_id: str, now: datetime) -> Upload | None:
    """Return an upload that is still here, or None."""
    forget_old_uploads(instance, now)
    if not _ID.fullmatch(upload_id) or not _file(instance, upload_id).exists():
        return None
    try:
        return Upload(**json.loads(_sheet(instance, upload_id).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None


def forget_upload(instance: Instance, upload_id: str) -> None:
    """Delete a file and what was decided about it."""
    if _ID.fullmatch(upload_id):
        _file(instance, upload_id).unlink(missing_ok=True)
        _sheet(instance, upload_id).unlink(missing_ok=True)


def forget_old_uploads(instance: Instance, now: datetime) -> None:
    """Delete what nobody has touched for an hour."""
    oldest = (now - KEPT_FOR).timestamp()
    for path in _folder(instance).glob("*.*"):
        try:
            if path.stat().st_mtime < oldest:
                path.unlink()
        except FileNotFoundError:
            continue  # somebody else was quicker


def order_of(instance: Instance, upload: Upload) -> Order:
    """Return how an upload is to be brought in."""
    mapping = read_mapping(upload.mapping, "the mapping") if upload.mapping else None
    return Order(
        _file(instance, upload.id), upload.name, upload.cycle, mapping, upload.organisation,
        heading_rows=upload.heading_rows,
    )  # fmt: skip


def ask_preview(engine: Engine, instance: Instance, upload: Upload, now: datetime) -> int:
    """Ask the worker to look at an upload and return the number of the work."""
    upload = replace(upload, preview=None, looks=upload.looks + 1)
    save_upload(instance, upload)
    payload = {"upload": upload.id, "cycle": upload.cycle}
    return _ask(engine, PREVIEW_WORK, f"{upload.id}:{upload.looks}", payload, upload.by, now)


def ask_import(engine: Engine, upload: Upload, now: datetime, *, again: bool, more_to_come: bool) -> int:
    """Ask the worker to bring an upload in as it was looked at; asking twice asks once."""
    payload = {"upload": upload.id, "cycle": upload.cycle, "again": again, "more_to_come": more_to_come}
    key = f"{upload.id}:{upload.looks}:{again:d}{more_to_come:d}"
    return _ask(engine, IMPORT_WORK, key, payload, upload.by, now)


def _ask(engine: Engine, kind: str, key: str, payload: Mapping[str, Any], by: int, now: datetime) -> int:
    with writing(engine) as connection:
        return outbox.ask(connection, kind, f"{kind}:{key}", payload, by, now)


def do_preview(
    engine: Engine,
    definitions: Definitions,
    instance: Instance,
    work: Mapping[str, Any],
    now: datetime,
    step: Callable[[int], None],
) -> dict[str, Any]:
    """Carry out a piece of work that looks at an upload; what it finds lies beside the file, not in the database."""
    upload = upload_of(instance, work["payload"]["upload"], now)
    if upload is None:
        return {"refused": NOT_HERE}
    step(1)
    try:
        _, found = look_at(engine, definitions, order_of(instance, upload))
    except (ImportRefused, Unreadable, UnfitMapping) as problem:
        return {"refused": str(problem)}
    save_upload(instance, replace(upload, preview=found.as_json()))
    return {"upload": upload.id}


def do_import(
    engine: Engine,
    definitions: Definitions,
    instance: Instance,
    work: Mapping[str, Any],
    now: datetime,
    step: Callable[[int], None],
) -> dict[str, Any]:
    """Carry out a piece of work that brings an upload in, and delete the file."""
    asked = work["payload"]
    upload = upload_of(instance, asked["upload"], now)
    if upload is None or upload.preview is None:
        return {"refused": NOT_HERE}
    seen = upload.preview
    promised = Expected(seen["sha256"], seen["rows"], seen["replies"], seen["by_organisation"])
    try:
        done = bring_in(
            engine, definitions, order_of(instance, upload), promised, work["asked_by"], now, again=asked["again"],
            more_to_come=asked["more_to_come"], step=_in_percent(step),
        )  # fmt: skip
    except (ImportRefused, Unreadable, UnfitMapping) as problem:
        return {"refused": str(problem)}
    forget_upload(instance, upload.id)
    return {"import": done.number, "replies": done.replies, "closed": done.closed}


def _in_percent(step: Callable[[int], None]) -> Callable[[int, int], None]:
    said = 0

    def in_percent(done: int, whole: int) -> None:
        nonlocal said
        percent = 100 * done // max(1, whole)
        if percent >= said + 5:
            said = percent
            step(min(99, percent))

    return in_percent
