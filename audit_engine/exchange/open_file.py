"""Which kind of file is this, whatever its name says?"""

from __future__ import annotations

from pathlib import Path

from audit_engine.exchange.csv_text import open_csv
from audit_engine.exchange.outside import Table, Unreadable
from audit_engine.exchange.workbook import open_workbook

EXCEL = "Open it in Excel and save it as an Excel workbook (.xlsx) or as CSV UTF-8."
_STRANGERS = (
    (b"\xd0\xcf\x11\xe0", f"This is an Excel file of the old kind (.xls) or one with a password. {EXCEL}"),
    (b"%PDF", "This is a PDF. Export the answers as CSV or as an Excel workbook (.xlsx)."),
    (b"\x1f\x8b", "This is a packed file. Unpack it first."),
    (b"{\\rtf", "This is a text document. Export the answers as CSV or as an Excel workbook (.xlsx)."),
    (b"<", "This is a web page or XML, whatever its name says. Export the answers as CSV or as a workbook (.xlsx)."),
)


def open_table(path: Path, sheet: str = "") -> Table:
    """Return the table in a file, told by its content; ``sheet`` '' is the first that is not hidden."""
    with path.open("rb") as file:
        start = file.read(64)
    if not start:
        raise Unreadable("The file is empty.")
    if start.startswith(b"PK\x03\x04"):
        return open_workbook(path, sheet)
    for mark, sentence in _STRANGERS:
        if start.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(mark):
            raise Unreadable(sentence)
    return open_csv(path)
