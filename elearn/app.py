"""Puts the house together: configuration, one transaction a request, the list of blueprints; no rules."""

from pathlib import Path
from typing import Any

import click
from flask import Flask, current_app, g, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFProtect
from sqlalchemy.engine import make_url

from elearn.certs import tasks as certs_tasks
from elearn.certs.signing import keymaking
from elearn.certs.views import admin as certs_admin
from elearn.certs.views import api as certs_api
from elearn.certs.views import hr as certs_hr
from elearn.certs.views import learner as certs_learner
from elearn.certs.views import particulars as certs_particulars
from elearn.certs.views import public as certs_public
from elearn.competency.views import api as competency_api
from elearn.competency.views import evidence as competency_evidence
from elearn.competency.views import gaps as competency_gaps
from elearn.competency.views import hr as competency_hr
from elearn.competency.views import learner as competency_learner
from elearn.competency.views import requirements as competency_requirements
from elearn.config import Config
from elearn.courses.views import api as courses_api
from elearn.courses.views import learner as courses_learner
from elearn.courses.views import trainer as courses_trainer
from elearn.exams.views import api as exams_api
from elearn.exams.views import learner as exams_learner
from elearn.exams.views import room as exams_room
from elearn.exams.views import trainer as exams_trainer
from elearn.kernel import clock, jobs, logs, meter, readlog
from elearn.kernel import db as database
from elearn.kernel.db import SAFE_METHODS, db
from elearn.kernel.installation import Installation, installation, use
from elearn.kernel.seal import make_key
from elearn.later import Commands, Extensions
from elearn.people import challenge, login
from elearn.people import tasks as people_tasks
from elearn.people.views import accommodations as people_accommodations
from elearn.people.views import activation as people_activation
from elearn.people.views import admin as people_admin
from elearn.people.views import api as people_api
from elearn.people.views import forgot as people_forgot
from elearn.people.views import hiring as people_hiring
from elearn.people.views import hr as people_hr
from elearn.people.views import learner as people_learner
from elearn.people.views import positions as people_positions
from elearn.people.views import public as people_public
from elearn.people.views import slips as people_slips
from elearn.people.views import staff as people_staff
from elearn.people.views import units as people_units
from elearn.portals import admin as portal_admin
from elearn.portals import health, naming, reader, trail
from elearn.portals import home as portal_home
from elearn.portals import setup as portal_setup
from elearn.web import (
    access,
    api,
    assets,
    charts,
    compression,
    edge,
    errors,
    filters,
    headers,
    i18n,
    limits,
    serving,
    styleguide,
)
from elearn.web.request import actor
from elearn.workflows import tasks as workflow_tasks

PAGES = (
    people_public.bp,
    people_activation.bp,
    people_forgot.bp,
    people_learner.bp,
    people_hr.bp,
    people_hiring.bp,
    people_staff.bp,
    people_accommodations.bp,
    people_slips.bp,
    people_positions.bp,
    people_units.bp,
    people_admin.bp,
    courses_learner.bp,
    courses_trainer.bp,
    exams_learner.bp,
    exams_room.bp,
    exams_trainer.bp,
    certs_learner.bp,
    certs_admin.bp,
    certs_hr.bp,
    certs_particulars.bp,
    certs_public.bp,
    competency_learner.bp,
    competency_hr.bp,
    competency_requirements.bp,
    competency_evidence.bp,
    competency_gaps.bp,
    *portal_home.blueprints,
    portal_admin.bp,
    trail.bp,
    portal_setup.bp,
    health.bp,
)
APIS = (people_api, courses_api, exams_api, certs_api, competency_api)
TASKS = (certs_tasks, people_tasks, workflow_tasks)

ROOT = Path(__file__).parent


class ElearnFlask(Flask):
    """Flask whose every request is one transaction: returning commits, raising rolls back, reading never writes.

    A page that a writing request answers with is drawn after the commit, in a transaction that only reads.
    """

    def preprocess_request(self) -> ResponseReturnValue | None:
        """Say whether the request only reads before anything can open its transaction: finding the actor does."""
        view = self.view_functions.get(request.endpoint or "")
        g.reads_only = request.method in SAFE_METHODS or getattr(view, "reads_only", False)
        return super().preprocess_request()

    def dispatch_request(self) -> ResponseReturnValue:
        """Run the view, then commit, or roll back what only read."""
        try:
            response = super().dispatch_request()
            if g.reads_only:
                db.session.rollback()
            else:
                db.session.commit()
            readlog.write_noted_readings()
        except BaseException:
            db.session.rollback()
            jobs.forget_enqueued()
            raise
        jobs.deliver_enqueued()
        return _drawn() if "draw" in g else response

    def handle_user_exception(self, e: Exception) -> ResponseReturnValue:
        """A refusal may draw a form again, and with it a record: that only reads, and the reading is written."""
        g.reads_only = True
        for noted in ("readings", "fetches"):
            g.pop(noted, None)
        answer = super().handle_user_exception(e)
        db.session.rollback()
        readlog.write_noted_readings()
        return answer


def _drawn() -> ResponseReturnValue:
    g.reads_only = True
    try:
        answer: ResponseReturnValue = g.pop("draw")()
        return answer
    finally:
        db.session.rollback()


def create_app(config: Config | None = None) -> ElearnFlask:
    """The application, ready to serve; reads the environment unless a configuration is handed in."""
    config = config or Config.from_environment()
    logs.set_up()
    app = ElearnFlask("elearn", template_folder="web/templates", static_folder=None, root_path=str(ROOT))
    app.extensions = Extensions(migrate=lambda: _migrate(app), elearn_queue=lambda: _queue(app, config.queue_url))
    app.cli = Commands(_commands)
    _configure(app, config)
    database.set_up(app)
    if config.metrics is not None:
        meter.set_up(config.metrics_dir)
    _wire_faces(app, config)
    _wire_worker()
    serving.init_app(app, trusted_proxies=config.trusted_proxies, https=config.is_https)
    return app


def _configure(app: Flask, config: Config) -> None:
    use(
        Installation(
            address=config.address,
            public_url=config.public_url,
            demo=config.demo,
            pdf=config.pdf,
            files_dir=config.files_dir,
            keys_dir=config.keys_dir,
            fonts_dir=config.static_built / "fonts",
            mail_url=config.mail_url,
        )
    )
    make_key(config.keys_dir)
    keymaking.prepare(config.keys_dir, name=installation().name, at=clock.now())
    prefix = "__Host-" if config.is_https else ""
    app.extensions["elearn_config"] = config
    app.config.update(
        SECRET_KEY=config.secret_key,
        SQLALCHEMY_DATABASE_URI=config.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=_engine_options(config.database_url),
        SESSION_COOKIE_NAME=f"{prefix}elearn",
        SESSION_COOKIE_SECURE=config.is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=True,
        MAX_CONTENT_LENGTH=1024 * 1024,
        MAX_FORM_PARTS=200,
        PREFERRED_URL_SCHEME="https" if config.is_https else "http",
    )


def _engine_options(url: str) -> dict[str, Any]:
    """What a statement was about stays out of errors, and so out of logs: it may be a person's data."""
    pool: dict[str, Any] = {"pool_size": 10, "max_overflow": 10, "hide_parameters": True}
    if make_url(url).get_backend_name() == "sqlite":
        return {"connect_args": {"check_same_thread": False}, **pool}
    return {"pool_pre_ping": True, **pool}


def _wire_faces(app: Flask, config: Config) -> None:
    access.init_app(app)
    edge.init_app(app)
    csrf = CSRFProtect(app)
    login.init_app(app)
    challenge.init_app(app)
    i18n.init_app(app)
    filters.init_app(app)
    assets.init_app(app, config.static_built)
    charts.init_app(app)
    compression.init_app(app)
    headers.init_app(app, https=config.is_https)
    errors.init_app(app)
    limits.init_app(app, config.queue_url)
    for blueprint in PAGES:
        app.register_blueprint(blueprint)
    styleguide.init_app(app, shown=config.styleguide)
    rest = api.init_app(app)
    for module in APIS:
        rest.register_blueprint(module.api)
        csrf.exempt(module.api)
    csrf.exempt(certs_public.verify_file)
    app.jinja_env.globals.update(
        actor=actor,
        agency_name=naming.agency_name,
        agency_emblem=naming.agency_emblem,
        year_of_learning=reader.year_of_learning,
        language=i18n.language,
    )


def _wire_worker() -> None:
    def deliver(job_id: int) -> None:
        current_app.extensions["elearn_queue"].put(job_id)

    jobs.deliver_with(deliver)
    for module in TASKS:
        module.register()


def _queue(app: ElearnFlask, url: str) -> Any:
    from elearn.kernel import delivery

    def run(job_id: int) -> bool:
        with app.app_context():
            return jobs.run(job_id)

    return delivery.connect(url, run)


def _migrate(app: ElearnFlask) -> Any:
    from flask_migrate import Migrate

    Migrate(app, db, directory=str(ROOT.parent / "migrations"))
    return app.extensions["migrate"]


def _commands() -> tuple[click.Command, ...]:
    from flask_migrate.cli import db as migrations

    from elearn import cli
    from elearn.people import cli as people_cli

    migrations.add_command(cli.copy)
    return (*cli.GROUPS, *people_cli.groups, migrations)
