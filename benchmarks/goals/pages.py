"""How many pages a second, how evenly, how heavy, and in how much memory?"""

from __future__ import annotations

import gzip
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from statistics import median

from benchmarks.load import Run, Script, drive, get, repeated
from benchmarks.rounds import ROUNDS, Line, interleaved, ratio_of
from benchmarks.server import Served, cold_start, serving
from benchmarks.visitor import Visitor, reads, visitors
from benchmarks.world import Form, World, build

FLOOR = "benchmarks.floor_site:create_app"
OURS = "benchmarks.our_site:create_app"
SECONDS = 4.0
CONNECTIONS = 8
MANY = 32
FORM = Form("pages", (10, 40))
FULL = Form("full", (10, 40), rules=True)
CHOSEN = b'value="option-2" checked'
KILOBYTE = 1024


@contextmanager
def both(form: Form, organisations: int) -> Iterator[tuple[Served, Served, tuple[Visitor, ...]]]:
    """Serve the floor and the site side by side, the site with every answer saved; give the visitors too."""
    with tempfile.TemporaryDirectory(prefix="audit-bench-") as folder:
        world = build(Path(folder) / "world", (form,), organisations)
        for facts in world.returns(form):
            world.fill(form, facts)
        with serving(FLOOR) as floor, serving(OURS, world.environment) as ours:
            yield floor, ours, visitors(ours.port, world, form)


def _run(served: Served, scripts: list[Script]) -> tuple[Run, float]:
    """Return a timed run and the server's processor time a request, in milliseconds."""
    before = served.processor_seconds()
    run = drive(served.port, scripts, SECONDS)
    return run, (served.processor_seconds() - before) / max(1, run.answered) * 1000


def _rates(what: str, goal: str, form: Form, section: int, bar: float, stretch: float) -> Line:
    items = form.sections[section - 1]
    with both(form, CONNECTIONS) as (floor, ours, people):
        plain = [repeated(get(f"/{'full' if form.rules else 'page'}/{items}"), CHOSEN)] * CONNECTIONS
        own = [reads(person, f"section-{section}", items) for person in people]
        work: dict[str, list[float]] = {"floor": [], "ours": []}

        def side(name: str, served: Served, scripts: list[Script]) -> Callable[[], float]:
            def once() -> float:
                run, processor = _run(served, scripts)
                work[name].append(processor)
                return run.rate

            return once

        found = interleaved({"floor": side("floor", floor, plain), "ours": side("ours", ours, own)})
    note = f"server time a page {median(work['floor']):.2f} and {median(work['ours']):.2f} ms"
    return Line(
        goal, what, f"{median(found['floor']):,.0f}/s", f"{median(found['ours']):,.0f}/s",
        ratio_of(found["ours"], found["floor"]), bar, stretch, "least", note=note,
    )  # fmt: skip


def forty() -> list[Line]:
    """Compare a page of forty questions, of radios alone and with all the boxes of an audit."""
    return [
        _rates("pages of 40 questions", "P1", FORM, 2, 0.8, 2.0),
        _rates("the same with commentary, evidence and action", "P1", FULL, 2, 0.8, 2.0),
    ]


def ten() -> list[Line]:
    """Compare a page of ten questions."""
    return [_rates("pages of 10 questions", "P2", FORM, 1, 0.5, 1.0)]


def tails() -> list[Line]:
    """Compare the slow requests with the usual one, and look for errors where many wait."""
    with both(FORM, MANY) as (floor, ours, people):
        plain = [repeated(get("/page/40"), CHOSEN)]
        own = [reads(person, "section-2", 40) for person in people]
        found = interleaved({
            "floor": lambda: _spread(_run(floor, plain * CONNECTIONS)[0]),
            "ours": lambda: _spread(_run(ours, own[:CONNECTIONS])[0]),
        })  # fmt: skip
        crowd, _ = _run(ours, own)
    spreads = {side: median(values) for side, values in found.items()}
    return [
        Line("P3", f"p95 / p50 at {CONNECTIONS} connections", f"{spreads['floor']:.2f}", f"{spreads['ours']:.2f}",
             spreads["ours"], 1.6, 1.3, "most"),
        Line("P3", f"wrong answers at {MANY} connections", "", f"{crowd.wrong} of {crowd.answered:,}", crowd.wrong,
             0, 0, "most", slack=0, note=f"{crowd.rate:,.0f}/s, p95 {crowd.percentile(95) * 1000:.0f} ms"),
    ]  # fmt: skip


def _spread(run: Run) -> float:
    return run.percentile(95) / run.percentile(50)


def weight() -> list[Line]:
    """Count the bytes and requests of a page of forty questions that nobody answered yet."""
    with tempfile.TemporaryDirectory(prefix="audit-bench-") as folder:
        world = build(Path(folder) / "world", (FORM,), 1)
        with serving(OURS, world.environment, workers=1) as ours:
            (visitor,) = visitors(ours.port, world, FORM)
            page = _fetch(ours.port, visitor.page("section-2"), visitor.cookie)
            links = [*re.findall(r'<(?:script|img)[^>]* src="([^"]+)"', page),
                     *re.findall(r'<link[^>]* rel="stylesheet"[^>]* href="([^"]+)"', page)]  # fmt: skip
            script = sum(_packed(_fetch(ours.port, s)) for s in links if s.endswith(".js"))
    html = _packed(page)
    return [
        Line("P15", "page of 40 questions, gzip KB of HTML", "", f"{html:.2f} KB", html, 5, 4, "most", slack=0),
        Line("P15", "requests for that page", "", str(1 + len(links)), 1 + len(links), 3, 3, "most", slack=0,
             note="besides the tab's icon"),
        Line("P15", "gzip KB of script", "", f"{script:.2f} KB", script, 15, 5, "most", slack=0),
    ]  # fmt: skip


def _packed(text: str) -> float:
    return len(gzip.compress(text.encode(), 6)) / KILOBYTE


def _fetch(port: int, address: str, cookie: str = "") -> str:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", address, headers={"Cookie": cookie})
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    if answer.status != 200:
        raise RuntimeError(f"{address} answered with status {answer.status}.")
    return text


def memory_and_start() -> list[Line]:
    """Compare memory after pages were served, and the time from the start command to the first page."""
    with both(FORM, CONNECTIONS) as (floor, ours, people):
        _run(floor, [repeated(get("/page/40"), CHOSEN)] * CONNECTIONS)
        _run(ours, [reads(person, "section-2", 40) for person in people])
        sizes = floor.memory(), ours.memory()
    with tempfile.TemporaryDirectory(prefix="audit-bench-") as folder:
        world: World = build(Path(folder) / "world", (FORM,), 1)
        cold_start(OURS, "/sign-in", world.environment)  # compiles the byte code
        found = interleaved({
            "floor": lambda: cold_start(FLOOR, "/hello"),
            "ours": lambda: cold_start(OURS, "/sign-in", world.environment),
        }, ROUNDS)  # fmt: skip
    return [
        Line("P16", "memory of a process after 40-question pages", f"{sizes[0]:.0f} MB", f"{sizes[1]:.0f} MB",
             sizes[1] / sizes[0], 2.0, 1.5, "most"),
        Line("P16", "start command to first page", f"{median(found['floor']):.2f} s", f"{median(found['ours']):.2f} s",
             ratio_of(found["ours"], found["floor"]), 2.0, 1.5, "most"),
    ]  # fmt: skip
