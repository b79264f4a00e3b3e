"""Write the folder of tables that other programs read, such as Power BI: ask for it, write it, say when."""

from __future__ import annotations

import csv
import json
import os
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from audit_engine.services.clock import LOCAL
from audit_engine.services.definitions import Definitions
from audit_engine.services.export_cycle import neutral
from audit_engine.services.instance import Instance
from audit_engine.services.tidy_columns import TABLES, TidyTable
from audit_engine.storage import outbox, trail
from audit_engine.storage.engine import reading, writing

TIDY_WORK = "tidy"
LIST = "columns.json"
Step = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: the folder, and the rows of each table by its name."""

    folder: Path
    rows: Mapping[str, int]
    at: datetime


def folder_of(instance: Instance) -> Path:
    """Return where the tables go."""
    return instance.exports / "tidy"


def export_tidy(
    engine: Engine,
    definitions: Definitions,
    instance: Instance,
    now: datetime,
    out: Path | None = None,
    step: Step = lambda _percent: None,
) -> Written:
    """Write every table, all of one state of the database; each file is there whole, as it was or as it is now.

    ``step`` hears how far it is, in per cent.
    """
    folder = out or folder_of(instance)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".making-") as making:
        rows = _written(engine, definitions, instance, now, Path(making))
        step(80)
        _list(Path(making) / LIST, instance, now, rows)
        for name in (*(table.file for table in TABLES), LIST):  # the list comes last: who sees it sees all of them
            os.replace(Path(making) / name, folder / name)
    step(100)
    return Written(folder, rows, now)


def _written(
    engine: Engine, definitions: Definitions, instance: Instance, now: datetime, folder: Path
) -> Mapping[str, int]:
    from audit_engine.services.tidy_rows import ROWS, Source

    with reading(engine) as connection:
        source = Source(connection, definitions, instance, now)
        return {table.name: _table(folder / table.file, table, ROWS[table.name](source)) for table in TABLES}


def _table(file: Path, table: TidyTable, rows: Any) -> int:
    written = 0
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(table.names)
        for row in rows:
            writer.writerow([_plain(value) for value in row])
            written += 1
    return written


def _plain(value: object) -> object:
    """Return a value as it stands in a file; no text is taken for a formula."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return value.isoformat()
    return neutral(value) if isinstance(value, str) else value


def _list(file: Path, instance: Instance, now: datetime, rows: Mapping[str, int]) -> None:
    """Write which tables there are, with their columns and how many rows each has."""
    said = {
        "partnership": instance.name,
        "invented": instance.invented,
        "written_at": now.astimezone(LOCAL).isoformat(timespec="seconds"),
        "tables": [
            {
                "file": table.file,
                "a_row_for_each": table.row,
                "rows": rows[table.name],
                "columns": [{"name": c.name, "kind": c.kind, "meaning": c.meaning} for c in table.columns],
            }
            for table in TABLES
        ],
    }
    file.write_text(json.dumps(said, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def last_written(instance: Instance) -> Mapping[str, Any] | None:
    """Return what columns.json says, or None where the tables have not been written."""
    file = folder_of(instance) / LIST
    try:
        said: Mapping[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return said


def ask_tidy(engine: Engine, by: int, now: datetime) -> int:
    """Ask the worker for the tables and return the number of the work; asking twice within a minute asks once."""
    with writing(engine) as connection:
        return outbox.ask(connection, TIDY_WORK, f"tidy:{now:%Y%m%d%H%M}", {}, by, now)


def note_taken(engine: Engine, file: str, by: int, now: datetime) -> None:
    """Write down that somebody took a table."""
    with writing(engine) as connection:
        trail.note(connection, "table taken", "tidy", by, now, file=file)


def do_tidy(
    engine: Engine, definitions: Definitions, instance: Instance, work: Mapping[str, Any], now: datetime, step: Step
) -> dict[str, Any]:
    """Carry out a piece of work that asks for the tables."""
    done = export_tidy(engine, definitions, instance, now, step=step)
    with writing(engine) as connection:
        trail.note(connection, "tables written", "tidy", work["asked_by"], now, rows=sum(done.rows.values()))
    return {"rows": dict(done.rows)}
