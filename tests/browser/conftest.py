"""What every browser test may ask for: the running site as it was at the start, and people who visit it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from tests.browser.running_site import RunningSite, fill, started
from tests.browser.visitor import Contexts, Visitor, launch, sign_in_everybody
from tests.folders import once_a_run

Visit = Callable[..., Visitor]


@pytest.fixture(scope="session")
def filled_demo(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A filled demonstration, made once a run however many test processes there are."""
    return once_a_run(tmp_path_factory, worker_id, "filled-demo", fill)


@pytest.fixture(scope="session")
def playwright(chromium: str) -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(playwright: Playwright, chromium: str) -> Iterator[Browser]:
    launched = launch(playwright, chromium)
    yield launched
    launched.close()


@pytest.fixture(scope="session")
def whole_site(
    chromium: str, filled_demo: Path, playwright: Playwright, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningSite]:
    """The site of this test process, with everybody signed in."""
    root = tmp_path_factory.mktemp("site") / "root"
    shutil.copytree(filled_demo, root)
    with started(root) as site:
        sign_in_everybody(playwright, site)
        site.keep(root / "at-the-start.sqlite3")
        yield site


@pytest.fixture
def site(whole_site: RunningSite) -> RunningSite:
    """The running site with its database as it was at the start."""
    whole_site.put_back(whole_site.root / "at-the-start.sqlite3")
    shutil.rmtree(whole_site.root / "exports", ignore_errors=True)
    return whole_site


@pytest.fixture(scope="session")
def contexts(browser: Browser, whole_site: RunningSite) -> Contexts:
    return Contexts(browser, whole_site)


@pytest.fixture
def visit(contexts: Contexts, site: RunningSite) -> Iterator[Visit]:
    """Let somebody visit: ``visit("lead")``, ``visit("lead", script=False)``, ``visit()`` for a stranger.

    At the end of the test no browser may have complained of anything that was not expected.
    """
    visitors: list[Visitor] = []

    def arrive(who: str = "", *, script: bool = True) -> Visitor:
        visitors.append(Visitor(contexts, site, who, script=script))
        return visitors[-1]

    yield arrive
    for visitor in visitors:
        visitor.leave()
    assert [c for visitor in visitors for c in visitor.complaints] == []


@pytest.fixture(params=[True, False], ids=["script", "no-script"])
def script(request: pytest.FixtureRequest) -> bool:
    """With and without JavaScript."""
    return bool(request.param)
