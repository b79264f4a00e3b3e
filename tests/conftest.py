"""What every test may ask for: a database of each kind, a questionnaire from its own docstring, a program.

``--database sqlite|postgresql|both`` says where tests that take
``database_url`` run; they run once on each.  ``--thorough`` leaves nothing
out (``tests.extent``).
"""

from __future__ import annotations

import inspect
import os
import shutil
from collections.abc import Generator, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.examples import load_thorough, register_profiles
from tests.extent import EVERYDAY, later_cases

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from audit_engine.definition.questionnaire import Questionnaire
    from tests.databases import PostgresDatabases, SqliteDatabases
    from tests.mail.server import PostOffice

ROOT = Path(__file__).parent.parent
DATABASES = {"sqlite": ("sqlite",), "postgresql": ("postgresql",), "both": ("sqlite", "postgresql")}
SERVER = pytest.StashKey[ExitStack]()
# Set where a missing browser or LibreOffice is a fault and not a reason to skip.
PROGRAMS_REQUIRED = "TEST_PROGRAMS_REQUIRED"

# Folders whose tests read questionnaires and make reports to test something else.
USE_IT_ALL = {"cli", "services", "web"}

register_profiles()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add --database and --thorough."""
    parser.addoption(
        "--database",
        choices=sorted(DATABASES),
        default="sqlite",
        help="where tests that use a database run (default: sqlite; `make test` says both)",
    )
    parser.addoption(
        "--thorough",
        action="store_true",
        help="try every example of a property, and every case of a page's test on PostgreSQL too",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Set a secret key and where files lie, and start the PostgreSQL server once, before workers inherit them."""
    os.environ.setdefault("AUDIT_SECRET_KEY", "a key for tests, of which nobody else shall know")
    from tests.databases import POSTGRES_VARIABLE, postgres_server
    from tests.folders import FOLDERS_VARIABLE, quickest

    os.environ.setdefault(FOLDERS_VARIABLE, str(quickest()))

    if config.getoption("--thorough"):
        load_thorough()
    is_worker = hasattr(config, "workerinput")
    wanted = "postgresql" in DATABASES[config.getoption("--database")] and not config.option.collectonly
    if is_worker or not wanted or POSTGRES_VARIABLE in os.environ:
        return
    stack = config.stash[SERVER] = ExitStack()
    os.environ[POSTGRES_VARIABLE] = stack.enter_context(postgres_server())
    stack.callback(os.environ.pop, POSTGRES_VARIABLE)


def pytest_report_header(config: pytest.Config) -> str:
    """Say what this run leaves out."""
    asked = config.getoption("--database")
    said = [f"databases: {'SQLite and PostgreSQL' if asked == 'both' else f'{asked} alone'}"]
    if config.option.markexpr:
        said.append(f"only tests that are: {config.option.markexpr}")
    said.append("thorough run" if config.getoption("--thorough") else EVERYDAY)
    return "; ".join(said)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave to a thorough run what an everyday one need not say on PostgreSQL again."""
    if config.getoption("--database") == "both" and not config.getoption("--thorough"):
        later = later_cases(items)
        config.hook.pytest_deselected(items=later)
        left = set(later)
        items[:] = [item for item in items if item not in left]


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server that this run started."""
    if stack := config.stash.get(SERVER, None):
        stack.close()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that takes ``database_url`` once on each kind of database asked for."""
    if "database_url" not in metafunc.fixturenames:
        return
    kinds = DATABASES[metafunc.config.getoption("--database")]
    marks = {"postgresql": [pytest.mark.postgres]}
    parameters = [pytest.param(kind, marks=marks.get(kind, [])) for kind in kinds]
    metafunc.parametrize("database_kind", parameters, indirect=True)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Spare tests of services, pages and commands what is slow and not theirs.

    A text is read as questionnaire once a process.  A report has no page
    numbers, as where LibreOffice is not installed, but in tests marked ``word``.
    """
    with pytest.MonkeyPatch.context() as patch:
        if USE_IT_ALL & set(item.path.parts):
            from tests.remembered import REMEMBERED

            patch.setattr("audit_engine.definition.reader.read_questionnaire", REMEMBERED.read)
            if item.get_closest_marker("word") is None:
                patch.setattr("audit_engine.reports.pagination._PROGRAM", "not-asked-in-this-test")
        return (yield)


@pytest.fixture
def database_kind(request: pytest.FixtureRequest) -> str:
    """``sqlite`` or ``postgresql``."""
    return str(request.param)


@pytest.fixture(scope="session")
def sqlite_databases(tmp_path_factory: pytest.TempPathFactory) -> SqliteDatabases:
    from tests.databases import SqliteDatabases

    return SqliteDatabases(tmp_path_factory.mktemp("pattern"))


@pytest.fixture(scope="session")
def postgres_databases() -> Iterator[PostgresDatabases]:
    from tests.databases import POSTGRES_VARIABLE, PostgresDatabases

    databases = PostgresDatabases(os.environ[POSTGRES_VARIABLE], os.environ.get("PYTEST_XDIST_WORKER", "alone"))
    yield databases
    databases.forget()


@pytest.fixture
def database_url(database_kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of this test's own database: all tables, no rows."""
    source = "postgres_databases" if database_kind == "postgresql" else "sqlite_databases"
    databases: SqliteDatabases | PostgresDatabases = request.getfixturevalue(source)
    with databases.fresh(tmp_path) as url:
        yield url


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """The engine of this test's own database, opened as the program opens it."""
    from audit_engine.storage import engine as storage_engine

    opened = storage_engine.create(database_url)
    yield opened
    opened.dispose()


@pytest.fixture
def questionnaire(request: pytest.FixtureRequest) -> Questionnaire:
    """The questionnaire whose YAML is the test's docstring, against the shipped facts."""
    from tests.sound import sound_questionnaire

    source = inspect.getdoc(request.function)
    if not source:
        pytest.fail(f"{request.node.name} asks for `questionnaire`: write its YAML as the test's docstring.")
    return sound_questionnaire(source, f"{request.node.name}.yaml")


def program(*names: str) -> str:
    """Return the first of these programs that is installed, or skip the test (fail where that is not allowed)."""
    for name in names:
        if found := shutil.which(name):
            return found
    sentence = f"{names[0]} is not installed, so this was not checked."
    if os.environ.get(PROGRAMS_REQUIRED):
        pytest.fail(sentence)
    pytest.skip(sentence)


@pytest.fixture(scope="session")
def chromium() -> str:
    """Chromium's program; the test is skipped where there is none."""
    return program("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def libreoffice() -> str:
    """LibreOffice's program; the test is skipped where there is none."""
    return program("soffice", "libreoffice")


@pytest.fixture(scope="session")
def pdftotext() -> str:
    """Poppler's program; the test is skipped where there is none."""
    return program("pdftotext")


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> Iterator[PostOffice]:
    """A mail server on this machine, which the environment names as the site's."""
    from tests.mail.server import post_office
    from tests.services.mailing import settings_of

    with post_office() as (running, port):
        for name, value in settings_of(port).items():
            monkeypatch.setenv(name, value)
        yield running
