from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from audit_engine.analysis.comparison import compare
from audit_engine.analysis.comparison_json import as_json
from audit_engine.analysis.findings import Findings, ModerationCounts
from audit_engine.analysis.gathering import cycle_findings
from audit_engine.analysis.ratings import CycleRatings
from audit_engine.analysis.sentences import Sentence
from audit_engine.definition.lineage import lineage_between
from audit_engine.definition.questionnaire import Retired
from tests.analysis.by_hand import came_from, measure, own_ratings, ratings, version

TAGS = {"IS.3": ["information-sharing"], "IS.6": ["information-sharing"]}
THEN = version("2024", {"sharing": ["IS.3", "IS.6", "IS.5"], "training": ["TS.1"]}, tags=TAGS)
NOW = version(
    "2026", {"sharing": ["IS.3", "IS.6", "IS.11"], "training": ["TS.1"], "empty": []}, tags=TAGS, critical=["IS.6"],
    lineage={"IS.6": came_from("widened", "IS.6"), "IS.11": came_from("new", reason="New duty.")},
    retired=[Retired("s11.IS.5", "moved", instrument="section-11-staff", reason="Asked of staff.")],
    measures=[measure("information-sharing")],
)  # fmt: skip
BEFORE = ratings(
    THEN,
    {"A": ["M", "M", "M", "N"], "B": ["P", "M", "M", "M"], "C": ["M", "M", "M", "M"], "D": ["M", "M", "M", "M"]},
)
AFTER = ratings(
    NOW,
    {"A": ["M", "N", "M", "M"], "B": ["M", "P", "NA", "M"], "C": None, "D": ["M", "M", "M", "-"]},
    sectors={"C": "justice"}, names={"C": "Prison 4"}, late=["B"],
    own={"A": ["M", "M", "P", "M"], "B": ["M", "P", "M", "M"]}, confirmed=[("A", "IS.3")],
)  # fmt: skip


def findings(compared: bool = True) -> Findings:
    lineage = lineage_between(THEN, NOW)
    own_then, own_now = own_ratings(BEFORE), own_ratings(AFTER)
    if not compared:
        return cycle_findings(AFTER, own_now)
    return cycle_findings(
        AFTER, own_now, compare(BEFORE, AFTER, lineage), comparison_self=compare(own_then, own_now, lineage),
        lineage=lineage, sector_labels={"police": "Police forces"}, cut_off=date(2026, 12, 18),
    )  # fmt: skip


def findings_of(cycle: CycleRatings) -> Findings:
    return cycle_findings(cycle, own_ratings(cycle))


FOUND = findings()


def sentences(found: Findings) -> Iterator[Sentence]:
    yield from (*found.summary, *found.change, *found.measure_sentences, *found.participation.sentences, found.limits)
    if found.moderation_sentence:
        yield found.moderation_sentence
    for standard in found.standards:
        yield from standard.sentences
        yield from (criterion.sentence for criterion in standard.criteria)


def test_every_number_of_every_sentence_is_in_the_register() -> None:
    for sentence in sentences(FOUND):
        for piece in sentence.pieces:
            if piece.kind == "figure":
                assert piece.figure in FOUND.register, sentence.text
            elif piece.kind == "words":
                assert not re.search(r"\d", piece.text), sentence.text


def test_the_returns_are_counted_and_the_missing_named() -> None:
    took_part = FOUND.participation
    assert (took_part.in_scope, took_part.returned, took_part.on_time, took_part.late) == (4, 3, 2, 1)
    assert [(sector.label, sector.in_scope, sector.returned) for sector in took_part.sectors] == [
        ("Police forces", 3, 3), ("justice", 1, 0),
    ]  # fmt: skip
    assert [sentence.text for sentence in took_part.sentences] == [
        "3 of 4 organisations in scope returned the audit by 18 December 2026.",
        "1 did not: Prison 4.",
        "1 of those that returned did so late: Organisation B.",
    ]
    assert [(one.id, one.state, one.counts.met) for one in took_part.organisations] == [
        ("A", "on-time", 3), ("B", "late", 2), ("C", "not-returned", 0), ("D", "on-time", 3),
    ]  # fmt: skip
    assert dict(took_part.organisations[0].grades) == {"sharing": "not-met", "training": "met"}


def test_every_rated_standard_is_counted_and_an_empty_one_left_out() -> None:
    sharing, training = FOUND.standards
    assert (sharing.counts.met, sharing.counts.applicable, sharing.counts.not_applicable) == (6, 8, 1)
    assert sharing.criteria_met_by_all == 2
    assert {grade.grade: grade.organisations for grade in sharing.grades} == {
        "not-applicable": 0, "not-met": 1, "incomplete": 0, "met": 1, "partly-met": 1,
    }  # fmt: skip
    assert (training.counts.unanswered, training.criteria_met_by_all) == (1, 0)


def test_strengths_and_gaps_follow_the_rules_and_a_critical_failing_is_a_gap() -> None:
    sharing = FOUND.standards[0]
    assert sharing.strengths == ("s11.IS.3", "s11.IS.11")
    assert sharing.gaps == ("s11.IS.6",)
    assert FOUND.gaps == ("s11.IS.6",)
    assert FOUND.criterion("s11.IS.6").listed_as == "gap"
    with pytest.raises(KeyError):
        FOUND.criterion("s11.IS.99")


def test_a_critical_criterion_not_met_anywhere_is_a_gap_however_many_met_it() -> None:
    one = version("2026", {"one": ["X.1", "X.2"]}, critical=["X.1"])
    found = findings_of(ratings(one, {"A": ["N", "N"], **{f"o{k}": ["M", "M"] for k in range(19)}}))
    assert (found.gaps, found.strengths) == (("s11.X.1",), ("s11.X.2",))


def test_gaps_are_listed_critical_first_then_least_met_and_strengths_most_met_first() -> None:
    one = version("2026", {"one": ["X.1", "X.2", "X.3", "X.4", "X.5"]}, critical=["X.3"])
    rows = [["M", "N", "M", "M", "M"] for _ in range(19)]
    found = findings_of(ratings(one, {"A": ["N", "M", "N", "N", "M"], **{f"o{k}": row for k, row in enumerate(rows)}}))
    assert found.gaps == ("s11.X.3", "s11.X.2")
    assert found.strengths == ("s11.X.5", "s11.X.1", "s11.X.4")


def test_every_kind_of_panel_decision_is_told_apart() -> None:
    final = {"A": ["M", "P", "M", "NA", "M"], "B": ["M", "N", "M", "-", "N"]}
    own = {"A": ["P", "M", "NA", "M", "M"], "B": ["-", "N", "M", "-", "M"]}
    cycle = ratings(version("2026", {"one": ["X.1", "X.2", "X.3", "X.4", "X.5"]}), final, own=own)
    counts = findings_of(cycle).moderation
    assert counts == ModerationCounts(looked_at=10, agreed=4, raised=1, lowered=2, applicability_changed=3)


def test_a_panel_rating_of_a_return_that_was_withdrawn_does_not_count() -> None:
    cycle = ratings(version("2026", {"one": ["X.1"]}), {"A": ["M"], "B": ["M"]}, own={"A": ["N"], "B": ["N"]})
    cycle.returned[1] = False
    assert findings_of(cycle).moderation == ModerationCounts(looked_at=1, raised=1)


def test_what_panels_did_is_counted_and_adds_up() -> None:
    counts = FOUND.moderation
    assert (counts.looked_at, counts.agreed, counts.raised, counts.lowered) == (8, 5, 1, 1)
    assert counts.applicability_changed == 1
    assert FOUND.moderation_sentence is not None
    assert FOUND.moderation_sentence.text == (
        "Panels looked at 8 judgements: 5 unchanged, 1 lowered, 1 raised, 1 made applicable or not applicable."
    )
    assert FOUND.criterion("s11.IS.6").moderation.lowered == 1
    assert FOUND.overall_self.met == 9


def test_a_criterion_is_bounded_while_ratings_are_missing() -> None:
    assert FOUND.criterion("s11.TS.1").sentence.text == (
        "Of the 2 organisations that answered, 2 met criterion TS.1. "
        "Counting all 4, the true figure lies between 2 and 4."
    )


def test_a_complete_criterion_is_stated_as_it_is() -> None:
    everybody = replace(AFTER, returned=AFTER.returned | True, codes=AFTER.codes.copy())
    everybody.codes[2] = everybody.codes[0]
    found = cycle_findings(everybody, own_ratings(everybody))
    assert found.criterion("s11.IS.3").sentence.text == (
        "4 of the 4 organisations to which it applies were rated as meeting criterion IS.3; "
        "0 partly met it and 0 did not."
    )
    own = own_ratings(everybody)
    assert "rated themselves as meeting" in cycle_findings(own, own).criterion("s11.IS.3").sentence.text


def test_a_standard_with_too_many_blanks_prints_both_shares() -> None:
    texts = [sentence.text for sentence in FOUND.standards[1].sentences]
    assert texts[1] == "2 of the 2 judgements given were met (100%); 2 of 3 (67%) if blanks are counted as not met."


def test_confirmed_ratings_are_named() -> None:
    texts = [sentence.text for sentence in FOUND.standards[0].sentences]
    assert "1 of 9 ratings were confirmed unchanged since the last audit, without new commentary." in texts


def test_the_change_is_told_in_the_permitted_words() -> None:
    texts = [sentence.text for sentence in FOUND.change]
    assert texts[0] == (
        "Across the same 3 organisations and 2 criteria, 5 of 5 judgements were met in 2026 compared with 3 in 2024: "
        "2 gained and 0 lost, a net rise of 2."
    )
    assert texts[1] == (
        "Whether the number rose or fell for all organisations in scope both times cannot be stated because 1 return "
        "is missing: the net change could lie between 0 and +2."
    )
    assert "Two criteria were new or changed in meaning and are not part of this comparison." in texts
    assert "One earlier criterion was dropped, folded into another or moved." in texts
    assert texts[-1].endswith("these two figures are not comparable.")


def test_the_annex_tells_where_each_criterion_came_from() -> None:
    lines = {(line.relation, line.old, line.new, line.compared_in) for line in FOUND.lineage}
    assert lines == {
        ("same", ("IS.3",), ("IS.3",), "headline"),
        ("widened", ("IS.6",), ("IS.6",), "second table"),
        ("same", ("TS.1",), ("TS.1",), "headline"),
        ("new", (), ("IS.11",), "not compared"),
        ("moved", ("IS.5",), (), "not compared"),
    }


def test_the_thresholds_and_grade_rules_are_printed() -> None:
    shown = {setting.id: setting.value for setting in FOUND.settings}
    assert (shown["coverage_floor"], shown["matched_floor"], shown["listed"]) == ("90%", "60%", "3")
    assert "grade.standard.partly-met" in shown


def test_own_ratings_have_figures_of_their_own() -> None:
    assert FOUND.register["change.gained"].value == 2
    assert FOUND.register["change-self.gained"].value == 2
    assert FOUND.register["change.second-table.lost"].value == 2
    assert FOUND.register["change-self.second-table.lost"].value == 1


def test_the_first_audit_has_nothing_to_compare_with() -> None:
    found = findings(compared=False)
    assert (found.change, found.measures, found.measure_sentences, found.lineage) == ((), (), (), ())
    assert found.summary[0].text == "3 of 4 organisations in scope returned the audit."


def test_an_audit_that_nobody_returned_is_told_plainly() -> None:
    silent = ratings(NOW, {"A": None, "B": None})
    found = cycle_findings(silent, own_ratings(silent))
    assert [sentence.text for sentence in found.summary] == [
        "0 of 2 organisations in scope returned the audit.",
        "2 did not: Organisation A and Organisation B.",
    ]
    only = found.standards[0].sentences[0].text
    assert only == "No criterion of this standard applied to an organisation that returned."
    assert found.moderation_sentence is None
    assert (found.strengths, found.gaps) == ((), ())


def test_an_audit_with_nobody_in_scope_is_no_fault() -> None:
    assert cycle_findings(ratings(NOW, {}), ratings(NOW, {})).participation.in_scope == 0


def test_two_comparisons_on_one_basis_would_be_two_figures_for_one_thing() -> None:
    lineage = lineage_between(THEN, NOW)
    other = replace(BEFORE, codes=AFTER.codes.copy())
    found = cycle_findings(
        AFTER, own_ratings(AFTER), compare(BEFORE, AFTER, lineage), comparison_self=compare(other, AFTER, lineage)
    )
    assert "change.net" in {doubt.figure for doubt in found.register.doubts}
    assert all("Two figures stand for one thing" in doubt.sentence for doubt in found.register.doubts)


def test_a_comparison_in_json_has_the_keys_that_were_promised_and_agrees_with_the_report() -> None:
    assert FOUND.comparison is not None
    found = json.loads(json.dumps(as_json(FOUND.comparison)))
    promised = (
        "matched", "counts", "gained", "lost", "net", "widened_narrowed", "reconciliation", "measures", "not_compared",
    )  # fmt: skip
    assert set(promised) <= set(found)
    assert found["net"] == FOUND.register["change.net"].value
    assert found["matched"]["pairs"] == FOUND.register["change.pairs"].value
    assert found["sentences"] == [sentence.text for sentence in FOUND.change]
    assert [one["sentence"] for one in found["measures"]] == [sentence.text for sentence in FOUND.measure_sentences]
    assert sum(part["count"] for part in found["why"]["counted"]) == found["net"]
    assert sum(line["net"] for line in found["reconciliation"]["lines"]) == found["reconciliation"]["change"]
    assert set(found["counts"]) == {"all", "matched_criteria", "matched_organisations", "like_for_like"}
    assert set(found["counts"]["all"]["now"]) >= {"judgements_met", "share_met", "criteria_met_by_all"}
    assert found["verdict"]["words"] == "Cannot be stated because 1 return is missing"
    assert found["not_compared"]["crude"]["comparable"] is False
