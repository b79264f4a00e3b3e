from __future__ import annotations

from typing import Any

import pytest

from audit_engine.analysis.alignment import LineageMismatch, UnknownStandard
from audit_engine.analysis.change import Comparison, Filters, Movement, ThreeCounts
from audit_engine.analysis.comparison import MixedAreas, MixedBases, MixedInstruments, compare
from audit_engine.analysis.movement import matched_pairs_comparison
from audit_engine.analysis.ratings import CycleRatings
from audit_engine.definition.lineage import lineage_between
from audit_engine.definition.questionnaire import Questionnaire, Retired
from tests.analysis.by_hand import came_from, codes, ratings, vectors, version

LIKE_FOR_LIKE = vectors("matched_pairs_comparison")[0]
SHARING = version("2024", {"information-sharing": ["IS.3", "IS.6", "IS.7"]})
SHARING_NOW = version("2026", {"information-sharing": ["IS.3", "IS.6", "IS.7"]})
RETIRED = (
    Retired("s11.X.2", "folded", ("s11.X.1",), reason="Asked inside X.1."),
    Retired("s11.X.3", "moved", instrument="section-11-staff", reason="Asked of staff."),
    Retired("s11.X.4", "dropped", reason="Own return exists."),
)
THEN = version("2024", {"one": ["X.1", "X.2", "X.3", "X.4", "X.5", "X.6"], "two": ["Y.1", "Y.2", "Y.3"]})
NOW = version(
    "2026",
    {"one": ["X.1", "X.5", "X.9", "X.10"], "two": ["Y.4", "Y.5", "Y.6"]},
    lineage={
        "X.1": came_from("widened", "X.1", reason="Absorbs X.2."),
        "X.5": came_from("reworded", "X.5"),
        "X.9": came_from("narrowed", "X.6", reason="Chronologies moved."),
        "X.10": came_from("new", reason="New duty."),
        "Y.4": came_from("merged", "Y.1", "Y.2"),
        "Y.5": came_from("split", "Y.3"),
        "Y.6": came_from("split", "Y.3"),
    },
    retired=RETIRED,
)


def compared(then: CycleRatings, now: CycleRatings, **more: Any) -> Comparison:
    return compare(then, now, lineage_between(then.questionnaire, now.questionnaire), **more)


def table(questionnaire: Questionnaire, cycle: dict[str, dict[str, str]]) -> CycleRatings:
    items = [item.short_id for item in questionnaire.criteria]
    return ratings(questionnaire, {o: [row[item] for item in items] for o, row in cycle.items()})


def like_for_like_vector() -> Comparison:
    then = version("2022", {"one": ["c1", "c2", "c3", "c4"]})
    now = version("2024", {"one": ["c1", "c2", "c3", "c5"]}, lineage={"c5": came_from("new")})
    return compared(table(then, LIKE_FOR_LIKE["input"]["cycle1"]), table(now, LIKE_FOR_LIKE["input"]["cycle2"]))


def test_like_for_like_gives_the_vector() -> None:
    found, expected = like_for_like_vector(), LIKE_FOR_LIKE["expected"]
    assert [found.crude_then.met, found.crude_then.applicable] == expected["crude_met_1"]
    assert [found.crude_now.met, found.crude_now.applicable] == expected["crude_met_2"]
    assert [one.new.removeprefix("s11.") for one in found.by_criterion] == expected["common_criteria"]
    assert [one.id for one in found.by_organisation] == expected["matched_agencies"]
    assert {one.id: one.net for one in found.by_organisation} == expected["net_by_agency"]
    headline = found.headline
    for name, value in (("pairs", headline.pairs), ("met_t1", headline.met_then), ("met_t2", headline.met_now)):
        assert value == expected[name]
    assert (found.gained, found.lost, found.net) == (expected["gained"], expected["lost"], -1)


def test_the_core_of_the_comparison_gives_the_vector_on_bare_tables() -> None:
    rows = [[LIKE_FOR_LIKE["input"][c][o] for o in "ABC"] for c in ("cycle1", "cycle2")]
    then, now = (codes([[row[c] for c in ("c1", "c2", "c3")] for row in cycle]) for cycle in rows)
    found = matched_pairs_comparison(then, now)
    assert (found.pairs, found.met_then, found.met_now, found.gained, found.lost) == (8, 5, 4, 1, 2)


def test_the_crude_share_rises_while_the_same_agencies_on_the_same_criteria_fall() -> None:
    found = like_for_like_vector()
    assert found.crude_then.share_met.value < found.crude_now.share_met.value  # type: ignore[operator]
    assert found.verdict == "fell"


def test_not_applicable_to_met_is_no_gain() -> None:
    found = compared(ratings(SHARING, {"A": ["NA", "M", "M"]}), ratings(SHARING_NOW, {"A": ["M", "NA", "M"]}))
    assert (found.gained, found.lost, found.headline.pairs) == (0, 0, 1)
    assert found.headline.excluded_not_applicable == 2


def test_blank_and_not_asked_are_excluded_and_counted_apart() -> None:
    found = compared(ratings(SHARING, {"A": ["-", ".", "-"]}), ratings(SHARING_NOW, {"A": ["M", "M", "NA"]}))
    headline = found.headline
    excluded = headline.excluded_not_applicable, headline.excluded_unanswered, headline.excluded_not_asked
    assert (headline.pairs, *excluded) == (0, 1, 1, 1)


def test_partly_met_is_compared_in_the_same_way() -> None:
    found = compared(
        ratings(SHARING, {"A": ["P", "P", "N"], "B": ["P", "M", "P"]}),
        ratings(SHARING_NOW, {"A": ["M", "P", "P"], "B": ["N", "P", "P"]}),
    ).headline
    assert (found.partly_then, found.partly_now, found.partly_gained, found.partly_lost) == (4, 4, 2, 2)
    assert found.partly_net == 0


def three(found: Comparison, scope: str) -> tuple[ThreeCounts, ThreeCounts]:
    row = next(row for row in found.counts if row.scope == scope)
    return row.then, row.now


def test_domain_b5_item_1_three_counts() -> None:
    found = compared(
        ratings(SHARING, {"A": ["M", "M", "P"], "B": ["M", "N", "M"], "C": ["M", "NA", "P"]}),
        ratings(SHARING_NOW, {"A": ["M", "M", "M"], "B": ["M", "P", "M"], "C": None}),
    )
    then, now = three(found, "all")
    assert (then.judgements_met, then.applicable, then.criteria_met_by_all) == (5, 8, 1)
    assert then.share_met == 0.625
    assert (now.judgements_met, now.applicable) == (5, 6)
    then, now = three(found, "matched-organisations")
    assert (then.judgements_met, then.applicable, now.judgements_met, now.applicable) == (4, 6, 5, 6)
    then, now = three(found, "like-for-like")
    assert (then.judgements_met, now.judgements_met) == (found.headline.met_then, found.headline.met_now) == (4, 5)
    assert found.reconciliation.change == 0  # the raw count says no change, the matched one says up
    assert found.net == 1


def test_only_matched_counts_are_marked_comparable() -> None:
    assert [row.scope for row in like_for_like_vector().counts if row.comparable] == ["like-for-like"]


def merged(parents: list[str], child: str) -> Comparison:
    then = version("2022", {"one": ["SR.4", "SR.5"]})
    now = version("2024", {"one": ["SR.9"]}, lineage={"SR.9": came_from("merged", "SR.4", "SR.5")})
    return compared(ratings(then, {"A": parents}), ratings(now, {"A": [child]}))


def test_domain_b5_item_2_a_merged_criterion_is_as_weak_as_its_weakest_parent() -> None:
    bridge = merged(["M", "P"], "M").bridged[0]
    assert (bridge.weakest.met_then, bridge.weakest.partly_then, bridge.weakest.gained) == (0, 1, 1)
    assert (bridge.strongest.met_then, bridge.strongest.gained) == (1, 0)
    assert (bridge.old, bridge.new, bridge.ref) == (("s11.SR.4", "s11.SR.5"), ("s11.SR.9",), "SR.9")


def test_a_merger_whose_two_views_differ_in_sign_cannot_be_compared() -> None:
    assert not merged(["M", "P"], "M").bridged[0].comparable
    assert not merged(["M", "N"], "P").bridged[0].comparable
    assert merged(["P", "N"], "M").bridged[0].comparable
    assert merged(["M", "M"], "M").bridged[0].comparable


def test_domain_b5_item_2_a_split_criterion_is_as_weak_as_its_weakest_child() -> None:
    then = version("2024", {"one": ["VC.9"]})
    split = {"VC.11": came_from("split", "VC.9"), "VC.12": came_from("split", "VC.9")}
    now = version("2026", {"one": ["VC.11", "VC.12"]}, lineage=split)
    bridge = compared(ratings(then, {"A": ["M"]}), ratings(now, {"A": ["M", "P"]})).bridged[0]
    assert (bridge.weakest.met_then, bridge.weakest.met_now, bridge.weakest.partly_now) == (1, 0, 1)
    assert bridge.strongest.met_now == 1
    assert (bridge.relation, bridge.ref) == ("split", "VC.9")


def whole() -> Comparison:
    then = ratings(THEN, {"A": ["M"] * 9, "B": ["P", "M", "M", "N", "N", "P", "M", "P", "M"]})
    now = ratings(NOW, {"A": ["P", "N", "M", "M", "M", "M", "P"], "B": ["M", "M", "M", "P", "P", "M", "M"]})
    return compared(then, now)


def test_widened_and_narrowed_criteria_never_enter_the_headline() -> None:
    found = whole()
    assert [one.relation for one in found.by_criterion] == ["reworded"]
    assert (found.headline.pairs, found.gained, found.lost) == (2, 1, 1)


def test_widened_and_narrowed_criteria_have_a_table_with_totals_of_its_own() -> None:
    second = whole().widened_narrowed
    assert [(one.old, one.new, one.relation) for one in second.criteria] == [
        ("s11.X.1", "s11.X.1", "widened"), ("s11.X.6", "s11.X.9", "narrowed"),
    ]  # fmt: skip
    total = second.total
    assert (total.pairs, total.met_then, total.met_now, total.gained, total.lost) == (4, 2, 3, 2, 1)


def test_what_is_not_compared_is_listed_with_its_reason_and_its_own_counts() -> None:
    listed = whole().not_compared
    assert [(one.id, one.reason, one.counts.met) for one in listed.dropped] == [("s11.X.4", "Own return exists.", 1)]
    assert [(one.id, one.into) for one in listed.folded] == [("s11.X.2", ("s11.X.1",))]
    assert [(one.id, one.instrument) for one in listed.moved] == [("s11.X.3", "section-11-staff")]
    assert [(one.id, one.reason, one.counts.met) for one in listed.new] == [("s11.X.10", "New duty.", 1)]


def test_a_criterion_split_off_from_one_that_continues_is_new() -> None:
    then = version("2024", {"one": ["IS.4"]})
    now = version(
        "2026", {"one": ["IS.4", "IS.9"]},
        lineage={"IS.4": came_from("narrowed", "IS.4"), "IS.9": came_from("split", "IS.4")},
    )  # fmt: skip
    found = compared(ratings(then, {"A": ["M"]}), ratings(now, {"A": ["N", "M"]}))
    assert [one.id for one in found.not_compared.new] == ["s11.IS.9"]
    assert found.widened_narrowed.total.lost == 1
    assert found.bridged == ()


def test_standards_and_tags_have_their_own_movement() -> None:
    tags = {"IS.3": ["records"], "EC.1": ["records", "escalation"], "EC.2": ["escalation"]}
    standards = {"information-sharing": ["IS.3"], "escalation": ["EC.1", "EC.2"]}
    then, now = (version(label, standards, tags=tags) for label in ("2024", "2026"))
    found = compared(
        ratings(then, {"A": ["N", "M", "P"], "B": ["P", "NA", "NA"]}),
        ratings(now, {"A": ["M", "M", "M"], "B": ["M", "M", "M"]}),
    )
    by_standard = {group.id: group for group in found.by_standard}
    assert {name: group.movement.gained for name, group in by_standard.items()} == {
        "information-sharing": 2, "escalation": 1,
    }  # fmt: skip
    assert (by_standard["escalation"].organisations, by_standard["escalation"].criteria) == (1, 2)
    assert {group.id: group.movement.pairs for group in found.by_tag} == {"escalation": 2, "records": 3}
    assert sum(group.movement.net for group in found.by_standard) == found.net


def test_transitions_show_where_ratings_went() -> None:
    found = compared(
        ratings(SHARING, {"A": ["N", "P", "M"], "B": ["NA", "M", "M"]}),
        ratings(SHARING_NOW, {"A": ["P", "M", "M"], "B": ["M", "NA", "N"]}),
    )
    assert found.transitions == ((0, 1, 0, 0), (0, 0, 1, 0), (1, 0, 1, 1), (0, 0, 1, 0))


@pytest.mark.parametrize(
    ("gains", "concentrated"),
    [([2, 1, 1, 1], ()), ([3, 1, 1, 1], ("Organisation o0",)), ([3, 3, 1, 0], ("Organisation o0", "Organisation o1"))],
)
def test_gains_of_more_than_forty_percent_in_one_organisation_are_named(
    gains: list[int], concentrated: tuple[str, ...]
) -> None:
    then = {f"o{k}": ["N", "N", "N"] for k in range(len(gains))}
    now = {f"o{k}": ["M"] * n + ["N"] * (3 - n) for k, n in enumerate(gains)}
    found = compared(ratings(SHARING, then), ratings(SHARING_NOW, now)).concentration
    assert (found.organisations if found else ()) == concentrated
    if found:
        assert (found.gained, found.of_gained) == (3 * len(concentrated), sum(gains))


def test_two_agencies_of_exactly_forty_percent_are_not_named() -> None:
    then = {f"o{k}": ["N", "N", "N"] for k in range(3)}
    now = {"o0": ["M", "M", "N"], "o1": ["M", "M", "N"], "o2": ["M", "N", "N"]}
    assert compared(ratings(SHARING, then), ratings(SHARING_NOW, now)).concentration is None


ONE = {"A": ["M", "M", "M"]}


def test_own_and_final_ratings_are_never_mixed() -> None:
    with pytest.raises(MixedBases, match="Compare self with self or final with final"):
        compared(ratings(SHARING, ONE, basis="self"), ratings(SHARING_NOW, ONE))


def test_ratings_of_two_areas_are_never_mixed() -> None:
    with pytest.raises(MixedAreas, match="read for kent and Section 11 audit 2026 for medway"):
        compared(ratings(SHARING, ONE, area="kent"), ratings(SHARING_NOW, ONE, area="medway"))


def test_an_area_is_compared_on_ratings_that_were_read_for_it() -> None:
    with pytest.raises(MixedAreas, match="asked for kent"):
        compared(ratings(SHARING, ONE), ratings(SHARING_NOW, ONE), filters=Filters(area="kent"))
    kent = ratings(SHARING, ONE, area="kent"), ratings(SHARING_NOW, ONE, area="kent")
    assert compared(*kent, filters=Filters(area="kent")).headline.pairs == 3


def test_two_instruments_are_never_compared() -> None:
    other = ratings(SHARING_NOW, ONE)
    object.__setattr__(other.questionnaire, "id", "eatsafe")
    try:
        with pytest.raises(MixedInstruments, match="versions of one questionnaire"):
            compare(ratings(SHARING, ONE), other, lineage_between(SHARING, SHARING_NOW))
    finally:
        object.__setattr__(SHARING_NOW, "id", "section-11")


def test_lineage_between_other_versions_is_refused() -> None:
    lineage = lineage_between(version("2022", {"one": ["IS.3"]}), SHARING)
    with pytest.raises(LineageMismatch, match="from version 2022 to 2024"):
        compare(ratings(SHARING, ONE), ratings(SHARING_NOW, ONE), lineage)


@pytest.mark.parametrize(
    ("filters", "sentence"),
    [
        (Filters(standard="information"), "no standard 'information'. Use one of: information-sharing"),
        (Filters(tag="neglect"), "no tag 'neglect'. Use one of: none is defined"),
    ],
)
def test_a_filter_that_names_nothing_says_what_there_is(filters: Filters, sentence: str) -> None:
    with pytest.raises(UnknownStandard, match=sentence):
        compared(ratings(SHARING, ONE), ratings(SHARING_NOW, ONE), filters=filters)


def test_a_sector_is_taken_from_what_the_organisation_is_now() -> None:
    then = ratings(SHARING, {"A": ["N"] * 3, "B": ["N"] * 3, "C": ["M"] * 3}, sectors={"A": "justice", "C": "justice"})
    now = ratings(SHARING_NOW, {"A": ["M"] * 3, "B": ["M"] * 3}, sectors={"B": "justice"})
    found = compared(then, now, filters=Filters(sector="justice"))
    assert [one.id for one in found.by_organisation] == ["B"]
    assert [(one.id, one.kind) for one in found.organisations] == [("C", "left")]
    assert (found.reconciliation.met_then, found.reconciliation.met_now) == (3, 3)


def test_a_tag_filter_follows_the_lineage_of_todays_criteria() -> None:
    then = version("2024", {"one": ["A.1", "A.2", "A.3", "A.4", "A.5"]}, tags={"A.4": ["records"], "A.5": ["other"]})
    now = version(
        "2026", {"one": ["A.1", "B.2", "A.6"]},
        tags={"A.1": ["records"], "B.2": ["records"], "A.6": ["records"]},
        lineage={"B.2": came_from("merged", "A.2", "A.3"), "A.6": came_from("new")},
        retired=[Retired("s11.A.4", "dropped"), Retired("s11.A.5", "folded", ("s11.A.1",))],
    )  # fmt: skip
    found = compared(ratings(then, {"A": ["M"] * 5}), ratings(now, {"A": ["M"] * 3}), filters=Filters(tag="records"))
    assert [one.new for one in found.by_criterion] == ["s11.A.1"]
    assert [one.id for one in found.not_compared.dropped] == ["s11.A.4"]  # by its own tag, since it became nothing
    assert [one.id for one in found.not_compared.folded] == ["s11.A.5"]  # with what took it in
    assert (found.reconciliation.met_then, found.reconciliation.met_now) == (5, 3)
    other = compared(
        ratings(then, {"A": ["M"] * 5}),
        ratings(version("2026", {"one": ["A.1", "C.1"]}, tags={"C.1": ["quiet"]}, lineage={"C.1": came_from("new")}),
                {"A": ["M"] * 2}),
        filters=Filters(tag="quiet"),
    )  # fmt: skip
    assert (other.headline.pairs, other.crude_then.met, other.crude_now.met) == (0, 0, 1)


def test_a_dropped_criterion_goes_with_the_standard_that_its_own_became() -> None:
    then = version("2022", {"recruitment": ["SR.1"], "allegations": ["AL.1", "AL.2", "AL.3", "AL.9"]})
    now = version(
        "2024", {"safer-recruitment": ["SR.1", "AL.1", "AL.2"], "learning": ["AL.3"]},
        retired=[Retired("s11.AL.9", "dropped", reason="Not used.")],
    )  # fmt: skip
    then_, now_ = ratings(then, {"A": ["M"] * 5}), ratings(now, {"A": ["M"] * 4})
    here = compared(then_, now_, filters=Filters(standard="safer-recruitment"))
    assert [one.id for one in here.not_compared.dropped] == ["s11.AL.9"]
    assert compared(then_, now_, filters=Filters(standard="learning")).not_compared.dropped == ()


def test_filters_by_standard_leave_nothing_out_and_nothing_twice() -> None:
    found = whole()
    then = ratings(THEN, {"A": ["M"] * 9, "B": ["P", "M", "M", "N", "N", "P", "M", "P", "M"]})
    now = ratings(NOW, {"A": ["P", "N", "M", "M", "M", "M", "P"], "B": ["M", "M", "M", "P", "P", "M", "M"]})
    parts = [compared(then, now, filters=Filters(standard=standard)) for standard in ("one", "two")]
    assert sum(part.reconciliation.met_then for part in parts) == found.reconciliation.met_then
    assert sum(part.reconciliation.met_now for part in parts) == found.reconciliation.met_now
    assert sum(part.net for part in parts) == found.net


def test_nothing_in_common_is_no_fault() -> None:
    other = version("2026", {"one": ["Z.1"]}, lineage={"Z.1": came_from("new")})
    found = compared(ratings(SHARING, {}), ratings(other, {"B": ["M"]}))
    assert found.headline == Movement()
    assert (found.verdict, found.by_standard, found.by_tag, found.measures) == ("nothing-to-compare", (), (), ())


def test_an_audit_without_criteria_is_no_fault() -> None:
    empty = version("2026", {"one": []})
    assert compared(ratings(SHARING, ONE), ratings(empty, {"A": []})).reconciliation.met_now == 0
