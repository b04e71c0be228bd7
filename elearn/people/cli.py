"""`flask tokens …` and `flask people …` for the installation's operator; results on standard output, notes on error."""

from uuid import UUID

import click
from flask.cli import AppGroup, with_appcontext

from elearn.kernel import clock
from elearn.kernel.actor import Actor
from elearn.kernel.errors import Refusal
from elearn.kernel.jobs import transaction
from elearn.people import queries
from elearn.people.facts import IssuedCode
from elearn.people.services import accounts, factors

tokens = AppGroup("tokens", help="API tokens.")
people = AppGroup("people", help="Accounts of people.")
groups: tuple[click.Group, ...] = (tokens, people)


@tokens.command("issue")
@click.argument("login", metavar="NIP-OR-EMAIL")
@click.option("--scope", "scopes", multiple=True, help="read or write; both unless given. May be repeated.")
@click.option("--days", default=90, show_default=True, type=click.IntRange(1, accounts.MAX_TOKEN_DAYS))
@click.option("--name", default="command line", show_default=True, help="What the token is for.")
@with_appcontext
def issue_token(login: str, scopes: tuple[str, ...], days: int, name: str) -> None:
    """Issue an API token and print it, alone."""
    wanted = frozenset(scopes) or accounts.SCOPES
    try:
        with transaction():
            issued = accounts.issue_token(
                _employee_id(login), name=name, scopes=wanted, days=days, by=Actor.system(), now=clock.now()
            )
    except Refusal as refusal:
        raise click.ClickException(refusal.code) from refusal
    click.echo(issued.token)


@people.command("code")
@click.argument("login", metavar="NIP-OR-EMAIL")
@with_appcontext
def issue_code(login: str) -> None:
    """Issue a one-time code that activates or recovers an account, and print it, alone."""
    try:
        with transaction():
            issued = accounts.issue_code(_employee_id(login), by=Actor.system(), now=clock.now())
    except Refusal as refusal:
        raise click.ClickException(refusal.code) from refusal
    _print(issued)


@people.command("reset-factor")
@click.argument("login", metavar="NIP-OR-EMAIL")
@with_appcontext
def reset_factor(login: str) -> None:
    """Take away a lost phone's second factor, and print a one-time code for another password, alone."""
    try:
        with transaction():
            issued = factors.reset(_employee_id(login), by=Actor.system(), now=clock.now())
    except Refusal as refusal:
        raise click.ClickException(refusal.code) from refusal
    _print(issued)


def _print(issued: IssuedCode) -> None:
    click.echo(issued.code)
    click.echo(f"{issued.purpose}, until {issued.expires_at.isoformat(timespec='minutes')}", err=True)


def _employee_id(login: str) -> UUID:
    found = queries.employee_id_by_login(login)
    if found is None:
        raise click.ClickException("nobody signs in by this NIP or e-mail address")
    return found
