"""Are an instance's files loaded as often as wanted, and does a faulty one change nothing?"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from audit_engine.definition.library import UnknownQuestionnaire
from audit_engine.services.init_instance import Loaded, init_instance
from audit_engine.services.instance_identity import FaultyFile
from audit_engine.services.run_cycle import cycle_named
from audit_engine.storage import models, partnership
from audit_engine.storage.engine import reading, writing
from tests.services.tiny import CLOSES, CYCLES, DURING, OPENED, PARTNERSHIP, World, lay

OTTERS = "{id: otters, name: Otter School, sector: education, areas: [north], facts: {direct_work: yes, in_plan: yes}}"


def load(world: World, *, adopt: bool = False) -> Loaded:
    return init_instance(world.engine, world.library, world.instance, OPENED, adopt=adopt)


def change(world: World, old: str, new: str, file: str = "partnership.yaml") -> None:
    path = world.instance.folder / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def organisation(world: World, name: str = "otters") -> partnership.OrganisationRow:
    with reading(world.engine) as connection:
        return next(o for o in partnership.organisations(connection) if o.id == name)


def edit_on_a_page(world: World, organisation_id: str, **values: object) -> None:
    table = models.organisation
    with writing(world.engine) as connection:
        connection.execute(table.update().where(table.c.id == organisation_id).values(edited_at=DURING, **values))  # type: ignore[attr-defined]


def test_everything_in_the_files_is_loaded(own_world: World) -> None:
    done = load(own_world)
    assert (done.organisations, done.cycles, done.kept) == (5, 2, ())
    with reading(own_world.engine) as connection:
        areas, sectors = partnership.areas(connection), partnership.sectors(connection)
        cycle = cycle_named(connection, "tiny-2026")
    assert [(a.id, a.name, dict(a.local_text)) for a in areas] == [
        ("north", "Northshire", {"lado": "north LADO"}), ("south", "Southport", {}),
    ]  # fmt: skip
    assert dict(sectors) == {"police": "Police", "education": "Schools"}
    assert organisation(own_world, "joint").areas == ("north", "south")
    assert organisation(own_world).facts == {"direct_work": True, "in_plan": True}
    assert str(organisation(own_world, "closed").closed) == "2025-01-01"
    assert (cycle.state, cycle.baseline, cycle.opens_at, cycle.closes_at) == ("planned", "tiny-2024", OPENED, CLOSES)


def rewritten(world: World, old: str, new: str) -> World:
    """Change the partnership's file before it is loaded."""
    path = world.instance.folder / "partnership.yaml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    return world


def test_the_note_of_an_area_is_kept_beside_its_texts(own_world: World) -> None:
    load(rewritten(own_world, "{id: north, name: Northshire,", "{id: north, name: Northshire, note: Still empty,"))
    with reading(own_world.engine) as connection:
        north, south = partnership.areas(connection)
    assert (north.note, dict(north.local_text)) == ("Still empty", {"lado": "north LADO"})
    assert (south.note, dict(south.local_text)) == ("", {})


def test_the_kinds_of_a_sector_are_a_remark_that_is_not_kept(own_world: World) -> None:
    load(rewritten(own_world, "label: Police}", "label: Police, kinds: [Territorial, Transport]}"))
    with reading(own_world.engine) as connection:
        assert dict(partnership.sectors(connection)) == {"police": "Police", "education": "Schools"}


@pytest.mark.parametrize(
    "old, new",
    [("label: Police}", "label: Police, kind: [One]}"), ("name: Southport}", "name: Southport, notes: Empty}"),
     ("label: Police}", "label: Police, kinds: One}")],
)  # fmt: skip
def test_a_key_that_nobody_reads_is_refused_in_areas_and_sectors(own_world: World, old: str, new: str) -> None:
    with pytest.raises(FaultyFile, match=r"partnership.yaml:\d+:\d+ "):
        load(rewritten(own_world, old, new))


def test_loading_again_changes_nothing(own_world: World) -> None:
    load(own_world)
    before = own_world.counts()
    assert load(own_world).kept == ()
    assert own_world.counts() == before


def test_loading_again_takes_over_what_the_files_say_now(own_world: World) -> None:
    load(own_world)
    change(own_world, OTTERS, OTTERS.replace("Otter School", "Otter Academy").replace("[north]", "[south]"))
    load(own_world)
    assert (organisation(own_world).name, organisation(own_world).areas) == ("Otter Academy", ("south",))


def test_an_organisation_edited_on_a_page_stays_and_the_difference_is_told(own_world: World) -> None:
    load(own_world)
    edit_on_a_page(own_world, "otters", name="The Otters")
    done = load(own_world)
    assert organisation(own_world).name == "The Otters"
    (sentence,) = done.kept
    assert "Otter School was edited on a page and differs from the file" in sentence
    assert load(own_world, adopt=True).kept == ()
    assert organisation(own_world).name == "Otter School"


def test_an_edited_organisation_that_says_what_the_file_says_is_not_mentioned(own_world: World) -> None:
    load(own_world)
    edit_on_a_page(own_world, "otters")
    assert load(own_world).kept == ()


def test_a_cycle_that_is_only_planned_follows_its_file(own_world: World) -> None:
    load(own_world)
    change(own_world, "closes: 2098-12-19 17:00", "closes: 2098-12-20 17:00", "cycles/tiny-2026.yaml")
    assert load(own_world).kept == ()
    with reading(own_world.engine) as connection:
        assert cycle_named(connection, "tiny-2026").closes_at.day == 20


@pytest.mark.parametrize(
    "old, new",
    [("2098-12-19", "2098-12-20"), ("title: Tiny 2026", "title: Other"), ("baseline: tiny-2024", "pilot: true"),
     ('version: "2026"', 'version: "2024"')],
)  # fmt: skip
def test_a_cycle_that_was_opened_no_longer_follows_its_file_and_says_so(own_world: World, old: str, new: str) -> None:
    load(own_world)
    own_world.open("tiny-2026")
    change(own_world, old, new, "cycles/tiny-2026.yaml")
    with reading(own_world.engine) as connection:
        before = cycle_named(connection, "tiny-2026")
    assert load(own_world).kept == ("Tiny 2026 was opened, so its file no longer changes it.",)
    with reading(own_world.engine) as connection:
        assert cycle_named(connection, "tiny-2026") == before


def test_what_was_answered_outlives_loading_again(world: World) -> None:
    world.returned("otters", "tiny-2026")
    before = world.counts()
    load(world)
    assert world.counts() == before
    assert world.return_of().state == "submitted"


def test_how_organisations_became_one_another_is_loaded_once(own_world: World) -> None:
    lines = "lineage:\n  - {from: [closed], to: [otters, badgers], relation: split, effective: 2025-01-01, note: So}\n"
    lines += "  - {to: office, relation: joined, effective: 2025-06-01}\n"
    (own_world.instance.folder / "partnership.yaml").write_text(PARTNERSHIP + lines)
    for _ in range(2):
        load(own_world)
        with reading(own_world.engine) as connection:
            found = partnership.organisation_lineage(connection)
        assert [(r.predecessor, r.successor, r.relation) for r in found] == [
            ("closed", "otters", "split"), ("closed", "badgers", "split"), (None, "office", "joined"),
        ]  # fmt: skip


def test_a_parent_may_stand_after_its_children_at_any_depth(own_world: World) -> None:
    change(own_world, "areas: [south], facts", "areas: [south], parent: joint, facts")
    change(
        own_world,
        "sector: education, areas: [north], facts",
        "sector: education, areas: [north], parent: badgers, facts",
    )
    load(own_world)
    assert [organisation(own_world, o).parent for o in ("otters", "badgers", "joint")] == ["badgers", "joint", None]


WHOLE = "partnership.yaml"
LATEST, FIRST = "cycles/tiny-2026.yaml", "cycles/tiny-2024.yaml"
BADGERS, OFFICE = "areas: [south],", "{direct_work: no,"
AREAS = "areas:\n"
LINES = "lineage:\n"
LINE = "  - {from: closed, to: otters, relation: merged, effective: 2025-01-01}\n"
# A fault -> the file, what stands there, what is put in its place, and what must be said.
FAULTS: dict[str, tuple[str, str, str, str]] = {
    "unknown key": (WHOLE, "sectors:", "secters:", "“secters” is not known here"),
    "unknown area": (WHOLE, BADGERS, "areas: [west],", "No area is called “west”. Areas: north, south"),
    "unknown sector": (WHOLE, "police, areas: [north, south]", "army, areas: [north]", "Sectors: police, education"),
    "unknown fact": (WHOLE, OFFICE, "{indirect_work: no,", "There is no fact “indirect_work”"),
    "a fact that is neither": (WHOLE, OFFICE, "{direct_work: maybe,", "answer yes or no"),
    "the same id twice": (WHOLE, "id: badgers", "id: otters", "“otters” is used twice"),
    "an area twice": (WHOLE, "{id: south", "{id: north", "“north” is used twice"),
    "a sector twice": (WHOLE, "{id: education", "{id: police", "“police” is used twice"),
    "no id": (WHOLE, "{id: badgers, name", "{name", "“id” is missing"),
    "an id with blanks": (WHOLE, "id: badgers", "id: The badgers", "“The badgers” cannot be an id"),
    "an id with a slash": (LATEST, "cycle: tiny-2026", "cycle: tiny/2026", "“tiny/2026” cannot be an id"),
    "an id of many letters": (WHOLE, "id: badgers", f"id: {'b' * 101}", "at most 100"),
    "a name of many letters": (WHOLE, "Badger School", "b" * 201, "has 201 letters; at most 200 fit"),
    "a number for a name": (WHOLE, "name: Badger School", "name: 12", "put it in quotes"),
    "no such day": (WHOLE, "2025-01-01", "2025-02-29", "“2025-02-29” is not a date"),
    "unknown parent": (WHOLE, BADGERS, f"{BADGERS} parent: stoats,", "called “stoats”"),
    "its own parent": (WHOLE, BADGERS, f"{BADGERS} parent: badgers,", "“badgers” is its own parent"),
    "invented is neither": (WHOLE, "invented: true", "invented: perhaps", "neither true nor false"),
    "areas as one word": (WHOLE, "areas: [south]", "areas: south", "must be a list of texts"),
    "areas with a mapping": (WHOLE, "areas: [south]", "areas: [{id: south}]", "must be a list of texts"),
    "facts as a list": (WHOLE, "facts: {direct_work: yes}}", "facts: [a]}", "must hold keys and values"),
    "facts as a word": (WHOLE, "facts: {direct_work: yes}}", "facts: a}", "must hold keys and values"),
    "aliases as a number": (WHOLE, BADGERS, f"{BADGERS} aliases: 5,", "must be a list of texts"),
    "local text as a list": (WHOLE, "text: {lado: north LADO}", "text: [a]", "must hold keys and values"),
    "local text as a number": (WHOLE, "text: {lado: north LADO}", "text: {lado: 5}", "put it in quotes"),
    "a list that is none": (WHOLE, "sectors:", "lineage: {a: b}\nsectors:", "“lineage” must be a list"),
    "a word for an organisation": (WHOLE, "organisations:", "organisations:\n  - a", "keys and values"),
    "the partnership as a list": (WHOLE, "partnership: {id", "partnership: [a]\nx: {id", "“name” is missing"),
    "lineage of nobody": (WHOLE, AREAS, LINES + LINE.replace("from: closed, to: otters,", "") + AREAS, "names nobody"),
    "lineage of a stranger": (WHOLE, AREAS, LINES + LINE.replace("closed", "stoats") + AREAS, "called “stoats”"),
    "lineage without a day": (WHOLE, AREAS, LINES + LINE.replace("effective", "note") + AREAS, "“effective” is"),
    "lineage twice": (WHOLE, AREAS, LINES + 2 * LINE + AREAS, "stands here twice"),
    "lineage as a number": (WHOLE, AREAS, LINES + LINE.replace("closed", "5") + AREAS, "must be a list of texts"),
    "unknown key of a cycle": (LATEST, "baseline:", "base:", "“base” is not known here"),
    "a skipped time": (LATEST, "2026-09-14 09:00", "2026-03-29 01:30", "the clocks go forward over it"),
    "a time that comes twice": (LATEST, "2098-12-19 17:00", "2026-10-25 01:30", "the clocks go back over it"),
    "a day alone": (LATEST, "2098-12-19 17:00", "2098-12-19", "is not a date and time"),
    "closing before opening": (LATEST, "2098-12-19 17:00", "2026-09-14 09:00", "must be later than the opening"),
    "no opening time": (LATEST, "opens:", "note:", "is not a date and time"),
    "a version that is a number": (LATEST, 'version: "2026"', "version: 2026", "put it in quotes"),
    "organisations as a word": (FIRST, "[otters, badgers, joint, office]", "some", "Write “all”, or a list"),
    "a stranger taking part": (FIRST, "badgers,", "stoats,", "No organisation is called “stoats”"),
    "an unknown baseline": (LATEST, "baseline: tiny-2024", "baseline: tiny-1999", "no cycle called “tiny-1999”"),
    "its own baseline": (LATEST, "baseline: tiny-2024", "baseline: tiny-2026", "does not open before this cycle"),
    "a baseline that opens later": (FIRST, "version:", "baseline: tiny-2026\nversion:", "does not open before"),
    "a cycle id used twice": (LATEST, "cycle: tiny-2026", "cycle: tiny-2024", "is used by another file too"),
    "broken brackets": (WHOLE, "areas: [north, south]", "areas: [north, south", "A comma or a closing bracket"),
}  # fmt: skip


@pytest.mark.parametrize("file, old, new, said", list(FAULTS.values()), ids=list(FAULTS))
@pytest.mark.first_case
def test_a_faulty_file_says_what_and_where_and_changes_nothing(
    own_world: World, file: str, old: str, new: str, said: str
) -> None:
    load(own_world)
    change(own_world, "name: Northshire", "name: Changed Too")
    change(own_world, old, new, file)
    with pytest.raises(FaultyFile) as refusal:
        load(own_world)
    assert refusal.value.faults
    assert re.match(rf"({re.escape(file)}|cycles/[\w-]+\.yaml):\d+:\d+ ", str(refusal.value))
    assert said in str(refusal.value)
    with reading(own_world.engine) as connection:
        assert partnership.areas(connection)[0].name == "Northshire"
        assert [c.id for c in partnership.organisations(connection)].count("badgers") == 1
        assert cycle_named(connection, "tiny-2026").baseline == "tiny-2024"


@pytest.mark.parametrize(
    "content", [b"", b"\x00\x01", b"PK\x03\x04\xff", b"- a\n- b\n", b"a: " + b"[" * 5000, b"x: &a [*a]", b"\xff\xfe"]
)
@pytest.mark.parametrize("file", ["partnership.yaml", "cycles/tiny-2026.yaml"])
@pytest.mark.first_case
def test_a_file_that_is_no_yaml_gets_a_sentence(own_world: World, file: str, content: bytes) -> None:
    (own_world.instance.folder / file).write_bytes(content)
    with pytest.raises(FaultyFile, match=re.escape(file)):
        load(own_world)
    assert own_world.count(models.organisation) == 0


def test_every_fault_of_a_file_is_told_at_once(own_world: World) -> None:
    change(own_world, "areas: [south],", "areas: [west],")
    change(own_world, "sector: police, areas: [north],", "sector: army, areas: [north],")
    with pytest.raises(FaultyFile) as refusal:
        load(own_world)
    assert [f.line for f in refusal.value.faults] == [11, 13]


def test_a_file_with_hundreds_of_faults_is_refused_with_the_first_two_hundred(own_world: World) -> None:
    text = PARTNERSHIP + "".join(f"  - {{id: o-{n}, name: N, sector: police, areas: [west]}}\n" for n in range(300))
    (own_world.instance.folder / "partnership.yaml").write_text(text)
    with pytest.raises(FaultyFile) as refusal:
        load(own_world)
    assert 200 <= len(refusal.value.faults) <= 201
    assert "more than 199 faults" in str(refusal.value)


def test_faults_of_several_cycles_are_told_together(own_world: World) -> None:
    for file in (FIRST, LATEST):
        change(own_world, "title: Tiny", "tittle: Tiny", file)
    with pytest.raises(FaultyFile) as refusal:
        load(own_world)
    assert {f.path for f in refusal.value.faults} == {FIRST, LATEST}


def test_a_cycle_of_an_unknown_version_changes_nothing(own_world: World) -> None:
    change(own_world, 'version: "2026"', 'version: "2027"', "cycles/tiny-2026.yaml")
    with pytest.raises(UnknownQuestionnaire, match="no version “2027” of tiny"):
        load(own_world)
    assert own_world.count(models.area) == 0


def test_an_instance_without_cycles_is_loaded(tmp_path: Path, own_world: World) -> None:
    for path in (own_world.instance.folder / "cycles").glob("*.yaml"):
        path.unlink()
    assert load(own_world).cycles == 0


def test_a_partnership_without_organisations_is_loaded(own_world: World) -> None:
    text = PARTNERSHIP.split("organisations:")[0]
    lay(
        own_world.instance.root, partnership=text, cycles={"tiny-2026": CYCLES["tiny-2026"].replace("baseline", "note")}
    )
    (own_world.instance.folder / "cycles/tiny-2024.yaml").unlink()
    assert load(own_world).organisations == 0
