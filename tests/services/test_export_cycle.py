"""Does an export hold every answer once, harmless to a spreadsheet and whole or not at all?"""

from __future__ import annotations

import csv
import json
from datetime import date
from io import StringIO
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from audit_engine.services.export_cycle import COLUMNS, STARTS_A_FORMULA, export_rows, export_to, neutral, write_json
from audit_engine.services.run_cycle import CycleRefused, cycle_named
from audit_engine.services.save_answers import Draft
from audit_engine.storage import partnership
from audit_engine.storage.engine import reading, writing
from tests.services.tiny import World

HOSTILE = [f"{start}{rest}" for start, rest in product(STARTS_A_FORMULA, ("1+1", "cmd|' /C calc'!A0", "HYPERLINK(1)"))]


def exported(world: World, style: str, out: Path) -> int:
    return export_to(world.engine, world.definitions, "tiny-2026", style, out)


def from_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def rows(world: World) -> list[dict[str, Any]]:
    with reading(world.engine) as connection:
        return list(export_rows(connection, world.definitions, cycle_named(connection, "tiny-2026")))


def test_there_is_one_row_an_answer_and_one_for_who_said_nothing(world: World, tmp_path: Path) -> None:
    world.returned("otters", "tiny-2026")
    world.save(Draft("t.A.1", 0, "met"), Draft("t.A.1", 0, "not-met", area="south"), organisation="joint")
    count = exported(world, "csv", tmp_path / "out.csv")
    found = from_csv(tmp_path / "out.csv")
    answered = [(r["organisation"], r["criterion"], r["area"]) for r in found if r["criterion"]]
    assert count == len(found) == 6 + 2 + 2
    assert len(answered) == len(set(answered)) == 8
    assert [r["organisation"] for r in found if not r["criterion"]] == ["badgers", "office"]
    assert ("joint", "t.A.1", "south") in answered


def test_a_row_says_everything_about_its_answer(world: World) -> None:
    act = {"action_what": "Write it", "action_who": "Sam", "action_by": date(2027, 3, 31), "action_how_known": "Ask"}
    world.save(Draft("t.A.1", 0, "partly-met", commentary="Half", evidence="File", **act))  # type: ignore[arg-type]
    world.panel("otters", "tiny-2026", "t.A.1", "not-met")
    row = next(r for r in rows(world) if r["criterion"] == "t.A.1")
    assert set(row) == set(COLUMNS)
    assert {k: row[k] for k in COLUMNS if k != "saved_at"} == {
        "cycle": "tiny-2026", "organisation": "otters", "organisation_name": "Otter School", "sector": "education",
        "areas": "north", "return_state": "started", "submitted_at": "", "standard": "leading", "criterion": "t.A.1",
        "repeat": "", "area": "", "state": "answered", "rating": "partly-met", "rating_text": "Partially met",
        "counts_as": "partly-met", "commentary": "Half", "evidence": "File", "reason": "", "confirmed_on": "",
        "action_what": "Write it", "action_who": "Sam", "action_by": "2027-03-31", "action_how_known": "Ask",
        "panel_rating": "not-met", "panel_reason": "The panel saw the file", "version": 1,
        "second_rating": "", "second_reason": "",
    }  # fmt: skip


def test_json_comes_back_as_it_was(world: World, tmp_path: Path) -> None:
    world.answer("otters", "tiny-2026", {})
    world.save(Draft("t.A.1", 1, "met", commentary="ü\n\"'\u2028 \\ </script> 🦦", evidence="=1+1"))
    count = exported(world, "json", tmp_path / "out.json")
    found = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert found == rows(world)
    assert len(found) == count


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_that_starts_a_formula_survives_as_one(text: str) -> None:
    assert neutral(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "Plain", "a=b", " =1", "1-2", "'=1", "é"])
def test_other_texts_are_left_as_they_are(text: str) -> None:
    assert neutral(text) == text


def test_no_cell_of_the_csv_starts_a_formula_whoever_wrote_it(world: World, tmp_path: Path) -> None:
    names = ("commentary", "evidence", "reason", "action_what", "action_who", "action_how_known")
    for version, text in enumerate(HOSTILE):
        world.save(Draft("t.A.1", version, "met", **dict.fromkeys(names, text)))  # type: ignore[arg-type]
        with writing(world.engine) as connection:
            row = partnership.OrganisationRow("otters", text, "education", ("north",), {})
            partnership.keep_organisations(connection, [row])
        exported(world, "csv", tmp_path / "out.csv")
        found = from_csv(tmp_path / "out.csv")
        cells = [cell for row in [dict.fromkeys(COLUMNS, ""), *found] for cell in (*row, *row.values())]
        assert not [cell for cell in cells if cell.startswith(STARTS_A_FORMULA)]
        assert any(r["commentary"] == f"'{text}" and r["organisation_name"] == f"'{text}" for r in found)


def test_texts_of_several_lines_stay_in_their_cell(world: World, tmp_path: Path) -> None:
    world.save(Draft("t.A.1", 0, "met", commentary='One\nTwo, "three"\r\n\r\nFour;'))
    exported(world, "csv", tmp_path / "out.csv")
    assert {r["commentary"] for r in from_csv(tmp_path / "out.csv")} == {"", 'One\nTwo, "three"\r\n\r\nFour;'}


def test_what_a_question_of_another_type_holds_is_exported_too(world: World) -> None:
    world.save(Draft("t.B.4", 0, "unsure"))
    row = next(r for r in rows(world) if r["criterion"] == "t.B.4")
    assert (row["rating"], row["counts_as"], row["standard"]) == ("unsure", "", "working")
    assert row["rating_text"]


def test_a_cycle_that_does_not_exist_or_was_never_opened_has_no_export(own_world: World, tmp_path: Path) -> None:
    own_world.load()
    with pytest.raises(CycleRefused, match="Tiny 2026 has not been opened yet"):
        exported(own_world, "csv", tmp_path / "out.csv")
    with pytest.raises(CycleRefused, match="no cycle called"):
        export_to(own_world.engine, own_world.definitions, "nothing", "csv", tmp_path / "out.csv")
    assert list(tmp_path.glob("out*")) == []


def test_an_export_that_breaks_off_leaves_the_file_before_it(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out.json"
    out.write_text("the one before")

    def broken(done: int, _of: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export_to(world.engine, world.definitions, "tiny-2026", "json", out, broken)
    assert out.read_text() == "the one before"
    assert [p.name for p in tmp_path.glob("out*")] == ["out.json"]


def test_progress_is_told_an_organisation_at_a_time(world: World, tmp_path: Path) -> None:
    heard: list[tuple[int, int]] = []
    export_to(world.engine, world.definitions, "tiny-2026", "csv", tmp_path / "o", lambda *step: heard.append(step))
    assert heard == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_nothing_to_export_is_still_json() -> None:
    out = StringIO()
    assert write_json(iter(()), out) == 0
    assert json.loads(out.getvalue()) == []
