"""Does the whole hold every part, and a part no more than it needs?"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from audit_engine.storage import all_models

ROOT = Path(__file__).parents[2]


def test_the_whole_holds_every_module_of_tables() -> None:
    modules = {path.stem for path in (ROOT / "audit_engine" / "storage").glob("*models.py")} - {"all_models"}
    assert modules == {name for name in vars(all_models) if name.endswith("models")}
    assert len(modules) > 10


def test_describing_a_part_loads_neither_the_others_nor_the_dialect_of_another_database() -> None:
    script = """
import sys
from audit_engine.storage import settings_models
print(*(n for n in sys.modules if n.endswith("_models") or n == "sqlalchemy.dialects.postgresql"))
"""
    run = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["audit_engine.storage.settings_models"]
