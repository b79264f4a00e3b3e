"""Turn a cycle's stored answers into the table of ratings that the analysis reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from audit_engine.analysis.ratings import CODE_OF, Basis, Code, CycleRatings, OrganisationFacts, OrganisationLink
from audit_engine.definition.applicability import asked
from audit_engine.definition.questionnaire import Item, Questionnaire
from audit_engine.response.cycles import CycleFacts, ReturnFacts
from audit_engine.services.answering import expression_facts
from audit_engine.services.definitions import Definitions
from audit_engine.services.run_cycle import CycleRefused
from audit_engine.storage import partnership, ratings, returns

Codes = NDArray[np.int8]
Submitted = Mapping[int, Mapping[str, Mapping[str, Sequence[Any]]]]


def cycle_ratings(
    connection: Connection,
    definitions: Definitions,
    cycle: CycleFacts,
    *,
    basis: Basis = "final",
    area: str | None = None,
    only: Sequence[str] | None = None,
) -> CycleRatings:
    """Read one cycle's ratings, in four statements whatever the size.

    With ``area`` only organisations that work there count, and where one said
    "different here" its own answer for that area is read.  ``only`` limits the
    organisations.
    """
    pinned = definitions.of_cycle(connection, cycle.id)
    if pinned is None:
        raise CycleRefused(f"{cycle.title} has not been opened yet, so it has no answers.")
    everyone = returns.returns_of_cycle(connection, cycle.id)
    chosen = [r for r in everyone if (area is None or area in r.areas) and (only is None or r.organisation in only)]
    return _Builder(pinned.questionnaire, cycle, chosen, basis, area).build(
        ratings.submitted_ratings(connection, cycle.id),
        ratings.panel_rows(connection, cycle.id, area) if basis == "final" else (),
    )


class _Builder:
    """Fills the table; rows are returns, columns the version's criteria."""

    def __init__(
        self,
        questionnaire: Questionnaire,
        cycle: CycleFacts,
        chosen: Sequence[ReturnFacts],
        basis: Basis,
        area: str | None,
    ) -> None:
        self.questionnaire, self.cycle, self.returns = questionnaire, cycle, chosen
        self.basis, self.area = basis, area
        self.items = questionnaire.criteria
        self.row = {r.id: i for i, r in enumerate(chosen)}
        self.column = {item.id: i for i, item in enumerate(self.items)}
        self.code = {(i.id, o.id): CODE_OF[o.counts_as] for i in self.items for o in i.options if o.counts_as}

    def build(self, said: Submitted, by_panel: Sequence[Any]) -> CycleRatings:
        """Return the finished table."""
        codes = self._nothing_said()
        confirmed = np.zeros(codes.shape, dtype=np.bool_)
        self._fill(codes, confirmed, said)
        own = codes.copy()
        moderated = np.zeros(codes.shape, dtype=np.bool_)
        for response, item, _area, value in by_panel:
            row, column = self.row.get(response), self.column.get(item)
            if row is not None and column is not None:
                codes[row, column] = self.code[item, value]
                moderated[row, column] = True
        return CycleRatings(
            cycle=self.cycle.id,
            title=self.cycle.title,
            questionnaire=self.questionnaire,
            basis=self.basis,
            area=self.area,
            organisations=tuple(_facts(r) for r in self.returns),
            items=tuple(i.id for i in self.items),
            codes=codes,
            self_codes=own,
            confirmed=confirmed,
            moderated=moderated,
            returned=np.array([r.state == "submitted" for r in self.returns], dtype=np.bool_),
            late=np.array([r.state == "submitted" and r.late for r in self.returns], dtype=np.bool_),
        )

    def _fill(self, codes: Codes, confirmed: NDArray[np.bool_], said: Submitted) -> None:
        """Write in what was submitted; an area's own answer overrides the general one."""
        areas = ("",) if self.area is None else ("", self.area)
        for response, by_area in said.items():
            row = self.row.get(response)
            if row is None:
                continue
            for area in areas:
                for item, (option, is_confirmed) in by_area.get(area, {}).items():
                    column = self.column.get(item)
                    if column is not None:
                        codes[row, column] = self.code[item, option]
                        confirmed[row, column] = is_confirmed

    def _nothing_said(self) -> Codes:
        """Return a table in which every asked criterion is unanswered and the others are not asked."""
        table = np.zeros((len(self.returns), len(self.items)), dtype=np.int8)
        known: dict[tuple[Any, ...], Codes] = {}
        conditions = [i for i in self.items if i.applies_when or self._section_condition(i)]
        names = sorted({n for i in conditions for n in self._names(i)})
        for index, facts in enumerate(self.returns):
            if facts.state != "submitted":
                continue
            profile = expression_facts(facts)
            key = tuple(profile.get(n.removeprefix("organisation.")) for n in names)
            if key not in known:
                known[key] = self._asked(profile)
            table[index] = known[key]
        return table

    def _section_condition(self, item: Item) -> bool:
        return self.questionnaire.sections_by_id[item.section].applies_when is not None

    def _names(self, item: Item) -> frozenset[str]:
        section = self.questionnaire.sections_by_id[item.section]
        found = [e.names for e in (item.applies_when, section.applies_when) if e is not None]
        return frozenset().union(*found)

    def _asked(self, profile: Mapping[str, object]) -> Codes:
        found = asked(self.questionnaire, profile, {})
        return np.array([Code.UNANSWERED if found[i.id].asked else Code.NOT_ASKED for i in self.items], dtype=np.int8)


def _facts(facts: ReturnFacts) -> OrganisationFacts:
    return OrganisationFacts(
        facts.organisation, facts.organisation_name, facts.sector, facts.areas, expression_facts(facts)
    )


def organisation_links(
    connection: Connection, since: datetime | date, until: datetime | date
) -> tuple[OrganisationLink, ...]:
    """Return how organisations became one another between two days (after the first, up to and with the second)."""
    first, last = _day(since), _day(until)
    return tuple(
        OrganisationLink(r.predecessor, r.successor, r.relation, r.effective.isoformat(), r.note)  # type: ignore[arg-type]
        for r in partnership.organisation_lineage(connection)
        if first < r.effective <= last
    )


def _day(moment: datetime | date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment
