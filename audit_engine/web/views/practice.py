"""Show cards of promising practice, and keep them: write, check, agree, take back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import abort, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from sqlalchemy import Connection
from wtforms import BooleanField, SelectField, StringField, TextAreaField

from audit_engine.definition.questionnaire import Item
from audit_engine.response.permissions import Act, Target, allowed
from audit_engine.services import practice_cards
from audit_engine.services.clock import LOCAL, now
from audit_engine.services.practice_cards import EVIDENCE, STAFF, WORDS, Card, Consent, why_not
from audit_engine.services.theme_book import ThemesRefused
from audit_engine.storage import returns
from audit_engine.web.controls import PAST, writable
from audit_engine.web.day_fields import DayField, href_of
from audit_engine.web.policy import me
from audit_engine.web.site import page, site
from audit_engine.web.views.shared import Problem, done, may_in_cycle, refused
from audit_engine.web.views.themes import csv_file, opened

HINTS = {
    "outcome": "Say it for children and families where you can.",
    "adapt": "What must be in place, and what can be left out.",
    "contact": "A role and a work address, not a person’s private one.",
}


class CardForm(FlaskForm):
    """What a card says, and the organisation's consent."""

    organisation = SelectField("Organisation", validate_choice=False)
    item = SelectField("Criterion that it bears on", validate_choice=False)
    title = StringField(WORDS["title"], filters=[writable])
    what = TextAreaField(WORDS["what"], filters=[writable])
    who_for = TextAreaField(WORDS["who_for"], filters=[writable])
    problem = TextAreaField(WORDS["problem"], filters=[writable])
    outcome = TextAreaField(WORDS["outcome"], filters=[writable], description=HINTS["outcome"])
    effort = TextAreaField(WORDS["effort"], filters=[writable])
    adapt = TextAreaField(WORDS["adapt"], filters=[writable], description=HINTS["adapt"])
    contact = StringField(WORDS["contact"], filters=[writable], description=HINTS["contact"])
    consent_by = StringField("Who gave the organisation’s consent?", filters=[writable],
                             description="Name and role. Leave both boxes empty while there is none.")  # fmt: skip
    consent_on = DayField("On which day?", named="The day of the consent", example=PAST,
                          description=f"For example {PAST}")  # fmt: skip
    consent_names = BooleanField("The organisation may be named")

    @property
    def words(self) -> dict[str, str]:
        """Return what was written, by column."""
        return {name: self[name].data or "" for name in WORDS}

    def faults(self) -> dict[str, str]:
        """Return every box in which something is wrong, with its sentence, in the order of the page."""
        found = {}
        if not self.words["title"].strip():
            found["title"] = "Give the practice a name"
        if self._says_consent and not self.consent_by.data:
            found["consent_by"] = "Say who gave the organisation’s consent"
        if day := self._fault_of_the_day():
            found["consent_on"] = day
        return found

    @property
    def _says_consent(self) -> bool:
        return bool(self.consent_by.data or any(self.consent_on.typed) or self.consent_names.data)

    def _fault_of_the_day(self) -> str:
        if self.consent_on.process_errors:
            return str(self.consent_on.process_errors[0])
        on = self.consent_on.data
        if on is None:
            return "Say on which day the consent was given" if self._says_consent else ""
        return "The day of the consent must be in the past" if on > now().astimezone(LOCAL).date() else ""

    def consent(self) -> Consent | None:
        """Return the consent, or None where there is none; ask first for ``faults``."""
        on = self.consent_on.data
        return Consent(self.consent_by.data or "", on, bool(self.consent_names.data)) if on else None


def practice(cycle_id: str) -> ResponseReturnValue:
    """Show the cards that are agreed, and drafts to those who keep them."""
    opened()
    return render_template(
        "practice_list.html", cycle=g.cycle, cards=_cards(), staff=STAFF, evidence=EVIDENCE, words=WORDS,
        may_keep=may_in_cycle(Act.KEEP_PRACTICE), csv_href=url_for("practice_csv", cycle_id=cycle_id),
    )  # fmt: skip


def _cards() -> Sequence[Card]:
    """Return the cards that are agreed, and the drafts of organisations that the person may keep cards of."""
    with page() as connection:
        found = practice_cards.cards_of(
            connection, site().definitions, g.cycle, drafts=may_in_cycle(Act.KEEP_PRACTICE)
        )  # fmt: skip
    return [c for c in found if c.row.state == "agreed" or _may_keep(c.organisation.id, c.organisation.areas)]


def _may_keep(organisation: str, areas: Sequence[str]) -> bool:
    return allowed(me(), Act.KEEP_PRACTICE, Target(organisation, tuple(areas)))


def practice_csv(cycle_id: str) -> ResponseReturnValue:
    """Hand out the agreed cards as CSV."""
    opened()
    agreed = [c for c in _cards() if c.row.state == "agreed"]
    return csv_file(practice_cards.as_csv(agreed), "promising-practice")


def _own_card(card_id: int) -> Card:
    """Return a card that the person may keep, or answer that there is none."""
    opened()
    with page() as connection:
        card = practice_cards.card_of(connection, site().definitions, g.cycle, card_id)
    if card is None or not _may_keep(card.organisation.id, card.organisation.areas):
        abort(404)
    return card


def new_card(cycle_id: str) -> ResponseReturnValue:
    """Offer a new card."""
    opened()
    return _form_page(CardForm(None), None)


def change_card(cycle_id: str, card_id: int) -> ResponseReturnValue:
    """Show a draft, to be changed."""
    card = _own_card(card_id)
    if card.row.state != "draft":
        return redirect(url_for("card", cycle_id=cycle_id, card_id=card_id))
    row = card.row
    values = {name: getattr(row, name) for name in WORDS}
    form = CardForm(
        None, organisation=row.organisation, item=row.item, consent_by=row.consent_by, consent_on=row.consent_on,
        consent_names=row.consent_names, **values,
    )  # fmt: skip
    return _form_page(form, card)


def _form_page(form: CardForm, card: Card | None, faults: Mapping[str, str] | None = None) -> ResponseReturnValue:
    """Show the form; ``faults`` are sentences by the name of the box that each is about."""
    with page() as connection:
        taking_part = returns.returns_of_cycle(connection, g.cycle.id)
        criteria = _criteria(connection)
    mine = [r for r in taking_part if _may_keep(r.organisation, r.areas)]
    named = sorted(mine, key=lambda r: r.organisation_name)
    form.organisation.choices = {"": "Choose", **{r.organisation: r.organisation_name for r in named}}
    form.item.choices = {"": "Choose", **{i.id: f"{i.short_id} {i.text}"[:120] for i in criteria}}
    for field, sentence in (faults or {}).items():
        form[field].errors = [sentence]
    body = render_template(
        "practice_form.html", cycle=g.cycle, form=form, card=card,
        problems=[Problem(sentence, href_of(form[field])) for field, sentence in (faults or {}).items()],
    )  # fmt: skip
    return body, 400 if faults else 200


def _criteria(connection: Connection) -> tuple[Item, ...]:
    return site().definitions.opened(connection, g.cycle.id).questionnaire.criteria


def add_card(cycle_id: str) -> ResponseReturnValue:
    """Add a card."""
    opened()
    return _kept(CardForm(), None)


def keep_card(cycle_id: str, card_id: int) -> ResponseReturnValue:
    """Change a draft."""
    return _kept(CardForm(), _own_card(card_id))


def _kept(form: CardForm, card: Card | None) -> ResponseReturnValue:
    organisation, item = form.organisation.data or "", form.item.data or ""
    if faults := _faults(form, organisation, item):
        return _form_page(form, card, faults)
    try:
        number = practice_cards.keep_card(
            site().engine, site().definitions, g.cycle, card.row.id if card else None, organisation, item,
            form.words, form.consent(), me().id, now(),
        )  # fmt: skip
    except ThemesRefused as refusal:
        return _form_page(form, card, {"title": str(refusal)})
    done("The card is saved as a draft. What evidence and staff say was looked up.")
    return redirect(url_for("card", cycle_id=g.cycle.id, card_id=number))


def _faults(form: CardForm, organisation: str, item: str) -> dict[str, str]:
    """Return all that is wrong at once, in the order of the page."""
    with page() as connection:
        facts = returns.return_in_cycle(connection, g.cycle.id, organisation)
        criteria = {c.id for c in _criteria(connection)}
    found = {}
    if facts is None or not _may_keep(organisation, facts.areas):
        found["organisation"] = "Choose an organisation that takes part in this audit"
    if item not in criteria:
        found["item"] = "Choose a criterion of this audit"
    return found | form.faults()


def card(cycle_id: str, card_id: int) -> ResponseReturnValue:
    """Show one card to those who keep it: what it lacks, and what can be done."""
    found = _own_card(card_id)
    return render_template(
        "practice_card.html", cycle=g.cycle, card=found, staff=STAFF, evidence=EVIDENCE, words=WORDS,
        lacks=why_not(found) if found.row.state == "draft" else (),
    )  # fmt: skip


def agree_card(cycle_id: str, card_id: int) -> ResponseReturnValue:
    """Let everybody who sees results read a card."""
    _own_card(card_id)
    try:
        practice_cards.agree_card(site().engine, site().definitions, g.cycle, card_id, me().id, now())
    except ThemesRefused as refusal:
        refused(str(refusal))
    else:
        done("The card is agreed. Everybody who sees the results can read it.")
    return redirect(url_for("card", cycle_id=cycle_id, card_id=card_id))


def ask_take_back(cycle_id: str, card_id: int) -> ResponseReturnValue:
    """Ask before consent is taken back."""
    found = _own_card(card_id)
    return render_template(
        "confirm.html", title="Has the organisation taken its consent back?", caption=found.row.title, problems=[],
        paragraphs=["The card becomes a draft at once, and nobody else reads it. The consent is deleted.",
                    "What was printed or downloaded before stays where it is: tell those who have it."],
        warning="", action=url_for("take_back_card", cycle_id=cycle_id, card_id=card_id), button="Take the card back",
        cancel=url_for("card", cycle_id=cycle_id, card_id=card_id), form=None, fields=[],
    )  # fmt: skip


def take_back_card(cycle_id: str, card_id: int) -> ResponseReturnValue:
    """Take a card back with its consent."""
    _own_card(card_id)
    _back(card_id, consent_withdrawn=True)
    done("The card is a draft again, and its consent is deleted.")
    return redirect(url_for("card", cycle_id=cycle_id, card_id=card_id))


def redraft_card(cycle_id: str, card_id: int) -> ResponseReturnValue:
    """Make an agreed card a draft again, to change it; the consent stays."""
    _own_card(card_id)
    _back(card_id, consent_withdrawn=False)
    done("The card is a draft again. Others read it when it is agreed anew.")
    return redirect(url_for("change_card", cycle_id=cycle_id, card_id=card_id))


def _back(card_id: int, *, consent_withdrawn: bool) -> None:
    practice_cards.back_to_draft(
        site().engine, site().definitions, g.cycle, card_id, me().id, now(), consent_withdrawn=consent_withdrawn
    )
