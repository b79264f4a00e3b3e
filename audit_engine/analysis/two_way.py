"""Which answers of which groups must be hidden, so that no count of a few can be worked out from the rest of a table?

Answers by groups of people, groups perhaps in larger groups, with every total
published: sensitive questions hide telling counts, then others on both margins,
and the table is audited (methods section 10, rules 3 and 4).  What an audit
finds too narrow hides the cheapest circle of counts that parts its limits.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from audit_engine.analysis.disclosure import Counts
from audit_engine.analysis.interval_audit import Arc, Net, part
from audit_engine.analysis.suppression import SMALL, hidden_in_row, is_telling

#: The column of all that is hidden of the whole: of groups only its sum can be known.
NOT_SHOWN = "=not-shown"
#: What it costs to hide a nought: it protects no one by itself.
DEAR = 1_000_000
#: A kind of group and its name.
Place = tuple[str, str]
_Cell = tuple[Place, str]


@dataclass(frozen=True, slots=True)
class Row:
    """A group of people, their number and their answers; ``inside`` is the row that it is part of.

    Rows that are not ``published`` are those that what is shown leaves, and in
    them the groups that are not shown: their sizes may be known from elsewhere.
    """

    place: Place
    counts: Counts
    inside: Place | None = None
    published: bool = True


def hidden_answers(whole: Counts, rows: Sequence[Row]) -> Mapping[Place, frozenset[str]]:
    """Return what published rows hide of a sensitive question with one answer each, beside the released whole.

    Every person is in one of the rows that no other is inside of, which add up
    to those that they are inside of, and in the end to the whole.
    """
    if not any(row.published for row in rows):
        return {}
    hidden = hidden_in_row([n for _, n in whole.cells])
    kept = tuple(id_ for place, (id_, _) in enumerate(whole.cells) if place not in hidden)
    cells = {row.place: _in_columns(row.counts, kept) for row in rows}
    return _Table(_in_columns(whole, kept), {row.place: row for row in rows}, cells).hidden()


def _in_columns(counts: Counts, kept: Sequence[str]) -> Mapping[str, int]:
    """Return the answers that the whole shows, and all other people of the base together."""
    numbers = dict(counts.cells)
    shown = {id_: numbers[id_] for id_ in kept}
    return {**shown, NOT_SHOWN: counts.base - sum(shown.values())}


@dataclass(frozen=True)
class _Table:
    """A table of people by group and answer."""

    whole: Mapping[str, int]
    rows: Mapping[Place, Row]
    cells: Mapping[Place, Mapping[str, int]]

    def hidden(self) -> Mapping[Place, frozenset[str]]:
        """Return the answers that each published row hides."""
        net = self._audited()
        return {
            place: frozenset(
                answer
                for answer, _ in row.counts.cells
                if answer not in self.whole or (place, answer) in net.hidden or self._is_telling((place, answer))
            )
            for place, row in self.rows.items()
            if row.published
        }

    def _audited(self) -> Net[_Cell]:
        """Return the counts as a net in which nothing too narrow is left."""
        net = Net(self._arcs())
        telling = [cell for cell in net.arcs if self._is_telling(cell)]
        net.hide(cell for cell in net.arcs if not self._is_published(cell))
        net.hide(other for cell in telling for other in self._together(cell))
        if part(net, telling, self._apart, lambda cell: net.arcs[cell].count or DEAR, self._together):
            # Where circles of counts do not do, everything does: each total of a shown answer is five or more.
            net.hide(net.arcs)
        return net

    def _arcs(self) -> Mapping[_Cell, Arc]:
        """Return the counts that no nought of the whole tells; where all gave one answer, there are none."""
        found: dict[_Cell, Arc] = {}
        for place, row in self.rows.items():
            for column in self._columns if len(self._columns) > 1 else ():
                tail = column if row.inside is None else (row.inside, column)
                head = (place, column) if place in self._above else place
                found[place, column] = Arc(tail, head, self.cells[place][column])
        return found

    @cached_property
    def _columns(self) -> tuple[str, ...]:
        return tuple(column for column, n in self.whole.items() if n)

    @cached_property
    def _above(self) -> frozenset[Place | None]:
        return frozenset(row.inside for row in self.rows.values())

    def _is_telling(self, cell: _Cell) -> bool:
        place, column = cell
        base = self.rows[place].counts.base
        return base > 0 and is_telling(self.cells[place][column], base)

    def _is_published(self, cell: _Cell) -> bool:
        place, column = cell
        return column != NOT_SHOWN and self.rows[place].published

    def _apart(self, cell: _Cell) -> int:
        """Return how far apart the limits of a count must be; of fewer people than that, anything must be possible."""
        return min(SMALL, self.rows[cell[0]].counts.base)

    def _together(self, cell: _Cell) -> Iterator[_Cell]:
        """Yield what is hidden with a count: of two answers neither can be hidden without the other."""
        place, _ = cell
        yield from ((place, column) for column in self._columns) if len(self._columns) == 2 else (cell,)
