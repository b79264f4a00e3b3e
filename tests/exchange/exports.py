"""Invented exports, as the three products write them; how they look is from public descriptions and published readers.

Microsoft Forms: one row of headings, ID, hours, e-mail and name first; several
answers joined by semicolons with one at the end; words in place of "Other".
SurveyMonkey: two rows, the second with the choice, "Response" or "Other
(please specify)"; a cell repeats the choice.  SmartSurvey: three rows, numbered
questions, rows and choices.
"""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Callable, Mapping, Sequence
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import xlsxwriter

from audit_engine.definition.item_types.base import OtherChoice

Rows = list[list[str]]
#: What six invented people said of ``tests.services.pulse.PULSE``, as values by item.
REPLIES: tuple[Mapping[str, Any], ...] = (
    {"p.1": "front", "p.2": "yes", "p.3": ("manager", "poster"), "p.6": (("peer", "high"), ("boss", "low")),
     "p.7": "More time; and “fewer” forms", "p.10": 12},
    {"p.1": "manager", "p.2": "no", "p.4": "prefer-not", "p.7": "=2+2"},
    {"p.2": "yes", "p.3": ("poster", OtherChoice("A café, naïvely")), "p.5": "dont-know", "p.10": 3},
    {"p.1": "front", "p.2": "unsure", "p.5": "true", "p.8": "not-mine"},
    {"p.2": "yes", "p.3": (OtherChoice("my union"),), "p.6": (("boss", "high"),), "p.8": "always"},
    {"p.1": "front", "p.4": "no", "p.9": "yes"},
)  # fmt: skip
LABELS: Mapping[str, Mapping[str, str]] = {
    "p.1": {"front": "Front line", "manager": "Manager"},
    "p.2": {"yes": "Yes", "no": "No", "unsure": "Not sure"},
    "p.3": {"manager": "My manager", "poster": "A poster", "other": "Other"},
    "p.4": {"yes": "Yes", "no": "No", "prefer-not": "Prefer not to say"},
    "p.5": {"true": "True", "false": "False", "dont-know": "Don't know"},
    "p.6": {"low": "Low", "high": "High"},
    "p.8": {"always": "Always", "never": "Never", "not-mine": "Not my work"},
    "p.9": {"yes": "Yes", "no": "No"},
}
TEXTS: Mapping[str, str] = {
    "p.1": "What is your role?", "p.2": "Do you know who leads?", "p.3": "Who told you?",
    "p.4": "Has it happened to you?", "p.5": "Consent is always needed", "p.6": "How sure are you with",
    "p.7": "One thing to change", "p.8": "I record what children say", "p.9": "Do you see children?",
    "p.10": "How many days did it take?",
}  # fmt: skip
GRID = {"peer": "a colleague", "boss": "your manager"}


def one(reply: Mapping[str, Any], item: str) -> str:
    """The cell of a question with one answer."""
    value = reply.get(item, "")
    return LABELS.get(item, {}).get(str(value), str(value))


def ticked(reply: Mapping[str, Any], option: str) -> str:
    return LABELS["p.3"][option] if option in reply.get("p.3", ()) else ""


def beside(reply: Mapping[str, Any]) -> str:
    return next((c.words for c in reply.get("p.3", ()) if isinstance(c, OtherChoice)), "")


def in_grid(reply: Mapping[str, Any], row: str) -> str:
    return LABELS["p.6"].get(dict(reply.get("p.6", ())).get(row, ""), "")


def microsoft_forms(replies: Sequence[Mapping[str, Any]] = REPLIES) -> Rows:
    plain = ["p.1", "p.2", "p.3", "p.4", "p.5", "p.7", "p.8", "p.9", "p.10"]
    head = ["ID", "Start time", "Completion time", "Email", "Name", "Last modified time"]
    head += [TEXTS[i] + "\u00a0" for i in plain] + list(GRID.values())
    rows = []
    for number, reply in enumerate(replies, 1):
        joined = [c.words if isinstance(c, OtherChoice) else LABELS["p.3"][c] for c in reply.get("p.3", ())]
        cells = ["".join(f"{w};" for w in joined) if i == "p.3" else one(reply, i) for i in plain]
        own = [str(number), "9/14/26 10:00:01", "9/14/26 10:04:59", f"p{number}@example.org", f"Person {number}", ""]
        rows.append([*own, *cells, *(in_grid(reply, row) for row in GRID)])
    return [head, *rows]


def survey_monkey(replies: Sequence[Mapping[str, Any]] = REPLIES) -> Rows:
    own = ["Respondent ID", "Collector ID", "Date Created", "Date Modified", "IP Address", "Email Address",
           "First Name", "Last Name", "Custom Data 1"]  # fmt: skip
    first, second = [*own], [""] * len(own)
    for item, text in TEXTS.items():
        under = {"p.3": ["My manager", "A poster", "Other (please specify)"], "p.6": list(GRID.values()),
                 "p.7": ["Open-Ended Response"], "p.10": ["Open-Ended Response"]}.get(item, ["Response"])  # fmt: skip
        first += [text] + [""] * (len(under) - 1)
        second += under
    rows = []
    for number, reply in enumerate(replies, 1):
        cells = [str(118_000_000_000 + number), "4001", "09/14/2026 10:00:01 AM", "", "192.0.2.7",
                 f"p{number}@example.org", "Per", "Son", "x"]  # fmt: skip
        for item in TEXTS:
            several = {"p.3": [ticked(reply, "manager"), ticked(reply, "poster"), beside(reply)],
                       "p.6": [in_grid(reply, row) for row in GRID]}  # fmt: skip
            cells += several.get(item, [one(reply, item)])
        rows.append(cells)
    return [first, second, *rows]


def smart_survey(replies: Sequence[Mapping[str, Any]] = REPLIES) -> Rows:
    own = ["UserID", "UserNo", "Name", "Email", "IP Address", "Unique ID", "Started", "Ended"]
    levels = [[*own], [""] * len(own), [""] * len(own)]
    for number, (item, text) in enumerate(TEXTS.items(), 1):
        under = {"p.3": ["My manager", "A poster", "Other (please specify):"], "p.6": list(GRID.values())}.get(
            item, [""]
        )
        levels[0] += [f"Q{number}. {text}"] + [""] * (len(under) - 1)
        levels[1] += [f"Q{number}.{n}. {label}" if label else "" for n, label in enumerate(under, 1)]
        levels[2] += [""] * len(under)
    rows = []
    for number, reply in enumerate(replies, 1):
        cells = [
            str(90_000 + number),
            str(number),
            "",
            "",
            "192.0.2.7",
            f"u-{number}",
            "14/09/2026 10:00",
            "14/09/2026",
        ]
        for item in TEXTS:
            several = {"p.3": [ticked(reply, "manager"), ticked(reply, "poster"), beside(reply)],
                       "p.6": [in_grid(reply, row) for row in GRID]}  # fmt: skip
            cells += several.get(item, [one(reply, item)])
        rows.append(cells)
    return [*levels, *rows]


PRODUCTS: Mapping[str, Callable[..., Rows]] = {
    "Microsoft Forms": microsoft_forms, "SurveyMonkey": survey_monkey, "SmartSurvey": smart_survey,
}  # fmt: skip


def write_csv(path: Path, rows: Rows, encoding: str = "utf-8-sig", delimiter: str = ",") -> Path:
    out = StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows(rows)
    path.write_bytes(out.getvalue().encode(encoding))
    return path


def write_xlsx(path: Path, rows: Rows) -> Path:
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Form1")
    for number, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            if cell.isdigit():
                sheet.write_number(number, column, int(cell))
            elif cell:
                sheet.write_string(number, column, cell)
    book.close()
    return path


def write(path: Path, rows: Rows) -> Path:
    """Write rows in the way that the name of the file says."""
    return write_xlsx(path, rows) if path.suffix == ".xlsx" else write_csv(path, rows)


def changed_part(path: Path, part: str, change: Callable[[bytes], bytes]) -> Path:
    """Write a workbook anew with one part changed."""
    out = BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == part else old.read(name))
    path.write_bytes(out.getvalue())
    return path
