"""What is said about each standard and criterion, and from which figures?"""

from __future__ import annotations

from collections.abc import Iterator

from audit_engine.analysis.counts import RatingCounts
from audit_engine.analysis.figures import Figure, Register, count_figure, share_figure
from audit_engine.analysis.findings import CriterionFindings, StandardFindings
from audit_engine.analysis.moderation import moderation_figures, moderation_sentence
from audit_engine.analysis.ratings import Basis
from audit_engine.analysis.scoring import headline
from audit_engine.analysis.sentences import Ref, Sentence, Slot, name_list
from audit_engine.analysis.settings import Settings
from audit_engine.analysis.standards import RatedCriterion, RatedStandard
from audit_engine.analysis.wording import say


def standard_figures(standard: RatedStandard) -> Iterator[Figure]:
    """Yield the figures of a standard and its criteria."""
    source = f"ratings in {standard.section.title}"
    yield from ratings_figures(standard.root, standard.counts, source)
    yield from moderation_figures(f"{standard.root}.moderation", standard.moderation, source)
    yield count_figure(f"{standard.root}.criteria", standard.applying, source)
    yield count_figure(f"{standard.root}.criteria-met-by-all", standard.met_by_all, source, base=standard.applying)
    yield count_figure(f"{standard.root}.graded", standard.graded, source)
    yield count_figure(f"{standard.root}.graded-met", standard.graded_met, source, base=standard.graded)
    yield count_figure(f"{standard.root}.strengths", len(standard.listed("strength")), source)
    yield count_figure(f"{standard.root}.gaps", len(standard.listed("gap")), source)
    for criterion in standard.criteria:
        counts, named = criterion.counts, f"ratings of {criterion.item.id}"
        everybody = counts.due + criterion.missing
        yield from ratings_figures(criterion.root, counts, named)
        yield count_figure(f"{criterion.root}.all", everybody, named)
        yield count_figure(f"{criterion.root}.at-most", counts.met + everybody - counts.applicable, named)


def ratings_figures(root: str, counts: RatingCounts, source: str) -> Iterator[Figure]:
    """Yield the figures of one set of ratings."""
    base = counts.applicable
    parts = (("met", counts.met), ("partly met", counts.partly_met), ("not met", counts.not_met))
    yield count_figure(f"{root}.applicable", base, source, parts=parts)
    yield count_figure(f"{root}.met", counts.met, source, base=base)
    yield count_figure(f"{root}.partly-met", counts.partly_met, source, base=base)
    yield count_figure(f"{root}.not-met", counts.not_met, source, base=base)
    yield count_figure(f"{root}.not-applicable", counts.not_applicable, source)
    yield count_figure(f"{root}.unanswered", counts.unanswered, source)
    yield count_figure(f"{root}.answered", base + counts.not_applicable, source)
    yield count_figure(f"{root}.confirmed", counts.confirmed, source, base=base + counts.not_applicable)
    yield count_figure(f"{root}.due", counts.due, source)
    yield share_figure(f"{root}.share-met", counts.met, base, source)
    yield share_figure(f"{root}.share-met-strict", counts.met, counts.due, source)


def standard_findings(standard: RatedStandard, figures: Register, basis: Basis, settings: Settings) -> StandardFindings:
    """Return the standard with its sentences."""
    return StandardFindings(
        standard.section.id, standard.section.title, standard.counts,
        tuple(_criterion(criterion, figures, basis) for criterion in standard.criteria),
        standard.met_by_all, standard.grades, standard.moderation,
        tuple(one.item.id for one in standard.listed("strength")[: settings.listed]),
        tuple(one.item.id for one in standard.listed("gap")[: settings.listed]),
        tuple(_sentences(standard, figures, settings)),
    )  # fmt: skip


def ratings_sentences(root: str, counts: RatingCounts, figures: Register, settings: Settings) -> Iterator[Sentence]:
    """Yield the share met, with its pair where too much was left blank, and how many ratings were confirmed."""
    slots = {
        "k": figures[f"{root}.met"],
        "n": figures[f"{root}.applicable"],
        "share": figures[f"{root}.share-met"],
        "p": figures[f"{root}.partly-met"],
        "q": figures[f"{root}.not-met"],
    }
    yield say("overall", **slots)
    if headline(counts, settings).with_blanks is not None:
        strict = figures[f"{root}.share-met-strict"]
        yield say("overall-blanks", **slots, m=figures[f"{root}.due"], strict=strict)
    if counts.confirmed:
        yield say("confirmed", c=figures[f"{root}.confirmed"], n=figures[f"{root}.answered"])


def setting_figures(settings: Settings) -> Iterator[Figure]:
    """Yield the thresholds that sentences name."""
    for name, threshold in (("strength", settings.strength), ("gap", settings.gap)):
        yield share_figure(f"setting.{name}", threshold.numerator, threshold.denominator, "method settings")


def _sentences(standard: RatedStandard, figures: Register, settings: Settings) -> Iterator[Sentence]:
    root = standard.root
    if not standard.counts.due:
        yield say("overall-none")
        return
    yield from ratings_sentences(root, standard.counts, figures, settings)
    yield say("met-by-all", a=figures[f"{root}.criteria-met-by-all"], c=figures[f"{root}.criteria"])
    if standard.graded:
        yield say("graded", k=figures[f"{root}.graded-met"], n=figures[f"{root}.graded"])
    for kind, listed in (("strength", standard.listed("strength")), ("gap", standard.listed("gap"))):
        if listed:
            refs = Ref(name_list(tuple(one.item.short_id for one in listed)))
            yield say(f"{kind}s", c=figures[f"{root}.{kind}s"], share=figures[f"setting.{kind}"], refs=refs)
    panels = moderation_sentence(f"{root}.moderation", standard.moderation, figures)
    if panels is not None:
        yield panels


def _criterion(criterion: RatedCriterion, figures: Register, basis: Basis) -> CriterionFindings:
    item = criterion.item
    return CriterionFindings(
        item.id, item.short_id, item.text, item.section, item.tags, item.critical, item.universal, criterion.counts,
        criterion.moderation, criterion.listed_as, _level(criterion, figures, basis),
    )  # fmt: skip


def _level(criterion: RatedCriterion, figures: Register, basis: Basis) -> Sentence:
    """Say how a criterion was rated: among all it applies to, or with bounds where ratings are missing."""
    root, counts = criterion.root, criterion.counts
    slots: dict[str, Slot] = {"ref": Ref(criterion.item.short_id)}
    names = {
        "k": "met", "n": "applicable", "p": "partly-met", "q": "not-met", "all": "all", "top": "at-most",
    }  # fmt: skip
    slots |= {slot: figures[f"{root}.{name}"] for slot, name in names.items()}
    if not counts.applicable:
        return say("level-none", **slots)
    if criterion.missing or counts.unanswered:
        return say("level-incomplete", **slots)
    return say("level-self" if basis == "self" else "level-final", **slots)
