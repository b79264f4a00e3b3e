"""Are an audit's stored answers set beside its staff survey's, and nothing shown too early or of too few?"""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from sqlalchemy import Engine

from audit_engine.analysis.triangulation_json import COLUMNS, as_json
from audit_engine.analysis.triangulation_staff import CONSISTENT
from audit_engine.services import run_cycle
from audit_engine.services.give_pack import kept_back, release_pack, share_pack
from audit_engine.services.instance_identity import FaultyFile
from audit_engine.services.run_cycle import cycle_named
from audit_engine.services.show_triangulation import as_csv, as_text
from audit_engine.services.triangulate import TriangulationRefused, lenses_of, surveys_beside, triangulate
from audit_engine.storage import beside
from audit_engine.storage.engine import reading
from tests.services.seen import CLOSED, CYCLES, DURING, Seen, cycle_file, seen_world
from tests.services.tiny import OPENED, PARTNERSHIP, lay
from tests.web.browser import counting

FLAG, FEW = "claimed but not seen by staff", "insufficient responses"


@pytest.fixture
def seen(tmp_path: Path, engine: Engine) -> Seen:
    """Four organisations and their staff:

    otters    60 replies, nearly all know and would speak up
    badgers   45 replies, few know
    joint     6 replies
    office    30 replies, and no return
    """
    world = seen_world(tmp_path, engine).open()
    world.replies("otters", 52, 8).replies("badgers", 12, 33).replies("joint", 4, 2).replies("office", 20, 10)
    world.returned("otters", "badgers", "joint")
    return world.close()


def test_each_cell_is_what_the_stored_answers_say(seen: Seen) -> None:
    found = seen.found()
    assert [o.id for o in found.organisations] == ["badgers", "joint", "otters"]
    assert {o: found.cells[o, "s.A.1"].cls for o in ("otters", "badgers", "joint")} == {
        "otters": "corroborated", "badgers": FLAG, "joint": FEW,
    }  # fmt: skip
    figure = found.cells["otters", "s.A.1"].views[0].figure
    assert figure is not None
    assert (figure.count, figure.base) == (52, 60)
    assert found.cells["otters", "s.B.1"].why == "Staff were not asked about it."
    assert found.not_returned == 1


def test_the_panel_s_rating_and_the_evidence_join_the_assurance(seen: Seen) -> None:
    seen.world.panel("otters", "seen-2026", "s.A.1", "met")
    seen.graded("otters", "s.A.1", 2).graded("otters", "s.B.1", 0)
    seen.world.panel("badgers", "seen-2026", "s.B.1", "partly-met")
    cells = seen.found().cells
    assert (cells["otters", "s.A.1"].panel, cells["otters", "s.A.1"].evidence) == ("agrees", 2)
    assert cells["otters", "s.A.1"].assurance == "strong"
    assert cells["otters", "s.B.1"].assurance == "contested"
    assert (cells["badgers", "s.B.1"].panel, cells["badgers", "s.B.1"].assurance) == ("lower", "contested")
    assert cells["badgers", "s.B.1"].claim == "met", "the claim stays the organisation's own"


def test_evidence_of_a_closed_audit_stays_as_it_was_when_it_closed(seen: Seen) -> None:
    seen.graded("otters", "s.A.1", 3, datetime(2026, 10, 1, tzinfo=UTC))
    years_later = datetime(2030, 1, 1, tzinfo=UTC)
    assert seen.found(years_later).cells["otters", "s.A.1"].evidence_expired
    run_cycle.close_cycle(seen.world.engine, "seen-2026", None, CLOSED)
    assert seen.found(years_later).cells["otters", "s.A.1"].evidence == 3


def test_a_sector_s_result_stands_beside_too_few_replies(seen: Seen) -> None:
    (answer,) = seen.found().cells["joint", "s.A.1"].views
    assert answer.sector is not None
    assert (answer.sector.count, answer.sector.base) == (24, 36)


def test_while_the_survey_is_open_nothing_of_it_is_read(tmp_path: Path, engine: Engine) -> None:
    world = seen_world(tmp_path, engine).open().replies("otters", 40).returned("otters")
    with pytest.raises(TriangulationRefused, match="Staff 2026 is still open, so what staff said cannot be seen yet"):
        world.found()


def test_an_audit_with_no_survey_beside_it_says_what_to_do(tmp_path: Path, engine: Engine) -> None:
    world = seen_world(tmp_path, engine, **{"seen-2026": cycle_file("seen-2026", "seen")}).open().returned("otters")
    with pytest.raises(TriangulationRefused, match="No staff survey stands beside Seen 2026"):
        world.found()


def test_an_audit_that_is_mapped_to_nothing_says_so(seen: Seen) -> None:
    with reading(seen.world.engine) as connection, pytest.raises(TriangulationRefused, match="names no question"):
        triangulate(connection, seen.world.definitions, cycle_named(connection, "other-2026"), CLOSED)


def test_a_planned_audit_has_nothing_to_set_beside(tmp_path: Path, engine: Engine) -> None:
    with pytest.raises(TriangulationRefused, match="has not been opened yet"):
        seen_world(tmp_path, engine).found()


@pytest.mark.parametrize("wanted", [{"area": "west"}, {"sector": "army"}, {"standard": "resting"}])
def test_a_filter_that_names_nothing_says_what_there_is(seen: Seen, wanted: dict[str, str]) -> None:
    ((name, value),) = wanted.items()
    with pytest.raises(TriangulationRefused, match=f"No {name} is called “{value}”. There are: "):
        seen.found(**wanted)


def test_filters_narrow_and_an_area_reads_its_own_answers(seen: Seen) -> None:
    assert [o.id for o in seen.found(area="north").organisations] == ["joint", "otters"]
    assert [o.id for o in seen.found(sector="education").organisations] == ["badgers", "otters"]
    assert [c.id for c in seen.found(standard="working").criteria] == ["s.B.1"]
    assert [o.id for o in seen.found(organisation="badgers").organisations] == ["badgers"]
    assert seen.found(area="south").cells["badgers", "s.A.1"] == seen.found().cells["badgers", "s.A.1"]


def test_one_team_s_answers_cap_the_class(tmp_path: Path, engine: Engine) -> None:
    world = seen_world(tmp_path, engine).open().returned("otters", "badgers")
    world.replies("otters", 30, team="day").replies("otters", 12, team="night")
    world.replies("badgers", 20, team="day").replies("badgers", 20, team="night")
    found = world.close().found()
    assert (found.cells["otters", "s.A.1"].cls, found.cells["otters", "s.A.1"].capped) == ("mixed picture", True)
    assert found.cells["badgers", "s.A.1"].cls == "corroborated"


def test_a_response_rate_stands_beside_each_organisation(seen: Seen) -> None:
    seen.invited("otters", 120)
    told = {o.id: o.took_part for o in seen.found().organisations}
    assert told["otters"] == (
        "Staff 2026: 60 people took part of 120 invited; the response rate (RR2, at least half of the questions "
        "answered) is 50%.",
    )
    assert told["joint"] == ("Staff 2026: Fewer than 11 people took part, so nothing is shown.",)


def test_three_lenses_on_one_fact(seen: Seen) -> None:
    seen.replies("", 30, 20, survey="other").close("other-2026")
    with reading(seen.world.engine) as connection:
        surveys = surveys_beside(connection, seen.world.definitions, cycle_named(connection, "seen-2026"))
    criterion = seen.found().criteria[0]
    staff, other = lenses_of(criterion, surveys)
    assert (staff.title, staff.is_mapped, other.title, other.is_mapped) == ("Staff 2026", True, "Other 2026", False)
    assert staff.text == other.text == "Do you know who leads?"
    figures = [lens.answers.whole.figure(CONSISTENT) for lens in (staff, other)]
    assert [(f.count, f.base) for f in figures] == [(88, 141), (30, 50)]
    assert lenses_of(seen.found().criteria[2], surveys) == ()


def test_text_json_and_csv_say_the_same(seen: Seen) -> None:
    found = seen.found()
    plain, rows = as_json(found), list(csv.DictReader(StringIO(as_csv(found))))
    assert json.loads(json.dumps(plain)) == plain
    cells = {(c["organisation"], c["criterion"]): c for c in plain["cells"]}  # type: ignore[attr-defined]
    assert len(rows) == len(cells) == 9
    for row in rows:
        cell = cells[row["organisation"], row["criterion"]]
        assert (row["class"], row["own_rating"], row["assurance"]) == (
            cell["class"], cell["own_rating"], cell["assurance"] or "",
        )  # fmt: skip
        assert row["sentence"] == " ".join(cell["sentences"])
    text = as_text(found)
    for sentence in (*plain["sentences"], "6 people"):  # type: ignore[misc]
        assert (sentence in text) is (sentence != "6 people")
    assert "Badger School rated A.1 as met. 12 of 45 of its staff (27%)" in text
    assert tuple(rows[0]) == COLUMNS


def test_one_class_can_be_listed_alone(seen: Seen) -> None:
    found = seen.found()
    rows = list(csv.DictReader(StringIO(as_csv(found, FLAG))))
    assert {row["class"] for row in rows} == {FLAG}
    assert {row["organisation"] for row in rows} == {"badgers"}
    assert as_json(found, FLAG)["comparisons"] == as_json(found)["comparisons"]


def test_no_output_holds_a_count_of_fewer_than_eleven(seen: Seen) -> None:
    everything = json.dumps(as_json(seen.found())) + as_csv(seen.found()) + as_text(seen.found())
    assert "of 6 " not in everything
    assert '"base": 6,' not in everything
    assert ",4,6," not in everything


def test_a_name_that_a_spreadsheet_would_run_is_made_harmless(tmp_path: Path, engine: Engine) -> None:
    world = seen_world(tmp_path, engine)
    lay(tmp_path, partnership=PARTNERSHIP.replace("Otter School", "=1+1 School"), cycles=CYCLES)
    world.world.load()
    world.open().replies("otters", 40).returned("otters").close()
    (row, *_) = csv.DictReader(StringIO(as_csv(world.found())))
    assert row["organisation_name"] == "'=1+1 School"


def test_the_statements_do_not_grow_with_organisations(seen: Seen) -> None:
    seen.found()  # definitions are read once a process
    with counting(seen.world.engine) as one:
        seen.found(organisation="otters")
    with counting(seen.world.engine) as all_of_them:
        seen.found()
    assert len(one.statements) == len(all_of_them.statements) == 11


def test_the_file_of_an_audit_names_its_surveys_until_it_has_closed(seen: Seen, tmp_path: Path) -> None:
    file = tmp_path / "instances/tiny/cycles/seen-2026.yaml"
    file.write_text(cycle_file("seen-2026", "seen", "surveys: [staff-2026]"))
    seen.world.load()
    with reading(seen.world.engine) as connection:
        assert beside.survey_ids(connection) == {"seen-2026": ("staff-2026",)}
    run_cycle.close_cycle(seen.world.engine, "seen-2026", None, DURING)
    file.write_text(cycle_file("seen-2026", "seen", "surveys: [other-2026]"))
    seen.world.load()
    with reading(seen.world.engine) as connection:
        assert beside.survey_ids(connection) == {"seen-2026": ("staff-2026",)}


@pytest.mark.parametrize("named", ["nothing-2026", "seen-2026"])
def test_a_survey_that_is_none_is_a_fault_of_the_file(tmp_path: Path, engine: Engine, named: str) -> None:
    with pytest.raises(FaultyFile, match=f"There is no survey called “{named}”" if named == "nothing-2026" else "seen"):
        seen_world(tmp_path, engine, **{"seen-2026": cycle_file("seen-2026", "seen", f"surveys: [{named}]")})


def test_the_day_of_the_survey_is_no_matter(seen: Seen) -> None:
    assert seen.found(OPENED).cells == seen.found(CLOSED).cells


def kept(seen: Seen) -> set[tuple[str, str]]:
    with reading(seen.world.engine) as connection:
        return set(kept_back(connection, ["otters"]))


def test_an_organisation_reads_its_staff_s_results_with_its_pack_and_never_earlier(seen: Seen) -> None:
    both = {("staff-2026", "otters"), ("other-2026", "otters")}
    facts, somebody = seen.world.return_of("otters", "seen-2026"), seen.world.somebody
    assert kept(seen) == both
    release_pack(seen.world.engine, facts, somebody, CLOSED)
    assert kept(seen) == both, "the panel has it, the organisation does not"
    share_pack(seen.world.engine, facts, somebody, CLOSED)
    assert kept(seen) == set()


def test_once_the_next_audit_has_opened_an_older_survey_is_theirs(seen: Seen, tmp_path: Path) -> None:
    text = cycle_file("seen-2027", "seen", "baseline: seen-2026").replace("opens: 2026-09-14", "opens: 2026-10-14")
    (tmp_path / "instances/tiny/cycles/seen-2027.yaml").write_text(text)
    seen.world.load()
    assert kept(seen) != set()
    seen.world.open("seen-2027", CLOSED)
    assert kept(seen) == set()
