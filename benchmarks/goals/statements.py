"""How many SQL statements does a page, a save and a list of standards take, at two sizes?"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event

from audit_engine.web import create_app
from benchmarks.rounds import Line
from benchmarks.visitor import TOKEN
from benchmarks.world import OPTIONS, PASSWORD, Form, World, build, lead

SIZES = (10, 1000)
NOT_COUNTED = ("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA")


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    """Collect every statement that reaches the database, what opens and ends a transaction left out."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith(NOT_COUNTED):
            seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def counted() -> list[Line]:
    """Count at ten and at a thousand questions; the larger must not take more."""
    forms = tuple(Form(f"size-{size}", (10,) * (size // 10)) for size in SIZES)
    with tempfile.TemporaryDirectory(prefix="audit-bench-") as folder:
        world = build(Path(folder) / "world", forms, 1)
        app = create_app(world.instance, loopback=True)
        client = _signed_in(app, world)
        engine: Engine = app.extensions["audit"].engine
        found = [_counts(client, engine, world, form) for form in forms]
    small, large = found
    marks = {"page": (5, 3), "save": (6, 4), "list of standards": (8, 4)}
    return [
        Line("P5", f"statements for a {what}, at {SIZES[1]:,} questions", "", str(large[what]), large[what], bar,
             stretch, "most", slack=0, note=f"{small[what]} at {SIZES[0]}")
        for what, (bar, stretch) in marks.items()
    ]  # fmt: skip


def _signed_in(app: Flask, world: World) -> FlaskClient:
    client = app.test_client()
    token = _token(client, "/sign-in")
    typed = {"email": lead(world.organisations[0]), "password": PASSWORD, "csrf_token": token}
    answer = client.post("/sign-in", data=typed)
    if answer.status_code != 302:
        raise RuntimeError(f"The sign-in was answered with status {answer.status_code}.")
    return client


def _token(client: FlaskClient, address: str) -> str:
    found = TOKEN.search(client.get(address).text)
    if found is None:
        raise RuntimeError(f"{address} has no form token.")
    return found[1]


def _counts(client: FlaskClient, engine: Engine, world: World, form: Form) -> dict[str, int]:
    """Count for one return; every page was opened once before, so that definitions are known."""
    (facts,) = world.returns(form)
    tasks, page = f"/returns/{facts.id}", f"/returns/{facts.id}/standards/section-1"
    token = _token(client, page)
    client.get(tasks)
    typed = {"csrf_token": token}
    for place, item in enumerate(form.item_ids()[:10]):
        typed |= {f"{item}-version": "0", item: OPTIONS[place % len(OPTIONS)]}
    with statements(engine) as reading:
        _expect(client.get(page).status_code, 200, page)
    with statements(engine) as listing:
        _expect(client.get(tasks).status_code, 200, tasks)
    with transaction(engine) as saving:
        _expect(client.post(page, data=typed).status_code, 302, page)
    return {"page": len(reading), "save": len(saving), "list of standards": len(listing)}


def _expect(status: int, wanted: int, address: str) -> None:
    if status != wanted:
        raise RuntimeError(f"{address} answered with status {status}, not {wanted}.")


@contextmanager
def transaction(engine: Engine) -> Iterator[list[str]]:
    """Collect the statements between the opening of a write transaction and its commit."""
    seen: list[str] = []
    writing = False

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        nonlocal writing
        writing = writing or statement == "BEGIN IMMEDIATE"
        if writing and not statement.startswith(NOT_COUNTED):
            seen.append(statement)

    def committed(_connection: Any) -> None:
        nonlocal writing
        writing = False

    event.listen(engine, "before_cursor_execute", note)
    event.listen(engine, "commit", committed)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)
        event.remove(engine, "commit", committed)
