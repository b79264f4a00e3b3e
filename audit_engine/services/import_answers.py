"""Bring answers that were collected elsewhere into a survey, as one act that can be undone as one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Engine

from audit_engine.analysis.survey_marks import texts_in, worded_items
from audit_engine.definition.applicability import Resolver
from audit_engine.exchange.outside import Remarks
from audit_engine.services.clock import LOCAL, local_text
from audit_engine.services.definitions import Definitions
from audit_engine.services.import_plan import ImportRefused, Order, Plan, plan_import
from audit_engine.services.import_preview import OWN_WORDS, Accepted, Preview, accepted, preview
from audit_engine.services.run_cycle import cycle_named
from audit_engine.services.survey_batches import Origin, close_survey, facts_for, take_in_resolved
from audit_engine.services.waiting_replies import Unreadable, forget_words, words_waiting
from audit_engine.storage import anonymous, anonymous_undo, cycles, imports, trail
from audit_engine.storage.engine import reading, writing
from audit_engine.storage.imports import ImportRow
from audit_engine.storage.waiting import begin_waiting, end_waiting

#: How many rows are taken in at a time; others may write in between.
AT_ONCE = 5_000
#: So long after it began an import that has not ended was broken off: its worker gave up, its file is gone.
BROKEN_OFF_AFTER = timedelta(hours=1)
Step = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Expected:
    """What the preview promised: of which file, how many rows and replies, whose."""

    sha256: str
    rows: int
    replies: int
    by_organisation: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Imported:
    """What was brought in, and the number by which it can be undone."""

    number: int
    replies: int
    organisations: int
    closed: bool


def look_at(
    engine: Engine, definitions: Definitions, order: Order, count: Callable[[int], None] = lambda _rows: None
) -> tuple[Plan, Preview]:
    """Open a file, read it to its end and return what would come of it; nothing is written."""
    with reading(engine) as connection:
        plan = plan_import(connection, definitions, order)
    return plan, preview(plan, count)


def expected(found: Preview) -> Expected:
    """Return what a preview promises."""
    return Expected(found.sha256, found.rows, found.replies, found.by_organisation)


def bring_in(
    engine: Engine,
    definitions: Definitions,
    order: Order,
    promised: Expected,
    by: int | None,
    now: datetime,
    *,
    again: bool = False,
    more_to_come: bool = False,
    step: Step = lambda _done, _of: None,
) -> Imported:
    """Take in a file that was looked at.

    A survey that never ran here is opened and, unless there is ``more_to_come``,
    closed, both as of its own dates.  An import that was broken off goes on
    where it stopped.  ``again`` takes the same file in a second time.
    """
    with reading(engine) as connection:
        plan = plan_import(connection, definitions, order)
    if plan.sha256 != promised.sha256:
        raise ImportRefused(f"{order.name} is not the file that was looked at. Look at it again first.")
    with writing(engine) as connection:
        row = _begin(connection, plan, promised, by, now, again=again)
    _take_all(engine, definitions, plan, row, now, lambda done: step(min(done, promised.rows), promised.rows))
    return _finish(engine, row.id, by, now, more_to_come=more_to_come)


def _begin(
    connection: Connection, plan: Plan, promised: Expected, by: int | None, now: datetime, *, again: bool
) -> ImportRow:
    cycle = plan.cycle
    before = [one for one in imports.imports_of(connection, cycle.id) if one.state != "undone"]
    running = next((one for one in before if one.state == "running"), None)
    if running is not None:
        return _going_on(running, plan)
    same = next((one for one in before if one.sha256 == plan.sha256), None)
    if same is not None and not again:
        raise ImportRefused(
            f"This file was brought in before, as {same.file} on {local_text(same.made_at)}. "
            "Bringing it in again would count everybody twice."
        )
    if not promised.replies:
        raise ImportRefused(f"{plan.order.name} holds no reply that can be taken in.")
    if cycle.opened_at is not None:
        _refuse_after_closing(connection, plan)
    opened = _open(connection, plan, by, now) if cycle.opened_at is None else False
    number = imports.add_import(
        connection, cycle_id=cycle.id, file=plan.order.name[:200], sha256=plan.sha256,
        mapping_sha256=plan.mapping_sha256, opened=opened, made_by=by, made_at=now,
    )  # fmt: skip
    found = imports.import_of(connection, number)
    assert found is not None  # noqa: S101 (it was added a line above)
    return found


def _going_on(running: ImportRow, plan: Plan) -> ImportRow:
    if (running.sha256, running.mapping_sha256) != (plan.sha256, plan.mapping_sha256):
        raise ImportRefused(
            f"{running.file} is still being brought in, or was broken off after {running.rows:,} rows. "
            "Bring in the same file in the same way to go on with it, or undo it."
        )
    return running


def _refuse_after_closing(connection: Connection, plan: Plan) -> None:
    """Refuse to add replies to results that may have been seen: the difference would show what the new ones said."""
    if plan.cycle.state == "closed" and any(n for n, _ in anonymous.turnouts(connection, plan.cycle.id).values()):
        raise ImportRefused(
            f"{plan.cycle.title} has closed and its results may have been seen. More replies would show what they "
            "said, by the difference. Where a survey comes in several files, say so with each but the last."
        )


def _open(connection: Connection, plan: Plan, by: int | None, now: datetime) -> bool:
    """Open a survey that never ran here, as of its own dates; it gets no links."""
    cycle, questionnaire = plan.cycle, plan.questionnaire
    if cycle.closes_at > now:
        raise ImportRefused(
            f"{cycle.title} closes at {local_text(cycle.closes_at)} and was never opened. Open it first; or, if its "
            "answers were all collected elsewhere, wait until it has closed."
        )
    cycles.keep_definition(
        connection, questionnaire.content_hash, questionnaire.id, questionnaire.version, questionnaire.source, now
    )
    cycles.change_cycle(connection, cycle.id, opened_at=cycle.opens_at, content_hash=questionnaire.content_hash)
    trail.note(connection, "opened", f"cycle:{cycle.id}", by, now, organisations=0, imported=True)
    return True


def _take_all(
    engine: Engine, definitions: Definitions, plan: Plan, row: ImportRow, now: datetime, step: Callable[[int], None]
) -> None:
    done = row.rows
    left = (one for one in accepted(plan, Remarks()) if one.row > row.rows)
    while some := list(islice(left, AT_ONCE)):
        with writing(engine) as connection:
            _take_some(connection, definitions, plan, row.id, done, some, now)
        done = some[-1].row
        some.clear()  # before the next are read, so that memory holds one lot at a time
        step(done)


def _take_some(
    connection: Connection,
    definitions: Definitions,
    plan: Plan,
    number: int,
    done: int,
    some: Sequence[Accepted],
    now: datetime,
) -> None:
    row = imports.import_of(connection, number, lock=True)
    if row is None or row.state != "running" or row.rows != done:
        raise ImportRefused(f"{plan.order.name} is being brought in by somebody else at the same time.")
    groups: dict[str, list[Mapping[str, object]]] = {}
    for reply in some:
        groups.setdefault(reply.organisation, []).append(reply.values)
    cycle = cycle_named(connection, plan.cycle.id)
    questionnaire = definitions.opened(connection, cycle.id).questionnaire
    own_words, today, worded = Counter(row.own_words), _day(now), worded_items(questionnaire)
    for organisation, values in groups.items():
        facts = facts_for(plan.organisations.get(organisation))
        origin = Origin(questionnaire, cycle.id, _day(cycle.opened_at or cycle.opens_at), organisation, facts)
        replies = list(map(Resolver(questionnaire, facts), values))
        said = Counter(item for one in replies for item, _ in texts_in(worded, one))
        own_words.update(said)
        if today > _day(cycle.closes_at):  # scored by the key of the last day, but words wait for a reviewer from now
            begin_waiting(connection, cycle.id, list(said), today)
        take_in_resolved(connection, origin, replies, min(today, _day(cycle.closes_at)))
    by_organisation = Counter(row.by_organisation) + Counter({o: len(values) for o, values in groups.items()})
    imports.change_import(
        connection, number, rows=some[-1].row, replies=row.replies + len(some), own_words=dict(own_words),
        by_organisation=dict(by_organisation),
    )  # fmt: skip


def _finish(engine: Engine, number: int, by: int | None, now: datetime, *, more_to_come: bool) -> Imported:
    with writing(engine) as connection:
        row = imports.import_of(connection, number, lock=True)
        if row is None or row.state != "running":
            raise ImportRefused("The import was undone or finished by somebody else meanwhile.")
        imports.change_import(connection, number, state="done", finished_at=now)
        closes = _close(connection, row.cycle, by, now, more_to_come=more_to_come)
        trail.note(
            connection, "answers imported", f"cycle:{row.cycle}", by, now, number=number, file=row.file,
            sha256=row.sha256, replies=row.replies, organisations=len(row.by_organisation),
        )  # fmt: skip
    if closes:
        anonymous.forget_traces(engine)
    return Imported(number, row.replies, len(row.by_organisation), closes)


def _close(connection: Connection, cycle_id: str, by: int | None, now: datetime, *, more_to_come: bool) -> bool:
    """Close a survey that imports opened, as of its own date, or let what waits in one that has closed count."""
    cycle = cycle_named(connection, cycle_id)
    if cycle.closed_at is None:
        never_ran = any(one.opened for one in imports.imports_of(connection, cycle_id))
        if more_to_come or not never_ran:
            return False
        cycles.change_cycle(connection, cycle_id, closed_at=cycle.closes_at)
        trail.note(connection, "closed", f"cycle:{cycle_id}", by, now, imported=True)
    close_survey(connection, cycle_id)
    return True


def imported_into(connection: Connection, cycle_id: str, now: datetime) -> tuple[tuple[ImportRow, str], ...]:
    """Return the files brought into a survey, the newest first, and why each cannot be undone ('': it can)."""
    found = imports.imports_of(connection, cycle_id)
    turnouts = anonymous.turnouts(connection, cycle_id) if found else {}
    try:
        words = _words(connection, cycle_id) if found else {}
    except Unreadable as fault:
        return tuple((row, str(fault)) for row in found)
    replies = {organisation: n for organisation, (n, _) in turnouts.items()}
    return tuple((row, _why_not_undone(row, replies, words, now)) for row in found)


def _words(connection: Connection, cycle_id: str) -> Mapping[str, int]:
    """Return, by question, how many texts a survey holds, those that wait too."""
    return Counter(anonymous_undo.words_by_item(connection, cycle_id)) + Counter(words_waiting(connection, cycle_id))


def undo_forecast(connection: Connection, found: Preview | Mapping[str, Any], cycle_id: str) -> str:
    """Say whether an import could be undone as things stand."""
    seen = found if isinstance(found, Mapping) else found.as_json()
    turnouts = anonymous.turnouts(connection, cycle_id)
    mixed = any(turnouts.get(organisation, (0, None))[0] for organisation in seen["by_organisation"])
    words = any(OWN_WORDS in taken["first"] for taken in seen["taken"])
    if mixed or (words and _words(connection, cycle_id)):
        return (
            "This cannot be undone. The survey holds other replies of the same organisations, or other people's words, "
            "and once they are mixed nobody can tell them apart."
        )
    return "This can be undone as one, until other replies of the same organisations come in."


def _why_not_undone(row: ImportRow, replies: Mapping[str, int], words: Mapping[str, int], now: datetime) -> str:
    """Say why an import cannot be taken out: its replies have no mark, so others' would go with them."""
    if row.state == "undone":
        return "It was undone."
    if row.state == "running" and now - row.made_at < BROKEN_OFF_AFTER:
        return "It is still being brought in."
    if any(replies.get(o, 0) != n for o, n in row.by_organisation.items()):
        return "Other replies of the same organisations have come in, and nobody can tell them apart any more."
    if any(words.get(item, 0) != n for item, n in row.own_words.items()):
        return "Others have written in their own words too, and nobody can tell their words apart any more."
    return ""


def undo_import(engine: Engine, number: int, reason: str, by: int | None, now: datetime) -> ImportRow:
    """Take out everything that one import brought, and close up what it opened; the reason is kept."""
    if not reason.strip():
        raise ImportRefused("Say why the answers are taken out again. The reason is kept.")
    with writing(engine) as connection:
        row = imports.import_of(connection, number, lock=True)
        if row is None:
            raise ImportRefused(f"There is no import with the number {number}.")
        found = {one.id: why for one, why in imported_into(connection, row.cycle, now)}
        if found[number]:
            raise ImportRefused(f"{row.file} cannot be undone. {found[number]}")
        anonymous_undo.forget_replies(connection, row.cycle, row.by_organisation)
        anonymous_undo.forget_words(connection, row.cycle, row.own_words)
        forget_words(connection, row.cycle, row.own_words)
        for item in row.own_words:
            end_waiting(connection, row.cycle, item)
        imports.change_import(connection, number, state="undone", undone_at=now, undone_by=by, reason=reason.strip())
        _shut_again(connection, row)
        trail.note(
            connection, "import undone", f"cycle:{row.cycle}", by, now, number=number, file=row.file,
            replies=row.replies, reason=reason.strip(),
        )  # fmt: skip
    anonymous.forget_traces(engine)
    return row


def _shut_again(connection: Connection, row: ImportRow) -> None:
    """Make a survey planned again that the import had opened, unless another is left: that one then opened it."""
    left = next((one for one in imports.imports_of(connection, row.cycle) if one.state != "undone"), None)
    imports.change_import(connection, row.id, opened=False)
    if row.opened and left is not None:
        imports.change_import(connection, left.id, opened=True)
    elif row.opened:
        cycles.change_cycle(connection, row.cycle, opened_at=None, closed_at=None)


def _day(moment: datetime) -> date:
    return moment.astimezone(LOCAL).date()
