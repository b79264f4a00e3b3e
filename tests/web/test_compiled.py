"""Are templates compiled once a program and not once a worker, and only where nobody else can write?"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import Environment
from werkzeug.test import TestResponse

from audit_engine.services.instance import Instance
from audit_engine.web import compiled, pieces
from tests.services.tiny import lay
from tests.web.conftest import make_app


def refuse(*_given: object, **_named: object) -> None:
    raise AssertionError("A template is compiled.")


@pytest.fixture
def instance(tmp_path: Path) -> Instance:
    return lay(tmp_path)


def kept(instance: Instance) -> list[Path]:
    return sorted(path for path in (instance.var / "compiled-templates").rglob("*") if path.is_file())


def sign_in_page(app: Flask) -> TestResponse:
    answer = app.test_client().get("/sign-in")
    assert answer.status_code == 200
    return answer


def test_the_next_worker_compiles_nothing_that_this_one_did(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in_page(make_app(instance))
    assert kept(instance)
    monkeypatch.setattr(Environment, "compile", refuse)
    sign_in_page(make_app(instance))


def test_another_program_compiles_anew_and_clears_what_was_kept(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in_page(make_app(instance))
    before = kept(instance)
    monkeypatch.setattr(compiled, "_program", lambda: "another")
    sign_in_page(make_app(instance))
    after = kept(instance)
    assert [path.name for path in after] == [path.name for path in before]
    assert {path.parent.parent.name for path in after} == {"another"}


def test_a_filter_that_was_changed_makes_another_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("compiled.py", "page_filters.py"):
        (tmp_path / name).write_text("# as it was\n")
    monkeypatch.setattr(compiled, "__file__", str(tmp_path / "compiled.py"))
    before = compiled._program()
    assert compiled._program() == before
    (tmp_path / "page_filters.py").write_text("# changed\n")
    assert compiled._program() != before


def test_nothing_is_taken_from_a_folder_where_others_may_write(instance: Instance) -> None:
    make_app(instance)
    (instance.var / "compiled-templates").chmod(0o770)
    app = make_app(instance)
    assert app.jinja_env.bytecode_cache is None
    sign_in_page(app)
    assert kept(instance) == []


def test_nothing_is_taken_from_a_folder_that_is_only_named_so(instance: Instance, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir(mode=0o700)
    instance.var.mkdir(parents=True)
    (instance.var / "compiled-templates").symlink_to(elsewhere)
    assert make_app(instance).jinja_env.bytecode_cache is None


def test_two_environments_that_read_blanks_in_their_own_way_share_no_folder(instance: Instance) -> None:
    app = make_app(instance)
    folders = {app.jinja_env.bytecode_cache, pieces.environment().bytecode_cache}
    assert len({str(cache.directory) for cache in folders if isinstance(cache, compiled.Compiled)}) == 2


def test_a_folder_that_is_taken_away_costs_no_page(instance: Instance) -> None:
    app = make_app(instance)
    shutil.rmtree(instance.var / "compiled-templates")
    assert "Sign in" in sign_in_page(app).text


@pytest.mark.parametrize("length", [0, 7, 30, 400])
def test_a_file_that_was_cut_short_costs_no_page(instance: Instance, length: int) -> None:
    sign_in_page(make_app(instance))
    whole = {path: path.read_bytes() for path in kept(instance)}
    for path, raw in whole.items():
        path.write_bytes(raw[:length])
    sign_in_page(make_app(instance))
    assert {path: path.read_bytes() for path in kept(instance)} == whole
