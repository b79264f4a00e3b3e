"""What does a worker load to start, and to serve the page that most people use?"""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from audit_engine.definition.library import Library
from audit_engine.services.clock import now
from audit_engine.storage import people
from audit_engine.storage.engine import writing
from tests.services.tiny import World, lay
from tests.web.browser import address
from tests.web.conftest import populate

ROOT = Path(__file__).parents[2]
SERVE = """
import sys
from audit_engine.web import create_app
path, user, secret = sys.argv[1:]
client = create_app(loopback=True).test_client()
with client.session_transaction() as session:
    session.update({"_user_id": user, "_fresh": True, "sid": secret} if user else {})
answer = client.get(path)
assert answer.status_code == 200, answer.status
print(*sys.modules)
"""
# What no page of an audit needs: each costs a worker memory, and its first visitor time.
FOR_OTHERS = frozenset({
    "alembic", "docx", "huey", "matplotlib", "numpy", "openpyxl", "PIL", "sqlalchemy.dialects.postgresql",
    "sqlalchemy.orm", "audit_engine.analysis", "audit_engine.evidence", "audit_engine.exchange", "audit_engine.jobs",
    "audit_engine.mail", "audit_engine.reports", "audit_engine.services.export_cycle",
    "audit_engine.services.instance_files", "audit_engine.services.run_cycle",
    "audit_engine.services.self_audit_people", "audit_engine.services.take_survey", "audit_engine.storage.all_models",
    "audit_engine.storage.anonymous_models", "audit_engine.storage.benchmarks_models",
    "audit_engine.storage.imports_models",
    "audit_engine.storage.mail_models", "audit_engine.storage.settings_models", "audit_engine.storage.themes_models",
})  # fmt: skip
# What only signing in needs.
FOR_SIGNING_IN = frozenset({"cryptography.hazmat.bindings._rust", "email_validator"})
# What a library imports for sites of another kind.
FOR_NOBODY = frozenset({"asyncio", "greenlet"})
# What nothing needs before somebody opens a questionnaire.
FOR_QUESTIONS = frozenset({
    "marshmallow", "audit_engine.definition.facts", "audit_engine.definition.item_types",
    "audit_engine.definition.questionnaire", "audit_engine.definition.reader", "audit_engine.services.answering",
    "audit_engine.storage.models", "audit_engine.web.targets",
})  # fmt: skip


@dataclass
class Deployed:
    """An instance in a folder, with its database."""

    world: World

    def loaded_for(self, path: str, email: str = "") -> set[str]:
        """Start a worker, ask it for one page, and return the names of all modules that it then has."""
        secret = secrets.token_urlsafe(32) if email else ""
        user = self._enter(email, secret) if email else ""
        environment = os.environ | {
            "AUDIT_ROOT": str(self.world.instance.root), "AUDIT_INSTANCE": "tiny", "DATABASE_URL": "",
        }  # fmt: skip
        served = subprocess.run(
            [sys.executable, "-c", SERVE, path, user, secret],
            cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert served.returncode == 0, served.stderr
        return set(served.stdout.split())

    def _enter(self, email: str, secret: str) -> str:
        with writing(self.world.engine) as connection:
            person = people.person_by(connection, email=email)
            assert person is not None
            people.start_session(connection, secret, person.facts.id, now())
        return person.fs_uniquifier


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory, hashed: str) -> Deployed:
    instance = lay(tmp_path_factory.mktemp("deployed"))
    world = World(instance, instance.open_database({}), Library(instance.root))
    return Deployed(populate(world, hashed))


def test_the_first_page_loads_nothing_that_reads_questionnaires_or_shows_other_pages(deployed: Deployed) -> None:
    loaded = deployed.loaded_for("/sign-in")
    assert "audit_engine.web.routes" in loaded
    assert loaded & (FOR_OTHERS | FOR_QUESTIONS | FOR_SIGNING_IN | FOR_NOBODY) == set()
    assert {name for name in loaded if name.startswith("audit_engine.web.views.")} == set()


def test_a_page_of_an_audit_loads_nothing_of_surveys_reports_or_self_audits(deployed: Deployed) -> None:
    opened = deployed.world.return_of("otters")
    loaded = deployed.loaded_for(f"/returns/{opened.id}/standards/leading", address("lead"))
    assert loaded >= FOR_QUESTIONS
    assert loaded & (FOR_OTHERS | FOR_SIGNING_IN | FOR_NOBODY) == set()
    views = {name.rsplit(".", 1)[-1] for name in loaded if name.startswith("audit_engine.web.views.")}
    assert views == {"answering", "entries", "shared"}


def test_all_modules_that_are_named_here_are_there() -> None:
    own = {name for name in FOR_OTHERS | FOR_QUESTIONS if name.startswith("audit_engine.")}
    paths = [ROOT / name.replace(".", "/") for name in own]
    assert [str(path) for path in paths if not (path.is_dir() or path.with_suffix(".py").is_file())] == []
