"""Is it said that a text of a self-audit looks as if it told who a child is, and is the text saved all the same?"""

from __future__ import annotations

import pytest

from tests.web.browser import page
from tests.web.self_audit.conftest import Begun, SchoolSite

NAMED = "Ella in Year 9 told Miss Jones"
NUMBERED = "NHS 943 476 5919 was seen"
NAMES, FOUND = "It looks as if this names a child.", "by which a child could be found."
CALLED = {"section-gap-culture": "Gap", "priority-1": "Priority 1", "action-1": "Action 1"}
NOTES = {
    "/sections/culture/half-page": "section-gap-culture",
    "/strengths-and-priorities": "priority-1",
    "/action-plan": "action-1",
}


def test_a_section_is_saved_and_comes_again_once_with_the_words(begun: Begun) -> None:
    site, lead, address = begun
    path = address + "/sections/culture"
    form = {"own.A1": "in-place", "own.A1-version": "0", "own.A1-commentary": NAMED, "then": "next"}
    answer = lead.post(path, form)
    shown = page(answer)
    assert answer.status_code == 200 and f"A1: {NAMES}" in shown.text and "#own-A1-commentary" in shown.links()
    assert not shown.faults and "own-A1-commentary" in shown.ids() and NAMED in answer.get_data(as_text=True)
    assert site.schools.opened(1).answer("own.A1").commentary == NAMED
    again = {**form, "own.A1-version": "1", "seen": "own.A1-commentary"}
    assert lead.post(path, again).location.endswith("/sections/culture/half-page")


@pytest.mark.parametrize("part", NOTES)
def test_notes_are_saved_and_come_again_once_with_the_words(begun: Begun, part: str) -> None:
    site, lead, address = begun
    name = NOTES[part]
    kind, place = name.rsplit("-", 1)
    answer = lead.post(address + part, {name: NUMBERED, f"{name}-version": "0", "then": "next"})
    shown = page(answer)
    assert answer.status_code == 200 and FOUND in shown.text and f"{CALLED[name]}: It looks" in shown.text
    assert f"#{name}" in shown.links()
    assert not shown.faults and name in shown.ids() and f"{name}-doubt" in shown.ids()
    assert site.schools.opened(1).note(kind, place).text == NUMBERED
    again = lead.post(address + part, {name: NUMBERED, f"{name}-version": "1", "then": "next", "seen": name})
    assert again.status_code == 302


def test_the_list_of_sections_goes_on_naming_them_until_they_are_taken_out(begun: Begun) -> None:
    _, lead, address = begun
    script = {"Accept": "application/json"}
    lead.post(
        address + "/sections/culture/autosave", {"own.A1-version": "0", "own.A1-commentary": NAMED}, headers=script
    )
    lead.post(address + "/strengths-and-priorities", {"strength-1": NUMBERED, "strength-1-version": "0"})
    listed = page(lead.get(address))
    assert f"{address}/sections/culture#own-A1-commentary" in listed.links()
    assert f"{address}/strengths-and-priorities#strength-1" in listed.links()
    lead.post(address + "/sections/culture", {"own.A1-version": "1", "own.A1-commentary": "We asked"})
    lead.post(address + "/strengths-and-priorities", {"strength-1": "We asked", "strength-1-version": "1"})
    assert "Look at these again" not in page(lead.get(address)).text


def test_a_colleague_who_will_do_something_is_no_child(begun: Begun) -> None:
    site, lead, address = begun
    form = {"priority-1": "Train all staff", "priority-1-who": "Ella, Year 6 teacher", "priority-1-version": "0"}
    assert lead.post(address + "/strengths-and-priorities", form).status_code == 302
    assert _words(site) == "Train all staff"


def _words(site: SchoolSite) -> str:
    return site.schools.opened(1).note("priority", "1").text
