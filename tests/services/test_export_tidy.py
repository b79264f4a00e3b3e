"""Are the tables for other programs as promised, whole, harmless, and without anything that may not be seen?"""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from audit_engine.definition.library import Library
from audit_engine.services import export_tidy as service
from audit_engine.services.do_work import claim_work, do_work
from audit_engine.services.export_tidy import ask_tidy, export_tidy, folder_of, last_written
from audit_engine.services.keep_plan import FigureDraft, add_event, keep_figure
from audit_engine.services.tidy_columns import TABLES, described
from audit_engine.services.tidy_rows import ROWS
from audit_engine.storage import models, partnership
from audit_engine.storage.engine import writing
from tests.services.tiny import DURING, World, lay
from tests.services.waved import Waved, lay_waved

TODAY = date(2026, 10, 5)
SHIPPED = Path(__file__).parents[2]


@pytest.fixture
def waved(tmp_path: Path, engine: Engine) -> Waved:
    found = lay_waved(tmp_path, engine).wave(2022, 20, 60).wave(2024, 5, 3).wave(2026, 9, 9, close=False)
    for organisation in ("otters", "badgers", "joint"):
        found.world.returned(organisation, "tiny-2024")
        found.world.returned(organisation, "tiny-2026", {"t.A.1": "not-met"} if organisation == "otters" else {})
    found.world.panel("otters", "tiny-2026", "t.A.1", "met")
    draft = FigureDraft(date(2026, 3, 31), "sample", "", "65.8", "146", "Survey")
    keep_figure(engine, "tiny-plan", "schools", draft, None, DURING, TODAY)
    add_event(engine, "pulse", date(2023, 5, 1), "A campaign", None, DURING, TODAY)
    return found


def written(waved: Waved, out: Path | None = None) -> dict[str, list[dict[str, str]]]:
    done = export_tidy(waved.engine, waved.world.definitions, waved.world.instance, DURING, out)
    return {table.name: list(read(done.folder / table.file)) for table in TABLES}


def read(file: Path) -> Iterator[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)


def test_every_table_has_its_rows_function_and_the_columns_that_are_promised(waved: Waved) -> None:
    assert set(ROWS) == {table.name for table in TABLES}
    written(waved)
    for table in TABLES:
        with (folder_of(waved.world.instance) / table.file).open(encoding="utf-8", newline="") as stream:
            rows = list(csv.reader(stream))
        assert tuple(rows[0]) == table.names, table.name
        assert {len(row) for row in rows} == {len(table.columns)}, table.name
        assert len(rows) > 1 or table.name == "triangulation", table.name


def test_the_document_holds_the_same_list() -> None:
    assert (SHIPPED / "docs" / "tidy-files.md").read_text(encoding="utf-8") == described()


def test_every_value_is_of_the_kind_that_its_column_has(waved: Waved) -> None:
    found = written(waved)
    for table in TABLES:
        for row in found[table.name]:
            for column in table.columns:
                value = row[column.name]
                if value and column.kind == "date":
                    date.fromisoformat(value)
                elif value and column.kind in ("number", "decimal"):
                    assert (float if column.kind == "decimal" else int)(value) is not None
                elif column.kind == "yes-no":
                    assert value in ("yes", "no", ""), (table.name, column.name)


def test_the_tables_say_what_was_returned_rated_and_compared(waved: Waved) -> None:
    found = written(waved)
    ratings = {(r["cycle_id"], r["organisation_id"], r["criterion_id"]): r for r in found["ratings"]}
    one = ratings["tiny-2026", "otters", "t.A.1"]
    assert (one["own_rating"], one["final_rating"], one["by_panel"]) == ("not-met", "met", "yes")
    assert not [key for key in ratings if key[1] == "office"], "it has not returned"
    assert ("tiny-2026", "otters", "t.B.5") not in ratings, "it was not asked"
    states = {(r["cycle_id"], r["organisation_id"]): (r["state"], r["late"]) for r in found["returns"]}
    assert states["tiny-2026", "otters"] == ("submitted", "no")
    assert states["tiny-2026", "office"] == ("not-started", "")
    headline = next(r for r in found["comparison"] if r["table"] == "headline")
    assert (headline["cycle_id"], headline["baseline_cycle_id"], headline["net"]) == ("tiny-2026", "tiny-2024", "0")
    measure = found["measures"][0]
    assert (measure["measure_id"], measure["pairs"]) == ("sharing", "2")
    standard = next(r for r in found["standards"] if (r["cycle_id"], r["standard_id"]) == ("tiny-2026", "leading"))
    assert int(standard["applicable"]) == sum(int(standard[n]) for n in ("met", "partly_met", "not_met")) == 9
    assert [a["criterion_id"] for a in found["actions"]] == ["t.A.1"]
    assert [(e["questionnaire"], e["event"]) for e in found["events"]] == [("pulse", "A campaign")]
    assert [(p["outcome_id"], p["percentage"], p["number"]) for p in found["plan_figures"]] == [("schools", "65.8", "")]
    assert [o["followed_by"] for o in found["plan_outcomes"]] == ["audit", "survey", "hand", "hand"]


def test_surveys_come_only_when_they_closed_and_only_as_far_as_they_may_be_shown(waved: Waved) -> None:
    rows = written(waved)["survey_results"]
    assert {r["cycle_id"] for r in rows} == {"pulse-2022", "pulse-2024"}
    few = [r for r in rows if r["cycle_id"] == "pulse-2024"]
    assert few
    assert {(r["count"], r["base"], r["percent"]) for r in few} == {("", "", "")}
    assert {r["shown_as"] for r in few} <= {"[low]", "[c]", "[z]"}
    yes = next(r for r in rows if (r["cycle_id"], r["question_id"], r["answer_id"], r["group_kind"])
               == ("pulse-2022", "p.2", "yes", "everybody"))  # fmt: skip
    assert (yes["count"], yes["base"], yes["percent"]) == ("20", "80", "25.0")


def test_nobodys_own_words_and_no_address_are_in_any_table(waved: Waved) -> None:
    waved.world.person("ada@secret.example.org")
    written(waved)
    everything = "".join(f.read_text(encoding="utf-8") for f in folder_of(waved.world.instance).iterdir())
    assert "example.org" not in everything


def test_no_cell_is_a_formula(waved: Waved) -> None:
    with writing(waved.engine) as connection:
        otters = next(o for o in partnership.organisations(connection) if o.id == "otters")
        partnership.keep_organisations(connection, [replace(otters, name="=1+1")])
    assert "'=1+1" in [r["name"] for r in written(waved)["organisations"]]


def test_each_file_is_replaced_whole_and_the_list_comes_last(waved: Waved, monkeypatch: pytest.MonkeyPatch) -> None:
    written(waved)
    folder = folder_of(waved.world.instance)
    (folder / "mine.txt").write_text("left alone")
    order: list[str] = []
    put = os.replace

    def noted(source: Any, target: Any) -> None:
        order.append(Path(target).name)
        put(source, target)

    monkeypatch.setattr(service.os, "replace", noted)
    written(waved)
    assert order == [*(table.file for table in TABLES), "columns.json"]
    assert sorted(p.name for p in folder.iterdir()) == sorted([*order, "mine.txt"])
    assert [p.name for p in folder.parent.iterdir()] == ["tidy"]


def test_what_fails_on_the_way_leaves_the_tables_as_they_were(waved: Waved, monkeypatch: pytest.MonkeyPatch) -> None:
    written(waved)
    folder = folder_of(waved.world.instance)
    before = {p.name: p.read_bytes() for p in folder.iterdir()}

    def broken(*_: Any) -> Iterator[Any]:
        yield ("x",)
        raise OSError("The disk is full.")

    monkeypatch.setitem(ROWS, "events", broken)  # type: ignore[arg-type]
    with pytest.raises(OSError, match="disk is full"):
        written(waved)
    assert {p.name: p.read_bytes() for p in folder.iterdir()} == before
    assert [p.name for p in folder.parent.iterdir()] == ["tidy"]


def test_the_list_says_when_and_how_many(waved: Waved) -> None:
    assert last_written(waved.world.instance) is None
    found = written(waved)
    said = last_written(waved.world.instance)
    assert said is not None
    assert (said["invented"], said["written_at"]) == (True, "2026-10-05T13:00:00+01:00")
    assert {t["file"]: t["rows"] for t in said["tables"]} == {f"{n}.csv": len(rows) for n, rows in found.items()}
    assert json.loads(json.dumps(said))["tables"][0]["columns"][0]["name"] == "organisation_id"


def test_the_worker_writes_them_once_a_minute_at_most(waved: Waved) -> None:
    by = waved.world.somebody
    number = ask_tidy(waved.engine, by, DURING)
    assert ask_tidy(waved.engine, by, DURING) == number
    assert claim_work(waved.engine) == (number,)
    assert do_work(waved.engine, waved.world.definitions, waved.world.instance, number)
    assert (folder_of(waved.world.instance) / "ratings.csv").is_file()
    assert waved.world.count(models.trail, event="tables written") == 1


def test_an_empty_partnership_has_tables_with_headings_alone(tmp_path: Path, engine: Engine) -> None:
    world = World(lay(tmp_path), engine, Library(tmp_path)).load()
    done = export_tidy(engine, world.definitions, world.instance, datetime(2026, 10, 5, tzinfo=UTC), tmp_path / "out")
    assert {n for n, rows in done.rows.items() if rows} == {"organisations", "organisation_areas", "cycles"}
