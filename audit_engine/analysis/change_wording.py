"""What can be said about a comparison?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Literal

from audit_engine.analysis.change import Comparison, GroupMovement, MeasureResult, NetBounds, VerdictKind
from audit_engine.analysis.comparison_figures import change_root, comparison_register, measure_root
from audit_engine.analysis.figures import Register
from audit_engine.analysis.sentences import Ref, Sentence, Slot, joined
from audit_engine.analysis.verdicts import sign, verdict_on
from audit_engine.analysis.wording import PATTERNS, say

GroupKind = Literal["standard", "tag"]

__all__ = [
    "change_sentences",
    "comparison_register",
    "group_verdict_words",
    "headline_sentences",
    "measure_sentences",
    "verdict_words",
]

_WENT = {1: "rose", 0: "same", -1: "fell"}
_REORGANISED = frozenset({"merged", "split", "boundary-change"})


def change_sentences(comparison: Comparison, figures: Register) -> tuple[Sentence, ...]:
    """Return what the comparison shows, the like-for-like headline first.

    Where too few organisations are matched no change is stated at all.
    """
    return (
        *headline_sentences(comparison, figures),
        *_concentrated(comparison, figures),
        *_reach(comparison, figures),
        *_left_out(comparison, figures),
    )


def headline_sentences(comparison: Comparison, figures: Register) -> tuple[Sentence, ...]:
    """Return the like-for-like change and how far it holds, or why none is stated."""
    return tuple(_VERDICT_SENTENCES[comparison.verdict](comparison, figures))


def verdict_words(comparison: Comparison, figures: Register) -> Sentence:
    """Return the permitted verdict in the few words that a table has room for."""
    return say(f"verdict-{comparison.verdict}", **_slots(comparison, figures))


def group_verdict_words(comparison: Comparison, group: GroupMovement, kind: GroupKind, figures: Register) -> Sentence:
    """Return the permitted verdict on one standard or theme in few words."""
    root = f"{change_root(comparison)}.{kind}.{group.id}"
    bounds = group.bounds or NetBounds(0, group.movement.net, group.movement.net)
    names = {"net": "net", "g": "gained", "l": "lost", "r": "returns-missing"}
    known = {slot: figures[f"{root}.{name}"] for slot, name in names.items() if f"{root}.{name}" in figures}
    verdict = verdict_on(group.movement, comparison.matched, bounds)
    return say(f"verdict-{verdict}", **known, floor=figures["setting.matched-floor"])


def measure_sentences(comparison: Comparison, figures: Register) -> tuple[Sentence, ...]:
    """Return a sentence on each of the plan's measures, in their order."""
    return tuple(_measure(comparison, result, figures) for result in comparison.measures)


def _slots(comparison: Comparison, figures: Register) -> dict[str, Slot]:
    """Return what the patterns about the like-for-like set may name."""
    names = {
        "o": "organisations", "c": "criteria", "n": "pairs", "a": "met-then", "b": "met-now", "g": "gained",
        "l": "lost", "net": "net", "in_then": "in-scope-then", "in_now": "in-scope-now", "r": "returns-missing",
        "low": "net-low", "high": "net-high",
    }  # fmt: skip
    root = change_root(comparison)
    return {
        **{slot: figures[f"{root}.{name}"] for slot, name in names.items()},
        "floor": figures["setting.matched-floor"],
        "then": Ref(comparison.baseline.version),
        "now": Ref(comparison.current.version),
    }


def _headline(comparison: Comparison, figures: Register) -> Iterator[Sentence]:
    """Yield the movement of the matched set, and whether missing returns could turn it."""
    slots = _slots(comparison, figures)
    yield say(f"change-{_WENT[sign(comparison.net)]}", **slots)
    if comparison.verdict == "cannot-be-stated":
        yield say("cannot-be-stated", **slots)
    elif comparison.bounds.missing:
        yield say("holds", **slots)


def _nothing(comparison: Comparison, figures: Register) -> Iterator[Sentence]:
    yield say("change-nothing")


def _too_few(comparison: Comparison, figures: Register) -> Iterator[Sentence]:
    yield say("not-enough-matched", **_slots(comparison, figures))


_VERDICT_SENTENCES: Mapping[VerdictKind, Callable[[Comparison, Register], Iterator[Sentence]]] = {
    "rose": _headline,
    "fell": _headline,
    "same": _headline,
    "cannot-be-stated": _headline,
    "not-enough-matched": _too_few,
    "nothing-to-compare": _nothing,
}


def _concentrated(comparison: Comparison, figures: Register) -> Iterator[Sentence]:
    root = change_root(comparison)
    if comparison.concentration is not None and comparison.matched.enough:
        yield say(
            "concentration",
            m=figures[f"{root}.concentrated"],
            g=figures[f"{root}.gained"],
            c=figures[f"{root}.concentrated-in"],
        )


def _reach(comparison: Comparison, figures: Register) -> Iterator[Sentence]:
    """Yield how grades moved, who is counted once, what panels looked at, and what reorganised bodies are left with."""
    if comparison.verdict in ("nothing-to-compare", "not-enough-matched"):
        yield from _reorganised(comparison, figures)
        return
    root, slots = change_root(comparison), _slots(comparison, figures)
    moved = {"u": "grades-up", "s": "grades-stayed", "d": "grades-down"}
    yield say("grades-moved", n=slots["n"], **{slot: figures[f"{root}.{name}"] for slot, name in moved.items()})
    if comparison.joint is not None:
        yield say("joint-returns", k=figures[f"{root}.in-several-areas"], o=slots["o"])
    yield from _moderated(comparison, figures)
    yield from _reorganised(comparison, figures)


def _moderated(comparison: Comparison, figures: Register) -> Iterator[Sentence]:
    """Yield what panels looked at both times, where they looked at more of one audit than of the other."""
    seen = comparison.moderated
    if seen is None or not seen.differs:
        return
    root, both = change_root(comparison), f"{change_root(comparison)}.moderated-both"
    yield say(
        "moderated-both" if seen.both.pairs else "moderated-not-both",
        **_slots(comparison, figures)
        | {"x_then": figures[f"{root}.moderated-then"], "x_now": figures[f"{root}.moderated-now"]}
        | {slot: figures[f"{both}.{name}"] for slot, name in (("p", "pairs"), ("a", "met-then"), ("b", "met-now"))},
    )


def _reorganised(comparison: Comparison, figures: Register) -> Iterator[Sentence]:
    if any(one.kind in _REORGANISED for one in comparison.organisations):
        yield say("reorganised", **_slots(comparison, figures))


def _left_out(comparison: Comparison, figures: Register) -> Iterator[Sentence]:
    """Yield what is not in the headline: changed questions, earlier questions, and each year's raw figures."""
    root = change_root(comparison)
    then, now = Ref(comparison.baseline.version), Ref(comparison.current.version)
    if figures[f"{root}.not-comparable"].value:
        yield say("not-comparable", j=figures[f"{root}.not-comparable"])
    if figures[f"{root}.gone"].value:
        yield say("gone", d=figures[f"{root}.gone"])
    if comparison.widened_narrowed.total.pairs:
        second = f"{root}.second-table"
        yield say(
            "second-table",
            a=figures[f"{second}.met-then"],
            b=figures[f"{second}.met-now"],
            n=figures[f"{second}.pairs"],
            then=then,
            now=now,
        )
    yield say(
        "crude",
        a=figures[f"{root}.raw-then"],
        n_then=figures[f"{root}.raw-base-then"],
        b=figures[f"{root}.raw-now"],
        n_now=figures[f"{root}.raw-base-now"],
        then=then,
        now=now,
    )


def _measure(comparison: Comparison, result: MeasureResult, figures: Register) -> Sentence:
    root = measure_root(comparison, result)
    went = [f"measure-{_WENT[sign(result.movement.net)]}"] if result.movement.pairs else []
    pattern = joined(*(PATTERNS[name] for name in ("measure", *went, result.reason or result.verdict)))
    return say(
        pattern,
        title=Ref(result.title),
        a=figures[f"{root}.met-then"],
        b=figures[f"{root}.met-now"],
        n=figures[f"{root}.pairs"],
        r=figures[f"{root}.returns-missing"],
        low=figures[f"{root}.net-low"],
        high=figures[f"{root}.net-high"],
        x_then=figures[f"{root}.own-base-met-then"],
        n_then=figures[f"{root}.own-base-then"],
        x_now=figures[f"{root}.own-base-met-now"],
        n_now=figures[f"{root}.own-base-now"],
        floor=figures["setting.matched-floor"],
    )
