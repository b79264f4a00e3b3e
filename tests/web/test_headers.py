"""Does every kind of answer carry exactly the headers that were decided?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError
from werkzeug.test import TestResponse

from audit_engine.services.definitions import Definitions
from audit_engine.storage import outbox, reports
from audit_engine.storage.engine import writing
from audit_engine.web import assets, create_app, routes
from audit_engine.web.views import answering
from tests.services.tiny import DURING, PASSWORD, lay
from tests.web.browser import Browser, Web, address, token_of

# Written out a second time on purpose: these are reliability_security T21.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; font-src 'self'; "
    "worker-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
EXPECTED = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
NO_STORE = {"Cache-Control": "no-store"}
ALWAYS = (*EXPECTED, "Cache-Control", "Strict-Transport-Security")
Ask = Callable[[Web], TestResponse]


def found(answer: TestResponse) -> dict[str, str]:
    assert len(answer.headers.getlist("Content-Security-Policy")) == 1
    return {name: answer.headers[name] for name in ALWAYS if name in answer.headers}


def own(web: Web) -> str:
    return f"/returns/{web.world.return_of('otters').id}"


def page_of_report(web: Web) -> str:
    file = web.world.instance.root / "report.docx"
    file.write_bytes(b"a report")
    with writing(web.world.engine) as connection:
        number = reports.add_report(
            connection, kind="analysis", cycle_id="tiny-2026", area=None, work_id=None, file=str(file),
            sha256="0" * 64, cut_off=DURING, now=DURING, by=None, figures={},
        )  # fmt: skip
    return f"/reports/{number}"


def page_of_work(web: Web) -> str:
    with writing(web.world.engine) as connection:
        payload = {"cycle": "tiny-2026", "kind": "analysis", "area": None}
        number = outbox.ask(connection, "report", "headers", payload, None, DURING)
    return f"/report-work/{number}"


def without_token(web: Web, path: str) -> TestResponse:
    browser = web.as_("lead")
    browser.token = "stale"
    return browser.post(path, {"t.A.1-commentary": "Text"})


ANSWERS: Mapping[str, tuple[int, Ask]] = {
    "a page": (200, lambda web: web.as_("lead").get(own(web))),
    "a page for anybody": (200, lambda web: web.as_(None).get("/accessibility")),
    "the sign-in page": (200, lambda web: web.as_(None).get("/sign-in")),
    "JSON": (200, lambda web: web.as_(None).get("/health")),
    "a redirect": (302, lambda web: web.as_("lead").get("/")),
    "a redirect to the sign-in page": (302, lambda web: web.as_(None).get("/audits")),
    "a sign-in": (302, lambda web: web.as_(None).sign_in(address("lead"), PASSWORD)),
    "a failed sign-in": (200, lambda web: web.as_(None).sign_in(address("lead"), "wrong")),
    "a form that is wrong": (400, lambda web: web.as_("administrator").post("/people")),
    "a text handed back": (400, lambda web: without_token(web, own(web) + "/standards/leading")),
    "a stale token": (400, lambda web: without_token(web, own(web) + "/reopen")),
    "a signed-out script": (401, lambda web: anonymous(web, own(web) + "/standards/leading/autosave")),
    "what does not exist": (404, lambda web: web.as_("lead").get("/returns/999999")),
    "an address that leads nowhere": (404, lambda web: web.as_(None).get("/nowhere")),
    "another method": (405, lambda web: web.as_("lead").client.delete(own(web))),
    "the methods of a page": (200, lambda web: web.as_("lead").client.options(own(web))),
    "the head of a page": (200, lambda web: web.as_("lead").client.head(own(web))),
    "a locked return": (409, lambda web: web.as_("lead").get(own(web) + "/submit")),
    "too much": (413, lambda web: web.as_("lead").post(own(web) + "/standards/leading", {"x": "x" * 3_000_000})),
    "a list as CSV": (200, lambda web: web.as_("team").get("/cycles/tiny-2026/comparison?format=csv")),
    "a list as JSON": (200, lambda web: web.as_("team").get("/cycles/tiny-2026/comparison?format=json")),
    "a page that reloads itself": (200, lambda web: web.as_("team").get(page_of_work(web))),
    "a document": (200, lambda web: web.as_("team").get(page_of_report(web))),
}  # fmt: skip


def anonymous(web: Web, path: str) -> TestResponse:
    browser = web.as_(None)
    browser.token = token_of(browser.get("/sign-in"))
    return browser.post(path)


@pytest.mark.parametrize("status, ask", list(ANSWERS.values()), ids=list(ANSWERS))
def test_every_kind_of_answer_has_exactly_these_headers(standing: Web, status: int, ask: Ask) -> None:
    if status == 409:  # otters has submitted: its lead is led to the receipt, badgers' must wait
        standing.world.save(organisation="badgers")
        ask = lambda web: late(web)  # noqa: E731
    answer = ask(standing)
    assert answer.status_code == status
    assert found(answer) == EXPECTED | NO_STORE
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert "Server" not in answer.headers
    assert "X-Powered-By" not in answer.headers


def late(web: Web) -> TestResponse:
    return web.as_("lead").post(own(web) + "/standards/leading", {"t.A.1-version": "0", "t.A.1": "met"})


def test_too_many_tries_has_them_too(web: Web) -> None:
    browser = web.as_(None)
    answers = [browser.sign_in(address("lead"), "certainly wrong") for _ in range(11)]
    assert answers[-1].status_code == 429
    assert found(answers[-1]) == EXPECTED | NO_STORE


@pytest.fixture
def crashing(web: Web, monkeypatch: pytest.MonkeyPatch) -> Web:
    """A site that shows its own page for a crash, as it does to people."""
    monkeypatch.setitem(web.app.config, "PROPAGATE_EXCEPTIONS", False)
    return web


def test_a_crash_has_them_and_shows_nothing_of_the_inside(
    crashing: Web, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def crash() -> None:
        raise ZeroDivisionError("secret-of-the-house")

    monkeypatch.setitem(crashing.app.view_functions, "my_audits", crash)
    answer = crashing.as_("lead").get("/audits")
    assert answer.status_code == 500
    assert found(answer) == EXPECTED | NO_STORE
    for told in ("secret-of-the-house", "Traceback", "ZeroDivision", __file__):
        assert told not in answer.text


def test_a_database_that_is_away_says_so_without_telling_what_was_typed(
    crashing: Web, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def away(*_: object) -> None:
        raise OperationalError("INSERT INTO answer", {"commentary": "A child called Sam"}, Exception("disk is full"))

    monkeypatch.setattr(answering, "save_answers", away)
    form = {"t.A.1-version": "0", "t.A.1": "met", "t.A.1-commentary": "A child called Sam"}
    answer = crashing.as_("lead").post(own(crashing) + "/standards/leading", form)
    assert answer.status_code == 503
    assert found(answer) == EXPECTED | NO_STORE
    assert "INSERT" not in answer.text
    assert "A child called Sam" not in caplog.text


def test_a_style_sheet_may_be_kept_for_ever_and_has_the_others(standing: Web) -> None:
    for name, asset in assets.assets().items():
        for accepted in ("gzip", "identity"):
            answer = standing.as_(None).get(f"/assets/{asset.version}/{name}", headers={"Accept-Encoding": accepted})
            assert answer.status_code == 200
            assert found(answer) == EXPECTED | {"Cache-Control": "public, max-age=31536000, immutable"}
            assert "Accept-Encoding" in answer.headers["Vary"]
            assert answer.content_type == asset.media_type
            assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    "path", ["/assets/0/look.css", "/assets/../look.css", "/assets/%2e%2e/site.py", "/static/site.css"]
)
def test_nothing_but_the_assets_is_served(standing: Web, path: str) -> None:
    answer = standing.as_(None).get(path)
    assert answer.status_code == 404
    assert found(answer) == EXPECTED | NO_STORE


def test_documents_are_handed_over_to_be_kept_and_never_shown_in_the_page(standing: Web) -> None:
    document = standing.as_("team").get(page_of_report(standing))
    listed = standing.as_("team").get("/cycles/tiny-2026/comparison?format=csv")
    assert document.headers["Content-Disposition"] == "attachment; filename=report.docx"
    assert listed.headers["Content-Disposition"].startswith("attachment")
    assert listed.content_type == "text/csv; charset=utf-8"


def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, **settings: bool) -> Browser:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'audit.sqlite3'}")
    app = create_app(replace(lay(tmp_path), invented=settings.pop("invented", False)), **settings)
    return Browser(app, app.extensions["audit"].engine)


def test_over_https_the_browser_is_told_to_stay_there_for_a_year(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = site(tmp_path, monkeypatch).get("/sign-in", base_url="https://audit.example.org")
    assert found(answer) == EXPECTED | NO_STORE | {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"}


def test_the_cookie_is_bound_to_this_host_and_out_of_reach_of_scripts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = site(tmp_path, monkeypatch).get("/sign-in", base_url="https://audit.example.org")
    (cookie,) = answer.headers.getlist("Set-Cookie")
    name, *attributes = [part.strip() for part in cookie.split(";")]
    assert name.startswith("__Host-audit=")
    assert set(attributes) == {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"}


def test_only_on_this_machine_may_the_cookie_travel_without_https(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = site(tmp_path, monkeypatch, loopback=True, invented=True).get("/sign-in")
    (cookie,) = answer.headers.getlist("Set-Cookie")
    assert cookie.startswith("audit=")
    assert {part.strip() for part in cookie.split(";")[1:]} == {"HttpOnly", "Path=/", "SameSite=Lax"}


def test_a_page_names_no_other_site_and_holds_no_inline_script_or_style(standing: Web) -> None:
    for who, path in (("lead", own(standing)), ("team", "/cycles/tiny-2026/results"), (None, "/sign-in")):
        html = standing.as_(who).get(path).text
        assert "http://" not in html.replace("http://www.w3.org/", "")
        assert "https://" not in html
        assert "<style" not in html
        assert " style=" not in html


def test_the_definitions_of_a_site_are_its_own(standing: Web) -> None:
    assert isinstance(standing.site.definitions, Definitions)
    assert routes.RETURN.startswith("/returns/")
