"""What does a person do at a browser, and what does the browser complain about?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Playwright, WebError

from audit_engine.services.demo import PASSWORD
from tests.browser.running_site import PEOPLE, RunningSite

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
AXE = Path(__file__).parent / "axe" / "axe.min.js"
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
WIDE, NARROW = 1280, 320
HEIGHT = 900
LISTEN = """
document.addEventListener('securitypolicyviolation',
  (event) => console.error(`Content-Security-Policy: ${event.violatedDirective} ${event.blockedURI}`));
"""
RUN_AXE = """async (tags) => {
  const {violations} = await axe.run({runOnly: tags, resultTypes: ['violations']});
  return violations.map((v) => `${v.id}: ${v.nodes.length} x ${v.nodes[0].html.slice(0, 200)}`);
}"""
# What reaches beyond the page's right edge, so that the whole page scrolls sideways: the innermost of it.
TOO_WIDE = """() => {
  if (document.documentElement.scrollWidth <= innerWidth) return [];
  const wide = [...document.querySelectorAll('body *')].filter((e) => e.getBoundingClientRect().right > innerWidth + 1);
  return ['the page', ...wide.map((e) => e.outerHTML.slice(0, 200))].slice(-3);
}"""
STATUS = re.compile(r"responded with a status of (\d+)")


@cache
def axe() -> str:
    """Return axe-core's source."""
    return AXE.read_text(encoding="utf-8")


def launch(playwright: Playwright, chromium: str) -> Browser:
    """Start the browser of this machine."""
    return playwright.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))


def sign_in_everybody(playwright: Playwright, site: RunningSite) -> None:
    """Sign ``PEOPLE`` in without a browser, and keep what a browser would have kept."""
    for who, email in PEOPLE.items():
        asking = playwright.request.new_context(base_url=site.address)
        token = asking.get("/sign-in").text().partition('name="csrf_token" value="')[2].partition('"')[0]
        reply = asking.post("/sign-in", form={"csrf_token": token, "email": email, "password": PASSWORD})
        assert reply.ok and "/sign-in" not in reply.url, f"{email} cannot sign in: {reply.status} {reply.url}"
        site.signed_in[who] = asking.storage_state()
        asking.dispose()


class Contexts:
    """The browser's separate sets of cookies; one that nobody uses any more is used again, which is much faster."""

    def __init__(self, browser: Browser, site: RunningSite) -> None:
        self._browser = browser
        self._site = site
        self._free: dict[bool, list[BrowserContext]] = {True: [], False: []}

    def take(self, *, script: bool) -> BrowserContext:
        """Return a context without cookies, with or without JavaScript."""
        if self._free[script]:
            return self._free[script].pop()
        context = self._browser.new_context(
            base_url=self._site.address, java_script_enabled=script, locale="en-GB", timezone_id="Europe/London"
        )
        context.set_default_timeout(15_000)
        context.add_init_script(LISTEN)
        return context

    def give_back(self, context: BrowserContext, *, script: bool) -> None:
        """Close the pages of a context, without the last save that a closing page sends: the next test would get it."""
        for page in context.pages:
            if script:
                page.evaluate("window.fetch = null")
            page.close()
        context.set_offline(False)
        context.clear_cookies()
        self._free[script].append(context)


class Visitor:
    """One person at one browser, with cookies of their own; ``complaints`` is what must stay empty."""

    def __init__(self, contexts: Contexts, site: RunningSite, who: str = "", *, script: bool = True) -> None:
        self.site = site
        self.script = script
        self.complaints: list[str] = []
        self.expected: set[str] = set()
        self._contexts = contexts
        self.context = contexts.take(script=script)
        if who:
            self.context.add_cookies(site.signed_in[who]["cookies"])
        self.context.on("console", self._console)
        self.context.on("weberror", self._fault)
        self.page = self.tab()

    def _fault(self, fault: WebError) -> None:
        self.complaints.append(f"script: {fault.error}")

    def _console(self, message: ConsoleMessage) -> None:
        if message.type not in ("error", "warning"):
            return
        status = STATUS.search(message.text)
        if not (status and status[1] in self.expected) and message.text not in self.expected:
            self.complaints.append(f"{message.type}: {message.text}")

    def expect(self, *complaints: str) -> None:
        """Allow what the browser will rightly complain about: a status such as ``409``, or the whole text."""
        self.expected |= set(complaints)

    def tab(self) -> Page:
        """Open a tab more of the same browser."""
        page = self.context.new_page()
        page.set_viewport_size({"width": WIDE, "height": HEIGHT})
        return page

    def sign_in(self, who: str, password: str = PASSWORD) -> None:
        """Sign in as one of ``PEOPLE``, or by an e-mail address, on the sign-in page or the one that asks for it."""
        if not self.page.url.startswith(f"{self.site.address}/sign-in"):
            self.page.goto("/sign-in")
        self.page.get_by_label("E-mail address").fill(PEOPLE.get(who, who))
        self.page.get_by_label("Password").fill(password)
        self.press("Sign in")

    def press(self, words: str) -> None:
        """Press a button that leads to another page, and wait for that."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=words, exact=True).click()

    def follow(self, words: str, *, exact: bool = True) -> None:
        """Follow a link, to another page or within this one, and wait for that."""
        with self.page.expect_navigation():
            self.page.get_by_role("link", name=words, exact=exact).first.click()

    @property
    def heading(self) -> str:
        """Return the page's main heading without its caption."""
        found = self.page.locator("h1")
        caption = found.locator(".caption")
        whole = found.inner_text()
        return (whole.removeprefix(caption.inner_text()) if caption.count() else whole).strip()

    @property
    def errors(self) -> list[str]:
        """Return the lines of the error summary."""
        return self.page.locator(".govuk-error-summary li").all_inner_texts()

    def value_of(self, key: str) -> str:
        """Return what a summary list says beside a key."""
        row = self.page.locator(".govuk-summary-list__row", has=self.page.get_by_text(key, exact=True))
        return row.locator("dd").inner_text()

    def field(self, name: str) -> Locator:
        """Return a form field by its name, whatever characters that holds."""
        return self.page.locator(f'[name="{name}"]')

    def fill_moment(self, name: str, day: int, month: int, year: int, time: str) -> None:
        """Fill the four boxes of a moment."""
        for part, text in (("day", day), ("month", month), ("year", year), ("time", time)):
            self.field(f"{name}-{part}").fill(str(text))

    def choose(self, name: str, value: str) -> None:
        """Choose one of several boxes."""
        self.page.locator(f'[name="{name}"][value="{value}"]').check()

    def answer(self, item: str, option: str, **texts: str) -> None:
        """Rate a criterion and fill boxes by their names: ``commentary="..."``, ``action_by="31 3 2027"``."""
        self.choose(item, option)
        days = texts.pop("action_by", "").split()
        parts = {f"{item}-{part.replace('_', '-')}": words for part, words in texts.items()}
        parts |= {
            f"{item}-action-by-{part}": number for part, number in zip(("day", "month", "year"), days, strict=False)
        }
        for name, words in parts.items():
            self.field(name).fill(words)

    def tab_to(self, selector: str) -> None:
        """Press Tab until that element has the focus."""
        for _ in range(80):
            if self.page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab never reaches {selector} on {self.page.url}.")

    def check(self, widths: Sequence[int] = (NARROW,)) -> None:
        """Assert that axe finds nothing at these widths, and that nothing reaches off the page at any."""
        found = [
            f"at {width} px: {fault}" for width in (NARROW, WIDE) for fault in self._faults(width, width in widths)
        ]
        assert not found, f"{self.page.url}\n" + "\n".join(found)

    def _faults(self, width: int, with_axe: bool) -> Sequence[str]:
        self.page.set_viewport_size({"width": width, "height": HEIGHT})
        faults: list[Any] = [f"reaches off the page: {html}" for html in self.page.evaluate(TOO_WIDE)]
        if with_axe and self.script:
            if not self.page.evaluate("typeof window.axe === 'object'"):
                self.page.evaluate(axe())
            faults += self.page.evaluate(RUN_AXE, list(TAGS))
        return faults

    def leave(self) -> None:
        """Close the browser's windows."""
        self.context.remove_listener("console", self._console)
        self.context.remove_listener("weberror", self._fault)
        self._contexts.give_back(self.context, script=self.script)
