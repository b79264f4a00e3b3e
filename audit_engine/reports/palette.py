"""How does a series of a chart look, with and without colour?

Colours are the Analysis Function's, in its order (methods section 14); every
series also has a mark of a letter or a short word, so that no chart is read by
colour alone.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from audit_engine.reports.blocks import Chart, Series

COLOURS = ("#12436D", "#28A197", "#801650", "#F46A25")
# Measured contrast: white text is legible on the first and third colour only.
TEXT_ON = {"#12436D": "#FFFFFF", "#28A197": "#0B0C0C", "#801650": "#FFFFFF", "#F46A25": "#0B0C0C"}
INK = "#0B0C0C"
LINE = "#6F777B"

_SHORT = 4
_STEPS = tuple(map(Decimal, ("1", "1.2", "1.5", "2", "2.5", "3", "4", "5", "6", "8", "10")))
_SERIES = {"diverging": (2, 2), "dumbbell": (2, 2)}


class UndrawableChart(ValueError):
    """A chart whose numbers do not fit its kind."""


def check_drawable(chart: Chart) -> None:
    """Raise UndrawableChart when the chart cannot be drawn as its kind."""
    fewest, most = _SERIES.get(chart.kind, (1, len(COLOURS)))
    if not fewest <= len(chart.series) <= most:
        raise UndrawableChart(
            f'Chart "{chart.id}" has {len(chart.series)} series; a {chart.kind} chart takes {fewest} to {most}.'
        )
    if not chart.categories:
        raise UndrawableChart(f'Chart "{chart.id}" has no categories; leave it out when there is nothing to draw.')
    for series in chart.series:
        for values in (series.values, series.lower or series.values, series.upper or series.values):
            if len(values) != len(chart.categories):
                raise UndrawableChart(
                    f'Chart "{chart.id}", series "{series.name}": {len(values)} values '
                    f"for {len(chart.categories)} categories; give one for each, None for a gap."
                )


@lru_cache(maxsize=64)
def marks(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return a short mark for each series name, all different: its letter, or a year; a series alone needs none."""
    if len(names) == 1:
        return ("",)
    for shorten in (_initial, _initials):
        found = tuple(name if name.isdigit() and len(name) <= _SHORT else shorten(name) for name in names)
        if len(set(found)) == len(found):
            return found
    return tuple("ABCD"[place] for place in range(len(names)))


def legend_names(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names with their marks where these differ: ``Met (M)``."""
    return tuple(
        f"{name} ({mark})" if mark and mark != name else name for name, mark in zip(names, marks(names), strict=True)
    )


def number_text(value: float | None) -> str:
    """Return a value as printed: whole numbers without a point, others with one decimal place; ``[x]`` for None."""
    if value is None:
        return "[x]"
    exact = Decimal(str(value))
    if exact == exact.to_integral_value():
        return f"{int(exact):,}"
    return f"{exact.quantize(Decimal('0.1'), ROUND_HALF_UP):,}"


def value_text(series: Series, place: int) -> str:
    """Return a value of a series as printed, or what stands in its gap."""
    value = series.values[place]
    return series.missing[place] if value is None and series.missing else number_text(value)


def scale_end(largest: float) -> float:
    """Return the least round number that is not below ``largest``: where an axis from 0 ends; at least 1."""
    if largest <= 1:
        return 1
    exact = Decimal(str(largest))
    power = Decimal(10) ** exact.adjusted()
    return float(next(step * power for step in _STEPS if exact <= step * power))


def largest_value(chart: Chart) -> float:
    """Return the largest value or interval end of a chart, 0 when it has none."""
    found = [v for s in chart.series for values in (s.values, s.upper) for v in values if v is not None]
    return max(found, default=0)


def _initial(name: str) -> str:
    return name[:1].upper()


def _initials(name: str) -> str:
    return "".join(word[:1] for word in name.split())[:_SHORT].upper()
