"""What may be shown of counts of people, and to whom?

Results about people leave the program as ``Released`` alone, which nothing but
``release`` can make (methods section 10).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import InitVar, dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Literal

from audit_engine.analysis.rounding import count_text, half_up, percent_text
from audit_engine.analysis.statistics import Interval, wilson
from audit_engine.analysis.suppression import LEAST_BASE, SMALL, TELLING_BASE, hidden_in_row, is_telling, nearest_five

Audience = Literal["panel", "agency", "public", "open-data"]
Symbol = Literal["", "c", "low", "z", "few", "most"]
#: From this base on "5% or fewer" can mean more than nobody, so that it says nothing of anybody.
COARSE_BASE = 20
SHOWN_AS: Mapping[Symbol, str] = MappingProxyType(
    {"c": "[c]", "low": "[low]", "z": "[z]", "few": "5% or fewer", "most": "95% or more"}
)
MEANING: Mapping[str, str] = MappingProxyType(
    {
        "[c]": "not shown, because it would point to a few people",
        "[low]": f"not shown, because fewer than {LEAST_BASE} people answered",
        "[z]": "does not apply",
    }
)


@dataclass(frozen=True, slots=True)
class Sum:
    """A count over several cells, such as all favourable answers; ``of`` names the cells that it is made of.

    ``without`` names the cells that its base leaves out.  ``apart``: its base
    is of other people than the cells, such as those who answered while a key
    held, so that it says something of its own.
    """

    id: str
    count: int
    base: int
    of: tuple[str, ...]
    without: tuple[str, ...] = ()
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Counts:
    """How so many people answered one question: raw, so never shown.

    ``cells`` lie in the base, ``outside`` do not (does not apply, prefer not to
    say).  With ``several`` a person may be in more than one cell, but in no other
    than one of ``alone``.
    """

    asked: int
    answered: int
    base: int
    cells: tuple[tuple[str, int], ...] = ()
    outside: tuple[tuple[str, int], ...] = ()
    sums: tuple[Sum, ...] = ()
    sensitive: bool = False
    several: bool = False
    alone: tuple[str, ...] = ()


_ONLY_HERE = object()


@dataclass(frozen=True, slots=True)
class Figure:
    """A count of people as it may be shown; ``symbol`` says why not, where ``count`` is None."""

    id: str
    count: int | None
    base: int | None
    symbol: Symbol = ""
    interval: Interval | None = None

    @property
    def percent(self) -> str:
        """Return the whole percentage, or the symbol."""
        if self.count is None or self.base is None:
            return SHOWN_AS[self.symbol]
        return percent_text(self.count, self.base)

    @property
    def number(self) -> str:
        """Return the count, or the symbol."""
        if self.count is None:
            return SHOWN_AS[self.symbol] if self.symbol not in ("few", "most") else SHOWN_AS["c"]
        return count_text(self.count)

    @property
    def range(self) -> str:
        """Return the 95% interval in whole percentages, such as "58% to 71%"; '' where there is none."""
        if self.interval is None:
            return ""
        lower, upper = (half_up(Decimal(limit) * 100, 0) for limit in (self.interval.lower, self.interval.upper))
        return f"{lower}% to {upper}%"


@dataclass(frozen=True, slots=True)
class Released:
    """How people answered one question, as far as this audience may see it.

    Numbers are None where ``symbol`` says why nothing is shown, and where they
    alone are held back.
    """

    audience: Audience
    asked: int | None
    answered: int | None
    base: int | None
    symbol: Symbol
    cells: tuple[Figure, ...]
    outside: tuple[Figure, ...]
    sums: tuple[Figure, ...]
    _made_by: InitVar[object] = None

    def __post_init__(self, _made_by: object) -> None:
        """Refuse every maker but this module."""
        if _made_by is not _ONLY_HERE:
            raise TypeError("Only audit_engine.analysis.disclosure.release can make a Released.")

    def figure(self, figure_id: str) -> Figure:
        """Return the cell, or else the sum, with that id; raise KeyError."""
        for figure in (*self.cells, *self.outside, *self.sums):
            if figure.id == figure_id:
                return figure
        raise KeyError(figure_id)

    @property
    def symbols(self) -> frozenset[str]:
        """Return the symbols shown that need explaining, such as ``[c]``."""
        every = (self.symbol, *(f.symbol for f in (*self.cells, *self.outside, *self.sums)))
        return frozenset(SHOWN_AS[s] for s in every if s) & frozenset(MEANING)


def release(
    counts: Counts,
    audience: Audience,
    *,
    withheld: Symbol = "",
    hidden: Collection[str] | None = None,
    hidden_sums: Collection[str] = (),
) -> Released:
    """Return what this audience may see of counts; ``withheld`` holds everything back, with that symbol.

    Below a base of eleven nothing is shown, to anybody.  Sensitive questions
    hide telling counts too, and open data is rounded to five.  ``hidden`` are the
    cells that must not be shown of a group that stands beside others, as the
    table of all groups came out; None is for people who stand alone.
    """
    if withheld or counts.base < LEAST_BASE:
        return _nothing(counts, audience, withheld or "low")
    symbols = _symbols(counts) if hidden is None else {id_: _c(id_ in hidden) for id_, _ in counts.cells}
    left_out = _c(not _may_count_out(counts, alone=hidden is None))
    shown = nearest_five if audience == "open-data" else int
    return Released(
        audience,
        asked=shown(counts.asked),
        answered=None if left_out else shown(counts.answered),
        base=shown(counts.base),
        symbol="",
        cells=tuple(_figure(id_, n, counts.base, symbols[id_], audience) for id_, n in counts.cells),
        outside=tuple(_figure(id_, n, counts.answered, left_out, audience) for id_, n in counts.outside),
        sums=tuple(
            Figure(total.id, None, None, "c") if total.id in hidden_sums else _sum(total, counts, symbols, audience)
            for total in counts.sums
        ),
        _made_by=_ONLY_HERE,
    )


def _c(hidden: bool) -> Symbol:
    return "c" if hidden else ""


def _may_count_out(counts: Counts, *, alone: bool) -> bool:
    """Tell whether it may be said how many left a question out, and how many would rather not say.

    Of a sensitive question these are told apart only where both are five people
    or more, or nobody at all; and never of groups, whose numbers would follow
    from one another.
    """
    if not counts.sensitive or not counts.outside or counts.asked == counts.base:
        return True
    blank = counts.asked - counts.answered
    return alone and blank >= SMALL and all(n >= SMALL or n == 0 for _, n in counts.outside)


def _nothing(counts: Counts, audience: Audience, symbol: Symbol) -> Released:
    def hidden(ids: Iterable[str]) -> tuple[Figure, ...]:
        return tuple(Figure(id_, None, None, symbol) for id_ in ids)

    return Released(
        audience, None, None, None, symbol,
        hidden(id_ for id_, _ in counts.cells), hidden(id_ for id_, _ in counts.outside),
        hidden(s.id for s in counts.sums), _made_by=_ONLY_HERE,
    )  # fmt: skip


def _symbols(counts: Counts) -> Mapping[str, Symbol]:
    """Return, by cell, the symbol that stands in its place; '' for one that is shown."""
    numbers = [n for _, n in counts.cells]
    if not counts.sensitive:
        symbols: Sequence[Symbol] = [""] * len(numbers)
    elif counts.several:
        symbols = _tick_symbols(numbers, counts.base)
    else:
        symbols = _row_symbols(numbers)
    return dict(zip((id_ for id_, _ in counts.cells), symbols, strict=True))


def _tick_symbols(numbers: Sequence[int], base: int) -> Sequence[Symbol]:
    telling = [is_telling(n, base) for n in numbers]
    # Whoever answers ticks something, so that words would be too much beside a count that is shown.
    return [_in_words(n, base) if all(telling) else _c(hide) for n, hide in zip(numbers, telling, strict=True)]


def _row_symbols(numbers: Sequence[int]) -> Sequence[Symbol]:
    hidden, base = hidden_in_row(numbers), sum(numbers)
    # Words in one place alone would tell nobody from few: they stand only where the whole row goes to one answer.
    all_one_way = len(hidden) == len(numbers) and _in_words(max(numbers), base) == "most"
    return [
        "" if place not in hidden else _in_words(n, base) if all_one_way else "c" for place, n in enumerate(numbers)
    ]


def _in_words(count: int, base: int) -> Symbol:
    """Return the symbol of a hidden count: nobody or hardly anybody, everybody or nearly, or neither."""
    if COARSE_BASE <= base < TELLING_BASE:
        if COARSE_BASE * count <= base:
            return "few"
        if COARSE_BASE * (base - count) <= base:
            return "most"
    return "c"


def _sum(total: Sum, counts: Counts, symbols: Mapping[str, Symbol], audience: Audience) -> Figure:
    too_few_left = total.apart and 0 < counts.base - total.base < LEAST_BASE
    if too_few_left or any(symbols.get(id_) for id_ in total.without):
        return Figure(total.id, None, None, "c")  # its base would tell of those who are not in it
    if total.base < LEAST_BASE:
        return Figure(total.id, None, None, "z" if total.base == 0 else "low")
    return _figure(total.id, total.count, total.base, _sum_symbol(total, counts, symbols), audience)


def _sum_symbol(total: Sum, counts: Counts, symbols: Mapping[str, Symbol]) -> Symbol:
    """Return the symbol of a sum: one over a hidden cell would help to work that cell out.

    It is shown where it follows from what is shown anyway: all the other answers.
    """
    hidden = [symbols[id_] for id_ in total.of if symbols.get(id_)]
    if not hidden or _is_known(total, counts, symbols):
        return ""
    return hidden[0] if len(total.of) == 1 else "c"


def _is_known(total: Sum, counts: Counts, symbols: Mapping[str, Symbol]) -> bool:
    if counts.several or total.apart:
        return False
    return not any(symbols[id_] for id_, _ in counts.cells if id_ not in total.of and id_ not in total.without)


def _figure(figure_id: str, count: int, base: int, symbol: Symbol, audience: Audience) -> Figure:
    if symbol:
        return Figure(figure_id, None, base, symbol)
    if audience == "open-data":
        count, base = nearest_five(count), nearest_five(base)
    return Figure(figure_id, count, base, "", wilson(min(count, base), base))
