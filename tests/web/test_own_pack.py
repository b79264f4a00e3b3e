"""Do an organisation's own pages lead to the panel's pack and to what staff said, and never before it was shared?"""

from __future__ import annotations

import pytest

from tests.web.browser import Browser, Web, counting
from tests.web.test_triangulating import empty, pack, seen, somebody

__all__ = ["empty", "seen"]  # fixtures
STAFF = 'href="/staff-surveys"'


def pages(web: Web, browser: Browser) -> list[str]:
    """Return the main part of both pages, without the menu that stands on every page."""
    own = pack(web).removesuffix("/pack")
    return [browser.get(path).text.split("<main", 1)[1] for path in ("/audits", own)]


def given(web: Web, *steps: str) -> None:
    for step in steps:
        web.as_("team").post(pack(web, step=step))


def test_both_pages_lead_to_the_pack_and_to_what_staff_said_once_it_is_shared(seen: Web) -> None:
    given(seen, "/release", "/share")
    lead = seen.as_("lead")
    for text in pages(seen, lead):
        assert f'href="{pack(seen)}"' in text
        assert STAFF in text
    assert lead.get(pack(seen)).status_code == 200
    assert "Staff 2026" in lead.get("/staff-surveys").text


@pytest.mark.parametrize("steps", [(), ("/release",)])
def test_before_that_they_do_not(seen: Web, steps: tuple[str, ...]) -> None:
    given(seen, *steps)
    for text in pages(seen, seen.as_("lead")):
        assert pack(seen) not in text
        assert STAFF not in text


def test_somebody_of_it_who_may_not_read_packs_is_led_nowhere(seen: Web) -> None:
    given(seen, "/release", "/share")
    contributor = somebody(seen, "contributor", "otters")
    assert contributor.get(pack(seen)).status_code == 404
    for text in pages(seen, contributor):
        assert pack(seen) not in text


def test_another_organisation_s_pack_is_not_on_the_list(seen: Web) -> None:
    given(seen, "/release", "/share")
    assert pack(seen) not in seen.as_("other lead").get("/audits").text


def test_it_costs_one_statement_where_something_was_submitted(seen: Web) -> None:
    given(seen, "/release", "/share")
    lead, own = seen.as_("lead"), pack(seen).removesuffix("/pack")
    lead.get(own)
    with counting(seen.world.engine) as counted:
        lead.get(own)
    assert len(counted.statements) <= 5
    assert sum("panel_pack" in statement for statement in map(str, counted.statements)) == 1
