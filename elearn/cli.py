"""The commands of an installation's operator; results on standard output, notes on standard error."""

import json
import signal
from datetime import date, datetime
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext
from flask_migrate import upgrade
from sqlalchemy import text

from elearn import preparation
from elearn.competency import services as competencies
from elearn.config import Config
from elearn.courses import services as courses
from elearn.kernel import backup as backups
from elearn.kernel import clock, copying, delivery, keyfile, marks
from elearn.kernel.actor import Actor
from elearn.kernel.db import db
from elearn.kernel.errors import Refusal
from elearn.kernel.jobs import transaction
from elearn.people.services.reference import load_reference
from elearn.workflows import administration, publishing, ruling
from elearn.workflows import demo as demo_story

ROOT = Path(__file__).resolve().parent.parent

content = AppGroup("content", help="Authored courses.")
reference = AppGroup("reference", help="Dated reference data.")
rules = AppGroup("rules", help="Dated numbers of regulations and policies.")
demo = AppGroup("demo", help="Fictional people to try the product with.")
worker = AppGroup("jobs", help="The worker.")


@content.command("load")
@click.argument("path", type=click.Path(exists=True, file_okay=False, path_type=Path))
@with_appcontext
def load_content(path: Path) -> None:
    """Validate and publish the course folder at PATH (or every one below it), and say what changed."""
    by, now = Actor.system(), clock.now()
    failed = False
    folders = _folders(path)
    with transaction():
        basis = publishing.basis_in_force(folders, by=by, now=now)
    for folder in folders:
        try:
            authored = publishing.read_folder(folder, basis)
            courses.keep_files(authored, by=by, now=now)
            with transaction():
                done = publishing.publish_course(authored, by=by, now=now)
        except Refusal as refusal:
            failed = True
            click.echo(f"{folder.name}: not published ({refusal.code})", err=True)
            for problem in _problems(refusal):
                click.echo(f"  {problem}", err=True)
            continue
        basis = basis.after(authored)
        news = f"version {done.course_version}" if done.changed else f"unchanged at version {done.course_version}"
        click.echo(f"{done.slug}: {news}")
        for change in done.changes:
            click.echo(f"  {change}")
        for warning in authored.warnings:
            click.echo(f"  warning: {warning}", err=True)
    if failed:
        raise click.exceptions.Exit(1)


def _folders(path: Path) -> list[Path]:
    try:
        return publishing.course_folders(path)
    except Refusal as refusal:
        raise click.ClickException(f"{path}: there is no course.yaml here or one folder below") from refusal


def _problems(refusal: Refusal) -> list[str]:
    problems = refusal.details.get("problems")
    if isinstance(problems, (list, tuple)):
        return [_line(it) for it in problems]
    return [f"{key}: {value}" for key, value in refusal.details.items()]


def _line(problem: object) -> str:
    if isinstance(problem, dict):
        line = f"line {problem['line']}" if problem.get("line") else ""
        return ": ".join(filter(None, (problem["file"], line, problem["place"], problem["reason"])))
    return str(problem)


@reference.command("load")
@click.argument("path", type=click.Path(exists=True, file_okay=False, path_type=Path))
@with_appcontext
def load_reference_data(path: Path) -> None:
    """Load the dated reference data of a folder; values in force, and what was set here, stay."""
    try:
        with transaction():
            _load_reference(path)
    except Refusal as refusal:
        raise _refused("nothing was loaded", refusal) from refusal


def _refused(what: str, refusal: Refusal) -> click.ClickException:
    return click.ClickException("\n  ".join([f"{what} ({refusal.code})", *_problems(refusal)]))


def _load_reference(path: Path) -> None:
    by, now = Actor.system(), clock.now()
    for name, report in (
        ("rules", competencies.load_rules(path, by=by, now=now)),
        ("levels and ranks", load_reference(path, by=by, now=now)),
        ("dictionary", competencies.load_dictionary(path, by=by, now=now)),
    ):
        click.echo(f"{name}: {len(report.added)} added, {len(report.changed)} changed")


@rules.command("list")
@with_appcontext
def list_rules() -> None:
    """Every value of every dated rule: in force, planned or past, from when on, and on what basis."""
    for it in ruling.rules_stated(by=Actor.system(), now=clock.now()):
        until = f" until {it.effective_to}" if it.effective_to else ""
        here = " (set here)" if it.is_set_here else ""
        value = json.dumps(it.value, ensure_ascii=False)
        click.echo(f"{it.key} = {value}: {it.standing} from {it.effective_from}{until}; {it.legal_basis}{here}")


@rules.command("set")
@click.argument("key")
@click.argument("value")
@click.option("--from", "from_on", required=True, type=click.DateTime(["%Y-%m-%d"]), help="The first day it holds.")
@click.option("--basis", required=True, help="What it rests on: a regulation, a decree, a policy.")
@with_appcontext
def set_rule(key: str, value: str, from_on: datetime, basis: str) -> None:
    """Let the rule KEY be VALUE (a number, JSON, or null where it may be empty) from a day on."""
    first = date(from_on.year, from_on.month, from_on.day)
    try:
        with transaction():
            was = ruling.set_rule(key, _json(value), from_on=first, basis=basis, by=Actor.system(), now=clock.now())
    except Refusal as refusal:
        raise _refused("nothing was set", refusal) from refusal
    click.echo(f"{key}: {json.dumps(was)} until then, {value} from {first}")


def _json(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return text


@demo.command("load")
@with_appcontext
def load_demo() -> None:
    """Make the demo people once; their passwords lie in demo-passwords.json beside the data."""
    _load_demo()


def _load_demo() -> None:
    config: Config = current_app.extensions["elearn_config"]
    with transaction():
        made = demo_story.load_demo(config.var / "demo-passwords.json", by=Actor.system(), now=clock.now())
    click.echo("demo people: made" if made else "demo people: already there")


@worker.command("work")
@click.option("--threads", default=2, show_default=True, type=click.IntRange(1, 32))
@with_appcontext
def work(threads: int) -> None:
    """Work on jobs until ended by SIGINT or SIGTERM."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]

    def in_context(act):  # type: ignore[no-untyped-def]
        with app.app_context():
            return act()

    delivery.work(app.extensions["elearn_queue"], in_context, threads=threads)


@click.command("metrics")
@with_appcontext
def metrics() -> None:
    """Answer /metrics at ELEARN_METRICS, until ended."""
    from elearn.portals import measures

    config: Config = current_app.extensions["elearn_config"]
    if config.metrics is None:
        raise click.ClickException("set ELEARN_METRICS to host:port, such as 127.0.0.1:9100")
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    ends = {signal.SIGINT, signal.SIGTERM}
    signal.pthread_sigmask(signal.SIG_BLOCK, ends)
    try:
        measures.serve(app, *config.metrics)
    except OSError as error:
        raise click.ClickException(f"ELEARN_METRICS: cannot listen there: {error.strerror}") from error
    signal.sigwait(ends)


@click.command("prepare")
@click.option("--demo", "with_demo", is_flag=True, help="Also load the demo courses and people.")
@with_appcontext
def prepare(with_demo: bool) -> None:
    """Migrate, load reference data and courses; does nothing where nothing changed since the last time."""
    config: Config = current_app.extensions["elearn_config"]
    if preparation.is_prepared(config, with_demo=with_demo):
        return
    upgrade(directory=str(ROOT / "migrations"))
    load_reference_data.callback(ROOT / "content" / "reference")  # type: ignore[misc]
    if with_demo:
        load_content.callback(ROOT / "content" / "courses")  # type: ignore[misc]
        _load_demo()
    with transaction():
        administration.record_public_address(config.public_url, by=Actor.system(), now=clock.now())
        revision = db.session.scalar(text("SELECT version_num FROM alembic_version"))
        marks.mark(preparation.MARK, preparation.note(config, revision, with_demo=with_demo), now=clock.now())


@click.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--passphrase", envvar="ELEARN_BACKUP_PASSPHRASE", help="Encrypts the keys; else one is made and kept.")
@with_appcontext
def backup(file: Path, passphrase: str | None) -> None:
    """Back up database and files to FILE, and the keys, encrypted, to FILE.keys; the product may go on working."""
    if not passphrase:
        passphrase, made = keyfile.make_passphrase()
        if made:
            click.echo(f"Passphrase of the keys, made now; keep it apart from the backup: {passphrase}", err=True)
    try:
        counts = backups.backup(file, passphrase)
    except Refusal as refusal:
        raise _refused("nothing was backed up: take the release that prepared the database", refusal) from refusal
    with transaction():
        marks.mark(backups.BACKED_UP, now=clock.now())
    click.echo(f"{file}: {sum(counts.values())} rows in {len(counts)} tables; keys in {file.name}.keys")


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--passphrase", envvar="ELEARN_BACKUP_PASSPHRASE", help="The one that encrypted the keys.")
@click.option("--without-keys", is_flag=True, help="Leave the keys of this installation as they are.")
@with_appcontext
def restore(file: Path, passphrase: str | None, without_keys: bool) -> None:
    """Restore FILE into an empty installation; all or nothing."""
    if not without_keys and not passphrase:
        passphrase = keyfile.kept_passphrase()
        if not passphrase:
            raise click.ClickException("the keys are encrypted: give --passphrase, or --without-keys")
    upgrade(directory=str(ROOT / "migrations"))
    try:
        counts = backups.restore(file, None if without_keys else passphrase)
    except Refusal as refusal:
        raise click.ClickException(f"nothing was restored: {refusal.code} {refusal.details or ''}") from refusal
    click.echo(f"{file}: {sum(counts.values())} rows in {len(counts)} tables restored")


@click.command("copy")
@click.option("--to", "url", envvar="ELEARN_COPY_TO", required=True, help="An empty database; it is migrated first.")
@with_appcontext
def copy(url: str) -> None:
    """Copy every row to the empty database at URL, such as from SQLite to PostgreSQL; all or nothing."""
    try:
        name, counts = copying.copy(url, tell=lambda said: click.echo(said, err=True))
    except copying.NotCopied as refused:
        raise click.ClickException(str(refused)) from refused
    click.echo(f"{sum(counts.values())} rows in {len(counts)} tables copied to {name}")
    click.echo(
        "Next: end every process of elearn, set ELEARN_DATABASE_URL to the new address, and start again. What was written"
        "\nhere after the copy began is not there. Files and keys in ELEARN_VAR stay where they are.",
        err=True,
    )


GROUPS: tuple[click.Command, ...] = (content, reference, rules, demo, worker, metrics, prepare, backup, restore)
