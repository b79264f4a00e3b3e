"""How far does a comparison reach, beside its headline?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from audit_engine.analysis.bridging import bridge_merge
from audit_engine.analysis.change import Movement
from audit_engine.analysis.change_extent import JointReturns, Moderated, OrganisationBridge
from audit_engine.analysis.movement import matched_pairs_comparison
from audit_engine.analysis.tables import Codes, cells
from audit_engine.analysis.verdicts import sign
from audit_engine.analysis.view import View


def joint_returns(view: View) -> JointReturns | None:
    """Count matched organisations by area; None where one area was read or nobody works in several."""
    if view.current.area is not None:
        return None
    areas = [view.current.organisations[row].areas for row in view.matched_now.tolist()]
    several = sum(len(set(one)) > 1 for one in areas)
    if not several:
        return None
    counted = Counter(area for one in areas for area in set(one))
    return JointReturns(tuple(sorted(counted.items())), several, len(areas))


def moderated(view: View) -> Moderated | None:
    """Return what panels looked at in both audits (methods section 5, "Basis"); None for own ratings or no panel."""
    if view.current.basis != "final":
        return None
    then = cells(view.baseline.moderated, view.matched_then, view.alignment.like.then) & view.paired
    now = cells(view.current.moderated, view.matched_now, view.alignment.like.now) & view.paired
    if not (then.any() or now.any()):
        return None
    both = then & now
    seen = matched_pairs_comparison(view.like_then[both][:, np.newaxis], view.like_now[both][:, np.newaxis])
    pairs, seen_then, seen_now = (int(np.count_nonzero(one)) for one in (view.paired, then, now))
    return Moderated(pairs, seen_then, seen_now, seen)


def organisation_bridges(view: View) -> tuple[OrganisationBridge, ...]:
    """Return merged organisations beside their predecessors read as one (methods section 5).

    Only where the successor and every predecessor returned: the weakest of some is
    not the weakest of all.
    """
    return tuple(_bridges(view))


def _bridges(view: View) -> Iterator[OrganisationBridge]:
    for row, broken in view.matching.joined:
        if broken is None or broken.kind != "merged" or len(broken.rows) < 2:
            continue
        if view.current.returned[row] and view.baseline.returned[list(broken.rows)].all():
            yield _bridge(view, row, broken.rows)


def _bridge(view: View, row: int, predecessors: Sequence[int]) -> OrganisationBridge:
    like, rows = view.alignment.like, np.array(predecessors, dtype=np.intp)
    before = bridge_merge(cells(view.then_codes, rows, like.then).T)
    after = view.now_codes[row].take(like.now)
    weakest, strongest = (_moved(one, after) for one in (before.weakest, before.strongest))
    organisation = view.current.organisations[row]
    names = tuple(view.baseline.organisations[one].name for one in predecessors)
    return OrganisationBridge(
        organisation.id, organisation.name, names, weakest, strongest, sign(weakest.net) == sign(strongest.net)
    )


def _moved(then: Codes, now: Codes) -> Movement:
    return matched_pairs_comparison(then[np.newaxis, :], now[np.newaxis, :])
