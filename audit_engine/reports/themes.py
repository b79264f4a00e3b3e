"""How do themes and cards of promising practice become blocks of a document?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from audit_engine.analysis.disclosure import MEANING, SHOWN_AS, Released
from audit_engine.analysis.rounding import coefficient_text, percent_text
from audit_engine.analysis.theme_findings import CodedAlike, PracticeCard, ThemeFindings, ThemeLine
from audit_engine.analysis.themes import LEAST_ORGANISATIONS, LEAST_SECTORS
from audit_engine.reports.blocks import Block, BulletList, Cell, Heading, Paragraph, Run, Table, paragraph, text
from audit_engine.reports.wording import capital, count, quoted, said, shows

NOT_COUNTED = Cell("[x]", number=True)
MEANING_X = "[x]: not counted yet, because two people have to finish coding first."
RULE = (
    "A theme counts the organisations that raise it, and their kinds, never how often it is mentioned. It is called "
    f"emerging when at least {LEAST_ORGANISATIONS} organisations of at least {LEAST_SECTORS} kinds raise it. Two "
    "people find the themes in the same words, apart from each other."
)
STAFF = (
    "Texts of staff come from surveys without names. Nobody knows whose they are, so they count no organisation and "
    "make no theme emerge."
)
PROMISING = (
    "Each card was agreed with a dated document or better as evidence, nothing that speaks against it, and the consent "
    "of the organisation. It is promising, not proven: what worked there may not work elsewhere."
)
ALL_AREAS = "Themes are counted over all areas, also where a report is about one."
QUOTED = (
    "Words in quotation marks were written by staff in a survey without names. A reviewer read them before, and let "
    "them be shown."
)
KAPPA = (
    "Kappa: agreement beyond what the coders' own habits would give by chance (Cohen's). It falls where a theme is "
    "rare although agreement is high, so read both. [z]: there is none, because a theme was in too few texts or in all."
)
_PARTS = (
    ("What belongs in it", "definition"), ("What we heard", "heard"), ("What supports or contradicts it", "bears_on"),
    ("Question for agencies", "question"), ("Linked priority", "priority"), ("Action", "action"),
)  # fmt: skip


def theme_table(found: ThemeFindings) -> Table:
    """Return a row for each theme, as the page and the CSV show it."""
    rows = tuple(_row(found, theme) for theme in found.themes)
    counted = found.is_counted
    return Table(
        "themes",
        "Themes, by the number of organisations that raise them" if counted else "Themes",
        ("Theme", "What it is", "Raised by", "Kinds", "Staff texts", "Criteria", "Priority", "Action"),
        rows,
        widths=(0.19, 0.13, 0.08, 0.07, 0.09, 0.09, 0.17, 0.18),
        notes=(
            f"Raised by: organisations, of the {found.returned} that returned. Kinds: kinds of organisation.",
            *([f"Staff texts: {STAFF[0].lower()}{STAFF[1:]}"] if counted else [MEANING_X]),
            *_explained(rows),
        ),
    )


def _row(found: ThemeFindings, theme: ThemeLine) -> tuple[Cell, ...]:
    counted: tuple[Cell, ...] = (Cell("[x]"), NOT_COUNTED, NOT_COUNTED, NOT_COUNTED, Cell("[x]"))
    if found.is_counted:
        counted = (
            Cell(theme.standing), count(theme.organisations), count(len(theme.kinds)), _staff(theme.staff),
            quoted(", ".join(theme.criteria) or "None"),
        )  # fmt: skip
    return (quoted(theme.label), *counted, quoted(theme.priority or "None"), quoted(theme.action or "None"))


def _staff(staff: Released) -> Cell:
    """Return how many texts of staff hold a theme, of how many, or the mark that stands for it."""
    if staff.base is None:
        return Cell(SHOWN_AS["low"], number=True)
    return Cell(f"{staff.figure('theme').number} of {staff.base:,}", number=True)


def _explained(rows: Sequence[Sequence[Cell]]) -> tuple[str, ...]:
    texts = " ".join(cell.text for row in rows for cell in row)
    return tuple(f"{sign}: {meaning}." for sign, meaning in MEANING.items() if sign in texts)


def theme_pages(found: ThemeFindings) -> Iterator[Block]:
    """Yield each theme in full."""
    for theme in found.themes:
        yield Heading(theme.label, 2, f"theme-{theme.id}")
        if found.is_counted:
            standing = Run(f"{theme.standing}. ", bold=True)
            (counted,) = said(found.raised(theme))
            yield Paragraph((standing, *counted.runs))
        for name, part in _PARTS:
            words = getattr(theme, part)
            if words:
                yield Paragraph((Run(f"{name}: ", bold=True), Run(words, quoted=True)))
        for words in theme.quotes:
            yield Paragraph((Run(f"“{words}”", quoted=True),), "quote")


def agreement_blocks(found: ThemeFindings) -> Iterator[Block]:
    """Yield how far the two coders agreed, as a sentence and theme by theme."""
    yield from said(*found.agreement)
    if not found.alike:
        return
    rows = tuple((quoted(one.label), *_alike(one)) for one in found.alike)
    table = Table(
        "themes-agreement", "How far two coders agreed, before anything was settled",
        ("Theme", "The same", "Per cent", "Kappa"), rows, widths=(0.52, 0.18, 0.15, 0.15),
        notes=(KAPPA, *(note for note in _explained(rows) if not note.startswith("[z]"))),
    )  # fmt: skip
    yield shows(table.id, "in how many texts the two said the same of each theme")
    yield table


def _alike(one: CodedAlike) -> tuple[Cell, ...]:
    found = one.agreement
    if found is None:
        return (Cell(SHOWN_AS["c"], number=True),) * 3
    kappa = "[z]" if found.kappa is None else coefficient_text(found.kappa)
    return (
        Cell(f"{found.same} of {found.pairs}", number=True), Cell(percent_text(found.same, found.pairs), number=True),
        Cell(kappa, number=True),
    )  # fmt: skip


def card_table(cards: Sequence[PracticeCard]) -> Table:
    """Return a row for each card."""
    return Table(
        "practice",
        "Promising practice",
        ("Practice", "Where", "Criterion", "Evidence", "Do staff see it?"),
        tuple((quoted(c.title), quoted(c.where), quoted(c.criterion), Cell(c.evidence), Cell(c.staff)) for c in cards),
        widths=(0.3, 0.22, 0.12, 0.2, 0.16),
    )


def card_pages(cards: Sequence[PracticeCard]) -> Iterator[Block]:
    """Yield each card in full."""
    for number, card in enumerate(cards, 1):
        yield Heading(card.title, 2, f"practice-{number}")
        rows = tuple((Cell(name), quoted(words)) for name, words in card.lines)
        table = Table(f"practice-card-{number}", capital(card.title), ("Of the practice", "What it says"), rows,
                      widths=(0.3, 0.7))  # fmt: skip
        yield shows(table.id, "the whole card")
        yield table


def short_form(found: ThemeFindings, area: str) -> Iterator[Block]:
    """Yield themes and practice as a section of the analysis report (methods section 13.1, part 12)."""
    yield paragraph(RULE)
    if area:
        yield paragraph(ALL_AREAS)
    if found.is_counted and found.themes:
        yield from said(*found.coded)
        table = theme_table(found)
        yield shows(table.id, "which themes were found and how far each goes")
        yield table
        questions = tuple(
            (Run(f"{t.label}: ", bold=True, quoted=True), Run(t.question, quoted=True))
            for t in found.themes
            if t.question and t.status == "emerging"
        )
        if questions:
            yield paragraph("Questions that the emerging themes put to organisations:")
            yield BulletList(questions)
        yield from said(*found.agreement)
    if found.cards:
        yield Heading("Promising practice", 2)
        yield paragraph(PROMISING)
        table = card_table(found.cards)
        yield shows(table.id, "the cards that organisations let others read")
        yield table


def paper(found: ThemeFindings, area: str) -> Iterator[Block]:
    """Yield the paper of themes and promising practice whole (methods section 13.2)."""
    yield Heading("Themes in what people wrote", anchor="themes-in-words")
    yield paragraph(RULE)
    if area:
        yield paragraph(ALL_AREAS)
    if not found.themes:
        yield paragraph("There is no theme yet.")
    elif not found.is_counted:
        yield paragraph("Nothing is counted yet: two people have to finish coding first.")
    else:
        yield from said(*found.coded, style="lead")
    if found.themes:
        table = theme_table(found)
        yield shows(table.id, "which themes were found and how far each goes")
        yield table
        yield Heading("Each theme", anchor="each-theme")
        if any(theme.quotes for theme in found.themes):
            yield paragraph(QUOTED)
        yield from theme_pages(found)
    if found.is_counted:
        yield Heading("How far the two coders agree", anchor="agreement")
        yield from agreement_blocks(found)
    yield Heading("Promising practice", anchor="practice-cards")
    yield paragraph(PROMISING)
    yield from card_pages(found.cards) if found.cards else (paragraph("No card has been agreed yet."),)
    yield Heading("Limits", anchor="limits")
    yield BulletList(tuple(text(words) for words in _LIMITS))


_LIMITS = (
    "A theme says that organisations raise something. It does not say that others do not have it.",
    "Words of organisations are quoted nowhere in this document.",
    "Two people read the words; others may find other themes in them.",
    "Consent is as it stood when this document was made. Where it is taken back, destroy this document.",
)
