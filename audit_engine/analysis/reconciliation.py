"""How does the raw count of criteria met in one year become that of the other?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from audit_engine.analysis.change import Reconciliation, ReconciliationLine
from audit_engine.analysis.movement import Transitions
from audit_engine.analysis.ratings import Code
from audit_engine.analysis.tables import Codes, Indices, cells

LABELS = {
    "like-for-like": "Same organisations, same criteria: gained and lost",
    "not-applicable": "Same organisations, same criteria: to and from not applicable",
    "blank": "Same organisations, same criteria: to and from blank or not asked",
    "changed-scope": "Criteria with a wider or narrower meaning: gained and lost",
    "changed-scope-base": "Criteria with a wider or narrower meaning: to and from not applicable, blank or not asked",
    "merged-split": "Criteria merged or split: earlier ones out, later ones in",
    "dropped": "Criteria dropped, folded into others or moved elsewhere",
    "new": "New criteria",
    "not-returned": "Organisations in scope both times that returned once only",
    "reorganised": "Organisations that merged, split or changed boundaries: earlier ones out, later ones in",
    "left": "Organisations that left",
    "joined": "Organisations that joined",
}


class LinesDoNotSum(ArithmeticError):
    """The lines of a reconciliation do not explain the change: a criterion or organisation was counted twice or not."""

    def __init__(self, reconciliation: Reconciliation) -> None:
        explained = sum(line.net for line in reconciliation.lines)
        super().__init__(
            f"The count of criteria met went from {reconciliation.met_then} to {reconciliation.met_now}, "
            f"a change of {reconciliation.change}, but the lines of the reconciliation explain {explained}. "
            "Check that the lineage names each criterion once."
        )


@dataclass(frozen=True)
class Side:
    """One audit's table and the rows of each kind of organisation in it."""

    codes: Codes
    matched: Indices
    once: Indices
    reorganised: Indices
    alone: Indices  # left, or joined
    columns: Indices
    bridged: Indices
    listed: Indices  # dropped, folded and moved; or new

    def met(self, rows: Indices, columns: Indices) -> int:
        """Count the ratings met in some rows and columns."""
        return int(np.count_nonzero(cells(self.codes, rows, columns) == Code.MET))

    @property
    def met_in_all(self) -> int:
        """Count the ratings met of every organisation looked at."""
        rows = np.concatenate((self.matched, self.once, self.reorganised, self.alone))
        return self.met(rows, self.columns)


def reconcile(then: Side, now: Side, like: Transitions, changed: Transitions) -> Reconciliation:
    """Set out the change line by line; raises LinesDoNotSum.

    ``like`` and ``changed`` are the transitions of matched organisations on
    like-for-like criteria and on those whose meaning widened or narrowed.
    """
    out_of_base = slice(Code.NOT_ASKED, Code.NOT_MET)
    blank = slice(Code.NOT_ASKED, Code.NOT_APPLICABLE)
    rated = slice(Code.NOT_MET, Code.MET)
    taken_added = {
        "like-for-like": _crossing(like, rated),
        "not-applicable": _crossing(like, slice(Code.NOT_APPLICABLE, Code.NOT_MET)),
        "blank": _crossing(like, blank),
        "changed-scope": _crossing(changed, rated),
        "changed-scope-base": _crossing(changed, out_of_base),
        "merged-split": (then.met(then.matched, then.bridged), now.met(now.matched, now.bridged)),
        "dropped": (then.met(then.matched, then.listed), 0),
        "new": (0, now.met(now.matched, now.listed)),
        "not-returned": (then.met(then.once, then.columns), now.met(now.once, now.columns)),
        "reorganised": (then.met(then.reorganised, then.columns), now.met(now.reorganised, now.columns)),
        "left": (then.met(then.alone, then.columns), 0),
        "joined": (0, now.met(now.alone, now.columns)),
    }
    lines = tuple(ReconciliationLine(line, LABELS[line], added, taken) for line, (taken, added) in taken_added.items())
    reconciliation = Reconciliation(then.met_in_all, lines, now.met_in_all)
    if sum(line.net for line in lines) != reconciliation.change:
        raise LinesDoNotSum(reconciliation)
    return reconciliation


def _crossing(table: Transitions, other: slice) -> tuple[int, int]:
    """Return how many went from met to the other codes, and from those to met."""
    return int(table[:, Code.MET, other].sum()), int(table[:, other, Code.MET].sum())
