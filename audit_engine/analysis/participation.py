"""Who took part in an audit, on time, late or not at all?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from audit_engine.analysis.figures import Figure, Register, count_figure, date_figure
from audit_engine.analysis.findings import OrganisationReturn, Participation, ReturnState, SectorParticipation
from audit_engine.analysis.ratings import CycleRatings
from audit_engine.analysis.scoring import organisation_scores
from audit_engine.analysis.sentences import Names, Sentence
from audit_engine.analysis.wording import say


def participation(ratings: CycleRatings, sector_labels: Mapping[str, str]) -> Participation:
    """Count the returns, without sentences as yet; a sector without a label is printed by its id."""
    organisations = _organisations(ratings, sector_labels)
    by_sector: dict[str, list[OrganisationReturn]] = defaultdict(list)
    for organisation in organisations:
        by_sector[organisation.sector].append(organisation)
    return Participation(
        len(organisations), _count(organisations, "on-time"), _count(organisations, "late"),
        _count(organisations, "not-returned"), _names(organisations, "not-returned"), _names(organisations, "late"),
        tuple(_sector(sector, found) for sector, found in by_sector.items()), organisations, (),
    )  # fmt: skip


def participation_figures(found: Participation, cut_off: date | None) -> Iterator[Figure]:
    """Yield the figures of the returns."""
    source, scope = "table of returns", found.in_scope
    parts = (("on time", found.on_time), ("late", found.late))
    yield count_figure("returns.in-scope", scope, source)
    yield count_figure("returns.returned", found.returned, source, base=scope, parts=parts)
    yield count_figure("returns.on-time", found.on_time, source, base=scope)
    yield count_figure("returns.late", found.late, source, base=scope)
    yield count_figure("returns.not-returned", found.not_returned, source, base=scope)
    if cut_off is not None:
        yield date_figure("returns.cut-off", cut_off, source)
    for sector in found.sectors:
        root = f"returns.sector.{sector.sector}"
        yield count_figure(f"{root}.in-scope", sector.in_scope, source)
        yield count_figure(f"{root}.returned", sector.returned, source, base=sector.in_scope)
        yield count_figure(f"{root}.late", sector.late, source, base=sector.in_scope)
        yield count_figure(f"{root}.not-returned", sector.not_returned, source, base=sector.in_scope)


def participation_sentences(found: Participation, figures: Register) -> tuple[Sentence, ...]:
    """Say how many returned, who did not and who was late."""
    slots = {"k": figures["returns.returned"], "n": figures["returns.in-scope"]}
    if "returns.cut-off" in figures:
        sentences = [say("returns-by", **slots, day=figures["returns.cut-off"])]
    else:
        sentences = [say("returns", **slots)]
    if found.missing:
        sentences.append(say("not-returned", r=figures["returns.not-returned"], names=Names(found.missing)))
    if found.late_names:
        sentences.append(say("returns-late", late=figures["returns.late"], names=Names(found.late_names)))
    return tuple(sentences)


def _organisations(ratings: CycleRatings, sector_labels: Mapping[str, str]) -> tuple[OrganisationReturn, ...]:
    returned, late = ratings.returned.tolist(), ratings.late.tolist()
    return tuple(
        OrganisationReturn(
            score.organisation.id, score.organisation.name, score.organisation.sector,
            sector_labels.get(score.organisation.sector, score.organisation.sector), score.organisation.areas,
            _state(came, was_late), score.counts, score.grades,
        )
        for score, came, was_late in zip(organisation_scores(ratings), returned, late, strict=True)
    )  # fmt: skip


def _state(returned: bool, late: bool) -> ReturnState:
    if not returned:
        return "not-returned"
    return "late" if late else "on-time"


def _sector(sector: str, organisations: Sequence[OrganisationReturn]) -> SectorParticipation:
    return SectorParticipation(
        sector, organisations[0].sector_label, len(organisations), _count(organisations, "on-time"),
        _count(organisations, "late"), _count(organisations, "not-returned"), _names(organisations, "not-returned"),
    )  # fmt: skip


def _count(organisations: Sequence[OrganisationReturn], state: ReturnState) -> int:
    return sum(organisation.state == state for organisation in organisations)


def _names(organisations: Sequence[OrganisationReturn], state: ReturnState) -> tuple[str, ...]:
    return tuple(organisation.name for organisation in organisations if organisation.state == state)
