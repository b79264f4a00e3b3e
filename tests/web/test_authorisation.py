"""Who reaches which route, about which thing? Every route, every method, every role, written down a second time.

What somebody may not see must look exactly like what does not exist.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from flask import url_for
from werkzeug.test import TestResponse

from audit_engine.storage import outbox, reports
from audit_engine.storage.engine import writing
from audit_engine.web.faults import CARRIES_TEXT
from tests.services.tiny import DURING
from tests.web.browser import PEOPLE, Browser, Web, token_of, without_tokens

EVERYBODY = frozenset(PEOPLE)
LEADS = {"otters": "lead", "badgers": "other lead", "joint": "joint lead"}
SOUTHERN = {"badgers", "joint"}
RESULTS = frozenset({"team", "southern team", "executive", "southern executive", "scrutineer"})
TEAM = frozenset({"team", "southern team"})
WATCHING = TEAM | {"scrutineer"}
ADMINISTRATOR = frozenset({"administrator"})


def reads(organisation: str) -> frozenset[str]:
    near = {"southern team"} if organisation in SOUTHERN else set()
    return frozenset({LEADS[organisation], "team", "scrutineer", *near})


def answers(organisation: str) -> frozenset[str]:
    return frozenset({LEADS[organisation]})


def manages(organisation: str) -> frozenset[str]:
    return frozenset({"team", "southern team"} if organisation in SOUTHERN else {"team"})


# Routes about one organisation's return -> who reaches it.
OF_RETURN: Mapping[str, Callable[[str], frozenset[str]]] = {
    "task_list": reads, "standard": reads, "check_answers": reads, "receipt": reads, "print_return": reads,
    "history": reads, "read_return": reads, "save_standard": answers, "autosave": answers, "declare": answers,
    "submit_return": answers, "ask_extend": manages, "extend_return": manages, "ask_reopen": manages,
    "reopen_return": manages,
}  # fmt: skip
OF_CYCLE: Mapping[str, frozenset[str]] = {
    "show_cycle": WATCHING, "ask_open_cycle": TEAM, "open_cycle": TEAM, "ask_close_cycle": TEAM, "close_cycle": TEAM,
    "reopen_cycle": TEAM, "results": RESULTS, "why": RESULTS, "comparison": RESULTS, "list_reports": RESULTS,
    "triangulation": WATCHING, "take_up": RESULTS, "eatsafe_report": RESULTS, "make_report": TEAM,
    "import_answers": TEAM, "take_answers_file": TEAM, "themes": RESULTS, "themes_csv": RESULTS, "practice": RESULTS,
    "practice_csv": RESULTS, "theme_book_page": TEAM, "add_theme": TEAM, "theme_questions": TEAM,
    "choose_questions": TEAM, "coding": TEAM, "take_place": TEAM, "next_text": TEAM, "finish_coding": TEAM,
    "ask_leave_coding": TEAM, "leave_coding": TEAM, "coding_agreement": TEAM, "new_card": TEAM, "add_card": TEAM,
}  # fmt: skip
OF_PARTNERSHIP: Mapping[str, frozenset[str]] = {
    "home": EVERYBODY, "my_audits": EVERYBODY, "own_staff_surveys": EVERYBODY, "security.verify": EVERYBODY,
    "list_cycles": RESULTS, "dashboards": RESULTS, "returns_board": WATCHING, "actions_board": RESULTS,
    "plan_board": RESULTS, "trends": RESULTS, "tidy_files": frozenset({"team"}), "refresh_tidy": frozenset({"team"}),
    "list_people": ADMINISTRATOR, "add_person": ADMINISTRATOR, "switch_person": ADMINISTRATOR, "system": ADMINISTRATOR,
}  # fmt: skip
# Routes about the cases of one organisation's return: test_cases asks as everybody.
OF_CASES: Mapping[str, Callable[[str], frozenset[str]]] = {
    "cases": reads, "case": reads, "case_part": reads, "case_tally": reads, "check_cases": reads, "print_cases": reads,
    "second_reading_page": reads, "add_case": answers, "save_case_part": answers, "autosave_case": answers,
    "ask_reference": answers, "change_reference": answers, "ask_remove_case": answers, "remove_case": answers,
    "begin_second_reading": answers, "save_second_reading": answers, "ask_give_up": answers,
    "give_up_second_reading": answers, "save_reading_note": answers,
}  # fmt: skip
# Asked of a cycle of cases in test_cases.
OF_CASE_RESULTS = dict.fromkeys(("case_results", "case_results_csv"), RESULTS)
# self_audit/test_benchmark says who reaches them
OF_BENCHMARKS = {"benchmark_state", "ask_publish_benchmark", "publish_benchmark"}
# test_themes says who reaches them
OF_THEMES = {
    "change_theme", "keep_theme", "ask_merge_theme", "merge_theme", "code_text", "keep_codes", "ask_agree",
    "agree_on_text",
}  # fmt: skip
# test_practice says who reaches them
OF_CARDS = {"card", "change_card", "keep_card", "agree_card", "redraft_card", "ask_take_back", "take_back_card"}
# test_dashboards says who reaches them
OF_PLAN = {
    "plan_outcome", "add_plan_figure", "ask_correct_figure", "correct_figure", "ask_withdraw_figure",
    "withdraw_plan_figure", "trend", "add_trend_event", "ask_remove_event", "remove_trend_event", "tidy_file",
}  # fmt: skip
OF_REPORT = {"report_progress": EVERYBODY, "download_report": EVERYBODY, "issue_anyway": TEAM}  # among REPORT_READERS
# test_triangulating says who reaches them, and when
OF_PACKS = {
    "triangulated_criterion", "panel_pack", "ask_release_pack", "release_pack", "ask_share_pack", "share_pack",
}  # fmt: skip
OF_ENTRY = {"ask_remove_entry", "remove_entry"}  # test_entries says who reaches them
# test_messages says who reaches them
OF_SENDING = {
    "posters", "ask_numbers", "keep_numbers", "survey_link", "poster", "ask_renew_link", "renew_link",
    "write_to_contacts", "draft_to_contacts", "write_to_people", "draft_to_people", "mailing", "send_mailing",
    "discard_mailing", "download_links", "try_mailing_again", "ask_send_again", "send_mailing_again",
    "write_reminder", "draft_reminder",
}  # fmt: skip
# test_importing says who reaches them
OF_IMPORT = {
    "import_columns", "choose_columns", "import_mapping", "import_preview", "settle_words", "confirm_import",
    "drop_upload", "import_progress", "ask_undo_import", "undo_import",
}  # fmt: skip
# test_survey_results, test_text_review and test_published say who reaches them
OF_SURVEY_RESULTS = {
    "survey_results", "survey_waves", "own_staff_survey", "list_texts", "list_decided_texts", "read_text",
    "decide_text", "list_published", "check_percentage",
}  # fmt: skip
# Nobody reaches them by a role: self_audit/test_people and test_door say who does.
OF_SETTINGS = {
    "self_audit_home", "new_setting", "add_setting", "follow_lead", "ask_to_follow", "decide_request", "setting_home",
    "prepare_start", "start_audit", "setting_details", "save_details", "ask_for_office", "setting_people",
    "invite_colleague", "send_letter_again", "remove_colleague", "next_lead", "ask_for_next_lead", "download_all",
    "ask_delete",
    "delete_setting", "audit_home", "finish_audit", "audit_section", "save_audit_section", "autosave_audit_section",
    "half_page", "save_half_page", "reflections", "save_reflections", "audit_plan", "save_plan", "audit_report",
    "audit_report_word", "audit_answers", "audit_history", "sharing", "share_counts", "withdraw_counts",
    "eatsafe_table", "eatsafe_worker", "save_ticks", "eatsafe_print", "eatsafe_page", "eatsafe_change",
    "share_eatsafe_change",
    "eatsafe_photos", "add_photo", "photo", "ask_delete_photo", "delete_photo",
    "where_we_stand", "join_benchmark", "ask_leave_benchmark", "leave_benchmark",
}  # fmt: skip
# A report of the whole partnership is for those who see all of it, one of an area also for those who see that area.
REPORT_READERS = {
    None: frozenset({"team", "executive", "scrutineer"}),
    "north": frozenset({"team", "executive", "scrutineer"}),
    "south": frozenset({"team", "executive", "scrutineer", "southern team", "southern executive"}),
}
PUBLIC = {
    "static", "health", "accessibility", "privacy", "security.login", "security.logout", "no_more_mail",
    "stop_messages", "survey_start", "begin_survey", "survey_section", "save_survey_section", "survey_later",
    "leave_survey", "resume_survey", "find_reply", "check_survey", "hand_in_survey", "survey_thanks", "self_audits",
    "self_audit_start", "ask_for_link", "show_link", "use_link", "leave_self_audits",
}  # fmt: skip
POSTS = {
    "take_answers_file", "choose_columns", "settle_words", "confirm_import", "drop_upload", "undo_import",
    "save_standard", "autosave", "submit_return", "extend_return", "reopen_return", "open_cycle", "close_cycle",
    "reopen_cycle", "release_pack", "share_pack", "make_report", "add_person", "switch_person", "remove_entry",
    "keep_numbers", "renew_link", "draft_to_contacts", "draft_to_people", "send_mailing", "discard_mailing",
    "download_links", "try_mailing_again", "send_mailing_again", "draft_reminder", "stop_messages", "decide_text",
    "publish_benchmark", "add_case", "save_case_part", "autosave_case", "change_reference", "remove_case",
    "begin_second_reading", "save_second_reading", "give_up_second_reading", "save_reading_note", "add_card",
    "add_plan_figure", "add_theme", "add_trend_event", "agree_card", "agree_on_text", "choose_questions",
    "correct_figure", "finish_coding", "issue_anyway", "keep_card", "keep_codes", "keep_theme", "leave_coding",
    "merge_theme", "redraft_card", "refresh_tidy", "remove_trend_event", "take_back_card", "take_place",
    "withdraw_plan_figure",
}  # fmt: skip
# What was typed is handed back, or the page's script is told; see test_nothing_typed_is_lost.
HANDED_BACK = (CARRIES_TEXT & POSTS) | {"autosave"}
NOT_THERE = {"return_id": 999_999, "cycle_id": "nothing", "report_id": 999_999, "work_id": 999_999}


@pytest.fixture(scope="module")
def browsers(standing: Web) -> dict[str, Browser]:
    return {name: standing.as_(name) for name in PEOPLE}


@pytest.fixture(scope="module")
def made(standing: Web, tmp_path_factory: pytest.TempPathFactory) -> dict[str | None, dict[str, int]]:
    """Return the numbers of a report and of a piece of work, of each area and of all."""
    file = Path(tmp_path_factory.mktemp("reports")) / "report.docx"
    file.write_bytes(b"a report")
    found: dict[str | None, dict[str, int]] = {}
    with writing(standing.world.engine) as connection:
        for area in (None, "north", "south"):
            payload = {"cycle": "tiny-2026", "kind": "analysis", "area": area}
            work = outbox.ask(connection, "report", f"work {area}", payload, None, DURING)
            report = reports.add_report(
                connection, kind="analysis", cycle_id="tiny-2026", area=area, work_id=None, file=str(file),
                sha256="0" * 64, cut_off=DURING, now=DURING, by=None, figures={},
            )  # fmt: skip
            found[area] = {"work_id": work, "report_id": report}
    return found


def ask(web: Web, browser: Browser, endpoint: str, **where: object) -> TestResponse:
    with web.app.test_request_context():
        path = url_for(endpoint, **where)  # type: ignore[arg-type]
    return browser.post(path) if endpoint in POSTS else browser.get(path)


def check(
    web: Web, browsers: dict[str, Browser], endpoint: str, reached: frozenset[str], where: dict[str, object], key: str
) -> None:
    """Ask as everybody; hold what the others see against what they see of a thing that does not exist."""
    for name, browser in browsers.items():
        answer = ask(web, browser, endpoint, **where)
        if name in reached:
            assert answer.status_code in (200, 302, 400, 409), (name, answer.status_code)
            assert not (answer.location or "").startswith("/sign-in"), name
            if answer.location:
                browser.get(answer.location)  # what the next page is to say is not left for a page of another test
        else:
            nothing = ask(web, browser, endpoint, **{**where, key: NOT_THERE[key]})
            assert (answer.status_code, nothing.status_code) == (404, 404), name
            assert without_tokens(answer) == without_tokens(nothing), name
            assert answer.headers.to_wsgi_list() == nothing.headers.to_wsgi_list(), name


def section(endpoint: str) -> dict[str, object]:
    return {"section_id": "leading"} if endpoint in ("standard", "save_standard", "autosave", "why") else {}


def test_every_route_is_in_a_table_of_this_file(standing: Web) -> None:
    routes = {rule.endpoint for rule in standing.app.url_map.iter_rules()}
    tables = (
        OF_RETURN, OF_CASES, OF_CASE_RESULTS, OF_CYCLE, OF_BENCHMARKS, OF_THEMES, OF_CARDS, OF_PLAN,
        OF_PARTNERSHIP, OF_REPORT, OF_ENTRY, OF_PACKS, OF_SENDING, OF_IMPORT, OF_SURVEY_RESULTS, OF_SETTINGS, PUBLIC,
    )  # fmt: skip
    assert routes == set().union(*tables)
    assert len(routes) == sum(map(len, tables)), "a route stands in two tables"


# There is no receipt before a submission; see test_submitting.
PAIRS = [(e, o) for e in OF_RETURN for o in LEADS if e != "receipt" or o == "otters"]


@pytest.mark.parametrize("endpoint, organisation", PAIRS)
def test_a_return_is_reached_by_those_whom_it_concerns(
    standing: Web, browsers: dict[str, Browser], endpoint: str, organisation: str
) -> None:
    where = {"return_id": standing.world.return_of(organisation).id, **section(endpoint)}
    check(standing, browsers, endpoint, OF_RETURN[endpoint](organisation), where, "return_id")


@pytest.mark.parametrize("endpoint", OF_CYCLE)
def test_a_cycle_is_reached_by_those_who_run_or_watch_it(
    standing: Web, browsers: dict[str, Browser], endpoint: str
) -> None:
    check(standing, browsers, endpoint, OF_CYCLE[endpoint], {"cycle_id": "tiny-2026", **section(endpoint)}, "cycle_id")


@pytest.mark.parametrize("area", REPORT_READERS)
@pytest.mark.parametrize(
    "endpoint, key", [("report_progress", "work_id"), ("download_report", "report_id"), ("issue_anyway", "work_id")]
)
def test_a_report_is_reached_by_those_who_see_all_that_is_in_it(
    standing: Web, browsers: dict[str, Browser], made: dict[str | None, dict[str, int]],
    endpoint: str, key: str, area: str | None,
) -> None:  # fmt: skip
    check(standing, browsers, endpoint, REPORT_READERS[area] & OF_REPORT[endpoint], {key: made[area][key]}, key)


@pytest.mark.parametrize("endpoint", OF_PARTNERSHIP)
def test_a_page_of_the_partnership_is_reached_by_its_roles(
    standing: Web, browsers: dict[str, Browser], endpoint: str
) -> None:
    where = {"person_id": 999_999} if endpoint == "switch_person" else {}
    for name, browser in browsers.items():
        answer = ask(standing, browser, endpoint, **where)
        expected = (200, 302, 400) if name in OF_PARTNERSHIP[endpoint] else (404,)
        assert answer.status_code in expected, name
        assert not (answer.location or "").startswith("/sign-in"), name


def everything(standing: Web) -> dict[str, dict[str, object]]:
    """Return every route that is not public with what its address names."""
    known: dict[str, object] = {
        "return_id": standing.world.return_of("otters").id, "cycle_id": "tiny-2026", "section_id": "leading",
        "report_id": 1, "work_id": 1, "person_id": 1, "repeat": "1", "link_id": 1, "mailing_id": 1,
        "upload_id": "0" * 32, "number": 1, "text_id": "0" * 32, "criterion_id": "t.A.1", "case": "1",
        "outcome_id": "1.1", "figure_id": 1, "event_id": 1, "questionnaire": "tiny", "name": "returns.csv",
        "theme_id": 1, "card_id": 1,
    }  # fmt: skip
    rules = [r for r in standing.app.url_map.iter_rules() if r.endpoint not in PUBLIC | OF_SETTINGS]
    return {rule.endpoint: {name: known[name] for name in rule.arguments} for rule in rules}


def test_who_is_not_signed_in_is_led_to_the_sign_in_page_whatever_exists(standing: Web) -> None:
    anonymous = standing.as_(None)
    anonymous.token = token_of(anonymous.get("/sign-in"))
    for endpoint, where in everything(standing).items():
        nothing = {k: NOT_THERE.get(k, v) for k, v in where.items()}
        answer, other = (ask(standing, anonymous, endpoint, **w) for w in (where, nothing))
        assert answer.status_code == other.status_code
        if endpoint in HANDED_BACK:
            assert answer.status_code == 401
        else:
            assert (answer.status_code, (answer.location or "").split("?")[0]) == (302, "/sign-in"), endpoint


def test_who_was_switched_off_or_has_no_role_reaches_nothing_of_anybody(standing: Web) -> None:
    nobody = standing.as_("nobody")
    for endpoint, where in everything(standing).items():
        if OF_PARTNERSHIP.get(endpoint) != EVERYBODY:
            assert ask(standing, nobody, endpoint, **where).status_code == 404, endpoint


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"])
def test_a_route_answers_its_own_methods_and_no_other(standing: Web, method: str) -> None:
    team = standing.as_("team")
    places: dict[str, set[str]] = {}
    with standing.app.test_request_context():
        for rule in standing.app.url_map.iter_rules():
            if rule.endpoint not in PUBLIC:
                path = url_for(rule.endpoint, **dict.fromkeys(rule.arguments, 1))
                places.setdefault(path, set()).update(rule.methods or ())
    assert len(places) > 25
    for path, methods in places.items():
        if method in methods:
            continue
        answer = team.client.open(path, method=method)
        assert answer.status_code in (400, 405), (method, path)
        if answer.status_code == 405:
            assert set(answer.headers["Allow"].split(", ")) == methods, path


@pytest.mark.parametrize("name", [*PEOPLE, None])
def test_no_role_of_the_partnership_opens_a_page_of_a_school(standing: Web, name: str | None) -> None:
    browser = standing.as_(name)
    if name is None:
        browser.token = token_of(browser.get("/self-audit"))
    with standing.app.test_request_context():
        rules = [r for r in standing.app.url_map.iter_rules() if r.endpoint in OF_SETTINGS]
        places = [(r, url_for(r.endpoint, **dict.fromkeys(r.arguments, 1))) for r in rules]
    for rule, path in places:
        answer = browser.get(path) if "GET" in (rule.methods or ()) else browser.post(path)
        assert answer.status_code in (302, 401), path
        assert answer.status_code == 401 or answer.location.startswith("/self-audit?"), path


def test_asking_for_the_methods_of_a_foreign_return_tells_nothing(standing: Web) -> None:
    lead = standing.as_("lead")
    foreign, own = (f"/returns/{standing.world.return_of(o).id}" for o in ("badgers", "otters"))
    assert lead.client.options(foreign).status_code == lead.client.options("/returns/999999").status_code == 404
    assert lead.client.options(own).status_code == 200


def test_an_id_that_is_sent_beside_the_address_opens_nothing(standing: Web) -> None:
    lead = standing.as_("lead")
    own, foreign = (standing.world.return_of(o).id for o in ("otters", "badgers"))
    for more in ({"return_id": own}, {"organisation": "otters"}, {"organisation_id": "otters"}, {"area": "north"}):
        assert lead.get(f"/returns/{foreign}", query_string=more).status_code == 404
        assert (
            lead.post(
                f"/returns/{foreign}/standards/leading", {"t.A.1-version": "0", "t.A.1": "met", **more}
            ).status_code
            == 404
        )
    assert standing.world.opened("badgers").answer("t.A.1").version == 1


def test_the_list_of_a_cycle_shows_the_organisations_of_ones_own_area_alone(standing: Web) -> None:
    listed = {
        name: {o for o in ("Otter School", "Badger School", "Joint Police", "The Office")
               if o in standing.as_(name).get("/cycles/tiny-2026").text}
        for name in ("team", "scrutineer", "southern team")
    }  # fmt: skip
    everyone = {"Otter School", "Badger School", "Joint Police", "The Office"}
    assert listed == {"team": everyone, "scrutineer": everyone, "southern team": {"Badger School", "Joint Police"}}


@pytest.mark.parametrize("page", ["results", "results/why/leading", "comparison"])
def test_who_sees_one_area_sees_its_results_and_no_others(standing: Web, page: str) -> None:
    for name in ("southern team", "southern executive"):
        browser = standing.as_(name)
        own = browser.get(f"/cycles/tiny-2026/{page}")
        assert own.status_code == 200
        assert without_tokens(browser.get(f"/cycles/tiny-2026/{page}?area=south")) == without_tokens(own)
        assert browser.get(f"/cycles/tiny-2026/{page}?area=north").status_code == 404
        assert "Otter School" not in own.text
        assert "The Office" not in own.text


def test_who_sees_one_area_may_ask_for_a_report_of_it_alone(standing: Web) -> None:
    browser = standing.as_("southern team")
    for area, status in (("", 400), ("north", 400), ("west", 400), ("south", 302)):
        answer = browser.post("/cycles/tiny-2026/reports", {"kind": "analysis", "area": area})
        assert answer.status_code == status, area


def test_the_menu_leads_only_where_one_may_go(standing: Web, browsers: dict[str, Browser]) -> None:
    for name, browser in browsers.items():
        shown = browser.get("/accessibility").text
        for endpoint in ("list_people", "system", "list_cycles"):
            path = {"list_people": "/people", "system": "/system", "list_cycles": "/cycles"}[endpoint]
            assert (f'href="{path}"' in shown) is (name in OF_PARTNERSHIP[endpoint]), (name, path)
