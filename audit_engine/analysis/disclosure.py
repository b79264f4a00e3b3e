"""What may be shown of counts of people, and to whom?

Results about people leave the program as ``Released`` alone, which nothing but
``release`` can make (methods section 10).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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
    """A count over several cells, such as all favourable answers; ``of`` names the cells that it is made of."""

    id: str
    count: int
    base: int
    of: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """How so many people answered one question: raw, so never shown.

    ``cells`` lie in the base, ``outside`` do not (does not apply, prefer not to
    say).  With ``several`` a person may be in more than one cell.
    """

    asked: int
    answered: int
    base: int
    cells: tuple[tuple[str, int], ...] = ()
    outside: tuple[tuple[str, int], ...] = ()
    sums: tuple[Sum, ...] = ()
    sensitive: bool = False
    several: bool = False

    @property
    def is_safe(self) -> bool:
        """Tell whether a group of these people may be shown whole, or be worked out by taking others away."""
        if self.base == 0:
            return True
        if self.base < LEAST_BASE:
            return False
        return not self.sensitive or not any(is_telling(n, self.base) for _, n in self.cells)


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


def release(counts: Counts, audience: Audience, *, withheld: Symbol = "") -> Released:
    """Return what this audience may see of counts; ``withheld`` holds everything back, with that symbol.

    Below a base of eleven nothing is shown, to anybody.  Sensitive questions
    hide telling counts too, and open data is rounded to five.
    """
    if withheld or counts.base < LEAST_BASE:
        return _nothing(counts, audience, withheld or "low")
    symbols = _symbols(counts)
    few_outside = counts.sensitive and any(0 < n < SMALL for _, n in counts.outside)
    outside: Symbol = "c" if few_outside else ""
    shown = nearest_five if audience == "open-data" else int
    return Released(
        audience,
        asked=shown(counts.asked),
        answered=None if few_outside else shown(counts.answered),
        base=shown(counts.base),
        symbol="",
        cells=tuple(_figure(id_, n, counts.base, symbols[id_], audience) for id_, n in counts.cells),
        outside=tuple(_figure(id_, n, counts.answered, outside, audience) for id_, n in counts.outside),
        sums=tuple(_sum(total, symbols, audience) for total in counts.sums),
        _made_by=_ONLY_HERE,
    )


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
        symbols = [_in_words(n, counts.base) if is_telling(n, counts.base) else "" for n in numbers]
    else:
        symbols = _row_symbols(numbers)
    return dict(zip((id_ for id_, _ in counts.cells), symbols, strict=True))


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


def _sum(total: Sum, symbols: Mapping[str, Symbol], audience: Audience) -> Figure:
    if total.base < LEAST_BASE:
        return Figure(total.id, None, None, "z" if total.base == 0 else "low")
    # A sum over a cell that is hidden would help to work that cell out.
    hidden = [symbols[id_] for id_ in total.of if symbols.get(id_)]
    symbol: Symbol = "c" if hidden else ""
    if len(total.of) == 1 and hidden:
        symbol = hidden[0]
    return _figure(total.id, total.count, total.base, symbol, audience)


def _figure(figure_id: str, count: int, base: int, symbol: Symbol, audience: Audience) -> Figure:
    if symbol:
        return Figure(figure_id, None, base, symbol)
    if audience == "open-data":
        count, base = nearest_five(count), nearest_five(base)
    return Figure(figure_id, count, base, "", wilson(min(count, base), base))
