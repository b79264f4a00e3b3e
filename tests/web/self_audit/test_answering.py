"""Can a section be answered with and without script, is a report there at once, and does nothing add up to a score?"""

from __future__ import annotations

import re
from io import BytesIO
from zipfile import ZipFile

from audit_engine.reports.structure import structure_faults
from tests.web.browser import Page, counting, page
from tests.web.self_audit.conftest import Begun

JSON = {"Accept": "application/json"}


def every_page(address: str) -> list[str]:
    sections = [f"{address}/sections/{s}" for s in ("culture", "voice")]
    more = ("", "/strengths-and-priorities", "/action-plan", "/report", "/answers", "/history", "/sharing")
    return [*sections, *(f"{s}/half-page" for s in sections), *(address + m for m in more)]


def test_every_page_is_sound_with_nothing_answered_and_with_much(begun: Begun) -> None:
    site, lead, address = begun
    setting = "/self-audit/schools/1"
    for answered in (False, True):
        for path in (
            *every_page(address),
            setting,
            *(f"{setting}/{p}" for p in ("people", "details", "next-lead", "delete")),
        ):
            found = lead.get(path)
            assert found.status_code == 200, path
            seen = page(found)
            assert not seen.faults and not seen.live_script(), path
            assert len(seen.ids()) == len(set(seen.ids())), path
            assert [t for t, _ in seen.tags].count("h1") == 1, path
        if not answered:
            site.schools.grade(int(address.rsplit("/", 1)[-1]), A1="embedded", B1="not-yet")
            lead.post(
                address + "/strengths-and-priorities",
                {"strength-1": "We sit with <b>pupils", "strength-1-version": "0"},
            )


def test_a_section_is_saved_without_script_and_leads_to_its_half_page(begun: Begun) -> None:
    site, lead, address = begun
    form = {"own.A1": "in-place", "own.A1-version": "0", "own.A1-commentary": "We asked", "then": "next"}
    answer = lead.post(address + "/sections/culture", form)
    assert answer.location.endswith("/sections/culture/half-page")
    assert site.schools.opened(1).answer("own.A1").commentary == "We asked"


def test_the_page_s_script_saves_what_changed_and_hears_of_conflicts(begun: Begun) -> None:
    _, lead, address = begun
    path = address + "/sections/culture/autosave"
    saved = lead.post(path, {"own.A1": "in-place", "own.A1-version": "0"}, headers=JSON).json
    assert saved is not None and saved["versions"] == {"own.A1": 1} and re.match(r"\d\d:\d\d", saved["saved"])
    clash = lead.post(path, {"own.A1": "not-yet", "own.A1-version": "0"}, headers=JSON).json
    assert clash is not None and clash["conflicts"]["own.A1"]["who"] == "you, in another window,"
    assert clash["conflicts"]["own.A1"]["fields"][0]["value"] == "in-place"


def test_the_script_is_told_when_the_session_ended(begun: Begun) -> None:
    _, lead, address = begun
    lead.post("/self-audit/home/sign-out")
    answer = lead.post(address + "/sections/culture/autosave", {"own.A1-version": "0"}, headers=JSON)
    assert answer.status_code in (400, 401)


def test_a_date_that_makes_no_sense_is_told_and_the_rest_is_saved(begun: Begun) -> None:
    site, lead, address = begun
    form = {
        "own.A1": "in-place", "own.A1-version": "0", "own.A1-commentary": "Kept", "own.A1-action-by-day": "31",
        "own.A1-action-by-month": "2", "own.A1-action-by-year": "2027",
    }  # fmt: skip
    answer = lead.post(address + "/sections/culture", form)
    assert answer.status_code == 400 and "Kept" in answer.get_data(as_text=True)
    assert site.schools.opened(1).answer("own.A1").commentary == "Kept"


def test_choosing_between_two_texts_keeps_the_chosen_one(begun: Begun) -> None:
    site, lead, address = begun
    path = address + "/sections/culture"
    lead.post(path, {"own.A1": "in-place", "own.A1-version": "0", "own.A1-commentary": "First"})
    clash = lead.post(path, {"own.A1": "not-yet", "own.A1-version": "0", "own.A1-commentary": "Second"})
    assert "You changed this in another tab or window at" in page(clash).text
    assert "Somebody else" not in page(clash).text
    sent = hidden(page(clash))
    undecided = lead.post(path, sent)
    assert undecided.status_code == 409 and "Choose which answer should stay" in page(undecided).text
    lead.post(path, {**sent, "own.A1-keep": "theirs"})
    assert site.schools.opened(1).answer("own.A1").commentary == "First"
    lead.post(path, {**sent, "own.A1-keep": "yours"})
    assert site.schools.opened(1).answer("own.A1").commentary == "Second"


def hidden(seen: Page) -> dict[str, str]:
    skip = ("csrf_token",)
    return {
        str(a["name"]): str(a.get("value") or "")
        for t, a in seen.tags
        if t == "input" and a.get("type") == "hidden" and a["name"] not in skip
    }


def test_strengths_and_priorities_of_two_windows_are_both_shown(begun: Begun) -> None:
    site, lead, address = begun
    path = address + "/strengths-and-priorities"
    lead.post(path, {"strength-1": "One", "strength-1-version": "0"})
    clash = lead.post(
        path, {"strength-1": "Two", "strength-1-version": "0", "priority-2": "Ask", "priority-2-version": "0"}
    )
    assert clash.status_code == 409 and "One" in page(clash).text and "Two" in page(clash).text
    assert site.schools.opened(1).note("priority", "2").text == "Ask"
    lead.post(path, {**hidden(page(clash)), "strength-1-keep": "yours"})
    assert site.schools.opened(1).note("strength", "1").text == "Two"


def test_a_priority_with_an_impossible_date_keeps_its_words(begun: Begun) -> None:
    site, lead, address = begun
    path = address + "/strengths-and-priorities"
    form = {"priority-1": "Train", "priority-1-version": "0", "priority-1-due-day": "40", "priority-1-due-month": "1",
            "priority-1-due-year": "2027"}  # fmt: skip
    answer = lead.post(path, form)
    assert answer.status_code == 400 and "#priority-1-due" in page(answer).links()
    assert site.schools.opened(1).note("priority", "1").text == "Train"
    again = {"priority-1": "Train", "priority-1-version": "1", "priority-1-due-day": "4", "priority-1-due-month": "1",
             "priority-1-due-year": "2027", "priority-1-done": "yes"}  # fmt: skip
    assert lead.post(path, again).status_code == 302
    assert site.schools.opened(1).note("priority", "1").done_on is not None


def test_the_report_is_there_at_once_and_grows(begun: Begun) -> None:
    site, lead, address = begun
    assert "Nothing written yet" in page(lead.get(address + "/report")).text
    lead.post(
        address + "/sections/culture/half-page",
        {"section-strength-culture": "Adults sit with pupils", "section-strength-culture-version": "0"},
    )
    site.schools.grade(1, A1="embedded")
    text = page(lead.get(address + "/report")).text
    assert "Adults sit with pupils" in text and "How do you know?" in text and "first time" in text


def test_no_page_and_no_file_holds_a_total_or_a_percentage(begun: Begun) -> None:
    site, lead, address = begun
    site.schools.grade(1, A1="embedded", A2="in-place", B1="not-yet")
    word = document_text(lead.get(address + "/report.docx").data)
    for text in (*(page(lead.get(p)).text for p in every_page(address)), word):
        assert "%" not in text and "per cent" not in text.lower()
        assert not re.search(r"\b(total|score|average)\b", text.replace("There is no total and no score", ""), re.I)


def test_the_word_report_is_sound_and_kept_nowhere(begun: Begun) -> None:
    site, lead, address = begun
    site.schools.grade(1, A1="embedded", B1="not-yet")
    answer = lead.get(address + "/report.docx")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert not structure_faults(answer.data)
    assert "Otter School" in document_text(answer.data)
    assert not [f for f in site.schools.world.instance.exports.rglob("*") if f.is_file()]


def document_text(content: bytes) -> str:
    with ZipFile(BytesIO(content)) as package:
        xml = package.read("word/document.xml").decode()
    return " ".join(re.findall(r"<w:t[^>]*>([^<]*)</w:t>", xml))


def test_a_finished_audit_hands_back_what_was_typed_too_late(begun: Begun) -> None:
    _, lead, address = begun
    lead.post(address + "/finished", {"finished": "yes"})
    assert lead.get(address + "/sections/culture").status_code == 302
    late = lead.post(
        address + "/sections/culture", {"own.A1": "embedded", "own.A1-version": "0", "own.A1-commentary": "Late words"}
    )
    assert late.status_code == 409 and "Late words" in page(late).text
    lead.post(address + "/finished", {"finished": "no"})
    assert lead.get(address + "/sections/culture").status_code == 200


def test_pages_take_few_statements_whatever_is_answered(begun: Begun) -> None:
    site, lead, address = begun
    site.schools.grade(1, A1="embedded", B1="not-yet")
    pages = {"": 4, "/sections/culture": 4, "/report": 5, "/answers": 4}  # the report asks for a comparison
    most = {**{address + path: number for path, number in pages.items()}, "/self-audit/schools/1": 7}
    for path, number in most.items():
        lead.get(path)
        with counting(site.engine) as counted:
            lead.get(path)
        assert len(counted.statements) <= number, (path, counted.statements)
