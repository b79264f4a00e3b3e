"""Who may use which route? One row a route; the site does not start when one is missing.

The stored object that a route names decides the organisation and the areas,
never an id that the browser sends beside it.  What somebody may not see looks
exactly like what does not exist.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import Flask, abort, g, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import Connection

from audit_engine.response.people import PersonFacts
from audit_engine.response.permissions import Act, Target, allowed
from audit_engine.storage import cycles, reports, returns
from audit_engine.web.site import page


@dataclass(frozen=True, slots=True)
class Public:
    """Anybody may use it."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Anybody who is signed in may use it; it shows only what is theirs."""


@dataclass(frozen=True, slots=True)
class Needs:
    """The person must be allowed the act on the stored thing that the address names."""

    act: Act
    of: str


Policy = Public | SignedIn | Needs
PUBLIC, SIGNED_IN = Public(), SignedIn()

POLICIES: Mapping[str, Policy] = {
    "static": PUBLIC,
    "health": PUBLIC,
    "accessibility": PUBLIC,
    "privacy": PUBLIC,
    "security.login": PUBLIC,
    "security.logout": PUBLIC,
    "security.verify": SIGNED_IN,
    "security.two_factor_setup": PUBLIC,
    "security.two_factor_setup_validate": PUBLIC,
    "security.two_factor_token_validation": PUBLIC,
    "security.two_factor_rescue": PUBLIC,
    "security.tf_select": PUBLIC,
    "home": SIGNED_IN,
    "my_audits": SIGNED_IN,
    "task_list": Needs(Act.READ_RETURN, "return"),
    "standard": Needs(Act.READ_RETURN, "return"),
    "save_standard": Needs(Act.ANSWER, "return"),
    "autosave": Needs(Act.ANSWER, "return"),
    "ask_remove_entry": Needs(Act.ANSWER, "return"),
    "remove_entry": Needs(Act.ANSWER, "return"),
    "check_answers": Needs(Act.READ_RETURN, "return"),
    "declare": Needs(Act.SUBMIT, "return"),
    "submit_return": Needs(Act.SUBMIT, "return"),
    "receipt": Needs(Act.READ_RETURN, "return"),
    "print_return": Needs(Act.READ_RETURN, "return"),
    "history": Needs(Act.READ_RETURN, "return"),
    "read_return": Needs(Act.READ_RETURN, "return"),
    "ask_extend": Needs(Act.EXTEND, "return"),
    "extend_return": Needs(Act.EXTEND, "return"),
    "ask_reopen": Needs(Act.REOPEN, "return"),
    "reopen_return": Needs(Act.REOPEN, "return"),
    "cases": Needs(Act.READ_RETURN, "return"),
    "add_case": Needs(Act.ANSWER, "return"),
    "case": Needs(Act.READ_RETURN, "return"),
    "case_part": Needs(Act.READ_RETURN, "return"),
    "save_case_part": Needs(Act.ANSWER, "return"),
    "autosave_case": Needs(Act.ANSWER, "return"),
    "ask_reference": Needs(Act.ANSWER, "return"),
    "change_reference": Needs(Act.ANSWER, "return"),
    "ask_remove_case": Needs(Act.ANSWER, "return"),
    "remove_case": Needs(Act.ANSWER, "return"),
    "case_tally": Needs(Act.READ_RETURN, "return"),
    "check_cases": Needs(Act.READ_RETURN, "return"),
    "print_cases": Needs(Act.READ_RETURN, "return"),
    "second_reading_page": Needs(Act.READ_RETURN, "return"),
    "begin_second_reading": Needs(Act.ANSWER, "return"),
    "save_second_reading": Needs(Act.ANSWER, "return"),
    "ask_give_up": Needs(Act.ANSWER, "return"),
    "give_up_second_reading": Needs(Act.ANSWER, "return"),
    "save_reading_note": Needs(Act.ANSWER, "return"),
    "case_results": Needs(Act.SEE_RESULTS, "cycle"),
    "case_results_csv": Needs(Act.SEE_RESULTS, "cycle"),
    "list_cycles": Needs(Act.SEE_RESULTS, "partnership"),
    "show_cycle": Needs(Act.SEE_PROGRESS, "cycle"),
    "ask_open_cycle": Needs(Act.OPEN_CYCLE, "cycle"),
    "open_cycle": Needs(Act.OPEN_CYCLE, "cycle"),
    "ask_close_cycle": Needs(Act.CLOSE_CYCLE, "cycle"),
    "close_cycle": Needs(Act.CLOSE_CYCLE, "cycle"),
    "reopen_cycle": Needs(Act.CLOSE_CYCLE, "cycle"),
    "results": Needs(Act.SEE_RESULTS, "cycle"),
    "why": Needs(Act.SEE_RESULTS, "cycle"),
    "comparison": Needs(Act.SEE_RESULTS, "cycle"),
    "list_reports": Needs(Act.READ_REPORT, "cycle"),
    "make_report": Needs(Act.MAKE_REPORT, "cycle"),
    "report_progress": Needs(Act.READ_REPORT, "work"),
    "download_report": Needs(Act.READ_REPORT, "report"),
    "list_people": Needs(Act.MANAGE_PEOPLE, "partnership"),
    "add_person": Needs(Act.MANAGE_PEOPLE, "partnership"),
    "switch_person": Needs(Act.MANAGE_PEOPLE, "partnership"),
    "system": Needs(Act.SEE_SYSTEM, "partnership"),
}


class UndeclaredRoutes(RuntimeError):
    """Routes have no policy, or policies no route."""

    def __init__(self, routes: set[str], policies: set[str]) -> None:
        parts = []
        if routes:
            parts.append(f"routes without a policy: {', '.join(sorted(routes))}")
        if policies:
            parts.append(f"policies without a route: {', '.join(sorted(policies))}")
        super().__init__(f"The site does not start; in web/policy.py, {'; '.join(parts)}.")


# Flask-Security adds these routes only where a second factor is required.
ONLY_WITH_SECOND_FACTOR = frozenset(
    name for name in POLICIES if name.startswith(("security.two_factor", "security.tf_"))
)


def enforce(app: Flask) -> None:
    """Refuse to start without a policy for every route, and apply the policies to every request."""
    routes = {rule.endpoint for rule in app.url_map.iter_rules()}
    undeclared = routes - set(POLICIES)
    unused = set(POLICIES) - routes - ONLY_WITH_SECOND_FACTOR
    if undeclared or unused:
        raise UndeclaredRoutes(undeclared, unused)
    app.before_request(_apply)


def me() -> PersonFacts:
    """Return who is signed in; only for routes whose policy asks for it."""
    facts: PersonFacts = current_user.facts
    return facts


def _apply() -> ResponseReturnValue | None:
    if request.endpoint is None:
        return None  # no such page: the router says so
    policy = POLICIES[request.endpoint]
    if isinstance(policy, Public):
        return None
    if not current_user.is_authenticated:
        from audit_engine.web.faults import sign_in_needed

        return sign_in_needed(request)
    if isinstance(policy, SignedIn):
        return None
    with page() as connection:
        target = TARGETS[policy.of](connection, **(request.view_args or {}))
    if target is None or not allowed(me(), policy.act, target):
        abort(404)
    return None


def _return(connection: Connection, return_id: int, **_: object) -> Target | None:
    facts = returns.return_of(connection, return_id)
    if facts is None:
        return None
    g.facts = facts
    return Target(facts.organisation, facts.areas)


def _cycle(connection: Connection, cycle_id: str, **_: object) -> Target | None:
    cycle = cycles.cycle_of(connection, cycle_id)
    if cycle is None:
        return None
    g.cycle = cycle
    return Target(areas=_all_areas(connection))


def _partnership(connection: Connection, **_: object) -> Target:
    return Target(areas=_all_areas(connection))


def _report(connection: Connection, report_id: int, **_: object) -> Target | None:
    report = reports.report_of(connection, report_id)
    if report is None:
        return None
    g.report = report
    return Target(areas=(report["area_id"],) if report["area_id"] else ())


def _work(connection: Connection, work_id: int, **_: object) -> Target | None:
    work = reports.work_of_report(connection, work_id)
    if work is None:
        return None
    g.work = work
    area = work["payload"].get("area")
    return Target(areas=(area,) if area else ())


def _all_areas(connection: Connection) -> tuple[str, ...]:
    # A cycle is the whole partnership's: whoever holds the role in any area may see it, for that area.
    from audit_engine.storage import partnership

    return tuple(a.id for a in partnership.areas(connection))


TARGETS: Mapping[str, Callable[..., Target | None]] = {
    "return": _return,
    "cycle": _cycle,
    "partnership": _partnership,
    "report": _report,
    "work": _work,
}
