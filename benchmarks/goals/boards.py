"""How long do the pages take that the business team looks at: a large survey's results, and the dashboards?"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from audit_engine.definition.library import Library
from audit_engine.services.demo import PASSWORD as DEMO_PASSWORD
from audit_engine.services.demo import fill_demo
from audit_engine.services.instance import find_instance
from benchmarks.rounds import ROUNDS, Line, milliseconds, timed
from benchmarks.server import ROOT, serving
from benchmarks.survey_world import QUESTIONS, answered
from benchmarks.visitor import let_in
from benchmarks.world import BUSINESS_TEAM, PASSWORD

OURS = "benchmarks.our_site:create_app"
REPLIES = 100_000
DEMO_TEAM = "business@demo.example.org"
CYCLE = "section-11-2026"
DASHBOARDS = (
    "/dashboards",
    "/dashboards/returns",
    "/dashboards/actions",
    "/dashboards/plan",
    "/dashboards/surveys",
    "/dashboards/surveys/escalation-awareness",
    f"/cycles/{CYCLE}/results",
    f"/cycles/{CYCLE}/comparison",
    f"/cycles/{CYCLE}/triangulation",
    f"/cycles/{CYCLE}/themes",
)


def results_page() -> list[Line]:
    """Measure the page of a survey's results, for everybody and by the kind of organisation."""
    with answered(REPLIES) as survey, serving(OURS, survey.world.environment, workers=1) as ours:
        address = f"/cycles/{survey.cycle.id}/survey"
        took = _pages(ours.port, (BUSINESS_TEAM, PASSWORD), (address, f"{address}?by=sector"))
    whole, by_sector = took.values()
    return [
        Line("I2", f"page of the results of {REPLIES:,} replies x {QUESTIONS} questions, ms", "", milliseconds(whole),
             whole * 1000, 100, 100, "most", note=f"by sector {milliseconds(by_sector)}"),
    ]  # fmt: skip


def dashboards() -> list[Line]:
    """Measure each dashboard of the demonstration; the slowest counts."""
    with TemporaryDirectory(prefix="audit-bench-") as folder:
        root = Path(folder)
        shutil.copytree(ROOT / "questionnaires", root / "questionnaires")
        shutil.copytree(ROOT / "instances", root / "instances", ignore=shutil.ignore_patterns("var"))
        instance, library = find_instance(root, "demo"), Library(root)
        engine = instance.open_database({})
        fill_demo(engine, library, instance, datetime.now(UTC))
        engine.dispose()
        environment = {"AUDIT_ROOT": folder, "AUDIT_INSTANCE": "demo", "DATABASE_URL": ""}
        with serving(OURS, environment, workers=1) as ours:
            took = _pages(ours.port, (DEMO_TEAM, DEMO_PASSWORD), DASHBOARDS)
    slowest = max(took, key=lambda address: took[address])
    return [
        Line("I3", f"slowest of {len(took)} dashboards of the demonstration, ms", "", milliseconds(took[slowest]),
             took[slowest] * 1000, 300, 300, "most", note=f"{slowest}; usual {milliseconds(median(took.values()))}"),
    ]  # fmt: skip


def _pages(port: int, who: tuple[str, str], addresses: Iterable[str]) -> dict[str, float]:
    """Return the median time of each page, once it was shown before."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    cookie = let_in(connection, *who)
    took = {}
    for address in addresses:
        _fetch(connection, address, cookie)
        took[address] = median(timed(partial(_fetch, connection, address, cookie)) for _ in range(ROUNDS))
    connection.close()
    return took


def _fetch(connection: HTTPConnection, address: str, cookie: str) -> None:
    connection.request("GET", address, headers={"Cookie": cookie})
    answer = connection.getresponse()
    page = answer.read()
    if answer.status != 200 or b"<h1" not in page:
        raise RuntimeError(f"{address} answered with status {answer.status}: {page[:200]!r}")
