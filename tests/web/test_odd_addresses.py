"""Does no address and no form, however odd, get more than a page that says so?"""

from __future__ import annotations

import pytest
from werkzeug.test import TestResponse

from tests.web.browser import Web

# What a database does with a nought byte or a number beyond its columns is its own.
pytestmark = pytest.mark.every_case

HUGE = "9" * 30
ODD = ["0", "-1", HUGE, str(2**63 - 1), str(2**63), "1.5", "%00", "a%00b", "%F0%9F%A6%A6", "%ff", "..", "..%2f..",
       "'--", "1;DROP", "%3Cscript%3E", "x" * 3000, "%0d%0aX-Evil:1", "null", " "]  # fmt: skip
PATHS = (
    "/returns/{}", "/returns/{}/standards/leading", "/returns/{}/history", "/cycles/{}", "/cycles/{}/results",
    "/cycles/tiny-2026/results/why/{}", "/reports/{}", "/report-work/{}", "/assets/{}/look.css", "/{}",
    "/returns/1/standards/{}",
)  # fmt: skip
QUERIES = (
    "/cycles/tiny-2026?area={}", "/cycles/tiny-2026?sector={}", "/cycles/tiny-2026?state={}",
    "/cycles/tiny-2026/results?area={}", "/cycles/tiny-2026/comparison?baseline={}",
    "/cycles/tiny-2026/comparison?sector={}", "/cycles/tiny-2026/comparison?standard={}",
    "/cycles/tiny-2026/comparison?tag={}", "/cycles/tiny-2026/comparison?format={}", "/people?page={}",
    "/returns/1/history?page={}", "/sign-in?next={}", "/audits?{}",
)  # fmt: skip


def fit(answer: TestResponse) -> bool:
    return answer.status_code < 500 and "X-Evil" not in answer.headers and b"Traceback" not in answer.data


@pytest.mark.parametrize("odd", ODD)
def test_an_odd_address_gets_a_page(web: Web, odd: str) -> None:
    for who in (None, "lead", "team", "administrator"):
        browser = web.as_(who)
        for path in PATHS:
            assert fit(browser.get(path.format(odd))), (who, path)


@pytest.mark.parametrize("odd", ODD)
def test_an_odd_question_gets_a_page(web: Web, odd: str) -> None:
    for who in ("lead", "team", "administrator"):
        browser = web.as_(who)
        for path in QUERIES:
            assert fit(browser.get(path.format(odd.replace(" ", "%20")))), (who, path)


def forms(web: Web) -> dict[str, tuple[str, ...]]:
    own = f"/returns/{web.world.return_of('otters').id}"
    return {
        own + "/standards/leading": ("lead", "t.A.1-version", "t.A.1", "t.A.1-evidence", "t.A.1-action-by-day", "then"),
        own + "/standards/leading/autosave": ("lead", "t.A.1-version", "t.A.1", "t.A.1-reason", "t.A.1@south"),
        own + "/standards/working": ("lead", "t.B.4-version", "t.B.4"),
        own + "/submit": ("lead", "name", "role", "agreed"),
        own + "/more-time": ("team", "until-day", "until-month", "until-year", "until-time", "reason"),
        own + "/reopen": ("team", "reason"),
        "/cycles/tiny-2026/reports": ("team", "kind", "area"),
        "/people": ("administrator", "name", "email", "role", "organisation", "area", "password"),
        "/people/1": ("administrator", "active"),
    }  # fmt: skip


@pytest.mark.parametrize(
    "odd", [HUGE, "\x00", "a\x00b", "\ud83e\udda6", "\u202e", "x" * 20_000, "=1+1", "\r\n", "null", "[]", "٣"]
)
def test_an_odd_form_gets_a_page(web: Web, odd: str) -> None:
    for path, (who, *fields) in forms(web).items():
        browser = web.as_(who)
        for field in fields:
            filled = {f: "met" if f in ("t.A.1", "t.B.4") else "2" for f in fields} | {field: odd}
            assert fit(browser.post(path, {k: v.encode("utf-8", "surrogatepass") for k, v in filled.items()})), (
                path,
                field,
            )


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"a=%", b"{}", b"--x\r\nContent-Disposition: form-data\r\n"])
@pytest.mark.parametrize(
    "kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json", ""]
)
def test_a_body_that_is_no_form_gets_a_page(web: Web, body: bytes, kind: str) -> None:
    browser = web.as_("lead")
    for path in forms(web):
        headers = {"X-CSRFToken": browser.token}
        assert fit(browser.client.post(path, data=body, content_type=kind, headers=headers)), path


@pytest.mark.parametrize(
    "email", ["a\x00b@example.org", "\x00", "x" * 5000 + "@example.org", "%s@{x}.org", "ünïcödé@exämple.org"]
)
def test_an_odd_sign_in_is_a_wrong_one(web: Web, email: str) -> None:
    assert web.as_(None).sign_in(email, "certainly wrong").status_code == 200


@pytest.mark.parametrize("name", ["joint lead", "team", "southern executive", "scrutineer", "administrator", None])
def test_every_link_of_every_page_leads_somewhere(standing: Web, name: str | None) -> None:
    from tests.web.browser import page

    browser = standing.as_(name)
    waiting, seen = ["/", "/accessibility", "/privacy"], set[str]()
    while waiting:
        path = waiting.pop()
        if path in seen or len(seen) > 150:
            continue
        seen.add(path)
        answer = browser.get(path, follow_redirects=True)
        assert answer.status_code == 200, path
        if answer.content_type.startswith("text/html"):
            links = [link.split("#")[0] for link in page(answer).links() if not link.startswith(("mailto:", "#"))]
            assert all(link.startswith("/") for link in links if link) or path == "/accessibility", (path, links)
            waiting += [link for link in links if link.startswith("/")]
    assert len(seen) >= 3
