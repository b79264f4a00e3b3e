"""Which sentences may the engine write about two or more waves of a survey?

The verdict words are those of methods section 6; every number is a figure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from audit_engine.analysis import disclosure
from audit_engine.analysis.figures import (
    Figure,
    Register,
    count_figure,
    points_figure,
    register,
    share_figure,
    weighted_figure,
)
from audit_engine.analysis.sentences import Pattern, Ref, Sentence, Slot
from audit_engine.analysis.survey import CORRECT, DONT_KNOW, FAVOURABLE, GAP, MISCONCEPTION
from audit_engine.analysis.wave_change import (
    FigureChange,
    MixShift,
    QuestionChange,
    Reweighted,
    SeriesQuestion,
    WaveSettings,
    WaveVerdict,
)
from audit_engine.analysis.wording import say

_WORDS: Mapping[str, str] = {
    "wave-rose": "The share of {what} rose from {p_then} ({x_then} of {n_then}) in {then} to {p_now} ({x_now} of "
    "{n_now}) in {now}, a change of {d} percentage points ({conf} confidence interval {low} to {high}). A change this "
    "large is unlikely to be chance alone.",
    "wave-fell": "The share of {what} fell from {p_then} ({x_then} of {n_then}) in {then} to {p_now} ({x_now} of "
    "{n_now}) in {now}, a change of {d} percentage points ({conf} confidence interval {low} to {high}). A change this "
    "large is unlikely to be chance alone.",
    "wave-may-have-risen": "The share of {what} may have risen; that is not clear once the number of questions tested "
    "is allowed for: {p_then} ({x_then} of {n_then}) in {then} and {p_now} ({x_now} of {n_now}) in {now}, a difference "
    "of {d} percentage points ({conf} confidence interval {low} to {high}).",
    "wave-may-have-fallen": "The share of {what} may have fallen; that is not clear once the number of questions "
    "tested is allowed for: {p_then} ({x_then} of {n_then}) in {then} and {p_now} ({x_now} of {n_now}) in {now}, a "
    "difference of {d} percentage points ({conf} confidence interval {low} to {high}).",
    "wave-no-clear-evidence": "There is no clear evidence of change in the share of {what}: {p_then} ({x_then} of "
    "{n_then}) in {then} and {p_now} ({x_now} of {n_now}) in {now}, a difference of {d} percentage points ({conf} "
    "confidence interval {low} to {high}). Surveys of this size could reliably detect a change of about {mde} points.",
    "wave-alike": "There is no clear evidence of change in the share of {what}: {p_then} ({x_then} of {n_then}) in "
    "{then} and {p_now} ({x_now} of {n_now}) in {now}.",
    "wave-reworded": "The two figures are not directly comparable. {why} The share of {what} was {p_then} ({x_then} of "
    "{n_then}) in {then} and {p_now} ({x_now} of {n_now}) in {now}. If the wording made no difference, the change "
    "would be {d} percentage points ({conf} confidence interval {low} to {high}), and surveys of this size could "
    "reliably detect a change of about {mde} points.",
    "wave-apart": "The two figures are not directly comparable. {why} The share of {what} was {p_then} ({x_then} of "
    "{n_then}) in {then} and {p_now} ({x_now} of {n_now}) in {now}; a change is not given.",
    "wave-not-comparable": "The two waves are not directly comparable. {why}",
    "wave-hidden": "A change in the share of {what} is not given, because a figure of one wave may not be shown.",
    "wave-others": "In {k} {k:answer|answers} there is no clear evidence of change; surveys of this size could "
    "reliably detect a change of about {mde} points.",
    "wave-tested": "{k} {k:figure was|figures were} tested, and the number of tests is allowed for.",
    "wave-tested-none": "No figure could be tested.",
    "wave-left-out": "{j} {j:question is|questions are} not directly comparable; {a} {a:was|were} asked in {now} only "
    "and {b} in {then} only.",
    "mix-shift": "The largest shift in who answered “{question}” is in “{group}”: {p_then} ({x_then} of {n_then}) in "
    "{then} and {p_now} ({x_now} of {n_now}) in {now}, {d} percentage points.",
    "reweighted": "Weighted to the mix of {target} by “{by}”, the share of {what} is {p_then} in {then} and {p_now} in "
    "{now}: a difference of {d} percentage points ({conf} confidence interval {low} to {high}).",
    "reweighted-differs": "Weighted to the mix of {target} by “{by}”, the share of {what} is {p_then} in {then} and "
    "{p_now} in {now}: a difference of {d} percentage points ({conf} confidence interval {low} to {high}). This second "
    "view does not say the same as the first, so the mix of those who answered matters here.",
    "reweighted-not": "There is no second view weighted by “{by}”, because {why}.",
    "series-rose": "Over {k} waves from {first} to {last} the share of {what} rose, by about {d} percentage points a "
    "year.",
    "series-fell": "Over {k} waves from {first} to {last} the share of {what} fell, by about {d} percentage points a "
    "year.",
    "series-may-have-risen": "Over {k} waves from {first} to {last} the share of {what} may have risen; that is not "
    "clear once the number of questions tested is allowed for.",
    "series-may-have-fallen": "Over {k} waves from {first} to {last} the share of {what} may have fallen; that is not "
    "clear once the number of questions tested is allowed for.",
    "series-no-clear-evidence": "Over {k} waves from {first} to {last} there is no clear evidence of change in the "
    "share of {what}.",
    "wave-limits": "Those who answered may differ from those who did not. Some may have answered in both waves, which "
    "makes the intervals too wide rather than too narrow. Changes are taken before rounding.",
}
WAVE_PATTERNS: Mapping[str, Pattern] = MappingProxyType({name: Pattern(name, words) for name, words in _WORDS.items()})
_WHAT: Mapping[str, str] = {
    FAVOURABLE: "favourable answers",
    DONT_KNOW: "“don't know”",
    CORRECT: "right answers",
    MISCONCEPTION: "answers that were wrong and sure",
    GAP: "people who did not know",
}
_ONE_PLACE_FROM = 100


def what(figure: FigureChange) -> Ref:
    """Return what a share is a share of, in words."""
    return Ref(_WHAT.get(figure.id, f"the answer “{figure.label}”"))


class Wording:
    """Writes the sentences of one comparison, and keeps the figures that they use."""

    def __init__(self, then: str, now: str, source: str, settings: WaveSettings) -> None:
        self._then, self._now, self._source, self._settings = then, now, source, settings
        self._figures: list[Figure] = []

    def register(self) -> Register:
        """Return every figure used so far."""
        return register(self._figures)

    def figure(self, question: str, figure: FigureChange, why: Sequence[str]) -> Sentence:
        """Return the sentence on one figure."""
        slots = self._shares(f"waves.{question}.{figure.id}", figure.then, figure.now)
        slots |= {"what": what(figure), "why": Ref(" ".join(why))}
        if slots.get("p_then") is None:
            return self._say("wave-not-comparable" if why else "wave-hidden", slots)
        return self._say(self._pattern(figure, why), slots | self._change(f"waves.{question}.{figure.id}", figure))

    def not_comparable(self, why: Sequence[str]) -> Sentence:
        """Return the sentence on a question without one figure to name."""
        return self._say("wave-not-comparable", {"why": Ref(" ".join(why))})

    def others(self, question: str, unclear: Sequence[FigureChange]) -> Sentence:
        """Return one sentence on all answers without clear evidence; each must have a size that can be detected."""
        root = f"waves.{question}.others"
        sizes = [one.change.detectable for one in unclear if one.change and one.change.detectable is not None]
        slots: dict[str, Slot] = {
            "k": self._kept(count_figure(f"{root}.count", len(unclear), self._source)),
            "mde": self._kept(points_figure(f"{root}.detectable", max(sizes), self._source, signed=False)),
        }
        return self._say("wave-others", slots)

    def mix(self, mix: MixShift) -> Sentence | None:
        """Return the sentence on the largest shift in who answered."""
        if mix.largest is None or mix.largest.shift is None:
            return None
        root = f"waves.mix.{mix.id}.{mix.largest.id}"
        slots = self._shares(root, mix.largest.then, mix.largest.now)
        slots["d"] = self._kept(points_figure(f"{root}.change", mix.largest.shift, self._source))
        return self._say("mix-shift", {**slots, "question": Ref(mix.text), "group": Ref(mix.largest.label)})

    def second_view(self, question: str, figure: FigureChange, view: Reweighted, by_text: str) -> Sentence:
        """Return the sentence on the re-weighted view."""
        if view.then is None or view.now is None or view.diff is None or view.lower is None or view.upper is None:
            return self._say("reweighted-not", {"by": Ref(by_text), "why": Ref(view.why_not)})
        root, places = f"waves.{question}.{figure.id}.reweighted", _places(view.then.n, view.now.n)
        slots: dict[str, Slot] = {
            "p_then": self._kept(weighted_figure(f"{root}.then", view.then.p_weighted, self._source, places)),
            "p_now": self._kept(weighted_figure(f"{root}.now", view.now.p_weighted, self._source, places)),
            "target": Ref(view.to if view.to != "workforce" else "the workforce"),
            "by": Ref(by_text),
            "what": what(figure),
        }
        slots |= self._limits(root, view.diff, view.lower, view.upper)
        return self._say("reweighted-differs" if view.differs else "reweighted", slots)

    def summary(self, tested: int, questions: Sequence[QuestionChange], new: int, gone: int) -> Iterator[Sentence]:
        """Yield how many figures were tested and what is not compared."""
        k = self._kept(count_figure("waves.tested", tested, self._source))
        yield self._say("wave-tested" if tested else "wave-tested-none", {"k": k})
        apart = sum(not question.comparable for question in questions)
        if apart or new or gone:
            counts = {"j": ("not-comparable", apart), "a": ("new", new), "b": ("gone", gone)}
            yield self._say(
                "wave-left-out",
                {slot: self._kept(count_figure(f"waves.{n}", v, self._source)) for slot, (n, v) in counts.items()},
            )

    def limits(self) -> Sentence:
        """Return what must always be said."""
        return say(WAVE_PATTERNS["wave-limits"])

    def _pattern(self, figure: FigureChange, why: Sequence[str]) -> str:
        change = figure.change
        if change is None or change.verdict is None:
            return "wave-apart" if why else "wave-hidden"
        if change.verdict == "not-directly-comparable":
            given = change.diff is not None and change.detectable is not None
            return "wave-reworded" if given else "wave-apart"
        return "wave-alike" if change.detectable is None else f"wave-{change.verdict}"

    def _shares(self, root: str, then: disclosure.Figure, now: disclosure.Figure) -> dict[str, Slot]:
        """Return both shares with their counts; nothing where one of them is hidden."""
        if then.count is None or now.count is None or not then.base or not now.base:
            return {}
        places, slots = _places(then.base, now.base), dict[str, Slot]()
        for wave, one, base in (("then", then.count, then.base), ("now", now.count, now.base)):
            slots[f"p_{wave}"] = self._kept(share_figure(f"{root}.{wave}", one, base, self._source, places))
            slots[f"x_{wave}"] = self._kept(count_figure(f"{root}.{wave}-count", one, self._source, base=base))
            slots[f"n_{wave}"] = self._kept(count_figure(f"{root}.{wave}-base", base, self._source))
        return slots

    def _change(self, root: str, figure: FigureChange) -> dict[str, Slot]:
        change, slots = figure.change, dict[str, Slot]()
        if change is None or change.diff is None or change.lower is None or change.upper is None:
            return slots
        slots = self._limits(root, change.diff, change.lower, change.upper)
        if change.detectable is not None:
            size = points_figure(f"{root}.detectable", change.detectable, self._source, signed=False)
            slots["mde"] = self._kept(size)
        return slots

    def _limits(self, root: str, diff: float, lower: float, upper: float) -> dict[str, Slot]:
        conf = self._settings.confidence
        kept = {"d": ("change", diff), "low": ("change-low", lower), "high": ("change-high", upper)}
        slots: dict[str, Slot] = {
            slot: self._kept(points_figure(f"{root}.{name}", value, self._source))
            for slot, (name, value) in kept.items()
        }
        share = share_figure("setting.confidence", conf.numerator, conf.denominator, "method settings")
        return slots | {"conf": self._kept(share)}

    def _say(self, pattern: str, slots: Mapping[str, Slot]) -> Sentence:
        return say(WAVE_PATTERNS[pattern], **{"then": Ref(self._then), "now": Ref(self._now), **slots})

    def _kept(self, figure: Figure) -> Figure:
        self._figures.append(figure)
        return figure


def series_sentence(
    question: SeriesQuestion, labels: Sequence[str], what_: Ref
) -> tuple[Sentence | None, list[Figure]]:
    """Return the sentence on one figure over all its waves, and the figures that it uses."""
    verdict: WaveVerdict = question.verdict
    if question.trend is None:
        return None, []
    shown = [label for label, point in zip(labels, question.points, strict=True) if point is not None]
    root, source = f"waves.series.{question.id}", "all waves"
    count = count_figure(f"{root}.waves", len(shown), source)
    slope = points_figure(f"{root}.slope", abs(question.trend.slope), source, signed=False)
    first, last = Ref(shown[0]), Ref(shown[-1])
    sentence = say(WAVE_PATTERNS[f"series-{verdict}"], k=count, d=slope, first=first, last=last, what=what_)
    return sentence, [count, slope]


def with_sentence(mix: MixShift, wording: Wording) -> MixShift:
    """Return a mix with its sentence."""
    return replace(mix, sentence=wording.mix(mix))


def _places(one: int, other: int) -> int:
    return 1 if min(one, other) >= _ONE_PLACE_FROM else 0
