"""Turn a cycle's stored answers into the table of ratings that the analysis reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from audit_engine.analysis.ratings import CODE_OF, Basis, Code, CycleRatings, OrganisationFacts, OrganisationLink
from audit_engine.definition.questionnaire import Questionnaire
from audit_engine.response.cycles import CycleFacts, ReturnFacts
from audit_engine.services.answering import expression_facts
from audit_engine.services.definitions import Definitions
from audit_engine.services.run_cycle import CycleRefused
from audit_engine.storage import partnership, ratings, returns

Codes = NDArray[np.int8]
Submitted = Mapping[int, Mapping[str, Mapping[str, str]]]


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

    def build(self, said: Submitted, by_panel: Sequence[Any]) -> CycleRatings:
        """Return the finished table."""
        codes, confirmed = self._submitted(said, "codes"), self._submitted(said, "confirmed")
        if self.area is not None:
            self._override(codes, confirmed, said)
        own = codes.copy()
        moderated, at_random = np.zeros(codes.shape, dtype=np.bool_), np.zeros(codes.shape, dtype=np.bool_)
        self._moderate(codes, moderated, at_random, by_panel)
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
            confirmed=confirmed.astype(np.bool_),
            moderated=moderated,
            returned=np.array([r.state == "submitted" for r in self.returns], dtype=np.bool_),
            late=np.array([r.state == "submitted" and r.late for r in self.returns], dtype=np.bool_),
            at_random=at_random,
        )

    def _submitted(self, said: Submitted, what: str) -> Codes:
        """Return the digits of every return as a table; a return that was not submitted is zeros, "not asked"."""
        nothing = {"": {what: "0" * len(self.items)}}
        digits = "".join(said.get(r.id, nothing)[""][what] for r in self.returns)
        table = np.frombuffer(digits.encode("ascii"), dtype=np.uint8) - ord("0")
        return table.astype(np.int8).reshape(len(self.returns), len(self.items))

    def _override(self, codes: Codes, confirmed: Codes, said: Submitted) -> None:
        """Put an organisation's own answers for the area in place of its general ones."""
        for response, by_area in said.items():
            row, own = self.row.get(response), by_area.get(self.area or "")
            if row is None or own is None:
                continue
            there = np.frombuffer(own["codes"].encode("ascii"), dtype=np.uint8).astype(np.int8) - ord("0")
            answered = there > Code.UNANSWERED
            codes[row, answered] = there[answered]
            confirmed[row, answered] = 0

    def _moderate(
        self, codes: Codes, moderated: NDArray[np.bool_], at_random: NDArray[np.bool_], by_panel: Sequence[Any]
    ) -> None:
        meaning = {(i.id, o.id): CODE_OF[o.counts_as] for i in self.items for o in i.options if o.counts_as}
        for response, item, _area, value, chosen in by_panel:
            row, column = self.row.get(response), self.column.get(item)
            if row is not None and column is not None:
                codes[row, column] = meaning[item, value]
                moderated[row, column], at_random[row, column] = True, chosen


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
