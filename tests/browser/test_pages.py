"""Can everybody use every page: with a screen reader, on a telephone, and without one complaint of the browser?"""

from __future__ import annotations

import pytest

from audit_engine.web.views import ROUTES
from tests.browser.conftest import Visit
from tests.browser.running_site import CYCLE, OTTERFELL, RunningSite

pytestmark = pytest.mark.browser

PAGES = [
    ("", "signin", "/sign-in"),
    ("", "accessibility", "/accessibility"),
    ("", "privacy", "/privacy"),
    ("lead", "my_audits", "/audits"),
    ("lead", "task_list", "/returns/{open}"),
    ("lead", "standard", "/returns/{open}/standards/information-sharing"),
    ("lead", "check_answers", "/returns/{open}/check"),
    ("lead", "print_return", "/returns/{open}/print"),
]


@pytest.mark.parametrize(("who", "endpoint", "path"), PAGES, ids=[f"{e}-{w or 'anybody'}" for w, e, _ in PAGES])
def test_a_page_has_no_fault_that_axe_finds_and_fits_a_telephone(
    who: str, endpoint: str, path: str, visit: Visit, site: RunningSite
) -> None:
    visitor = visit(who)
    visitor.page.goto(path.format(open=site.return_of(OTTERFELL), cycle=CYCLE))
    visitor.check()
