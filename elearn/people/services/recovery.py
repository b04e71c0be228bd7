"""A forgotten password, by mail: asked for without telling whether there is an account; the letter is sent by a job."""

from datetime import datetime, timedelta
from uuid import UUID

from elearn.kernel import audit, jobs
from elearn.kernel.actor import Actor
from elearn.kernel.clock import DEFAULT_ZONE, local_date
from elearn.kernel.errors import Conflict
from elearn.kernel.ids import fingerprint
from elearn.kernel.installation import installation
from elearn.kernel.settings import rule_value
from elearn.people import accounts as reads
from elearn.people import queries
from elearn.people.facts.accounts import Slip
from elearn.people.services import accounts, slips

MAIL_JOB = "people.mail_recovery"
APART = timedelta(minutes=15)
"""So often at most an account is written to, whoever asks."""


def ask(login: str, *, by: Actor, now: datetime) -> None:
    """Order the letter, if there is somebody to write to; whether there is, nothing tells: each request writes as much.

    Raises Conflict mail_missing where no mail server is set.
    """
    if installation().mail_url is None:
        raise Conflict("mail_missing")
    account = reads.account_by_login(login)
    whose = str(account.employee_id) if account else None
    slot = int(now.timestamp() // APART.total_seconds())
    key = f"{whose or fingerprint(login.strip().lower())}:{slot}"
    jobs.enqueue(MAIL_JOB, key, {"employee_id": whose}, now=now)
    audit.record("recovery.ask", "employee" if whose else "login", whose or "unknown", by=by, now=now)


def make_letter_code(employee_id: UUID, *, by: Actor, now: datetime) -> tuple[str, Slip] | None:
    """The address and a fresh code for it, where the account may be recovered by mail; None where it may not.

    Only an account with a password and an e-mail address, of somebody who may act: a slip that waits is never ended
    by a stranger who asks. The code holds for as long as a dated rule says. Part of a job, which audits.
    """
    account = reads.account_of(employee_id)
    person = queries.person_today(employee_id, now=now)
    if account is None or account.password_hash is None or not person.email or not reads.is_usable(employee_id, now=now):
        return None
    minutes = int(rule_value("account.recovery_mail_minutes", local_date(now, DEFAULT_ZONE)))
    issued = accounts.make_code(employee_id, lasts=timedelta(minutes=minutes), by=by, now=now)
    return person.email, slips.slip_of(employee_id, issued, by=by, now=now)
