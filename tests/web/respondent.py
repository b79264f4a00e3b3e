"""Somebody without a name who answers a survey in a browser without script."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.web.browser import Page, page, token_of

Choice = Callable[[Sequence[str]], str]
WORDS = "More time, please."


def first(choices: Sequence[str]) -> str:
    return choices[0]


def last(choices: Sequence[str]) -> str:
    return choices[-1]


@dataclass
class Respondent:
    """One person's browser at one survey's link."""

    app: Flask
    token: str
    client: FlaskClient = field(init=False)
    seen: list[Page] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.client = self.app.test_client()

    @property
    def start_path(self) -> str:
        return f"/s/{self.token}"

    def get(self, path: str = "", **more: Any) -> TestResponse:
        """Look at a page of the survey, or at an address that a page gave."""
        where = path if path.startswith("/s/") else self.start_path + path
        return self.client.get(where.partition("#")[0], buffered=True, **more)

    def post(self, path: str, form: dict[str, Any] | None = None, **more: Any) -> TestResponse:
        where = path if path.startswith("/s/") else self.start_path + path
        sent = {"csrf_token": self.csrf, **(form or {})}
        return self.client.post(where, data=sent, buffered=True, **more)

    @property
    def csrf(self) -> str:
        return token_of(self.get("/continue"))

    def begin(self) -> TestResponse:
        """Start, and return the first section's page."""
        started = self.post("")
        assert started.status_code == 302, started.get_data(as_text=True)
        return self.get(started.location)

    def code(self) -> str:
        """Return the code that the page for stopping shows."""
        shown = page(self.get("/later"))
        at = shown.text.index("Your code: ") + len("Your code: ")
        return shown.text[at : at + 19]

    def answer_all(self, choose: Choice, words: str = WORDS) -> TestResponse:
        """Begin, fill in every page as it comes and return the page for checking."""
        shown, where = self.begin(), ""
        for _ in range(40):
            here = page(shown)
            assert here.faults == [], here.faults
            assert len(here.ids()) == len(set(here.ids())), "an id stands twice on the page"
            assert here.live_script() == []
            self.seen.append(here)
            action = form_action(here)
            if action.endswith("/check"):
                return shown
            posted = self.post(action, {**filled(here, choose, words), "then": "next"})
            assert posted.status_code == 302, (action, page(posted).text)
            where = posted.location
            shown = self.get(where)
            assert shown.status_code == 200, where
        raise AssertionError(f"There is no end to the survey at {where}.")

    def send(self) -> TestResponse:
        return self.post("/check")


def form_action(shown: Page) -> str:
    """Return where the page's own form goes."""
    return next(str(a["action"]) for tag, a in shown.tags if tag == "form" and "/s/" in str(a.get("action")))


def filled(shown: Page, choose: Choice, words: str = WORDS) -> dict[str, Any]:
    """Return what a browser sends of a page in which everything was answered."""
    sent: dict[str, Any] = {}
    choices: dict[str, list[str]] = {}
    for tag, a in shown.tags:
        name, kind = str(a.get("name")), a.get("type")
        if kind in ("radio", "checkbox"):
            choices.setdefault(name, []).append(str(a["value"]))
        elif kind == "hidden" and name not in ("csrf_token", "seen"):
            sent[name] = a.get("value") or ""
        elif tag == "textarea" or (kind == "text" and not name.endswith("-other")):
            sent[name] = (
                ("2027" if name.endswith("-by-year") else "2026" if name.endswith("-year") else "7")
                if a.get("inputmode")
                else words
            )
    return sent | {name: choose(values) for name, values in choices.items()}
