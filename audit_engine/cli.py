"""The command line: read what is asked, call a service, print; nothing else.

Exit codes: 0 done, 1 refused or faulty (with a sentence), 2 wrong usage.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from audit_engine.cli_import import import_group
from audit_engine.cli_mail import mail
from audit_engine.cli_self_audit import self_audit_group
from audit_engine.cli_survey import survey_group
from audit_engine.cli_tidy import export_tidy
from audit_engine.cli_triangulate import triangulate

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from audit_engine.definition.library import Library
    from audit_engine.services.definitions import Definitions
    from audit_engine.services.instance import Instance

FORMATS = click.Choice(["text", "json"])


@dataclass
class Place:
    """Where a command works; opened only when a command needs it."""

    root_given: str | None
    instance_given: str | None

    @cached_property
    def root(self) -> Path:
        """Return the root folder."""
        from audit_engine.services.instance import find_root

        return find_root(self.root_given)

    @cached_property
    def instance(self) -> Instance:
        """Return the instance."""
        from audit_engine.services.instance import find_instance

        return find_instance(self.root, self.instance_given)

    @cached_property
    def library(self) -> Library:
        """Return the questionnaires."""
        from audit_engine.definition.library import Library

        return Library(self.root)

    @cached_property
    def definitions(self) -> Definitions:
        """Return the definitions that cycles pinned."""
        from audit_engine.services.definitions import Definitions

        return Definitions(self.library)

    @cached_property
    def engine(self) -> Engine:
        """Return the database, made or brought up to date."""
        return self.instance.open_database()

    def close(self) -> None:
        """Close the connections that a command opened."""
        if "engine" in vars(self):
            self.engine.dispose()


class Sentences(click.Group):
    """A group whose commands end in a sentence, never in a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; turn every named fault into its own sentence and exit code 1."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except OSError as problem:
            where = f" ({problem.filename})" if problem.filename else ""
            raise click.ClickException(f"{problem.strerror or problem}{where}") from None
        except Exception as problem:
            if not _is_ours(problem):
                raise
            raise click.ClickException(str(problem)) from None


def _is_ours(problem: Exception) -> bool:
    from sqlalchemy.exc import OperationalError

    return type(problem).__module__.startswith("audit_engine.") or isinstance(problem, OperationalError)


@click.group(cls=Sentences, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--root", metavar="FOLDER", help="Folder that holds questionnaires/ and instances/.")
@click.option("--instance", metavar="NAME", help="Instance to use [default: demo].")
@click.version_option(package_name="audit-engine")
@click.pass_context
def main(ctx: click.Context, root: str | None, instance: str | None) -> None:
    """Self-assessment, audits and staff surveys for a safeguarding children partnership."""
    place = ctx.obj = Place(root, instance)
    ctx.call_on_close(place.close)


@main.command()
@click.argument("paths", nargs=-1, type=click.Path())
@click.option("--format", "style", type=FORMATS, default="text", show_default=True)
@click.pass_obj
def check(place: Place, paths: tuple[str, ...], style: str) -> None:
    """Check questionnaires, all or those in PATHS. Exit code 1 when one has faults."""
    from audit_engine.definition.checker import check as check_files

    report = check_files([Path(p) for p in paths], place.library)
    click.echo(
        json.dumps(report.as_json(), indent=2, ensure_ascii=False) if style == "json" else "\n".join(report.lines())
    )
    sys.exit(1 if report.faults else 0)


@main.command()
def schema() -> None:
    """Print the JSON Schema of questionnaire files, for editors."""
    from audit_engine.definition.schema import json_schema

    click.echo(json.dumps(json_schema(), indent=2, ensure_ascii=False))


@main.command()
@click.argument("earlier")
@click.argument("later")
@click.pass_obj
def diff(place: Place, earlier: str, later: str) -> None:
    """Say in plain words what changed from EARLIER to LATER. Write them as section-11@2022 section-11@2024."""
    from audit_engine.definition.difference import difference_in_words

    old, new = (place.library.load(*_version(name)) for name in (earlier, later))
    for line in difference_in_words(old, new):
        click.echo(line)


def _version(name: str) -> tuple[str, str]:
    questionnaire, _, version = name.partition("@")
    if not questionnaire or not version:
        raise click.UsageError(f"“{name}” names no version. Write it like section-11@2024.")
    return questionnaire, version


@main.command()
@click.option("--organisations", type=click.IntRange(1, 20000), help="At least this many organisations.")
@click.option("--reset", is_flag=True, help="Throw the demo away and make it anew.")
@click.pass_obj
def demo(place: Place, organisations: int | None, reset: bool) -> None:
    """Create and fill the invented demo. One that is there already is kept."""
    from audit_engine.services.clock import now
    from audit_engine.services.demo import fill_demo, refuse_real, reset_demo

    refuse_real(place.instance)
    if reset:
        reset_demo(place.instance, place.engine)
    with _Bar("Inventing returns") as step:
        made = fill_demo(place.engine, place.library, place.instance, now(), organisations, step)
    if made.made:
        click.echo(
            f"Made the invented demo: {made.organisations:,} organisations, {made.answers:,} answers and "
            f"{made.replies:,} replies to surveys."
        )
    else:
        click.echo(f"The demo is there already, with {made.organisations} organisations; nothing was changed.")
    _print_sign_ins(place)


class _Bar:
    """A progress bar that appears with the first step; silent where nobody watches."""

    def __init__(self, label: str) -> None:
        self.label = label
        self.bar: Any = None
        self.done = 0

    def __enter__(self) -> Callable[[int, int], None]:
        return self._step

    def _step(self, done: int, whole: int) -> None:
        if self.bar is None:
            self.bar = click.progressbar(
                length=whole, label=self.label, file=sys.stderr, hidden=not sys.stderr.isatty()
            ).__enter__()
        self.bar.update(done - self.done)
        self.done = done

    def __exit__(self, *_: object) -> None:
        if self.bar is not None:
            self.bar.render_finish()


def _print_sign_ins(place: Place) -> None:
    from audit_engine.response.people import ROLES
    from audit_engine.services.demo import PASSWORD, sign_ins
    from audit_engine.services.invented_settings import LEAD

    click.echo("Sign in (everybody here is invented) with the password " + PASSWORD)
    for one in sign_ins():
        where = f"  ({one.where})" if one.where else ""
        click.echo(f"  {one.called.capitalize() or ROLES[one.role]:24}{one.email}{where}")
    click.echo(f"Schools and nurseries need no password: ask at /self-audit for a link to {LEAD}")


@main.command()
@click.option("--adopt", is_flag=True, help="Take the files' word also where a record was edited on a page.")
@click.pass_obj
def init(place: Place, adopt: bool) -> None:
    """Load the instance's files into its database. These are partnership.yaml and cycles; it is safe to repeat."""
    from audit_engine.services.clock import now
    from audit_engine.services.init_instance import init_instance

    done = init_instance(place.engine, place.library, place.instance, now(), adopt=adopt)
    for sentence in done.kept:
        click.echo(sentence)
    click.echo(
        f"{place.instance.name}: {_many(done.organisations, 'organisation')} and {_many(done.cycles, 'cycle')} loaded."
    )


def _many(count: int, thing: str) -> str:
    return f"{count:,} {thing}{'' if count == 1 else 's'}"


@main.command()
@click.option("--format", "style", type=FORMATS, default="text", show_default=True)
@click.pass_obj
def cycles(place: Place, style: str) -> None:
    """List the cycles, and how many organisations have returned."""
    from audit_engine.services.list_cycles import cycles_as_text, list_cycles

    if style == "json":
        click.echo(json.dumps([c.as_json() for c in list_cycles(place.engine)], indent=2, ensure_ascii=False))
        return
    lines = cycles_as_text(place.engine, place.definitions)
    for line in lines or ("There are no cycles yet. Run: audit-engine init",):
        click.echo(line)


@main.command()
@click.argument("baseline")
@click.argument("cycle")
@click.option("--area", help="Only organisations that work in this area, with their answers for it.")
@click.option("--sector", help="Only organisations of this sector.")
@click.option("--standard", help="Only criteria of this standard.")
@click.option("--tag", help="Only criteria with this tag.")
@click.option("--basis", type=click.Choice(["final", "self"]), default="final", show_default=True)
@click.option("--through", help="An audit before BASELINE: shows all three, link by link.")
@click.option("--format", "style", type=click.Choice(["text", "json", "csv"]), default="text", show_default=True)
@click.pass_obj
def compare(
    place: Place, /, baseline: str, cycle: str, style: str, basis: Any, through: str | None, **filters: str | None
) -> None:
    """Compare CYCLE with BASELINE, like for like. Two audits by their criteria, or two waves of a survey of people."""
    from audit_engine.services.compare_waves import is_survey_of_people
    from audit_engine.storage.engine import reading

    with reading(place.engine) as connection:
        of_people = is_survey_of_people(connection, place.definitions, cycle)
    if of_people:
        given = [f"--{name}" for name, value in (("through", through), *filters.items()) if value]
        _compare_waves(place, baseline, cycle, style, given)
        return
    from audit_engine.analysis.chain_wording import chain_json
    from audit_engine.analysis.change import Filters
    from audit_engine.analysis.comparison_json import as_json
    from audit_engine.services.compare_cycles import compare_cycles, linked_cycles
    from audit_engine.services.show_comparison import as_csv, as_text, linked_text

    wanted = Filters(**filters)
    with reading(place.engine) as connection:
        found = compare_cycles(connection, place.definitions, baseline, cycle, wanted, basis)
        names = (through, baseline, cycle) if through else None
        three = linked_cycles(connection, place.definitions, names, wanted, basis) if names else None
    if style == "json":
        plain = as_json(found) | ({"linked": chain_json(three)} if three else {})
        click.echo(json.dumps(plain, indent=2, ensure_ascii=False))
    elif style == "csv":
        click.echo(as_csv(found), nl=False)
    else:
        click.echo(as_text(found) + (linked_text(three) if three else ""), nl=False)


def _compare_waves(place: Place, earlier: str, cycle: str, style: str, useless: list[str]) -> None:
    from audit_engine.analysis.waves_json import waves_json
    from audit_engine.services.compare_waves import compare_surveys
    from audit_engine.services.show_waves import as_csv, as_text
    from audit_engine.storage.engine import reading

    if useless:
        raise click.UsageError(f"{useless[0]} narrows audits; a survey of people is compared whole.")
    with reading(place.engine) as connection:
        found = compare_surveys(connection, place.definitions, earlier, cycle)
    if style == "json":
        click.echo(json.dumps(waves_json(found), indent=2, ensure_ascii=False))
    else:
        click.echo(as_csv(found) if style == "csv" else as_text(found), nl=False)


@main.command()
@click.argument("kind", type=click.Choice(["analysis", "themes", "staff-view"]))
@click.argument("cycle")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="File to write [default: in exports/].")
@click.option("--area", help="Report on one area.")
@click.option("--despite", default="", metavar="REASON", help="Issue it although figures do not agree, and say why.")
@click.pass_obj
def report(place: Place, kind: str, cycle: str, out: Path | None, area: str | None, despite: str) -> None:
    """Write a Word report of CYCLE. Where figures do not agree, they are named and nothing is issued."""
    from audit_engine.services.clock import now
    from audit_engine.services.issue_report import Order, issue_report

    with _Bar("Writing the report") as step:
        order = Order(cycle, kind, area, out, despite=despite)
        made = issue_report(
            place.engine, place.definitions, place.instance, order, now(), lambda percent: step(percent, 100)
        )
    for doubt in made.doubts:
        click.echo(f"Issued although figures do not agree: {doubt.sentence}")
    click.echo(f"Wrote {made.file} with {made.figures:,} figures.")


@main.command()
@click.argument("cycle")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="Folder to write into.")
@click.option("--area", help="Only one area.")
@click.pass_obj
def pictures(place: Place, cycle: str, out: Path, area: str | None) -> None:
    """Draw every chart of CYCLE's report as a PNG. They are for slides and newsletters."""
    from audit_engine.services.clock import now
    from audit_engine.services.draw_pictures import draw_pictures

    with _Bar("Drawing") as step:
        count = draw_pictures(place.engine, place.definitions, place.instance, cycle, area, out, now(), step)
    click.echo(f"Drew {_many(count, 'picture')} into {out}.")


@main.command()
@click.argument("cycle")
@click.option("--format", "style", type=click.Choice(["json", "csv"]), default="csv", show_default=True)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="File to write [default: the screen].")
@click.pass_obj
def export(place: Place, cycle: str, style: str, out: Path | None) -> None:
    """Write out everything that organisations returned in CYCLE."""
    from audit_engine.services.export_cycle import export_to

    with _Bar("Exporting") as step:
        count = export_to(place.engine, place.definitions, cycle, style, out, step)
    if out is not None:
        click.echo(f"Wrote {count} rows to {out}.")


@main.command()
@click.argument("cycle")
@click.option("--by", metavar="WHAT", help="Break down by sector, organisation, or a question fixed for that: its id.")
@click.option("--organisation", metavar="ID", help="Only this organisation's results.")
@click.option("--format", "style", type=click.Choice(["text", "json", "csv"]), default="text", show_default=True)
@click.pass_obj
def results(place: Place, cycle: str, by: str | None, organisation: str | None, style: str) -> None:
    """Show the results of CYCLE, a survey that has closed. Nothing is shown of fewer than eleven people."""
    from audit_engine.services.run_cycle import cycle_named
    from audit_engine.services.show_survey import as_json, as_text, write_csv
    from audit_engine.services.survey_results import survey_results
    from audit_engine.storage.engine import reading

    with reading(place.engine) as connection:
        facts = cycle_named(connection, cycle)
        found = survey_results(connection, place.definitions, facts, organisation=organisation, by=by)
    if style == "csv":
        write_csv(found, sys.stdout)
    elif style == "json":
        click.echo(json.dumps(as_json(found), indent=2, ensure_ascii=False))
    else:
        click.echo("\n".join(as_text(found)))


@main.command()
@click.option("--format", "style", type=FORMATS, default="text", show_default=True)
@click.pass_obj
def published(place: Place, style: str) -> None:
    """Print published figures as published and as recomputed. They lie in instances/published."""
    from audit_engine.services.read_published import as_json, as_text, read_published

    found = read_published(place.root / "instances" / "published")
    click.echo(
        json.dumps(as_json(found), indent=2, ensure_ascii=False) if style == "json" else "\n".join(as_text(found))
    )


@main.group()
def user() -> None:
    """Add and list the people who can sign in."""


@user.command("add")
@click.argument("email")
@click.option("--name", required=True)
@click.option("--role", required=True, help="A role such as business-team or organisation-lead.")
@click.option("--organisation", help="For roles held in one organisation: its id.")
@click.option("--area", help="For a role held in one area only: its id.")
@click.password_option(help="At least 12 characters.")
@click.pass_obj
def user_add(
    place: Place, email: str, name: str, role: str, organisation: str | None, area: str | None, password: str
) -> None:
    """Add a person with one role."""
    from audit_engine.response.people import Held
    from audit_engine.services.clock import now
    from audit_engine.services.keep_people import add_person

    add_person(place.engine, email, name, password, [Held(role, organisation, area)], None, now())
    click.echo(f"{email} can sign in.")


@user.command("reset")
@click.argument("email")
@click.password_option(help="The new password, at least 12 characters.")
@click.pass_obj
def user_reset(place: Place, email: str, password: str) -> None:
    """Give a person a new password. Their second factor is set up again."""
    from audit_engine.services.clock import now
    from audit_engine.services.keep_people import reset_person

    reset_person(place.engine, email, password, None, now())
    click.echo(f"{email} can sign in with the new password.")


@user.command("list")
@click.pass_obj
def user_list(place: Place) -> None:
    """List everybody and their roles."""
    from audit_engine.storage import people
    from audit_engine.storage.engine import reading

    with reading(place.engine) as connection:
        for person in people.people(connection):
            held = ", ".join(" ".join(filter(None, (h.role, h.organisation, h.area))) for h in person.facts.held)
            off = "" if person.active else "  (switched off)"
            click.echo(f"{person.facts.email:40}{held}{off}")


@main.command()
@click.option("--once", is_flag=True, help="Do what waits, then stop.")
@click.pass_obj
def worker(place: Place, once: bool) -> None:
    """Do the work that pages ask for, such as making reports. It runs until it is stopped."""
    from audit_engine.services.do_work import claim_work, do_work, start_worker

    if not once:
        start_worker(place.engine, place.definitions, place.instance)
        return
    for work_id in claim_work(place.engine):
        done = do_work(place.engine, place.definitions, place.instance, work_id)
        click.echo(f"Work {work_id}: {'done' if done else 'not done, see the log'}.")


@main.command()
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, envvar="PORT")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--threads", type=click.IntRange(1, 64), default=8, show_default=True)
@click.option("--no-worker", is_flag=True, help="Start no worker beside the site.")
@click.pass_obj
def serve(place: Place, port: int, host: str, threads: int, no_worker: bool) -> None:
    """Serve the site, with a worker beside it, until Ctrl-C."""
    from audit_engine.serving import serve as start

    start(place.instance, host, port, threads, with_worker=not no_worker)


main.add_command(import_group)
main.add_command(export_tidy)
main.add_command(mail)
main.add_command(self_audit_group)
main.add_command(survey_group)
main.add_command(triangulate)
