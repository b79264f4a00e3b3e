"""Can the business team write to organisations and to people about a survey, and reach nobody it must not?"""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from tests.mail.server import PostOffice
from tests.services.mailing import SITE, link_in, people
from tests.services.pulse import YES
from tests.web.browser import PEOPLE, Browser, page, token_of
from tests.web.sending.conftest import SurveyWeb
from tests.web.test_authorisation import OF_SENDING, POSTS

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
