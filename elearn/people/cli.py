"""`flask tokens …` and `flask people …` for the installation's operator; results on standard output, notes on error."""

from uuid import UUID

import click
from flask.cli import AppGroup, with_appcontext

from elearn.kernel import clock
from elearn.kernel.actor import Actor
from elearn.kernel.errors import Refusal
from elearn.kernel.installation import installation
from elearn.kernel.jobs import transaction
from elearn.people import accounts as reads
from elearn.people import queries
from elearn.people.facts.accounts import IssuedCode
from elearn.people.roster_command import import_staff
from elearn.people.services import accounts, factors, founding, setup
from elearn.people.services.founding import Founding

tokens = AppGroup("tokens", help="API tokens.")
people = AppGroup("people", help="Accounts of people.")
ZONES = {"WIB": "Asia/Jakarta", "WITA": "Asia/Makassar", "WIT": "Asia/Jayapura"}
people.add_command(import_staff)
groups: tuple[click.Group, ...] = (tokens, people)


@tokens.command("issue")
@click.argument("login", metavar="NIP-OR-EMAIL")
@click.option("--scope", "scopes", multiple=True, help="read or write; both unless given. May be repeated.")
@click.option("--days", default=90, show_default=True, type=click.IntRange(1, accounts.MAX_TOKEN_DAYS))
@click.option("--name", default="baris perintah", show_default=True, help="What the token is for.")
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


@tokens.command("list")
@click.argument("login", metavar="[NIP-OR-EMAIL]", required=False)
@with_appcontext
def list_tokens(login: str | None) -> None:
    """List the tokens that hold, of one person or of everybody: id, owner, label, scopes, expiry, last change."""
    owner = _employee_id(login) if login else None
    for it in reads.tokens_of(owner, now=clock.now()):
        until, used = it.expires_at.isoformat(timespec="minutes"), it.used_at
        last = used.isoformat(timespec="minutes") if used else "-"
        click.echo("\t".join([str(it.id), it.owner_name, it.label, ",".join(it.scopes), until, last]))


@tokens.command("revoke")
@click.argument("token_id", metavar="ID", type=click.UUID)
@with_appcontext
def revoke_token(token_id: UUID) -> None:
    """End the token with this id, as `tokens list` prints it."""
    try:
        with transaction():
            accounts.revoke_token(token_id, by=Actor.system(), now=clock.now())
    except Refusal as refusal:
        raise click.ClickException(refusal.code) from refusal


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


@people.command("setup-link")
@with_appcontext
def setup_link() -> None:
    """Print the address that sets this installation up, alone, while nobody administers it; a former one ends."""
    try:
        with transaction():
            token = setup.make_link(by=Actor.system(), now=clock.now())
    except Refusal as refusal:
        raise click.ClickException(refusal.code) from refusal
    click.echo(f"{installation().address}/setup/{token}")


@people.command("found")
@click.option("--agency", required=True, help="Name of the agency.")
@click.option("--code", required=True, help="Its code, such as LHOKSEUMAWE.")
@click.option("--zone", required=True, type=click.Choice(["WIB", "WITA", "WIT"]), help="Where its day begins.")
@click.option("--admin-name", required=True, help="The first administrator, without titles.")
@click.option("--admin-email", required=True, help="Their e-mail address; they sign in by it.")
@click.option("--admin-nip", default=None, help="Their NIP or NI PPPK, where known.")
@with_appcontext
def found(agency: str, code: str, zone: str, admin_name: str, admin_email: str, admin_nip: str | None) -> None:
    """Make the agency and its first administrator, and print the one-time code that lets them in, alone."""
    new = Founding(agency, code, ZONES[zone], admin_name, admin_email, admin_nip)
    try:
        with transaction():
            issued = founding.found(new, by=Actor.system(), now=clock.now())
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
