"""`flask people import`: a staff file from the command line; the result on standard output, notes on error."""

import json
import sys
from pathlib import Path
from typing import Any
from uuid import UUID

import click
from flask.cli import with_appcontext
from flask_babel import gettext as _

from elearn.kernel import clock
from elearn.kernel.actor import Actor
from elearn.kernel.db import db
from elearn.kernel.errors import Conflict, Invalid, Refusal
from elearn.kernel.jobs import transaction
from elearn.people import queries
from elearn.people.roster.planning import Plan, Verdict
from elearn.people.roster.shape import MAX_FILE, Problem
from elearn.people.services import rostering
from elearn.people.services.rostering import Wishes
from elearn.people.views import roster_words


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--dry-run", is_flag=True, help="Say what would change, and write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.option("--create-units", is_flag=True, help="Create units whose code is not there, under the agency.")
@click.option("--agency", "agency", default=None, metavar="CODE", help="The agency for new units, where there are several.")
@with_appcontext
def import_staff(file: Path, dry_run: bool, as_json: bool, create_units: bool, agency: str | None) -> None:
    """Take in a staff file (.xlsx, .xls, .ods, .csv), all or nothing. People who are not in it stay as they are."""
    wishes = Wishes(create_units, _agency_id(agency))
    try:
        plan = _run(_content(file), wishes, dry_run=dry_run)
    except Invalid as refusal:
        problem = Problem(0, "", refusal.code)
        _tell_json(None, [(problem, roster_words.refused(refusal))], False) if as_json else click.echo(
            roster_words.refused(refusal)
        )
        sys.exit(1)
    written = not dry_run and not plan.problems and plan.changes_anything
    if as_json:
        _tell_json(plan, [(it, roster_words.reason(it)) for it in plan.problems], written)
    else:
        _tell(plan, written=written, dry_run=dry_run)
    sys.exit(1 if plan.problems else 0)


def _agency_id(code: str | None) -> UUID | None:
    if code is None:
        return None
    found = queries.unit_id_by_code(code)
    if found is None:
        raise click.ClickException("no agency has this code")
    return found


def _content(file: Path) -> bytes:
    """One byte more than is taken is read at most; raises a message of the command line where there is no such file."""
    try:
        with file.open("rb") as opened:
            return opened.read(MAX_FILE + 1)
    except OSError as error:
        raise click.ClickException(f"{file}: {error.strerror}") from error


def _run(content: bytes, wishes: Wishes, *, dry_run: bool) -> Plan:
    """Read with no transaction open, then compare, and unless told otherwise write."""
    who, now = Actor.system(), clock.now()
    terms = rostering.terms_in_force(by=who, now=now)
    db.session.rollback()
    roster = rostering.read_file(content, terms, by=who, now=now)
    db.session.connection(execution_options={"elearn_read": True})
    plan = rostering.compare(roster, wishes, by=who, now=now)
    db.session.rollback()
    if dry_run or plan.problems or not plan.changes_anything:
        return plan
    del plan
    try:
        with transaction():
            return rostering.take_in(roster, wishes, by=who, now=now)
    except Conflict:
        return rostering.compare(roster, wishes, by=who, now=now)
    except Refusal as refusal:
        raise click.ClickException(refusal.code) from refusal


def _tell_json(plan: Plan | None, problems: list[tuple[Problem, str]], written: bool) -> None:
    counts: dict[str, Any] = {it.value: plan.count(it) if plan else 0 for it in Verdict}
    errors = [{"row": it.row, "column": it.column, "code": it.code, "message": text} for it, text in problems]
    result = {"rows": plan.row_count if plan else 0, **counts, "errors": errors, "written": written}
    click.echo(json.dumps(result, ensure_ascii=False))


def _tell(plan: Plan, *, written: bool, dry_run: bool) -> None:
    for it in plan.problems:
        click.echo(roster_words.complaint(it))
    counts = {it.value: plan.count(it) for it in Verdict}
    click.echo(
        _(
            "Rows: %(rows)s. New: %(new)s. Changed: %(changed)s. Unchanged: %(unchanged)s. With errors: %(bad)s.",
            rows=plan.row_count,
            bad=len({it.row for it in plan.problems}),
            **counts,
        )
    )
    made = [*(f"{it.code} {it.name}" for it in plan.units), *(f"{it.code} {it.name}" for it in plan.positions)]
    if made:
        click.echo(_("New units and positions: %(names)s", names="; ".join(made)))
    if written:
        click.echo(_("Written. People who are not in the file stay as they were."))
    elif plan.problems:
        click.echo(_("Nothing was written. Mend the rows and import the file again."))
    else:
        click.echo(_("Nothing was written: this was a trial.") if dry_run else _("Nothing was written: nothing changes."))
