"""Ways to break disclosure control on purpose: an attack that finds nothing then is no attack."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest

from audit_engine.analysis import breakdown, disclosure, interval_audit, survey_release, two_way
from audit_engine.analysis.suppression import LEAST_BASE, is_telling

Patch = Callable[[pytest.MonkeyPatch], None]


def _everything_shown(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(disclosure, "_symbols", lambda counts: {id_: "" for id_, _ in counts.cells})
    patch.setattr(breakdown, "_hidden", lambda *_: breakdown.Hidden())


def _telling_counts_hidden_alone(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(two_way, "part", lambda *_: ())


def _circles_not_looked_into(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(interval_audit, "is_apart", lambda net, key, apart: key in net.hidden)


def _no_differences_taken(patch: pytest.MonkeyPatch) -> None:
    def all_of_eleven(whole: Any, groups: Any, within: Any, among: Any, fit: Any) -> breakdown.Shown:
        larger = breakdown.larger_groups(groups, within) if within is not None else {}
        small, large = ({n for n, g in every.items() if g.base >= LEAST_BASE} for every in (groups, larger))
        return frozenset(small), frozenset(large)

    patch.setattr(breakdown, "_shown", all_of_eleven)


def _ticks_hidden_alone(patch: pytest.MonkeyPatch) -> None:
    def each(whole: Any, groups: Any, within: Any, shown: breakdown.Shown) -> breakdown.Hidden:
        larger = breakdown.larger_groups(groups, within) if within is not None else {}
        return breakdown.Hidden(*(
            {name: frozenset(id_ for id_, n in every[name].cells if is_telling(n, every[name].base)) for name in names}
            for names, every in zip(shown, (groups, larger), strict=True)
        ))  # fmt: skip

    patch.setattr(breakdown, "_hidden_ticks", each)


def _follow_ups_shown(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(survey_release, "rests_on", lambda form: {item.id: frozenset() for item in form.items})


def _refusals_counted_out(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(disclosure, "_may_count_out", lambda *_, **__: True)


def _days_without_a_key_counted_out(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(breakdown, "_hidden_sums", lambda *_: ({}, {}))


SABOTAGE: Mapping[str, Patch] = {
    "nothing hidden but small bases": _everything_shown,
    "telling counts hidden without another": _telling_counts_hidden_alone,
    "tables not audited": _circles_not_looked_into,
    "groups of eleven shown whatever is left": _no_differences_taken,
    "ticks hidden one by one": _ticks_hidden_alone,
    "follow-up questions shown": _follow_ups_shown,
    "refusals counted": _refusals_counted_out,
    "scores shown whatever is left": _days_without_a_key_counted_out,
}


@contextmanager
def sabotaged(name: str) -> Iterator[None]:
    """Break disclosure control in one way for a while."""
    with pytest.MonkeyPatch.context() as patch:
        SABOTAGE[name](patch)
        yield
