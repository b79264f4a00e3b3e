"""Which organisations moved, joined, left, merged, were renamed or did not return?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from audit_engine.analysis.change import Concentration, OrganisationChange, OrganisationKind, OrganisationNet
from audit_engine.analysis.movement import net_by_organisation
from audit_engine.analysis.organisations import Break
from audit_engine.analysis.ratings import Code, CycleRatings, OrganisationFacts
from audit_engine.analysis.settings import Settings
from audit_engine.analysis.tables import Codes, Indices
from audit_engine.analysis.view import View

_Counted = tuple[int | None, int | None]
_NOT_THERE: _Counted = (None, None)


def organisation_changes(view: View) -> tuple[OrganisationChange, ...]:
    """Name every organisation that is outside the matched set or was renamed, with its count met in each audit."""
    then = _counted(view.baseline, view.then_codes, view.alignment.then_columns)
    now = _counted(view.current, view.now_codes, view.alignment.now_columns)
    left, joined = view.matching.left, view.matching.joined
    return (
        *_continuing(view, then, now),
        *(_unmatched(view.baseline, row, broken, "left", then[row], _NOT_THERE) for row, broken in left),
        *(_unmatched(view.current, row, broken, "joined", _NOT_THERE, now[row]) for row, broken in joined),
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


def _counted(ratings: CycleRatings, codes: Codes, columns: Indices) -> list[_Counted]:
    """Return how many criteria each organisation met, and of how many that applied; None without a return."""
    looked_at = codes.take(columns, axis=1)
    met = np.count_nonzero(looked_at == Code.MET, axis=1).tolist()
    applicable = np.count_nonzero(looked_at >= Code.NOT_MET, axis=1).tolist()
    rows = zip(met, applicable, ratings.returned.tolist(), strict=True)
    return [(count, of) if back else _NOT_THERE for count, of, back in rows]


def _continuing(view: View, then: Sequence[_Counted], now: Sequence[_Counted]) -> Iterator[OrganisationChange]:
    """Yield those in scope both times that were renamed or did not return both times; one may be both."""
    for row_then, row_now in view.matching.continuing:
        before, after = view.baseline.organisations[row_then], view.current.organisations[row_now]
        first, second = then[row_then], now[row_now]
        if before.id != after.id or before.name != after.name:
            yield _change(after, "renamed", first, second, (before.name,))
        missing = _missing(first is _NOT_THERE, second is _NOT_THERE)
        if missing:
            yield _change(after, missing, first, second)


def _missing(then: bool, now: bool) -> OrganisationKind | None:
    if then and now:
        return "not-returned-either"
    if then:
        return "not-returned-then"
    return "not-returned-now" if now else None


def _unmatched(
    ratings: CycleRatings, row: int, broken: Break | None, kind: OrganisationKind, then: _Counted, now: _Counted
) -> OrganisationChange:
    organisation = ratings.organisations[row]
    if broken is None:
        return _change(organisation, kind, then, now)
    return _change(organisation, broken.kind, then, now, broken.others, broken.note)


def _change(
    organisation: OrganisationFacts,
    kind: OrganisationKind,
    then: _Counted,
    now: _Counted,
    others: tuple[str, ...] = (),
    note: str = "",
) -> OrganisationChange:
    (met_then, of_then), (met_now, of_now) = then, now
    return OrganisationChange(
        organisation.id, organisation.name, kind, met_then, met_now, others, note, of_then, of_now
    )
