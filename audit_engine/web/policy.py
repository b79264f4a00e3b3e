"""Who may use which route? One row a route; the site does not start when one is missing.

The stored object that a route names decides the organisation and the areas,
never an id that the browser sends beside it.  What somebody may not see looks
exactly like what does not exist.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Flask, abort, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from audit_engine.response.people import PersonFacts
from audit_engine.response.permissions import Act, allowed
from audit_engine.web.setting_sign_in import Of, let_in
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


@dataclass(frozen=True, slots=True)
class OfSetting:
    """A mailbox must be proved, and what the address names must be its own: a setting, as its lead, or an audit."""

    of: Of


Policy = Public | SignedIn | Needs | OfSetting
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
    "survey_start": PUBLIC,
    "begin_survey": PUBLIC,
    "survey_section": PUBLIC,
    "save_survey_section": PUBLIC,
    "survey_later": PUBLIC,
    "leave_survey": PUBLIC,
    "resume_survey": PUBLIC,
    "find_reply": PUBLIC,
    "check_survey": PUBLIC,
    "hand_in_survey": PUBLIC,
    "survey_thanks": PUBLIC,
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
    "triangulation": Needs(Act.TRIANGULATE, "cycle"),
    "triangulated_criterion": Needs(Act.TRIANGULATE, "cycle"),
    "panel_pack": Needs(Act.READ_PACK, "return"),
    "ask_release_pack": Needs(Act.GIVE_PACK, "return"),
    "release_pack": Needs(Act.GIVE_PACK, "return"),
    "ask_share_pack": Needs(Act.GIVE_PACK, "return"),
    "share_pack": Needs(Act.GIVE_PACK, "return"),
    "survey_results": Needs(Act.SEE_RESULTS, "cycle"),
    "survey_waves": Needs(Act.SEE_RESULTS, "cycle"),
    "own_staff_surveys": SIGNED_IN,
    "own_staff_survey": Needs(Act.READ_OWN_SURVEY, "link"),
    "list_texts": Needs(Act.REVIEW_TEXT, "texts"),
    "list_decided_texts": Needs(Act.REVIEW_TEXT, "texts"),
    "read_text": Needs(Act.REVIEW_TEXT, "texts"),
    "decide_text": Needs(Act.REVIEW_TEXT, "texts"),
    "dashboards": Needs(Act.SEE_DASHBOARDS, "partnership"),
    "returns_board": Needs(Act.SEE_PROGRESS, "partnership"),
    "actions_board": Needs(Act.SEE_DASHBOARDS, "partnership"),
    "plan_board": Needs(Act.SEE_DASHBOARDS, "partnership"),
    "plan_outcome": Needs(Act.SEE_DASHBOARDS, "partnership"),
    "add_plan_figure": Needs(Act.KEEP_PLAN, "partnership"),
    "ask_correct_figure": Needs(Act.KEEP_PLAN, "partnership"),
    "correct_figure": Needs(Act.KEEP_PLAN, "partnership"),
    "ask_withdraw_figure": Needs(Act.KEEP_PLAN, "partnership"),
    "withdraw_plan_figure": Needs(Act.KEEP_PLAN, "partnership"),
    "trends": Needs(Act.SEE_DASHBOARDS, "partnership"),
    "trend": Needs(Act.SEE_DASHBOARDS, "partnership"),
    "add_trend_event": Needs(Act.KEEP_PLAN, "partnership"),
    "ask_remove_event": Needs(Act.KEEP_PLAN, "partnership"),
    "remove_trend_event": Needs(Act.KEEP_PLAN, "partnership"),
    "tidy_files": Needs(Act.EXPORT_TIDY, "partnership"),
    "refresh_tidy": Needs(Act.EXPORT_TIDY, "partnership"),
    "tidy_file": Needs(Act.EXPORT_TIDY, "partnership"),
    "themes": Needs(Act.SEE_RESULTS, "cycle"),
    "themes_csv": Needs(Act.SEE_RESULTS, "cycle"),
    "theme_book_page": Needs(Act.CODE_TEXT, "cycle"),
    "add_theme": Needs(Act.CODE_TEXT, "cycle"),
    "change_theme": Needs(Act.CODE_TEXT, "cycle"),
    "keep_theme": Needs(Act.CODE_TEXT, "cycle"),
    "ask_merge_theme": Needs(Act.CODE_TEXT, "cycle"),
    "merge_theme": Needs(Act.CODE_TEXT, "cycle"),
    "theme_questions": Needs(Act.CODE_TEXT, "cycle"),
    "choose_questions": Needs(Act.CODE_TEXT, "cycle"),
    "coding": Needs(Act.CODE_TEXT, "cycle"),
    "take_place": Needs(Act.CODE_TEXT, "cycle"),
    "next_text": Needs(Act.CODE_TEXT, "cycle"),
    "code_text": Needs(Act.CODE_TEXT, "cycle"),
    "keep_codes": Needs(Act.CODE_TEXT, "cycle"),
    "finish_coding": Needs(Act.CODE_TEXT, "cycle"),
    "ask_leave_coding": Needs(Act.CODE_TEXT, "cycle"),
    "leave_coding": Needs(Act.CODE_TEXT, "cycle"),
    "coding_agreement": Needs(Act.CODE_TEXT, "cycle"),
    "ask_agree": Needs(Act.CODE_TEXT, "cycle"),
    "agree_on_text": Needs(Act.CODE_TEXT, "cycle"),
    "practice": Needs(Act.SEE_RESULTS, "cycle"),
    "practice_csv": Needs(Act.SEE_RESULTS, "cycle"),
    "new_card": Needs(Act.KEEP_PRACTICE, "cycle"),
    "add_card": Needs(Act.KEEP_PRACTICE, "cycle"),
    "card": Needs(Act.KEEP_PRACTICE, "cycle"),
    "change_card": Needs(Act.KEEP_PRACTICE, "cycle"),
    "keep_card": Needs(Act.KEEP_PRACTICE, "cycle"),
    "agree_card": Needs(Act.KEEP_PRACTICE, "cycle"),
    "ask_take_back": Needs(Act.KEEP_PRACTICE, "cycle"),
    "take_back_card": Needs(Act.KEEP_PRACTICE, "cycle"),
    "redraft_card": Needs(Act.KEEP_PRACTICE, "cycle"),
    "list_published": Needs(Act.SEE_RESULTS, "partnership"),
    "check_percentage": Needs(Act.SEE_RESULTS, "partnership"),
    "list_reports": Needs(Act.READ_REPORT, "cycle"),
    "make_report": Needs(Act.MAKE_REPORT, "cycle"),
    "report_progress": Needs(Act.READ_REPORT, "work"),
    "issue_anyway": Needs(Act.MAKE_REPORT, "work"),
    "download_report": Needs(Act.READ_REPORT, "report"),
    "import_answers": Needs(Act.IMPORT_ANSWERS, "cycle"),
    "take_answers_file": Needs(Act.IMPORT_ANSWERS, "cycle"),
    "import_columns": Needs(Act.IMPORT_ANSWERS, "cycle"),
    "choose_columns": Needs(Act.IMPORT_ANSWERS, "cycle"),
    "import_mapping": Needs(Act.IMPORT_ANSWERS, "cycle"),
    "import_preview": Needs(Act.IMPORT_ANSWERS, "cycle"),
    "settle_words": Needs(Act.IMPORT_ANSWERS, "cycle"),
    "confirm_import": Needs(Act.IMPORT_ANSWERS, "cycle"),
    "drop_upload": Needs(Act.IMPORT_ANSWERS, "cycle"),
    "import_progress": Needs(Act.IMPORT_ANSWERS, "cycle"),
    "ask_undo_import": Needs(Act.IMPORT_ANSWERS, "import"),
    "undo_import": Needs(Act.IMPORT_ANSWERS, "import"),
    "posters": Needs(Act.SEND_SURVEY, "survey"),
    "ask_numbers": Needs(Act.SEND_SURVEY, "survey"),
    "keep_numbers": Needs(Act.SEND_SURVEY, "survey"),
    "survey_link": Needs(Act.SEND_SURVEY, "link"),
    "poster": Needs(Act.SEND_SURVEY, "link"),
    "ask_renew_link": Needs(Act.SEND_SURVEY, "link"),
    "renew_link": Needs(Act.SEND_SURVEY, "link"),
    "write_to_contacts": Needs(Act.SEND_SURVEY, "survey"),
    "draft_to_contacts": Needs(Act.SEND_SURVEY, "survey"),
    "write_to_people": Needs(Act.SEND_SURVEY, "survey"),
    "draft_to_people": Needs(Act.SEND_SURVEY, "survey"),
    "mailing": Needs(Act.SEND_SURVEY, "mailing"),
    "send_mailing": Needs(Act.SEND_SURVEY, "mailing"),
    "discard_mailing": Needs(Act.SEND_SURVEY, "mailing"),
    "download_links": Needs(Act.SEND_SURVEY, "mailing"),
    "try_mailing_again": Needs(Act.SEND_SURVEY, "mailing"),
    "ask_send_again": Needs(Act.SEND_SURVEY, "mailing"),
    "send_mailing_again": Needs(Act.SEND_SURVEY, "mailing"),
    "write_reminder": Needs(Act.SEND_SURVEY, "mailing"),
    "draft_reminder": Needs(Act.SEND_SURVEY, "mailing"),
    "no_more_mail": PUBLIC,
    "stop_messages": PUBLIC,
    "list_people": Needs(Act.MANAGE_PEOPLE, "partnership"),
    "add_person": Needs(Act.MANAGE_PEOPLE, "partnership"),
    "switch_person": Needs(Act.MANAGE_PEOPLE, "partnership"),
    "system": Needs(Act.SEE_SYSTEM, "partnership"),
    "take_up": Needs(Act.SEE_RESULTS, "cycle"),
    "self_audits": PUBLIC,
    "self_audit_start": PUBLIC,
    "ask_for_link": PUBLIC,
    "show_link": PUBLIC,
    "use_link": PUBLIC,
    "leave_self_audits": PUBLIC,
    "self_audit_home": OfSetting("mailbox"),
    "new_setting": OfSetting("mailbox"),
    "add_setting": OfSetting("mailbox"),
    "follow_lead": OfSetting("mailbox"),
    "ask_to_follow": OfSetting("mailbox"),
    "decide_request": OfSetting("mailbox"),
    "setting_home": OfSetting("setting"),
    "prepare_start": OfSetting("setting"),
    "start_audit": OfSetting("setting"),
    "setting_details": OfSetting("setting"),
    "save_details": OfSetting("lead"),
    "ask_for_office": OfSetting("lead"),
    "setting_people": OfSetting("setting"),
    "invite_colleague": OfSetting("setting"),
    "remove_colleague": OfSetting("setting"),
    "send_letter_again": OfSetting("setting"),
    "next_lead": OfSetting("setting"),
    "ask_for_next_lead": OfSetting("setting"),
    "download_all": OfSetting("setting"),
    "ask_delete": OfSetting("lead"),
    "delete_setting": OfSetting("lead"),
    "audit_home": OfSetting("audit"),
    "finish_audit": OfSetting("audit"),
    "audit_section": OfSetting("audit"),
    "save_audit_section": OfSetting("audit"),
    "autosave_audit_section": OfSetting("audit"),
    "half_page": OfSetting("audit"),
    "save_half_page": OfSetting("audit"),
    "reflections": OfSetting("audit"),
    "save_reflections": OfSetting("audit"),
    "audit_plan": OfSetting("audit"),
    "save_plan": OfSetting("audit"),
    "audit_report": OfSetting("audit"),
    "audit_report_word": OfSetting("audit"),
    "audit_answers": OfSetting("audit"),
    "audit_history": OfSetting("audit"),
    "eatsafe_table": OfSetting("audit"),
    "eatsafe_worker": OfSetting("audit"),
    "save_ticks": OfSetting("audit"),
    "eatsafe_print": OfSetting("audit"),
    "eatsafe_page": OfSetting("audit"),
    "eatsafe_change": OfSetting("audit"),
    "share_eatsafe_change": OfSetting("audit"),
    "eatsafe_photos": OfSetting("audit"),
    "add_photo": OfSetting("audit"),
    "photo": OfSetting("audit"),
    "ask_delete_photo": OfSetting("audit"),
    "delete_photo": OfSetting("audit"),
    "eatsafe_report": Needs(Act.SEE_RESULTS, "cycle"),
    "where_we_stand": OfSetting("audit"),
    "join_benchmark": OfSetting("audit"),
    "ask_leave_benchmark": OfSetting("audit"),
    "leave_benchmark": OfSetting("audit"),
    "benchmark_state": Needs(Act.SEE_RESULTS, "cycle"),
    "ask_publish_benchmark": Needs(Act.PUBLISH_BENCHMARK, "cycle"),
    "publish_benchmark": Needs(Act.PUBLISH_BENCHMARK, "cycle"),
    "sharing": OfSetting("audit"),
    "share_counts": OfSetting("audit"),
    "withdraw_counts": OfSetting("audit"),
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
    if isinstance(policy, OfSetting):
        return let_in(policy.of)
    if not current_user.is_authenticated:
        from audit_engine.web.faults import sign_in_needed

        return sign_in_needed(request)
    if isinstance(policy, SignedIn):
        return None
    from audit_engine.web.targets import TARGETS  # reads the database: no page of those above needs it

    with page() as connection:
        target = TARGETS[policy.of](connection, **(request.view_args or {}))
    if target is None or not allowed(me(), policy.act, target):
        abort(404)
    return None
