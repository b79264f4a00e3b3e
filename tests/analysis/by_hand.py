"""Small audits written as letters, so that a test shows its whole table."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from audit_engine.analysis.ratings import Basis, Code, CycleRatings, OrganisationFacts
from audit_engine.definition.expressions import compile_condition
from audit_engine.definition.expressions.value_types import TEXT, TEXTS, YES_NO
from audit_engine.definition.grades import COUNT_TYPES
from audit_engine.definition.questionnaire import (
    GradeRow,
    Item,
    Lineage,
    Measure,
    Option,
    Questionnaire,
    Retired,
    Section,
)

VECTORS: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[1] / "data" / "stat_vectors.json").read_text(encoding="utf-8")
)
LETTERS = {
    "M": Code.MET,
    "P": Code.PARTLY_MET,
    "N": Code.NOT_MET,
    "NA": Code.NOT_APPLICABLE,
    "-": Code.UNANSWERED,
    ".": Code.NOT_ASKED,
}
LETTER_OF = {code: letter for letter, code in LETTERS.items()}
OPTIONS = tuple(Option(kind, kind, counts_as=kind) for kind in ("met", "partly-met", "not-met", "not-applicable"))
FACTS = {"organisation.areas": TEXTS, "organisation.sector": TEXT, "organisation.direct_work": YES_NO}
GRADE_RULES = (
    ("not-applicable", "applicable == 0 and unanswered == 0"),
    ("not-met", "critical_not_met > 0 or 2 * not_met >= applicable + unanswered"),
    ("incomplete", "unanswered > 0"),
    ("met", "met == applicable"),
    ("partly-met", "true"),
)


def vectors(method: str) -> list[dict[str, Any]]:
    """Return the vectors of one method."""
    return [vector for vector in VECTORS if vector["method"] == method]


def codes(rows: Iterable[Sequence[str]]) -> np.ndarray:
    """Return rows of letters as a table of codes."""
    return np.array([[LETTERS[letter] for letter in row] for row in rows], dtype=np.int8)


def version(
    label: str,
    standards: Mapping[str, Sequence[str]],
    *,
    tags: Mapping[str, Sequence[str]] | None = None,
    critical: Sequence[str] = (),
    lineage: Mapping[str, Lineage] | None = None,
    retired: Sequence[Retired] = (),
    measures: Sequence[Measure] = (),
) -> Questionnaire:
    """Return a version whose standards hold these criteria, each with the usual grade rule."""

    def item(item_id: str, section: str) -> Item:
        return Item(
            f"s11.{item_id}", "rating", f"Criterion {item_id}", section, options=OPTIONS,
            tags=tuple((tags or {}).get(item_id, ())), critical=item_id in critical,
            lineage=(lineage or {}).get(item_id, Lineage("same", (f"s11.{item_id}",))),
        )  # fmt: skip

    sections = tuple(
        Section(name, name.replace("-", " ").capitalize(), tuple(item(one, name) for one in items))
        for name, items in standards.items()
    )
    rows = tuple(GradeRow(grade, compile_condition(when, COUNT_TYPES)) for grade, when in GRADE_RULES)
    return Questionnaire(
        "section-11", label, f"Section 11 audit {label}", "audit", "organisation", sections,
        standing="model content", continues="", retired=tuple(retired), grades={"standard": rows},
        measures=tuple(measures),
    )  # fmt: skip


def came_from(relation: str, *sources: str, reason: str = "") -> Lineage:
    """Return a lineage line whose sources are short ids."""
    return Lineage(relation, tuple(f"s11.{source}" for source in sources), reason)  # type: ignore[arg-type]


def ratings(
    questionnaire: Questionnaire,
    table: Mapping[str, Sequence[str] | None],
    *,
    basis: Basis = "final",
    area: str | None = None,
    sectors: Mapping[str, str] | None = None,
    areas: Mapping[str, tuple[str, ...]] | None = None,
    names: Mapping[str, str] | None = None,
    own: Mapping[str, Sequence[str]] | None = None,
    late: Sequence[str] = (),
    confirmed: Sequence[tuple[str, str]] = (),
) -> CycleRatings:
    """Return a cycle from an organisation's letters by id, in the order of the criteria; None is no return.

    ``own`` gives own ratings where they differ from the final ones of a panel.
    """
    items = tuple(item.id for item in questionnaire.criteria)
    nothing = ["."] * len(items)
    final = codes([row or nothing for row in table.values()]).reshape(len(table), len(items))
    self_codes = codes([(own or {}).get(o) or row or nothing for o, row in table.items()]).reshape(final.shape)
    marked = np.zeros(final.shape, dtype=np.bool_)
    for organisation, item in confirmed:
        marked[list(table).index(organisation), items.index(f"s11.{item}")] = True
    moderated = np.array([[o in (own or {})] * len(items) for o in table], dtype=np.bool_).reshape(final.shape)
    return CycleRatings(
        f"section-11-{questionnaire.version}", f"Section 11 audit {questionnaire.version}", questionnaire, basis, area,
        tuple(
            OrganisationFacts(
                o, (names or {}).get(o, f"Organisation {o}"), (sectors or {}).get(o, "police"),
                (areas or {}).get(o, ("kent",)),
            )
            for o in table
        ),
        items, final, self_codes, marked, moderated,
        np.array([row is not None for row in table.values()], dtype=np.bool_),
        np.array([o in late for o in table], dtype=np.bool_),
    )  # fmt: skip


def own_ratings(cycle: CycleRatings) -> CycleRatings:
    """Return the same returns on the organisations' own ratings."""
    return replace(cycle, basis="self", codes=cycle.self_codes)


def measure(*tags: str, baseline: str = "2024", population: str | None = None, direction: str = "increase") -> Measure:
    """Return a measure on criteria with these tags."""
    condition = compile_condition(population, FACTS) if population else None
    return Measure("a-measure", "Criteria met", tags, baseline, direction, population=condition)  # type: ignore[arg-type]
