"""How likely is so small a count, if the true share is known?"""

from __future__ import annotations

from math import exp, lgamma, log


def binomial_cdf(k: int, n: int, p: float) -> float:
    """Return the chance of k or fewer of n, each with chance p: 0 below nothing, 1 from n on.

    Summed term by term through logarithms of factorials, so that large n do not overflow.
    """
    if k < 0:
        return 0.0
    if k >= n or p <= 0:
        return 1.0
    if p >= 1:
        return 0.0
    ways = lgamma(n + 1)
    terms = (exp(ways - lgamma(i + 1) - lgamma(n - i + 1) + i * log(p) + (n - i) * log(1 - p)) for i in range(k + 1))
    return min(1.0, sum(terms))
