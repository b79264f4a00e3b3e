"""Can an organisation complete every audit and case audit that ships, page by page, with and without script?"""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from playwright.sync_api import expect

from audit_engine.definition.library import Library
from audit_engine.definition.questionnaire import Questionnaire
from audit_engine.response.people import Held
from audit_engine.services import clock, keep_people, run_cycle
from audit_engine.services.demo import PASSWORD
from tests.browser.conftest import Visit
from tests.browser.filling import answer_every_page, fill_in, first, in_turn
from tests.browser.running_site import ROOT, RunningSite
from tests.browser.survey_cycles import plan
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

#: Who answers what: an organisation of the kind that the questionnaire is for.
AUDITS: Mapping[str, str] = {
    "asn": "northmarsh-united-healthcare",
    "chr": "northmarsh-county-council",
    "cse-b": "northmarsh-police",
    "jta-csa": "saltreach-general-hospital",
    "jta-da": "thistlegate-domestic-abuse-support",
    "jta-syv": "northmarsh-youth-justice-service",
    "mia": "northmarsh-united-healthcare",
    "nat-ehe": "northmarsh-county-council",
    "sca": "marshlight-mental-health",
    "section-11-small-organisation": "saltreach-junior-sports-league",
}
CASE_AUDITS: Mapping[str, str] = {
    "att": "northmarsh-county-council",
    "bed": "saltreach-council",
    "cds": "northmarsh-county-council",
    "cpc": "marshlight-mental-health",
    "fpr": "tallow-hill-academy-trust",
    "int": "northmarsh-police",
    "rfs": "northmarsh-county-council",
    "wnb": "saltreach-general-hospital",
}
#: Completed by test_submitting and test_table.
ELSEWHERE = {"section-11", "eatsafe"}
LEAD = "own.lead@demo.example.org"
#: Where numbers do not fit one another when each is 7: what the site says, which box it leads to, what to put there.
MENDED = {"sca": ("must add up to the number of cases audited", "sca.2", "21")}


def test_no_audit_that_ships_is_left_out() -> None:
    kinds = {q.id for q in Library(ROOT).all() if q.kind in ("audit", "case-audit")}
    assert kinds == {*AUDITS, *CASE_AUDITS, *ELSEWHERE}


def arrive(
    visit: Visit, site: RunningSite, name: str, organisation: str, *, script: bool
) -> tuple[Visitor, Questionnaire]:
    """Open an audit for an organisation; its lead signs in and comes to it."""
    library = Library(site.root)
    newest = library.load(name, library.versions(name)[-1])
    [cycle] = plan(site, library, {own(name): newest}, [organisation])
    run_cycle.open_cycle(site.engine, library, cycle, None, clock.now())
    held = [Held("organisation-lead", organisation)]
    keep_people.add_person(site.engine, LEAD, "Ada Invented", PASSWORD, held, None, clock.now())
    visitor = visit(script=script)
    visitor.sign_in(LEAD)
    visitor.page.goto("/audits")
    visitor.page.locator(f'main a[href$="/returns/{site.return_of(organisation, cycle)}"]').click()
    visitor.check()
    return visitor, newest


def own(name: str) -> str:
    """Return what the test calls the round of a questionnaire."""
    return f"own-{name}"


def says(visitor: Visitor, sentence: str) -> None:
    """Assert that the page says that."""
    whole = visitor.page.locator("main").inner_text()
    assert sentence in whole, whole[:1000]


def stored(site: RunningSite, cycle: str) -> set[str]:
    """Return which questions have an answer in the database."""
    rows = site.rows(
        "select distinct item_id from answer join response on response.id = response_id"
        " where cycle_id = :cycle and answer.value is not null",
        cycle=cycle,
    )
    return {row.item_id for row in rows}


def asked_of_all(questionnaire: Questionnaire) -> set[str]:
    """Return the questions that whoever answers is asked, whatever else was answered."""
    conditional = {s.id for s in questionnaire.sections if s.applies_when}
    return {
        i.id
        for i in questionnaire.items
        if not (i.enable_when or i.applies_when or i.is_worked_out or i.section in conditional)
    }


def declare(visitor: Visitor, site: RunningSite, audit: Questionnaire) -> None:
    """Find every answer stored, go on from the checked answers, declare, and hold a receipt."""
    assert asked_of_all(audit) - stored(site, own(audit.id)) == set()
    visitor.check(())
    visitor.follow("Go on to submit")
    fill_in(visitor.page, words="Ada Invented")
    visitor.press("Submit your audit")
    assert visitor.errors == [] and visitor.heading == "Audit submitted"
    [submission] = site.rows(
        "select receipt from submission join response on response.id = response_id where cycle_id = :cycle",
        cycle=own(audit.id),
    )
    assert visitor.page.locator(".receipt-number").first.inner_text() == submission.receipt


@pytest.mark.parametrize("name", AUDITS)
def test_an_audit_is_completed_standard_by_standard_and_submitted(
    name: str, visit: Visit, site: RunningSite, script: bool
) -> None:
    visitor, audit = arrive(visit, site, name, AUDITS[name], script=script)
    visitor.page.locator('main a[href*="/standards/"]').first.click()
    assert answer_every_page(visitor, in_turn()) == [section.title for section in audit.sections]
    if name in MENDED:
        mend(visitor, *MENDED[name])
    says(visitor, "Everything that is needed is there.")
    declare(visitor, site, audit)


def mend(visitor: Visitor, told: str, box: str, number: str) -> None:
    """Follow what the site says does not fit together to its box, and put that right."""
    visitor.follow(told, exact=False)
    expect(visitor.field(box)).to_be_focused()
    visitor.field(box).fill(number)
    visitor.press("Save and go back to the list")
    visitor.follow("Check your answers")


@pytest.mark.parametrize("name", CASE_AUDITS)
def test_a_case_audit_is_completed_case_by_case_and_submitted(
    name: str, visit: Visit, site: RunningSite, script: bool
) -> None:
    visitor, audit = arrive(visit, site, name, CASE_AUDITS[name], script=script)
    for reference, choose in (("T1001", first), ("T1002", in_turn(1))):
        visitor.page.get_by_label("Reference of the case").fill(reference)
        visitor.press("Add this case")
        seen = answer_every_page(visitor, choose, until=audit.title)
        assert seen == [section.title for section in audit.sections]
    visitor.follow("Check your answers")
    says(visitor, "Everything that is needed is there: 2 cases.")
    declare(visitor, site, audit)
