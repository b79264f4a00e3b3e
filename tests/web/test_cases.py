"""Can an organisation audit many cases through pages, and does nobody see what they may not?"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from flask import url_for
from werkzeug.test import TestResponse

from audit_engine.definition.item_types import ITEM_TYPES
from audit_engine.response.people import Held
from audit_engine.services.case_answers import CaseReturn
from audit_engine.storage import all_models
from tests.services.case_world import CASE_AUDITS, opened
from tests.web.browser import PEOPLE, Browser, Page, Web, counting, page, without_tokens
from tests.web.sites import cycle_text, shipped, site_with
from tests.web.test_authorisation import LEADS, OF_CASE_RESULTS, OF_CASES, POSTS

DECLARED = {"name": "Ada Lovelace", "role": "Head", "agreed": "y"}
BED, CDS, FPR = "bed", "cds", "fpr"


@pytest.fixture
def site(tmp_path: Path, database_url: str) -> Iterator[Web]:
    """A site on which every shipped case audit is open, and the lead has a colleague."""
    names = {name.split("/")[0]: name.split("/")[1] for name in CASE_AUDITS}
    with site_with(
        tmp_path, database_url,
        questionnaires={f"{q}/{v}": shipped(q, v) for q, v in names.items()},
        cycles={q: cycle_text(q, v, f"Cases {q}", q) for q, v in names.items()}, opened=tuple(names),
    ) as web:  # fmt: skip
        web.world.person("colleague@example.org", Held("organisation-lead", "otters"))
        yield web


def own(web: Web, cycle: str = CDS) -> str:
    return f"/returns/{web.world.return_of('otters', cycle).id}"


def colleague(web: Web) -> Browser:
    browser = Browser(web.app, web.world.engine)
    browser.enter("colleague@example.org")
    return browser


def whole(web: Web, cycle: str = CDS) -> CaseReturn:
    return opened(web.world, cycle)


def add(browser: Browser, web: Web, reference: str, cycle: str = CDS) -> str:
    """Add a case through the page and return its address."""
    answer = browser.post(own(web, cycle) + "/cases", {"reference": reference})
    assert answer.status_code == 302, page(answer).text
    return str(answer.location).split("/parts/")[0]


def complete(browser: Browser, web: Web, address: str, cycle: str, chosen: Mapping[str, str] | None = None) -> None:
    """Fill in every part of a case as a person without script does: what is asked, from top to bottom, three times."""
    number = address.rsplit("/", 1)[1]
    for _ in range(3):
        for section in whole(web, cycle).questionnaire.sections:
            found = whole(web, cycle).case(number)
            assert found is not None
            form: dict[str, object] = {"then": "list"}
            shown = page(browser.get(f"{address}/parts/{section.id}")) if len(section.items) > 1 else None
            for item in section.items:
                if shown is None or not shown.named(f"{item.id}-version") or not found.view.asked[item.id].asked:
                    continue
                control = ITEM_TYPES[item.type].control
                value = (chosen or {}).get(item.id) or (item.options[0].id if item.options else "3")
                if control in ("text", "textarea"):
                    value = "Themes."
                form |= {f"{item.id}-version": str(found.view.answer(item.id).version), item.id: value}
                form |= {f"{item.id}-commentary": "The file shows it", f"{item.id}-reason": "It could not arise"}
            if len(form) > 1:
                assert browser.post(f"{address}/parts/{section.id}", form).status_code == 302


@pytest.mark.parametrize("name", CASE_AUDITS)
def test_every_shipped_case_audit_is_completed_through_pages(name: str, site: Web) -> None:
    cycle, lead = name.split("/")[0], site.as_("lead")
    empty = page(lead.get(own(site, cycle) + "/cases")).text
    assert "No case has been entered yet" in empty
    for reference in ("A17", "A18"):
        complete(lead, site, add(lead, site, reference, cycle), cycle)
    checked = page(lead.get(own(site, cycle) + "/check-cases"))
    assert "Everything that is needed is there: 2 cases." in checked.text
    declared = page(lead.get(own(site, cycle) + "/submit")).text
    assert "Cases2" in declared
    assert lead.post(own(site, cycle) + "/submit", DECLARED).location == own(site, cycle) + "/receipt"
    for path in ("/cases", "/cases/1", "/tally", "/print-cases", "/receipt", "/history"):
        shown = lead.get(own(site, cycle) + path)
        assert shown.status_code == 200, path
        assert page(shown).faults == [] and page(shown).live_script() == []
    assert lead.post(own(site, cycle) + "/cases", {"reference": "A19"}).status_code == 409
    first = whole(site, cycle).questionnaire.sections[-1].id
    assert lead.get(f"{own(site, cycle)}/cases/1/parts/{first}").status_code == 200


def test_the_usual_addresses_of_a_return_lead_to_its_cases(site: Web) -> None:
    lead = site.as_("lead")
    add(lead, site, "A17")
    assert lead.get(own(site)).location == own(site) + "/cases"
    assert lead.get(own(site) + "/check").location == own(site) + "/check-cases"
    assert lead.get(own(site) + "/print").location == own(site) + "/print-cases"
    assert lead.get(own(site) + "/standards/child").status_code == 404
    assert lead.post(own(site) + "/standards/child", {"cds.3-version": "0", "cds.3": "yes"}).status_code == 404
    assert lead.post(own(site) + "/standards/child/autosave", {"cds.3-version": "0", "cds.3": "yes"}).status_code == 404
    assert page(lead.get("/audits")).text.count("Cases cds") == 1


def test_a_reference_that_names_somebody_is_told_at_its_box(site: Web) -> None:
    lead = site.as_("lead")
    refused = lead.post(own(site) + "/cases", {"reference": "943 476 5919"})
    assert refused.status_code == 400
    assert "This looks like an NHS number." in page(refused).text
    assert page(refused).named("insists") == []
    doubted = lead.post(own(site) + "/cases", {"reference": "Team North"})
    assert doubted.status_code == 400
    assert len(page(doubted).named("insists")) == 1
    assert "#reference" in page(doubted).links()
    assert lead.post(own(site) + "/cases", {"reference": "Team North", "insists": "yes"}).status_code == 302
    assert [c.reference for c in whole(site).cases] == ["Team North"]


def test_a_case_is_called_otherwise_and_taken_out_only_after_a_question(site: Web) -> None:
    lead = site.as_("lead")
    address = add(lead, site, "A17")
    assert lead.post(address + "/reference", {"reference": "Anna Smith"}).status_code == 400
    assert lead.post(address + "/reference", {"reference": "A99"}).location == address
    assert "Case A99" in page(lead.get(address)).text
    assert "Take case A99 out?" in page(lead.get(address + "/remove")).text
    assert lead.post(address + "/remove", {"reason": " "}).status_code == 400
    assert lead.post(address + "/remove", {"reason": "Entered twice"}).location == own(site) + "/cases"
    assert lead.get(address).status_code == 404
    assert "Case taken out: Entered twice" in page(lead.get(own(site) + "/history")).text


def test_what_is_missing_leads_to_its_place_in_its_case(site: Web) -> None:
    lead = site.as_("lead")
    address = add(lead, site, "A17")
    lead.post(address + "/parts/child", {"cds.3-version": "0", "cds.3": "no", "then": "list"})
    links = [link for link in page(lead.get(own(site) + "/check-cases")).links() if "#" in link and "/parts/" in link]
    assert f"{address}/parts/child#cds-3-commentary" in links
    for link in links:
        where, field = link.split("#")
        assert field in page(lead.get(where)).ids(), link
    assert lead.get(own(site) + "/submit").location == own(site) + "/check"


def test_what_cannot_be_saved_comes_back_and_the_rest_is_saved(site: Web) -> None:
    lead = site.as_("lead")
    address = add(lead, site, "A17", "int")
    form = {"int.13-version": "0", "int.13": "many", "int.14-version": "0", "int.14": "4", "then": "next"}
    shown = lead.post(address + "/parts/agency", form)
    assert shown.status_code == 400
    assert page(shown).named("int.13")[0]["value"] == "many"
    assert str(whole(site, "int").cases[0].view.answer("int.14").value) == "4"


def test_a_text_that_seems_to_name_a_child_is_saved_and_warned_about(site: Web) -> None:
    lead = site.as_("lead")
    address = add(lead, site, "A17")
    form = {"cds.3-version": "0", "cds.3": "no", "cds.3-commentary": "Born 3/4/2015, not seen", "then": "list"}
    assert lead.post(address + "/parts/child", form).status_code == 302
    assert "Question 3 of case A17 is saved. It looks as if this holds a number, a date" in page(lead.get(address)).text
    assert "Case A17, question 3: It looks as if" in page(lead.get(own(site) + "/check-cases")).text


def test_the_page_s_script_saves_a_case(site: Web) -> None:
    lead = site.as_("lead")
    address = add(lead, site, "A17")
    accept = {"Accept": "application/json"}
    said = lead.post(address + "/parts/child/autosave", {"cds.3-version": "0", "cds.3": "yes"}, headers=accept)
    assert said.get_json()["versions"] == {"cds.3": 1}
    other = colleague(site).post(
        address + "/parts/child/autosave", {"cds.3-version": "0", "cds.3": "no"}, headers=accept
    )
    assert other.get_json()["conflicts"]["cds.3"]["who"] == "Lead"
    assert other.get_json()["conflicts"]["cds.3"]["mine"] is False


def test_two_people_who_change_one_answer_choose(site: Web) -> None:
    lead, other = site.as_("lead"), colleague(site)
    address = add(lead, site, "A17")
    lead.post(address + "/parts/child", {"cds.3-version": "0", "cds.3": "yes", "then": "list"})
    clash = other.post(address + "/parts/child", {"cds.3-version": "0", "cds.3": "no", "then": "list"})
    assert clash.status_code == 409
    shown = page(clash)
    assert "Somebody else changed the same answer" in shown.text
    carried = {str(a["name"]): str(a.get("value") or "") for t, a in shown.tags if t == "input" and a.get("name")}
    again = {k: v for k, v in carried.items() if k.startswith("cds.")} | {"cds.3-keep": "yours", "then": "same"}
    assert other.post(address + "/parts/child", again).status_code == 302
    assert whole(site).cases[0].view.answer("cds.3").value == "no"


def test_the_tally_counts_every_case_and_sets_apart_what_does_not_apply(site: Web) -> None:
    lead = site.as_("lead")
    complete(lead, site, add(lead, site, "A1", "cpc"), "cpc", {"cpc.4": "not-applicable"})
    complete(lead, site, add(lead, site, "A2", "cpc"), "cpc", {"cpc.2": "no"})
    shown = lead.get(own(site, "cpc") + "/tally")
    assert "2 cases counted, 2 of them finished." in page(shown).text
    rows = {row[0]: row[1:] for row in table_rows(shown.text)}
    assert rows["2 A report was sent."] == ["Yes 1 No 1", "2", "0", "0", "0"]
    assert rows["4 It was shared with the family before the conference."] == ["Yes 0 Partly 0 No 0", "0", "1", "1", "0"]


def table_rows(html: str) -> list[list[str]]:
    """Return the texts of every table row's cells."""
    rows = (re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL) for row in re.findall(r"<tr.*?</tr>", html, re.DOTALL))
    return [[Page(cell.replace("<li", " <li")).text for cell in row] for row in rows]


def begin_reading(web: Web, browser: Browser, address: str) -> None:
    assert browser.post(address + "/second/begin", {"apart": "y"}).location == address + "/second"


def test_the_second_reader_sees_the_first_ratings_only_after_rating(site: Web) -> None:
    lead, other = site.as_("lead"), colleague(site)
    address = add(lead, site, "A17", BED)
    complete(lead, site, address, BED, {"bed.2": "partly"})
    assert other.post(address + "/second/begin", {}).status_code == 400
    begin_reading(site, other, address)
    for path in ("/parts/bedroom",):
        assert other.get(address + path).status_code == 404
    for path in (own(site, BED) + "/check-cases", own(site, BED) + "/print-cases", own(site, BED) + "/read", address):
        shown = other.get(path)
        assert shown.status_code == 200
        assert "In one home of two" not in page(shown).text, path
        assert "second time" in page(shown).text
    assert "1 case that you read a second time is left out" in page(other.get(own(site, BED) + "/tally")).text
    assert "In one home of two" in page(lead.get(own(site, BED) + "/print-cases")).text
    unfinished = other.post(address + "/second", {"bed.2-version": "0", "bed.2": "yes", "then": "finish"})
    assert unfinished.status_code == 400
    assert "#bed-4" in page(unfinished).links()
    form = {"bed.2-version": "0", "bed.2": "yes", "bed.4-version": "0", "bed.4": "yes", "then": "finish"}
    assert other.post(address + "/second", form).location == address + "/second"
    both = page(other.get(address + "/second"))
    assert "Both of you rated 3 questions, and 1 the same." in both.text
    assert "In one home of two" in page(other.get(own(site, BED) + "/print-cases")).text
    assert other.post(address + "/second/note", {"note": "One home counts here"}).status_code == 302
    assert "One home counts here" in page(lead.get(address + "/second")).text
    tally = page(lead.get(own(site, BED) + "/tally")).text
    assert "They gave the same rating 1 times of 2 (50%)" in tally
    assert "not given for fewer than 30" in tally


def test_who_answered_a_case_does_not_read_it_a_second_time(site: Web) -> None:
    lead = site.as_("lead")
    address = add(lead, site, "A17", BED)
    complete(lead, site, address, BED)
    lead.post(address + "/second/begin", {"apart": "y"})
    assert "somebody else must read it the second time" in page(lead.get(address + "/second")).text
    assert site.world.count(all_models.METADATA.tables["second_reading"]) == 0


def test_a_second_reading_is_given_up_only_after_a_question(site: Web) -> None:
    lead, other = site.as_("lead"), colleague(site)
    address = add(lead, site, "A17", BED)
    begin_reading(site, other, address)
    assert "has not finished" in page(lead.get(address + "/second")).text
    saved = other.post(address + "/second", {"bed.2-version": "0", "bed.2": "yes", "then": "save"})
    assert saved.status_code == 302
    assert "Give up your second reading?" in page(other.get(address + "/second/give-up")).text
    assert lead.post(address + "/second/give-up").status_code == 302
    assert site.world.count(all_models.METADATA.tables["second_reading"]) == 1
    other.post(address + "/second/give-up")
    assert site.world.count(all_models.METADATA.tables["second_reading"]) == 0


@pytest.mark.parametrize("organisation", ["otters", "badgers", "joint"])
def test_every_route_of_cases_is_reached_by_those_whom_the_return_concerns(site: Web, organisation: str) -> None:
    """What others get must look like what they get of a return that does not exist."""
    number = site.world.return_of(organisation, CDS).id
    assert site.as_(LEADS[organisation]).post(f"/returns/{number}/cases", {"reference": "A17"}).status_code == 302
    for name in PEOPLE:
        browser = site.as_(name)
        for endpoint, concerned in OF_CASES.items():
            answer, nothing = (ask_about_case(site, browser, endpoint, n) for n in (number, 999_999))
            if name in concerned(organisation):
                assert answer.status_code in (200, 302, 400, 409), (name, endpoint, answer.status_code)
            else:
                assert (answer.status_code, nothing.status_code) == (404, 404), (name, endpoint)
                assert without_tokens(answer) == without_tokens(nothing), (name, endpoint)
                assert answer.headers.to_wsgi_list() == nothing.headers.to_wsgi_list(), (name, endpoint)
    assert [c.reference for c in opened(site.world, CDS, organisation).cases] == ["A17"]


def ask_about_case(site: Web, browser: Browser, endpoint: str, number: int) -> TestResponse:
    """Ask for a page or send an empty form, about the first case of a return."""
    where = {"return_id": number, "case": "1", "section_id": "child"}
    with site.app.test_request_context():
        rule = next(r for r in site.app.url_map.iter_rules() if r.endpoint == endpoint)
        path = url_for(endpoint, **{name: where[name] for name in rule.arguments})  # type: ignore[arg-type]
    return browser.post(path) if endpoint in POSTS else browser.get(path)


@pytest.mark.parametrize("endpoint", OF_CASE_RESULTS)
def test_totals_of_cases_are_for_those_who_see_results(site: Web, endpoint: str) -> None:
    for name in PEOPLE:
        with site.app.test_request_context():
            paths = [url_for(endpoint, cycle_id=cycle) for cycle in (CDS, "nothing")]
        answer, nothing = (site.as_(name).get(path) for path in paths)
        if name in OF_CASE_RESULTS[endpoint]:
            assert answer.status_code == 200, name
        else:
            assert (answer.status_code, nothing.status_code) == (404, 404), name
            assert without_tokens(answer) == without_tokens(nothing), name


READERS = ("/cases", "/cases/1", "/cases/1/parts/child", "/cases/1/second", "/tally", "/check-cases", "/print-cases")


def test_others_read_and_never_write(site: Web) -> None:
    lead = site.as_("lead")
    add(lead, site, "A17")
    for path in READERS:
        assert site.as_("team").get(own(site) + path).status_code == 200, path
        for name in ("other lead", "administrator", "executive", "nobody"):
            assert site.as_(name).get(own(site) + path).status_code == 404, (name, path)
    writes = ("/cases", "/cases/1/parts/child", "/cases/1/reference", "/cases/1/remove", "/cases/1/second/begin")
    for path in writes:
        for name in ("team", "other lead", "scrutineer"):
            assert site.as_(name).post(own(site) + path, {"reference": "A18", "reason": "x"}).status_code == 404
    assert len(whole(site).cases) == 1


@pytest.mark.parametrize("number", ["2", "x", "-1", "01", "1%00", "99999999999999999999999"])
def test_a_case_that_is_not_there_is_not_found(number: str, site: Web) -> None:
    lead = site.as_("lead")
    add(lead, site, "A17")
    for path in ("", "/parts/child", "/reference", "/remove", "/second"):
        assert lead.get(f"{own(site)}/cases/{number}{path}").status_code == 404


def test_the_business_team_reads_a_return_and_its_totals(site: Web) -> None:
    lead, team = site.as_("lead"), site.as_("team")
    complete(lead, site, add(lead, site, "A17", BED), BED)
    lead.post(own(site, BED) + "/submit", DECLARED)
    add(lead, site, "A18", CDS)
    (row,) = [r for r in table_rows(team.get(f"/cycles/{CDS}").text) if r[0] == "Otter School"]
    assert row[4] == "0/1"
    (row,) = [r for r in table_rows(team.get(f"/cycles/{BED}").text) if r[0] == "Otter School"]
    assert row[4] == "1/1"
    text = page(team.get(own(site, BED) + "/read")).text
    assert "Case A17" in text and "Cases finished1 of 1" in text
    assert team.get(f"/cycles/{BED}/results").location == f"/cycles/{BED}/cases"
    results = page(team.get(f"/cycles/{BED}/cases")).text
    assert "1organisation has submitted" in results
    assert "Otter School, 1 case" in results
    rows = list(csv.DictReader(io.StringIO(team.get(f"/cycles/{BED}/cases.csv").text)))
    whole_rows = {(r["question"], r["answer"]): r["cases"] for r in rows if not r["organisation"]}
    assert whole_rows["bed.2", "Yes"] == "1"
    assert {r["organisation"] for r in rows} == {"", "Otter School"}
    assert site.as_("lead").get(f"/cycles/{BED}/cases").status_code == 404


def test_a_peer_review_is_read_by_its_own_school_alone(site: Web) -> None:
    lead, team = site.as_("lead"), site.as_("team")
    complete(lead, site, add(lead, site, "A17", FPR), FPR)
    lead.post(own(site, FPR) + "/submit", DECLARED)
    for path in READERS:
        assert team.get(own(site, FPR) + path).status_code == 404, path
    read = page(team.get(own(site, FPR) + "/read")).text
    assert "given in confidence" in read and "A17" not in read
    results = page(team.get(f"/cycles/{FPR}/cases")).text
    assert "Totals are shown when at least 6 organisations have submitted" in results
    assert len(list(csv.DictReader(io.StringIO(team.get(f"/cycles/{FPR}/cases.csv").text)))) == 0


def test_a_cycle_of_other_things_has_no_totals_of_cases(web: Web) -> None:
    answer = web.as_("team").get("/cycles/tiny-2026/cases")
    assert answer.location == "/cycles"


def test_pages_cost_few_statements_however_many_cases(site: Web) -> None:
    lead = site.as_("lead")
    address = add(lead, site, "A17")
    costs = []
    for _ in range(2):
        for path in (own(site) + "/cases", own(site) + "/tally", address, address + "/parts/child"):
            lead.get(path)
            with counting(site.world.engine) as counted:
                assert lead.get(path).status_code == 200
            costs.append(len(counted.statements))
        for number in range(5):
            if len(costs) < 5:
                complete(lead, site, add(lead, site, f"B{number}"), CDS)
    assert costs[:4] == costs[4:]
    assert max(costs) <= 5
