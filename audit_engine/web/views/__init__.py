"""Which address shows what? One row a route; ``policy.py`` says who may use it."""

from __future__ import annotations

from flask import Flask

from audit_engine.web import addresses, assets
from audit_engine.web.cookies import form_token
from audit_engine.web.views import (
    answering,
    case_forms,
    case_results,
    cases,
    entries,
    pages,
    people,
    reporting,
    results,
    running,
    second_readings,
    shared,
    submitting,
)

GET, POST = ("GET",), ("POST",)
NUMBER = f"int(max={2**63 - 1})"  # a larger one fits no database
RETURN = f"/returns/<{NUMBER}:return_id>"
ENTRY = RETURN + "/standards/<section_id>/entries/<repeat>"
CASE = RETURN + "/cases/<case>"
CYCLE = "/cycles/<cycle_id>"

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
    ("/people", "list_people", people.list_people, GET),
    ("/people", "add_person", people.add_person, POST),
    (f"/people/<{NUMBER}:person_id>", "switch_person", people.switch_person, POST),
)


def attach(app: Flask) -> None:
    """Add every route, and what all pages share."""
    for address, endpoint, view, methods in ROUTES:
        app.add_url_rule(address, endpoint, view, methods=methods)
    assets.register(app)
    app.context_processor(shared.on_every_page)
    app.jinja_env.globals["url_for"] = addresses.url_for
    app.jinja_env.globals["csrf_token"] = form_token
