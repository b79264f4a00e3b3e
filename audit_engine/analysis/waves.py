"""What changed between two waves of a survey, or over more of them?"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from types import MappingProxyType

from audit_engine.analysis import disclosure
from audit_engine.analysis.sentences import Sentence
from audit_engine.analysis.statistics import (
    Difference,
    holm_and_bh,
    minimum_detectable_difference,
    newcombe_independent,
)
from audit_engine.analysis.survey import CORRECT, FAVOURABLE, SUM_LABELS
from audit_engine.analysis.wave_change import (
    Change,
    FigureChange,
    Polarity,
    QuestionChange,
    Reweighted,
    Wave,
    WaveComparison,
    WaveName,
    WaveSeries,
    WaveSettings,
    WaveVerdict,
)
from audit_engine.analysis.wave_mix import Mix, mix_of, reweighted, shifts
from audit_engine.analysis.wave_pairs import Beside, one_wave_only, side_by_side
from audit_engine.analysis.wave_series import series_of
from audit_engine.analysis.wave_wording import Wording, with_sentence
from audit_engine.definition.lineage import LineageMap

__all__ = ["Wave", "WaveComparison", "WaveSeries", "WaveSettings", "WavesNotComparable", "compare_waves", "wave_series"]

_NONE: Mapping[str, str] = MappingProxyType({})
#: With a favourable or a right answer, these are better when they rise, and the others when they fall.
_BETTER = (FAVOURABLE, CORRECT)
Place = tuple[str, str]  # question, figure


class WavesNotComparable(ValueError):
    """Two surveys do not belong side by side; the message says why."""


@dataclass(frozen=True, slots=True)
class _Drafted:
    """A question with its figures, before the number of tests is allowed for; ``given`` are the differences."""

    beside: Beside
    figures: tuple[FigureChange, ...]
    headline: str
    given: Mapping[str, Difference]


def compare_waves(
    then: Wave,
    now: Wave,
    lineage: LineageMap,
    *,
    headlines: Mapping[str, str] = _NONE,
    workforce: Mapping[str, int] | None = None,
    declared: Collection[str] = (),
    settings: WaveSettings | None = None,
) -> WaveComparison:
    """Compare two waves (methods sections 4.4, 4.5, 4.11, 4.13 and 6), from what was released of each.

    ``lineage`` leads from the earlier questionnaire to the later one, every item
    included.  ``headlines`` names, by question, the answer that is judged where it is
    not the favourable or right one.  The questions ``declared`` in advance are adjusted
    by Holm among themselves, all others by Benjamini and Hochberg.  Where both results
    were broken down by one question, a second view is weighted to the earlier mix, or
    to the ``workforce`` by group.  Raises WavesNotComparable.
    """
    settings = settings or WaveSettings()
    _refuse(then, now, lineage)
    besides = side_by_side(then.results, now.results, lineage)
    drafts = [_drafted(one, headlines, settings) for one in besides if not one.describes_people]
    adjusted = _adjusted(drafts, frozenset(declared), settings)
    wording = Wording(then.label, now.label, f"{then.results.title} and {now.results.title}", settings)
    mix = mix_of(then, now, besides, workforce)
    finished = _Finished(then, now, adjusted, settings, wording, mix)
    questions = tuple(finished.question(draft) for draft in drafts)
    mixes = tuple(with_sentence(shifts(one), wording) for one in besides if one.describes_people)
    new, gone = one_wave_only(then.results, now.results, lineage)
    summary = tuple(wording.summary(len(adjusted), questions, len(new), len(gone)))
    return WaveComparison(
        _name(then), _name(now), questions, new, gone, mixes, mix.by if mix else "", finished.by_text,
        len(adjusted), settings.alpha, wording.register(), summary, wording.limits(),
    )  # fmt: skip


def wave_series(
    waves: Sequence[Wave],
    lineages: Sequence[LineageMap],
    headlines: Mapping[str, str] = _NONE,
    settings: WaveSettings | None = None,
) -> WaveSeries:
    """Compare three waves or more, oldest first, link by link and over all of them (methods 4.6).

    ``lineages`` has one for each link.  Raises WavesNotComparable.
    """
    if len(waves) < 3 or len(lineages) != len(waves) - 1:
        raise WavesNotComparable("A series needs at least three waves, and one lineage for each link between them.")
    pairs = zip(waves[:-1], waves[1:], lineages, strict=True)
    links = tuple(compare_waves(a, b, line, headlines=headlines, settings=settings) for a, b, line in pairs)
    return series_of(waves, links, settings or WaveSettings())


def _refuse(then: Wave, now: Wave, lineage: LineageMap) -> None:
    before, after = then.results, now.results
    if before.questionnaire.id != after.questionnaire.id:
        raise WavesNotComparable(
            f"{before.title} and {after.title} are different surveys. Only waves of one survey can be compared."
        )
    if before.organisation != after.organisation:
        raise WavesNotComparable("One wave is of one organisation and the other is not. Read both for the same people.")
    if before.replies.audience != after.replies.audience:
        raise WavesNotComparable("The two waves were read for different audiences. Read both for the same one.")
    if then.year >= now.year:
        raise WavesNotComparable(f"{before.title} is not earlier than {after.title}. Swap them.")
    if (lineage.baseline, lineage.current) != (before.questionnaire.version, after.questionnaire.version):
        raise WavesNotComparable("The lineage is of other versions than the two waves. Take the one between them.")


def _name(wave: Wave) -> WaveName:
    found = wave.results
    return WaveName(wave.label, found.cycle, found.title, found.questionnaire.version, found.took_part, found.replies)


def _drafted(beside: Beside, headlines: Mapping[str, str], settings: WaveSettings) -> _Drafted:
    then, now = beside.then.result.released, beside.now.result.released
    labels = {mark: option.label for mark, option in beside.shared}
    sums = [one.id for one in now.sums if one.id in {other.id for other in then.sums}]
    labels |= {id_: SUM_LABELS[id_] for id_ in sums}
    headline = _headline(beside, sums, headlines)
    changes = {id_: _difference(then.figure(id_), now.figure(id_), settings) for id_ in labels}
    judged = [id_ for id_ in labels if id_ == headline or (not headline and id_ not in sums)]
    figures = tuple(
        FigureChange(
            id_, label, then.figure(id_), now.figure(id_), _change(beside, id_, changes[id_], settings),
            not beside.why and id_ in judged and changes[id_] is not None, _polarity(beside, id_),
        )
        for id_, label in labels.items()
    )  # fmt: skip
    return _Drafted(beside, figures, headline, {id_: one for id_, one in changes.items() if one is not None})


def _headline(beside: Beside, sums: Sequence[str], headlines: Mapping[str, str]) -> str:
    """Return the figure that is judged: the one named, the favourable or right answers, or one of two answers."""
    shared = [mark for mark, _ in beside.shared]
    named = headlines.get(beside.now.result.question.id, "")
    if named in (*shared, *sums):
        return named
    known = next((one for one in _BETTER if one in sums), "")
    # Of two answers that make up the base, either says it all: testing both would test one thing twice.
    one_of_two = len(shared) == 2 and len(beside.now.options) == 2 and not beside.now.result.question.several
    return known or (shared[0] if one_of_two else "")


def _polarity(beside: Beside, figure_id: str) -> Polarity:
    options = beside.now.options
    if not any(option.favourable for option in options.values()) and not beside.now.item.key:
        return ""
    if figure_id in _BETTER or (figure_id in options and options[figure_id].favourable):
        return "higher"
    return "lower" if figure_id in SUM_LABELS or not beside.now.item.key else ""


def _difference(then: disclosure.Figure, now: disclosure.Figure, settings: WaveSettings) -> Difference | None:
    if then.count is None or now.count is None or not then.base or not now.base:
        return None
    conf = float(settings.confidence)
    # Rounded counts may be a little above their rounded base.
    return newcombe_independent(min(then.count, then.base), then.base, min(now.count, now.base), now.base, conf)


def _change(beside: Beside, figure_id: str, found: Difference | None, settings: WaveSettings) -> Change | None:
    """Return the change before any test; where only the wording differs it is given with a caveat."""
    if found is None:
        return None
    verdict: WaveVerdict | None = "not-directly-comparable" if beside.why else None
    only_wording = beside.relation == "reworded" and len(beside.why) == 1
    if beside.why and not only_wording:
        return Change(verdict)
    then, now = beside.then.result.released.figure(figure_id), beside.now.result.released.figure(figure_id)
    return Change(verdict, found.diff, found.lower, found.upper, detectable=_detectable(then, now, settings))


def _detectable(then: disclosure.Figure, now: disclosure.Figure, settings: WaveSettings) -> float | None:
    first, second = then.base or 0, now.base or 0
    pooled = ((then.count or 0) + (now.count or 0)) / (first + second)
    level, power = float(1 - settings.confidence), float(settings.power)
    found = minimum_detectable_difference(pooled, first, second, level, power)
    return found.mde if found else None


def _adjusted(
    drafts: Sequence[_Drafted], declared: frozenset[str], settings: WaveSettings
) -> Mapping[Place, tuple[float, float]]:
    """Return p and adjusted p of every figure tested: Holm for the declared questions, BH for all others."""
    alpha, found = float(settings.alpha), dict[Place, tuple[float, float]]()
    tests = {
        (draft.beside.now.result.question.id, figure.id): draft.given[figure.id].p
        for draft in drafts
        for figure in draft.figures
        if figure.tested
    }
    measures = [place for place in tests if place[0] in declared]
    others = [place for place in tests if place[0] not in declared]
    for places, by_holm in ((measures, True), (others, False)):
        adjusted = holm_and_bh([tests[place] for place in places], alpha)
        values = adjusted.holm if by_holm else adjusted.bh
        found |= {place: (tests[place], value) for place, value in zip(places, values, strict=True)}
    return found


def verdict_of(diff: float, lower: float, upper: float, adjusted: float, alpha: Fraction) -> WaveVerdict:
    """Return the permitted verdict on a change of what people answered (methods section 6)."""
    if lower <= 0 <= upper:
        return "no-clear-evidence"
    if adjusted <= float(alpha):
        return "rose" if diff > 0 else "fell"
    return "may-have-risen" if diff > 0 else "may-have-fallen"


@dataclass(frozen=True, slots=True)
class _Finished:
    """Turns drafts into what is shown, now that every test is known."""

    then: Wave
    now: Wave
    adjusted: Mapping[Place, tuple[float, float]]
    settings: WaveSettings
    wording: Wording
    mix: Mix | None

    @property
    def by_text(self) -> str:
        """Return the words of the question that the second view is weighted by."""
        items = self.now.results.questionnaire.items_by_id
        return items[self.mix.by].text if self.mix and self.mix.by in items else (self.mix.by if self.mix else "")

    def question(self, draft: _Drafted) -> QuestionChange:
        """Return one question with its verdicts and sentences."""
        beside, id_ = draft.beside, draft.beside.now.result.question.id
        figures = tuple(self._figure(id_, figure, beside.why, draft.headline) for figure in draft.figures)
        headline = next((one for one in figures if one.id == draft.headline), None)
        view = self._second_view(draft, headline)
        then, now = beside.then.result, beside.now.result
        sentences = tuple(self._sentences(id_, figures, headline, view, beside.why))
        return QuestionChange(
            id_, then.question.id, then.question.text, now.question.text, beside.relation, beside.note,
            then.asked_of, now.asked_of, beside.why, then.released, now.released, figures, headline, view, sentences,
        )  # fmt: skip

    def _figure(self, question: str, figure: FigureChange, why: Sequence[str], headline: str) -> FigureChange:
        change = figure.change
        if (question, figure.id) in self.adjusted and change is not None:
            p, adjusted = self.adjusted[question, figure.id]
            diff, lower, upper = change.diff or 0.0, change.lower or 0.0, change.upper or 0.0
            verdict = verdict_of(diff, lower, upper, adjusted, self.settings.alpha)
            change = replace(change, verdict=verdict, p=p, p_adjusted=adjusted)
        said = replace(figure, change=change)
        if not figure.tested and figure.id != headline:
            return said
        return replace(said, sentence=self.wording.figure(question, said, why))

    def _second_view(self, draft: _Drafted, headline: FigureChange | None) -> Reweighted | None:
        if self.mix is None or headline is None or headline.change is None or draft.beside.why:
            return None
        conf = float(self.settings.confidence)
        view = reweighted(self.mix, self.then, self.now, draft.beside, headline.id, conf)
        said = replace(view, differs=_differs(headline.change, view))
        question = draft.beside.now.result.question.id
        return replace(said, sentence=self.wording.second_view(question, headline, said, self.by_text))

    def _sentences(
        self,
        question: str,
        figures: Sequence[FigureChange],
        headline: FigureChange | None,
        view: Reweighted | None,
        why: Sequence[str],
    ) -> Iterator[Sentence]:
        """Yield the headline's sentence, or those of the answers that moved and one on all others."""
        if headline is not None and headline.sentence is not None:
            yield headline.sentence
        elif why:
            yield self.wording.not_comparable(why)
        else:
            yield from self._answers(question, [one for one in figures if one.tested])
        if view is not None and view.sentence is not None:
            yield view.sentence

    def _answers(self, question: str, tested: Sequence[FigureChange]) -> Iterator[Sentence]:
        unclear = [one for one in tested if one.change and one.change.verdict == "no-clear-evidence"]
        yield from (one.sentence for one in tested if one.sentence and one not in unclear)
        if any(one.change and one.change.detectable is not None for one in unclear):
            yield self.wording.others(question, unclear)


def _differs(first: Change, view: Reweighted) -> bool:
    """Tell whether one view shows a change with an interval clear of nothing, and the other not or the other way."""
    if view.lower is None or view.upper is None or first.lower is None or first.upper is None:
        return False
    return _side(first.lower, first.upper) != _side(view.lower, view.upper)


def _side(lower: float, upper: float) -> int:
    return (lower > 0) - (upper < 0)
