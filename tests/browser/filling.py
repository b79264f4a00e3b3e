"""How does somebody fill in whatever a page asks, as a person would: box after box?"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import count
from typing import Any

from playwright.sync_api import Page

from tests.browser.visitor import Visitor

Choice = Callable[[Sequence[str]], str]
WORDS = "More time for it, please."
#: What stands on a page that takes several entries and has none.
ADD = re.compile("^Add: ")
ASKED = """() => {
  const asked = new Map();
  for (const e of document.querySelectorAll('main form :is(input, textarea, select)')) {
    if (['hidden', 'submit', 'file'].includes(e.type) || !e.name) continue;
    const shown = e.checkVisibility({checkVisibilityCSS: true});
    const known = asked.get(e.name) || {name: e.name, kind: e.type, mode: e.inputMode, values: [], shown};
    known.values.push(e.value);
    asked.set(e.name, known);
  }
  return [...asked.values()];
}"""


def first(values: Sequence[str]) -> str:
    return values[0]


def last(values: Sequence[str]) -> str:
    return values[-1]


def in_turn(start: int = 0) -> Choice:
    """Choose the first of what is asked first, the second of what is asked next and so on, and begin again."""
    turn = count(start)
    return lambda values: values[next(turn) % len(values)]


def fill_in(page: Page, choose: Choice = first, words: str = WORDS) -> int:
    """Answer everything that a page's forms ask, what an answer opens too, and return how much there was."""
    done: set[str] = set()
    while some := [one for one in page.evaluate(ASKED) if one["shown"] and one["name"] not in done]:
        for one in some:
            _answer(page, one, choose, words)
            done.add(one["name"])
    return len(done)


def _answer(page: Page, asked: dict[str, Any], choose: Choice, words: str) -> None:
    name, kind = asked["name"], asked["kind"]
    if kind in ("radio", "checkbox"):
        page.locator(f'[name="{name}"][value="{choose(asked["values"])}"]').check()
    elif kind == "select-one":
        page.locator(f'select[name="{name}"]').select_option(index=1)
    else:
        page.locator(f'[name="{name}"]').fill(_typed(name, asked["mode"], words))


def _typed(name: str, mode: str, words: str) -> str:
    if mode != "numeric":
        return words
    if not name.endswith("year"):
        return "7"
    return "2027" if name.endswith("-by-year") else "2026"


def answer_every_page(visitor: Visitor, choose: Choice = first, *, until: str = "Check your answers") -> list[str]:
    """Fill in one page after another until that heading, and return the headings of what was filled in."""
    seen: list[str] = []
    for _ in range(40):
        if visitor.heading == until:
            return seen
        seen.append(visitor.heading)
        if visitor.page.get_by_role("link", name=ADD).count():
            _add_an_entry(visitor, choose)
            continue
        fill_in(visitor.page, choose)
        visitor.page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
        visitor.check(())
        with visitor.page.expect_navigation():
            visitor.page.locator('main form button[name="then"][value="next"]').click()
        assert visitor.errors == [], (visitor.page.url, visitor.errors)
    raise AssertionError(f"There is no end to it at {visitor.page.url}.")


def _add_an_entry(visitor: Visitor, choose: Choice) -> None:
    """Add one entry to a page that takes several, and go on."""
    visitor.check(())
    visitor.page.get_by_role("link", name=ADD).click()
    fill_in(visitor.page, choose)
    visitor.check(())
    visitor.press("Save")
    assert visitor.errors == [], (visitor.page.url, visitor.errors)
    visitor.page.locator("main .save-row a").last.click()
