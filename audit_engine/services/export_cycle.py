"""Write out everything that organisations returned in a cycle, as JSON or CSV."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Connection, Engine

from audit_engine.definition.item_types import ITEM_TYPES
from audit_engine.definition.questionnaire import Questionnaire
from audit_engine.response.answers import Answer
from audit_engine.response.cycles import CycleFacts, ReturnFacts
from audit_engine.services.answering import AnswerKey
from audit_engine.services.case_answers import CaseReturn
from audit_engine.services.case_tally import in_confidence
from audit_engine.services.definitions import Definitions, as_values
from audit_engine.services.run_cycle import CycleRefused, cycle_named
from audit_engine.storage import cases, cycles, returns
from audit_engine.storage.cases import RatingRow
from audit_engine.storage.engine import reading

COLUMNS = (
    "cycle", "organisation", "organisation_name", "sector", "areas", "return_state", "submitted_at",
    "standard", "criterion", "repeat", "area", "state", "rating", "rating_text", "counts_as", "commentary", "evidence",
    "reason", "confirmed_on", "action_what", "action_who", "action_by", "action_how_known",
    "panel_rating", "panel_reason", "version", "saved_at", "second_rating", "second_reason",
)  # fmt: skip
# A spreadsheet runs a cell that starts with one of these as a formula.
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
Heard = Callable[[ReturnFacts], None]


def neutral(text: str) -> str:
    """Return text that no spreadsheet takes for a formula."""
    return "'" + text if text.startswith(STARTS_A_FORMULA) else text


def export_rows(
    connection: Connection, definitions: Definitions, cycle: CycleFacts, heard: Heard = lambda _r: None
) -> Iterator[dict[str, Any]]:
    """Yield one row an answer, organisation by organisation; an organisation without answers gives one row."""
    pinned = definitions.of_cycle(connection, cycle.id)
    if pinned is None:
        raise CycleRefused(f"{cycle.title} has not been opened yet, so there is nothing to export.")
    if in_confidence(pinned.questionnaire):
        raise CycleRefused(
            f"{cycle.title} was answered in confidence: nobody but the organisation itself reads its answers. "
            "Use the totals over all organisations instead."
        )
    for facts in returns.returns_of_cycle(connection, cycle.id):
        answers = _whole(pinned.questionnaire, facts, returns.answers_of(connection, facts.id))
        panel = returns.panel_ratings_of(connection, facts.id)
        second = _second_ratings(connection, facts) if pinned.questionnaire.respondent == "case" else {}
        order = {item.id: i for i, item in enumerate(pinned.questionnaire.items)}
        said = sorted(answers.values(), key=lambda a: (_number(a.repeat), order.get(a.item, len(order)), a.area))
        if not said:
            yield {**dict.fromkeys(COLUMNS, ""), **_who(facts)}
        for answer in said:
            yield {
                **_who(facts),
                **_what(pinned.questionnaire, answer),
                **_panel(panel.get((answer.item, answer.area))),
                **_second(second.get((answer.repeat, answer.item))),
            }
        heard(facts)


def _whole(questionnaire: Questionnaire, facts: ReturnFacts, stored: Iterable[Answer]) -> Mapping[AnswerKey, Answer]:
    """Return what was said, and what follows from it."""
    said = dict(as_values(questionnaire, stored))
    worked_out = [i.id for i in questionnaire.items if i.is_worked_out]
    if not worked_out:
        return said
    whole = CaseReturn(facts, questionnaire, said, {}, "")
    views = {c.number: c.view for c in whole.cases} if questionnaire.respondent == "case" else {"": whole}
    for repeat, view in views.items():
        follows = (view.answer(item) for item in worked_out if view.asked[item].asked)
        said |= {(a.item, repeat, ""): replace(a, repeat=repeat) for a in follows if a.value is not None}
    return said


def _number(repeat: str) -> int:
    return int(repeat) if repeat.isdecimal() else 0


def _second_ratings(connection: Connection, facts: ReturnFacts) -> Mapping[tuple[str, str], RatingRow]:
    """Return what second readers chose by (case, item), of the cases whose two readings lie side by side."""
    compared = {r.case for r in cases.readings(connection, facts.id).values() if r.compared_at is not None}
    rows = cases.ratings(connection, facts.id)
    return {(r.case, r.item): r for r in rows if r.rater == cases.SECOND and r.case in compared}


def _second(row: RatingRow | None) -> dict[str, Any]:
    return {"second_rating": row.value if row else "", "second_reason": row.reason if row else ""}


def _who(facts: ReturnFacts) -> dict[str, Any]:
    return {
        "cycle": facts.cycle.id,
        "organisation": facts.organisation,
        "organisation_name": facts.organisation_name,
        "sector": facts.sector,
        "areas": " ".join(facts.areas),
        "return_state": facts.state,
        "submitted_at": facts.submitted_at.isoformat() if facts.submitted_at else "",
    }


def _what(questionnaire: Questionnaire, answer: Answer) -> dict[str, Any]:
    item = questionnaire.items_by_id.get(answer.item)
    shown = answer.value is not None and item is not None
    return {
        "standard": item.section if item else "",
        "criterion": answer.item,
        "repeat": answer.repeat,
        "area": answer.area,
        "state": answer.state.value,
        "rating": "" if item is None or answer.value is None else _plain(ITEM_TYPES[item.type].to_json(answer.value)),
        "rating_text": ITEM_TYPES[item.type].text(answer.value, item) if shown and item else "",
        "counts_as": (item.counts_as(answer.value) or "") if item else "",
        "commentary": answer.commentary,
        "evidence": answer.evidence,
        "reason": answer.reason,
        "confirmed_on": answer.confirmed_on.isoformat() if answer.confirmed_on else "",
        "action_what": answer.action_what,
        "action_who": answer.action_who,
        "action_by": answer.action_by.isoformat() if answer.action_by else "",
        "action_how_known": answer.action_how_known,
        "version": answer.version,
        "saved_at": answer.saved_at.isoformat() if answer.saved_at else "",
    }


def _plain(value: object) -> object:
    return value if isinstance(value, str | int | float) else json.dumps(value, ensure_ascii=False)


def _panel(rating: Mapping[str, Any] | None) -> dict[str, Any]:
    return {
        "panel_rating": rating["value"] if rating else "",
        "panel_reason": rating["reason"] if rating else "",
    }


def write_csv(rows: Iterator[dict[str, Any]], out: IO[str]) -> int:
    """Write rows as CSV with every cell made harmless for spreadsheets; return how many."""
    writer = csv.DictWriter(out, COLUMNS)
    writer.writeheader()
    written = 0
    for row in rows:
        writer.writerow({k: neutral(v) if isinstance(v, str) else v for k, v in row.items()})
        written += 1
    return written


def write_json(rows: Iterator[dict[str, Any]], out: IO[str]) -> int:
    """Write rows as one JSON list, row by row; return how many."""
    written = 0
    out.write("[")
    for row in rows:
        out.write(",\n" if written else "\n")
        json.dump(row, out, ensure_ascii=False)
        written += 1
    out.write("\n]\n")
    return written


def export_to(
    engine: Engine,
    definitions: Definitions,
    cycle_id: str,
    style: str,
    out: Path | None,
    step: Callable[[int, int], None] = lambda _done, _of: None,
) -> int:
    """Write a cycle's answers to a file (None: standard output) and return the number of rows.

    The file is there whole or not at all.  ``step`` hears (organisations done, of how many).
    """
    with reading(engine) as connection:
        cycle = cycle_named(connection, cycle_id)
        whole = sum(cycles.counts_by_state(connection).get(cycle_id, {}).values())
        done = count(1)
        rows = export_rows(connection, definitions, cycle, lambda _r: step(next(done), whole))
        writer = WRITERS[style]
        if out is None:
            return writer(rows, sys.stdout)
        beside = out.with_name(out.name + ".part")
        try:
            with beside.open("w", encoding="utf-8", newline="") as stream:
                written = writer(rows, stream)
            beside.replace(out)
        finally:
            beside.unlink(missing_ok=True)
        return written


WRITERS: Mapping[str, Callable[[Iterator[dict[str, Any]], IO[str]], int]] = {"csv": write_csv, "json": write_json}
