"""Can the business team run a survey: open it, give its links out, print posters, write to people, and see turnout?"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from audit_engine.definition.library import Library
from audit_engine.services import deliver_mail, do_work, run_survey
from audit_engine.services.definitions import Definitions
from audit_engine.services.instance import Instance
from audit_engine.storage.engine import reading
from audit_engine.web import create_app
from audit_engine.web.qr import qr_code
from audit_engine.web.site import Site
from tests.mail.server import PostOffice, post_office
from tests.services.mailing import SITE, link_in, people, settings_of
from tests.services.pulse import CYCLES, PULSE, YES, Pulse
from tests.services.tiny import World, lay
from tests.web.browser import PEOPLE, Browser, Web, add_people, counting, page, token_of
from tests.web.test_authorisation import OF_SENDING, POSTS

OPEN_ENDED = {
    name: text.replace("2026-10-30 17:00", "2098-12-19 17:00").replace("2026-09-14", "2026-01-14")
    for name, text in CYCLES.items()
}
SETTINGS = ("MAIL_HOST", "MAIL_PORT", "MAIL_TLS", "MAIL_A_MINUTE", "MAIL_FROM", "MAIL_USER", "AUDIT_ADDRESS")


class SurveyWeb(Web):
    """The site of the pulse survey."""

    @property
    def pulse(self) -> Pulse:
        return Pulse(self.world)

    def link(self, organisation: str = "otters", cycle: str = "pulse") -> run_survey.SurveyLink:
        with reading(self.world.engine) as connection:
            links = run_survey.links_of(connection, cycle)
        return next(link for link in links if link.organisation == organisation and not link.ended)

    def work(self) -> None:
        while claimed := do_work.claim_work(self.world.engine):
            for number in claimed:
                do_work.do_work(self.world.engine, self.world.definitions, self.world.instance, number)


@pytest.fixture(scope="module")
def laid(tmp_path_factory: pytest.TempPathFactory) -> tuple[Instance, Library]:
    instance = lay(tmp_path_factory.mktemp("sending"), cycles=OPEN_ENDED, questionnaires={"pulse/1": PULSE})
    return instance, Library(instance.root)


@pytest.fixture
def planned(laid: tuple[Instance, Library], database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[SurveyWeb]:
    """The survey is planned; no mail server is set up."""
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATABASE_URL", database_url)
    app = create_app(laid[0], testing=True)
    engine: Engine = app.extensions["audit"].engine
    app.extensions["audit"] = Site(engine, Definitions(laid[1]), laid[0])
    web = SurveyWeb(app, World(laid[0], engine, laid[1]).load())
    add_people(web.world)
    yield web
    engine.dispose()
    deliver_mail._IN_HAND.clear()


@pytest.fixture
def web(planned: SurveyWeb) -> SurveyWeb:
    """The survey is open."""
    planned.world.open("pulse")
    return planned


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> Iterator[PostOffice]:
    with post_office() as (office, port):
        for name, value in settings_of(port).items():
            monkeypatch.setenv(name, value)
        yield office


# --- opening, turnout, closing ---------------------------------------------------------


def test_a_survey_is_opened_after_its_warnings_were_read(planned: SurveyWeb) -> None:
    team = planned.as_("team")
    asked = page(team.get("/cycles/pulse/open")).text
    for said in ("What is fixed from then on", "a link for each of 4 organisations", "at least 11 replies",
                 "The number of staff is not known for Badger School", "5pm on Friday 19 December 2098"):  # fmt: skip
        assert said in asked, said
    opened = team.post("/cycles/pulse/open", follow_redirects=True)
    assert "Nobody has been written to yet" in page(opened).text
    assert planned.link().path.startswith("/s/")


def test_the_numbers_invited_can_be_given_before_it_opens_and_sharpen_the_warnings(planned: SurveyWeb) -> None:
    team = planned.as_("team")
    names = re.findall(r'name="organisation" value="([^"]*)"', team.get("/cycles/pulse/invited").text)
    assert names == ["badgers", "joint", "otters", "office"]
    form = {"organisation": names, "n0": "15", "n1": "9", "n2": "", "n3": "1,500"}
    assert "are kept" in page(team.post("/cycles/pulse/invited", form, follow_redirects=True)).text
    asked = page(team.get("/cycles/pulse/open")).text
    assert "Joint Police has 9 people. No result is shown for fewer than 11" in asked
    assert "Badger School has 15 people." in asked
    assert "The number of staff is not known for Otter School" in asked


@pytest.mark.parametrize("typed", ["0", "-3", "many", "1.5", "²", "9999999999"])
def test_a_number_that_cannot_be_is_refused_beside_its_box_and_nothing_is_lost(web: SurveyWeb, typed: str) -> None:
    team = web.as_("team")
    form = {"organisation": ["badgers", "joint", "otters", "office"], "n0": "12", "n1": typed}
    answer = team.post("/cycles/pulse/invited", form)
    assert answer.status_code == 400
    assert "Joint Police: write a whole number" in page(answer).text
    assert (page(answer).named("n0")[0]["value"], page(answer).named("n1")[0]["value"]) == ("12", typed)
    assert web.pulse.rows("survey_turnout") == []


def test_numbers_of_a_page_that_has_changed_are_not_kept(web: SurveyWeb) -> None:
    answer = web.as_("team").post(
        "/cycles/pulse/invited", {"organisation": ["otters"], "n0": "12"}, follow_redirects=True
    )
    assert "has changed meanwhile" in page(answer).text
    assert web.pulse.rows("survey_turnout") == []


def test_while_it_is_open_the_page_shows_turnout_and_no_answer(web: SurveyWeb) -> None:
    web.pulse.replies([YES] * 12, "otters").replies([{"p.2": "no"}] * 3, "badgers")
    team = web.as_("team")
    text = page(team.get("/cycles/pulse")).text
    assert "15 replies so far. The number invited is not known, so no rate can be given." in text
    assert "This was fixed when the survey opened." in text
    assert "organisation has 11 replies or more" in text
    assert "Do you know who leads" not in text and "Results" not in text
    for organisation in ("otters", "badgers", "joint", "office"):
        run_survey.invited(web.world.engine, "pulse", organisation, 15)
    assert "25% of the 60 who were invited" in page(team.get("/cycles/pulse")).text
    listed = page(team.get("/cycles"))
    assert (
        "15 replies. Takes replies until the end of " in listed.text
        and "Closes at" not in listed.text.split("Surveys")[-1]
    )
    assert "Surveys of staff and others" in listed.text
    assert "Its questions: Pulse." in page(team.get("/cycles/pulse")).text
    assert not listed.faults


def test_a_survey_that_closes_is_not_opened_again_and_that_is_said_before(web: SurveyWeb) -> None:
    team = web.as_("team")
    asked = page(team.get("/cycles/pulse/close")).text
    assert "cannot be opened again" in asked and "addresses that messages went to are deleted" in asked
    closed = team.post("/cycles/pulse/close", follow_redirects=True)
    assert "Closed on" in page(closed).text
    assert not [link for link in page(closed).links() if link.endswith(("/open-again", "/write", "/one-use"))]
    again = team.post("/cycles/pulse/open-again", follow_redirects=True)
    assert "so it cannot be opened again" in page(again).text


def test_a_closed_survey_leads_to_its_results(web: SurveyWeb) -> None:
    web.pulse.replies([YES] * 12)
    web.as_("team").post("/cycles/pulse/close")
    (results,) = [link for link in page(web.as_("team").get("/cycles/pulse")).links() if link.endswith("/survey")]
    assert web.as_("team").get(results).status_code == 200
    assert results in page(web.as_("executive").get("/cycles")).links()


def test_a_survey_s_page_costs_the_same_whatever_its_size(web: SurveyWeb) -> None:
    from audit_engine.storage.engine import writing
    from audit_engine.storage.partnership import OrganisationRow, keep_organisations

    team = web.as_("team")
    counted = []
    for more in (0, 200):
        with writing(web.world.engine) as connection:
            keep_organisations(
                connection, [OrganisationRow(f"o-{n}", f"O {n}", "police", ("north",), {}) for n in range(more)]
            )
        if more:
            run_survey.make_links(web.world.engine, "pulse", [f"o-{n}" for n in range(more)])
        team.get("/cycles/pulse")
        with counting(web.world.engine) as seen:
            assert team.get("/cycles/pulse").status_code == 200
        counted.append(len(seen.statements))
    assert counted[0] == counted[1] <= 9


# --- links and posters -------------------------------------------------------------------


def test_a_link_is_there_to_copy_with_a_text(web: SurveyWeb, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDIT_ADDRESS", SITE + "/")
    shown = web.as_("team").get(f"/links/{web.link().id}")
    address = SITE + web.link().path
    assert page(shown).named("address")[0]["value"] == address
    text = page(shown).text
    for said in ("Please answer our short survey: Pulse 2026.", address, "Nobody can tell which answers are yours",
                 "closes at the end of Friday 19 December 2098", "This is not the place to report"):  # fmt: skip
        assert said in text, said


def test_a_link_is_renewed_with_a_reason_and_never_by_a_link(web: SurveyWeb) -> None:
    old, team = web.link(), web.as_("team")
    asked = team.get(f"/links/{old.id}/renew")
    assert "stops working at once" in page(asked).text
    assert web.link() == old
    refused = team.post(f"/links/{old.id}/renew", {"reason": " "})
    assert (refused.status_code, web.link()) == (400, old)
    renewed = team.post(f"/links/{old.id}/renew", {"reason": "On a public page"}, follow_redirects=True)
    assert "Otter School has a new link" in page(renewed).text
    assert web.link().path != old.path
    (entry,) = [row for row in web.pulse.rows("trail") if row["event"] == "survey link renewed"]
    assert "On a public page" in str(entry["content"])
    assert "no longer works" in page(team.get(f"/links/{old.id}")).text


def test_a_poster_says_everything_on_one_page_and_draws_its_address(
    web: SurveyWeb, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUDIT_ADDRESS", SITE)
    shown = page(web.as_("team").get(f"/links/{web.link().id}/poster"))
    address = SITE + web.link().path
    for said in ("Pulse 2026", "For everybody who works for Otter School", "It takes a few minutes.",
                 "Nobody can tell which answers are yours", address.removeprefix("https://"),
                 "Open until the end of 19 December 2098", "team@tiny.example.org", "Invented"):  # fmt: skip
        assert said in shown.text, said
    (drawn,) = [a for tag, a in shown.tags if tag == "path"]
    assert drawn["d"] == qr_code(address).path
    assert not shown.faults and not shown.live_script()
    assert sum(tag == "article" for tag, _ in shown.tags) == 1


def test_all_posters_come_in_one_document_a_page_each(web: SurveyWeb) -> None:
    shown = page(web.as_("team").get("/cycles/pulse/posters"))
    assert sum(tag == "article" for tag, _ in shown.tags) == 4
    assert "These print on 4 pages of A4" in shown.text
    southern = page(web.as_("southern team").get("/cycles/pulse/posters"))
    assert sum(tag == "article" for tag, _ in southern.tags) == 2


def test_there_is_no_poster_before_there_is_a_link(planned: SurveyWeb) -> None:
    answer = planned.as_("team").get("/cycles/pulse/posters", follow_redirects=True)
    assert "once the survey is open" in page(answer).text


def test_a_poster_s_style_is_served_and_makes_a4_pages(web: SurveyWeb) -> None:
    browser = web.as_("team")
    (sheet,) = [a["href"] for tag, a in page(browser.get("/cycles/pulse/posters")).tags if a.get("rel") == "stylesheet"]
    style = browser.get(str(sheet)).text
    assert "size: A4" in style and "break-after: page" in style


def test_a_qr_code_draws_exactly_the_squares_of_its_matrix() -> None:
    from qrcode import QRCode, constants

    code = qr_code("https://audits.example.org/s/7k2mqx4p9trw")
    drawn = set()
    for x, y, length in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", code.path):
        drawn |= {(int(x) + n, int(y)) for n in range(int(length))}
    expected = QRCode(error_correction=constants.ERROR_CORRECT_Q, border=4)
    expected.add_data("https://audits.example.org/s/7k2mqx4p9trw")
    matrix = expected.get_matrix()
    assert drawn == {(x, y) for y, row in enumerate(matrix) for x, dark in enumerate(row) if dark}
    assert code.size == len(matrix)
    assert min(x for x, _ in drawn) == 4, "readers need a quiet zone"


# --- writing to organisations ---------------------------------------------------------------


def drafted(team: Browser, answer: object) -> str:
    location = str(getattr(answer, "location", ""))
    assert location.startswith("/messages/"), getattr(answer, "text", "")[:3000]
    return location


TEXT = {"subject": "Please pass this on", "words": "Dear leads,\r\n\r\nthank you."}


def test_contacts_are_written_to_after_a_preview_and_a_confirmation(web: SurveyWeb, office: PostOffice) -> None:
    team = web.as_("team")
    offered = page(team.get("/cycles/pulse/write"))
    assert offered.named(f"to-{web.link().id}")[0]["value"] == "lead@example.org", "its lead is offered"
    form = {**TEXT, f"to-{web.link().id}": "head@otters.example.org, dsl@otters.example.org"}
    where = drafted(team, team.post("/cycles/pulse/write", form))
    preview = page(team.get(where))
    assert "has not been sent. It is for 2 addresses" in preview.text
    assert SITE + web.link().path in preview.text and "Dear leads, thank you." in preview.text
    assert "Send to 2 addresses" in preview.text
    web.work()
    assert office.taken == []
    sent = team.post(f"{where}/send", follow_redirects=True)
    assert "The message is on its way." in page(sent).text
    assert sent.headers["Refresh"].startswith("5; url=/messages/")
    web.work()
    assert sorted(office.addresses) == ["dsl@otters.example.org", "head@otters.example.org"]
    after = team.get(where)
    assert "Refresh" not in after.headers
    assert "Send to" not in page(after).text
    again = team.post(f"{where}/send", follow_redirects=True)
    assert "was sent already" in page(again).text
    web.work()
    assert len(office.taken) == 2
    remembered = page(team.get("/cycles/pulse/write")).named(f"to-{web.link().id}")[0]["value"]
    assert remembered == "dsl@otters.example.org, head@otters.example.org"
    assert "Please pass this on" in page(team.get("/cycles/pulse")).text


def test_addresses_that_are_none_are_refused_beside_their_box(web: SurveyWeb, office: PostOffice) -> None:
    form = {**TEXT, f"to-{web.link().id}": "head at otters", f"to-{web.link('badgers').id}": "b@example.org"}
    answer = web.as_("team").post("/cycles/pulse/write", form)
    assert answer.status_code == 400
    shown = page(answer)
    assert "Otter School: “head at otters” is not a list of e-mail addresses" in shown.text
    assert shown.named("subject")[0]["value"] == "Please pass this on"
    assert shown.named(f"to-{web.link('badgers').id}")[0]["value"] == "b@example.org"
    assert f"#to-{web.link().id}" in shown.links()
    assert web.pulse.rows("mailing") == []


def test_nobody_and_nothing_are_refused(web: SurveyWeb, office: PostOffice) -> None:
    team = web.as_("team")
    nobody = team.post("/cycles/pulse/write", TEXT)
    assert (nobody.status_code, "at least one organisation" in page(nobody).text) == (400, True)
    silent = team.post("/cycles/pulse/write", {"subject": "", f"to-{web.link().id}": "a@example.org"})
    assert (silent.status_code, "Write the subject" in page(silent).text) == (400, True)


def test_without_a_mail_server_nothing_is_offered_that_cannot_be_done(web: SurveyWeb) -> None:
    team = web.as_("team")
    shown = page(team.get("/cycles/pulse"))
    assert "No mail server is set up, so nothing is sent from here." in shown.text
    assert "/cycles/pulse/write" not in shown.links()
    form = {**TEXT, f"to-{web.link().id}": "head@otters.example.org"}
    where = drafted(team, team.post("/cycles/pulse/write", form))
    refused = team.post(f"{where}/send", follow_redirects=True)
    assert "No mail server is set up" in page(refused).text
    assert web.pulse.rows("outbox") == []


def test_half_settings_are_told_on_the_page(web: SurveyWeb, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAIL_HOST", "smtp.example.org")
    assert (
        "MAIL_HOST is set, but MAIL_FROM and AUDIT_ADDRESS are not." in page(web.as_("team").get("/cycles/pulse")).text
    )


# --- links for one person each ----------------------------------------------------------------


def to_people(team: Browser, addresses: str, **more: object) -> object:
    form = {"organisation": "otters", "addresses": addresses, "subject": "Your view", "words": "Hello", **more}
    return team.post("/cycles/pulse/one-use", form, content_type="multipart/form-data")


def test_people_get_their_own_links_and_a_reminder_without(web: SurveyWeb, office: PostOffice) -> None:
    office.at_rcpt["p001@example.org"] = ["550 No such user"]
    team = web.as_("team")
    where = drafted(team, to_people(team, "\n".join(people(12))))
    preview = page(team.get(where)).text
    assert "It is for 12 people of Otter School." in preview
    assert "«each person’s own link»" in preview and "/s/" not in preview
    team.post(f"{where}/send")
    web.work()
    team.get(where)  # what was done is told once
    shown = page(team.get(where)).text
    assert "p001@example.org" in shown and "550 No such user" in shown
    assert "p002@example.org" not in shown, "only what needs a look is listed"
    assert web.pulse.reply(YES, token=link_in(office.to("p002@example.org")[0]).rsplit("/", 1)[1]).done
    assert page(team.get(where)).text == shown, "that somebody answered changes nothing"
    offered = page(team.get(f"{where}/reminder")).text
    assert "It goes to all 11 addresses" in offered
    reminder = drafted(team, team.post(f"{where}/reminder", {"subject": "Reminder", "words": "Please"}))
    assert "We cannot see who has" in page(team.get(reminder)).text
    team.post(f"{reminder}/send")
    web.work()
    assert len(office.taken) == 22


def test_a_list_is_read_from_a_file(web: SurveyWeb, office: PostOffice) -> None:
    team = web.as_("team")
    content = "Name;E-mail\r\n" + "\r\n".join(f"Person {n};{a}" for n, a in enumerate(people(11)))
    where = drafted(team, to_people(team, "", file=(io.BytesIO(content.encode("cp1252")), "list.csv")))
    assert "It is for 11 people" in page(team.get(where)).text
    workbook = to_people(team, "", file=(io.BytesIO(b"PK\x03\x04\x00"), "list.xlsx"))
    assert "The file is no text. Save the list as CSV" in page(workbook).text  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "addresses, said",
    [("", "The list has 0 people"), ("\n".join(people(10)), "at least 11 people at once"),
     ("\n".join([*people(12), "nonsense"]), "Line 13 holds no e-mail address")],
)  # fmt: skip
def test_a_list_that_will_not_do_comes_back_with_what_is_wrong(
    web: SurveyWeb, office: PostOffice, addresses: str, said: str
) -> None:
    answer = to_people(web.as_("team"), addresses)
    assert answer.status_code == 400  # type: ignore[attr-defined]
    shown = page(answer)  # type: ignore[arg-type]
    assert said in shown.text
    assert "#addresses" in shown.links()
    if addresses:
        assert "p003@example.org" in shown.text, "nothing typed is lost"


def test_without_a_mail_server_addresses_and_links_are_downloaded_once(web: SurveyWeb) -> None:
    team = web.as_("team")
    where = drafted(team, to_people(team, "\n".join(people(12))))
    preview = page(team.get(where)).text
    assert "Make 12 links and download the file" in preview and "can be downloaded once" in preview
    assert team.get(f"{where}/links.csv").status_code == 405
    file = team.post(f"{where}/links.csv")
    assert file.headers["Content-Disposition"].startswith('attachment; filename="pulse-links-')
    assert file.headers["Cache-Control"] == "no-store"
    rows = list(csv.DictReader(io.StringIO(file.data.decode("utf-8-sig"), newline="")))
    assert [row["email"] for row in rows] == people(12)
    again = team.post(f"{where}/links.csv", follow_redirects=True)
    assert "was downloaded already" in page(again).text
    after = page(team.get(where)).text
    assert "Text for a reminder to everybody" in after and "Downloaded on" in after
    assert web.pulse.rows("mail_recipient") == []


def test_a_draft_can_be_thrown_away(web: SurveyWeb, office: PostOffice) -> None:
    team = web.as_("team")
    where = drafted(team, to_people(team, "\n".join(people(12))))
    assert "are deleted" in page(team.post(f"{where}/throw-away", follow_redirects=True)).text
    assert (web.pulse.rows("mailing"), team.get(where).status_code) == ([], 404)


def test_what_may_have_left_is_sent_again_only_after_a_question(
    web: SurveyWeb, office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.at_data["head@otters.example.org"] = ["hang up"]
    team = web.as_("team")
    form = {**TEXT, f"to-{web.link().id}": "head@otters.example.org"}
    where = drafted(team, team.post("/cycles/pulse/write", form))
    team.post(f"{where}/send")
    web.work()
    shown = page(team.get(where))
    assert "may have left" in shown.text and f"{where}/send-again" in shown.links()
    assert "may get the message twice" in page(team.get(f"{where}/send-again")).text
    assert len(office.taken) == 1
    team.post(f"{where}/send-again")
    web.work()
    assert len(office.taken) == 2


# --- who sees what ---------------------------------------------------------------------------------


def test_a_team_of_one_area_writes_to_its_own_organisations_alone(web: SurveyWeb, office: PostOffice) -> None:
    team, southern = web.as_("team"), web.as_("southern team")
    assert "Otter School" not in page(southern.get("/cycles/pulse")).text
    assert "Badger School" in page(southern.get("/cycles/pulse")).text
    assert southern.get(f"/links/{web.link().id}").status_code == 404
    assert southern.get(f"/links/{web.link('joint').id}").status_code == 200
    assert to_people(southern, "\n".join(people(12))).status_code == 404  # type: ignore[attr-defined]
    form = {**TEXT, f"to-{web.link().id}": "a@example.org", f"to-{web.link('badgers').id}": "b@example.org"}
    own = drafted(southern, southern.post("/cycles/pulse/write", form))
    assert "It is for 1 address" in page(southern.get(own)).text
    both = drafted(team, team.post("/cycles/pulse/write", form))
    assert (southern.get(both).status_code, team.get(both).status_code) == (404, 200)
    assert both not in page(southern.get("/cycles/pulse")).links()


def test_who_only_watches_sees_turnout_and_neither_links_nor_addresses(web: SurveyWeb, office: PostOffice) -> None:
    team, scrutineer = web.as_("team"), web.as_("scrutineer")
    where = drafted(team, to_people(team, "\n".join(people(12))))
    shown = page(scrutineer.get("/cycles/pulse"))
    assert "Replies by organisation" in shown.text
    assert not [link for link in shown.links() if "/links/" in link or "/messages/" in link]
    for path in (f"/links/{web.link().id}", where, "/cycles/pulse/write", "/cycles/pulse/one-use",
                 "/cycles/pulse/invited", "/cycles/pulse/posters"):  # fmt: skip
        assert scrutineer.get(path).status_code == 404, path


def test_an_audit_of_organisations_has_none_of_these_pages(planned: SurveyWeb, tmp_path: Path) -> None:
    team = planned.as_("team")
    for path in ("write", "one-use", "invited", "posters"):
        assert team.get(f"/cycles/nothing/{path}").status_code == 404


OF_SURVEY = ("posters", "ask_numbers", "keep_numbers", "write_to_contacts", "draft_to_contacts", "write_to_people",
             "draft_to_people")  # fmt: skip
OF_LINK = ("survey_link", "poster", "ask_renew_link", "renew_link")
OF_MESSAGE = ("mailing", "send_mailing", "discard_mailing", "download_links", "try_mailing_again", "ask_send_again",
              "send_mailing_again", "write_reminder", "draft_reminder")  # fmt: skip


def test_every_one_of_these_routes_is_reached_by_the_team_concerned_alone(web: SurveyWeb, office: PostOffice) -> None:
    from flask import url_for

    team = web.as_("team")
    message = int(drafted(team, to_people(team, "\n".join(people(12)))).rsplit("/", 1)[1])
    assert {*OF_SURVEY, *OF_LINK, *OF_MESSAGE} == OF_SENDING
    with web.app.test_request_context():
        where = {name: url_for(name, cycle_id="pulse") for name in OF_SURVEY}
        where |= {name: url_for(name, link_id=web.link().id) for name in OF_LINK}
        where |= {name: url_for(name, mailing_id=message) for name in OF_MESSAGE}
    # The northern school's link and message are no business of the southern team; nobody throws the message away first.
    order = sorted(where, key=lambda name: name in ("discard_mailing", "renew_link", "download_links"))
    for name in [n for n in PEOPLE if n != "team"] + ["team"]:
        browser = web.as_(name)
        for endpoint in order:
            answer = browser.post(where[endpoint]) if endpoint in POSTS else browser.get(where[endpoint])
            reached = name == "team" or (name == "southern team" and endpoint in OF_SURVEY)
            missing = endpoint == "draft_to_people" and name == "southern team"  # names no organisation of theirs
            assert (answer.status_code != 404) is (reached and not missing), (name, endpoint, answer.status_code)
    assert office.taken == []


def test_nobody_who_is_not_signed_in_reaches_any(web: SurveyWeb) -> None:
    anybody = web.as_(None)
    for path in ("/cycles/pulse/posters", f"/links/{web.link().id}", "/messages/1", "/messages/999"):
        answer = anybody.get(path)
        assert (answer.status_code, (answer.location or "").split("?")[0]) == (302, "/sign-in"), path


# --- no more mail ------------------------------------------------------------------------------------


def test_mail_is_stopped_by_a_button_and_not_by_a_scanner(web: SurveyWeb, office: PostOffice) -> None:
    team = web.as_("team")
    where = drafted(team, to_people(team, "\n".join(people(12))))
    team.post(f"{where}/send")
    web.work()
    stop = str(office.to("p000@example.org")[0]["List-Unsubscribe"]).strip("<>").removeprefix(SITE)
    anybody = web.as_(None)
    asked = anybody.get(stop)
    assert "Do you want no more messages?" in page(asked).text
    assert web.pulse.rows("mail_stop") == []
    anybody.token = str(page(asked).named("csrf_token")[0]["value"])
    stopped = anybody.post(stop, follow_redirects=True)
    assert "You get no more messages" in page(stopped).text
    assert "Links that you have already go on working" in page(stopped).text
    assert len(web.pulse.rows("mail_stop")) == 1
    anybody.post(stop)
    assert len(web.pulse.rows("mail_stop")) == 1
    left_out = team.get(drafted(team, to_people(team, "\n".join(people(13)))))
    assert "1 person has asked for no more messages" in page(left_out).text
    assert "It is for 12 people" in page(left_out).text


@pytest.mark.parametrize("code", ["x", "0" * 96, "%00", "a" * 500])
def test_a_made_up_code_stops_nothing(web: SurveyWeb, code: str) -> None:
    anybody = web.as_(None)
    assert anybody.get(f"/no-more-mail/{code}").status_code == 404
    anybody.token = token_of(anybody.get("/sign-in"))
    assert anybody.post(f"/no-more-mail/{code}").status_code == 404
    assert web.pulse.rows("mail_stop") == []


def test_every_page_is_sound_html_without_script(web: SurveyWeb, office: PostOffice) -> None:
    team = web.as_("team")
    where = drafted(team, to_people(team, "\n".join(people(12)), words="<b>Hello</b> & <script>x</script>"))
    paths = ["/cycles/pulse", "/cycles/pulse/close", "/cycles/pulse/write", "/cycles/pulse/one-use",
             "/cycles/pulse/invited", "/cycles/pulse/posters", f"/links/{web.link().id}",
             f"/links/{web.link().id}/renew", where]  # fmt: skip
    for path in paths:
        shown = page(team.get(path))
        assert not shown.faults, (path, shown.faults)
        assert not shown.live_script(), path
        assert len(shown.ids()) == len(set(shown.ids())), path
    assert "<script>x</script>" in page(team.get(where)).text
