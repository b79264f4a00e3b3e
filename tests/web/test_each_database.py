"""Is every page of returns, audits and the partnership shown whichever database lies below it?

Who reaches a page is asked once, on SQLite (``test_authorisation``); here
somebody who does asks for each on each kind of database.
"""

from __future__ import annotations

from collections.abc import Iterator

from tests.web.browser import Web
from tests.web.test_authorisation import OF_CYCLE, OF_PARTNERSHIP, OF_RETURN, POSTS, ask, section


def pages() -> Iterator[tuple[str, str, str]]:
    """Yield each page, the thing that its address names, and somebody who reaches it."""
    for table, key in ((OF_CYCLE, "cycle_id"), (OF_PARTNERSHIP, "")):
        yield from ((page, key, min(who)) for page, who in table.items() if page not in POSTS)
    yield from ((page, "return_id", min(reached("otters"))) for page, reached in OF_RETURN.items() if page not in POSTS)


def test_every_page_is_shown_on_each_kind_of_database(web: Web) -> None:
    web.world.returned("otters", "tiny-2024", {"t.A.1": "not-met"})
    web.world.returned("otters", "tiny-2026")
    web.world.answer("joint", "tiny-2026", {})
    known = {"cycle_id": "tiny-2026", "return_id": web.world.return_of("otters").id}
    browsers = {name: web.as_(name) for _, _, name in pages()}
    found = {
        (page, name): ask(web, browsers[name], page, **section(page), **({key: known[key]} if key else {})).status_code
        for page, key, name in pages()
    }
    assert len(found) > 35
    assert {asked: code for asked, code in found.items() if code not in (200, 302)} == {}
    assert list(found.values()).count(200) > len(found) * 3 / 4
