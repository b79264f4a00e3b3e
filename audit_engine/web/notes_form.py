"""What does a form say about strengths, priorities, actions and half pages?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from audit_engine.definition.item_types import Unparsable
from audit_engine.response.settings import Note
from audit_engine.services.self_audit_save import NoteDraft
from audit_engine.web.controls import DATE_PARTS, LONGEST_TEXT, date_boxes, real_date, writable

LONGEST_WHO = 200
NoteKey = tuple[str, str]
Typed = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class NoteBoxes:
    """What stands in one note's boxes; ``problems`` are sentences by the box ('' for the text itself).

    ``doubt`` is a sentence beside the text that is no error.
    """

    name: str
    version: int
    text: str = ""
    who: str = ""
    due: tuple[str, ...] = ("", "", "")
    done: bool = False
    problems: Mapping[str, str] | None = None
    doubt: str = ""

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing stands in any box."""
        return not (self.text or self.who or any(self.due) or self.done)


def name_of(key: NoteKey) -> str:
    """Return the name of a note's boxes in a form: ``priority-1``."""
    return "-".join(key)


def boxes_of(note: Note) -> NoteBoxes:
    """Return what a stored note puts into its boxes."""
    return NoteBoxes(
        name_of(note.key), note.version, note.text, note.who, date_boxes(note.due), note.done_on is not None
    )  # fmt: skip


def read_notes(
    form: Typed, stored: Iterable[Note], today: date, *, planned: bool = False
) -> tuple[tuple[NoteDraft, ...], tuple[NoteBoxes, ...]]:
    """Return what a form says of these notes: drafts to save, and the boxes as they were typed.

    A note that the form does not carry is left alone; a box that makes no sense
    keeps what is stored.  ``planned``: the notes have who, by when and done.
    """
    drafts, boxes = [], []
    for note in stored:
        name = name_of(note.key)
        if f"{name}-version" not in form:
            continue
        typed, due = _typed(form, name), note.due
        problems: dict[str, str] = {}
        if len(typed.text) > LONGEST_TEXT:
            problems[""] = f"This text must be {LONGEST_TEXT:,} characters or fewer; it is {len(typed.text):,}."
        if len(typed.who) > LONGEST_WHO:
            problems["who"] = f"A name must be {LONGEST_WHO} letters or fewer."
        try:
            due = real_date("The date", typed.due) if any(typed.due) else None
        except Unparsable as fault:
            problems["due"] = fault.sentence
        done_on = (note.done_on or today) if typed.done else None
        drafts.append(
            NoteDraft(
                note.kind, note.place, typed.version,
                note.text if "" in problems else typed.text,
                (note.who if "who" in problems else typed.who) if planned else note.who,
                due if planned else note.due,
                done_on if planned else note.done_on,
            )
        )  # fmt: skip
        boxes.append(NoteBoxes(name, typed.version, typed.text, typed.who, typed.due, typed.done, problems))
    return tuple(drafts), tuple(boxes)


def _typed(form: Typed, name: str) -> NoteBoxes:
    version = form.get(f"{name}-version", "0")
    return NoteBoxes(
        name,
        int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0,
        writable(form.get(name)),
        writable(form.get(f"{name}-who")),
        tuple(form.get(f"{name}-due-{part}", "").strip() for part in DATE_PARTS),
        f"{name}-done" in form,
    )
