"""Write the folder of tables for other programs, see when that was done, and take a table from it."""

from __future__ import annotations

from datetime import datetime

from flask import abort, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue

from audit_engine.response.permissions import Act
from audit_engine.services.clock import now
from audit_engine.services.export_tidy import LIST, TIDY_WORK, ask_tidy, folder_of, last_written, note_taken
from audit_engine.services.tidy_columns import TABLES
from audit_engine.storage import outbox
from audit_engine.storage.outbox import MOST_ATTEMPTS
from audit_engine.web.policy import me
from audit_engine.web.site import page, site
from audit_engine.web.views.shared import done, limited_to


def _only_for_who_sees_all() -> None:
    """Let nobody in who sees one area alone: the folder holds every area."""
    if limited_to(Act.EXPORT_TIDY) is not None:
        abort(404)


def tidy_files() -> ResponseReturnValue:
    """Show the tables, when they were last written, and the button that writes them again."""
    _only_for_who_sees_all()
    said = last_written(site().instance)
    rows = {table["file"]: table["rows"] for table in said["tables"]} if said else {}
    with page() as connection:
        newest = next(iter(outbox.latest(connection, TIDY_WORK, 1)), None)
    waits = newest is not None and newest["done_at"] is None
    failed = waits and newest is not None and newest["attempts"] >= MOST_ATTEMPTS
    body = render_template(
        "dashboard_tables.html", tables=TABLES, rows=rows, list_file=LIST,
        written_at=datetime.fromisoformat(said["written_at"]) if said else None,
        folder=folder_of(site().instance).relative_to(site().instance.root).as_posix(),
        waits=waits and not failed, fault=newest["fault"] if failed and newest else "",
    )  # fmt: skip
    return body, {"Refresh": f"3; url={url_for('tidy_files')}"} if waits and not failed else {}


def refresh_tidy() -> ResponseReturnValue:
    """Ask the worker to write the tables again."""
    _only_for_who_sees_all()
    ask_tidy(site().engine, me().id, now())
    done("The tables are being written. This page says when they are there.")
    return redirect(url_for("tidy_files"))


def tidy_file(name: str) -> ResponseReturnValue:
    """Hand over one table, or the list of columns; the download is written down."""
    _only_for_who_sees_all()
    if name not in {LIST, *(table.file for table in TABLES)}:
        abort(404)
    file = folder_of(site().instance) / name
    if not file.is_file():
        abort(404)
    note_taken(site().engine, name, me().id, now())
    kind = "application/json" if name == LIST else "text/csv"
    return send_file(file, mimetype=kind, as_attachment=True, download_name=name)
