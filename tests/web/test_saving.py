"""Is what people type on a page kept, by the button, by the page's script, by two at once, and too late?"""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import select

from audit_engine.response.completeness import Progress
from audit_engine.services.run_cycle import close_cycle
from audit_engine.storage import models
from audit_engine.storage.engine import reading
from audit_engine.web.page_filters import clock
from tests.services.tiny import DURING, World
from tests.web.browser import Browser, Web, counting, page

SCRIPT = "<script>alert('x')</script>"
LONG = "x" * 10_001
FULL = {
    "t.A.1-version": "0", "t.A.1": "not-met", "t.A.1-commentary": "Nobody leads\r\n\r\nyet", "t.A.1-evidence": "A file",
    "t.A.1-reason": "", "t.A.1-action-what": "Find one", "t.A.1-action-who": "Sam", "t.A.1-action-how": "Ask",
    "t.A.1-action-by-day": "31", "t.A.1-action-by-month": "3", "t.A.1-action-by-year": "2027",
}  # fmt: skip


def path(web: Web, standard: str = "leading", organisation: str = "otters") -> str:
    return f"/returns/{web.world.return_of(organisation).id}/standards/{standard}"


def save(browser: Browser, where: str, **fields: str) -> Any:
    return browser.post(where, {name.replace("__", "-").replace("_", "."): value for name, value in fields.items()})


def answer(world: World, item: str = "t.A.1", area: str = "", organisation: str = "otters") -> Any:
    return world.opened(organisation).answer(item, area)


def test_a_page_saves_without_script_and_leads_on(web: Web) -> None:
    browser = web.as_("lead")
    posted = browser.post(path(web), FULL)
    assert (posted.status_code, posted.location) == (302, path(web, "working"))
    said = answer(web.world)
    assert (said.value, said.commentary, said.evidence) == ("not-met", "Nobody leads\n\nyet", "A file")
    assert (said.action_what, said.action_who, str(said.action_by), said.action_how_known) == (
        "Find one", "Sam", "2027-03-31", "Ask",
    )  # fmt: skip
    assert (said.version, said.saved_by) == (1, str(web.world.opened().answer("t.A.1").saved_by))


@pytest.mark.parametrize(
    "then, where", [("same", "{own}/standards/leading"), ("list", "{own}"), ("next", "{own}/standards/working")]
)
def test_the_button_that_was_pressed_decides_where_one_goes(web: Web, then: str, where: str) -> None:
    posted = web.as_("lead").post(path(web), {**FULL, "then": then})
    assert posted.location == where.format(own=f"/returns/{web.world.return_of().id}")


def test_the_last_standard_leads_to_checking_the_answers(web: Web) -> None:
    posted = web.as_("lead").post(path(web, "working"), {"t.B.2-version": "0", "t.B.2": "met"})
    assert posted.location == f"/returns/{web.world.return_of().id}/check"


def test_pressing_enter_saves_like_the_first_button(web: Web) -> None:
    browser = web.as_("lead")
    buttons = [a for tag, a in page(browser.get(path(web))).tags if tag == "button" and a.get("name") == "then"]
    assert [b["value"] for b in buttons] == ["next", "list"]
    assert (
        browser.post(path(web), FULL).location
        == browser.post(path(web), {**FULL, "t.A.1-version": "1", "then": "next"}).location
    )


def test_what_a_page_shows_again_is_what_was_typed(web: Web) -> None:
    browser = web.as_("lead")
    browser.post(path(web), {**FULL, "t.A.1-commentary": f'{SCRIPT} "quoted" & more'})
    shown = browser.get(path(web)).text
    assert SCRIPT not in shown
    assert page(browser.get(path(web))).named("t.A.1-version")[0]["value"] == "1"
    again = {
        n: str(page(browser.get(path(web))).named(n)[0]["value"]) for n in ("t.A.1-action-who", "t.A.1-action-by-day")
    }
    assert again == {"t.A.1-action-who": "Sam", "t.A.1-action-by-day": "31"}


def test_reload_and_sending_the_same_form_twice_saves_once(web: Web) -> None:
    browser = web.as_("lead")
    for _ in range(3):
        assert browser.post(path(web), FULL).status_code == 302
    assert web.world.count(models.answer_change) == 1


def test_two_tabs_on_different_questions_merge(web: Web) -> None:
    first, second = web.as_("lead"), web.as_("lead")
    blank = {"t.A.2-version": "0", "t.A.1-version": "0"}
    first.post(path(web), {**blank, "t.A.1": "met", "t.A.1-commentary": "One"})
    second.post(path(web), {**blank, "t.A.2": "not-met", "t.A.2-commentary": "Two"})
    assert [answer(web.world, i).commentary for i in ("t.A.1", "t.A.2")] == ["One", "Two"]


NO_DAY = FULL | {"t.A.1-action-by-day": "31", "t.A.1-action-by-month": "2"}


def day_boxes(shown: Any) -> list[Any]:
    return [shown.named(f"t.A.1-action-by-{part}")[0].get("value") for part in ("day", "month", "year")]


@pytest.mark.parametrize("address, status", [("", 400), ("/autosave", 200)])
def test_a_day_that_does_not_exist_is_there_again_with_its_error(web: Web, address: str, status: int) -> None:
    assert web.as_("lead").post(path(web) + address, NO_DAY).status_code == status
    answered = answer(web.world)
    assert (answered.value, answered.action_by) == ("not-met", None)
    again = web.as_("lead").get(path(web))
    assert again.status_code == 200
    shown = page(again)
    assert day_boxes(shown) == ["31", "2", "2027"]
    assert "The action date for A.1 must be a real date, for example 31 3 2027." in shown.text
    assert "#t-A-1-action-by" in shown.links()
    assert "t-A-1-action-by-error" in shown.ids()
    assert not shown.faults


def test_what_is_unfinished_stands_beside_the_day_that_was_saved_before(web: Web) -> None:
    browser = web.as_("lead")
    browser.post(path(web), FULL)
    browser.post(path(web), NO_DAY | {"t.A.1-version": "1"})
    assert str(answer(web.world).action_by) == "2027-03-31", "a day that is none takes nothing away"
    assert day_boxes(page(browser.get(path(web)))) == ["31", "2", "2027"]
    browser.post(path(web), FULL | {"t.A.1-version": "2", "t.A.1-action-by-month": "5"})
    shown = page(browser.get(path(web)))
    assert day_boxes(shown) == ["31", "5", "2027"]
    assert "must be a real date" not in shown.text
    assert answer(web.world).unfinished == ""


def test_sending_the_same_unfinished_day_again_is_no_change(web: Web) -> None:
    browser = web.as_("lead")
    browser.post(path(web), NO_DAY)
    browser.post(path(web), NO_DAY | {"t.A.1-version": "1"})
    assert answer(web.world).version == 1
    assert web.world.count(models.answer_change) == 1


def test_a_text_that_is_too_long_is_there_again_whole(web: Web) -> None:
    browser = web.as_("lead")
    browser.post(path(web), FULL | {"t.A.1-commentary": LONG})
    assert answer(web.world).commentary == ""
    shown = browser.get(path(web)).text
    assert LONG in shown
    assert "it is 10,001" in shown


def test_an_audit_with_an_unfinished_day_cannot_be_submitted(web: Web) -> None:
    browser = web.as_("lead")
    browser.post(path(web), FULL)
    browser.post(path(web), NO_DAY | {"t.A.1-version": "1"})
    checked = page(browser.get(f"/returns/{web.world.return_of().id}/check"))
    assert "The action date for A.1 must be a real date" in checked.text


def test_what_is_unfinished_in_one_area_is_there_again(web: Web) -> None:
    browser, where = web.as_("joint lead"), path(web, organisation="joint")
    area = web.world.return_of("joint").areas[1]
    name = f"t.A.1@{area}"
    browser.post(where, {f"{name}-version": "0", f"{name}-commentary": LONG})
    shown = browser.get(where).text
    assert LONG in shown
    assert "it is 10,001" in shown


def test_the_page_asks_the_database_no_more_often_for_what_is_unfinished(web: Web) -> None:
    browser = web.as_("lead")
    browser.post(path(web), FULL)
    browser.get(path(web))
    with counting(web.world.engine) as before:
        browser.get(path(web))
    browser.post(path(web), NO_DAY | {"t.A.1-version": "1"})
    with counting(web.world.engine) as after:
        browser.get(path(web))
    assert len(after.statements) == len(before.statements)


def clash(web: Web) -> Any:
    web.as_("lead").post(path(web), {"t.A.1-version": "0", "t.A.1": "met", "t.A.1-commentary": "Theirs " + SCRIPT})
    form = {
        "t.A.1-version": "0", "t.A.1": "not-met", "t.A.1-commentary": "Mine " + SCRIPT,
        "t.A.2-version": "0", "t.A.2": "met", "t.A.2-commentary": "Beside",
    }  # fmt: skip
    return web.as_("lead").post(path(web), form)


def test_a_conflict_shows_both_texts_and_has_saved_the_rest(web: Web) -> None:
    shown = clash(web)
    assert shown.status_code == 409
    text = page(shown).text
    assert "Theirs " + SCRIPT in text
    assert "Mine " + SCRIPT in text
    assert SCRIPT not in shown.text
    assert answer(web.world).commentary == "Theirs " + SCRIPT
    assert answer(web.world, "t.A.2").commentary == "Beside"


def test_who_clashes_with_their_own_other_tab_is_told_so(web: Web) -> None:
    text = page(clash(web)).text
    at = clock(answer(web.world).saved_at)
    assert f"You changed this in another tab or window at {at}" in text
    assert f"What you saved there at {at}" in text
    assert "Somebody else" not in text


@pytest.mark.parametrize("keep, expected", [("yours", "Mine "), ("theirs", "Theirs ")])
def test_a_conflict_is_settled_by_choosing(web: Web, keep: str, expected: str) -> None:
    shown = page(clash(web))
    browser = web.as_("lead")
    form = {
        str(a["name"]): str(a.get("value") or "")
        for tag, a in shown.tags
        if tag == "input" and a.get("type") == "hidden"
    }
    form.pop("csrf_token")
    settled = browser.post(path(web), {**form, "t.A.1-keep": keep})
    assert settled.location == path(web)
    assert answer(web.world).commentary == expected + SCRIPT


def test_the_script_saves_what_changed_and_learns_the_new_versions(web: Web) -> None:
    browser = web.as_("lead")
    saved = browser.post(path(web) + "/autosave", FULL)
    told = saved.get_json()
    assert (saved.status_code, set(told)) == (200, {"saved", "versions", "conflicts", "problems"})
    assert re.fullmatch(r"[0-2]\d:[0-5]\d", told["saved"])
    assert (told["versions"], told["conflicts"], told["problems"]) == ({"t.A.1": 1}, {}, {})
    again = browser.post(path(web) + "/autosave", {**FULL, "t.A.1-version": "1", "t.A.1": "met"}).get_json()
    assert again["versions"] == {"t.A.1": 2}


def test_the_script_learns_of_a_conflict_with_everything_that_stands_there(web: Web) -> None:
    browser = web.as_("lead")
    browser.post(path(web), FULL)
    told = browser.post(
        path(web) + "/autosave", {"t.A.1-version": "0", "t.A.1": "met", "t.A.1-commentary": "Mine"}
    ).get_json()
    assert told["versions"] == {}
    conflict = told["conflicts"]["t.A.1"]
    assert (conflict["version"], conflict["mine"]) == (1, True)
    fields = {f["name"]: f["value"] for f in conflict["fields"]}
    assert (fields["t.A.1"], fields["t.A.1-commentary"]) == ("not-met", "Nobody leads\n\nyet")
    assert answer(web.world).value == "not-met"


def test_the_script_learns_that_a_return_is_locked_and_the_text_is_kept(web: Web) -> None:
    web.world.returned("otters", "tiny-2026")
    told = web.as_("lead").post(path(web) + "/autosave", {"t.A.1-version": "1", "t.A.1-commentary": "Late"})
    assert told.status_code == 409
    assert told.get_json()["error"] == "closed"
    assert "What you typed is kept" in told.get_json()["message"]
    assert kept(web.world)[0]["commentary"] == "Late"


def test_the_script_learns_what_cannot_be_kept_and_the_rest_is_saved(web: Web) -> None:
    form = {**FULL, "t.A.1-commentary": LONG, "t.A.1-action-by-month": "2", "t.A.1": "no-such-option"}
    told = web.as_("lead").post(path(web) + "/autosave", form).get_json()
    assert set(told["problems"]) == {"t.A.1", "t.A.1-commentary", "t.A.1-action-by"}
    said = answer(web.world)
    assert (said.value, said.commentary, said.action_by, said.evidence) == (None, "", None, "A file")


def kept(world: World) -> list[dict[str, Any]]:
    with reading(world.engine) as connection:
        rows = connection.execute(select(models.kept_draft.c.content)).scalars()
        return [one for row in rows for one in row["answers"]]


def test_what_comes_too_late_is_kept_shown_and_said(web: Web) -> None:
    close_cycle(web.world.engine, "tiny-2026", None, DURING)
    shown = web.as_("lead").post(path(web), {**FULL, "t.A.1-commentary": "Late words " + SCRIPT})
    assert shown.status_code == 409
    assert "Late words " + SCRIPT in page(shown).text
    assert SCRIPT not in shown.text
    assert "What you typed is kept" in page(shown).text
    assert kept(web.world)[0]["commentary"] == "Late words " + SCRIPT
    assert web.world.count(models.answer) == 0
    again = web.as_("lead").get(path(web).split("/standards")[0] + "/history")
    assert "What came too late" in page(again).text
    assert "Late words " + SCRIPT in page(again).text
    assert SCRIPT not in again.text
    assert 'href="' + again.request.path + '"' in shown.text, "the page that refuses says where it can be read"


def test_only_what_is_new_is_kept_when_a_page_comes_too_late(web: Web) -> None:
    lead = web.as_("lead")
    lead.post(path(web), {**FULL, "t.A.1-commentary": "In time"})
    close_cycle(web.world.engine, "tiny-2026", None, DURING)
    assert lead.post(path(web), {**FULL, "t.A.1-version": "1", "t.A.1-commentary": "In time"}).status_code == 409
    assert kept(web.world) == []
    history = path(web).split("/standards")[0] + "/history"
    assert "What came too late" not in page(lead.get(history)).text
    lead.post(path(web), {**FULL, "t.A.1-version": "1", "t.A.1-commentary": "Too late"})
    assert [one["commentary"] for one in kept(web.world)] == ["Too late"]
    assert page(lead.get(history)).text.count("Too late") == 1


@pytest.mark.parametrize("part", ["commentary", "evidence", "reason", "action-what", "action-who", "action-how"])
def test_a_text_that_is_too_long_is_refused_with_its_length_and_not_lost(web: Web, part: str) -> None:
    shown = web.as_("lead").post(path(web), {**FULL, f"t.A.1-{part}": LONG})
    assert shown.status_code == 400
    assert "10,001" in page(shown).text
    assert LONG in shown.text
    said = answer(web.world)
    others = {"commentary": "Nobody leads\n\nyet", "action_who": "Sam"}
    others.pop(part.replace("-", "_"), None)
    assert {n: getattr(said, n) for n in others} == others


@pytest.mark.parametrize(
    "day, month, year",
    [("31", "2", "2027"), ("29", "2", "2027"), ("0", "1", "2027"), ("1", "13", "2027"), ("a", "b", "c"),
     ("1", "", "2027"), ("1", "1", "27")],
)  # fmt: skip
def test_an_action_date_that_does_not_exist_is_refused_and_shown_again(
    web: Web, day: str, month: str, year: str
) -> None:
    date = {"t.A.1-action-by-day": day, "t.A.1-action-by-month": month, "t.A.1-action-by-year": year}
    shown = web.as_("lead").post(path(web), {**FULL, **date})
    assert shown.status_code == 400
    boxes = [page(shown).named(f"t.A.1-action-by-{part}")[0].get("value") or "" for part in ("day", "month", "year")]
    assert boxes == [day, month, year]
    links = [link for link in page(shown).links() if link.startswith("#")]
    assert "#t-A-1-action-by" in " ".join(links)
    assert answer(web.world).action_who == "Sam"


def test_every_link_of_an_error_summary_leads_to_a_field_of_the_page(web: Web) -> None:
    shown = web.as_("lead").post(
        path(web), {**FULL, "t.A.1": "nonsense", "t.A.1-commentary": LONG, "t.A.1-action-by-day": "99"}
    )
    found = page(shown)
    wanted = [link[1:] for link in found.links() if link.startswith("#t-")]
    assert len(wanted) == 3
    assert set(wanted) <= set(found.ids())


@pytest.mark.parametrize(
    "fields",
    [{"t.Z.9-version": "0", "t.Z.9": "met"}, {"t.B.2-version": "0", "t.B.2": "met"}, {"t.A.1": "met"},
     {"t.A.1@south-version": "0", "t.A.1@south": "met"}, {"t.A.1@north-version": "0", "t.A.1@north": "met"}, {}],
    ids=["unknown", "of another standard", "without its version", "an area not its own", "its own area", "nothing"],
)  # fmt: skip
def test_what_the_page_does_not_ask_is_not_saved(web: Web, fields: dict[str, str]) -> None:
    assert web.as_("lead").post(path(web), fields).status_code == 302
    assert web.world.count(models.answer) == 0


def test_what_the_profile_rules_out_is_not_saved(web: Web) -> None:
    from audit_engine.response.people import Held

    web.world.person("officer@example.org", Held("organisation-lead", "office"))
    browser = web.as_(None)
    browser.enter("officer@example.org")
    browser.post(
        path(web, "working", "office"), {"t.B.3-version": "0", "t.B.3": "met", "t.B.2-version": "0", "t.B.2": "met"}
    )
    assert {a.item for a in web.world.opened("office").answers.values()} == {"t.B.2"}
    assert (
        "Not asked because your profile says: works directly with children: no."
        in page(browser.get(path(web, "working", "office"))).text
    )


def test_an_organisation_in_two_areas_may_answer_differently_in_one(web: Web) -> None:
    browser = web.as_("joint lead")
    where = path(web, organisation="joint")
    assert page(browser.get(where)).named("t.A.1@south")
    form = {"t.A.1-version": "0", "t.A.1": "met", "t.A.1@south-version": "0", "t.A.1@south": "not-met",
            "t.A.1@south-commentary": "No team there"}  # fmt: skip
    assert browser.post(where, form).status_code == 302
    said = [answer(web.world, area=a, organisation="joint").value for a in ("", "south")]
    assert said == ["met", "not-met"]
    assert not page(web.as_("lead").get(path(web))).named("t.A.1@south")


def test_still_true_is_one_click_beside_last_times_answer(web: Web) -> None:
    web.world.returned("otters", "tiny-2024")
    browser = web.as_("lead")
    shown = page(browser.get(path(web)))
    assert shown.named("t.A.1-confirmed")
    assert "About A.1" in shown.text
    browser.post(path(web), {"t.A.1-version": "0", "t.A.1": "met", "t.A.1-evidence": "File", "t.A.1-confirmed": "yes"})
    assert answer(web.world).confirmed_on is not None
    assert not [g for g in web.world.opened().gaps if g.item == "t.A.1"]


@pytest.mark.parametrize("version", ["", "-1", "1e3", "９", "99999999999999999999", "0; DROP TABLE answer"])
def test_a_version_that_is_no_number_never_overwrites(web: Web, version: str) -> None:
    browser = web.as_("lead")
    browser.post(path(web), FULL)
    browser.post(path(web), {**FULL, "t.A.1-version": version, "t.A.1-commentary": "Overwritten"})
    assert answer(web.world).commentary == "Nobody leads\n\nyet"


@pytest.mark.parametrize("text", ["a\x00b", "a\x0bb", "a\x1fb\x7f"])
def test_characters_that_no_document_can_hold_are_left_out(web: Web, text: str) -> None:
    form = {
        **FULL,
        **dict.fromkeys((f"t.A.1-{p}" for p in ("commentary", "evidence", "action-what", "action-who")), text),
    }
    assert web.as_("lead").post(path(web), form).status_code == 302
    said = answer(web.world)
    assert (said.commentary, said.evidence, said.action_what, said.action_who) == ("ab", "ab", "ab", "ab")


def test_a_standard_that_does_not_exist_is_not_found(web: Web) -> None:
    browser = web.as_("lead")
    for where in (path(web, "resting"), path(web, "resting") + "/autosave"):
        assert browser.post(where, FULL).status_code == 404
    assert browser.get(path(web, "resting")).status_code == 404


def test_a_return_that_takes_no_answers_is_shown_to_be_read(web: Web) -> None:
    web.world.returned("otters", "tiny-2026")
    shown = web.as_("lead").get(path(web))
    assert shown.status_code == 200
    assert not page(shown).named("t.A.1")
    assert "About A.1" in page(shown).text


def test_the_task_list_says_how_far_each_standard_has_come(web: Web) -> None:
    own = f"/returns/{web.world.return_of().id}"
    browser = web.as_("lead")
    before = page(browser.get(own)).text
    assert before.count("Not started") >= 2
    web.world.answer("otters", "tiny-2026", {})
    web.world.save(*[], organisation="otters")
    after = page(browser.get(own)).text
    assert after.count("Completed") >= 2


def test_an_action_cannot_be_due_before_the_audit_opened(web: Web) -> None:
    """What was typed stays in the boxes, and the rest is saved."""
    lead = web.as_("lead")
    where = f"/returns/{web.world.return_of('otters').id}/standards/leading"
    form = {"t.A.1-version": "0", "t.A.1": "not-met", "t.A.1-action-what": "Name a deputy", "t.A.1-action-by-day": "31",
            "t.A.1-action-by-month": "3", "t.A.1-action-by-year": "2020"}  # fmt: skip
    answer = lead.post(where, form)
    assert answer.status_code == 400
    assert "must not be before" in answer.text
    assert 'value="2020"' in answer.text
    assert web.world.count(models.action, what="Name a deputy") == 1


@pytest.mark.parametrize(
    "progress, words",
    [
        (Progress(4, 1, 1), "1 of 4 questions done"),
        (Progress(1, 0, 0, 2), "0 of 1 question done, 2 more optional"),
        (Progress(0, 0, 0, 1), "1 question, which you may leave empty"),
        (Progress(0, 0, 0), "Nothing here"),
    ],
)
def test_how_far_a_part_has_come_is_said_in_the_language_of_its_tag(web: Web, progress: Progress, words: str) -> None:
    with web.app.test_request_context():
        said = web.app.jinja_env.get_template("components.html").module.progress_words(progress, "Nothing here")  # type: ignore[attr-defined]
    assert said.strip() == words
