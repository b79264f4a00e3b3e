"""How will a file be read into a survey: which table, which columns, whose answers?"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from sqlalchemy import Connection

from audit_engine.definition.library import Library, UnknownQuestionnaire
from audit_engine.definition.nearest import shortened
from audit_engine.definition.questionnaire import Item, Questionnaire
from audit_engine.exchange import mapping as mappings
from audit_engine.exchange.headings import Column, Layout, layout_of, plain, rows_of_answers
from audit_engine.exchange.mapping import LEFT_OUT, Use
from audit_engine.exchange.mapping_file import mapping_text
from audit_engine.exchange.matching import Ancestors, Suggestion, comments_of, suggested
from audit_engine.exchange.open_file import open_table
from audit_engine.exchange.outside import Remarks, Row, Table
from audit_engine.exchange.replies import Finder, Reader
from audit_engine.response.cycles import CycleFacts
from audit_engine.services.definitions import Definitions
from audit_engine.services.run_cycle import cycle_named
from audit_engine.storage import partnership
from audit_engine.storage.partnership import OrganisationRow

CONTINUED = ("same", "reworded")
#: A row whose organisation cannot be told; '' is the survey of nobody in particular.
NOBODY = None


class ImportRefused(ValueError):
    """Something asked of an import that it cannot do; the text is for the person who asked."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be brought in, and how.

    ``name`` is what the file is called where it came from; ``mapping`` None
    takes what matches by itself.  The answers are of ``organisation`` (an id),
    of the one that ``organisation_column`` (a heading) names in each row, or
    ('' both) as the mapping says, else of nobody in particular.
    ``heading_rows`` counts where no mapping says how many there are.
    """

    path: Path
    name: str
    cycle: str
    mapping: mappings.Mapping | None = None
    organisation: str = ""
    organisation_column: str = ""
    sheet: str = ""
    heading_rows: int | None = None


@dataclass(frozen=True)
class Plan:
    """A file that is open, its columns and what each is used for."""

    order: Order
    cycle: CycleFacts
    questionnaire: Questionnaire
    table: Table
    layout: Layout
    mapping: mappings.Mapping
    columns: tuple[tuple[Column, Use], ...]
    perhaps: Mapping[mappings.Key, str]
    read: Reader
    find_organisation: Finder
    organisations: Mapping[str, OrganisationRow]
    sha256: str

    @property
    def mapping_sha256(self) -> str:
        """Return a hash of how the file is read, whose answers they are included."""
        said = f"{mapping_text(self.mapping)}\n{self.order.organisation}\n{self.order.sheet}"
        return hashlib.sha256(said.encode()).hexdigest()

    @property
    def names(self) -> Mapping[str, str]:
        """Return the names of the organisations by id."""
        return {o.id: o.name for o in self.organisations.values()}

    @cached_property
    def organisation_column(self) -> int | None:
        """Return the position of the column that names the organisation, or None."""
        return next((column.position for column, use in self.columns if use.role == "organisation"), None)

    def rows(self, remarks: Remarks) -> Iterator[Row]:
        """Yield the rows beneath the headings."""
        return rows_of_answers(self.table, self.layout, remarks)

    def organisation_of(self, row: Row) -> str | None:
        """Return the id of the organisation that a row is of, NOBODY where its words are not known."""
        position = self.organisation_column
        if position is None:
            return self.order.organisation
        return self.find_organisation(row.cells[position]) or NOBODY if row.cells[position] else NOBODY

    def suggestion_text(self) -> str:
        """Return the mapping as YAML, with what is alike named above the columns."""
        comments = comments_of(Suggestion(self.mapping, self.perhaps), self.layout, self.questionnaire)
        return mapping_text(self.mapping, comments)


def plan_import(connection: Connection, definitions: Definitions, order: Order) -> Plan:
    """Open a file for a survey; raise ImportRefused, Unreadable or UnfitMapping, each with a sentence."""
    cycle = cycle_named(connection, order.cycle)
    questionnaire = _questionnaire(connection, definitions, cycle)
    organisations = {o.id: o for o in partnership.organisations(connection)}
    if order.organisation and order.organisation not in organisations:
        raise ImportRefused(f"No organisation has the id “{order.organisation[:60]}”.")
    table = open_table(order.path, order.sheet)
    layout = layout_of(table, order.mapping.heading_rows if order.mapping else order.heading_rows)
    ancestors = ancestors_of(definitions.library, questionnaire)
    suggestion = suggested(layout, questionnaire, ancestors)
    mapping = _with_organisation(_mapping(order, suggestion, layout, questionnaire), layout, order)
    columns = mappings.fitted(mapping, layout, questionnaire)
    own = next((use.words for _, use in columns if use.role == "organisation"), {})
    _refuse_strange_organisations(own, organisations)
    labels = [(o.id, name) for o in organisations.values() for name in (o.name, *o.aliases)]
    return Plan(
        order, cycle, questionnaire, table, layout, mapping, columns, suggestion.perhaps,
        Reader(columns, questionnaire, ancestors, month_first=mapping.month_first), Finder(labels, own),
        organisations, sha256_of(order.path),
    )  # fmt: skip


def _questionnaire(connection: Connection, definitions: Definitions, cycle: CycleFacts) -> Questionnaire:
    found = (
        definitions.of(connection, cycle.content_hash)
        if cycle.content_hash
        else definitions.library.load(cycle.questionnaire, cycle.version)
    )
    if found.kind != "survey" or found.respondent != "person":
        raise ImportRefused(
            f"{cycle.title} is no survey that people answer, so a file of their answers cannot be brought into it."
        )
    return found


def _mapping(order: Order, suggestion: Suggestion, layout: Layout, questionnaire: Questionnaire) -> mappings.Mapping:
    if order.mapping is None:
        return suggestion.mapping
    if order.mapping.questionnaire != questionnaire.name:
        raise ImportRefused(
            f"The mapping is for {order.mapping.questionnaire[:80]}, and this survey asks {questionnaire.name}."
        )
    # Columns that the mapping does not name are left, and said to be.
    named = order.mapping.by_key()
    rest = [
        Use(c.heading, "not taken", c.under, c.occurrence, why=c.never or "the mapping does not name it")
        for c in layout.columns
        if c.key not in named
    ]
    return replace(order.mapping, uses=(*order.mapping.uses, *rest))


def _with_organisation(mapping: mappings.Mapping, layout: Layout, order: Order) -> mappings.Mapping:
    if order.organisation and order.organisation_column:
        raise ImportRefused("Name one organisation or the column that names it, not both.")
    uses = list(mapping.uses)
    if order.organisation:
        uses = [replace(u, role="not taken", why="one organisation was named") if u.role == "organisation" else u
                for u in uses]  # fmt: skip
    if order.organisation_column:
        wanted = plain(order.organisation_column)
        column = next((c for c in layout.columns if wanted in (plain(c.heading), plain(c.name))), None)
        if column is None:
            headings = ", ".join(f"“{shortened(c.name, 40)}”" for c in layout.columns[:30])
            raise ImportRefused(f"No column is called “{order.organisation_column[:60]}”. There are {headings}.")
        words = next((u.words for u in uses if u.key == column.key and u.role == "organisation"), {})
        own = Use(column.heading, "organisation", column.under, column.occurrence, words=words)
        uses = [own if u.key == column.key else u for u in uses if u.role != "organisation" or u.key == column.key]
    return replace(mapping, uses=tuple(uses))


def _refuse_strange_organisations(words: Mapping[str, str], there: Mapping[str, object]) -> None:
    strange = [id_ for id_ in words.values() if id_ not in there and id_ != LEFT_OUT]
    if strange:
        raise ImportRefused(f"The mapping names the organisation “{strange[0][:60]}”, which is not there.")


def ancestors_of(library: Library, questionnaire: Questionnaire) -> Ancestors:
    """Return, for each item, those of earlier versions that it continues in the same words or others."""
    found: dict[str, tuple[Item, ...]] = {}
    earlier_of = {item.id: item for item in questionnaire.items}
    version = questionnaire
    while version.continues is not None:
        try:
            version = library.load(version.id, version.continues)
        except UnknownQuestionnaire:
            break
        step: dict[str, Item] = {}
        for item_id, item in earlier_of.items():
            lineage = item.lineage
            source = lineage.sources[0] if lineage and lineage.relation in CONTINUED and lineage.sources else ""
            if source in version.items_by_id:
                step[item_id] = version.items_by_id[source]
                found[item_id] = (*found.get(item_id, ()), step[item_id])
        earlier_of = step
    return found


def sha256_of(path: Path) -> str:
    """Return the hash of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
