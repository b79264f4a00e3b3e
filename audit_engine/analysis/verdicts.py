"""Which of the permitted verdicts does a change allow?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from audit_engine.analysis.change import Matched, Movement, NetBounds, VerdictKind
from audit_engine.analysis.ratings import Code
from audit_engine.analysis.settings import Settings
from audit_engine.analysis.tables import Codes

_BY_SIGN: tuple[VerdictKind, VerdictKind, VerdictKind] = ("same", "rose", "fell")


def sign(number: int) -> int:
    """Return 1, 0 or -1."""
    return (number > 0) - (number < 0)


def bounded_net(net: int, only_then: Codes, only_now: Codes, neither: Sequence[int]) -> NetBounds:
    """Return what the net could be, whatever the missing returns would have said.

    The tables hold the ratings, on the criteria compared, of organisations whose
    other return is missing; ``neither`` holds, for each organisation without any,
    how many of the criteria it would be asked.  A rating that was met could be lost
    and one below met could be gained; the other way round for a return that is
    missing then.
    """
    met_then, below_then = _met_and_below(only_then)
    met_now, below_now = _met_and_below(only_now)
    return NetBounds(
        missing=len(only_then) + len(only_now) + 2 * len(neither),
        low=net - met_then - below_now - sum(neither),
        high=net + below_then + met_now + sum(neither),
    )


def sign_holds(bounds: NetBounds) -> bool:
    """Tell whether the missing returns leave the direction as it is."""
    return sign(bounds.low) == sign(bounds.high)


def enough_matched(organisations: int, in_scope_then: int, in_scope_now: int, settings: Settings) -> bool:
    """Tell whether the matched organisations are enough of both audits to speak of the whole partnership."""
    return organisations >= settings.matched_floor * max(in_scope_then, in_scope_now)


def verdict_on(movement: Movement, matched: Matched, bounds: NetBounds) -> VerdictKind:
    """Return the verdict on the whole partnership's change (methods section 6)."""
    if movement.pairs == 0:
        return "nothing-to-compare"
    if not matched.enough:
        return "not-enough-matched"
    if not sign_holds(bounds):
        return "cannot-be-stated"
    return _BY_SIGN[sign(movement.net)]


def _met_and_below(codes: Codes) -> tuple[int, int]:
    met = int(np.count_nonzero(codes == Code.MET))
    return met, int(np.count_nonzero(codes >= Code.NOT_MET)) - met
