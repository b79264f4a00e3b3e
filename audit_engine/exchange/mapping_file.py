"""How is a mapping kept in a small YAML file that people can read and edit?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from collections.abc import Mapping as Dictionary
from typing import Any

from audit_engine.definition.faults import FaultLog, TooManyFaults
from audit_engine.definition.loading import Loaded, Unloadable, decoded, loaded
from audit_engine.definition.nearest import suggestion
from audit_engine.exchange.mapping import LEFT_OUT, Mapping, Role, UnfitMapping, Use

_WORDS = "words"
#: The key by which a column says what it is, and whether it needs a question beside it.
_SIGNS: Dictionary[str, Role] = {
    "choice": "choice", "row": "row", "other": "other", "organisation": "organisation", "not_taken": "not taken",
}  # fmt: skip
_COLUMN_KEYS = frozenset({"column", "under", "occurrence", "question", _WORDS, "words_are_other", "separator", *_SIGNS})
_TOP_KEYS = frozenset({"mapping", "product", "heading_rows", "dates", "columns"})
_DATES = {"day first": False, "month first": True}

HEAD = """\
# How the columns of a file answer the questions of {questionnaire}. Edit it, then give it with --mapping.
#
# column, under   the headings in the file; occurrence: 2 is the second column of the same headings
# question        the question that the column answers
# choice          the answer that a tick in this column stands for
# row             the row of a grid that the column answers
# other           true: the column holds the words beside "Other"
# words           what words of the file mean: "Yes, I did": "yes"; "" leaves an answer out
# words_are_other true: words that are no answer are taken as written beside "Other"
# organisation    true: the column says which organisation; words gives ids of organisations
# not_taken       why a column is left
"""


def mapping_text(mapping: Mapping, comments: Dictionary[tuple[str, str, int], str] | None = None) -> str:
    """Return the YAML of a mapping; ``comments`` are put above the columns they are of."""
    lines = [HEAD.format(questionnaire=mapping.questionnaire), f"mapping: {mapping.questionnaire}"]
    lines += [f"product: {_quoted(mapping.product)}"] if mapping.product else []
    lines += [f"heading_rows: {mapping.heading_rows}"] if mapping.heading_rows else []
    lines += [f"dates: {'month' if mapping.month_first else 'day'} first", "columns:"]
    for use in mapping.uses:
        comment = (comments or {}).get(use.key)
        lines += [f"  # {' '.join(comment.split())}"] if comment else []
        lines += _column_lines(use)
    return "\n".join(lines) + "\n"


def _column_lines(use: Use) -> Iterator[str]:
    yield f"  - column: {_quoted(use.heading)}"
    if use.under:
        yield f"    under: {_quoted(use.under)}"
    if use.occurrence > 1:
        yield f"    occurrence: {use.occurrence}"
    if use.question:
        yield f"    question: {_quoted(use.question)}"
    said = {"choice": use.choice, "row": use.row, "other": True, "organisation": True, "not taken": use.why}
    sign = next((key for key, role in _SIGNS.items() if role == use.role), None)
    if sign:
        value = said[use.role]
        yield f"    {sign}: {'true' if value is True else _quoted(str(value))}"
    if use.separator != Use("", "answer").separator:
        yield f"    separator: {_quoted(use.separator)}"
    if use.others:
        yield "    words_are_other: true"
    if use.words:
        yield "    words:"
        yield from (f"      {_quoted(word)}: {_quoted(option)}" for word, option in use.words.items())


def _quoted(text: str) -> str:
    # JSON's quoted texts are YAML's, and nothing in them can be taken for anything else.
    return json.dumps(text, ensure_ascii=False)


def read_mapping(raw: bytes | str, path: str) -> Mapping:
    """Return the mapping that a YAML text holds; raise UnfitMapping naming file, line and column of every fault."""
    log = FaultLog(path)
    try:
        found = loaded(decoded(raw, log), log)
        mapping = _mapping(found, log)
    except (Unloadable, TooManyFaults):
        mapping = None
    if mapping is None or log.faults:
        raise UnfitMapping([str(fault) for fault in log.in_order()[0]])
    return mapping


def _mapping(found: Loaded, log: FaultLog) -> Mapping:
    top = found.values
    _refuse_strange(found, (), top, _TOP_KEYS, log)
    if not isinstance(top.get("mapping"), str):
        log.add(found.place(("mapping",)), "mapping", "Say which survey this is for, such as mapping: pulse@2026.")
    columns = top.get("columns")
    if not isinstance(columns, list):
        log.add(found.place(("columns",)), "columns", "List the columns under “columns:”, each with “- column: ...”.")
        columns = []
    if top.get("dates", "day first") not in _DATES:
        log.add(found.place(("dates",)), "dates", "Write “day first” or “month first”.")
    rows = top.get("heading_rows")
    if rows is not None and (type(rows) is not int or not 1 <= rows <= 3):
        log.add(found.place(("heading_rows",)), "heading_rows", "Write 1, 2 or 3: how many rows the headings take.")
    uses = tuple(
        _use(found, at, column, log) for at, column in enumerate(columns) if _is_column(found, at, column, log)
    )
    product, month_first = str(top.get("product") or ""), _DATES.get(str(top.get("dates")), False)
    return Mapping(str(top.get("mapping")), uses, product, rows if type(rows) is int else None, month_first)


def _refuse_strange(
    found: Loaded, path: tuple[str | int, ...], keys: Dictionary[str, Any], known: frozenset[str], log: FaultLog
) -> None:
    for key in keys:
        if key not in known:
            told = f"There is no such key here.{suggestion(key, known)}"
            log.add(found.place((*path, key), of_key=True), key[:60], told)


def _is_column(found: Loaded, at: int, column: object, log: FaultLog) -> bool:
    fits = isinstance(column, dict) and isinstance(column.get("column"), str)
    if not fits:
        told = "Begin each column with “- column:” and its heading in quotes."
        log.add(found.place(("columns", at)), f"columns[{at}]", told)
    return fits


def _use(found: Loaded, at: int, keys: Dictionary[str, Any], log: FaultLog) -> Use:
    path = ("columns", at)
    _refuse_strange(found, path, keys, _COLUMN_KEYS, log)
    signs = [key for key in _SIGNS if keys.get(key)]
    role = _SIGNS[signs[0]] if signs else "answer"
    for key in ("under", "question", "choice", "row", "separator"):
        if not isinstance(keys.get(key, ""), str):
            log.add(found.place((*path, key)), key, "Put this in quotes, so that it is read as text.")
    if len(signs) > 1 or (role in ("organisation", "not taken") and keys.get("question")):
        log.add(found.place(path), f"columns[{at}]", "A column can be one thing only. Remove the other keys.")
    elif role not in ("organisation", "not taken") and not keys.get("question"):
        log.add(found.place(path), f"columns[{at}]", "Say which question this column answers, or not_taken: and why.")
    occurrence = keys.get("occurrence", 1)
    if type(occurrence) is not int or occurrence < 1:
        log.add(found.place((*path, "occurrence")), "occurrence", "Write a whole number from 1.")
    return Use(
        heading=keys["column"], role=role, under=str(keys.get("under", "")),
        occurrence=occurrence if type(occurrence) is int else 1, question=str(keys.get("question", "")),
        choice=str(keys.get("choice", "")) if role == "choice" else "", row=str(keys.get("row", "")),
        words=_words(found, path, keys.get(_WORDS), log), others=keys.get("words_are_other") is True,
        separator=str(keys.get("separator") or ";"), why=str(keys.get("not_taken") or ""),
    )  # fmt: skip


def _words(found: Loaded, path: tuple[str | int, ...], words: object, log: FaultLog) -> Dictionary[str, str]:
    if words is None:
        return {}
    if not isinstance(words, dict) or not all(isinstance(v, str | None) for v in words.values()):
        told = 'Write a line for each word of the file: "Yes, I did": "yes". Put answers in quotes.'
        log.add(found.place((*path, _WORDS)), _WORDS, told)
        return {}
    return {word: option or LEFT_OUT for word, option in words.items()}
