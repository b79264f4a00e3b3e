"""Sign in to the site as a person does, and save a page as their browser does."""

from __future__ import annotations

import re
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from itertools import count
from urllib.parse import urlencode

from benchmarks.load import Answer, Script, get, post
from benchmarks.world import OPTIONS, PASSWORD, Form, World, lead

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Visitor:
    """An organisation's lead, signed in, with the number of the organisation's return."""

    cookie: str
    token: str
    return_id: int

    def page(self, section: str) -> str:
        """Return the address of a standard."""
        return f"/returns/{self.return_id}/standards/{section}"


class NotLetIn(RuntimeError):
    """The site did not sign the visitor in."""

    def __init__(self, address: str, answer: HTTPResponse) -> None:
        super().__init__(f"{address} could not sign in: status {answer.status}.")


def visitors(port: int, world: World, form: Form) -> tuple[Visitor, ...]:
    """Sign in every organisation's lead."""
    found = world.returns(form)
    return tuple(_sign_in(port, o, r.id) for o, r in zip(world.organisations, found, strict=True))


def _sign_in(port: int, organisation: str, return_id: int) -> Visitor:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    cookie = let_in(connection, lead(organisation), PASSWORD)
    connection.request("GET", f"/returns/{return_id}/standards/section-1", headers={"Cookie": cookie})
    answer = connection.getresponse()
    page_text = answer.read().decode()
    if answer.status != 200:
        raise NotLetIn(lead(organisation), answer)
    cookie = _cookie(answer) or cookie
    connection.close()
    return Visitor(cookie, _token(page_text), return_id)


def let_in(connection: HTTPConnection, address: str, password: str) -> str:
    """Sign somebody in; return the cookie."""
    connection.request("GET", "/sign-in")
    page = connection.getresponse()
    cookie, token = _cookie(page), _token(page.read().decode())
    typed = urlencode({"email": address, "password": password, "csrf_token": token})
    headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", "/sign-in", typed, headers)
    answer = connection.getresponse()
    answer.read()
    if answer.status != 302:
        raise NotLetIn(address, answer)
    return _cookie(answer) or cookie


def _cookie(answer: HTTPResponse) -> str:
    return "; ".join(c.split(";", 1)[0] for c in answer.headers.get_all("Set-Cookie") or ())


def _token(page: str) -> str:
    found = TOKEN.search(page)
    if found is None:
        raise RuntimeError("The page has no form token.")
    return found[1]


def reads(visitor: Visitor, section: str, items: int) -> Script:
    """Return the script that opens one standard again and again, with an answer chosen for each question."""
    request = get(visitor.page(section), visitor.cookie)
    checked = b" checked"
    return Script(lambda _n: request, lambda a: a.status == 200 and a.body.count(checked) >= items)


def saves(visitor: Visitor, section: str, items: tuple[str, ...]) -> Script:
    """Return the script that changes every answer of a standard at each save.

    A save says which version it started from, so the script counts them, from run to run.  A stale version would be
    answered by a page that shows both texts instead of by a redirect.
    """
    address = visitor.page(section)
    versions = count()

    def request(_number: int) -> bytes:
        version = next(versions)
        typed = [("csrf_token", visitor.token), ("then", "same")]
        for place, item in enumerate(items):
            typed.append((f"{item}-version", str(version)))
            typed.append((item, OPTIONS[(version + place) % len(OPTIONS)]))
        return post(address, urlencode(typed).encode(), visitor.cookie)

    def is_right(answer: Answer) -> bool:
        return answer.status == 302 and address.encode() in answer.head

    return Script(request, is_right)
