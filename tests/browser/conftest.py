"""What every browser test may ask for: the running site as it was at the start, and people who visit it."""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from audit_engine.services.demo import PASSWORD
from tests.browser.running_site import PEOPLE, RunningSite, fill, started
from tests.browser.visitor import Visitor

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
Visit = Callable[..., Visitor]


@pytest.fixture(scope="session")
def filled_demo(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A filled demonstration, made once a run however many test processes there are."""
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "filled-demo"
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            making = folder.with_suffix(".making")
            shutil.rmtree(making, ignore_errors=True)
            fill(making)
            making.rename(folder)
    return folder


@pytest.fixture(scope="session")
def playwright(chromium: str) -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(playwright: Playwright, chromium: str) -> Iterator[Browser]:
    launched = playwright.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
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
        for who, email in PEOPLE.items():
            site.signed_in[who] = cookies_after_sign_in(playwright, site, email)
        site.keep(root / "at-the-start.sqlite3")
        yield site


def cookies_after_sign_in(playwright: Playwright, site: RunningSite, email: str) -> object:
    """Sign in without a browser and return what a browser would have kept."""
    asking = playwright.request.new_context(base_url=site.address)
    page = asking.get("/sign-in").text()
    token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
    reply = asking.post("/sign-in", form={"csrf_token": token, "email": email, "password": PASSWORD})
    assert reply.ok and "/sign-in" not in reply.url, f"{email} cannot sign in: {reply.status} {reply.url}"
    kept = asking.storage_state()
    asking.dispose()
    return kept


@pytest.fixture
def site(whole_site: RunningSite) -> RunningSite:
    """The running site with its database as it was at the start."""
    whole_site.put_back(whole_site.root / "at-the-start.sqlite3")
    shutil.rmtree(whole_site.root / "exports", ignore_errors=True)
    return whole_site


@pytest.fixture
def visit(browser: Browser, site: RunningSite) -> Iterator[Visit]:
    """Let somebody visit: ``visit("lead")``, ``visit("lead", script=False)``, ``visit()`` for a stranger.

    At the end of the test no browser may have complained of anything that was not expected.
    """
    visitors: list[Visitor] = []

    def arrive(who: str = "", *, script: bool = True) -> Visitor:
        visitors.append(Visitor(browser, site, who, script=script))
        return visitors[-1]

    yield arrive
    for visitor in visitors:
        visitor.close()
    assert [c for visitor in visitors for c in visitor.complaints] == []


@pytest.fixture(params=[True, False], ids=["script", "no-script"])
def script(request: pytest.FixtureRequest) -> bool:
    """With and without JavaScript."""
    return bool(request.param)
