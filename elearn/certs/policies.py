"""Who may do what with certificates; verdicts only."""

from elearn.certs.models import Certificate, ParticularsCheck
from elearn.kernel.actor import Actor, Role


def may_revoke(actor: Actor, certificate: Certificate) -> bool:
    """HR officers and signers, never for their own certificate; who is in reach is checked by the workflow."""
    return actor.has(Role.HR_OFFICER, Role.CERTIFICATE_SIGNER) and actor.employee_id != certificate.employee_id


def may_settle(actor: Actor, report: ParticularsCheck) -> bool:
    """HR officers, never their own report; who is in reach is checked by the workflow."""
    return actor.has(Role.HR_OFFICER) and actor.employee_id != report.employee_id


def may_appoint(actor: Actor, _subject: object) -> bool:
    """Administrators."""
    return actor.is_system or actor.has(Role.ADMINISTRATOR)
