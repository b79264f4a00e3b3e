"""Read a case a second time: begin, rate, finish or give up, see both ratings side by side, write a note."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import BooleanField, TextAreaField
from wtforms.validators import DataRequired, Length

from audit_engine.definition.questionnaire import Item, ResponseRule
from audit_engine.services import second_reading
from audit_engine.services.answering import OpenReturn
from audit_engine.services.case_answers import Case, CaseReturn, read_twice
from audit_engine.services.clock import now
from audit_engine.services.save_answers import TooLate
from audit_engine.services.second_reading import Chosen, ReadingRefused, SideBySide
from audit_engine.storage import cases as stored
from audit_engine.storage.cases import ReadingRow
from audit_engine.web import faults
from audit_engine.web.controls import LONGEST_TEXT, AnswersForm, form_of, writable
from audit_engine.web.page_filters import html_id
from audit_engine.web.policy import me
from audit_engine.web.prepared import PageContext, PreparedItem, descriptors, prepare
from audit_engine.web.site import page, site
from audit_engine.web.views.cases import may_answer, the_case
from audit_engine.web.views.shared import Problem, done, note_visit, refused

WHY = ResponseRule(suggested_words=20, prompt="If you like, say why. No name, date of birth or address.")


@dataclass(frozen=True, slots=True)
class PairShown:
    """What the two readers chose for one question, in words."""

    item: Item
    first: str
    second: str
    pair: SideBySide


class BeginForm(FlaskForm):
    """That the first ratings were not seen."""

    apart = BooleanField(
        "I have not seen how this case was rated", [DataRequired("Tick the box if you have not seen the ratings")]
    )


class NoteForm(FlaskForm):
    """What the two agreed on."""

    note = TextAreaField(
        "Where the two of you differed: why, and what did you agree on?",
        [Length(max=LONGEST_TEXT, message=f"Write at most {LONGEST_TEXT:,} characters")],
        [writable],
        description="Themes, not the story. Never a name, a date of birth, an address or anything by which a family "
        "could be recognised. Change the answers of the case if you agreed on another rating.",
    )


def second_reading_page(return_id: int, case: str) -> ResponseReturnValue:
    """Show whichever step of the second reading this person is at."""
    whole, found = the_case(case)
    note_visit(whole.facts)
    return _page(whole, found, BeginForm(formdata=None))


def _page(whole: CaseReturn, case: Case, form: BeginForm) -> ResponseReturnValue:
    reading = whole.readings.get(case.number)
    if reading is None:
        return _begin_page(whole, case, form)
    if reading.compared_at is not None:
        return _compared_page(whole, case, reading, NoteForm(formdata=None, data={"note": reading.note}))
    if reading.finished_at is None and reading.reader == me().id and may_answer(whole):
        return _rating_page(whole, case)
    return render_template("second_reading_waits.html", opened=whole, case=case, reading=reading)


def _begin_page(whole: CaseReturn, case: Case, form: BeginForm) -> ResponseReturnValue:
    problems = [Problem(errors[0], f"#{name}") for name, errors in form.errors.items() if errors and name]
    body = render_template(
        "second_reading_begin.html", opened=whole, case=case, form=form, problems=problems,
        may_answer=may_answer(whole),
    )  # fmt: skip
    return body, 400 if problems else 200


def begin_second_reading(return_id: int, case: str) -> ResponseReturnValue:
    """Begin a second reading."""
    (whole, found), form = the_case(case), BeginForm()
    if not form.validate():
        return _begin_page(whole, found, form)
    return _then_show(
        lambda: second_reading.begin(site().engine, site().definitions, return_id, case, me().id, now()), case
    )


def _rating_page(
    whole: CaseReturn, case: Case, form: AnswersForm | None = None, missing: tuple[str, ...] = ()
) -> ResponseReturnValue:
    view = _own_view(whole, case)
    problems = {item: "Choose a rating, or an answer" for item in missing} | (dict(form.problems()) if form else {})
    body = render_template(
        "second_reading.html", opened=whole, case=case, questions=list(_questions(whole, view, problems)),
        problems=[
            Problem(f"{_short(whole, name)}: {sentence}", "#" + html_id(name)) for name, sentence in problems.items()
        ],
    )  # fmt: skip
    return body, 400 if problems else 200


def _own_view(whole: CaseReturn, case: Case) -> OpenReturn:
    with page() as connection:
        rows = stored.ratings(connection, whole.facts.id, case.number)
    return second_reading.second_view(whole, case.number, rows)


def _short(whole: CaseReturn, name: str) -> str:
    item = next((i for i in whole.questionnaire.items if name == i.id or name.startswith(f"{i.id}-")), None)
    return f"Question {item.short_id}" if item else "Question"


def _questions(whole: CaseReturn, view: OpenReturn, problems: Mapping[str, str]) -> Iterator[str]:
    prepared = _prepared(whole)
    yield descriptors([p.item for p in prepared])
    for question in prepared:
        yield question.html(view.answer(question.item.id), None, problems)


def _prepared(whole: CaseReturn) -> tuple[PreparedItem, ...]:
    cache, key = site().prepared, (whole.facts.content_hash, "read twice")
    if key not in cache:
        context = PageContext(questions={i.id: i.text for i in whole.questionnaire.items})
        cache[key] = {i.id: prepare(_plain(i), context) for i in read_twice(whole.questionnaire)}
    return tuple(cache[key].values())


def _plain(item: Item) -> Item:
    """Return an item as a second reader is asked it: the rating, and why if they like."""
    return replace(item, commentary=WHY, evidence=ResponseRule(), action=ResponseRule())


def save_second_reading(return_id: int, case: str) -> ResponseReturnValue:
    """Keep the second reader's ratings; with "finish" end the reading, or say what is missing."""
    whole, found = the_case(case)
    form = form_of([_plain(i) for i in read_twice(whole.questionnaire)], (), request.form)
    view, finish = _own_view(whole, found), request.form.get("then") == "finish"
    drafts = form.drafts(view.answer)
    chosen = [Chosen(d.item, str(d.value), d.commentary or d.reason) for d in drafts if d.value is not None]
    try:
        missing = second_reading.save_reading(
            site().engine, site().definitions, return_id, case, chosen, me().id, now(),
            finish=finish and not form.problems(),
        )  # fmt: skip
    except ReadingRefused as refusal:
        refused(str(refusal))
        return redirect(_address(case))
    except TooLate as late:
        return faults.page(409, sentence=str(late))
    if missing or form.problems():
        return _rating_page(whole, found, form, missing)
    if not finish:
        done("Your ratings are saved. Finish when you have rated everything.")
    return redirect(_address(case))


def ask_give_up(return_id: int, case: str) -> ResponseReturnValue:
    """Ask before a second reading is given up."""
    _whole, found = the_case(case)
    return render_template(
        "confirm.html", title="Give up your second reading?", caption=f"Case {found.reference}",
        paragraphs=["Your ratings of this case are deleted. Somebody else can then read it a second time."],
        warning="Your ratings cannot be brought back.",
        action=url_for("give_up_second_reading", return_id=return_id, case=case), button="Give it up",
        cancel=_address(case), problems=(), form=None, fields=(),
    )  # fmt: skip


def give_up_second_reading(return_id: int, case: str) -> ResponseReturnValue:
    """Give up a second reading."""
    the_case(case)

    def give_up() -> None:
        second_reading.give_up(site().engine, site().definitions, return_id, case, me().id, now())
        done("Your second reading is given up.")

    return _then_show(give_up, case)


def _compared_page(whole: CaseReturn, case: Case, reading: ReadingRow, form: NoteForm) -> ResponseReturnValue:
    with page() as connection:
        rows = stored.ratings(connection, whole.facts.id, case.number)
    pairs = [_pair_shown(p) for p in second_reading.side_by_side(whole, case.number, rows)]
    problems = [Problem(errors[0], f"#{name}") for name, errors in form.errors.items() if errors and name]
    both = [p for p in pairs if p.pair.first and p.pair.second]
    body = render_template(
        "second_reading_compared.html", opened=whole, case=case, reading=reading, pairs=pairs, form=form,
        problems=problems, both=len(both), same=sum(p.pair.same for p in both), may_answer=may_answer(whole),
    )  # fmt: skip
    return body, 400 if problems else 200


def _pair_shown(pair: SideBySide) -> PairShown:
    def words(value: str) -> str:
        option = pair.item.option(value)
        return option.label if option else "Not asked"

    return PairShown(pair.item, words(pair.first), words(pair.second), pair)


def save_reading_note(return_id: int, case: str) -> ResponseReturnValue:
    """Keep what the two agreed on."""
    (whole, found), form = the_case(case), NoteForm()
    reading = whole.readings.get(case)
    if reading is not None and reading.compared_at is not None and not form.validate():
        return _compared_page(whole, found, reading, form)

    def write() -> None:
        text = form.note.data or ""
        second_reading.write_note(site().engine, site().definitions, return_id, case, text, me().id, now())
        done("The note is saved.")

    return _then_show(write, case)


def _then_show(act: Callable[[], None], case: str) -> ResponseReturnValue:
    try:
        act()
    except ReadingRefused as refusal:
        refused(str(refusal))
    except TooLate as late:
        return faults.page(409, sentence=str(late))
    return redirect(_address(case))


def _address(case: str) -> str:
    return url_for("second_reading_page", return_id=g.facts.id, case=case)
