"""How does a page of charts and tables hand out one of its tables, or every figure with its parts and source?"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from flask import Response, abort, jsonify, request
from flask.typing import ResponseReturnValue

from audit_engine.services.export_cycle import neutral

if TYPE_CHECKING:
    from audit_engine.reports.blocks import Block, Cell, Table

WHOLE = re.compile(r"[+−-]?\d{1,3}(?:,\d{3})*|[+−-]?\d+")


def with_table() -> bool:
    """Tell whether the address asks for one table of the page, and not for all that it is about."""
    return bool(request.args.get("table"))


def handed_out(blocks: Sequence[Block]) -> ResponseReturnValue | None:
    """Return what the address asks for: one table as CSV, or every figure as JSON; None for the page itself."""
    style, name = request.args.get("format"), request.args.get("table")
    if style == "figures":
        return jsonify(figures=figures_of(blocks))
    if style != "csv" or not name:
        return None
    table = next((b for b in tables_of(blocks) if b.id == name), None)
    if table is None:
        abort(404)
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return Response(as_csv(table), mimetype="text/csv", headers=headers)


def tables_of(blocks: Iterable[Block]) -> list[Table]:
    """Return the tables among blocks."""
    from audit_engine.reports.blocks import Table

    return [block for block in blocks if isinstance(block, Table)]


def as_csv(table: Table) -> str:
    """Return a table as CSV; no cell is taken for a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(table.columns)
    writer.writerows([_plain(cell) for cell in row] for row in table.rows)
    return out.getvalue()


def _plain(cell: Cell) -> str:
    """Return what stands in a cell: a whole number without commas, anything else as text that is no formula."""
    if cell.number and WHOLE.fullmatch(cell.text):
        return str(int(cell.text.replace(",", "").replace("−", "-")))
    return neutral(cell.text)


def figures_of(blocks: Sequence[Block]) -> list[dict[str, object]]:
    """Return every figure of the tables with its id, parts and source, as plain values."""
    from audit_engine.analysis.figures import collected
    from audit_engine.reports.figure_places import figures_in

    return collected(figures_in(blocks)).as_json()
