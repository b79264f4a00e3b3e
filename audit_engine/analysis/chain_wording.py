"""What can be said about three audits, and how is it written as plain values?"""

from __future__ import annotations

from collections.abc import Iterator

from audit_engine.analysis.chaining import ThreeCycles
from audit_engine.analysis.change_wording import headline_sentences
from audit_engine.analysis.comparison_figures import comparison_register
from audit_engine.analysis.comparison_json import as_json
from audit_engine.analysis.figures import Figure, Register, count_figure, points_figure, register
from audit_engine.analysis.sentences import Ref, Sentence, Slot
from audit_engine.analysis.wording import say

_LINKS = ("one", "two")


def chain_register(three: ThreeCycles) -> Register:
    """Return the figures of three audits: those of each link by itself and of the sum, which is only ever "linked"."""
    return register(_figures(three))


def chain_sentences(three: ThreeCycles, figures: Register) -> tuple[Sentence, ...]:
    """Return the linked change with each link's base, and the direct one on what stayed the same all the way.

    Where a link or the direct comparison matched too few organisations to speak of all,
    its reason stands in place of a change.
    """
    return tuple(_sentences(three, figures))


def chain_json(three: ThreeCycles) -> dict[str, object]:
    """Return three audits as plain values; points are percentage points."""
    figures = chain_register(three)
    linked = three.linked
    return {
        "label": "linked: each link rests on its own organisations and criteria",
        "links": [
            {"met_then": link.met1, "met_now": link.met2, "pairs": link.pairs, "points": points}
            for link, points in zip(linked.links, linked.link_pp, strict=True)
        ],
        "linked_points": linked.chained_pp,
        "first_link": as_json(three.first_link),
        "second_link": as_json(three.second_link),
        "direct": as_json(three.direct),
        "sentences": [sentence.text for sentence in chain_sentences(three, figures)],
        "figures": figures.as_json(),
    }


def _figures(three: ThreeCycles) -> Iterator[Figure]:
    source = f"{three.first_link.baseline.title}, {three.first_link.current.title} and {three.direct.current.title}"
    linked = three.linked
    for name, link, points in zip(_LINKS, linked.links, linked.link_pp, strict=True):
        yield count_figure(f"linked.{name}.met-then", link.met1, source, base=link.pairs)
        yield count_figure(f"linked.{name}.met-now", link.met2, source, base=link.pairs)
        yield count_figure(f"linked.{name}.pairs", link.pairs, source)
        if points is not None:
            yield points_figure(f"linked.{name}.points", points / 100, source)
    if linked.chained_pp is not None:
        yield points_figure("linked.points", linked.chained_pp / 100, source)
    direct = three.direct.headline
    yield count_figure("linked.direct.met-then", direct.met_then, f"{source}, direct", base=direct.pairs)
    yield count_figure("linked.direct.met-now", direct.met_now, f"{source}, direct", base=direct.pairs)
    yield count_figure("linked.direct.pairs", direct.pairs, f"{source}, direct")


def _sentences(three: ThreeCycles, figures: Register) -> Iterator[Sentence]:
    names = {
        "first": Ref(three.first_link.baseline.version),
        "second": Ref(three.first_link.current.version),
        "third": Ref(three.direct.current.version),
    }
    short = [one for one in (three.first_link, three.second_link) if not one.matched.enough]
    if short:
        for comparison in short:
            yield from headline_sentences(comparison, comparison_register(comparison))
    elif three.linked.chained_pp is None:
        yield say("linked-broken")
    else:
        yield say("linked", **names, **_linked(figures))
    if not three.direct.matched.enough:
        yield from headline_sentences(three.direct, comparison_register(three.direct))
    elif three.direct.headline.pairs:
        slots = {"a": "met-then", "b": "met-now", "n": "pairs"}
        yield say("linked-direct", **names, **{slot: figures[f"linked.direct.{name}"] for slot, name in slots.items()})


def _linked(figures: Register) -> dict[str, Slot]:
    slots = {"d": "points", "a": "met-then", "b": "met-now", "n": "pairs"}
    parts: dict[str, Slot] = {
        f"{slot}_{link}": figures[f"linked.{link}.{name}"] for link in _LINKS for slot, name in slots.items()
    }
    return parts | {"d": figures["linked.points"]}
