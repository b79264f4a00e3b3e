"""See who has returned an audit and whom to chase, and what organisations will do about what is not met."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from flask import render_template
from flask.typing import ResponseReturnValue

from audit_engine.analysis.actions import TIMING_WORDS, TIMINGS, Timing
from audit_engine.response.permissions import Act
from audit_engine.services.clock import now
from audit_engine.services.follow_actions import Actions, Wanted, follow_actions
from audit_engine.services.follow_returns import Followed, Returns, SectorReturns, follow_returns
from audit_engine.storage import partnership
from audit_engine.web.addresses import this_address
from audit_engine.web.block_pages import handed_out
from audit_engine.web.board_choices import Choices, area_asked, areas_of, asked, chosen, known, picks, today
from audit_engine.web.page_filters import day, plural, state_words
from audit_engine.web.site import page, site
from audit_engine.web.views.shared import may_in_cycle

if TYPE_CHECKING:
    from audit_engine.reports.blocks import Block
    from audit_engine.reports.board_returns import Behind, Line

NO_RETURNS = "No audit has been opened yet. Once one is open, this page says who has returned it and whom to chase."
NO_ACTIONS = "No audit has been opened yet. Actions come with the returns that organisations submit."
BEHIND = [("not-started", "Not started"), ("started", "Started"), ("overdue", "Overdue")]


def _nothing(title: str, sentence: str) -> str:
    return render_template("dashboard_empty.html", title=title, sentence=sentence)


def _sectors() -> Choices:
    with page() as connection:
        return [("", "All kinds"), *partnership.sectors(connection).items()]


def returns_board() -> ResponseReturnValue:
    """Show who has not started, started, submitted or is late, by sector, and whom to chase."""
    found = known()
    area, areas = area_asked(Act.SEE_PROGRESS)
    cycle = chosen(found, found.returned)
    if cycle is None:
        return _nothing("Returns and chasing", NO_RETURNS)
    sectors, states = _sectors(), [("", "All who have not submitted"), *BEHIND]
    sector, state = asked("sector", sectors), asked("state", states)
    chases = may_in_cycle(Act.CHASE)
    with page() as connection:
        seen = follow_returns(
            connection, site().definitions, cycle, now(), areas_of(area, Act.SEE_PROGRESS), sector=sector,
            with_contacts=chases,
        )  # fmt: skip
    rows = [row for row in seen.chased if state in ("", "overdue" if row.overdue else row.standing, row.standing)]
    blocks = _returns_blocks(seen, rows)
    filters = [*picks(cycle, found.returned, area, areas), ("sector", "Kind of organisation", sectors, sector)]
    return handed_out(blocks) or render_template(
        "dashboard_returns.html", cycle=cycle, filters=[*filters, ("state", "Whom to list", states, state)],
        tally=_returns_tally(seen), blocks=blocks, lines="\n".join(_line(row) for row in rows) if chases else "",
        addresses="; ".join(_addresses(rows)), silent=[r.facts.organisation_name for r in rows if not r.contacts],
        chases=chases, taking_part=len(seen.whole.rows), figures_href=this_address(format="figures"),
    )  # fmt: skip


def _returns_tally(seen: Returns) -> list[tuple[str, str]]:
    whole, cycle = seen.whole, seen.cycle
    if cycle.state == "closed":
        left = (day(cycle.closed_at), "the day on which it closed")
    elif seen.days_left < 0:
        left = (plural(-seen.days_left, "day"), "since its closing day")
    else:
        left = (plural(seen.days_left, "day"), f"left, until {day(cycle.closes_at)}")
    return [
        (f"{whole.counted('submitted')} of {len(whole.rows)}", "have returned"),
        (f"{whole.counted('started')}", "started"),
        (f"{whole.counted('not-started')}", "not started"),
        (f"{whole.overdue}", "overdue"),
        left,
    ]


def _returns_blocks(seen: Returns, rows: Sequence[Followed]) -> tuple[Block, ...]:
    from audit_engine.reports import board_returns

    sectors = [_sector(one) for one in seen.sectors]
    if not sectors:
        return ()
    by_sector = board_returns.by_sector(seen.cycle.title, _sector(seen.whole), sectors)
    return (*board_returns.behind([_behind(row) for row in rows]), *by_sector)


def _sector(one: SectorReturns) -> Line:
    from audit_engine.reports.board_returns import Line

    counted = (one.counted(standing) for standing in ("submitted", "started", "not-started"))
    returned, started, not_started = counted
    return Line(one.label, returned, one.late, started, not_started, one.overdue)


def _behind(row: Followed) -> Behind:
    from audit_engine.reports.board_returns import Behind

    facts, progress = row.facts, row.progress
    state = f"{state_words(facts.state)}, overdue" if row.overdue else state_words(facts.state)
    return Behind(
        facts.organisation_name, row.sector, state, f"{progress.done:,} of {progress.asked:,}",
        day(row.last_activity) or "Nothing yet", day(facts.closes_at), f"{row.days_left}".replace("-", "−"),
    )  # fmt: skip


def _line(row: Followed) -> str:
    """Return what somebody needs who writes to an organisation, in one line to be copied."""
    behind = _behind(row)
    people = ", ".join(f"{name} <{email}>" if name else email for name, email in row.contacts) or "no address known"
    done = f"{behind.done} questions done" if row.progress.asked else "nothing entered yet"
    last = f"last activity {behind.last_activity}" if row.last_activity else "no activity yet"
    return f"{behind.name}: {behind.state.lower()}; {done}; {last}; {people}"


def _addresses(rows: Sequence[Followed]) -> Iterator[str]:
    yield from dict.fromkeys(email for row in rows for _, email in row.contacts)


def actions_board() -> ResponseReturnValue:
    """Show what organisations will do: by standard, by status, and what is overdue."""
    found = known()
    area, areas = area_asked(Act.SEE_DASHBOARDS)
    cycle = chosen(found, found.rated)
    if cycle is None:
        return _nothing("Actions", NO_ACTIONS)
    with page() as connection:
        sections = site().definitions.opened(connection, cycle.id).questionnaire.sections
    sectors, standards = _sectors(), [("", "All standards"), *((s.id, s.title) for s in sections)]
    timings: Choices = [("", "All"), *((t, TIMING_WORDS[t]) for t in TIMINGS)]
    wanted = Wanted(asked("sector", sectors), asked("standard", standards), asked("due", timings))
    with page() as connection:
        seen = follow_actions(
            connection, site().definitions, cycle, today(), areas_of(area, Act.SEE_DASHBOARDS), wanted
        )
    blocks = _actions_blocks(seen, wanted, cycle.title)
    filters = [*picks(cycle, found.rated, area, areas), ("sector", "Kind of organisation", sectors, wanted.sector)]
    return handed_out(_with_every_row(blocks, seen)) or render_template(
        "dashboard_actions.html", cycle=cycle, tally=_actions_tally(seen), blocks=blocks,
        filters=[
            *filters, ("standard", "Standard", standards, wanted.standard), ("due", "List", timings, wanted.timing),
        ],
        figures_href=this_address(format="figures"),
    )  # fmt: skip


def _actions_tally(seen: Actions) -> list[tuple[str, str]]:
    by_timing = seen.whole.by_timing
    names: tuple[tuple[Timing, str], ...] = (
        ("overdue", "overdue"),
        ("soon", "due within 90 days"),
        ("later", "due later"),
        ("no-date", "without a date"),
    )
    return [
        (f"{seen.whole.open:,}", "actions are not done"),
        *((f"{by_timing.get(timing, 0):,}", words) for timing, words in names),
    ]


def _actions_blocks(seen: Actions, wanted: Wanted, title: str) -> tuple[Block, ...]:
    from audit_engine.reports import board_actions

    if not seen.whole.all:
        return ()
    standards = [(s.title, s.counts) for s in seen.standards]
    words = next((TIMING_WORDS[timing] for timing in TIMINGS if timing == wanted.timing), "")
    heading = f"Actions: {words.lower()}" if words else "Every action"
    return (
        *board_actions.by_standard(title, seen.whole, standards),
        *board_actions.listed(seen.listed, seen.today, heading, in_words=may_in_cycle(Act.READ_RETURN)),
    )


def _with_every_row(blocks: Sequence[Block], seen: Actions) -> tuple[Block, ...]:
    """Return the blocks with the whole list in place of what a page shows of it: a CSV leaves nothing out."""
    from audit_engine.reports import board_actions

    if not seen.listed:
        return tuple(blocks)
    every = board_actions.table_of(seen.listed, seen.today, in_words=may_in_cycle(Act.READ_RETURN))
    return tuple(every if getattr(block, "id", "") == every.id else block for block in blocks)
