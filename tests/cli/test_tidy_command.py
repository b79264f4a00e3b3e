"""Does the command write the tables, and does the report's command name figures that do not agree?"""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from audit_engine.analysis import gathering, participation
from audit_engine.services import issue_report
from tests.cli.conftest import Run
from tests.services.tiny import World


def test_the_tables_are_written_into_the_exports_and_counted(run: Run, world: World) -> None:
    world.open("tiny-2026").returned("otters", "tiny-2026")
    found = run("export-tidy")
    assert found.exit_code == 0
    assert "Wrote 15 tables into" in found.output
    with (world.instance.exports / "tidy" / "ratings.csv").open(encoding="utf-8", newline="") as stream:
        assert len(list(csv.DictReader(stream))) == 5


def test_they_can_be_written_elsewhere(run: Run, world: World, tmp_path: Path) -> None:
    assert run("export-tidy", "--out", str(tmp_path / "bi")).exit_code == 0
    assert (tmp_path / "bi" / "columns.json").is_file()
    assert not world.instance.exports.exists()


def test_a_report_with_doubts_is_named_and_issued_only_for_a_reason(
    run: Run, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.open("tiny-2026").returned("otters", "tiny-2026")
    own = participation.participation_figures

    def wrong(found: Any, cut_off: Any) -> Any:
        for figure in own(found, cut_off):
            yield replace(figure, value=3, numerator=3, text="3") if figure.id == "returns.returned" else figure

    monkeypatch.setattr(gathering, "participation_figures", wrong)
    monkeypatch.setattr(issue_report, "_written", lambda _document, _step: b"a report")
    out = tmp_path / "report.docx"
    held = run("report", "analysis", "tiny-2026", "--out", str(out))
    assert held.exit_code == 1
    assert "is made of on time 1 + late 0, which is 1. [returns.returned]" in held.output
    assert not out.exists()
    issued = run("report", "analysis", "tiny-2026", "--out", str(out), "--despite", "Known")
    assert issued.exit_code == 0
    assert "Issued although figures do not agree: 3 (table of returns)" in issued.output
    assert out.read_bytes() == b"a report"
