"""Which address shows what? One row a route; ``policy.py`` says who may use it."""

from __future__ import annotations

from flask import Flask

from audit_engine.web import addresses, assets, setting_sign_in
from audit_engine.web.cookies import form_token
from audit_engine.web.later import views
from audit_engine.web.pieces import is_translated
from audit_engine.web.views import answering, entries, pages, shared, submitting

# One line a module; those that every worker needs are imported above.
case_forms = views("case_forms")
case_results = views("case_results")
cases = views("cases")
importing = views("importing")
people = views("people")
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
surveys = views("surveys")

GET, POST = ("GET",), ("POST",)
NUMBER = f"int(max={2**63 - 1})"  # a larger one fits no database
RETURN = f"/returns/<{NUMBER}:return_id>"
ENTRY = RETURN + "/standards/<section_id>/entries/<repeat>"
CASE = RETURN + "/cases/<case>"
CYCLE = "/cycles/<cycle_id>"
IMPORT = CYCLE + "/import"
UPLOAD = IMPORT + "/<upload_id>"
SURVEY = "/s/<token>"
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
    (CYCLE + "/reports", "list_reports", reporting.list_reports, GET),
    (CYCLE + "/reports", "make_report", reporting.make_report, POST),
    (f"/report-work/<{NUMBER}:work_id>", "report_progress", reporting.report_progress, GET),
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
    (f"{IMPORT}/work/<{NUMBER}:work_id>", "import_progress", importing.import_progress, GET),
    (f"{IMPORT}/<{NUMBER}:number>/undo", "ask_undo_import", importing.ask_undo_import, GET),
    (f"{IMPORT}/<{NUMBER}:number>/undo", "undo_import", importing.take_out_import, POST),
    ("/people", "list_people", people.list_people, GET),
    ("/people", "add_person", people.add_person, POST),
    (f"/people/<{NUMBER}:person_id>", "switch_person", people.switch_person, POST),
    (CYCLE + "/take-up", "take_up", self_audit_take_up.take_up, GET),
    ("/self-audit", "self_audits", self_audit.self_audits, GET),
    ("/self-audit/<questionnaire>", "self_audit_start", self_audit.self_audit_start, GET),
    ("/self-audit/link", "ask_for_link", self_audit.ask_for_link, POST),
    ("/self-audit/link/<token>", "show_link", self_audit.show_link, GET),
    ("/self-audit/link/<token>", "use_link", self_audit.use_link, POST),
    ("/self-audit/sign-out", "leave_self_audits", self_audit.leave_self_audits, POST),
    ("/self-audit/home", "self_audit_home", self_audit.self_audit_home, GET),
    ("/self-audit/schools", "new_setting", self_audit.new_setting, GET),
    ("/self-audit/schools", "add_setting", self_audit.add_setting, POST),
    ("/self-audit/follow", "follow_lead", self_audit.follow_lead, GET),
    ("/self-audit/follow", "ask_to_follow", self_audit.ask_to_follow, POST),
    ("/self-audit/decide", "decide_request", self_audit.decide_request, POST),
    (SETTING, "setting_home", self_audit_setting.setting_home, GET),
    (SETTING + "/start/<questionnaire>", "prepare_start", self_audit_setting.prepare_start, GET),
    (SETTING + "/start/<questionnaire>", "start_audit", self_audit_setting.start_audit, POST),
    (SETTING + "/details", "setting_details", self_audit_setting.setting_details, GET),
    (SETTING + "/details", "save_details", self_audit_setting.save_details, POST),
    (SETTING + "/office", "ask_for_office", self_audit_setting.ask_for_office, POST),
    (SETTING + "/people", "setting_people", self_audit_setting.setting_people, GET),
    (SETTING + "/people", "invite_colleague", self_audit_setting.invite_colleague, POST),
    (SETTING + "/people/remove", "remove_colleague", self_audit_setting.remove_colleague, POST),
    (SETTING + "/next-lead", "next_lead", self_audit_setting.next_lead, GET),
    (SETTING + "/next-lead", "ask_for_next_lead", self_audit_setting.ask_for_next_lead, POST),
    (SETTING + "/download/<form>", "download_all", self_audit_setting.download_all, GET),
    (SETTING + "/delete", "ask_delete", self_audit_setting.ask_delete, GET),
    (SETTING + "/delete", "delete_setting", self_audit_setting.delete_setting, POST),
    (AUDIT, "audit_home", self_audit_answering.audit_home, GET),
    (AUDIT + "/finished", "finish_audit", self_audit_answering.finish_audit, POST),
    (AUDIT + "/sections/<section_id>", "audit_section", self_audit_answering.audit_section, GET),
    (AUDIT + "/sections/<section_id>", "save_audit_section", self_audit_answering.save_audit_section, POST),
    (AUDIT + "/sections/<section_id>/autosave", "autosave_audit_section",
     self_audit_answering.autosave_audit_section, POST),
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
    (AUDIT + "/sharing", "sharing", self_audit_results.sharing, GET),
    (AUDIT + "/sharing", "share_counts", self_audit_results.share_counts, POST),
    (AUDIT + "/sharing/stop", "withdraw_counts", self_audit_results.withdraw_counts, POST),
)


def attach(app: Flask) -> None:
    """Add every route, and what all pages share."""
    for address, endpoint, view, methods in ROUTES:
        app.add_url_rule(address, endpoint, view, methods=methods)
    assets.register(app)
    app.context_processor(shared.on_every_page)
    app.jinja_env.globals["mailbox"] = setting_sign_in.mailbox
    app.jinja_env.tests["translated"] = is_translated
    app.jinja_env.globals["url_for"] = addresses.url_for
    app.jinja_env.globals["csrf_token"] = form_token
