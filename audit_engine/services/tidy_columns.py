"""Which tables does the folder for other programs hold, and what stands in each column?

Other people's dashboards read these files, so the list is stable: a column may
be added at the end of a table, none is renamed, moved or taken out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "number", "decimal", "date", "yes-no"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, what kind of value stands in it, and what it means."""

    name: str
    kind: Kind
    meaning: str


@dataclass(frozen=True, slots=True)
class TidyTable:
    """One file of the folder: a row for each ``row``."""

    name: str
    row: str
    columns: tuple[Column, ...]

    @property
    def file(self) -> str:
        """Return the name of its file."""
        return f"{self.name}.csv"

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of its columns, in order."""
        return tuple(column.name for column in self.columns)


def _columns(text: str) -> tuple[Column, ...]:
    """Return columns from lines of name, kind and meaning."""
    rows = (line.split(None, 2) for line in text.strip().splitlines())
    return tuple(Column(name, kind, meaning) for name, kind, meaning in rows)  # type: ignore[arg-type]


_MOVED = """
pairs number Ratings made both times, on the same criteria, by the same organisations
met_then number Of these, met in the earlier audit
met_now number Of these, met in this audit
gained number Met now and not then
lost number Met then and not now
net number Gained less lost
"""

TABLES: tuple[TidyTable, ...] = (
    TidyTable("organisations", "organisation that is or was in the partnership", _columns("""
organisation_id text Permanent id
name text Name now
sector_id text Id of the kind of organisation
sector text Kind of organisation
parent_id text Id of the trust or chain that it belongs to
opened_on date First day, where it is known
closed_on date Last day, where it is known
""")),
    TidyTable("organisation_areas", "organisation and area in which it works", _columns("""
organisation_id text The organisation
area_id text Id of the area
area text Name of the area
""")),
    TidyTable("cycles", "audit or survey that was issued or is planned", _columns("""
cycle_id text Permanent id
title text Title
questionnaire text What is asked
version text Which version of it
kind text audit, survey, self-audit or case-audit; empty before it is opened
respondent text organisation, person or case; empty before it is opened
state text planned, open or closed
opens_on date Planned first day
closes_on date Last day
opened_on date Day on which it was opened
closed_on date Day on which it was closed
baseline_cycle_id text What it is compared with
pilot yes-no Whether it was a trial
""")),
    TidyTable("returns", "organisation taking part in an audit", _columns("""
cycle_id text The audit
organisation_id text The organisation
state text not-started, started, submitted or reopened
closes_on date Last day for this organisation, with more time where it was given
extended yes-no Whether it was given more time
started_on date Day of the first answer
last_saved_on date Day of the last answer
submitted_on date Day on which it was submitted
late yes-no Whether it was submitted after its closing time
""")),
    TidyTable("criteria", "criterion of an audit", _columns("""
cycle_id text The audit
criterion_id text Id of the criterion
ref text Its number as it is printed
standard_id text Id of its standard
standard text The standard
criterion text What is asked
critical yes-no Whether the standard depends on it
tags text Themes, parted by spaces
position number Its place in the audit, from 1
""")),
    TidyTable("ratings", "criterion that was asked of an organisation that returned the audit", _columns("""
cycle_id text The audit
organisation_id text The organisation
criterion_id text The criterion
own_rating text The organisation's own: met, partly-met, not-met, not-applicable or unanswered
final_rating text The panel's where there is one, otherwise the organisation's own
by_panel yes-no Whether a panel rated it
panel_by_lot yes-no Whether the panel looked at it because it was drawn by lot
confirmed_unchanged yes-no Whether it was confirmed as last time
""")),
    TidyTable("standards", "standard of an audit, all organisations that returned it together", _columns("""
cycle_id text The audit
standard_id text Id of the standard
standard text The standard
applicable number Final ratings met, partly met or not met
met number Met
partly_met number Partly met
not_met number Not met
unanswered number Left blank
not_applicable number Not applicable
confirmed_unchanged number Confirmed as last time
criteria number Criteria that apply to an organisation that returned
criteria_met_by_all number Of these, met by every organisation to which they apply
""")),
    TidyTable("measures", "measure of the strategic plan on an audit", _columns(f"""
cycle_id text The audit
baseline_cycle_id text The audit that it is compared with
measure_id text Id of the measure
measure text What is measured
direction text increase or decrease
{_MOVED.strip()}
verdict text achieved, not-achieved or cannot-be-judged
reason text Why it cannot be judged
source text Where the measure comes from
""")),
    TidyTable("comparison", "set of ratings compared between an audit and its baseline", _columns(f"""
cycle_id text The audit
baseline_cycle_id text The audit that it is compared with
table text headline, by standard, by tag, by criterion, widened or narrowed, merged or split, by organisation, measure
id text Id of the standard, theme, criterion, organisation or measure
title text Its title
relation text How the criterion came from earlier ones; the verdict for a measure
like_for_like yes-no Whether what is asked, and who is asked, stayed the same
{_MOVED.strip()}
""")),
    TidyTable("survey_results", "answer to a question of a closed survey, as far as it may be shown", _columns("""
cycle_id text The survey
group_kind text everybody, sector or organisation
group_id text Id of the sector or organisation
group text Its name
question_id text Id of the question, with the row of a grid
question text The question
asked_of text Of whom it was asked; empty for everybody
kind text answer, outside the base, or share (several answers together)
answer_id text Id of the answer
answer text The answer
count number How many gave it; empty where that may not be shown
base number Of how many; empty where that may not be shown
percent decimal The share in per cent; empty where it may not be shown
lower decimal Lower end of the 95% interval in per cent
upper decimal Upper end of the 95% interval in per cent
shown_as text What stands in place of a number that may not be shown: [c], [low] or [z]
""")),
    TidyTable("triangulation", "question of a staff survey set beside an organisation's rating", _columns("""
cycle_id text The audit
organisation_id text The organisation
criterion_id text The criterion
own_rating text The organisation's own rating
panel_rating text The panel's rating
evidence_grade text Grade of the evidence, 0 to 3
survey text The staff survey's questionnaire
question_id text The question of the staff survey
consistent text Staff whose answer fits the rating; a symbol where it may not be shown
answered text Staff who answered; a symbol where it may not be shown
result text corroborated, claimed but not seen by staff and so on
assurance text Level of assurance
""")),
    TidyTable("actions", "action in a submitted return", _columns("""
cycle_id text The audit
organisation_id text The organisation
criterion_id text The criterion that it is about
standard_id text Id of the standard
area_id text The area, where it is for one area only
origin text return, panel, report or review
status text proposed, and so on
due_on date Day by which it will be done
timing text overdue, soon (within 90 days), later, no-date or done, on the day of the export
what text What will be done
who text Who does it
how_known text How it will be known
""")),
    TidyTable("plan_outcomes", "“how we will know” of the strategic plan", _columns("""
plan_id text The plan
priority_id text Id of the priority
priority text The priority
outcome_id text Id of the outcome
outcome text How we will know
followed_by text audit, survey or hand
measure text What is measured
verdict text as-wanted, otherwise, not-reached, same, not-clear, one-figure, no-figure, cannot-be-judged or not-judged
sentence text Why, in a sentence
""")),
    TidyTable("plan_figures", "figure of the strategic plan that was typed in and is in use", _columns("""
plan_id text The plan
outcome_id text The outcome
as_at date The day that it stands for
kind text count, share or sample
number number The number; empty where only a percentage is known
base number Of how many
percentage decimal The percentage as it was published; empty where a number is known
source text Where it comes from
note text What a reader should know
""")),
    TidyTable("events", "thing that was done between waves", _columns("""
questionnaire text The audit or survey that it may bear on
happened_on date Day
event text What was done
""")),
)  # fmt: skip


def described() -> str:
    """Return the whole list as a document (docs/tidy-files.md)."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# Tables for other programs"
    yield ""
    yield "`audit-engine export-tidy` writes them into `exports/<instance>/tidy/`, and so does the button on the page"
    yield "Dashboards, Tables for Power BI. Each file is replaced whole, and all are of one state of the database;"
    yield "`columns.json` beside them holds this list, the moment and the number of rows. UTF-8, parted by commas, days"
    yield "as 2026-11-22, yes and no as `yes` and `no`, an empty cell where there is nothing. No cell is taken for a"
    yield "formula: a text that begins with =, +, - or @ has an apostrophe in front."
    yield ""
    yield "What people answered comes only as far as it may be shown to a panel; no reply, no comment and no address is"
    yield "in any file. Ratings by organisation and the texts of actions are: the folder is for those who may see them."
    yield ""
    yield "The list is stable: a column may come at the end of a table, none is renamed, moved or taken out."
    for table in TABLES:
        yield ""
        yield f"## {table.file}"
        yield ""
        yield f"A row for each {table.row}."
        yield ""
        yield "| column | kind | meaning |"
        yield "|---|---|---|"
        for column in table.columns:
            yield f"| `{column.name}` | {column.kind} | {column.meaning} |"
