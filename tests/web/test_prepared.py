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

from audit_engine.definition.expressions import compile_expression
from audit_engine.definition.expressions.value_types import NUMBER, TEXT
from audit_engine.definition.item_types.base import OtherChoice
from audit_engine.definition.item_types.counts import Count
from audit_engine.definition.questionnaire import DutyFrom, Item, LawReference, Option, Parts, RatingRule, ResponseRule
from audit_engine.definition.translated import Translated
from audit_engine.response.answers import Answer, State
from audit_engine.response.earlier import Earlier, EarlierAnswer
from audit_engine.web.controls import Typed, form_of
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
    "counts": {"rows": (Option("front", "Front line"), Option("managers", "Managers")), "parts": Parts("All", "Done")},
    "knowledge": {"options": (Option("true", "True"), Option("false", "False"), Option("dont-know", "Don't know"))},
    "information": {},
}
CHOICE = (Option("manager", "My manager"), Option("poster", "A poster"), Option("other", "Other"))


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
    assert "<script>alert(1)</script> \"quoted\" & 'single'" in unescape(html)
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
        ("counts", (Count("front", 12, 9), Count("managers", 4, 0))), ("knowledge", "dont-know"),
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


def read_back(item: Item, repeat: str = "", **sent: str) -> tuple[Any, dict[str, str]]:
    """Return the value that a form gives, with the problems; keys are what stands behind the question's name."""
    name = f"{item.id}~{repeat}" if repeat else item.id
    fields = {name + key.replace("_", "-") if key != "value" else name: text for key, text in sent.items()}
    form = form_of([item], (), MultiDict({f"{name}-version": "0", **fields}), repeat)
    drafts = form.drafts(lambda item_id, area: Answer(item_id, area=area))
    return drafts[0].value, dict(form.problems())


def test_each_repeat_of_a_question_has_its_own_names_and_ids() -> None:
    item = rated("sca.9")
    pages = [str(prepare(item, CONTEXT, repeat).html(None, flags=Flags(("medway",)))) for repeat in ("", "1", "2")]
    ids = [set(Tree(html).ids()) for html in pages]
    assert len(ids[0] | ids[1] | ids[2]) == 3 * len(ids[0])
    assert {a["name"] for _, a in Tree(pages[2]).tags if a.get("name", "").endswith("commentary")} == {
        "sca.9~2-commentary", "sca.9~2@medway-commentary",
    }  # fmt: skip


def test_a_form_of_a_repeat_reads_that_repeat_alone() -> None:
    sent = MultiDict({"sca.9-version": "0", "sca.9": "met", "sca.9~2-version": "3", "sca.9~2": "not-met"})
    (draft,) = form_of([rated("sca.9")], (), sent, "2").drafts(lambda item, area: Answer(item, area=area))
    assert (draft.key, draft.value, draft.version) == (("sca.9", "2", ""), "not-met", 3)
    assert list(form_of([rated("sca.9")], ("medway",), MultiDict(), "2")._fields) == ["sca.9~2", "sca.9~2@medway"]


@pytest.mark.parametrize(
    "item_type, value",
    [("single-choice", OtherChoice("A friend & <b>")), ("multiple-choice", ("poster", OtherChoice("A friend & <b>")))],
)
def test_words_beside_other_come_back_as_they_were_written(item_type: str, value: object) -> None:
    item = Item("x.1", item_type, "Who told you?", options=CHOICE, other=True)
    prepared = prepare(item, CONTEXT)
    sent = posted(prepared, Answer("x.1", State.ANSWERED, value))
    assert sent["x.1-other"] == "A friend & <b>"
    (draft,) = form_of([item], (), sent).drafts(lambda _i, _a: Answer("x.1"))
    assert draft.value == value
    assert str(draft.value) == str(value)
    assert Tree(str(prepared.html(None))).named("x.1-other")[0]["value"] == ""


def test_words_beside_other_alone_choose_it_and_a_choice_outranks_them() -> None:
    item = Item("x.1", "single-choice", "Who told you?", options=CHOICE, other=True)
    alone, _ = read_back(item, value="", _other="A friend")
    assert (alone, alone.words) == ("other", "A friend")
    assert read_back(item, value="poster", _other="A friend") == ("poster", {})
    _, problems = read_back(item, value="other", _other="x" * 501)
    assert problems == {"x.1": "“Other” has 501 characters; at most 500 fit. Shorten it."}


def test_a_question_without_other_has_no_box_for_it() -> None:
    item = Item("x.1", "single-choice", "Who told you?", options=CHOICE)
    assert "Please say" not in prepare(item, CONTEXT).html(None)
    assert read_back(item, value="other", _other="A friend") == ("other", {})


def test_heads_are_counted_in_labelled_pairs() -> None:
    tree = Tree(prepare(Item("x.1", "counts", "How many?", **EVERY_CONTROL["counts"]), CONTEXT).html(None))
    names = [a["name"] for _, a in tree.tags if a.get("inputmode") == "numeric"]
    assert names == [f"x.1-row-{row}-{part}" for row in ("front", "managers") for part in ("headcount", "completed")]
    labelled = {a["for"] for tag, a in tree.tags if tag == "label"}
    assert labelled == {a["id"] for _, a in tree.tags if a.get("inputmode") == "numeric"}


def test_heads_without_rows_are_one_pair() -> None:
    item = Item("x.1", "counts", "How many?")
    assert read_back(item, _headcount="1,200", _completed="9") == ((Count("", 1200, 9),), {})
    assert read_back(item, _headcount="", _completed="") == (None, {})


@pytest.mark.parametrize(
    "headcount, completed, sentence",
    [
        ("4", "5", "Front line: “Done” (5) cannot be more than “All” (4)."),
        ("4", "", "Front line: Write both numbers, or neither; “Done” is missing."),
        ("four", "2", "Front line, All: “four” is not a whole number. Write figures only, such as 12."),
    ],
)
def test_heads_that_cannot_be_are_shown_again_with_a_sentence(headcount: str, completed: str, sentence: str) -> None:
    item = Item("x.1", "counts", "How many?", **EVERY_CONTROL["counts"])
    sent = MultiDict(
        {"x.1-version": "0", "x.1-row-front-headcount": headcount, "x.1-row-front-completed": completed}
    )  # fmt: skip
    form = form_of([item], (), sent)
    assert form.problems() == {"x.1": sentence}
    tree = Tree(prepare(item, CONTEXT).html(form.typed()["x.1"], None, form.problems()))
    assert [tree.named(f"x.1-row-front-{part}")[0]["value"] for part in ("headcount", "completed")] == [
        headcount, completed,
    ]  # fmt: skip


def test_a_rating_that_follows_is_told_and_never_asked() -> None:
    rule = RatingRule("met", compile_expression('x.0 == "yes"', {"x.0": TEXT}))
    item = rated(rules=(rule,))
    prepared = prepare(item, CONTEXT)
    told = str(prepared.html(Answer("s11.IS.3", State.ANSWERED, "partly-met")))
    assert "Partially met" in told
    assert not Tree(told).named("s11.IS.3")
    assert "Not yet known" in prepared.html(Answer("s11.IS.3"))
    assert form_of([item], (), MultiDict({"s11.IS.3-version": "0", "s11.IS.3": "met"})).drafts(lambda i, a: None) == ()


def test_a_share_of_nought_is_told_as_nought() -> None:
    item = Item("x.2", "calculated", "Share", unit="%", calculate=compile_expression("100 * x.1", {"x.1": NUMBER}))
    assert "0 %" in prepare(item, CONTEXT).html(Answer("x.2", State.ANSWERED, Decimal(0)))


def test_lines_that_are_only_to_be_read_make_a_list() -> None:
    item = Item("coc.A.pupils", "information", "Questions to ask pupils", guidance=f"First?\n{NASTY}\n")
    html = str(prepare(item, CONTEXT).html(None))
    assert [tag for tag, _ in Tree(html).tags if tag in ("li", "fieldset", "input")] == ["li", "li"]
    assert "<script" not in html


@pytest.mark.parametrize(
    "duty, on, words",
    [
        (DutyFrom(date(2025, 9, 1), "EYFS"), date(2025, 9, 1), "Legal duty since 1 September 2025"),
        (DutyFrom(date(2025, 9, 1), "EYFS"), date(2025, 8, 31), "Legal duty from 1 September 2025"),
        (None, date(2025, 9, 1), "Good practice"),
    ],
)
def test_a_question_says_whether_it_asks_for_a_duty(duty: DutyFrom | None, on: date, words: str) -> None:
    item = rated(duty_from=duty, law=(LawReference("Act", on),))
    html = str(prepare(item, PageContext(duties_on=on)).html(None))
    assert f'<p class="item__duty">{words}</p>' in html
    assert ("The duty:</b> EYFS" in html) is (duty is not None)
    assert "item__duty" not in prepare(item, CONTEXT).html(None)


def test_translated_texts_say_in_which_language_they_are_and_others_do_not() -> None:
    options = (Option("yes", Translated("Ie", {"en": "Yes"})), Option("no", "No"))
    item = Item(
        "x.1", "single-choice", Translated("Beth?", {"en": "What?"}), options=options, guidance="Left in English"
    )
    html = str(prepare(item, PageContext(language="cy")).html(None))
    assert html.count('lang="cy"') == 2
    assert '<span lang="cy">Beth?</span>' in html
    assert 'lang="cy">Ie</label>' in html
    assert "lang=" not in prepare(item, CONTEXT).html(None)


def test_what_to_do_today_is_offered_with_the_answers_that_call_for_it() -> None:
    item = rated(do_today="Give <no> food", action=ResponseRule(("partly-met",)))
    html = str(prepare(item, CONTEXT).html(None))
    assert "Give &lt;no&gt; food" in html
    assert [a["value"] for a in Tree(html).named("s11.IS.3") if "data-today" in a] == ["partly-met", "not-met"]
