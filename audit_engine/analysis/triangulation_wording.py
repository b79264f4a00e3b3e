"""What may be said where an organisation's rating stands beside its staff's answers?

Always as a question for the panel, never as an accusation: staff answers change
no rating (methods sections 8 and 13.1).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from audit_engine.analysis.disclosure import Figure as StaffFigure
from audit_engine.analysis.figures import Figure, count_figure, share_figure
from audit_engine.analysis.sentences import Names, Pattern, Ref, Sentence, Slot
from audit_engine.analysis.suppression import LEAST_BASE
from audit_engine.analysis.triangulation import Assurance, ClassName, PanelView, StaffLevel
from audit_engine.analysis.triangulation_values import (
    Cell,
    Claimed,
    MappedCriterion,
    MappedView,
    Organisation,
    Seen,
    Tally,
    Triangulation,
)

#: Up to this base the rule is so cautious that a true claim often reads as a mixed picture.
FEW_ANSWERS = 20
_FINE = 1_000_000
CLASS_LABELS: Mapping[ClassName, str] = MappingProxyType(
    {
        "corroborated": "Corroborated",
        "mixed picture": "Mixed picture",
        "claimed but not seen by staff": "Claimed but not seen by staff: a question for the panel",
        "staff ahead of claim": "Staff ahead of the claim",
        "agreed gap": "Agreed gap",
        "insufficient responses": "Too few replies",
        "not compared": "Not compared",
    }
)
SHORT_LABELS: Mapping[ClassName, str] = MappingProxyType(
    {**CLASS_LABELS, "claimed but not seen by staff": "Question for the panel"}
)
LETTERS: Mapping[ClassName, str] = MappingProxyType(
    {
        "corroborated": "C", "mixed picture": "M", "claimed but not seen by staff": "Q", "staff ahead of claim": "S",
        "agreed gap": "G", "insufficient responses": "F", "not compared": "–",
    }
)  # fmt: skip
#: How an address or a command names a class.
SLUGS: Mapping[str, ClassName] = MappingProxyType(
    {
        "corroborated": "corroborated", "mixed-picture": "mixed picture",
        "claimed-not-seen": "claimed but not seen by staff", "staff-ahead": "staff ahead of claim",
        "agreed-gap": "agreed gap", "too-few-replies": "insufficient responses", "not-compared": "not compared",
    }
)  # fmt: skip
CLASS_MEANINGS: Mapping[ClassName, str] = MappingProxyType(
    {
        "corroborated": "Staff answers are consistent with the rating.",
        "mixed picture": "Staff answers neither support the rating clearly nor speak against it; often there "
        "are too few answers to tell.",
        "claimed but not seen by staff": "Rated met, but fewer staff gave an answer that fits than the floor set "
        "before the survey. That does not show that the criterion is unmet.",
        "staff ahead of claim": "Staff answers are better than the organisation's own rating.",
        "agreed gap": "The organisation sees a gap and so do its staff. That is honest reporting.",
        "insufficient responses": "Fewer than the least number of staff answered, or their answers cannot be shown "
        "without giving away those of a few others. It says nothing about the criterion.",
        "not compared": "Not applicable, not rated, or staff were not asked.",
    }
)  # fmt: skip
ASSURANCE_LABELS: Mapping[Assurance, str] = MappingProxyType(
    {
        "strong": "Strong",
        "supported": "Supported",
        "self-reported only": "Self-reported only",
        "contested": "For the panel's agenda",
    }
)
ASSURANCE_MEANINGS: Mapping[Assurance, str] = MappingProxyType(
    {
        "strong": "the panel agrees, there is at least a dated document on file, and staff answers corroborate it.",
        "supported": "two of these three hold, and nothing contradicts.",
        "self-reported only": "fewer than two hold, and nothing contradicts.",
        "contested": "the panel's rating is lower, staff do not see it, or evidence was asked for and not found.",
    }
)
RATED: Mapping[Claimed, str] = MappingProxyType(
    {
        "met": "met",
        "partly-met": "partly met",
        "not-met": "not met",
        "not-applicable": "not applicable",
        "": "not rated",
    }
)
PANEL_LABELS: Mapping[PanelView, str] = MappingProxyType(
    {
        "agrees": "Agrees", "higher": "Higher", "lower": "Lower", "not applicable": "Says it does not apply",
        "not looked at": "Not looked at",
    }
)  # fmt: skip
EVIDENCE_LABELS: Mapping[int, str] = MappingProxyType(
    {0: "None found", 1: "Asserted", 2: "Dated document", 3: "Document and effect"}
)
LEVEL_LABELS: Mapping[StaffLevel, str] = MappingProxyType(
    {"seen": "Seen", "partly seen": "Partly seen", "not seen": "Not seen"}
)
NOT_THIS_ORGANISATION = "Not this organisation"
LIMITS = "Staff who answered may differ from those who did not. Staff answers never change a rating."

_RATED = "{organisation} rated {ref} as {rating}. "
_SAID = _RATED + "{x} of {n} of its staff ({share}) gave an answer consistent with "
_WORDS: Mapping[str, str] = {
    "corroborated": _SAID + "the rating.",
    "corroborated-partly": _SAID + "met: not enough to speak for met, and not so few as to speak against partly met.",
    "mixed": _SAID + "met, neither clearly enough nor clearly too few. A question for the panel: is this in place "
    "everywhere, or in some parts?",
    "mixed-few": "With so few answers a true claim often reads as a mixed picture.",
    "range": "The figure for all of its staff is likely to lie between {low} and {high}, if those who answered are "
    "typical.",
    "not-seen": _SAID + "that, below the {floor} floor set before the survey. This does not show the criterion is "
    "unmet; it is a question for the panel.",
    "ahead": _SAID + "met, higher than the organisation's own rating suggests. A question for the panel: what does the "
    "organisation still miss?",
    "gap": _SAID + "met. The organisation and its staff see the same gap. A question for the panel: what will be done, "
    "and by when?",
    "few-hidden": _RATED + "Fewer than {least} of its staff answered, or their answers cannot be shown without giving "
    "away those of a few others: too few to compare.",
    "few-shown": _RATED + "Only {n} of its staff answered, too few to compare.",
    "sector": "Not this organisation: of its sector's staff who answered, {x} of {n} ({share}) gave such an answer.",
    "spread": "{x} of {n} staff ({share}) answered from one team, {team}, so the answers are not taken to speak for "
    "the whole organisation.",
    "guarded": "In {k} {k:organisation|organisations} one team gave more than half of the answers. They are not taken "
    "to speak for all of it, so results there are no better than a mixed picture.",
    "agency": "Of the {s} {s:criterion|criteria} that organisations rate as met, with enough replies, {c} {c:is|are} "
    "corroborated and {d} {d:is|are} claimed but not seen by staff. The survey could test {s} of the {m} "
    "{m:criterion|criteria} that organisations rate as met.",
    "comparisons": "{k} {k:comparison was|comparisons were} made. If in each just the target share of staff would "
    "agree, chance alone would show up to {flags} as claimed but not seen.",
    "no-comparisons": "No comparison could be made.",
    "contested": "{k} {k:criterion|criteria} {k:is|are} for the panel's agenda: staff did not see {k:it|them}, or the "
    "panel rates {k:it|them} lower.",
}
PATTERNS: Mapping[str, Pattern] = MappingProxyType(
    {name: Pattern(f"triangulation-{name}", words) for name, words in _WORDS.items()}
)
_OF_CLASS: Mapping[ClassName, str] = {
    "corroborated": "corroborated", "mixed picture": "mixed", "claimed but not seen by staff": "not-seen",
    "staff ahead of claim": "ahead", "agreed gap": "gap",
}  # fmt: skip


def cell_sentences(organisation: Organisation, criterion: MappedCriterion, cell: Cell) -> tuple[Sentence, ...]:
    """Return what may be said of one criterion of one organisation; () where nothing was compared."""
    if cell.cls == "not compared":
        return ()
    view, seen = _spoken_of(criterion, cell)
    slots = _slots(organisation, criterion, cell, view, seen)
    if cell.cls == "insufficient responses":
        return tuple(_on_few(slots, _root(organisation, criterion), seen))
    return tuple(_on_compared(organisation, cell, slots, view, seen))


def _on_few(slots: Mapping[str, Slot], root: str, seen: Seen) -> Iterator[Sentence]:
    yield _say("few-shown" if "n" in slots else "few-hidden", slots)
    if seen.sector is not None:
        yield _say("sector", _of_staff(f"{root}.sector", seen.sector))


def _on_compared(
    organisation: Organisation, cell: Cell, slots: Mapping[str, Slot], view: MappedView, seen: Seen
) -> Iterator[Sentence]:
    partly = cell.cls == "corroborated" and cell.claim == "partly-met"
    yield _say("corroborated-partly" if partly else _OF_CLASS[cell.cls], slots)
    if "low" in slots:
        yield _say("range", slots)
    if cell.capped:
        yield spread_sentence(organisation, view.view.survey)
    elif cell.cls == "mixed picture" and _base(seen) <= FEW_ANSWERS:
        yield _say("mixed-few", slots)


def spread_sentence(organisation: Organisation, survey: str) -> Sentence:
    """Say which team gave more than half of an organisation's answers."""
    spread = organisation.spread[survey]
    figures = _of_staff(f"triangulation.{organisation.id}.team", spread.figure)
    return _say("spread", {**figures, "team": Names((spread.team,))})


def _spoken_of(criterion: MappedCriterion, cell: Cell) -> tuple[MappedView, Seen]:
    """Return the question that a sentence speaks of: the one that gave the class."""
    deciding = [(criterion.views[n], cell.views[n]) for n in criterion.deciding]
    return next((pair for pair in deciding if pair[1].level == cell.level), deciding[0])


def _slots(
    organisation: Organisation, criterion: MappedCriterion, cell: Cell, view: MappedView, seen: Seen
) -> dict[str, Slot]:
    root = _root(organisation, criterion)
    slots: dict[str, Slot] = {
        "organisation": Names((organisation.name,)),
        "ref": Ref(criterion.ref),
        "rating": Names((RATED[cell.claim],)),
        "least": count_figure("triangulation.least-base", LEAST_BASE, "the rule for results about people"),
        "floor": share_figure(
            f"{root}.floor", *view.view.floor.as_integer_ratio(), "the questionnaire, locked before it opened"
        ),
    }
    if seen.figure is not None and seen.figure.count is not None:
        slots |= _of_staff(f"{root}.consistent", seen.figure)
    if seen.lower is not None and seen.upper is not None and seen.lower < seen.upper:
        slots |= {"low": _limit(f"{root}.low", seen.lower), "high": _limit(f"{root}.high", seen.upper)}
    return slots


def _root(organisation: Organisation, criterion: MappedCriterion) -> str:
    return f"triangulation.{organisation.id}.{criterion.id}"


def _base(seen: Seen) -> int:
    return seen.figure.base or 0 if seen.figure is not None else 0


def _of_staff(root: str, figure: StaffFigure) -> dict[str, Slot]:
    """Return count, base and share of a figure that may be seen."""
    count, base = figure.count or 0, figure.base or 0
    source = "the staff survey"
    return {
        "x": count_figure(f"{root}.count", count, source, base=base),
        "n": count_figure(f"{root}.base", base, source),
        "share": share_figure(f"{root}.share", count, base, source),
    }


def _limit(figure_id: str, value: float) -> Figure:
    return share_figure(figure_id, round(value * _FINE), _FINE, "the interval of the share")


def agency_sentence(organisation: Organisation, tally: Tally) -> Sentence:
    """Say how many of an organisation's claims could be tested, and how they came out."""
    return _say("agency", _tally_slots(f"triangulation.{organisation.id}", tally))


def overall_sentences(found: Triangulation) -> tuple[Sentence, ...]:
    """Say the same of all organisations together, with how many comparisons were made and what chance would flag."""
    slots = _tally_slots("triangulation.overall", found.overall)
    if not found.comparisons:
        return (_say("no-comparisons", slots),)
    contested = _count("triangulation.overall.contested", found.overall.assurance["contested"])
    up_to = -(-found.false_flags.numerator // found.false_flags.denominator)
    chance: dict[str, Slot] = {
        "k": _count("triangulation.comparisons", found.comparisons),
        "flags": _count("triangulation.false-flags", up_to),
    }
    return (
        _say("agency", slots),
        *((_say("contested", {"k": contested}),) if contested.value else ()),
        _say("comparisons", chance),
    )


def guard_sentences(found: Triangulation) -> tuple[Sentence, ...]:
    """Say in how many organisations one team gave most answers (methods section 7, spread guard); () for none."""
    guarded = sum(bool(organisation.spread) for organisation in found.organisations)
    return (_say("guarded", {"k": _count("triangulation.overall.guarded", guarded)}),) if guarded else ()


def _tally_slots(root: str, tally: Tally) -> dict[str, Slot]:
    return {
        "s": _count(f"{root}.tested", tally.tested),
        "c": _count(f"{root}.corroborated", tally.corroborated),
        "d": _count(f"{root}.claimed-not-seen", tally.claimed_not_seen),
        "m": _count(f"{root}.met", tally.met),
    }


def _count(figure_id: str, value: int) -> Figure:
    return count_figure(figure_id, value, "the triangulation of this audit")


def _say(name: str, slots: Mapping[str, Slot]) -> Sentence:
    pattern = PATTERNS[name]
    return Sentence(pattern, tuple((slot, slots[slot]) for slot in sorted(pattern.slots)))
