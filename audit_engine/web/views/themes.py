"""Show the themes in what people wrote, and keep the code book: themes, their names, and which questions are coded."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Response, abort, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import RadioField, StringField, TextAreaField

from audit_engine.analysis.disclosure import MEANING
from audit_engine.analysis.suppression import LEAST_BASE
from audit_engine.analysis.themes import LEAST_ORGANISATIONS, LEAST_SECTORS
from audit_engine.response.permissions import Act
from audit_engine.services import theme_book
from audit_engine.services.clock import now
from audit_engine.services.definitions import NotOpened
from audit_engine.services.theme_book import Book, ThemesRefused, book_of, trail_of
from audit_engine.services.theme_texts import asked_in_words, sources_of
from audit_engine.services.themes import Found, as_csv, themes_of
from audit_engine.storage import themes as stored
from audit_engine.storage.themes import WORDS, ChangeRow, ThemeRow
from audit_engine.web.controls import writable
from audit_engine.web.policy import me
from audit_engine.web.site import page, site
from audit_engine.web.views.reporting import area_choices
from audit_engine.web.views.shared import Problem, done, may_in_cycle

SEPARATOR = "|"


class ThemeForm(FlaskForm):
    """What is written of a theme."""

    label = StringField("Name of the theme", filters=[writable], description="A few words that say what it is about")
    definition = TextAreaField("What belongs in it, and what does not?", filters=[writable],
                               description="So that two people would put the same texts into it.")  # fmt: skip
    heard = TextAreaField("What we heard", filters=[writable],
                          description="In your own words. Quote nobody, and name no organisation.")  # fmt: skip
    bears_on = TextAreaField("What supports or contradicts it?", filters=[writable],
                             description="Ratings, what staff said, learning from reviews.")  # fmt: skip
    question = TextAreaField("Question for agencies", filters=[writable])
    priority = StringField("Linked priority", filters=[writable])
    action = TextAreaField("Action", filters=[writable])

    @property
    def words(self) -> dict[str, str]:
        """Return what was written, by column."""
        return {name: self[name].data or "" for name in WORDS}


class ShortForm(FlaskForm):
    """A new theme."""

    label, definition = ThemeForm.label, ThemeForm.definition


class MergeForm(FlaskForm):
    """Into which theme another goes."""

    into = RadioField("Into which theme?", validate_choice=False)


def opened() -> None:
    """Answer that there is nothing where the audit has not been opened."""
    if g.cycle.content_hash is None:
        abort(404)


# --- the themes ------------------------------------------------------------------------


def themes(cycle_id: str) -> ResponseReturnValue:
    """Show each theme with the organisations and sectors that raise it."""
    found = _found()
    return render_template(
        "themes_list.html", cycle=g.cycle, found=found, may_code=may_in_cycle(Act.CODE_TEXT), least=LEAST_BASE,
        rule=(LEAST_ORGANISATIONS, LEAST_SECTORS), signs=_signs(found),
        csv_href=url_for("themes_csv", cycle_id=cycle_id), report_area=_report_area(),
    )  # fmt: skip


def _report_area() -> str | None:
    """Return the area of which the person may make a paper of the themes, '' for all; None for who may make none."""
    if not may_in_cycle(Act.MAKE_REPORT):
        return None
    return next((area for area, _ in area_choices(Act.MAKE_REPORT)), None)


def _found() -> Found:
    opened()
    with page() as connection:
        try:
            return themes_of(connection, site().definitions, g.cycle)
        except NotOpened:
            abort(404)


def _signs(found: Found) -> Mapping[str, str]:
    shown = {sign for theme in found.themes for sign in theme.staff.symbols} if found.is_counted else set()
    return {sign: MEANING[sign] for sign in sorted(shown)}


def themes_csv(cycle_id: str) -> ResponseReturnValue:
    """Hand out the themes as CSV."""
    return csv_file(as_csv(_found()), "themes")


def csv_file(text: str, name: str) -> Response:
    """Return a CSV file that is named after the audit."""
    told = {"Content-Disposition": f'attachment; filename="{g.cycle.id}-{name}.csv"'}
    return Response("\ufeff" + text, content_type="text/csv; charset=utf-8", headers=told)


# --- the code book ---------------------------------------------------------------------------


def theme_book_page(cycle_id: str) -> ResponseReturnValue:
    """Show the code book, its history, and a form for a new theme."""
    return _book(ShortForm(None))


def _book(form: ShortForm, problem: str = "") -> ResponseReturnValue:
    opened()
    with page() as connection:
        book = book_of(connection, g.cycle.id)
        changes = trail_of(connection, g.cycle.id)
    problems = [Problem(problem, "#label")] if problem else []
    if problem:
        form.label.errors = [problem]
    body = render_template(
        "themes_book.html", cycle=g.cycle, book=book, form=form, problems=problems,
        changes=[(change, said_of(change, book)) for change in changes],
    )  # fmt: skip
    return body, 400 if problem else 200


NAMES: Mapping[str, str] = {
    "label": "its name", "definition": "what belongs in it", "heard": "what was heard", "bears_on": "what bears on it",
    "question": "the question for agencies", "priority": "its priority", "action": "its action",
}  # fmt: skip


def said_of(change: ChangeRow, book: Book) -> str:
    """Return in a sentence what was done to a theme."""
    theme = book.theme(change.theme)
    label = theme.label if theme else ""
    if change.event == "merged":
        return f"“{change.content['label']}” was merged into “{change.content['into_label']}”."
    if change.event == "added":
        return f"“{change.content['label']}” was added."
    if list(change.content) == ["label"]:
        before, after = change.content["label"]
        return f"“{before}” was renamed “{after}”."
    return f"Of “{label}”, {' and '.join(NAMES[name] for name in change.content)} was changed."


def add_theme(cycle_id: str) -> ResponseReturnValue:
    """Add a theme to the code book."""
    opened()
    form = ShortForm()
    words = {"label": form.label.data or "", "definition": form.definition.data or ""}
    try:
        theme_book.add_theme(site().engine, cycle_id, words, me().id, now())
    except ThemesRefused as refusal:
        return _book(form, str(refusal))
    done(f"“{words['label']}” is in the code book.")
    return redirect(back_to_text() or url_for("theme_book_page", cycle_id=cycle_id))


def back_to_text() -> str:
    """Return the address of the text that somebody was coding, '' where a form came from elsewhere."""
    text_id = request.form.get("text", "")
    return url_for("code_text", cycle_id=g.cycle.id, text_id=text_id) if text_id.isalnum() else ""


def _theme(theme_id: int) -> tuple[Book, ThemeRow]:
    opened()
    with page() as connection:
        book = book_of(connection, g.cycle.id)
    found = book.theme(theme_id)
    if found is None or found.merged_into is not None:
        abort(404)
    return book, found


def change_theme(cycle_id: str, theme_id: int) -> ResponseReturnValue:
    """Show what is written of a theme, to be changed."""
    book, theme = _theme(theme_id)
    return _theme_page(book, theme, ThemeForm(None, **theme.words))


def _theme_page(book: Book, theme: ThemeRow, form: ThemeForm, problem: str = "") -> ResponseReturnValue:
    if problem:
        form.label.errors = [problem]
    body = render_template(
        "themes_change.html", cycle=g.cycle, book=book, theme=theme, form=form,
        problems=[Problem(problem, "#label")] if problem else [],
    )  # fmt: skip
    return body, 400 if problem else 200


def keep_theme(cycle_id: str, theme_id: int) -> ResponseReturnValue:
    """Change what is written of a theme; the words before are kept."""
    book, theme = _theme(theme_id)
    form = ThemeForm()
    try:
        theme_book.change_theme(site().engine, cycle_id, theme_id, form.words, me().id, now())
    except ThemesRefused as refusal:
        return _theme_page(book, theme, form, str(refusal))
    done("The theme is saved. The words before are kept in its history.")
    return redirect(url_for("theme_book_page", cycle_id=cycle_id))


def ask_merge_theme(cycle_id: str, theme_id: int) -> ResponseReturnValue:
    """Ask into which theme this one goes."""
    book, theme = _theme(theme_id)
    return _merge(book, theme, MergeForm(None))


def _merge(book: Book, theme: ThemeRow, form: MergeForm, problem: str = "") -> ResponseReturnValue:
    form.into.choices = {str(t.id): t.label for t in book.standing if t.id != theme.id}
    if problem:
        form.into.errors = [problem]
    back = url_for("change_theme", cycle_id=g.cycle.id, theme_id=theme.id)
    body = render_template(
        "confirm.html", title=f"Merge “{theme.label}” into another theme", caption=g.cycle.title,
        paragraphs=[
            "What was coded with it counts as the other theme from then on. The codes themselves stay as they are.",
        ],
        warning="This cannot be undone: the two would have to be coded apart again.",
        action=url_for("merge_theme", cycle_id=g.cycle.id, theme_id=theme.id), button="Merge the themes", cancel=back,
        form=form, fields=[("radio_field", form.into)], problems=[Problem(problem, "#into")] if problem else [],
    )  # fmt: skip
    return body, 400 if problem else 200


def merge_theme(cycle_id: str, theme_id: int) -> ResponseReturnValue:
    """Merge a theme into another."""
    book, theme = _theme(theme_id)
    form = MergeForm()
    into = form.into.data or ""
    if not into.isdecimal():
        return _merge(book, theme, form, "Choose the theme into which it goes")
    try:
        theme_book.merge_theme(site().engine, cycle_id, theme_id, int(into[:18]), me().id, now())
    except ThemesRefused as refusal:
        return _merge(book, theme, form, str(refusal))
    done(f"“{theme.label}” was merged.")
    return redirect(url_for("theme_book_page", cycle_id=cycle_id))


# --- which words are coded -------------------------------------------------------------------


def theme_questions(cycle_id: str) -> ResponseReturnValue:
    """Show the questions to which words were given, to choose those that are coded."""
    opened()
    with page() as connection:
        asked = asked_in_words(connection, sources_of(connection, site().definitions, g.cycle))
        chosen = stored.questions(connection, cycle_id)
    rows = [(SEPARATOR.join(a.question), a, a.question in chosen) for a in asked]
    return render_template("themes_questions.html", cycle=g.cycle, rows=rows, chosen=len(chosen))


def choose_questions(cycle_id: str) -> ResponseReturnValue:
    """Choose the questions whose words are coded."""
    opened()
    sent = [tuple(value.split(SEPARATOR, 1)) for value in request.form.getlist("question")]
    wanted = [(one[0], one[1]) for one in sent if len(one) == 2]
    number = theme_book.choose_questions(site().engine, site().definitions, g.cycle, wanted, me().id, now())
    done(f"The words of {number} {'question is' if number == 1 else 'questions are'} coded.")
    return redirect(url_for("coding", cycle_id=cycle_id))
