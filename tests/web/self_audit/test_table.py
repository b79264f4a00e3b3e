"""Can a meal be watched on a phone without script, is one page ready at the end, and are photos the setting's alone?"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import Engine

from audit_engine.services.clock import now
from audit_engine.services.definitions import Definitions
from audit_engine.services.run_cycle import close_cycle
from audit_engine.storage import settings
from audit_engine.storage.engine import writing
from audit_engine.web.site import Site
from tests.evidence.test_photos import photo, with_place
from tests.services.meals import CHILDMINDER, IN_2024, LEAD, Nurseries
from tests.services.test_eatsafe import shared_by
from tests.web.browser import Browser, add_people, counting, page
from tests.web.self_audit.conftest import SchoolSite

JSON = {"Accept": "application/json"}


@dataclass
class Begun:
    """A nursery with a check: its site, its manager's browser, the check and its address."""

    site: SchoolSite
    nurseries: Nurseries
    setting: int
    audit: int
    lead: Browser

    @property
    def address(self) -> str:
        return f"/self-audit/audits/{self.audit}"


@pytest.fixture
def nurseries(changing_app: Flask, tmp_path: Path, engine: Engine, hashed: str) -> Nurseries:
    found = Nurseries.in_folder(tmp_path, engine).open("eatsafe-2024", "eatsafe-2025")
    add_people(found.world, hashed)
    changing_app.extensions["audit"] = Site(engine, Definitions(found.world.library), found.world.instance)
    return found


@pytest.fixture
def begun(changing_app: Flask, nurseries: Nurseries) -> Iterator[Begun]:
    site = SchoolSite(changing_app, nurseries)
    setting = nurseries.nursery()
    audit = nurseries.check(setting)
    yield Begun(site, nurseries, setting, audit, site.as_mailbox(LEAD))


def colleague(begun: Begun) -> Browser:
    with writing(begun.nurseries.engine) as connection:
        settings.add_member(connection, begun.setting, "cook@n.example.org", "Cook", lead=False, now=now())
    return begun.site.as_mailbox("cook@n.example.org")


def pressed(begun: Begun, item: str) -> list[str]:
    shown = page(begun.lead.get(begun.address + "/table"))
    buttons = [a for tag, a in shown.tags if tag == "button" and a.get("name") == "tick"]
    return [str(b["value"]) for b in buttons if b["aria-pressed"] == "true" and str(b["value"]).startswith(item)]


def test_every_page_stands_on_its_own(begun: Begun) -> None:
    for path in ("", "/table", "/table/print", "/kitchen", "/change", "/photos", "/sections/seating", "/answers"):
        shown = begun.lead.get(begun.address + path)
        assert shown.status_code == 200, path
        assert (page(shown).faults, page(shown).live_script()) == ([], []), path


def test_the_table_is_reached_from_the_list_of_sections(begun: Begun) -> None:
    links = page(begun.lead.get(begun.address)).links()
    assert {f"{begun.address}/{p}" for p in ("table", "kitchen", "photos", "change")} <= set(links)


def test_each_press_is_a_form_of_its_own_and_goes_on_where_it_was(begun: Begun) -> None:
    answer = begun.lead.post(begun.address + "/table", {"tick": "eat.E1=seen", "eat.E1-version": "0"})
    assert answer.location == begun.address + "/table#eat-E1"
    assert pressed(begun, "eat.E1") == ["eat.E1=seen"]
    begun.lead.post(begun.address + "/table", {"tick": "eat.E1=not-this-meal", "eat.E1-version": "1"})
    assert pressed(begun, "eat.E1") == ["eat.E1=not-this-meal"]
    shown = page(begun.lead.get(begun.address + "/table"))
    assert "9 of 10 still to see." in shown.text
    assert shown.named("eat.E1-version")[0]["value"] == "2"


def test_what_is_not_so_says_what_to_do_today(begun: Begun) -> None:
    hidden = begun.lead.get(begun.address + "/table").text
    assert hidden.count('class="do-first tick__today" role="status" hidden') == 7
    begun.lead.post(begun.address + "/table", {"tick": "eat.F1=not-seen", "eat.F1-version": "0"})
    shown = begun.lead.get(begun.address + "/table").text
    assert shown.count('class="do-first tick__today" role="status" hidden') == 6
    assert "Move children or adults now" in shown


def test_each_line_says_whether_it_is_the_law(begun: Begun) -> None:
    text = page(begun.lead.get(begun.address + "/table")).text
    assert "Legal duty since 4 September 2023" in text
    assert "Legal duty since 1 September 2025" in text
    assert "Good practice" in text


def test_a_childminder_reads_their_own_words(begun: Begun) -> None:
    minder = begun.nurseries.nursery("Minder", "minder@m.example.org", CHILDMINDER)
    audit = begun.nurseries.check(minder)
    text = page(begun.site.as_mailbox("minder@m.example.org").get(f"/self-audit/audits/{audit}/table")).text
    assert "I stay in the room while children eat" in text
    assert "counted as watching" not in text


def test_a_phone_may_keep_the_open_table_and_no_other_page(begun: Begun) -> None:
    for path in ("", "/table/print", "/kitchen", "/change", "/photos", "/sections/seating", "/answers"):
        assert "Keep-For" not in begun.lead.get(begun.address + path).headers, path
    table = begun.lead.get(begun.address + "/table")
    assert table.headers["Keep-For"] == str(12 * 60 * 60)
    assert "12 hours at most" in page(table).text
    begun.lead.post(begun.address + "/finished", {"finished": "yes"})
    finished = begun.lead.get(begun.address + "/table")
    assert (finished.status_code, "Keep-For" in finished.headers) == (200, False)


def test_what_a_phone_kept_goes_when_the_check_is_finished_or_somebody_comes_in(begun: Begun) -> None:
    """The script is loaded where a check was finished, and where a link leads that lets a mailbox in."""
    assert "/forget.js" not in begun.lead.get(begun.address).text
    assert "/forget.js" in begun.site.stranger().get("/self-audit/link/of-somebody-else").text
    begun.lead.post(begun.address + "/finished", {"finished": "yes"})
    for path in ("", "/table"):
        assert "/forget.js" in begun.lead.get(begun.address + path).text, path


def test_the_worker_names_one_page_and_is_the_settings_alone(begun: Begun) -> None:
    worker = begun.lead.get(begun.address + "/table-worker.js")
    assert worker.content_type == "text/javascript; charset=utf-8"
    assert worker.headers["Cache-Control"] == "no-store"
    assert "worker-src 'self'" in worker.headers["Content-Security-Policy"]
    first, second, *_ = worker.text.splitlines()
    assert first == f'const PAGE = "{begun.address}/table";'
    assert len(json.loads(second.removeprefix("const ASSETS = ").rstrip(";"))) == 3
    assert LEAD not in worker.text
    assert begun.lead.get(begun.address).text.count("table-worker") == 0
    begun.nurseries.nursery("Other", "other@o.example.org")
    assert begun.site.as_mailbox("other@o.example.org").get(begun.address + "/table-worker.js").status_code == 404
    assert begun.site.stranger().get(begun.address + "/table-worker.js").status_code == 302


def test_several_answers_kept_on_a_phone_are_sent_together(begun: Begun) -> None:
    form = {
        "eat.E1": "seen",
        "eat.E1-version": "0",
        "eat.F1": "not-seen",
        "eat.F1-version": "0",
        "eat.A1": "every-time",
    }
    answer = begun.lead.post(begun.address + "/table", form, headers=JSON).get_json()
    assert answer["stored"] == {
        "eat.E1": {"value": "seen", "version": 1}, "eat.F1": {"value": "not-seen", "version": 1},
    }  # fmt: skip
    assert answer["clashes"] == {} and len(answer["saved"]) == 5


def test_a_colleague_s_answer_is_shown_and_not_overwritten(begun: Begun) -> None:
    colleague(begun).post(begun.address + "/table", {"tick": "eat.E1=not-seen", "eat.E1-version": "0"})
    late = begun.lead.post(begun.address + "/table", {"eat.E1": "seen", "eat.E1-version": "0"}, headers=JSON)
    assert late.get_json()["clashes"]["eat.E1"]["who"] == "Cook"
    assert late.get_json()["stored"]["eat.E1"] == {"value": "not-seen", "version": 1}
    begun.lead.post(begun.address + "/table", {"tick": "eat.E1=seen", "eat.E1-version": "0"})
    told = page(begun.lead.get(begun.address + "/table")).text
    assert "Cook chose “Not seen”" in told and "Press again if yours should stay." in told
    begun.lead.post(begun.address + "/table", {"tick": "eat.E1=seen", "eat.E1-version": "1"})
    assert pressed(begun, "eat.E1") == ["eat.E1=seen"]


def test_who_is_signed_out_is_told_so_and_a_stranger_finds_nothing(begun: Begun) -> None:
    form = {"eat.E1": "seen", "eat.E1-version": "0"}
    out = begun.site.stranger()
    assert out.get(begun.address + "/table").location == "/self-audit?again=yes"
    begun.lead.client.delete_cookie("audit")
    other = begun.nurseries.nursery("Other", "other@o.example.org")
    begun.nurseries.check(other)
    stranger = begun.site.as_mailbox("other@o.example.org")
    for path in ("/table", "/table/print", "/kitchen", "/change", "/photos"):
        assert stranger.get(begun.address + path).status_code == 404
    assert stranger.post(begun.address + "/table", form, headers=JSON).status_code == 404


def test_a_finished_check_takes_no_press(begun: Begun) -> None:
    begun.nurseries.finish(begun.audit)
    form = {"eat.E1": "seen", "eat.E1-version": "0"}
    assert begun.lead.post(begun.address + "/table", form, headers=JSON).status_code == 409
    assert begun.lead.post(begun.address + "/table", {"tick": "eat.E1=seen"}).status_code == 409
    assert "disabled" in begun.lead.get(begun.address + "/table").text


@pytest.mark.parametrize("form", [{}, {"tick": "eat.E1"}, {"tick": "=seen"}, {"tick": "eat.A1=every-time"},
                                  {"eat.E1": "seen", "eat.E1-version": "9" * 30}, {"tick": "eat.E1=\x00"}])  # fmt: skip
def test_nonsense_is_never_a_fault(form: dict[str, str], begun: Begun) -> None:
    assert begun.lead.post(begun.address + "/table", form).status_code == 302
    assert begun.lead.post(begun.address + "/table", form, headers=JSON).status_code == 200


def test_an_audit_without_a_table_has_no_such_page(site: SchoolSite) -> None:
    school = site.schools.school()
    lead = site.as_mailbox()
    assert lead.get(f"/self-audit/audits/{site.audit_of(lead, school)}/table").status_code == 404


def test_an_audit_of_another_kind_has_none_of_the_pages_of_a_mealtime_check(site: SchoolSite) -> None:
    lead, school = site.as_mailbox(), site.schools.school()
    address = f"/self-audit/audits/{site.audit_of(lead, school)}"
    for path in ("/table", "/table/print", "/kitchen", "/change", "/photos"):
        assert lead.get(address + path).status_code == 404, path
    for path in ("/change", "/photos"):
        assert lead.post(address + path, {"share": "yes", "no_children": "yes"}).status_code == 404, path


def test_a_mealtime_check_has_questions_and_answers_and_no_statements_or_grades(begun: Begun) -> None:
    begun.nurseries.say(begun.audit, A1="every-time")
    for path in ("", "/sections/seating/half-page", "/action-plan", "/answers", "/report"):
        shown = page(begun.lead.get(begun.address + path)).text.replace("Accessibility statement", "")
        assert "statement" not in shown.lower() and "grade" not in shown.lower(), path
    assert "once you have marked this one as finished" in shown
    assert "questions has an answer." in page(begun.lead.get(begun.address)).text


def test_only_a_childminder_is_asked_whether_they_work_alone(begun: Begun) -> None:
    path = f"/self-audit/schools/{begun.setting}/start/eatsafe"
    assert "works alone" not in page(begun.lead.get(path)).text
    said = dict.fromkeys(("under_1s", "under_2s", "cooks_on_site", "outside_caterer", "food_from_home"), "yes")
    assert begun.lead.post(path, {**said, "childminder_alone": "yes"}).status_code == 302
    assert begun.nurseries.facts(begun.audit).facts["childminder_alone"] is False
    alone = begun.nurseries.nursery("Teal House", "teal@x.example.org", CHILDMINDER)
    browser = begun.site.as_mailbox("teal@x.example.org")
    path = f"/self-audit/schools/{alone}/start/eatsafe"
    assert "works alone" in page(browser.get(path)).text
    number = int(browser.post(path, {**said, "childminder_alone": "no"}).location.rsplit("/", 1)[-1])
    assert begun.nurseries.facts(number).facts["childminder_alone"] is False


def test_what_a_setting_said_of_itself_can_be_changed_after_the_start(begun: Begun) -> None:
    alone = begun.nurseries.nursery("Teal House", "teal@x.example.org", CHILDMINDER)
    audit = begun.nurseries.check(alone)
    browser = begun.site.as_mailbox("teal@x.example.org")
    path = f"/self-audit/schools/{alone}/start/eatsafe"
    assert f"{path}?again=yes" in page(browser.get(f"/self-audit/schools/{alone}")).links()
    shown = page(browser.get(f"{path}?again=yes"))
    assert not shown.faults and "worded for one person" in shown.text
    said = dict.fromkeys(("under_1s", "under_2s", "cooks_on_site", "outside_caterer", "food_from_home"), "yes")
    assert browser.post(path, {**said, "childminder_alone": "no"}).location.endswith(f"/{audit}")
    assert begun.nurseries.facts(audit).facts["childminder_alone"] is False
    begun.nurseries.finish(audit)
    assert f"{path}?again=yes" not in page(browser.get(f"/self-audit/schools/{alone}")).links()


def test_a_setting_is_told_for_whom_each_tool_is(begun: Begun) -> None:
    told = "Safer eating in nurseries, pre-schools, childminders' homes and other early years settings."
    assert told in page(begun.lead.get("/self-audit")).text.replace("’", "'")
    begun.nurseries.finish(begun.audit)
    assert told in page(begun.lead.get(f"/self-audit/schools/{begun.setting}")).text.replace("’", "'")


def test_one_page_says_what_is_safe_what_to_fix_and_what_to_talk_about(begun: Begun) -> None:
    assert "Nothing is answered yet" in page(begun.lead.get(begun.address + "/kitchen")).text
    begun.nurseries.say(begun.audit, F1="not-seen", B3="sometimes", D4="mostly", A1="every-time", E3="not-this-meal")
    text = page(begun.lead.get(begun.address + "/kitchen")).text
    order = ["Do this first", "Move children or adults now", "Fix this week", "Stones, pips", "Talk to parents",
             "feeding skill", "Safe now", "safer eating policy"]  # fmt: skip
    places = [text.index(words) for words in order]
    assert places == sorted(places)
    assert "Leadership and policy3.0 of 311 of 1" in text.replace(" of 3 ", " of 3")


def test_last_time_comes_after_finishing_and_nowhere_before(begun: Begun) -> None:
    first = begun.nurseries.check(begun.setting, IN_2024)
    begun.nurseries.say_all(first, IN_2024, A1="sometimes")
    begun.nurseries.finish(first, IN_2024)
    begun.nurseries.say_all(begun.audit)
    for path in ("/sections/leadership", "/kitchen", "/answers", "/report", "/change", "/table"):
        text = page(begun.lead.get(begun.address + path)).text
        assert "Last time:" not in text and "higher than last time" not in text, path
    begun.nurseries.finish(begun.audit)
    assert "Last time: Sometimes" in page(begun.lead.get(begun.address + "/kitchen")).text
    assert "higher than last time" in page(begun.lead.get(begun.address + "/report")).text
    change = page(begun.lead.get(begun.address + "/change")).text
    assert "1 better, 39 the same, 0 worse." in change


def test_sharing_is_a_choice_that_can_be_taken_back(begun: Begun) -> None:
    refused = begun.lead.post(begun.address + "/change", {"share": "yes"})
    assert "nothing to share yet" in page(begun.lead.get(refused.location)).text
    first = begun.nurseries.check(begun.setting, IN_2024)
    begun.nurseries.say_all(first, IN_2024)
    begun.nurseries.finish(first, IN_2024)
    begun.nurseries.say_all(begun.audit)
    begun.nurseries.finish(begun.audit)
    begun.lead.post(begun.address + "/change", {"share": "yes"})
    assert "Shared since" in page(begun.lead.get(begun.address + "/change")).text
    begun.lead.post(begun.address + "/change", {"share": "no"})
    assert "Shared since" not in page(begun.lead.get(begun.address + "/change")).text


def test_the_business_team_sees_numbers_of_those_who_share_and_never_a_name(begun: Begun) -> None:
    shared_by(begun.nurseries, 11)
    team = begun.site.stranger()
    team.enter("team@example.org")
    address = "/cycles/eatsafe-2025/what-has-changed"
    assert "It is shown when this round has closed" in page(team.get(address)).text
    close_cycle(begun.nurseries.engine, "eatsafe-2025", None, now())
    text = page(team.get(address)).text
    assert "Setting 11" in text and "All sections together11" in text
    assert "Nursery" not in text
    assert team.get("/cycles/tiny-2026/what-has-changed").location == "/cycles"
    assert begun.lead.get(address).status_code == 302  # a mailbox is no account
    for name in ("lead@example.org", "administrator@example.org"):
        other = begun.site.stranger()
        other.enter(name)
        assert other.get(address).status_code == 404


def add_photo(begun: Begun, content: bytes, **form: str) -> object:
    """Send a photo as a browser does; the test client would leave large ones lying about in files of its own."""
    fields = {"csrf_token": begun.lead.token, "item": "eat.E2", "no_children": "yes", **form}
    parts = [f'--x\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n'.encode() for k, v in fields.items()]
    parts.append(b'--x\r\nContent-Disposition: form-data; name="photo"; filename="IMG_1.jpg"\r\n\r\n' + content)
    body = b"".join([*parts, b"\r\n--x--\r\n"])
    return begun.lead.client.post(
        begun.address + "/photos", data=body, content_type="multipart/form-data; boundary=x", buffered=True
    )


def addresses(begun: Begun) -> list[str]:
    shown = page(begun.lead.get(begun.address + "/photos"))
    return [str(a["src"]) for tag, a in shown.tags if tag == "img"]


def test_a_photo_is_shown_to_its_setting_without_where_it_was_taken(begun: Begun) -> None:
    assert add_photo(begun, with_place()).status_code == 302  # type: ignore[attr-defined]
    (address,) = addresses(begun)
    found = begun.lead.get(address)
    assert (found.content_type, found.headers["Cache-Control"]) == ("image/jpeg", "no-store")
    assert found.headers["X-Content-Type-Options"] == "nosniff"
    with Image.open(io.BytesIO(found.data)) as picture:
        assert dict(picture.getexif()) == {}
    colleague(begun).get(address)
    begun.nurseries.check(begun.nurseries.nursery("Other", "other@o.example.org"))
    assert begun.site.as_mailbox("other@o.example.org").get(address).status_code == 404
    assert begun.site.stranger().get(address).status_code == 302
    team = begun.site.stranger()
    team.enter("team@example.org")
    assert team.get(address).status_code == 302


@pytest.mark.parametrize(
    ("content", "form", "said"),
    [
        (b"", {}, "Choose a photo"),
        (b"<svg/>", {}, "not a photo"),
        (photo(), {"no_children": ""}, "Say that no child is in the photo"),
        (photo(), {"item": "x"}, "Choose what the photo is about"),
    ],
)
def test_what_is_no_photo_or_was_not_promised_is_told(
    content: bytes, form: dict[str, str], said: str, begun: Begun
) -> None:
    answer = add_photo(begun, content, **form)
    assert answer.status_code == 400  # type: ignore[attr-defined]
    assert said in page(answer).text  # type: ignore[arg-type]
    assert addresses(begun) == []


def test_a_photo_larger_than_other_forms_is_taken_and_one_larger_still_is_not(begun: Begun) -> None:
    import os

    noise = Image.frombytes("RGB", (1500, 1500), os.urandom(1500 * 1500 * 3))
    out = io.BytesIO()
    noise.save(out, "PNG")
    assert len(out.getvalue()) > 3_000_000
    assert add_photo(begun, out.getvalue()).status_code == 302  # type: ignore[attr-defined]
    assert add_photo(begun, b"\0" * 14_000_000).status_code == 413  # type: ignore[attr-defined]


def test_a_photo_is_deleted_only_after_a_question(begun: Begun) -> None:
    add_photo(begun, photo())
    (address,) = addresses(begun)
    assert "Delete this photo?" in page(begun.lead.get(address + "/delete")).text
    begun.lead.post(address + "/delete")
    assert addresses(begun) == []
    assert begun.lead.get(address).status_code == 404
    assert begun.lead.get(address + "/delete").status_code == 404
    assert begun.lead.get(begun.address + "/photos/..%2f..%2fsecret").status_code == 404


def test_photos_go_with_the_setting(begun: Begun) -> None:
    add_photo(begun, photo())
    folder = begun.nurseries.world.instance.var / "photos"
    assert len(list(folder.iterdir())) == 1
    answer = begun.lead.post(f"/self-audit/schools/{begun.setting}/delete", {"agreed": "y"})
    assert answer.status_code == 302, page(answer).text
    assert list(folder.iterdir()) == []


def test_signing_out_clears_what_the_phone_kept(begun: Begun) -> None:
    answer = begun.lead.post("/self-audit/home/sign-out")
    assert answer.headers["Clear-Site-Data"] == '"storage"'


def test_the_table_costs_few_statements(begun: Begun) -> None:
    begun.nurseries.say_all(begun.audit)
    begun.lead.get(begun.address + "/table")
    for path, most in (("/table", 5), ("/kitchen", 5), ("/photos", 6), ("/change", 6)):
        with counting(begun.nurseries.engine) as counted:
            assert begun.lead.get(begun.address + path).status_code == 200
        assert len(counted.statements) <= most, (path, counted.statements)
