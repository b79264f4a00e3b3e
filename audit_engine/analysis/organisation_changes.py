"""Which organisations moved, joined, left, merged, were renamed or did not return?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from audit_engine.analysis.change import Concentration, OrganisationChange, OrganisationKind, OrganisationNet
from audit_engine.analysis.movement import net_by_organisation
from audit_engine.analysis.organisations import Break
from audit_engine.analysis.ratings import Code, CycleRatings
from audit_engine.analysis.settings import Settings
from audit_engine.analysis.tables import Codes, Indices
from audit_engine.analysis.view import View


def organisation_changes(view: View) -> tuple[OrganisationChange, ...]:
    """Name every organisation that is outside the matched set or was renamed, with its count met in each audit."""
    met_then = _met(view.baseline, view.then_codes, view.alignment.then_columns)
    met_now = _met(view.current, view.now_codes, view.alignment.now_columns)
    return (
        *_continuing(view, met_then, met_now),
        *(_unmatched(view.baseline, row, broken, "left", met_then[row], None) for row, broken in view.matching.left),
        *(_unmatched(view.current, row, broken, "joined", None, met_now[row]) for row, broken in view.matching.joined),
    )


def organisation_nets(view: View) -> tuple[OrganisationNet, ...]:
    """Return each matched organisation's like-for-like movement, in the order of the current audit's table."""
    found = net_by_organisation(view.like_then, view.like_now)
    organisations = [view.current.organisations[row] for row in view.matched_now.tolist()]
    nets = [OrganisationNet(o.id, o.name, o.sector, *counts) for o, counts in zip(organisations, found, strict=True)]
    return tuple(nets[place] for place in np.argsort(view.matched_now, kind="stable").tolist())


def concentration(nets: Iterable[OrganisationNet], settings: Settings) -> Concentration | None:
    """Return the organisations that each made more than the threshold's share of the gains, if any did."""
    gains = [(net.name, net.gained) for net in nets if net.gained]
    everything, part = sum(gained for _, gained in gains), settings.concentration
    large = [(name, gained) for name, gained in gains if gained * part.denominator > part.numerator * everything]
    if not large:
        return None
    return Concentration(tuple(name for name, _ in large), sum(gained for _, gained in large), everything)


def _met(ratings: CycleRatings, codes: Codes, columns: Indices) -> list[int | None]:
    """Return how many criteria each organisation met; None without a return."""
    met = np.count_nonzero(codes.take(columns, axis=1) == Code.MET, axis=1).tolist()
    return [count if back else None for count, back in zip(met, ratings.returned.tolist(), strict=True)]


def _continuing(view: View, met_then: list[int | None], met_now: list[int | None]) -> Iterator[OrganisationChange]:
    """Yield those in scope both times that were renamed or did not return both times; one may be both."""
    for then, now in view.matching.continuing:
        before, after = view.baseline.organisations[then], view.current.organisations[now]
        if before.id != after.id or before.name != after.name:
            yield OrganisationChange(after.id, after.name, "renamed", met_then[then], met_now[now], (before.name,))
        missing = _missing(met_then[then] is None, met_now[now] is None)
        if missing:
            yield OrganisationChange(after.id, after.name, missing, met_then[then], met_now[now])


def _missing(then: bool, now: bool) -> OrganisationKind | None:
    if then and now:
        return "not-returned-either"
    if then:
        return "not-returned-then"
    return "not-returned-now" if now else None


def _unmatched(
    ratings: CycleRatings,
    row: int,
    broken: Break | None,
    kind: OrganisationKind,
    met_then: int | None,
    met_now: int | None,
) -> OrganisationChange:
    organisation = ratings.organisations[row]
    if broken is None:
        return OrganisationChange(organisation.id, organisation.name, kind, met_then, met_now)
    return OrganisationChange(
        organisation.id, organisation.name, broken.kind, met_then, met_now, broken.others, broken.note
    )
