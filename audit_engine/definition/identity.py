"""Does each thing in a file have an id of its own, and do the ids follow the rules?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from audit_engine.definition.facts import PREFIX
from audit_engine.definition.loading import Path
from audit_engine.definition.manuscript import Manuscript


def check_ids(manuscript: Manuscript, expected: tuple[str, str] | None) -> None:
    """Log ids that stand twice or differ from where the file lies, and items with another prefix than the rest."""
    _refuse_misplaced(manuscript, expected)
    for listing in ("measures", "checks", "retired"):
        entries = manuscript.keys.get(listing, ())
        _refuse_repeats(manuscript, [((listing, at, "id"), e["id"]) for at, e in enumerate(entries) if "id" in e])
    sections = manuscript.keys.get("sections", ())
    _refuse_repeats(manuscript, [(("sections", at, "id"), s["id"]) for at, s in enumerate(sections) if "id" in s])
    items = list(_item_ids(manuscript))
    _refuse_repeats(manuscript, items)
    _refuse_prefixes(manuscript, items)
    if not items:
        manuscript.fault(("sections",), "The questionnaire asks nothing. Add a section with at least one item.")


def _refuse_misplaced(manuscript: Manuscript, expected: tuple[str, str] | None) -> None:
    if expected is None:
        return
    for key, place, wanted in zip(("questionnaire", "version"), ("folder", "file"), expected, strict=True):
        written = manuscript.keys.get(key, wanted)
        if written != wanted:
            told = f"The {place} is called “{wanted}” and the {key} “{written}”. They must be alike; change one."
            manuscript.fault((key,), told)


def _item_ids(manuscript: Manuscript) -> Iterator[tuple[Path, str]]:
    for at, section in enumerate(manuscript.keys.get("sections", ())):
        for number, item in enumerate(section.get("items", ())):
            if "id" in item:
                yield ("sections", at, "items", number, "id"), item["id"]


def _refuse_repeats(manuscript: Manuscript, entries: Sequence[tuple[Path, str]]) -> None:
    first_lines: dict[str, int] = {}
    for path, one in entries:
        if one in first_lines:
            manuscript.fault(path, f"The id “{one}” stands twice; the first is in line {first_lines[one]}. Change one.")
        else:
            first_lines[one] = manuscript.file.place(path)[0]


def _refuse_prefixes(manuscript: Manuscript, items: Sequence[tuple[Path, str]]) -> None:
    prefixes = Counter(one.split(".", 1)[0] for _, one in items)
    if not prefixes:
        return
    usual = prefixes.most_common(1)[0][0]
    for path, one in items:
        if one.startswith(PREFIX):
            manuscript.fault(path, "An item id may not begin with “organisation.”: facts do.")
        elif not one.startswith(f"{usual}."):
            told = f"The ids of a questionnaire share one prefix; here it is “{usual}.”. Change the id."
            manuscript.fault(path, told)
