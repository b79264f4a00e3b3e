"""Is a question's prepared HTML the Design System's, and does nothing that was typed become markup?"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from functools import cache
from html import unescape
from html.parser import HTMLParser
from typing import Any

import pytest
from jinja2 import Environment, PackageLoader, PrefixLoader
from werkzeug.datastructures import MultiDict
from wtforms.fields.core import UnboundField
from wtforms.form import BaseForm

from audit_engine.definition.questionnaire import Item, Option, ResponseRule
from audit_engine.response.answers import Answer, State
from audit_engine.response.earlier import Earlier, EarlierAnswer
from audit_engine.web.controls import DayField, Typed, form_of
from audit_engine.web.pieces import CLOSING, OPENING
from audit_engine.web.prepared import Flags, PageContext, PreparedItem, descriptors, prepare

NASTY = """<script>alert(1)</script> "quoted" & 'single' {{ 7 * 7 }}"""
OPTIONS = (
    Option("met", "Met", Decimal(2), "met", "In place & known"),
    Option("partly-met", "Partially met", Decimal(1), "partly-met", "Out of date"),
    Option("not-met", "Not met", Decimal(0), "not-met"),
    Option("not-applicable", "Not applicable", None, "not-applicable", needs="reason"),
)
RULES = {
    "commentary": ResponseRule(("partly-met", "not-met", "changed", "new", "critical"), 120),
    "evidence": ResponseRule(("met",)),
    "action": ResponseRule(("partly-met", "not-met")),
}
CONTEXT = PageContext({"medway": "Medway", "kent": "Kent"}, "Section 11 audit 2024")
EVERY_CONTROL: dict[str, dict[str, Any]] = {
    "rating": {"options": OPTIONS, "scale": "met"},
    "single-choice": {"options": OPTIONS},
    "multiple-choice": {"options": OPTIONS},
    "yes-no-unsure": {"options": (Option("yes", "Yes"), Option("no", "No"), Option("unsure", "Not sure"))},
    "grid": {"options": OPTIONS, "rows": (Option("front", "Front line"), Option("managers", "Managers"))},
    "number": {"unit": "people", "whole": True},
    "text": {},
    "long-text": {},
    "date": {},
    "file": {},
    "information": {},
}


def rated(item_id: str = "s11.IS.3", text: str = "Records are factual", **more: object) -> Item:
    """Return a criterion with every rule."""
    return Item(item_id, "rating", text, scale="met", options=OPTIONS, **{**RULES, **more})  # type: ignore[arg-type]


def before(rating: str = "met", commentary: str = "Well known") -> Earlier:
    """Return last time's answer."""
    return Earlier("same", (EarlierAnswer("s11.IS.3", "Records", rating, commentary, rating),))  # type: ignore[arg-type]


class Tree(HTMLParser):
    """The tags of a page with their attributes, in order, and which were left open."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.append((tag, dict(attrs)))
        if tag != "input":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Insist that it closes the last one opened."""
        assert self.open.pop() == tag

    def ids(self) -> list[str]:
        """Return every id."""
        return [a["id"] or "" for _, a in self.tags if "id" in a]

    def named(self, name: str) -> list[dict[str, str | None]]:
        """Return the attributes of the fields of that name."""
        return [a for _, a in self.tags if a.get("name") == name]


@cache
def official_macros() -> Environment:
    """Return the Design System's macros as ported to Jinja."""
    loader = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    return Environment(loader=loader, autoescape=True)


def official_radios(item: Item, value: str | None, error: str | None) -> str:
    """Render the official radios for an item."""
    source = "{% from 'govuk_frontend_jinja/components/radios/macro.html' import govukRadios %}{{ govukRadios(given) }}"
    items = [
        {"value": o.id, "text": o.label, **({"hint": {"text": o.descriptor}} if o.descriptor else {})}
        for o in item.options
    ]
    given: dict[str, object] = {
        "name": item.id,
        "idPrefix": "s11-IS-3",
        "classes": "govuk-radios--small",
        "value": value,
        "items": items,
    }
    given["fieldset"] = {"legend": {"text": item.text, "classes": "govuk-fieldset__legend--s"}}
    if error:
        given["errorMessage"] = {"text": error}
    return official_macros().from_string(source).render(given=given)


def radios_of(html: str) -> list[tuple[str, tuple[tuple[str, str | None], ...]]]:
    """Return the tags of the choices, without what we leave out or share on purpose (docs/look.md)."""
    kept = ("class", "id", "name", "type", "value", "for", "checked")
    choice = re.compile("govuk-radios__(item|input|label|hint)")
    found = []
    for tag, attributes in Tree(html).tags:
        if choice.search(attributes.get("class") or ""):
            hint = "govuk-radios__hint" in (attributes.get("class") or "")
            wanted = ("class",) if hint else kept
            found.append((tag, tuple((k, attributes[k]) for k in wanted if k in attributes)))
    return found


@pytest.mark.parametrize("value", [None, *(o.id for o in OPTIONS)])
@pytest.mark.parametrize("error", [None, "Choose a rating"])
def test_the_choices_are_the_design_systems_own_markup(value: str | None, error: str | None) -> None:
    item = rated(commentary=ResponseRule(), evidence=ResponseRule(), action=ResponseRule())
    state = State.ANSWERED if value else State.UNANSWERED
    ours = prepare(item, CONTEXT).html(Answer(item.id, state, value), None, {item.id: error} if error else None)
    assert radios_of(ours) == radios_of(official_radios(item, value, error))


def test_an_error_stands_before_the_choices_and_describes_them() -> None:
    item = rated()
    html = prepare(item, CONTEXT).html(None, None, {"s11.IS.3": "Choose a rating", "s11.IS.3-commentary": "Too long"})
    assert html.index("govuk-error-message") < html.index("govuk-radios__input")
    fieldset = next(a for tag, a in Tree(html).tags if tag == "fieldset")
    assert fieldset["aria-describedby"] == "s11-IS-3-error"
    box = Tree(html).named("s11.IS.3-commentary")[0]
    assert (box["aria-describedby"] or "").split() == ["s11-IS-3-commentary-hint", "s11-IS-3-commentary-error"]
    assert "govuk-textarea--error" in (box["class"] or "")


@pytest.mark.parametrize("control", EVERY_CONTROL)
def test_nothing_of_a_definition_or_an_error_becomes_markup(control: str) -> None:
    made = EVERY_CONTROL[control]
    options = tuple(Option(o.id, NASTY, o.points, o.counts_as, NASTY, o.needs) for o in made.get("options", ()))
    item = Item("x.1", control, NASTY, guidance=NASTY, good_evidence=NASTY, **{**made, "options": options, **RULES})
    html = prepare(item, CONTEXT).html(None, before(commentary=NASTY), {"x.1": NASTY}, None, Flags(("medway",)))
    assert "<script" not in html
    assert NASTY in unescape(html)
    assert not Tree(html).open


@pytest.mark.parametrize("choice", ["met", "partly-met", "not-met", "not-applicable", ""])
@pytest.mark.parametrize("earlier", [None, before(NASTY, NASTY)])
@pytest.mark.parametrize("problems", [None, {"s11.IS.3-reason": NASTY, "s11.IS.3@medway": NASTY}])
def test_nothing_that_was_typed_becomes_markup(
    choice: str, earlier: Earlier | None, problems: dict[str, str] | None
) -> None:
    said = Answer(
        "s11.IS.3", State.ANSWERED, choice, "", "", NASTY, NASTY, NASTY, date(2026, 11, 21), NASTY, NASTY,
        date(2027, 3, 31), NASTY, 4,
    )  # fmt: skip
    html = prepare(rated(), CONTEXT).html(said, earlier, problems, {"medway": said}, Flags(("medway", "kent")))
    assert "<script" not in html
    tree = Tree(html)
    assert not tree.open
    assert len(tree.ids()) == len(set(tree.ids()))
    assert tree.named("s11.IS.3-action-who")[0]["value"] == NASTY
    assert html.count("&lt;script&gt;") >= 8


def test_what_somebody_typed_wrongly_is_shown_again_as_it_was() -> None:
    item = rated()
    typed = Typed("met", (NASTY, "", "", "", "", ""), ("31", "2", '20"27'), False, None, 3, True)
    tree = Tree(prepare(item, CONTEXT).html(typed, None, {"s11.IS.3-action-by": "There is no such day"}))
    assert [tree.named(f"s11.IS.3-action-by-{part}")[0]["value"] for part in ("day", "month", "year")] == [
        "31", "2", '20"27',
    ]  # fmt: skip
    assert tree.named("s11.IS.3-version")[0]["value"] == "3"


def test_a_text_that_looks_like_a_slot_stays_a_text() -> None:
    said = Answer("s11.IS.3", State.ANSWERED, "met", commentary=f"{OPENING}version{CLOSING}", version=7)
    html = prepare(rated(), CONTEXT).html(said)
    assert f"{OPENING}version{CLOSING}" in html
    assert html.count("7") == prepare(rated(), CONTEXT).html(Answer("s11.IS.3", version=7)).count("7")


def test_a_question_that_the_profile_rules_out_is_shown_with_its_reason_and_no_box() -> None:
    html = prepare(rated(), CONTEXT).html(None, flags=Flags(not_asked=f"Not asked because {NASTY}"))
    assert "item--greyed" in html
    assert "<input" not in html
    assert "<script" not in html


def test_still_true_is_offered_only_for_the_rating_of_last_time() -> None:
    tree = Tree(prepare(rated(), CONTEXT).html(None, before("met")))
    assert [a["value"] for a in tree.named("s11.IS.3") if "data-last" in a] == ["met"]


@pytest.mark.parametrize("item, earlier", [(rated(), before("not-met")), (rated(critical=True), before("met"))])
def test_still_true_is_not_offered_where_commentary_is_needed_anyway(item: Item, earlier: Earlier) -> None:
    tree = Tree(prepare(item, CONTEXT).html(None, earlier))
    assert not [a for a in tree.named("s11.IS.3") if "data-last" in a]


def test_one_organisations_answer_never_reaches_anothers_page() -> None:
    prepared = prepare(rated(), CONTEXT)
    first = prepared.html(Answer("s11.IS.3", State.ANSWERED, "met", commentary="Ours alone", version=2), before())
    second = prepared.html(Answer("s11.IS.3", State.ANSWERED, "not-met", commentary="Other words", version=9), before())
    third = prepared.html(Answer("s11.IS.3", State.ANSWERED, "not-met", confirmed_on=date(2026, 11, 21)), before())
    assert "Ours alone" in first
    assert "Ours alone" not in second
    chosen = [[a["value"] for a in Tree(h).named("s11.IS.3") if "checked" in a] for h in (first, second, third)]
    assert chosen == [["met"], ["not-met"], ["not-met"]]
    assert ["checked" in Tree(h).named("s11.IS.3-confirmed")[0] for h in (second, third)] == [False, True]
    assert prepared.html(None) == prepare(rated(), CONTEXT).html(None)


def test_an_area_answers_on_its_own_and_says_so() -> None:
    said = Answer("s11.IS.3", State.ANSWERED, "not-met", area="medway", commentary="The team moved", version=2)
    tree = Tree(prepare(rated(), CONTEXT).html(None, None, None, {"medway": said}, Flags(("medway", "kent"))))
    assert [a["value"] for a in tree.named("s11.IS.3@medway") if "checked" in a] == ["not-met"]
    assert [a["value"] for a in tree.named("s11.IS.3@kent") if "checked" in a] == [""]
    assert [a.get("open", "closed") for tag, a in tree.tags if tag == "details"] == [None, "closed"]


def test_earlier_answers_are_piped_in_as_text() -> None:
    item = rated(text="Is {answer:s11.LG.1} still so, and does {area.lado} know?")
    html = prepare(item, CONTEXT).html(None, flags=Flags(piped={"answer:s11.LG.1": NASTY}))
    assert f"Is {NASTY} still so, and does ... know?" in unescape(html)
    assert "<script" not in html


def test_every_choice_is_described_by_an_element_of_the_page() -> None:
    items = [rated("s11.IS.3"), rated("s11.IS.4")]
    page = str(descriptors(items)) + "".join(prepare(i, CONTEXT).html(None) for i in items)
    tree = Tree(page)
    described = {a["aria-describedby"] for _, a in tree.tags if a.get("type") == "radio" and "aria-describedby" in a}
    assert described == {"means-met-met", "means-met-partly-met"}
    assert described <= set(tree.ids())
    assert len(tree.ids()) == len(set(tree.ids()))


def posted(prepared: PreparedItem, answer: Answer) -> MultiDict[str, str]:
    """Return what a browser would send of a question's boxes."""
    sent: MultiDict[str, str] = MultiDict()
    html = str(prepared.html(answer))
    for tag, attributes in Tree(html).tags:
        choice = attributes.get("type") in ("radio", "checkbox")
        if tag == "input" and (not choice or "checked" in attributes):
            sent.add(attributes["name"] or "", attributes.get("value") or "")
    for name, text in re.findall(r'<textarea[^>]* name="([^"]*)"[^>]*>\n?(.*?)</textarea>', html, re.S):
        sent.add(unescape(name), unescape(text).replace("\n", "\r\n"))
    return sent


@pytest.mark.parametrize(
    "item_type, value",
    [
        ("rating", "partly-met"), ("multiple-choice", ("met", "not-met")), ("number", Decimal(12)), ("text", NASTY),
        ("long-text", f"One\n\n{NASTY}"), ("date", date(2026, 11, 21)), ("yes-no-unsure", "unsure"),
        ("grid", (("front", "met"), ("managers", "not-met"))),
    ],
)  # fmt: skip
def test_what_a_page_shows_comes_back_from_its_form_as_the_same_answer(item_type: str, value: object) -> None:
    item = Item("x.1", item_type, "Question", **{**EVERY_CONTROL[item_type], **RULES})
    by = date(2027, 3, 31)
    commentary = f"a\nb {NASTY}"
    answer = Answer("x.1", State.ANSWERED, value, commentary=commentary, action_by=by, action_who="Sam", version=3)
    form = form_of([item], (), posted(prepare(item, CONTEXT), answer))
    (draft,) = form.drafts(lambda _item, _area: answer)
    assert form.problems() == {}
    assert (draft.value, draft.commentary, draft.version) == (value, commentary, 3)
    assert (draft.action_by, draft.action_who, draft.confirmed) == (by, "Sam", False)


def test_a_part_that_makes_no_sense_keeps_what_is_stored_and_says_why() -> None:
    stored = Answer("s11.IS.3", State.ANSWERED, "met", action_by=date(2027, 1, 1), version=1)
    sent = MultiDict(
        {
            "s11.IS.3-version": "1", "s11.IS.3": "not-met", "s11.IS.3-commentary": "Kept",
            "s11.IS.3-action-by-day": "31", "s11.IS.3-action-by-month": "2", "s11.IS.3-action-by-year": "2027",
        }
    )  # fmt: skip
    form = form_of([rated()], ("medway",), sent)
    (draft,) = form.drafts(lambda _item, _area: stored)
    assert (draft.value, draft.commentary, draft.action_by) == ("not-met", "Kept", date(2027, 1, 1))
    assert list(form.problems()) == ["s11.IS.3-action-by"]
    assert form.typed()["s11.IS.3"].action_by == ("31", "2", "2027")


def test_a_text_that_is_too_long_is_refused_with_its_length() -> None:
    form = form_of([rated()], (), MultiDict({"s11.IS.3-version": "0", "s11.IS.3-commentary": "x" * 10_001}))
    assert "10,001" in form.problems()["s11.IS.3-commentary"]
    assert len(form.typed()["s11.IS.3"].texts[0]) == 10_001


def test_a_question_that_the_form_does_not_carry_is_left_alone() -> None:
    form = form_of([rated("s11.IS.3"), rated("s11.IS.4")], (), MultiDict({"s11.IS.4-version": "0", "s11.IS.4": "met"}))
    assert [d.item for d in form.drafts(lambda item, area: Answer(item, area=area))] == ["s11.IS.4"]


@pytest.mark.parametrize("written", [("31", "2", "2027"), ("", "1", "2027"), ("1", "1", "27")])
def test_a_day_that_does_not_exist_is_shown_again_with_a_sentence(written: tuple[str, str, str]) -> None:
    parts = zip(("day", "month", "year"), written, strict=True)
    form = BaseForm({"until": UnboundField(DayField, "New closing day")})
    form.process(MultiDict({f"until-{part}": text for part, text in parts}))
    assert not form.validate()
    assert form["until"].typed == written
    assert form["until"].errors == ["New closing day must be a real date, for example 31 3 2027."]
