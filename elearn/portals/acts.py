"""Words for the acts, subjects and details of the audit trail; what is an act is decided where it is done."""

from collections.abc import Callable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from elearn.people.trail import TrailLine
from elearn.people.views import wording as people_words
from elearn.web.words import called

act = called(
    {
        "accommodation.end": _l("Arrangement ended"),
        "accommodation.grant": _l("Arrangement granted"),
        "agency.add": _l("Agency added"),
        "agency.set": _l("Agency's value set"),
        "attempt.start": _l("Exam started"),
        "attempt.submit": _l("Exam handed in"),
        "attempt.take_over": _l("Exam moved to another device"),
        "certificate.issue": _l("Certificate issued"),
        "certificate.publish": _l("Certificate signed"),
        "certificate.reissue": _l("Certificate corrected"),
        "certificate.revoke": _l("Certificate revoked"),
        "code.issue": _l("One-time code made"),
        "code.refuse": _l("One-time code refused"),
        "code.use": _l("One-time code used"),
        "course.publish": _l("Course published"),
        "enrollment.open": _l("Enrolled in a course"),
        "enrollment.reinstate": _l("Enrolment taken up again"),
        "enrollment.withdraw": _l("Withdrawn from a course"),
        "evidence.confirm": _l("Level confirmed"),
        "evidence.record": _l("Evidence recorded"),
        "evidence.reject": _l("Level rejected"),
        "evidence.withdraw": _l("Level withdrawn"),
        "factor.offer": _l("Two-step verification begun"),
        "factor.refuse": _l("Second step refused"),
        "factor.renew_codes": _l("Spare codes renewed"),
        "factor.reset": _l("Two-step verification reset"),
        "factor.turn_off": _l("Two-step verification turned off"),
        "factor.turn_on": _l("Two-step verification turned on"),
        "job.retry": _l("Parked job tried again"),
        "lesson.complete": _l("Lesson completed"),
        "particulars.confirm": _l("Particulars confirmed"),
        "particulars.report": _l("Particulars reported wrong"),
        "particulars.settle": _l("Report about particulars settled"),
        "password.change": _l("Password changed"),
        "password.refuse": _l("Password refused"),
        "password.set": _l("Password set by the operator"),
        "person.change_identifier": _l("NIP changed"),
        "person.correct": _l("Record corrected"),
        "person.begin_earlier": _l("Earlier first day written"),
        "person.hire": _l("Person added"),
        "staff.import": _l("Staff file loaded"),
        "person.leave": _l("Person left"),
        "person.move": _l("Person moved"),
        "person.rename": _l("Name changed"),
        "person.resume": _l("Account opened again"),
        "person.suspend": _l("Account suspended"),
        "position.add": _l("Position added"),
        "position.change": _l("Position corrected"),
        "recovery.ask": _l("Code by mail asked for"),
        "recovery.mail": _l("Code sent by mail"),
        "reference.load": _l("Reference data loaded"),
        "requirement.set": _l("Required level set"),
        "role.grant": _l("Role given"),
        "role.revoke": _l("Role taken back"),
        "rule.set": _l("Rule set"),
        "session.challenge": _l("Second step asked for"),
        "session.end": _l("Signed out"),
        "session.end_all": _l("Signed out everywhere"),
        "session.open": _l("Signed in"),
        "session.refuse": _l("Sign-in refused"),
        "setup.finish": _l("Set-up finished"),
        "setup.keep": _l("Set-up stored"),
        "setup.link": _l("Set-up link made"),
        "signer.appoint": _l("Signer appointed"),
        "signer.end": _l("Signer ended"),
        "slips.issue": _l("Slips with one-time codes made"),
        "token.issue": _l("API token made"),
        "token.revoke": _l("API token ended"),
        "unit.add": _l("Unit added"),
        "unit.move": _l("Unit moved"),
        "unit.rename": _l("Unit renamed"),
    }
)
"""What was done."""

subject = called(
    {
        "attempt": _l("Exam"),
        "certificate": _l("Certificate"),
        "course": _l("Course"),
        "employee": _l("Person"),
        "enrollment": _l("Enrolment"),
        "evidence": _l("Evidence"),
        "job": _l("Job"),
        "login": _l("Unknown sign-in name"),
        "org_unit": _l("Unit or agency"),
        "position": _l("Position"),
        "reference": _l("Reference data"),
        "rule": _l("Rule"),
        "setup": _l("Set-up"),
    }
)
"""What it was done to."""

detail = called(
    {
        "reason": _l("Reason"),
        "role": _l("Role"),
        "key": _l("Value"),
        "value": _l("now"),
        "was": _l("before"),
        "basis": _l("Basis"),
        "effective_from": _l("From"),
        "kind": _l("Kind"),
        "slug": _l("Course"),
        "purpose": _l("Purpose"),
        "name": _l("Name"),
    }
)
"""What was noted about it."""

purpose = called(
    {
        "activation": _l("first way in"),
        "recovery": _l("forgotten password"),
    }
)
"""What a one-time code is for."""

setting = called(
    {
        "name": _l("Name of the agency"),
        "provider": _l("Organiser on certificates"),
        "place": _l("Place of issue"),
        "zone": _l("Time zone"),
        "number_pattern": _l("Pattern of certificate numbers"),
        "logo": _l("Logo on certificates"),
        "public_url": _l("Public address"),
    }
)
"""Which of an agency's values was set."""

job = called(
    {
        "certs.render_pdf": _l("Draw and sign a certificate"),
        "certification.certify": _l("Issue a certificate"),
        "people.mail_recovery": _l("Send a code by mail"),
        "certification.close_attempt": _l("Close an exam whose time is over"),
    }
)
"""What a job does."""

CODED: dict[str, Callable[[str], str]] = {
    "role": people_words.role,
    "kind": job,
    "key": setting,
    "purpose": purpose,
    "value": people_words.zone,
}
"""Details whose values are codes, or may be."""

OWN = frozenset({"session.open", "session.challenge", "code.use"})
"""Acts by which somebody not yet signed in shows who they are: then it is the person acted on who acts."""


def told(key: str, text: str) -> str:
    """What was noted under a key, in words where it is a code."""
    say = CODED.get(key)
    return say(text) if say else text


def doer(it: TrailLine) -> str:
    """Who did it."""
    if it.actor_name or (it.act in OWN and it.subject_name):
        return it.actor_name or it.subject_name or ""
    return str(_("The system") if it.via == "system" else _("Somebody who had not signed in"))


def doer_id(it: TrailLine) -> str | None:
    """Whose acts to look for, to see more of the same person's."""
    found = it.actor_id if it.actor_name else it.subject_id if it.act in OWN and it.subject_name else None
    return str(found) if found else None
