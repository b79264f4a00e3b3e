"""Does the code still keep the rules that DESIGN set for it?"""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "audit_engine"
MODULES = sorted(PACKAGE.rglob("*.py"))
MIGRATIONS = PACKAGE / "storage" / "migrations" / "versions"
LONGEST_FUNCTION = 45
LONGEST_FILE = 500
LATE = {"alembic", "docx", "matplotlib", "numpy", "openpyxl", "pptx", "scipy", "xlsxwriter"}
MACHINE_PATHS = re.compile(r"(?<![\w.])/(?:root|work|farm|home/[a-z]+|Users/[a-z]+)/")
UNFINISHED = re.compile(r"\b(?:TODO|FIXME|XXX|HACK|raise NotImplementedError)\b|type: ignore(?!\[)|pragma: no cover")
UNSAFE = re.compile(r"\|\s*safe\b|autoescape\s+false|\bMarkup\(f")


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def tracked(*patterns: str) -> list[Path]:
    """The files that a clone would have, those about to be added included."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout, so there is no list of its own files")
    return [ROOT / line for line in listed.stdout.splitlines() if (ROOT / line).is_file()]


def lines_matching(pattern: re.Pattern[str], paths: list[Path]) -> Iterator[str]:
    for path in paths:
        if path == Path(__file__):
            continue  # it names what it looks for
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(text.splitlines(), 1):
            if pattern.search(line):
                yield f"{named(path)}:{number}: {line.strip()[:100]}"


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def test_every_import_points_down() -> None:
    linted = subprocess.run(
        [sys.executable, "-c", "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports())"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert linted.returncode == 0, linted.stdout + linted.stderr


def start_site(root: Path) -> set[str]:
    """Start the site in a process of its own, as a WSGI server does; return the names of the modules it then has."""
    script = "import sys, wsgi; print(*{name.split('.')[0] for name in sys.modules})"
    environment = os.environ | {"AUDIT_ROOT": str(root), "AUDIT_INSTANCE": "tiny", "DATABASE_URL": ""}
    started = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert started.returncode == 0, started.stderr
    return set(started.stdout.split())


def test_the_site_starts_without_the_heavy_libraries(tmp_path: Path) -> None:
    folder = tmp_path / "instances" / "tiny"
    folder.mkdir(parents=True)
    (folder / "partnership.yaml").write_text("partnership: {id: tiny, name: Tiny, invented: true}\n")
    shutil.copytree(ROOT / "questionnaires", tmp_path / "questionnaires")
    start_site(tmp_path)  # makes the database, for which it needs alembic
    loaded_too_early = LATE & start_site(tmp_path)
    assert not loaded_too_early


@pytest.mark.parametrize("folder", ["definition/item_types", "reports/sections"])
def test_every_file_of_a_table_folder_is_in_its_table(folder: str) -> None:
    package = PACKAGE / folder
    table = (package / "__init__.py").read_text(encoding="utf-8")
    imported = {
        name
        for node in ast.walk(ast.parse(table))
        if isinstance(node, ast.ImportFrom)
        for name in ((node.module or "").rsplit(".", 1)[-1], *(alias.name for alias in node.names))
    }
    files = {path.stem for path in package.glob("[!_]*.py")}
    assert files
    assert not files - imported


def test_no_function_is_longer_than_a_page() -> None:
    long = [
        f"{named(path)}:{node.lineno} {node.name} has {node.end_lineno - node.lineno + 1} lines"
        for path in MODULES
        if not path.is_relative_to(MIGRATIONS)
        for node in functions(path)
        if node.end_lineno is not None and node.end_lineno - node.lineno + 1 > LONGEST_FUNCTION
    ]
    assert not long


def test_no_module_is_longer_than_five_hundred_lines() -> None:
    sizes = {named(p): len(p.read_text(encoding="utf-8").splitlines()) for p in MODULES if p.parent != MIGRATIONS}
    assert not {name: size for name, size in sizes.items() if size > LONGEST_FILE}


def test_every_module_opens_with_what_it_is_for() -> None:
    silent = [
        named(path)
        for path in MODULES
        if path.name != "__init__.py" and not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert not silent


def test_no_tracked_file_names_a_path_of_one_machine() -> None:
    assert not list(lines_matching(MACHINE_PATHS, tracked()))


def test_nothing_is_left_for_later() -> None:
    assert not list(lines_matching(UNFINISHED, tracked("*.py", "*.html", "*.yaml", "*.js", "*.cfg", "Makefile")))


def test_no_template_lets_markup_through_unescaped() -> None:
    assert not list(lines_matching(UNSAFE, tracked("*.html", "*.jinja", "*.py")))


def test_every_requirement_has_an_exact_version() -> None:
    from configparser import ConfigParser

    settings = ConfigParser()
    settings.read(ROOT / "setup.cfg", encoding="utf-8")
    blocks = [settings["options"]["install_requires"], *settings["options.extras_require"].values()]
    lines = [line for line in "\n".join(blocks).splitlines() if line and not line.startswith("#")]
    pinned = {
        Requirement(line).name.lower()
        for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
        if not line.startswith("#")
    }
    assert not {Requirement(line).name.lower() for line in lines} - pinned
