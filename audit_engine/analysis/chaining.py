"""How do three audits compare, link by link and directly?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from audit_engine.analysis.change import Comparison, Filters
from audit_engine.analysis.comparison import EVERYTHING, compare
from audit_engine.analysis.ratings import CycleRatings, OrganisationLink
from audit_engine.analysis.settings import Settings
from audit_engine.definition.lineage import chain, lineage_between


@dataclass(frozen=True, slots=True)
class Link:
    """One link of a chain: met then and now, of the same pairs."""

    met1: int
    met2: int
    pairs: int


@dataclass(frozen=True, slots=True)
class ChainedChange:
    """Changes in percentage points, link by link and added up.

    The sum may be shown only as "linked", with each link's base: the links rest on
    different organisations and criteria.  None stands for a link without pairs.
    """

    links: tuple[Link, ...]
    link_pp: tuple[float | None, ...]
    chained_pp: float | None


@dataclass(frozen=True)
class ThreeCycles:
    """Three audits: each link on its own pairs, and the ends directly on what stayed the same all the way."""

    first_link: Comparison
    second_link: Comparison
    direct: Comparison
    linked: ChainedChange


def chain_pp(links: Sequence[Link]) -> ChainedChange:
    """Return each link's change of the share met in percentage points, and their sum (methods section 5)."""
    points = tuple(100 * (link.met2 - link.met1) / link.pairs if link.pairs else None for link in links)
    known = [point for point in points if point is not None]
    return ChainedChange(tuple(links), points, sum(known) if len(known) == len(points) else None)


def three_cycles(
    first: CycleRatings,
    second: CycleRatings,
    third: CycleRatings,
    organisation_links: Sequence[OrganisationLink] = (),
    filters: Filters = EVERYTHING,
    settings: Settings | None = None,
    late_links: Sequence[OrganisationLink] | None = None,
) -> ThreeCycles:
    """Compare three audits: link by link, and first with third on criteria that stayed the same in both links.

    A filter by standard or tag names those of each comparison's later version.
    ``organisation_links`` are those of the first period and ``late_links`` of the
    second; None: they were not told apart, and each is used where it took effect.
    Raises what ``compare`` raises.
    """
    versions = [cycle.questionnaire for cycle in (first, second, third)]
    early = compare(first, second, lineage_between(*versions[:2]), organisation_links, filters, settings)
    later = organisation_links if late_links is None else late_links
    every = tuple(dict.fromkeys((*organisation_links, *later)))
    late = compare(second, third, lineage_between(*versions[1:]), later, filters, settings)
    direct = compare(first, third, chain(versions), every, filters, settings)
    links = [Link(one.headline.met_then, one.headline.met_now, one.headline.pairs) for one in (early, late)]
    return ThreeCycles(early, late, direct, chain_pp(links))
