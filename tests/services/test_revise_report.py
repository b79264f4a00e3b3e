"""Does a later report say which issued figures changed, what came in since, and by which rule?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from audit_engine.analysis.revisions import MOST_SHOWN, UNEXPLAINED, Came, Revised, Revision, revisions_between
from audit_engine.reports.blocks import Document, Table
from audit_engine.reports.references import numbered
from audit_engine.services import run_cycle
from audit_engine.services.issue_report import Order, issue_report
from audit_engine.services.revise_report import revised_reports
from audit_engine.services.run_cycle import cycle_named
from audit_engine.services.submit import reopen
from audit_engine.storage import models
from audit_engine.storage.engine import reading, writing
from tests.services.tiny import DURING, World

CLOSED = DURING + timedelta(days=100)
ISSUED, LATER, AGAIN = (CLOSED + timedelta(days=n) for n in (1, 3, 5))
AUDIT = "tiny-2026"

pytestmark = pytest.mark.usefixtures("documents")


@pytest.fixture
def world(own_world: World) -> World:
    """An audit that has closed; two organisations returned, and its report was issued."""
    own_world.load().open(AUDIT)
    own_world.returned("otters", AUDIT, {"t.A.1": "not-met"})
    own_world.returned("joint", AUDIT)
    run_cycle.close_cycle(own_world.engine, AUDIT, None, CLOSED)
    issue(own_world, ISSUED)
    return own_world


def issue(world: World, now: datetime, despite: str = "", area: str | None = None) -> None:
    order = Order(AUDIT, "analysis", area, despite=despite)
    issue_report(world.engine, world.definitions, world.instance, order, now)


def amend(world: World, moment: datetime = LATER) -> None:
    """Let the otters' return be opened again, changed and submitted again."""
    reopen(world.engine, world.return_of("otters").id, "One was wrong", world.somebody, moment)
    world.answer("otters", AUDIT, {}, now=moment)
    world.submit("otters", AUDIT, now=moment)


def tables(document: Document) -> dict[str, Table]:
    return {block.id: block for block in document.blocks if isinstance(block, Table)}


def lines(table: Table) -> Sequence[tuple[str, ...]]:
    return [tuple(cell.text for cell in row) for row in table.rows]


def test_a_report_without_changes_has_no_revisions(world: World, documents: list[Document]) -> None:
    issue(world, LATER)
    assert "revisions" not in tables(documents[-1])


def test_an_amended_return_is_named_with_its_rule_and_the_figures_as_issued_and_now(
    world: World, documents: list[Document]
) -> None:
    amend(world)
    issue(world, AGAIN, despite="Otters put one rating right")
    found = tables(documents[-1])
    assert lines(found["revision-causes"]) == [
        ("Otter School", "Submitted again", "16 January 2027", "Amended return: what was submitted last counts")
    ]
    changed = {row[0]: row[1:3] for row in lines(found["revisions"])}
    assert {rule for *_, rule in lines(found["revisions"])} == {"Amended return"}
    assert any(before != now for before, now in changed.values())
    assert {"revisions", "revision-causes", "since-issued"} <= set(numbered(documents[-1].blocks)), "Word can write it"
    assert found["revisions"].caption == "Figures that changed since the report of 14 January 2027"


def test_a_return_that_is_opened_again_and_not_submitted_is_left_out_and_named(
    world: World, documents: list[Document]
) -> None:
    reopen(world.engine, world.return_of("otters").id, "One was wrong", world.somebody, LATER)
    issue(world, AGAIN, despite="It is put right")
    (cause,) = lines(tables(documents[-1])["revision-causes"])
    assert cause[:2] == ("Otter School", "Opened again") and "left out until it is submitted" in cause[3]


def test_a_late_return_after_the_audit_was_opened_again_is_a_revision_of_what_was_issued(
    world: World, documents: list[Document]
) -> None:
    run_cycle.reopen_cycle(world.engine, AUDIT, None, LATER)
    world.answer("badgers", AUDIT, {}, now=LATER)
    world.submit("badgers", AUDIT, now=LATER)
    run_cycle.close_cycle(world.engine, AUDIT, None, LATER + timedelta(hours=1))
    issue(world, AGAIN)
    (cause,) = lines(tables(documents[-1])["revision-causes"])
    assert cause[:2] == ("Badger School", "Came in late")
    revised = {row[0]: row[1:3] for row in lines(tables(documents[-1])["revisions"])}
    assert ("2 of 3", "3 of 3") in revised.values() or any(b[:1] == "2" and n[:1] == "3" for b, n in revised.values())


def test_a_panel_that_rated_since_is_named_with_the_number_of_its_ratings(
    world: World, documents: list[Document]
) -> None:
    world.panel("otters", AUDIT, "t.A.1", "met")
    with writing(world.engine) as connection:
        connection.execute(update(models.rating).values(rated_at=LATER))
    issue(world, AGAIN, despite="The panel has met")
    (cause,) = lines(tables(documents[-1])["revision-causes"])
    assert cause[:2] == ("Otter School", "Rated by a panel (1 rating)")


def test_a_draft_froze_nothing(own_world: World, documents: list[Document]) -> None:
    own_world.load().open(AUDIT)
    own_world.returned("otters", AUDIT)
    issue(own_world, DURING + timedelta(days=1))
    own_world.returned("joint", AUDIT)
    run_cycle.close_cycle(own_world.engine, AUDIT, None, CLOSED)
    issue(own_world, ISSUED)
    assert "revisions" not in tables(documents[-1])


def test_a_change_that_nothing_explains_says_so(world: World, documents: list[Document]) -> None:
    with writing(world.engine) as connection:
        connection.execute(
            update(models.figure).where(models.figure.c.figure_id == "returns.returned").values(
                content={"id": "returns.returned", "kind": "count", "value": 1, "text": "1", "numerator": 1, "base": 3,
                         "source": "table of returns"}
            )
        )  # fmt: skip
    issue(world, AGAIN, despite="Looked into")
    found = tables(documents[-1])
    assert "revision-causes" not in found
    assert lines(found["revisions"])[0][3] == UNEXPLAINED.split(":")[0]
    assert UNEXPLAINED in str(documents[-1].blocks)


def test_the_page_compares_the_two_newest_issued_reports_of_an_area(world: World) -> None:
    def revised(areas: Sequence[str] | None = None) -> Any:
        with reading(world.engine) as connection:
            return revised_reports(connection, cycle_named(connection, AUDIT), "analysis", areas)

    assert revised() == {}, "one report revises nothing"
    amend(world)
    issue(world, AGAIN, despite="Otters put one rating right")
    (one,) = revised().values()
    assert [(came.cause, came.organisation) for came in one.came] == [("amended", "Otter School")]
    assert one.revisions and one.rule == "Amended return: what was submitted last counts"
    assert revised(["nowhere"]) == {}, "who sees one area alone is told nothing of all"


def test_days_figures_by_their_place_and_what_would_tell_of_one_organisation_s_staff_are_no_revisions() -> None:
    def figure(name: str, text: str, kind: str = "count") -> dict[str, object]:
        return {"id": name, "kind": kind, "text": text, "source": "s", "numerator": None, "base": None}

    hidden = ("table.x.1.1", "triangulation.overall.met", "themes.3.organisations")
    before = {f: figure(f, "1") for f in ("a", *hidden, "day", "gone")}
    now = [figure("a", "2"), *(figure(f, "2") for f in hidden), figure("day", "2", "date"), figure("new", "2")]
    assert list(revisions_between(before, now)) == [Revision("a", "s", "1", "2")]


def test_what_is_of_the_whole_audit_comes_first_is_named_in_words_and_the_rest_is_counted() -> None:
    many = [Revision(f"criterion.{n}.met", "ratings of a criterion", "1", "2") for n in range(MOST_SHOWN)]
    more = [Revision(name, "ratings", "1", "2") for name in ("standard.a.met", "overall.partly-met", "returns.late")]
    revised = Revised(DURING, (Came("late", "Otter School", DURING),), (*many, *more))
    assert [one.figure for one in revised.shown[:3]] == ["returns.late", "overall.partly-met", "standard.a.met"]
    assert [one.name for one in revised.shown[1:4:2]] == ["Ratings: partly met", "Ratings of a criterion: met"]
    assert (len(revised.shown), revised.more) == (MOST_SHOWN, 3)
