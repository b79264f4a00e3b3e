"""Can the business team open a survey, give its links out, print posters, see turnout, and close it?"""

from __future__ import annotations

import re

import pytest

from audit_engine.services import run_survey
from audit_engine.web.qr import qr_code
from tests.services.mailing import SITE
from tests.services.pulse import YES
from tests.web.browser import counting, page
from tests.web.sending.conftest import SurveyWeb

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
