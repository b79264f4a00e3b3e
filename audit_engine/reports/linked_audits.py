"""How do three audits compare, link by link and directly?"""

from __future__ import annotations

from audit_engine.analysis.chain_wording import chain_register, chain_sentences
from audit_engine.analysis.chaining import Link, ThreeCycles
from audit_engine.analysis.change import Comparison
from audit_engine.analysis.rounding import points_text
from audit_engine.reports.blocks import Block, Cell, Heading, Table
from audit_engine.reports.wording import counts, quoted, said, shows


def blocks(three: ThreeCycles) -> tuple[Block, ...]:
    """Return what three audits show; the sum of the links is only ever called linked, with each link's base."""
    table = _table(three)
    return (
        Heading("Over three audits", anchor="linked"),
        *said(*chain_sentences(three, chain_register(three))),
        shows(table.id, "each link on its own organisations and criteria"),
        table,
    )


def _table(three: ThreeCycles) -> Table:
    linked, direct = three.linked, three.direct.headline
    whole = Link(direct.met_then, direct.met_now, direct.pairs)
    points = 100 * (whole.met2 - whole.met1) / whole.pairs if whole.pairs else None
    rows = (
        (_link(three.first_link), *_numbers(three.first_link, linked.links[0], linked.link_pp[0])),
        (_link(three.second_link), *_numbers(three.second_link, linked.links[1], linked.link_pp[1])),
        (quoted(f"{_named(three.direct)}, directly"), *_numbers(three.direct, whole, points)),
    )
    return Table(
        "linked-audits",
        "Three audits, link by link and directly",
        ("Link", "Organisations", "Criteria", "Pairs", "Met then", "Met now", "Points"),
        rows,
        widths=(0.3, 0.13, 0.12, 0.11, 0.12, 0.12, 0.1),
        notes=(
            "Points: change of the share met in percentage points; [z] where nothing was rated both times. Directly: "
            "only criteria with the same meaning all the way, and organisations that returned the first and the last "
            "audit.",
        ),
    )


def _numbers(comparison: Comparison, link: Link, points: float | None) -> tuple[Cell, ...]:
    matched = comparison.matched
    shown = "[z]" if points is None or not matched.enough else points_text(points / 100)
    return (
        *counts(matched.organisations, matched.criteria, link.pairs, link.met1, link.met2),
        Cell(shown, number=True),
    )


def _link(comparison: Comparison) -> Cell:
    return quoted(_named(comparison))


def _named(comparison: Comparison) -> str:
    return f"{comparison.baseline.version} to {comparison.current.version}"
