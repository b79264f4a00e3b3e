"""Which address shows what? One row a route; ``policy.py`` says who may use it.

No module of views is loaded before somebody asks for one of its pages, see ``later.py``.
"""

from __future__ import annotations

from flask import Flask

from audit_engine.web import assets
from audit_engine.web.later import views

# One line a module of views.
answering = views("answering")
benchmarks = views("benchmarks")
boards = views("boards")
case_forms = views("case_forms")
case_results = views("case_results")
cases = views("cases")
dashboards = views("dashboards")
entries = views("entries")
importing = views("importing")
mailing = views("mailing")
packs = views("packs")
pages = views("pages")
people = views("people")
plan = views("plan")
practice = views("practice")
published = views("published")
publishing_benchmarks = views("publishing_benchmarks")
reporting = views("reporting")
results = views("results")
running = views("running")
second_readings = views("second_readings")
self_audit = views("self_audit")
self_audit_answering = views("self_audit_answering")
self_audit_notes = views("self_audit_notes")
self_audit_results = views("self_audit_results")
self_audit_setting = views("self_audit_setting")
self_audit_take_up = views("self_audit_take_up")
sending = views("sending")
submitting = views("submitting")
survey_results = views("survey_results")
surveys = views("surveys")
table = views("table")
table_photos = views("table_photos")
text_review = views("text_review")
theme_coding = views("theme_coding")
themes = views("themes")
tidy = views("tidy")
trends = views("trends")
triangulating = views("triangulating")

GET, POST = ("GET",), ("POST",)
BOARD = "/dashboards"
NUMBER = f"int(max={2**63 - 1})"  # a larger one fits no database
RETURN = f"/returns/<{NUMBER}:return_id>"
ENTRY = RETURN + "/standards/<section_id>/entries/<repeat>"
CASE = RETURN + "/cases/<case>"
CYCLE = "/cycles/<cycle_id>"
IMPORT = CYCLE + "/import"
THEMES = CYCLE + "/themes"
THEME = THEMES + f"/book/<{NUMBER}:theme_id>"
PRACTICE = CYCLE + "/practice"
CARD = PRACTICE + f"/<{NUMBER}:card_id>"
UPLOAD = IMPORT + "/<upload_id>"
SURVEY = "/s/<token>"
LINK = f"/links/<{NUMBER}:link_id>"
MAILING = f"/messages/<{NUMBER}:mailing_id>"
FIGURE = f"{BOARD}/figures/<{NUMBER}:figure_id>"
SETTING = f"/self-audit/schools/<{NUMBER}:setting_id>"
AUDIT = f"/self-audit/audits/<{NUMBER}:audit_id>"

ROUTES = (
    ("/", "home", pages.home, GET),
    ("/health", "health", pages.health, GET),
    ("/accessibility", "accessibility", pages.accessibility, GET),
    ("/privacy", "privacy", pages.privacy, GET),
    ("/system", "system", pages.system, GET),
    ("/audits", "my_audits", answering.my_audits, GET),
    (RETURN, "task_list", answering.task_list, GET),
    (RETURN + "/standards/<section_id>", "standard", answering.standard, GET),
    (RETURN + "/standards/<section_id>", "save_standard", answering.save_standard, POST),
    (RETURN + "/standards/<section_id>/autosave", "autosave", answering.autosave, POST),
    (ENTRY, "standard", answering.standard, GET),
    (ENTRY, "save_standard", answering.save_standard, POST),
    (ENTRY + "/autosave", "autosave", answering.autosave, POST),
    (ENTRY + "/remove", "ask_remove_entry", entries.ask_remove_entry, GET),
    (ENTRY + "/remove", "remove_entry", entries.remove_entry, POST),
    (RETURN + "/check", "check_answers", submitting.check_answers, GET),
    (RETURN + "/submit", "declare", submitting.declare, GET),
    (RETURN + "/submit", "submit_return", submitting.submit_return, POST),
    (RETURN + "/receipt", "receipt", submitting.receipt, GET),
    (RETURN + "/print", "print_return", submitting.print_return, GET),
    (RETURN + "/history", "history", running.history, GET),
    (RETURN + "/read", "read_return", running.read_return, GET),
    (RETURN + "/more-time", "ask_extend", running.ask_extend, GET),
    (RETURN + "/more-time", "extend_return", running.extend_return, POST),
    (RETURN + "/reopen", "ask_reopen", running.ask_reopen, GET),
    (RETURN + "/reopen", "reopen_return", running.reopen_return, POST),
    (RETURN + "/cases", "cases", cases.cases, GET),
    (RETURN + "/cases", "add_case", cases.add_case, POST),
    (RETURN + "/tally", "case_tally", cases.case_tally, GET),
    (RETURN + "/check-cases", "check_cases", cases.check_cases, GET),
    (RETURN + "/print-cases", "print_cases", cases.print_cases, GET),
    (CASE, "case", case_forms.case, GET),
    (CASE + "/parts/<section_id>", "case_part", case_forms.case_part, GET),
    (CASE + "/parts/<section_id>", "save_case_part", case_forms.save_case_part, POST),
    (CASE + "/parts/<section_id>/autosave", "autosave_case", case_forms.autosave_case, POST),
    (CASE + "/reference", "ask_reference", cases.ask_reference, GET),
    (CASE + "/reference", "change_reference", cases.change_reference, POST),
    (CASE + "/remove", "ask_remove_case", cases.ask_remove_case, GET),
    (CASE + "/remove", "remove_case", cases.remove_case, POST),
    (CASE + "/second", "second_reading_page", second_readings.second_reading_page, GET),
    (CASE + "/second", "save_second_reading", second_readings.save_second_reading, POST),
    (CASE + "/second/begin", "begin_second_reading", second_readings.begin_second_reading, POST),
    (CASE + "/second/give-up", "ask_give_up", second_readings.ask_give_up, GET),
    (CASE + "/second/give-up", "give_up_second_reading", second_readings.give_up_second_reading, POST),
    (CASE + "/second/note", "save_reading_note", second_readings.save_reading_note, POST),
    (CYCLE + "/cases", "case_results", case_results.case_results, GET),
    (CYCLE + "/cases.csv", "case_results_csv", case_results.case_results_csv, GET),
    ("/cycles", "list_cycles", running.list_cycles, GET),
    (CYCLE, "show_cycle", running.show_cycle, GET),
    (CYCLE + "/open", "ask_open_cycle", running.ask_open_cycle, GET),
    (CYCLE + "/open", "open_cycle", running.open_cycle, POST),
    (CYCLE + "/close", "ask_close_cycle", running.ask_close_cycle, GET),
    (CYCLE + "/close", "close_cycle", running.close_cycle, POST),
    (CYCLE + "/open-again", "reopen_cycle", running.reopen_cycle, POST),
    (CYCLE + "/results", "results", results.results, GET),
    (CYCLE + "/results/why/<section_id>", "why", results.why, GET),
    (CYCLE + "/comparison", "comparison", results.comparison, GET),
    (CYCLE + "/triangulation", "triangulation", triangulating.triangulation, GET),
    (CYCLE + "/triangulation/<criterion_id>", "triangulated_criterion", triangulating.triangulated_criterion, GET),
    (RETURN + "/pack", "panel_pack", packs.panel_pack, GET),
    (RETURN + "/pack/release", "ask_release_pack", packs.ask_release_pack, GET),
    (RETURN + "/pack/release", "release_pack", packs.release_pack, POST),
    (RETURN + "/pack/share", "ask_share_pack", packs.ask_share_pack, GET),
    (RETURN + "/pack/share", "share_pack", packs.share_pack, POST),
    (CYCLE + "/survey", "survey_results", survey_results.survey_results, GET),
    (CYCLE + "/survey/compare", "survey_waves", survey_results.survey_waves, GET),
    (CYCLE + "/texts", "list_texts", text_review.list_texts, GET),
    (CYCLE + "/decided-texts", "list_decided_texts", text_review.list_decided_texts, GET),
    (CYCLE + "/texts/<text_id>", "read_text", text_review.read_text, GET),
    (CYCLE + "/texts/<text_id>", "decide_text", text_review.decide_text, POST),
    ("/staff-surveys", "own_staff_surveys", survey_results.own_staff_surveys, GET),
    (f"/staff-surveys/<{NUMBER}:link_id>", "own_staff_survey", survey_results.own_staff_survey, GET),
    (BOARD, "dashboards", dashboards.dashboards, GET),
    (BOARD + "/returns", "returns_board", boards.returns_board, GET),
    (BOARD + "/actions", "actions_board", boards.actions_board, GET),
    (BOARD + "/plan", "plan_board", plan.plan_board, GET),
    (BOARD + "/plan/<outcome_id>", "plan_outcome", plan.plan_outcome, GET),
    (BOARD + "/plan/<outcome_id>", "add_plan_figure", plan.add_plan_figure, POST),
    (FIGURE + "/correct", "ask_correct_figure", plan.ask_correct_figure, GET),
    (FIGURE + "/correct", "correct_figure", plan.correct_figure, POST),
    (FIGURE + "/take-out", "ask_withdraw_figure", plan.ask_withdraw_figure, GET),
    (FIGURE + "/take-out", "withdraw_plan_figure", plan.withdraw_plan_figure, POST),
    (BOARD + "/surveys", "trends", trends.trends, GET),
    (BOARD + "/surveys/<questionnaire>", "trend", trends.trend, GET),
    (BOARD + "/surveys/<questionnaire>", "add_trend_event", trends.add_trend_event, POST),
    (f"{BOARD}/events/<{NUMBER}:event_id>/take-out", "ask_remove_event", trends.ask_remove_event, GET),
    (f"{BOARD}/events/<{NUMBER}:event_id>/take-out", "remove_trend_event", trends.remove_trend_event, POST),
    (BOARD + "/tables", "tidy_files", tidy.tidy_files, GET),
    (BOARD + "/tables", "refresh_tidy", tidy.refresh_tidy, POST),
    (BOARD + "/tables/<name>", "tidy_file", tidy.tidy_file, GET),
    (THEMES, "themes", themes.themes, GET),
    (THEMES + ".csv", "themes_csv", themes.themes_csv, GET),
    (THEMES + "/book", "theme_book_page", themes.theme_book_page, GET),
    (THEMES + "/book", "add_theme", themes.add_theme, POST),
    (THEME, "change_theme", themes.change_theme, GET),
    (THEME, "keep_theme", themes.keep_theme, POST),
    (THEME + "/merge", "ask_merge_theme", themes.ask_merge_theme, GET),
    (THEME + "/merge", "merge_theme", themes.merge_theme, POST),
    (THEMES + "/questions", "theme_questions", themes.theme_questions, GET),
    (THEMES + "/questions", "choose_questions", themes.choose_questions, POST),
    (THEMES + "/coding", "coding", theme_coding.coding, GET),
    (THEMES + "/coding", "take_place", theme_coding.take_place, POST),
    (THEMES + "/coding/next", "next_text", theme_coding.next_text, GET),
    (THEMES + "/coding/finish", "finish_coding", theme_coding.finish_coding, POST),
    (THEMES + "/coding/give-up", "ask_leave_coding", theme_coding.ask_leave_coding, GET),
    (THEMES + "/coding/give-up", "leave_coding", theme_coding.leave_coding, POST),
    (THEMES + "/coding/texts/<text_id>", "code_text", theme_coding.code_text, GET),
    (THEMES + "/coding/texts/<text_id>", "keep_codes", theme_coding.keep_codes, POST),
    (THEMES + "/agreement", "coding_agreement", theme_coding.coding_agreement, GET),
    (THEMES + "/agreement/<text_id>", "ask_agree", theme_coding.ask_agree, GET),
    (THEMES + "/agreement/<text_id>", "agree_on_text", theme_coding.agree_on_text, POST),
    (PRACTICE, "practice", practice.practice, GET),
    (PRACTICE + ".csv", "practice_csv", practice.practice_csv, GET),
    (PRACTICE + "/new", "new_card", practice.new_card, GET),
    (PRACTICE + "/new", "add_card", practice.add_card, POST),
    (CARD, "card", practice.card, GET),
    (CARD + "/change", "change_card", practice.change_card, GET),
    (CARD + "/change", "keep_card", practice.keep_card, POST),
    (CARD + "/agree", "agree_card", practice.agree_card, POST),
    (CARD + "/draft", "redraft_card", practice.redraft_card, POST),
    (CARD + "/consent-taken-back", "ask_take_back", practice.ask_take_back, GET),
    (CARD + "/consent-taken-back", "take_back_card", practice.take_back_card, POST),
    ("/published", "list_published", published.list_published, GET),
    ("/published/check", "check_percentage", published.check_percentage, GET),
    (CYCLE + "/reports", "list_reports", reporting.list_reports, GET),
    (CYCLE + "/reports", "make_report", reporting.make_report, POST),
    (f"/report-work/<{NUMBER}:work_id>", "report_progress", reporting.report_progress, GET),
    (f"/report-work/<{NUMBER}:work_id>", "issue_anyway", reporting.issue_anyway, POST),
    (f"/reports/<{NUMBER}:report_id>", "download_report", reporting.download_report, GET),
    (SURVEY, "survey_start", surveys.survey_start, GET),
    (SURVEY, "begin_survey", surveys.begin_survey, POST),
    (SURVEY + "/sections/<section_id>", "survey_section", surveys.survey_section, GET),
    (SURVEY + "/sections/<section_id>", "save_survey_section", surveys.save_survey_section, POST),
    (SURVEY + "/later", "survey_later", surveys.survey_later, GET),
    (SURVEY + "/leave", "leave_survey", surveys.leave_survey, POST),
    (SURVEY + "/continue", "resume_survey", surveys.resume_survey, GET),
    (SURVEY + "/continue", "find_reply", surveys.find_reply, POST),
    (SURVEY + "/check", "check_survey", surveys.check_survey, GET),
    (SURVEY + "/check", "hand_in_survey", surveys.hand_in_survey, POST),
    (SURVEY + "/thanks", "survey_thanks", surveys.survey_thanks, GET),
    (IMPORT, "import_answers", importing.import_answers, GET),
    (IMPORT, "take_answers_file", importing.take_answers_file, POST),
    (UPLOAD + "/columns", "import_columns", importing.import_columns, GET),
    (UPLOAD + "/columns", "choose_columns", importing.choose_columns, POST),
    (UPLOAD + "/mapping", "import_mapping", importing.import_mapping, GET),
    (UPLOAD + "/preview", "import_preview", importing.import_preview, GET),
    (UPLOAD + "/words", "settle_words", importing.settle_words, POST),
    (UPLOAD + "/confirm", "confirm_import", importing.confirm_import, POST),
    (UPLOAD + "/delete", "drop_upload", importing.drop_upload, POST),
    (f"{IMPORT}/progress/<{NUMBER}:work_id>", "import_progress", importing.import_progress, GET),
    (f"{IMPORT}/<{NUMBER}:number>/undo", "ask_undo_import", importing.ask_undo_import, GET),
    (f"{IMPORT}/<{NUMBER}:number>/undo", "undo_import", importing.take_out_import, POST),
    (CYCLE + "/posters", "posters", sending.posters, GET),
    (CYCLE + "/invited", "ask_numbers", sending.ask_numbers, GET),
    (CYCLE + "/invited", "keep_numbers", sending.keep_numbers, POST),
    (LINK, "survey_link", sending.survey_link, GET),
    (LINK + "/poster", "poster", sending.poster, GET),
    (LINK + "/renew", "ask_renew_link", sending.ask_renew_link, GET),
    (LINK + "/renew", "renew_link", sending.renew_link, POST),
    (CYCLE + "/write", "write_to_contacts", mailing.write_to_contacts, GET),
    (CYCLE + "/write", "draft_to_contacts", mailing.draft_to_contacts, POST),
    (CYCLE + "/one-use", "write_to_people", mailing.write_to_people, GET),
    (CYCLE + "/one-use", "draft_to_people", mailing.draft_to_people, POST),
    (MAILING, "mailing", mailing.mailing, GET),
    (MAILING + "/send", "send_mailing", mailing.send_mailing, POST),
    (MAILING + "/throw-away", "discard_mailing", mailing.discard_mailing, POST),
    (MAILING + "/links.csv", "download_links", mailing.download_links, POST),
    (MAILING + "/try-again", "try_mailing_again", mailing.try_mailing_again, POST),
    (MAILING + "/send-again", "ask_send_again", mailing.ask_send_again, GET),
    (MAILING + "/send-again", "send_mailing_again", mailing.send_mailing_again, POST),
    (MAILING + "/reminder", "write_reminder", mailing.write_reminder, GET),
    (MAILING + "/reminder", "draft_reminder", mailing.draft_reminder, POST),
    ("/no-more-mail/<code>", "no_more_mail", mailing.no_more_mail, GET),
    ("/no-more-mail/<code>", "stop_messages", mailing.stop_messages, POST),
    ("/people", "list_people", people.list_people, GET),
    ("/people", "add_person", people.add_person, POST),
    (f"/people/<{NUMBER}:person_id>", "switch_person", people.switch_person, POST),
    (CYCLE + "/take-up", "take_up", self_audit_take_up.take_up, GET),
    ("/self-audit", "self_audits", self_audit.self_audits, GET),
    ("/self-audit/<questionnaire>", "self_audit_start", self_audit.self_audit_start, GET),
    ("/self-audit", "ask_for_link", self_audit.ask_for_link, POST),
    ("/self-audit/link/<token>", "show_link", self_audit.show_link, GET),
    ("/self-audit/link/<token>", "use_link", self_audit.use_link, POST),
    ("/self-audit/home/sign-out", "leave_self_audits", self_audit.leave_self_audits, POST),
    ("/self-audit/home", "self_audit_home", self_audit.self_audit_home, GET),
    ("/self-audit/schools", "new_setting", self_audit.new_setting, GET),
    ("/self-audit/schools", "add_setting", self_audit.add_setting, POST),
    ("/self-audit/follow", "follow_lead", self_audit.follow_lead, GET),
    ("/self-audit/follow", "ask_to_follow", self_audit.ask_to_follow, POST),
    ("/self-audit/home/decide", "decide_request", self_audit.decide_request, POST),
    (SETTING, "setting_home", self_audit_setting.setting_home, GET),
    (SETTING + "/start/<questionnaire>", "prepare_start", self_audit_setting.prepare_start, GET),
    (SETTING + "/start/<questionnaire>", "start_audit", self_audit_setting.start_audit, POST),
    (SETTING + "/details", "setting_details", self_audit_setting.setting_details, GET),
    (SETTING + "/details", "save_details", self_audit_setting.save_details, POST),
    (SETTING + "/office", "ask_for_office", self_audit_setting.ask_for_office, POST),
    (SETTING + "/people", "setting_people", self_audit_setting.setting_people, GET),
    (SETTING + "/people", "invite_colleague", self_audit_setting.invite_colleague, POST),
    (SETTING + "/people/remove", "remove_colleague", self_audit_setting.remove_colleague, POST),
    (SETTING + "/messages", "send_letter_again", self_audit_setting.send_letter_again, POST),
    (SETTING + "/next-lead", "next_lead", self_audit_setting.next_lead, GET),
    (SETTING + "/next-lead", "ask_for_next_lead", self_audit_setting.ask_for_next_lead, POST),
    (SETTING + "/download/<form>", "download_all", self_audit_setting.download_all, GET),
    (SETTING + "/delete", "ask_delete", self_audit_setting.ask_delete, GET),
    (SETTING + "/delete", "delete_setting", self_audit_setting.delete_setting, POST),
    (AUDIT, "audit_home", self_audit_answering.audit_home, GET),
    (AUDIT + "/finished", "finish_audit", self_audit_answering.finish_audit, POST),
    (AUDIT + "/sections/<section_id>", "audit_section", self_audit_answering.audit_section, GET),
    (AUDIT + "/sections/<section_id>", "save_audit_section", self_audit_answering.save_audit_section, POST),
    (
        AUDIT + "/sections/<section_id>/autosave",
        "autosave_audit_section",
        self_audit_answering.autosave_audit_section,
        POST,
    ),
    (AUDIT + "/sections/<section_id>/half-page", "half_page", self_audit_notes.half_page, GET),
    (AUDIT + "/sections/<section_id>/half-page", "save_half_page", self_audit_notes.save_half_page, POST),
    (AUDIT + "/strengths-and-priorities", "reflections", self_audit_notes.reflections, GET),
    (AUDIT + "/strengths-and-priorities", "save_reflections", self_audit_notes.save_reflections, POST),
    (AUDIT + "/action-plan", "audit_plan", self_audit_notes.audit_plan, GET),
    (AUDIT + "/action-plan", "save_plan", self_audit_notes.save_plan, POST),
    (AUDIT + "/report", "audit_report", self_audit_results.audit_report, GET),
    (AUDIT + "/report.docx", "audit_report_word", self_audit_results.audit_report_word, GET),
    (AUDIT + "/answers", "audit_answers", self_audit_results.audit_answers, GET),
    (AUDIT + "/history", "audit_history", self_audit_results.audit_history, GET),
    (AUDIT + "/table", "eatsafe_table", table.eatsafe_table, GET),
    (AUDIT + "/table", "save_ticks", table.save_ticks, POST),
    (AUDIT + "/table-worker.js", "eatsafe_worker", table.eatsafe_worker, GET),
    (AUDIT + "/table/print", "eatsafe_print", table.eatsafe_print, GET),
    (AUDIT + "/kitchen", "eatsafe_page", table.eatsafe_page, GET),
    (AUDIT + "/change", "eatsafe_change", table.eatsafe_change, GET),
    (AUDIT + "/change", "share_eatsafe_change", table.share_eatsafe_change, POST),
    (AUDIT + "/photos", "eatsafe_photos", table_photos.eatsafe_photos, GET),
    (AUDIT + "/photos", "add_photo", table_photos.add_photo, POST),
    (AUDIT + "/photos/<photo_id>", "photo", table_photos.photo, GET),
    (AUDIT + "/photos/<photo_id>/delete", "ask_delete_photo", table_photos.ask_delete_photo, GET),
    (AUDIT + "/photos/<photo_id>/delete", "delete_photo", table_photos.delete_photo, POST),
    (CYCLE + "/what-has-changed", "eatsafe_report", table.eatsafe_report, GET),
    (AUDIT + "/where-we-stand", "where_we_stand", benchmarks.where_we_stand, GET),
    (AUDIT + "/where-we-stand", "join_benchmark", benchmarks.join_benchmark, POST),
    (AUDIT + "/where-we-stand/stop", "ask_leave_benchmark", benchmarks.ask_leave_benchmark, GET),
    (AUDIT + "/where-we-stand/stop", "leave_benchmark", benchmarks.leave_benchmark, POST),
    (CYCLE + "/settings-compared", "benchmark_state", publishing_benchmarks.benchmark_state, GET),
    (CYCLE + "/settings-compared/publish", "ask_publish_benchmark", publishing_benchmarks.ask_publish_benchmark, GET),
    (CYCLE + "/settings-compared/publish", "publish_benchmark", publishing_benchmarks.publish_benchmark, POST),
    (AUDIT + "/sharing", "sharing", self_audit_results.sharing, GET),
    (AUDIT + "/sharing", "share_counts", self_audit_results.share_counts, POST),
    (AUDIT + "/sharing/stop", "withdraw_counts", self_audit_results.withdraw_counts, POST),
)


def attach(app: Flask) -> None:
    """Add every route."""
    for address, endpoint, view, methods in ROUTES:
        app.add_url_rule(address, endpoint, view, methods=methods)
    assets.register(app)
