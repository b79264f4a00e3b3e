"""A browser without a screen: it keeps cookies, finds tokens, and reads pages as a strict parser does."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import Engine, event
from werkzeug.test import TestResponse

from audit_engine.response.people import Held
from audit_engine.services.clock import now
from audit_engine.storage import people
from audit_engine.storage.engine import reading, writing
from audit_engine.web.site import Site
from tests.services.tiny import World

TOKEN = re.compile(rb'name="csrf_token"[^>]*value="([^"]+)"')
HEADINGS = {f"h{level}" for level in range(1, 7)}
VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})
PLAIN = frozenset({"PRAGMA", "BEGIN", "COMMIT", "ROLLBACK"})

PEOPLE: Mapping[str, tuple[Held, ...]] = {
    "lead": (Held("organisation-lead", "otters"),),
    "other lead": (Held("organisation-lead", "badgers"),),
    "joint lead": (Held("organisation-lead", "joint"),),
    "team": (Held("business-team"),),
    "southern team": (Held("business-team", area="south"),),
    "executive": (Held("executive"),),
    "southern executive": (Held("executive", area="south"),),
    "scrutineer": (Held("scrutineer"),),
    "administrator": (Held("administrator"),),
    "nobody": (),
}


def address(name: str) -> str:
    """Return the e-mail address of one of PEOPLE."""
    return name.replace(" ", ".") + "@example.org"


@dataclass
class Web:
    """The site of a tiny partnership."""

    app: Flask
    world: World

    def as_(self, name: str | None) -> Browser:
        """Return a browser in which one of PEOPLE is signed in; None: nobody."""
        browser = Browser(self.app, self.world.engine)
        if name is not None:
            browser.enter(address(name))
        return browser

    @property
    def site(self) -> Site:
        found: Site = self.app.extensions["audit"]
        return found


@dataclass
class Browser:
    """One person's browser."""

    app: Flask
    engine: Engine
    client: FlaskClient = field(init=False)
    token: str = ""

    def __post_init__(self) -> None:
        self.client = self.app.test_client()

    def enter(self, email: str) -> None:
        """Be signed in without the work of hashing; ``test_sessions`` shows that signing in does the same."""
        secret, raw = secrets.token_urlsafe(32), secrets.token_hex(20)
        with writing(self.engine) as connection:
            person = people.person_by(connection, email=email)
            assert person is not None
            people.start_session(connection, secret, person.facts.id, now() - timedelta(seconds=1))
        with self.client.session_transaction() as session:
            session.update({"_user_id": person.fs_uniquifier, "_fresh": True, "sid": secret, "csrf_token": raw})
        serializer = URLSafeTimedSerializer(str(self.app.secret_key), salt="wtf-csrf-token")
        self.token = str(serializer.dumps(raw))

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.client.get(path, buffered=True, **more)

    def post(self, path: str, form: Mapping[str, Any] | None = None, **more: Any) -> TestResponse:
        """Send a form with the token; a value that is a list is sent several times."""
        return self.client.post(path, data={"csrf_token": self.token, **(form or {})}, buffered=True, **more)

    def sign_in(self, email: str, password: str, **more: Any) -> TestResponse:
        """Sign in through the page, as people do."""
        self.token = token_of(self.get("/sign-in"))
        form = {"csrf_token": self.token, "email": email, "password": password}
        answer = self.client.post("/sign-in", data=form, **more)
        if answer.status_code == 302:
            self.renew()
        return answer

    def renew(self) -> None:
        """Take a fresh token: the one of the sign-in page opens nothing afterwards."""
        with self.app.test_request_context():
            from flask import session as fresh
            from flask_wtf.csrf import generate_csrf

            self.token = generate_csrf()
            raw = fresh["csrf_token"]
        with self.client.session_transaction() as session:
            session["csrf_token"] = raw

    @property
    def cookie(self) -> str:
        found = self.client.get_cookie("audit")
        return found.value if found else ""


def token_of(response: TestResponse) -> str:
    """Return the token in a page's form."""
    found = TOKEN.search(response.data)
    assert found, response.data.decode()[:2000]
    return found[1].decode()


def without_tokens(response: TestResponse) -> bytes:
    """Return a page's body without what differs from one request to the next."""
    return re.sub(rb'(name="csrf_token"[^>]*value=")[^"]+', rb"\1", response.data)


class Page(HTMLParser):
    """A page's tags, texts and forms."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.texts: list[str] = []
        self.faults: list[str] = []
        self.headed: list[tuple[str, list[str]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
        if tag in HEADINGS:
            self.headed.append((tag, []))

    def handle_endtag(self, tag: str) -> None:
        if tag in self.open:
            while self.open.pop() != tag:
                pass
        else:
            self.faults.append(f"</{tag}> closes nothing")

    def handle_data(self, data: str) -> None:
        self.texts.append(data)
        if HEADINGS & set(self.open):
            self.headed[-1][1].append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.texts).split())

    def headings(self) -> list[tuple[str, str]]:
        """Return the headings, each with its level as ``h2``."""
        return [(tag, " ".join("".join(texts).split())) for tag, texts in self.headed]

    def named(self, name: str) -> list[dict[str, str | None]]:
        return [a for _, a in self.tags if a.get("name") == name]

    def links(self) -> list[str]:
        return [str(a["href"]) for tag, a in self.tags if tag == "a" and a.get("href")]

    def ids(self) -> list[str]:
        return [str(a["id"]) for _, a in self.tags if "id" in a]

    def live_script(self) -> list[str]:
        """Return everything by which typed text could run: inline script, handlers, javascript: addresses."""
        found = []
        for tag, attributes in self.tags:
            if tag == "script" and not str(attributes.get("src", "")).startswith("/assets/"):
                found.append("<script>")
            if tag in ("iframe", "object", "embed", "base", "math") or "srcdoc" in attributes:
                found.append(f"<{tag}>")
            found += [f"{tag} {name}" for name in attributes if name.startswith("on") or name == "style"]
            for name in ("href", "src", "action", "formaction"):
                value = str(attributes.get(name) or "").strip().lower()
                if value.startswith(("javascript:", "data:", "vbscript:")):
                    found.append(f"{tag} {name}={value[:30]}")
        return found


def page(response: TestResponse) -> Page:
    return Page(response.get_data(as_text=True))


@dataclass
class Counted:
    """The statements that ran; ``between`` holds for each transaction those from BEGIN to COMMIT."""

    statements: list[str] = field(default_factory=list)
    between: list[list[str]] = field(default_factory=list)


@contextmanager
def counting(engine: Engine) -> Iterator[Counted]:
    """Count what is sent to the database."""
    counted = Counted()
    running: dict[int, list[str]] = {}

    def sent(connection: Any, _c: Any, statement: str, _p: Any, _x: Any, many: bool) -> None:
        first = statement.split(None, 1)[0].upper()
        if first not in PLAIN:
            counted.statements.append(statement)
            running.setdefault(id(connection), []).append(statement)

    def began(connection: Any) -> None:
        running[id(connection)] = []

    def committed(connection: Any) -> None:
        counted.between.append(running.pop(id(connection), []))

    listeners = (("before_cursor_execute", sent), ("begin", began), ("commit", committed))
    for name, listener in listeners:
        event.listen(engine, name, listener)
    try:
        yield counted
    finally:
        for name, listener in listeners:
            event.remove(engine, name, listener)


def add_people(world: World, password: str | None = None) -> dict[str, int]:
    """Add everybody of PEOPLE and return their numbers."""
    return {name: world.person(address(name), *held, password=password) for name, held in PEOPLE.items()}


def number_of(world: World, name: str) -> int:
    with reading(world.engine) as connection:
        person = people.person_by(connection, email=address(name))
    assert person is not None
    return person.facts.id
