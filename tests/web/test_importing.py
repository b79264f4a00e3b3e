"""Can the business team bring in a file through the browser alone, and does nobody else see it or find it later?"""

from __future__ import annotations

import re
import stat
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask, url_for
from werkzeug.test import TestResponse

from audit_engine.definition.library import Library
from audit_engine.services import import_uploads
from audit_engine.services.clock import now
from audit_engine.services.do_work import claim_work, do_work
from audit_engine.services.import_uploads import forget_old_uploads
from audit_engine.services.run_cycle import cycle_named
from audit_engine.storage.engine import reading
from tests.exchange.exports import Rows, microsoft_forms, survey_monkey, write
from tests.services.pulse import CYCLES as PULSE_CYCLES
from tests.services.pulse import PULSE, Pulse
from tests.services.seeding import Seeded
from tests.services.test_import_answers import many
from tests.services.tiny import CYCLES, lay
from tests.web.browser import PEOPLE, Browser, Web, page
from tests.web.conftest import site_on
from tests.web.test_authorisation import OF_IMPORT, POSTS

START = "/cycles/pulse/import"


@pytest.fixture
def web(changing_app: Flask, populated: Seeded, database_kind: str, tmp_path: Path) -> Iterator[Web]:
    """A site whose partnership has, beside its audits, a survey of people that has ended elsewhere."""
    with populated.fresh(database_kind, tmp_path) as url:
        cycles = {**CYCLES, "pulse": PULSE_CYCLES["pulse"].replace("2026-10-30", "2026-09-30")}
        instance = lay(tmp_path, cycles=cycles, questionnaires={"pulse/1": PULSE})
        opened = site_on(changing_app, instance, Library(instance.root), url)
        opened.world.load()
        yield opened
        opened.world.engine.dispose()


@pytest.fixture
def team(web: Web) -> Browser:
    return web.as_("team")


def work(web: Web) -> None:
    for number in claim_work(web.world.engine):
        assert do_work(web.world.engine, web.world.definitions, web.world.instance, number)


def upload(web: Web, team: Browser, rows: Rows, name: str = "answers.csv", **more: object) -> TestResponse:
    content = write(web.world.instance.root / name, rows).read_bytes()
    return team.post(START, {"file": (BytesIO(content), name), **more}, content_type="multipart/form-data")


def filled(answer: TestResponse) -> dict[str, str]:
    """A form as a browser would send it back."""
    html = answer.get_data(as_text=True)
    form = {}
    for name, options in re.findall(r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', html, re.DOTALL):
        values = re.findall(r'<option value="([^"]*)"( selected)?', options)
        form[name] = next((value for value, selected in values if selected), values[0][0])
    return form


def looked_at(web: Web, team: Browser, columns: str, **changed: str) -> str:
    """Send the columns as they stand, but for what is changed, and return the preview's address."""
    form = filled(team.get(columns)) | changed
    progress = team.post(columns, form).location
    assert "Refresh" in team.get(progress).headers
    work(web)
    return str(team.get(progress).location)


def kept(web: Web) -> list[Path]:
    return sorted((web.world.instance.var / "imports").glob("*"))


def test_a_file_is_brought_in_through_the_browser_alone(web: Web, team: Browser) -> None:
    assert "None yet" in page(team.get(START)).text
    columns = upload(web, team, microsoft_forms(many(2))).location
    shown = page(team.get(columns))
    assert "written by Microsoft Forms" in shown.text and "Never taken: it may say who answered" in shown.text
    preview = looked_at(web, team, columns, organisation="otters")
    told = page(team.get(preview)).text
    assert "12 replies" in told and "These columns were not taken" in told and "can be undone as one" in told
    assert "example.org" not in told.replace("team@tiny.example.org", "") and "my union" not in told
    progress = team.post(preview.replace("/preview", "/confirm")).location
    work(web)
    assert "12 replies were brought in, and the file was deleted. The survey is closed" in page(team.get(progress)).text
    assert kept(web) == []
    pulse = Pulse(web.world)
    assert [(r["organisation_id"], r["replies"]) for r in pulse.rows("survey_turnout")] == [("otters", 12)]
    listed = page(team.get(START)).text
    assert "answers.csv" in listed and "Undo" in listed and "Team" in listed


def test_an_import_is_undone_with_a_reason(web: Web, team: Browser) -> None:
    preview = looked_at(web, team, upload(web, team, microsoft_forms(many(2))).location)
    team.post(preview.replace("/preview", "/confirm"))
    work(web)
    asked = page(team.get(f"{START}/1/undo")).text
    assert "Take the answers of answers.csv out again?" in asked
    assert team.post(f"{START}/1/undo", {"reason": ""}).status_code == 400
    done = team.post(f"{START}/1/undo", {"reason": "Wrong survey"}, follow_redirects=True)
    assert "were taken out again" in page(done).text and "Wrong survey" in page(done).text
    assert Pulse(web.world).rows("survey_reply") == []
    with reading(web.world.engine) as connection:
        assert cycle_named(connection, "pulse").state == "planned"


def test_columns_that_nothing_matches_are_chosen_by_hand(web: Web, team: Browser) -> None:
    rows = survey_monkey(many(2))
    rows[0] = [{"Who told you?": "Source", "Do you know who leads?": "Leader?"}.get(cell, cell) for cell in rows[0]]
    columns = upload(web, team, rows, "monkey.xlsx").location
    first = filled(team.get(columns))
    assert (first["c10"], first["c11"]) == ("-", "-")
    again = team.post(columns, first | {"c10": "p.2", "c11": "p.3", "c12": "p.3", "c13": "p.3", "c9": "p.6"})
    assert again.status_code == 400 and "Say which row column J answers" in page(again).text
    assert "A tick for “My manager”" in page(again).text
    parts = {"c10": "p.2", "c11": "p.3", "c12": "p.3", "c13": "p.3", "p11": "manager", "p12": "poster", "p13": "@other"}
    preview = looked_at(web, team, columns, **parts)
    told = page(team.get(preview)).text
    assert "the choice “My manager”" in told and "the words beside “Other”" in told and "12 replies" in told


def test_words_are_given_a_meaning_before_anything_is_brought_in(web: Web, team: Browser) -> None:
    rows = [
        ["ID", "Do you know who leads?", "Team"],
        *([str(n), "Aye" if n % 2 else "No", "Otters team"] for n in range(12)),
    ]
    preview = looked_at(web, team, upload(web, team, rows).location, c2="@organisation")
    told = page(team.get(preview))
    assert "There is no reply that can be brought in" in told.text and "12 rows refused" in told.text
    names = {a["name"] for tag, a in told.tags if tag == "select"}
    assert len(names) == 2
    by_words = dict(zip(("Aye", "Otters team"), sorted(str(n) for n in names), strict=True))
    answer = team.post(
        preview.replace("/preview", "/words"), {by_words["Aye"]: "yes", by_words["Otters team"]: "otters"}
    )
    work(web)
    again = page(team.get(str(team.get(answer.location).location))).text
    assert "12 replies" in again and "0 rows refused" in again and "0 cells left out" in again
    assert "Otter School" in again


def test_the_same_file_is_brought_in_again_only_when_that_is_ticked(web: Web, team: Browser) -> None:
    for tick, said in [({"more_to_come": "yes"}, "were brought in"), ({}, "Bringing it in again would count everybody"),
                       ({"again": "yes"}, "were brought in")]:  # fmt: skip
        preview = looked_at(web, team, upload(web, team, microsoft_forms(many(2))).location)
        progress = team.post(preview.replace("/preview", "/confirm"), tick).location
        work(web)
        assert said in page(team.get(progress)).text
    assert [r["replies"] for r in Pulse(web.world).rows("survey_turnout")] == [24]


def test_a_confirmation_that_is_sent_twice_brings_in_once(web: Web, team: Browser) -> None:
    preview = looked_at(web, team, upload(web, team, microsoft_forms(many(2))).location)
    addresses = {team.post(preview.replace("/preview", "/confirm")).location for _ in range(3)}
    work(web)
    assert len(addresses) == 1
    assert [r["replies"] for r in Pulse(web.world).rows("survey_turnout")] == [12]


@pytest.mark.parametrize(
    "content, said",
    [(b"", "The file is empty"), (b"%PDF-1.7", "This is a PDF"), (b"PK\x03\x04rubbish", "damaged"),
     (b"ID,Q\n1,\x00\n", "no text"), (b"\n\n", "is empty")],
)  # fmt: skip
def test_a_file_that_is_no_table_is_refused_and_not_kept(content: bytes, said: str, web: Web, team: Browser) -> None:
    answer = team.post(START, {"file": (BytesIO(content), "answers.csv")}, content_type="multipart/form-data")
    assert (answer.status_code, said in page(answer).text) == (400, True)
    assert kept(web) == []
    assert "Choose a file" in page(team.post(START, {})).text


def test_a_file_that_is_too_large_is_refused(web: Web, team: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_uploads, "MOST_BYTES", 1_000)
    answer = upload(web, team, microsoft_forms(many(20)))
    assert "The file is larger than" in page(answer).text and kept(web) == []


def test_only_uploads_may_be_large(web: Web, team: Browser) -> None:
    rows = [["ID", "Do you know who leads?"], *([str(n), "Yes" + " " * 1_000] for n in range(3_000))]
    answers = [upload(web, team, rows), team.post("/people", {"name": "x" * 3_000_000})]
    assert [answer.status_code for answer in answers] == [302, 413]
    for answer in answers:
        answer.request.environ["wsgi.input"].close()


def test_uploads_lie_where_only_the_site_reads_them_and_for_an_hour(web: Web, team: Browser) -> None:
    columns = upload(web, team, microsoft_forms()).location
    assert [stat.S_IMODE(path.stat().st_mode) for path in kept(web)] == [0o600, 0o600]
    assert stat.S_IMODE((web.world.instance.var / "imports").stat().st_mode) == 0o700
    forget_old_uploads(web.world.instance, now() + timedelta(minutes=50))
    assert team.get(columns).status_code == 200
    forget_old_uploads(web.world.instance, now() + timedelta(minutes=70))
    assert kept(web) == [] and team.get(columns).status_code == 404


def test_a_deleted_file_is_gone(web: Web, team: Browser) -> None:
    columns = upload(web, team, microsoft_forms()).location
    answer = team.post(columns.replace("/columns", "/delete"), follow_redirects=True)
    assert "nothing was brought in" in page(answer).text and kept(web) == []


def test_another_person_s_upload_looks_like_none(web: Web, team: Browser) -> None:
    columns = upload(web, team, microsoft_forms()).location
    for who in ("southern team", "executive", "administrator", "lead", "scrutineer"):
        assert web.as_(who).get(columns).status_code == 404
        assert web.as_(who).post(columns.replace("/columns", "/confirm")).status_code == 404
    assert web.as_("executive").get(START).status_code == 404
    assert team.get(columns.replace("/pulse/", "/tiny-2026/")).status_code == 404
    assert team.get(START + "/" + "../" * 3 + "secret/columns").status_code == 404


def test_every_route_of_an_upload_or_an_import_is_the_business_teams_alone(web: Web, team: Browser) -> None:
    """A colleague of the team finds no upload of somebody else, nor how far it is; what came of it is the team's."""
    waiting = upload(web, team, microsoft_forms(), "next.csv").location.split("/")[-2]
    preview = looked_at(web, team, upload(web, team, microsoft_forms(many(2))).location)
    progress = team.post(preview.replace("/preview", "/confirm")).location
    work(web)
    where = {"cycle_id": "pulse", "upload_id": waiting, "number": 1, "work_id": int(progress.rsplit("/", 1)[1])}
    with web.app.test_request_context():
        rules = [r for r in web.app.url_map.iter_rules() if r.endpoint in OF_IMPORT]
        paths = {r.endpoint: url_for(r.endpoint, **{a: where[a] for a in r.arguments}) for r in rules}  # type: ignore[arg-type]
    assert set(paths) == OF_IMPORT
    for name in [n for n in PEOPLE if n != "team"]:
        browser = web.as_(name)
        for endpoint, path in paths.items():
            answer = browser.post(path) if endpoint in POSTS else browser.get(path)
            undoing = "/undo" in path  # what it brought is of nobody in particular
            of_the_team = name == "southern team" and waiting not in path and path != progress and not undoing
            assert (answer.status_code != 404) is of_the_team, (name, endpoint, answer.status_code)
    for endpoint in sorted(paths, key=lambda e: e == "drop_upload"):
        answer = team.post(paths[endpoint]) if endpoint in POSTS else team.get(paths[endpoint])
        assert answer.status_code in (200, 302, 400, 409), (endpoint, answer.status_code)


def brought(web: Web, who: Browser, organisation: str) -> TestResponse:
    preview = looked_at(web, who, upload(web, who, microsoft_forms(many(2))).location, organisation=organisation)
    answer = who.post(preview.replace("/preview", "/confirm"))
    work(web)
    return answer


@pytest.mark.parametrize("organisation", ["otters", ""])
def test_an_import_of_another_area_s_organisation_is_not_undone(web: Web, team: Browser, organisation: str) -> None:
    """Otter School is in the north alone; replies of nobody in particular are for who works for every area."""
    brought(web, team, organisation)
    south = web.as_("southern team")
    listed = page(south.get(START))
    assert "It holds replies of organisations outside your area" in listed.text
    assert f"{START}/1/undo" not in listed.links()
    assert south.get(f"{START}/1/undo").status_code == 404
    assert south.post(f"{START}/1/undo", {"reason": "I say so"}).status_code == 404
    assert [r["replies"] for r in Pulse(web.world).rows("survey_turnout")] == [12]


def test_an_import_of_one_s_own_area_is_undone(web: Web) -> None:
    south = web.as_("southern team")
    brought(web, south, "badgers")
    assert f"{START}/1/undo" in page(south.get(START)).links()
    south.post(f"{START}/1/undo", {"reason": "Wrong survey"})
    assert Pulse(web.world).rows("survey_reply") == []


@pytest.mark.parametrize("organisation", ["otters", ""])
def test_nobody_brings_in_what_another_area_s_organisation_collected(web: Web, organisation: str) -> None:
    south = web.as_("southern team")
    preview = looked_at(web, south, upload(web, south, microsoft_forms(many(2))).location, organisation=organisation)
    shown = page(south.get(preview))
    assert "organisations outside your area" in shown.text and "Bring in 12 replies" not in shown.text
    assert brought(web, south, organisation).location.endswith("/preview")
    assert Pulse(web.world).rows("survey_turnout") == []


def test_a_mapping_is_downloaded_and_used_for_the_next_file(web: Web, team: Browser) -> None:
    rows = [["ID", "Leader?"], *([str(n), "Aye"] for n in range(11))]
    columns = upload(web, team, rows).location
    preview = looked_at(web, team, columns, c1="p.2")
    team.post(preview.replace("/preview", "/words"), {"w0": "yes"})
    mapping = team.get(columns.replace("/columns", "/mapping"))
    assert mapping.headers["Content-Disposition"] == 'attachment; filename="mapping-pulse-1.yaml"'
    given = (BytesIO(mapping.data), "m.yaml")
    preview = looked_at(web, team, upload(web, team, [*rows, ["12", "Aye"]], "next.csv", mapping=given).location)
    assert "12 replies" in page(team.get(preview)).text
    wrong = (BytesIO(b"columns: 1"), "m.yaml")
    assert "m.yaml" in page(upload(web, team, rows, mapping=wrong)).text


def test_a_file_with_other_rows_of_headings_is_read_anew(web: Web, team: Browser) -> None:
    rows = [["Staff survey", "Autumn"], ["Do you know who leads?", "What is your role?"], ["Yes", "Manager"]]
    columns = upload(web, team, rows).location
    first = filled(team.get(columns))
    answer = team.post(columns, first | {"heading_rows": "2"})
    assert "Staff survey – Do you know who leads?" in page(team.get(answer.location)).text


def test_what_is_in_a_file_cannot_act_on_a_page(web: Web, team: Browser) -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    rows = [["ID", evil, "Do you know who leads?"], *([str(n), evil, f"{evil}{n}"] for n in range(5))]
    columns = upload(web, team, rows, "a.csv").location
    preview = looked_at(web, team, columns)
    for address in (columns, preview, START):
        assert page(team.get(address)).live_script() == []
