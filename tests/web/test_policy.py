"""Does every route have a policy, and does the site refuse to start when one has none?"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from audit_engine.web import create_app, policy, routes
from audit_engine.web.policy import POLICIES, Needs, UndeclaredRoutes
from audit_engine.web.targets import TARGETS
from tests.services.tiny import lay
from tests.web.browser import Web


def test_every_route_has_a_policy_and_every_policy_a_route(standing: Web) -> None:
    routes = {rule.endpoint for rule in standing.app.url_map.iter_rules()}
    assert routes <= set(POLICIES)
    assert {name for name in set(POLICIES) - routes if not name.startswith("security.")} == set()


def start(root: Path, monkeypatch: pytest.MonkeyPatch) -> Flask:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{root / 'audit.sqlite3'}")
    return create_app(lay(root), testing=True)


def test_the_site_does_not_start_with_a_route_that_has_no_policy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    attach: Callable[[Flask], None] = routes.attach

    def with_one_more(app: Flask) -> None:
        attach(app)
        app.add_url_rule("/secrets", "secrets", lambda: "everything")

    monkeypatch.setattr(routes, "attach", with_one_more)
    with pytest.raises(UndeclaredRoutes, match="routes without a policy: secrets"):
        start(tmp_path, monkeypatch)


def test_the_site_does_not_start_with_a_policy_that_has_no_route(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(policy, "POLICIES", {**POLICIES, "old_page": policy.PUBLIC})
    with pytest.raises(UndeclaredRoutes, match="policies without a route: old_page"):
        start(tmp_path, monkeypatch)


def test_every_need_names_a_thing_that_can_be_looked_up() -> None:
    assert {p.of for p in POLICIES.values() if isinstance(p, Needs)} <= set(TARGETS)


def test_no_route_takes_an_organisation_or_an_area_from_its_address(standing: Web) -> None:
    named = {argument for rule in standing.app.url_map.iter_rules() for argument in rule.arguments}
    assert named <= {
        "return_id", "section_id", "cycle_id", "report_id", "work_id", "person_id", "version", "name",
        "upload_id", "number",
        "repeat", "case", "token", "link_id", "mailing_id", "code", "text_id", "criterion_id",
        "audit_id", "setting_id", "photo_id", "questionnaire", "form", "outcome_id", "figure_id", "event_id",
        "theme_id", "card_id",
    }  # fmt: skip


def test_routes_that_change_something_are_never_reached_by_following_a_link(standing: Web) -> None:
    changing = {
        "save_standard", "autosave", "submit_return", "extend_return", "reopen_return", "open_cycle", "close_cycle",
        "take_answers_file", "choose_columns", "settle_words", "confirm_import", "drop_upload", "undo_import",
        "reopen_cycle", "make_report", "add_person", "switch_person", "security.logout", "remove_entry",
        "begin_survey", "save_survey_section", "leave_survey", "find_reply", "hand_in_survey",
        "add_case", "save_case_part", "autosave_case", "change_reference", "remove_case", "begin_second_reading",
        "save_second_reading", "give_up_second_reading", "save_reading_note", "keep_numbers", "renew_link",
        "draft_to_contacts", "draft_to_people", "send_mailing", "discard_mailing", "download_links",
        "try_mailing_again", "send_mailing_again", "draft_reminder", "stop_messages",
        "decide_text", "save_ticks", "share_eatsafe_change", "add_photo", "delete_photo",
    }  # fmt: skip
    methods = {r.endpoint: r.methods or set() for r in standing.app.url_map.iter_rules() if r.endpoint in changing}
    assert set(methods) == changing
    assert {e: m for e, m in methods.items() if m - {"POST", "OPTIONS"}} == {}


def test_every_other_route_that_takes_a_form_takes_nothing_else(standing: Web) -> None:
    taking = {r.endpoint: r.methods or set() for r in standing.app.url_map.iter_rules() if "POST" in (r.methods or ())}
    both = {endpoint for endpoint, methods in taking.items() if methods - {"POST", "OPTIONS"}}
    assert both == {"security.login", "security.verify"}  # their forms stand at the address that takes them


def test_every_route_leads_to_a_view_that_is_there() -> None:
    later = [view for _, _, view, _ in routes.ROUTES if hasattr(view, "found")]
    assert later and all(callable(view.found()) for view in later)
