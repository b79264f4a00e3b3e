"""Can everybody use every page: with a screen reader, on a telephone, and without one complaint of the browser?"""

from __future__ import annotations

from pathlib import Path

import pytest

from audit_engine.web.routes import ROUTES
from tests.browser.conftest import Visit
from tests.browser.running_site import BASELINE, CYCLE, LITTLE_OTTERS, OTTERFELL, QUILLHAVEN, RunningSite
from tests.browser.visitor import NARROW, WIDE

pytestmark = pytest.mark.browser

# Who looks at which page; {open}, {new}, {both} and {before} are returns.
PAGES = (
    ("", "sign-in", "/sign-in"),
    ("", "accessibility", "/accessibility"),
    ("", "privacy", "/privacy"),
    ("administrator", "home", "/"),
    ("administrator", "list_people", "/people"),
    ("administrator", "system", "/system"),
    ("lead", "my_audits", "/audits"),
    ("lead", "task_list", "/returns/{open}"),
    ("lead", "standard", "/returns/{open}/standards/information-sharing"),
    ("second lead", "standard", "/returns/{new}/standards/leadership"),
    ("lead", "standard", "/returns/{before}/standards/leadership"),
    ("lead", "check_answers", "/returns/{open}/check"),
    ("lead", "receipt", "/returns/{before}/receipt"),
    ("lead", "print_return", "/returns/{before}/print"),
    ("lead", "history", "/returns/{open}/history"),
    ("business team", "list_cycles", "/cycles"),
    ("business team", "show_cycle", "/cycles/{cycle}"),
    ("business team", "ask_open_cycle", "/cycles/{cycle}/open"),
    ("business team", "ask_close_cycle", "/cycles/{cycle}/close"),
    ("business team", "results", "/cycles/{cycle}/results"),
    ("business team", "why", "/cycles/{cycle}/results/why/voice"),
    ("business team", "comparison", "/cycles/{cycle}/comparison"),
    ("business team", "list_reports", "/cycles/{cycle}/reports"),
    ("business team", "read_return", "/returns/{before}/read"),
    ("business team", "ask_extend", "/returns/{open}/more-time"),
    ("business team", "ask_reopen", "/returns/{before}/reopen"),
    ("business team", "triangulation", "/cycles/{cycle}/triangulation"),
    ("business team", "triangulated_criterion", "/cycles/{cycle}/triangulation/s11.EC.2"),
    ("business team", "survey_results", "/cycles/escalation-awareness-2023/survey"),
    ("business team", "survey_waves", "/cycles/escalation-awareness-2023/survey/compare"),
    ("business team", "list_texts", "/cycles/section-11-staff-2026/texts"),
    ("business team", "list_decided_texts", "/cycles/section-11-staff-2026/decided-texts"),
    ("business team", "posters", "/cycles/escalation-awareness-2026/posters"),
    ("business team", "ask_numbers", "/cycles/escalation-awareness-2026/invited"),
    ("business team", "import_answers", "/cycles/escalation-awareness-2026/import"),
    ("business team", "take_up", "/cycles/child-on-child-abuse-2026/take-up"),
    ("business team", "benchmark_state", "/cycles/child-on-child-abuse-2023/settings-compared"),
    ("business team", "eatsafe_report", "/cycles/eatsafe-2025/what-has-changed"),
    ("business team", "case_results", "/cycles/case-files-2026/cases"),
    ("business team", "dashboards", "/dashboards"),
    ("business team", "returns_board", "/dashboards/returns"),
    ("business team", "actions_board", "/dashboards/actions"),
    ("business team", "plan_board", "/dashboards/plan"),
    ("business team", "trends", "/dashboards/surveys"),
    ("business team", "trend", "/dashboards/surveys/escalation-awareness"),
    ("business team", "tidy_files", "/dashboards/tables"),
    ("business team", "themes", "/cycles/{cycle}/themes"),
    ("business team", "theme_book_page", "/cycles/{cycle}/themes/book"),
    ("business team", "theme_questions", "/cycles/{cycle}/themes/questions"),
    ("business team", "coding", "/cycles/{cycle}/themes/coding"),
    ("business team", "coding_agreement", "/cycles/{cycle}/themes/agreement"),
    ("business team", "practice", "/cycles/{cycle}/practice"),
    ("business team", "new_card", "/cycles/{cycle}/practice/new"),
    ("business team", "list_published", "/published"),
    ("business team", "check_percentage", "/published/check"),
    ("lead", "own_staff_surveys", "/staff-surveys"),
    ("", "self_audits", "/self-audit"),
    ("", "self_audit_start", "/self-audit/child-on-child-abuse"),
)
WIDTHS = (NARROW, WIDE)
# About one thing: looked at one after another by the business team. What {names} stand for is found by NAMED.
ABOUT_ONE_THING = (
    ("ask_publish_benchmark", "/cycles/child-on-child-abuse-2023/settings-compared/publish"),
    ("write_to_contacts", "/cycles/ehe-knowledge-2026/write"),
    ("plan_outcome", "/dashboards/plan/{outcome}"),
    ("ask_correct_figure", "/dashboards/figures/{figure}/correct"),
    ("ask_withdraw_figure", "/dashboards/figures/{figure}/take-out"),
    ("ask_remove_event", "/dashboards/events/{event}/take-out"),
    ("change_theme", "/cycles/{cycle}/themes/book/{theme}"),
    ("ask_merge_theme", "/cycles/{cycle}/themes/book/{theme}/merge"),
    ("ask_leave_coding", "/cycles/{cycle}/themes/coding/give-up"),
    ("code_text", "/cycles/{cycle}/themes/coding/texts/{text}"),
    ("card", "/cycles/{cycle}/practice/{agreed_card}"),
    ("change_card", "/cycles/{cycle}/practice/{draft_card}/change"),
    ("ask_take_back", "/cycles/{cycle}/practice/{agreed_card}/consent-taken-back"),
)
# Looked at on the way through a journey, in every state that the journey comes to.
JOURNEYS: dict[str, tuple[str, ...]] = {
    "test_submitting": ("declare",),
    "test_business_team": ("report_progress",),
    "test_surveys": (
        "survey_start", "survey_section", "survey_later", "resume_survey", "check_survey", "survey_thanks",
    ),
    "test_running_surveys": (
        "ask_numbers", "survey_link", "poster", "posters", "ask_renew_link", "write_to_people", "mailing",
        "write_reminder", "ask_send_again", "no_more_mail", "survey_results", "survey_waves", "own_staff_surveys",
        "own_staff_survey", "list_texts", "read_text", "list_decided_texts", "import_answers", "import_columns",
        "import_preview", "import_progress", "ask_undo_import", "panel_pack", "ask_release_pack",
        "ask_share_pack",
    ),
    "test_cases": (
        "cases", "case", "case_part", "case_tally", "check_cases", "print_cases", "ask_reference", "ask_remove_case",
        "second_reading_page", "ask_give_up", "case_results",
    ),
    "test_self_audits": (
        "self_audits", "self_audit_start", "show_link", "self_audit_home", "new_setting", "follow_lead", "setting_home",
        "prepare_start", "setting_details", "setting_people", "next_lead", "ask_delete", "audit_home", "audit_section",
        "half_page", "reflections", "audit_plan", "audit_report", "audit_answers", "audit_history", "sharing",
        "where_we_stand", "ask_leave_benchmark", "eatsafe_table", "eatsafe_print", "eatsafe_page", "eatsafe_change",
        "eatsafe_photos", "ask_delete_photo",
    ),
}  # fmt: skip
# What is no page to look at: files, and what only leads elsewhere.
NO_PAGE = {
    "health", "download_report", "case_results_csv", "themes_csv", "practice_csv", "tidy_file", "download_all",
    "audit_report_word", "import_mapping", "photo", "next_text", "eatsafe_worker",
}  # fmt: skip
UNSEEN = {
    "ask_remove_entry": "no audit of the demonstration repeats a standard; tests/web looks at it",
    "ask_agree": "the two invented coders have agreed on every text; tests/web looks at it",
}


def test_every_page_is_looked_at() -> None:
    shown = {endpoint for _, endpoint, _, methods in ROUTES if "GET" in methods}
    on_the_way = {endpoint for endpoints in JOURNEYS.values() for endpoint in endpoints}
    looked_at = {endpoint for _, endpoint, _ in PAGES} - {"sign-in"} | {endpoint for endpoint, _ in ABOUT_ONE_THING}
    assert shown - NO_PAGE == looked_at | on_the_way | set(UNSEEN)
    assert all(Path(__file__).with_name(f"{journey}.py").exists() for journey in JOURNEYS)


def test_axe_finds_no_fault_on_pages_about_one_thing(visit: Visit, site: RunningSite) -> None:
    visitor = visit("business team")
    named = {name: site.rows(statement)[0][0] for name, statement in NAMED.items()}
    for _, path in ABOUT_ONE_THING:
        reply = visitor.page.goto(path.format(cycle=CYCLE, **named))
        assert reply is not None and reply.status == 200, path
        assert visitor.page.url.endswith(path.format(cycle=CYCLE, **named)), f"{path} leads elsewhere"
        visitor.page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
        visitor.check()


NAMED = {
    "outcome": "select outcome_id from plan_figure order by id limit 1",
    "figure": "select id from plan_figure where withdrawn_at is null order by id limit 1",
    "event": "select id from annotation order by id limit 1",
    "theme": "select id from theme order by id limit 1",
    "text": "select text_id from theme_reading order by text_id limit 1",
    "agreed_card": "select id from practice_card where state = 'agreed' limit 1",
    "draft_card": "select id from practice_card where state = 'draft' limit 1",
}


@pytest.mark.parametrize(
    ("who", "path"), [(w, p) for w, _, p in PAGES], ids=[f"{e} as {w or 'anybody'}" for w, e, _ in PAGES]
)
def test_axe_finds_no_fault_and_nothing_reaches_off_the_page(
    who: str, path: str, visit: Visit, site: RunningSite
) -> None:
    visitor = visit(who)
    numbers = {"open": site.return_of(OTTERFELL), "new": site.return_of(QUILLHAVEN)}
    before = site.return_of(OTTERFELL, BASELINE)
    reply = visitor.page.goto(path.format(**numbers, before=before, cycle=CYCLE))
    assert reply is not None and reply.status == 200
    needed = "autosave" if visitor.page.locator("form[data-autosave]").count() else "copy"
    scripts = visitor.page.locator("script").evaluate_all("all => all.map((one) => one.getAttribute('src'))")
    others = [s for s in scripts if needed not in s and "forget" not in s]
    assert others == [], "a page needs a script where it is typed into, copied from or where a kept page is given up"
    visitor.page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    visitor.check(WIDTHS)


def test_a_question_with_every_box_open_has_no_fault(visit: Visit, site: RunningSite) -> None:
    visitor = visit("joint lead")
    visitor.page.goto(f"/returns/{site.return_of(LITTLE_OTTERS)}/standards/training")
    visitor.page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    for item, option in {"s11.TS.1": "not-met", "s11.TS.2": "not-applicable", "s11.TS.1@saltreach": "not-met"}.items():
        visitor.choose(item, option)
    assert visitor.field("s11.TS.1-action-what").is_visible()
    assert visitor.field("s11.TS.2-reason").is_visible() and not visitor.field("s11.TS.2-commentary").is_visible()
    visitor.check(WIDTHS)


def test_a_page_that_does_not_exist_or_is_not_yours_says_so(visit: Visit, site: RunningSite) -> None:
    visitor = visit("second lead")
    visitor.expect("404", "405")
    for path in ("/nothing", f"/returns/{site.return_of(OTTERFELL)}", "/cycles/section-11-2099"):
        visitor.page.goto(path)
        assert visitor.heading == "Page not found"
    visitor.check()
    visitor.page.goto(f"/returns/{site.return_of(QUILLHAVEN)}/standards/learning/autosave")
    assert visitor.heading == "That cannot be done here"
    visitor.check()


def test_too_many_wrong_passwords_are_stopped_with_a_page(visit: Visit) -> None:
    visitor = visit()
    visitor.expect("429")
    visitor.page.goto("/sign-in")
    wrong = {"csrf_token": visitor.field("csrf_token").first.input_value(), "email": "nobody@demo.example.org"}
    for _ in range(10):
        visitor.context.request.post("/sign-in", form={**wrong, "password": ""})
    visitor.sign_in(wrong["email"], "a wrong password")
    assert visitor.heading == "Too many tries"
    visitor.check()


def test_a_database_that_does_not_answer_gives_a_page_and_not_a_traceback(visit: Visit, site: RunningSite) -> None:
    visitor = visit("lead")
    visitor.expect("503")
    site.change("alter table response rename to taken_away")
    visitor.page.goto("/audits")
    assert visitor.heading == "The service is busy or being looked after"
    assert "Traceback" not in visitor.page.content()
    visitor.check()
