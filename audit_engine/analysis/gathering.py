"""How is everything that one audit shows gathered from its ratings and its comparison?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from types import MappingProxyType

from audit_engine.analysis.change import Comparison
from audit_engine.analysis.change_wording import change_sentences, headline_sentences, measure_sentences
from audit_engine.analysis.comparison_figures import comparison_figures
from audit_engine.analysis.counts import RatingCounts
from audit_engine.analysis.figures import Figure, Register, collected
from audit_engine.analysis.findings import Findings, MethodSetting, ModerationCounts, Participation
from audit_engine.analysis.lineage_lines import lineage_lines
from audit_engine.analysis.moderation import moderation_counts, moderation_figures, moderation_sentence, own_and_panel
from audit_engine.analysis.participation import participation, participation_figures, participation_sentences
from audit_engine.analysis.ratings import CycleRatings
from audit_engine.analysis.rounding import count_text, percent_text
from audit_engine.analysis.scoring import scorecard
from audit_engine.analysis.sentences import Sentence
from audit_engine.analysis.settings import MEANING, Settings
from audit_engine.analysis.stability import OwnAndPanel
from audit_engine.analysis.standards import Listing, RatedStandard, by_clearness, rated_standards
from audit_engine.analysis.standards_wording import (
    ratings_figures,
    ratings_sentences,
    setting_figures,
    standard_figures,
    standard_findings,
)
from audit_engine.analysis.tables import columns_of
from audit_engine.analysis.wording import say
from audit_engine.definition.lineage import LineageMap
from audit_engine.definition.questionnaire import Questionnaire

NO_LABELS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class _Counted:
    """What was counted, before anything is said."""

    ratings: CycleRatings
    participation: Participation
    overall: RatingCounts
    standards: tuple[RatedStandard, ...]
    moderation: ModerationCounts
    comparisons: tuple[Comparison, ...]
    cut_off: date | None
    settings: Settings


def cycle_findings(
    ratings_final: CycleRatings,
    ratings_self: CycleRatings,
    comparison: Comparison | None = None,
    *,
    comparison_self: Comparison | None = None,
    lineage: LineageMap | None = None,
    sector_labels: Mapping[str, str] = NO_LABELS,
    cut_off: date | None = None,
    settings: Settings | None = None,
) -> Findings:
    """Gather what one audit shows, with every figure registered.

    ``comparison`` is on final ratings, ``comparison_self`` on own ones; ``lineage``
    leads from the baseline's version and gives the annex on changed criteria.
    ``cut_off`` is the day on which the returns were frozen.  Where two figures for
    one thing differ, the register's doubts say so.
    """
    settings, version = settings or Settings(), ratings_final.questionnaire
    comparisons = tuple(one for one in (comparison, comparison_self) if one is not None)
    counted = _counted(ratings_final, comparisons, sector_labels, cut_off, settings)
    figures = collected(_figures(counted))
    took_part = replace(counted.participation, sentences=participation_sentences(counted.participation, figures))
    return Findings(
        ratings_final.cycle, ratings_final.title, version.id, version.version, version.standing, ratings_final.basis,
        ratings_final.area, cut_off, took_part, counted.overall, scorecard(ratings_self).overall,
        tuple(standard_findings(one, figures, ratings_final.basis, settings) for one in counted.standards),
        counted.moderation, _clearest(counted, "strength"), _clearest(counted, "gap"), comparison, comparison_self,
        measures=comparison.measures if comparison else (),
        lineage=lineage_lines(lineage, comparison, version) if lineage and comparison else (),
        settings=(*_thresholds(settings), *_grade_rules(version)),
        summary=tuple(_summary(counted, comparison, figures)),
        change=change_sentences(comparison, figures) if comparison else (),
        measure_sentences=measure_sentences(comparison, figures) if comparison else (),
        moderation_sentence=moderation_sentence("moderation", counted.moderation, figures),
        limits=say("limits"),
        register=figures,
        own_and_panel=OwnAndPanel(*(own_and_panel(ratings_final, at_random=one) for one in (True, False))),
    )  # fmt: skip


def _counted(
    ratings: CycleRatings,
    comparisons: tuple[Comparison, ...],
    sector_labels: Mapping[str, str],
    cut_off: date | None,
    settings: Settings,
) -> _Counted:
    score, took_part = scorecard(ratings), participation(ratings, sector_labels)
    grades = [dict(organisation.grades) for organisation in took_part.organisations]
    standards = rated_standards(ratings, score.by_item, grades, settings)
    moderation = moderation_counts(ratings, columns_of(ratings, ratings.items))
    return _Counted(ratings, took_part, score.overall, standards, moderation, comparisons, cut_off, settings)


def _figures(counted: _Counted) -> Iterator[Figure]:
    yield from participation_figures(counted.participation, counted.cut_off)
    yield from setting_figures(counted.settings)
    yield from ratings_figures("overall", counted.overall, "ratings of all standards")
    yield from moderation_figures("moderation", counted.moderation, "panel ratings")
    for standard in counted.standards:
        yield from standard_figures(standard)
    for comparison in counted.comparisons:
        yield from comparison_figures(comparison, counted.settings)


def _clearest(counted: _Counted, kind: Listing) -> tuple[str, ...]:
    criteria = [criterion for standard in counted.standards for criterion in standard.criteria]
    return tuple(one.item.id for one in by_clearness(criteria, kind)[: counted.settings.listed])


def _summary(counted: _Counted, comparison: Comparison | None, figures: Register) -> Iterator[Sentence]:
    """Yield what the summary says: returns, the overall share, the like-for-like change."""
    yield from participation_sentences(counted.participation, figures)
    if counted.overall.due:
        yield from ratings_sentences("overall", counted.overall, figures, counted.settings)
    if comparison is not None:
        yield from headline_sentences(comparison, figures)


def _thresholds(settings: Settings) -> Iterator[MethodSetting]:
    """Yield the thresholds as a report prints them."""
    for name, meaning in MEANING.items():
        value = getattr(settings, name)
        shown = percent_text(value.numerator, value.denominator) if isinstance(value, Fraction) else count_text(value)
        yield MethodSetting(name, meaning, shown)


def _grade_rules(version: Questionnaire) -> Iterator[MethodSetting]:
    """Yield the version's rules for the grade of a standard; the first that holds gives the grade."""
    for rule, rows in version.grades.items():
        for row in rows:
            named = row.grade.replace("-", " ")
            condition = row.when.in_words(lambda name: f"the number {name.replace('_', ' ')}")
            meaning = f"A {rule} is graded {named} when this is the first rule that holds"
            yield MethodSetting(f"grade.{rule}.{row.grade}", meaning, condition)
