"""Did the same organisations move one way more than the other?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import erfc, sqrt

from audit_engine.analysis.statistics.intervals import normal_quantile, score_interval

Limits = tuple[float, float]
_CLOSE = 1e-12


@dataclass(frozen=True, slots=True)
class McNemar:
    """P-values of lost against gained; the last two are None where nobody changed."""

    p_exact: float
    p_midp: float
    p_asymptotic: float | None
    min_attainable_midp: float | None


@dataclass(frozen=True, slots=True)
class SignFlip:
    """The net change over organisations, and how often signs at random would give one as large."""

    net: int
    p_exact: float
    z: float | None
    p_normal: float | None


@dataclass(frozen=True, slots=True)
class PairedDifference:
    """Share met now less share met then, of the same n; ``tango`` is the interval that is printed."""

    n: int
    p1: float
    p2: float
    diff: float
    agresti_min: Limits
    bonett_price: Limits
    tango: Limits
    newcombe_paired: Limits


def mcnemar(lost_met: int, gained_met: int) -> McNemar:
    """Return McNemar's test (1947), exact and as mid-p, the default (Fagerland, Lydersen and Laake 2013).

    Where nobody changed p is 1: print "no agency changed".  Where as many were lost
    as gained the mid-p is 1 less half the chance of just that.
    """
    movers, fewer = lost_met + gained_met, min(lost_met, gained_met)
    if movers == 0:
        return McNemar(1.0, 1.0, None, None)
    ways, tail, just = 2**movers, 1, 1
    for k in range(fewer):  # each count of ways follows from the one before, exactly
        just = just * (movers - k) // (k + 1)
        tail += just
    midp = 1 - just / (2 * ways) if lost_met == gained_met else (2 * tail - just) / ways
    chi = abs(gained_met - lost_met) / sqrt(movers)
    return McNemar(min(1.0, 2 * tail / ways), midp, erfc(chi / sqrt(2)), 1 / ways)


def sign_flip_cluster(net_by_agency: Sequence[int]) -> SignFlip:
    """Return the exact sign-flip test of net changes, the organisation being the unit (methods 4.9).

    An organisation's judgements hang together, so each keeps or turns its whole net
    change (Fisher 1935).  All patterns are counted by convolution; those without a net
    change drop out.  z squared is the clustered statistic of Durkalski and others (2003)
    for equal numbers of pairs; None where nobody has a net change.
    """
    import numpy as np

    net, sizes = sum(net_by_agency), [abs(one) for one in net_by_agency if one]
    if not sizes:
        return SignFlip(0, 1.0, None, None)
    reach = sum(sizes)
    chances = np.zeros(2 * reach + 1)
    chances[reach] = 1.0
    for size in sizes:
        chances = (np.roll(chances, size) + np.roll(chances, -size)) / 2
    as_large = np.abs(np.arange(-reach, reach + 1)) >= abs(net)
    z = net / sqrt(sum(size * size for size in sizes))
    return SignFlip(net, min(1.0, float(chances[as_large].sum())), z, erfc(abs(z) / sqrt(2)))


def paired_difference_ci(
    both: int, lost: int, gained: int, neither: int, conf: float = 0.95
) -> PairedDifference | None:
    """Return the change of the share met among the same organisations with four intervals, or None without any.

    Tango's score interval (1998) is the default; Agresti and Min (2005) the closed form
    to fall back on; Bonett and Price (2012) and Newcombe (1998, paired method 10) for
    reference.  Needs scipy, so it is for the worker.
    """
    n = both + lost + gained + neither
    if n == 0:
        return None
    z = normal_quantile(conf)
    return PairedDifference(
        n, (both + lost) / n, (both + gained) / n, (gained - lost) / n,
        _agresti_min(lost, gained, n, z), _bonett_price(lost, gained, n, z), _tango(lost, gained, n, z),
        _newcombe_paired(both, lost, gained, neither, conf),
    )  # fmt: skip


def _agresti_min(lost: int, gained: int, n: int, z: float) -> Limits:
    centre = (gained - lost) / (n + 2)
    spread = z * sqrt(lost + gained + 1 - (gained - lost) ** 2 / (n + 2)) / (n + 2)
    return _within(centre - spread, centre + spread)


def _bonett_price(lost: int, gained: int, n: int, z: float) -> Limits:
    up, down = (gained + 1) / (n + 2), (lost + 1) / (n + 2)
    spread = z * sqrt((up + down - (up - down) ** 2) / (n + 2))
    return _within(up - down - spread, up - down + spread)


def _newcombe_paired(both: int, lost: int, gained: int, neither: int, conf: float) -> Limits:
    n = both + lost + gained + neither
    then, now = score_interval((both + lost) / n, n, conf), score_interval((both + gained) / n, n, conf)
    phi = _correlation(both, lost, gained, neither)
    diff = now.p - then.p
    below, above = (now.p - now.lower, then.upper - then.p), (now.upper - now.p, then.p - then.lower)
    return diff - _joint(*below, phi), diff + _joint(*above, phi)


def _joint(one: float, other: float, phi: float) -> float:
    return sqrt(max(0.0, one * one - 2 * phi * one * other + other * other))


def _correlation(both: int, lost: int, gained: int, neither: int) -> float:
    """Return how then and now hang together, drawn towards none as in Newcombe's method 10."""
    n = both + lost + gained + neither
    margins = (both + lost) * (gained + neither) * (both + gained) * (lost + neither)
    cross = both * neither - lost * gained
    if margins == 0:
        return 0.0
    return (max(cross - n / 2, 0) if cross > 0 else cross) / sqrt(margins)


def _tango(lost: int, gained: int, n: int, z: float) -> Limits:
    diff = (gained - lost) / n

    def above(delta: float) -> float:
        return gained - lost - n * delta - z * _tango_spread(delta, lost, gained, n)

    def below(delta: float) -> float:
        return gained - lost - n * delta + z * _tango_spread(delta, lost, gained, n)

    # Just beside the difference itself: where nobody changed, the spread is 0 there, which is no limit.
    return _root(above, -1.0, diff - _CLOSE), _root(below, 1.0, diff + _CLOSE)


def _tango_spread(delta: float, lost: int, gained: int, n: int) -> float:
    """Return the standard error, times n, if ``delta`` were true: by the likeliest share lost under it."""
    a = 2 * n
    b = -lost - gained + (2 * n + lost - gained) * delta
    c = -lost * delta * (1 - delta)
    q = (sqrt(max(0.0, b * b - 4 * a * c)) - b) / (2 * a)
    return sqrt(max(0.0, n * (2 * q + delta * (1 - delta))))


def _root(function: Callable[[float], float], end: float, near: float) -> float:
    from scipy.optimize import brentq

    if abs(near) >= 1:  # all of them changed, and the same way
        return end
    return float(brentq(function, end, near, xtol=1e-13))


def _within(lower: float, upper: float) -> Limits:
    return max(-1.0, lower), min(1.0, upper)
