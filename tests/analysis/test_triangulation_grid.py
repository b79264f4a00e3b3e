"""Are ratings, staff answers, panel and evidence joined as the method says, and rolled up without a ranking?"""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from audit_engine.analysis.triangulation_grid import Graded, deciding_places
from audit_engine.analysis.triangulation_staff import CONSISTENT
from tests.analysis.beside import counted, from_teams, one_cell, said, together, view, views_of
from tests.analysis.by_hand import ratings

FLAG, FEW = "claimed but not seen by staff", "insufficient responses"
CELL = ("otters", "s11.A.1")


@pytest.mark.parametrize(
    ("letter", "yes", "no", "cls"),
    [("M", 38, 12, "corroborated"), ("M", 37, 13, "mixed picture"), ("M", 24, 26, FLAG),
     ("P", 45, 5, "staff ahead of claim"), ("P", 30, 20, "corroborated"), ("P", 10, 40, "agreed gap"),
     ("N", 45, 5, "staff ahead of claim"), ("N", 30, 20, "mixed picture"), ("N", 10, 40, "agreed gap"),
     ("M", 10, 0, FEW), ("NA", 45, 5, "not compared"), ("-", 45, 5, "not compared")],
)  # fmt: skip
def test_a_rating_and_its_staff_s_answers_give_a_class(letter: str, yes: int, no: int, cls: str) -> None:
    assert one_cell(letter, said(yes, no)).cls == cls


def test_dont_know_stays_in_the_base_unless_the_mapping_takes_it_out() -> None:
    counts = said(yes=30, no=5, unsure=15)
    inside, outside = one_cell("M", counts), one_cell("M", counts, view(dont_know="excluded"))
    assert [seen.figure.base for cell in (inside, outside) for seen in cell.views if seen.figure] == [50, 35]
    assert (inside.cls, outside.cls) == ("mixed picture", "corroborated")


def test_who_says_that_it_is_not_their_work_is_in_no_base() -> None:
    (seen,) = one_cell("M", said(yes=11, no=1, not_mine=40)).views
    assert seen.figure is not None
    assert (seen.figure.count, seen.figure.base) == (11, 12)


def test_more_answers_than_eleven_may_be_asked_for() -> None:
    cell = one_cell("M", said(yes=14, no=1), view(minimum=20))
    assert cell.cls == FEW
    assert cell.views[0].figure is not None
    assert cell.views[0].figure.base == 15, "fifteen may be shown, and are too few for this criterion"


def test_the_primary_question_decides_and_a_supporting_one_stands_beside_it() -> None:
    counts = said(40, 10, item="ss.1") | said(5, 45, item="ss.2")
    cell = one_cell("M", counts, view("ss.2", role="supporting"), view("ss.1"), questions=("ss.1", "ss.2"))
    assert (cell.cls, [seen.level for seen in cell.views]) == ("corroborated", ["not seen", "seen"])


def test_where_all_are_needed_the_weakest_decides() -> None:
    counts = said(40, 10, item="ss.1") | said(5, 45, item="ss.2")
    needed = (view("ss.1", role="all-needed"), view("ss.2", role="all-needed"))
    assert one_cell("M", counts, *needed, questions=("ss.1", "ss.2")).cls == FLAG


def test_where_all_are_needed_one_with_too_few_answers_leaves_the_criterion_open() -> None:
    counts = said(5, 45, item="ss.1") | said(4, 0, item="ss.2")
    needed = (view("ss.1", role="all-needed"), view("ss.2", role="all-needed"))
    assert one_cell("M", counts, *needed, questions=("ss.1", "ss.2")).cls == FEW


def test_which_question_decides() -> None:
    first, second = view("ss.1", role="supporting"), view("ss.2", role="supporting")
    assert deciding_places((first, second)) == (0,)
    assert deciding_places((first, view("ss.2"))) == (1,)
    assert deciding_places((view("ss.1"), view("ss.2"))) == (0,)
    assert deciding_places((view("ss.1", role="all-needed"), first, view("ss.3", role="all-needed"))) == (0, 2)
    assert deciding_places(()) == ()


@pytest.mark.parametrize(
    ("mapping", "why"),
    [(view("ss.9"), "was not asked"), (view("ss.1", consistent=("maybe",)), "had other answers"),
     (view("ss.1", consistent=("not-mine",)), "had other answers"),
     (view("ss.1", survey="other-survey"), "No staff survey")],
)  # fmt: skip
def test_a_mapping_that_the_survey_cannot_answer_is_not_compared_and_says_why(mapping: object, why: str) -> None:
    cell = one_cell("M", said(40, 10), mapping)  # type: ignore[arg-type]
    assert cell.cls == "not compared"
    assert why in cell.why


def test_a_criterion_that_staff_do_not_see_has_panel_and_evidence_alone() -> None:
    audit = views_of({"A.1": ()})
    rated = ratings(audit, {"otters": ["M"]}, own={"otters": ["M"]})
    evidence = {CELL: Graded(2, date(2026, 10, 1))}
    found = together(rated, counted({"otters": said(40, 10)}), evidence)
    cell = found.cells[CELL]
    assert (cell.cls, cell.panel, cell.evidence, cell.assurance) == ("not compared", "agrees", 2, "supported")
    assert found.mapped == ()
    assert found.by_organisation["otters"].classes["not compared"] == 0
    assert found.by_organisation["otters"].assurance["supported"] == 1


@pytest.mark.parametrize(
    ("final", "own", "panel", "assurance"),
    [("M", "M", "agrees", "supported"), ("P", "M", "lower", "contested"), ("N", "M", "lower", "contested"),
     ("NA", "M", "not applicable", None), ("M", "P", "higher", None), ("P", "P", "agrees", None)],
)  # fmt: skip
def test_the_claim_is_the_organisation_s_own_rating_and_the_panel_stands_beside_it(
    final: str, own: str, panel: str, assurance: str | None
) -> None:
    cell = one_cell(final, said(45, 5), own=own)
    assert (cell.panel, cell.assurance) == (panel, assurance)
    assert cell.claim == {"M": "met", "P": "partly-met"}[own]


def test_a_panel_that_did_not_look_says_nothing() -> None:
    cell = one_cell("M", said(45, 5))
    assert (cell.panel, cell.panel_rating, cell.assurance) == ("not looked at", "", "self-reported only")


@pytest.mark.parametrize(
    ("graded", "counts"),
    [(date(2024, 11, 21), True), (date(2024, 11, 20), False), (date(2026, 11, 1), True), (date(2024, 2, 29), False)],
)
def test_a_grade_of_evidence_lasts_two_years(graded: date, counts: bool) -> None:
    cell = one_cell("M", said(45, 5), evidence={CELL: Graded(3, graded)})
    assert (cell.evidence, cell.evidence_expired) == ((3, False) if counts else (None, True))
    assert cell.assurance == ("supported" if counts else "self-reported only")


def test_one_team_that_gave_more_than_half_of_the_answers_caps_every_class() -> None:
    for letter, yes, no in (("M", 45, 5), ("M", 5, 45), ("P", 45, 5), ("N", 5, 45)):
        cell = one_cell(letter, said(yes, no) | from_teams(26, 24))
        assert (cell.cls, cell.capped) == ("mixed picture", True)
    assert one_cell("M", said(45, 5) | from_teams(25, 25)).cls == "corroborated"
    assert one_cell("M", said(9, 0) | from_teams(9, 0)).cls == FEW


def test_a_known_number_of_staff_narrows_the_interval() -> None:
    assert one_cell("M", said(11, 3)).views[0].lower == pytest.approx(0.5241, abs=1e-4)
    assert one_cell("M", said(11, 3), invited={"otters": 15}).views[0].lower == pytest.approx(0.7231, abs=1e-4)


def table_of_three() -> dict[str, object]:
    audit = views_of({"A.1": (view(),), "A.2": (view("ss.2"),), "A.3": ()})
    rated = ratings(
        audit,
        {"otters": ["M", "M", "M"], "badgers": ["M", "P", "M"], "joint": ["M", "NA", "-"], "office": None},
        sectors={"joint": "health", "office": "health"},
    )
    tallies = {
        "otters": said(45, 5, item="ss.1") | said(40, 10, item="ss.2"),
        "badgers": said(10, 40, item="ss.1") | said(30, 20, item="ss.2"),
        "joint": said(30, 12, item="ss.1") | said(30, 12, item="ss.2"),
    }
    survey = counted(tallies, "ss.1", "ss.2", sectors={"joint": "health"})
    return {"rated": rated, "survey": survey}


def test_roll_ups_say_how_many_claims_could_be_tested() -> None:
    found = together(**table_of_three())  # type: ignore[arg-type]
    otters, badgers, joint = (found.by_organisation[o] for o in ("otters", "badgers", "joint"))
    assert (otters.met, otters.tested, otters.corroborated, otters.claimed_not_seen) == (3, 2, 2, 0)
    assert (badgers.met, badgers.tested, badgers.corroborated, badgers.claimed_not_seen) == (2, 1, 0, 1)
    assert badgers.classes["corroborated"] == 1, "partly met, and partly seen"
    assert (joint.met, joint.tested, joint.classes["not compared"]) == (1, 1, 1)
    first = found.by_criterion["s11.A.1"]
    assert (first.met, first.tested, first.corroborated, first.claimed_not_seen) == (3, 3, 1, 1)
    assert (found.overall.met, found.overall.tested, found.overall.compared) == (6, 4, 5)
    assert found.not_returned == 1
    assert found.ratings["s11.A.2"].met == 1


def test_the_number_of_comparisons_and_of_flags_by_chance_are_counted() -> None:
    found = together(**table_of_three())  # type: ignore[arg-type]
    assert (found.comparisons, found.false_flags) == (5, 5 * Fraction(35, 1000))


def test_two_questions_that_are_needed_are_two_comparisons() -> None:
    needed = (view("ss.1", role="all-needed"), view("ss.2", role="all-needed"))
    rated = ratings(views_of({"A.1": needed}), {"otters": ["M"]})
    survey = counted({"otters": said(40, 10, item="ss.1") | said(40, 10, item="ss.2")}, "ss.1", "ss.2")
    assert together(rated, survey).comparisons == 2


def test_filters_narrow_what_is_listed_and_never_what_may_be_seen() -> None:
    world = table_of_three()
    everything = together(**world)  # type: ignore[arg-type]
    health = together(**world, sector="health")  # type: ignore[arg-type]
    assert [o.id for o in health.organisations] == ["joint"]
    assert health.cells["joint", "s11.A.1"] == everything.cells["joint", "s11.A.1"]
    assert (health.not_returned, health.overall.met) == (1, 1)
    assert together(**world, standard="resting").criteria == ()  # type: ignore[arg-type]


def test_who_has_not_returned_is_not_set_beside_its_staff() -> None:
    found = together(**table_of_three())  # type: ignore[arg-type]
    assert found.organisation("office") is None
    assert all(organisation != "office" for organisation, _ in found.cells)


def test_under_eleven_replies_the_sector_s_result_stands_beside_and_nothing_is_compared() -> None:
    rated = ratings(views_of({"A.1": (view(),)}), {"otters": ["M"], "badgers": ["M"], "joint": ["M"]})
    tallies = {"otters": said(4, 2), "badgers": said(30, 10), "joint": said(5, 4)}
    found = together(rated, counted(tallies))
    cell = found.cells[CELL]
    assert (cell.cls, cell.level, cell.views[0].lower) == (FEW, None, None)
    assert cell.views[0].figure is not None
    assert (cell.views[0].figure.count, cell.views[0].figure.base) == (None, None)
    assert cell.views[0].sector is not None
    assert (cell.views[0].sector.count, cell.views[0].sector.base) == (39, 55)
    assert found.cells["badgers", "s11.A.1"].views[0].sector is None


def test_an_organisation_hidden_to_protect_another_is_no_different_from_the_other() -> None:
    rated = ratings(views_of({"A.1": (view(),)}), {"otters": ["M"], "badgers": ["M"], "joint": ["M"]})
    tallies = {"otters": said(4, 2), "badgers": said(12, 1), "joint": said(60, 40)}
    found = together(rated, counted(tallies))
    hidden, small = found.cells["badgers", "s11.A.1"], found.cells["otters", "s11.A.1"]
    assert (hidden.cls, hidden.views) == (small.cls, small.views)
    assert found.cells["joint", "s11.A.1"].cls == "mixed picture"


def test_a_sensitive_question_is_shown_as_fits_or_not() -> None:
    audit = views_of({"A.1": (view(),)})
    rated = ratings(audit, {"otters": ["M"], "badgers": ["M"]})
    tallies = {"otters": said(yes=30, no=8, unsure=2), "badgers": said(yes=20, no=10, unsure=8)}
    found = together(rated, counted(tallies, sensitive=True))
    figures = [found.cells[o, "s11.A.1"].views[0].figure for o in ("otters", "badgers")]
    assert [(f.count, f.base) for f in figures if f] == [(30, 40), (20, 38)]


def test_a_sensitive_question_of_which_everybody_s_answers_are_partly_hidden_is_shown_of_nobody() -> None:
    # Everybody's answers hide "unsure" with the next smallest; a sum over the two would give both away.
    rated = ratings(views_of({"A.1": (view(),)}), {"otters": ["M"], "badgers": ["M"]})
    tallies = {"otters": said(yes=10, no=28, unsure=2), "badgers": said(yes=10, no=28)}
    found = together(rated, counted(tallies, sensitive=True))
    assert {cell.cls for cell in found.cells.values()} == {FEW}
    (mapped,) = found.criteria[0].views
    assert mapped.answers is not None
    assert mapped.answers.whole.figure(CONSISTENT).count is None or mapped.answers.whole.figure("unsure").count is None
