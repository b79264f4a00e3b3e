"""Findings of an invented audit: the shipped questions, and ratings from a seeded generator."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np

from audit_engine.analysis.comparison import compare
from audit_engine.analysis.findings import Findings
from audit_engine.analysis.gathering import cycle_findings
from audit_engine.analysis.ratings import Code, CycleRatings, OrganisationFacts, OrganisationLink
from audit_engine.analysis.stability import stability_checks
from audit_engine.definition.library import Library
from audit_engine.definition.lineage import lineage_between
from audit_engine.definition.questionnaire import Questionnaire

ROOT = Path(__file__).parents[2]
SECTORS = {
    "upper-tier-council": "Upper-tier councils",
    "nhs-provider": "NHS providers",
    "police": "Police",
    "voluntary-and-faith": "Voluntary, community and faith organisations",
}
_THEN = (Code.MET, Code.PARTLY_MET, Code.NOT_MET, Code.NOT_APPLICABLE, Code.UNANSWERED, Code.NOT_ASKED)
_CHANCES_THEN = (55, 22, 10, 6, 2, 5)
_CHANCES_NOW = (63, 18, 7, 6, 2, 4)
PLACES = ("Alder", "Birch", "Cedar", "Damson", "Elm", "Fir", "Gorse", "Hazel", "Ivy", "Juniper")


@cache
def library() -> Library:
    """The shipped questionnaires."""
    return Library(ROOT)


def organisation(number: int) -> OrganisationFacts:
    """An invented organisation."""
    sector = tuple(SECTORS)[number % len(SECTORS)]
    name = f"{PLACES[number % len(PLACES)]} {SECTORS[sector].split(',')[0].rstrip('s')} {number // len(PLACES) + 1}"
    facts = {"sector": sector, "areas": ("estuary",), "direct_work": True, "in_plan": True}
    return OrganisationFacts(f"o{number}", name, sector, ("estuary",), facts)


def ratings(
    version: Questionnaire, numbers: Sequence[int], seed: int, missing: Sequence[int], chances: Sequence[int]
) -> CycleRatings:
    """A cycle in which the organisations with the ``missing`` numbers made no return."""
    chance = random.Random(seed)
    items = tuple(item.id for item in version.criteria)
    own = np.array([chance.choices(_THEN, chances, k=len(items)) for _ in numbers], dtype=np.int8)
    returned = np.array([number not in missing for number in numbers], dtype=np.bool_)
    own[~returned] = Code.NOT_ASKED
    final, moderated = own.copy(), np.zeros(own.shape, dtype=np.bool_)
    for row, column in zip(*np.nonzero(own == Code.MET), strict=True):
        if chance.random() < 0.1:
            moderated[row, column] = True
            final[row, column] = Code.PARTLY_MET if chance.random() < 0.3 else Code.MET
    confirmed = (own == Code.MET) & (np.array([[chance.random() < 0.4 for _ in items] for _ in numbers]))
    late = np.array([returned[n] and chance.random() < 0.1 for n in range(len(numbers))], dtype=np.bool_)
    return CycleRatings(
        f"section-11-{version.version}", f"Section 11 audit {version.version}", version, "final", None,
        tuple(map(organisation, numbers)), items, final, own, confirmed, moderated, returned, late,
    )  # fmt: skip


@cache
def findings(organisations: int = 24, seed: int = 11, compared: bool = True) -> Findings:
    """What an invented audit of that size shows; one organisation left, one joined, some made no return."""
    old, new = library().load("section-11", "2024"), library().load("section-11", "2026")
    then = ratings(old, range(organisations), seed, (3,), _CHANCES_THEN)
    now = ratings(new, range(1, organisations + 1), seed + 1, (5,), _CHANCES_NOW)
    lineage = lineage_between(old, new)
    links = (OrganisationLink("o0", f"o{organisations}", "merged", "2025-04-01", "an invented merger"),)
    comparison = compare(then, now, lineage, links) if compared else None
    found = cycle_findings(
        now, now, comparison, lineage=lineage if compared else None, sector_labels=SECTORS,
        cut_off=date(2026, 12, 18),
    )  # fmt: skip
    return replace(found, checks=stability_checks(found.comparison, found.own_and_panel))
