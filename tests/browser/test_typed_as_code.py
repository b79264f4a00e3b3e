"""Is what an organisation types ever run, or changed, on any page that shows it?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest

from tests.browser.conftest import Visit
from tests.browser.running_site import CYCLE, LITTLE_OTTERS, OTTERFELL, RunningSite
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

RUN = "window.ranCode=1"
# Each would run somewhere that trusts a text: between tags, in an attribute, a script, a template, an address.
PAYLOADS = (
    f"<script>{RUN}</script>",
    f"<img src=x onerror={RUN}>",
    f'"><svg onload={RUN}>',
    f"' autofocus onfocus={RUN} x='",
    f"</textarea><script>{RUN}</script>",
    f"</title><img src=x onerror='{RUN}'>",
    f'<iframe srcdoc="<script>parent.{RUN}</script>"></iframe>',
    f'<a href="javascript:{RUN}">here</a>',
    f"<details open ontoggle={RUN}>",
    "{{7*7}}{% raw %}${7*7}<%= 7*7 %>",
    "&lt;b&gt; &amp;amp; \\u003cscript\\u003e",
    f"<!--><svg><style><img src=x onerror={RUN}>",
    "\u202etxet\u202c \ue000value\ue001",
)
BOXES = ("commentary", "evidence", "action-what", "action-who", "action-how")
CRITERIA = ("s11.LI.1", "s11.LI.3", "s11.LI.8")


def boxes() -> Iterator[tuple[str, str]]:
    """Give every text box of a standard one of the texts, every text at least once."""
    names = [f"{item}-{box}" for item in CRITERIA for box in BOXES]
    for number, name in enumerate(names):
        yield name, PAYLOADS[number % len(PAYLOADS)]


def nothing_ran(visitor: Visitor) -> None:
    assert visitor.page.evaluate("typeof window.ranCode") == "undefined", visitor.page.url
    assert (
        visitor.page.evaluate("document.querySelectorAll('main iframe, main svg, main img, main script').length") == 0
    )


def missing(visitor: Visitor, texts: Mapping[str, str]) -> dict[str, str]:
    """Return the texts that a page does not show as they were typed; none may have run."""
    nothing_ran(visitor)
    whole = visitor.page.locator("main").evaluate("(main) => main.textContent")
    return {name: text for name, text in texts.items() if text not in whole}


def fill(visitor: Visitor, texts: Mapping[str, str]) -> None:
    visitor.page.goto(f"/returns/{visitor.site.return_of(OTTERFELL)}/standards/learning")
    for item in CRITERIA:
        visitor.answer(item, "not-met", action_by="31 3 2027")
    for name, text in texts.items():
        visitor.field(name).fill(text)


def test_every_text_of_a_return_is_shown_as_it_was_typed_and_never_run(visit: Visit, site: RunningSite) -> None:
    texts = dict(boxes())
    number = site.return_of(OTTERFELL)
    lead = visit("lead")
    fill(lead, texts)
    lead.press("Save and go to Commissioning")
    lead.page.go_back()
    assert {name: lead.field(name).input_value() for name in texts} == texts
    nothing_ran(lead)
    for page in ("check", "print", "history"):
        lead.page.goto(f"/returns/{number}/{page}")
        assert missing(lead, texts if page != "history" else {}) == {}
    team = visit("business team")
    team.page.goto(f"/returns/{number}/read")
    assert missing(team, texts) == {}
    site.change("update cycle set closed_at = opened_at where id = :id", id=CYCLE)
    lead.page.goto(f"/returns/{number}/standards/learning")
    assert missing(lead, texts) == {}


def test_a_conflict_shows_both_texts_and_runs_neither(visit: Visit, site: RunningSite) -> None:
    theirs = {item: PAYLOADS[number] for number, item in enumerate(CRITERIA)}
    mine = {item: PAYLOADS[number + 3] for number, item in enumerate(CRITERIA)}
    colleague, lead = visit("colleague"), visit("lead")
    lead.expect("409")
    for visitor in (colleague, lead):
        visitor.page.goto(f"/returns/{site.return_of(OTTERFELL)}/standards/learning")
    for item in CRITERIA:
        colleague.answer(item, "met", commentary=theirs[item])
    colleague.press("Save and go back to the list")
    for item in CRITERIA:
        lead.answer(item, "met", commentary=mine[item])
    lead.page.locator(".conflict").nth(len(CRITERIA) - 1).wait_for()
    assert missing(lead, theirs) == {}
    lead.press("Save and go to Commissioning")
    assert missing(lead, theirs) == {}
    assert missing(lead, mine) == {}


def test_a_reason_an_area_s_commentary_and_a_long_answer_are_shown_as_typed(visit: Visit, site: RunningSite) -> None:
    lead = visit("joint lead")
    lead.page.goto(f"/returns/{site.return_of(LITTLE_OTTERS)}/standards/leadership")
    lead.answer("s11.LG.9", "not-applicable", reason=PAYLOADS[0])
    lead.page.locator("summary", has_text="Different in Saltreach?").nth(1).click()
    lead.answer("s11.LG.7@saltreach", "not-met", commentary=PAYLOADS[1])
    lead.press("Save and go to Voice and identity")
    lead.page.goto(f"/returns/{site.return_of(LITTLE_OTTERS)}/check")
    assert missing(lead, {"reason": PAYLOADS[0], "area": PAYLOADS[1]}) == {}


def test_names_and_reasons_of_people_are_shown_as_typed(visit: Visit, site: RunningSite) -> None:
    number = site.return_of(OTTERFELL)
    team = visit("business team")
    team.page.goto(f"/returns/{number}/more-time")
    team.fill_moment("until", 15, 1, 2027, "17:00")
    team.page.get_by_label("Why does this organisation get longer?").fill(PAYLOADS[1])
    team.press("Give more time")
    nothing_ran(team)
    for page in ("read", "history"):
        team.page.goto(f"/returns/{number}/{page}")
        assert missing(team, {"reason": PAYLOADS[1]}) == {}
    administrator = visit("administrator")
    administrator.page.goto("/people")
    for label, words in {"Name": PAYLOADS[2], "E-mail address": "x@demo.example.org",
                         "First password": "a long enough one"}.items():  # fmt: skip
        administrator.page.get_by_label(label).fill(words)
    administrator.page.get_by_label("Role").select_option("Executive")
    administrator.press("Add this person")
    assert missing(administrator, {"name": PAYLOADS[2]}) == {}


def test_a_declared_name_is_shown_as_typed(visit: Visit, site: RunningSite) -> None:
    number = site.return_of(OTTERFELL)
    lead = visit("lead")
    fill(lead, {f"{item}-{box}": "Enough." for item in CRITERIA for box in BOXES})
    lead.press("Save and go to Commissioning")
    for item in ("s11.CO.1", "s11.CO.5", "s11.CO.6"):
        lead.answer(item, "not-applicable", reason=PAYLOADS[4])
    lead.press("Save and check your answers")
    lead.follow("Go on to submit")
    lead.page.get_by_label("Your name").fill(PAYLOADS[2])
    lead.page.get_by_label("Your role").fill(PAYLOADS[3])
    lead.page.get_by_label("I make this declaration").check()
    lead.press("Submit your audit")
    assert missing(lead, {"name and role": f"{PAYLOADS[2]}, {PAYLOADS[3]}"}) == {}
    team = visit("business team")
    team.page.goto(f"/returns/{number}/read")
    assert missing(team, {"name and role": f"{PAYLOADS[2]}, {PAYLOADS[3]}", "reason": PAYLOADS[4]}) == {}


def test_a_text_that_comes_back_after_the_session_ended_is_shown_as_typed(visit: Visit, site: RunningSite) -> None:
    texts = dict(list(boxes())[:9])
    lead = visit("lead")
    lead.expect("401", "400")
    fill(lead, texts)
    lead.context.clear_cookies()
    lead.press("Save and go to Commissioning")
    assert missing(lead, texts) == {}
    hidden = {name: lead.page.locator(f'input[type="hidden"][name="{name}"]').input_value() for name in texts}
    assert hidden == texts
