"""Code what people wrote, text by text and apart from the other coder; then compare and agree."""

from __future__ import annotations

from dataclasses import dataclass

from flask import abort, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from audit_engine.analysis.agreement import LEAST_PAIRS, Agreement
from audit_engine.analysis.rounding import coefficient_text, percent_text
from audit_engine.response.permissions import Act
from audit_engine.services import code_themes
from audit_engine.services.clock import now
from audit_engine.services.code_themes import Coder, Coding, Compared, Pair
from audit_engine.services.theme_book import ThemesRefused
from audit_engine.services.theme_texts import Text
from audit_engine.storage.themes import ThemeRow
from audit_engine.web.policy import me
from audit_engine.web.site import page, site
from audit_engine.web.views.shared import Problem, done, limited_to, refused
from audit_engine.web.views.themes import opened

LONGEST_NOTE = 1000


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """One line of the table of agreement: same of how many, in per cent, and kappa where there is one."""

    label: str
    same: str
    percent: str
    kappa: str
    both: str


def _coder() -> Coder:
    return Coder(me().id, limited_to(Act.CODE_TEXT))


def _coding() -> Coding:
    opened()
    with page() as connection:
        return code_themes.coding_of(connection, site().definitions, g.cycle, _coder())


def coding(cycle_id: str) -> ResponseReturnValue:
    """Show who codes, how far oneself is, and what comes next."""
    found = _coding()
    return render_template(
        "themes_coding.html", cycle=g.cycle, coding=found, free=len(found.coders) < len(code_themes.PLACES),
        both_done=len(found.coders) == len(code_themes.PLACES) and all(c.done_at for c in found.coders),
    )  # fmt: skip


def take_place(cycle_id: str) -> ResponseReturnValue:
    """Become one of the two coders."""
    opened()
    try:
        code_themes.take_place(site().engine, cycle_id, me().id, now())
    except ThemesRefused as refusal:
        refused(str(refusal))
        return redirect(url_for("coding", cycle_id=cycle_id))
    return redirect(url_for("next_text", cycle_id=cycle_id))


def next_text(cycle_id: str) -> ResponseReturnValue:
    """Lead to the first text that is to be read."""
    found = _coding()
    if found.mine is None or not found.unread:
        return redirect(url_for("coding", cycle_id=cycle_id))
    return redirect(url_for("code_text", cycle_id=cycle_id, text_id=found.unread[0].id))


def code_text(cycle_id: str, text_id: str) -> ResponseReturnValue:
    """Show one text and the themes to tick."""
    found = _coding()
    text = found.text(text_id)
    if found.mine is None or text is None:
        abort(404)
    return _text_page(found, text)


def _text_page(
    found: Coding, text: Text, problem: str = "", ticked: frozenset[int] | None = None
) -> ResponseReturnValue:
    place = found.texts.index(text)
    body = render_template(
        "themes_text.html", cycle=g.cycle, coding=found, text=text, wording=found.wording(text), number=place + 1,
        ticked=found.found(text) if ticked is None else ticked, was_read=found.has_read(text),
        final=found.is_final(text), previous=found.texts[place - 1].id if place else "",
        problems=[Problem(problem, "#none")] if problem else [],
    )  # fmt: skip
    return body, 400 if problem else 200


def keep_codes(cycle_id: str, text_id: str) -> ResponseReturnValue:
    """Keep the themes found in a text and lead to the next that is to be read."""
    found = _coding()
    text = found.text(text_id)
    if found.mine is None or text is None:
        abort(404)
    ticked = _ticked()
    if not ticked and "none" not in request.form:
        return _text_page(found, text, "Tick the themes in this text, or that there is none", ticked)
    if ticked and "none" in request.form:
        return _text_page(found, text, "Tick themes, or that there is none, not both", ticked)
    try:
        code_themes.keep_codes(
            site().engine, site().definitions, g.cycle, _coder(), text_id, sorted(ticked), now()
        )  # fmt: skip
    except ThemesRefused as refusal:
        refused(str(refusal))
        return redirect(url_for("coding", cycle_id=cycle_id))
    return _onwards(found, text)


def _ticked() -> frozenset[int]:
    return frozenset(int(value[:18]) for value in request.form.getlist("theme") if value.isdecimal())


def _onwards(found: Coding, text: Text) -> ResponseReturnValue:
    following = found.after(text)
    left = len(found.unread) - (not found.has_read(text))
    if following is None or following == text:
        done("You have read every text. You can go through them once more, or finish.")
        return redirect(url_for("coding", cycle_id=g.cycle.id))
    done(f"Saved. {left} still to read.")
    return redirect(url_for("code_text", cycle_id=g.cycle.id, text_id=following.id))


def finish_coding(cycle_id: str) -> ResponseReturnValue:
    """Finish coding."""
    opened()
    try:
        code_themes.finish(site().engine, site().definitions, g.cycle, _coder(), now())
    except ThemesRefused as refusal:
        refused(str(refusal))
    else:
        done("You have finished. What both of you found is compared when the other has finished too.")
    return redirect(url_for("coding", cycle_id=cycle_id))


def ask_leave_coding(cycle_id: str) -> ResponseReturnValue:
    """Ask before a place is given up with everything that was found from it."""
    found = _coding()
    if found.mine is None:
        return redirect(url_for("coding", cycle_id=cycle_id))
    return render_template(
        "confirm.html", title="Give up coding?", caption=g.cycle.title, problems=[], form=None, fields=[],
        paragraphs=["Somebody else can take your place, and starts from the beginning."],
        warning=f"What you found in {len(found.readings)} texts is deleted.",
        action=url_for("leave_coding", cycle_id=cycle_id), button="Give up coding",
        cancel=url_for("coding", cycle_id=cycle_id),
    )  # fmt: skip


def leave_coding(cycle_id: str) -> ResponseReturnValue:
    """Give up one's place."""
    found = _coding()
    if found.mine is not None:
        try:
            code_themes.give_up_place(site().engine, cycle_id, found.mine.place, me().id, now())
        except ThemesRefused as refusal:
            refused(str(refusal))
        else:
            done("You no longer code these words.")
    return redirect(url_for("coding", cycle_id=cycle_id))


# --- side by side --------------------------------------------------------------------------


def coding_agreement(cycle_id: str) -> ResponseReturnValue:
    """Show how far the two coders agreed, and where they differ."""
    both = _compared()
    if both is None:
        refused("What both coders found is laid side by side when both have finished.")
        return redirect(url_for("coding", cycle_id=cycle_id))
    open_first = sorted((p for p in both.pairs if not p.same), key=lambda p: p.agreed is not None)
    differing = [_shown(both, p) for p in open_first]
    return render_template(
        "themes_agreement.html", cycle=g.cycle, both=both, rows=_rows(both), differing=differing,
        least=LEAST_PAIRS, names=[c.name for c in both.coding.coders],
    )  # fmt: skip


def _compared() -> Compared | None:
    opened()
    with page() as connection:
        return code_themes.compared(connection, site().definitions, g.cycle, _coder())


def _rows(both: Compared) -> list[AgreementRow]:
    found = both.agreement
    rows = [_row("All themes of a text the same", found.whole, "–")]
    for theme in both.coding.book.standing:
        rows.append(_row(theme.label, found.by_theme[theme.id], str(found.both[theme.id])))
    return rows


def _row(label: str, one: Agreement, both: str) -> AgreementRow:
    kappa = "[z]" if one.kappa is None else coefficient_text(one.kappa)
    return AgreementRow(label, f"{one.same} of {one.pairs}", percent_text(one.same, one.pairs), kappa, both)


@dataclass(frozen=True, slots=True)
class ShownPair:
    """A text with what each coder found, in the names of themes."""

    pair: Pair
    wording: str
    first: str
    second: str
    agreed: str


def _shown(both: Compared, pair: Pair) -> ShownPair:
    agreed = "" if pair.agreed is None else _labels(both, frozenset(pair.agreed.themes))
    return ShownPair(
        pair, both.coding.wording(pair.text), _labels(both, pair.first), _labels(both, pair.second), agreed
    )  # fmt: skip


def _labels(both: Compared, themes: frozenset[int]) -> str:
    found: list[ThemeRow] = [t for t in both.coding.book.themes if t.id in themes]
    return ", ".join(t.label for t in found) or "no theme"


def ask_agree(cycle_id: str, text_id: str) -> ResponseReturnValue:
    """Show a text on which the coders differ, with what each found."""
    both, pair = _pair(text_id)
    start = frozenset(pair.agreed.themes) if pair.agreed else pair.first & pair.second
    return _agree_page(both, pair, start, pair.agreed.note if pair.agreed else "")


def _pair(text_id: str) -> tuple[Compared, Pair]:
    both = _compared()
    pair = both.pair(text_id) if both else None
    if both is None or pair is None or pair.same:
        abort(404)
    return both, pair


def _agree_page(
    both: Compared, pair: Pair, ticked: frozenset[int], note: str, problem: str = ""
) -> ResponseReturnValue:
    body = render_template(
        "themes_agree.html", cycle=g.cycle, both=both, shown=_shown(both, pair), ticked=ticked, note=note,
        problems=[Problem(problem, "#note")] if problem else [], names=[c.name for c in both.coding.coders],
        may_agree=both.coding.mine is not None,
    )  # fmt: skip
    return body, 400 if problem else 200


def agree_on_text(cycle_id: str, text_id: str) -> ResponseReturnValue:
    """Keep what the two coders agreed on."""
    both, pair = _pair(text_id)
    note = request.form.get("note", "")[:LONGEST_NOTE]
    ticked = _ticked()
    try:
        code_themes.agree(
            site().engine, site().definitions, g.cycle, _coder(), text_id, sorted(ticked), note, now()
        )  # fmt: skip
    except ThemesRefused as refusal:
        return _agree_page(both, pair, ticked, note, str(refusal))
    left = [p for p in both.open_differences if p.text.id != text_id]
    done(f"Saved. {len(left)} {'text' if len(left) == 1 else 'texts'} still to agree on." if left else "Saved.")
    if left:
        return redirect(url_for("ask_agree", cycle_id=cycle_id, text_id=left[0].text.id))
    return redirect(url_for("coding_agreement", cycle_id=cycle_id))
