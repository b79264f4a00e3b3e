"""Who works on a setting's self-audits, who follows the lead, who sees what is shared, and is what is deleted gone?"""

from __future__ import annotations

import json

import pytest
import time_machine

from audit_engine.services import self_audit_people
from audit_engine.services.clock import now
from audit_engine.storage import all_models, settings_models
from audit_engine.storage.engine import reading
from tests.services.own import LEAD, OFFICE
from tests.web.browser import page
from tests.web.self_audit.conftest import SchoolSite, ask, enter, shown_link
from tests.web.self_audit.test_door import dump
from tests.web.test_nothing_typed_is_lost import posting_rules, sent_without_its_token

COLLEAGUE, STRANGER, TRUST = "deputy@school.example.org", "other@elsewhere.example.org", "boss@trust.example.org"
OWN = settings_models


def home(school: int) -> str:
    return f"/self-audit/schools/{school}"


def test_a_colleague_who_is_invited_works_on_it_and_one_taken_off_does_not(site: SchoolSite) -> None:
    school = site.schools.school()
    lead, colleague = site.as_mailbox(), site.as_mailbox(COLLEAGUE)
    audit = site.audit_of(lead, school)
    path = f"/self-audit/audits/{audit}"
    assert colleague.get(path).status_code == 404
    invited = lead.post(home(school) + "/people", {"name": "Dan", "email": COLLEAGUE.upper()})
    assert invited.status_code == 302
    assert colleague.get(path).status_code == 200
    with reading(site.engine) as connection:
        from audit_engine.storage import settings

        number = next(m.id for m in settings.members(connection, school) if m.email == COLLEAGUE)
    lead.post(home(school) + "/people/remove", {"member": str(number)})
    assert colleague.get(path).status_code == 404  # at the next request, without signing out
    assert colleague.get(home(school)).status_code == 404


def test_two_members_see_each_others_name_where_they_clash(site: SchoolSite) -> None:
    school = site.schools.school()
    lead, colleague = site.as_mailbox(), site.as_mailbox(COLLEAGUE)
    lead.post(home(school) + "/people", {"name": "Dan", "email": COLLEAGUE})
    audit = site.audit_of(lead, school)
    path = f"/self-audit/audits/{audit}/sections/culture"
    colleague.post(path, {"own.A1": "embedded", "own.A1-version": "0", "own.A1-commentary": "We sit with pupils"})
    answer = lead.post(path, {"own.A1": "not-yet", "own.A1-version": "0", "own.A1-commentary": "Nobody asks"})
    text = page(answer).text
    assert answer.status_code == 409
    assert "We sit with pupils" in text and "Nobody asks" in text and "What Dan saved" in text


def test_a_member_cannot_take_others_off_or_delete(site: SchoolSite) -> None:
    school = site.schools.school()
    lead, colleague = site.as_mailbox(), site.as_mailbox(COLLEAGUE)
    lead.post(home(school) + "/people", {"name": "Dan", "email": COLLEAGUE})
    lead_number = site.schools.lead_of(school)
    assert colleague.post(home(school) + "/people/remove", {"member": str(lead_number)}).status_code == 404
    assert colleague.get(home(school) + "/delete").status_code == 404
    assert colleague.post(home(school) + "/delete", {"agreed": "yes"}).status_code == 404
    assert site.schools.world.count(OWN.setting) == 1


def test_no_form_of_a_school_without_its_token_changes_anything(site: SchoolSite) -> None:
    school = site.schools.school()
    lead = site.as_mailbox()
    audit = site.audit_of(lead, school)
    link = self_audit_people.make_link(site.engine, STRANGER, "", now())
    before = site.schools.world.counts()
    paths = posting_rules(
        site.app, setting_id=school, audit_id=audit, section_id="culture", token=link, return_id=1,
    )  # fmt: skip
    form = {"own.A1": "embedded", "own.A1-version": "0", "email": STRANGER, "name": "Nell", "agreed": "yes"}
    own = {path for path in paths.values() if path.startswith("/self-audit")}
    assert len(own) >= 20
    for path in sorted(own):
        sent_without_its_token(lead.client, path, form, lead.token)
    assert site.schools.world.counts() == before
    assert lead.get(home(school)).status_code == 200, "nobody was signed out"
    assert enter(site.stranger(), f"/self-audit/link/{link}").status_code == 302, "the link was not used up"


def test_a_school_of_others_looks_like_none(site: SchoolSite) -> None:
    school = site.schools.school()
    audit = site.audit_of(site.as_mailbox(), school)
    other = site.as_mailbox(STRANGER)
    for theirs, nothing in (
        (home(school), home(9999)),
        (f"/self-audit/audits/{audit}", "/self-audit/audits/9999"),
        (f"/self-audit/audits/{audit}/report", "/self-audit/audits/9999/report"),
        (home(school) + "/download/json", home(9999) + "/download/json"),
    ):
        pages = [other.get(p) for p in (theirs, nothing)]
        assert [p.status_code for p in pages] == [404, 404]
        assert pages[0].data == pages[1].data


def test_when_the_lead_leaves_the_office_address_approves_the_next(site: SchoolSite) -> None:
    school = site.schools.school()
    lead = site.as_mailbox()
    audit = site.audit_of(lead, school)
    lead.post(home(school) + "/next-lead", {"name": "Nell", "email": STRANGER})
    following = site.as_mailbox(STRANGER)
    assert following.get(home(school)).status_code == 404  # nothing changes before the office decides
    office = site.as_mailbox(OFFICE)
    text = page(office.get("/self-audit/home")).text
    assert "Nell" in text and "Otter School" in text
    assert office.get(f"/self-audit/audits/{audit}").status_code == 404  # the office sees no answers
    office.post("/self-audit/home/decide", {"request": "1", "decision": "approve"})
    assert following.get(f"/self-audit/audits/{audit}").status_code == 200
    assert lead.get(f"/self-audit/audits/{audit}").status_code == 404


def test_only_the_office_address_decides_and_only_once(site: SchoolSite) -> None:
    school = site.schools.school()
    lead = site.as_mailbox()
    lead.post(home(school) + "/next-lead", {"name": "Nell", "email": STRANGER})
    for somebody in (lead, site.as_mailbox(STRANGER)):
        somebody.post("/self-audit/home/decide", {"request": "1", "decision": "approve"})
        assert site.as_mailbox(STRANGER).get(home(school)).status_code == 404
    office = site.as_mailbox(OFFICE)
    office.post("/self-audit/home/decide", {"request": "1", "decision": "refuse"})
    office.post("/self-audit/home/decide", {"request": "1", "decision": "approve"})
    assert site.as_mailbox(STRANGER).get(home(school)).status_code == 404
    assert lead.get(home(school)).status_code == 200


def test_somebody_new_asks_the_office_where_the_lead_has_gone_and_learns_nothing(site: SchoolSite) -> None:
    school = site.schools.school()
    new = site.as_mailbox(STRANGER)
    answers = [
        new.post("/self-audit/follow", {"your_name": "Nell", "office_email": o}, follow_redirects=True)
        for o in (OFFICE, "office@nowhere.example.org")
    ]
    assert page(answers[0]).text == page(answers[1]).text
    site.as_mailbox(OFFICE).post("/self-audit/home/decide", {"request": "1", "decision": "approve"})
    assert new.get(home(school)).status_code == 200


def test_the_office_address_is_another_than_the_leads_and_changes_by_its_own_approval(site: SchoolSite) -> None:
    form = {"your_name": "Dee", "name": "Otter School", "phase": "primary", "office_email": LEAD}
    lead = site.as_mailbox()
    assert lead.post("/self-audit/schools", form).status_code == 400
    school = site.schools.school()
    lead.post(home(school) + "/office", {"office_email": STRANGER})
    site.as_mailbox(STRANGER).post("/self-audit/home/decide", {"request": "1", "decision": "approve"})
    lead.post(home(school) + "/next-lead", {"name": "Nell", "email": "nell@school.example.org"})
    assert "Nell" not in page(site.as_mailbox(STRANGER).get("/self-audit/home")).text
    site.as_mailbox(OFFICE).post("/self-audit/home/decide", {"request": "1", "decision": "approve"})
    assert "Nell" in page(site.as_mailbox(STRANGER).get("/self-audit/home")).text


# --- sharing ------------------------------------------------------------------------------


def graded(site: SchoolSite, school: int) -> int:
    audit = site.audit_of(site.as_mailbox(), school)
    site.schools.grade(audit, A1="embedded", B1="developing")
    return audit


def test_a_trust_sees_a_school_only_where_that_school_shares(site: SchoolSite) -> None:
    school, silent = site.schools.school(), site.schools.school("Silent School", STRANGER, "o@silent.example.org")
    audit = graded(site, school)
    site.schools.grade(site.schools.start(silent), A1="not-yet")
    trust, lead = site.as_mailbox(TRUST), site.as_mailbox()
    assert "Otter School" not in page(trust.get("/self-audit/home")).text
    lead.post(f"/self-audit/audits/{audit}/sharing", {"with": "trust", "trust": TRUST})
    text = page(trust.get("/self-audit/home")).text
    assert "Otter School" in text and "Culture" in text and "Silent School" not in text
    assert trust.get(f"/self-audit/audits/{audit}").status_code == 404


def test_a_trust_sees_numbers_and_no_words_as_they_stood_when_shared(site: SchoolSite) -> None:
    school = site.schools.school()
    audit = graded(site, school)
    lead, trust = site.as_mailbox(), site.as_mailbox(TRUST)
    path = f"/self-audit/audits/{audit}"
    lead.post(path + "/sections/culture", {"own.A1": "embedded", "own.A1-version": "1", "own.A1-commentary": "Secret"})
    lead.post(path + "/sharing", {"with": "trust", "trust": TRUST})
    before = page(trust.get("/self-audit/home")).text
    site.schools.grade(audit, A2="not-yet")
    after = page(trust.get("/self-audit/home")).text
    assert before == after and "Secret" not in before


def test_what_is_taken_back_is_gone_at_once(site: SchoolSite) -> None:
    audit = graded(site, site.schools.school())
    lead, trust = site.as_mailbox(), site.as_mailbox(TRUST)
    lead.post(f"/self-audit/audits/{audit}/sharing", {"with": "trust", "trust": TRUST})
    lead.post(f"/self-audit/audits/{audit}/sharing/stop", {"trust": TRUST})
    assert "Otter School" not in page(trust.get("/self-audit/home")).text
    with reading(site.engine) as connection:
        (row,) = connection.execute(OWN.setting_share.select())
    assert row.counts == {} and row.withdrawn_at is not None


def test_nothing_is_shared_by_itself(site: SchoolSite) -> None:
    audit = graded(site, site.schools.school())
    assert "You share nothing" in page(site.as_mailbox().get(f"/self-audit/audits/{audit}/sharing")).text
    assert site.schools.world.count(OWN.setting_share) == 0


@pytest.mark.parametrize("typed", ["", "trust"])
def test_sharing_with_no_address_is_refused_beside_the_box(site: SchoolSite, typed: str) -> None:
    audit = graded(site, site.schools.school())
    answer = site.as_mailbox().post(f"/self-audit/audits/{audit}/sharing", {"with": "trust", "trust": typed})
    assert answer.status_code == 400 and "#trust" in page(answer).links()


# --- taking it along, deleting it -------------------------------------------------------------


def test_everything_that_was_given_can_be_taken_along(site: SchoolSite) -> None:
    school = site.schools.school()
    audit = graded(site, school)
    lead = site.as_mailbox()
    form = {"own.A1": "embedded", "own.A1-version": "1", "own.A1-commentary": "=1+1"}
    lead.post(f"/self-audit/audits/{audit}/sections/culture", form)
    whole = json.loads(lead.get(home(school) + "/download/json").data)
    said = {a["statement"]: a for a in whole["self_audits"][0]["answers"]}
    assert said["own.A1"]["answer"] == "embedded" and said["own.A1"]["how_we_know"] == "=1+1"
    assert len(whole["self_audits"][0]["history"]) == 3
    csv_text = lead.get(home(school) + "/download/csv").get_data(as_text=True)
    assert "Embedded strength" in csv_text and ",'=1+1," in csv_text
    assert lead.get(home(school) + "/download/exe").status_code == 404


def test_what_is_deleted_is_gone_with_its_history(site: SchoolSite) -> None:
    school = site.schools.school("Vanishing School")
    audit = graded(site, school)
    lead = site.as_mailbox()
    form = {"own.A1": "embedded", "own.A1-version": "1", "own.A1-commentary": "Evanescent"}
    lead.post(f"/self-audit/audits/{audit}/sections/culture", form)
    lead.post(f"/self-audit/audits/{audit}/sharing", {"with": "partnership"})
    assert lead.post(home(school) + "/delete").status_code == 400  # without the tick nothing happens
    assert "Vanishing School" in dump(site)
    assert lead.post(home(school) + "/delete", {"agreed": "yes"}).status_code == 302
    left = dump(site)
    assert "Vanishing School" not in left and "Evanescent" not in left
    hung = [t for name, t in all_models.METADATA.tables.items() if name.startswith("setting")]
    counts = {t.name: site.schools.world.count(t) for t in hung if t.name not in ("setting_link", "setting_session")}
    assert set(counts.values()) == {0}, counts


def test_nothing_of_a_deleted_school_stays_in_the_file(
    site: SchoolSite, tmp_path_factory: pytest.TempPathFactory
) -> None:
    if site.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL keeps its own files")
    school = site.schools.school("Vanishing School")
    audit = graded(site, school)
    lead = site.as_mailbox()
    form = {"own.A1": "embedded", "own.A1-version": "1", "own.A1-commentary": "Evanescent"}
    lead.post(f"/self-audit/audits/{audit}/sections/culture", form)
    lead.post(home(school) + "/delete", {"agreed": "yes"})
    from pathlib import Path

    files = Path(str(site.engine.url.database)).parent.glob("audit.sqlite3*")
    assert not [f for f in files if b"Evanescent" in f.read_bytes() or b"Vanishing" in f.read_bytes()]


def test_typed_text_survives_the_end_of_the_session(site: SchoolSite) -> None:
    school = site.schools.school()
    lead = site.as_mailbox()
    audit = site.audit_of(lead, school)
    path = f"/self-audit/audits/{audit}/sections/culture"
    with time_machine.travel(now().replace(hour=1).timestamp() + 86400):
        lost = lead.post(path, {"own.A1": "embedded", "own.A1-version": "0", "own.A1-commentary": "Long thought"})
        assert lost.status_code == 401 and "Long thought" in lost.get_data(as_text=True)
        enter(lead, shown_link(ask(lead, LEAD)))
        again = lead.post(path, {"own.A1": "embedded", "own.A1-version": "0", "own.A1-commentary": "Long thought"})
        assert again.status_code == 302
    assert site.schools.opened(audit).answer("own.A1").commentary == "Long thought"
