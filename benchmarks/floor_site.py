"""What is the least that a Flask site can do for the same page and the same save?

No session, no login, no access check, no CSRF, no validation, no saved
answers: a page of radio questions from a Jinja macro, the same with the boxes of
an audit (commentary, evidence, action), and a route that writes ten rows in one
durable commit.
"""

from __future__ import annotations

import os
import threading
from typing import Any

from flask import Flask, render_template, request
from jinja2 import DictLoader

try:
    from pysqlite3 import dbapi2 as sqlite
except ImportError:
    import sqlite3 as sqlite

OPTIONS = tuple((f"option-{n}", f"Option {n}, in a few plain words of its own") for n in range(1, 6))

MACROS = """
{%- macro box(id, part, label, hint, rows, typed) -%}
<div class="group"><label class="label" for="{{ id }}-{{ part }}">{{ label }}</label>
{%- if hint %}<div id="{{ id }}-{{ part }}-hint" class="hint">{{ hint }}</div>{% endif %}
<textarea class="textarea" id="{{ id }}-{{ part }}" name="{{ id }}-{{ part }}" rows="{{ rows }}"
{%- if hint %} aria-describedby="{{ id }}-{{ part }}-hint"{% endif %}>
{{ typed.get(part, "") }}</textarea></div>
{%- endmacro -%}
{%- macro line(id, part, label, typed) -%}
<div class="group"><label class="label" for="{{ id }}-{{ part }}">{{ label }}</label>
<input class="input" id="{{ id }}-{{ part }}" name="{{ id }}-{{ part }}" type="text"
  value="{{ typed.get(part, "") }}"></div>
{%- endmacro -%}
{%- macro boxes(id, typed) -%}
<div class="group"><input class="input" id="{{ id }}-confirmed" name="{{ id }}-confirmed" type="checkbox" value="yes"
{%- if typed.get("confirmed") %} checked{% endif %}>
<label class="label" for="{{ id }}-confirmed">Still true: nothing material has changed since last time</label></div>
{{ box(id, "commentary", "Commentary", "Say what is in place and how you know. About 80 words is enough.", 5, typed) }}
{{ box(id, "evidence", "Evidence", "Say what you hold and where.", 2, typed) }}
<fieldset class="fieldset"><legend class="legend">What you will do about it</legend>
{{ box(id, "what", "What will you do?", "", 3, typed) }}
{{ line(id, "who", "Who will do it?", typed) }}
<fieldset class="fieldset"><legend class="legend">By when?</legend>
{{ line(id, "day", "Day", typed) }}{{ line(id, "month", "Month", typed) }}{{ line(id, "year", "Year", typed) }}
</fieldset>
{{ box(id, "how", "How will you know that it worked?", "", 2, typed) }}
</fieldset>
{%- endmacro -%}
{%- macro radios(id, text, options, chosen) -%}
<div class="group" id="{{ id }}">
<fieldset class="fieldset"><legend class="legend">{{ text }}</legend>
{% for value, label in options -%}
<div class="radio"><input class="input" id="{{ id }}-{{ loop.index }}" name="{{ id }}" type="radio" value="{{ value }}"
{%- if value == chosen %} checked{% endif %}>
<label class="label" for="{{ id }}-{{ loop.index }}">{{ label }}</label></div>
{% endfor -%}
</fieldset></div>
{%- endmacro -%}
"""
PAGE = """
{%- from "macros.html" import radios, boxes -%}
<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{{ title }}</title></head>
<body><main><h1>{{ title }}</h1><form method="post">
{% for id, text in questions %}{{ radios(id, text, options, answers.get(id)) }}
{%- if full %}{{ boxes(id, typed.get(id, {})) }}{% endif %}{% endfor %}
<button>Save and continue</button></form></main></body></html>
"""
TABLE = """
CREATE TABLE IF NOT EXISTS answer (response INTEGER, item TEXT, value TEXT, version INTEGER,
  PRIMARY KEY (response, item)) WITHOUT ROWID
"""
SAVE = """
INSERT INTO answer (response, item, value, version) VALUES (?, ?, ?, 1)
ON CONFLICT (response, item) DO UPDATE SET value = excluded.value, version = version + 1
"""


def questions(how_many: int) -> tuple[tuple[str, str], ...]:
    """Return ids and texts of about the length of a criterion."""
    return tuple(
        (f"q{n}", f"Criterion {n}: staff know what to do, do it in time, and can show that it was done")
        for n in range(1, how_many + 1)
    )


class Writer:
    """A connection for each thread to one SQLite file, each commit durable."""

    def __init__(self, file: str) -> None:
        """Remember the file."""
        self.file = file
        self.local = threading.local()

    def connection(self) -> Any:
        """Return this thread's connection."""
        if not hasattr(self.local, "connection"):
            # As the site opens it: WAL lost commits before 3.51.3.
            is_safe = sqlite.sqlite_version_info >= (3, 51, 3)
            journal, synchronous = ("WAL", "FULL") if is_safe else ("DELETE", "EXTRA")
            opened = sqlite.connect(self.file, timeout=30, isolation_level=None)
            opened.execute(f"PRAGMA journal_mode={journal}")
            opened.execute(f"PRAGMA synchronous={synchronous}")
            opened.execute(TABLE)
            self.local.connection = opened
        return self.local.connection

    def save(self, response: int, answers: list[tuple[str, str]]) -> None:
        """Write a page of answers in one commit."""
        connection = self.connection()
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(SAVE, [(response, item, value) for item, value in answers])
        connection.execute("COMMIT")


def create_app() -> Flask:
    """Return the floor's application; FLOOR_DATABASE names its file."""
    app = Flask(__name__)
    app.jinja_loader = DictLoader({"macros.html": MACROS, "page.html": PAGE})
    writer = Writer(os.environ.get("FLOOR_DATABASE", ""))
    pages = {how_many: questions(how_many) for how_many in (10, 40)}

    @app.get("/hello")
    def hello() -> str:
        return "<h1>hello</h1>"

    @app.get("/page/<int:how_many>")
    def page(how_many: int) -> str:
        return form(how_many, full=False)

    @app.get("/full/<int:how_many>")
    def full(how_many: int) -> str:
        return form(how_many, full=True)

    def form(how_many: int, *, full: bool) -> str:
        asked = pages[how_many]
        answers = {id: "option-2" for id, _ in asked}
        return render_template(
            "page.html", title="Standard", questions=asked, options=OPTIONS, answers=answers, full=full, typed={}
        )

    @app.post("/save/<int:response>")
    def save(response: int) -> str:
        writer.save(response, list(request.form.items()))
        return "saved"

    return app
