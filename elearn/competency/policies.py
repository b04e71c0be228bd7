"""Who may do what with evidence and reference data; verdicts only, no queries and no raising."""

from elearn.kernel.actor import Actor, Role
from elearn.people.facts.staff import Person


def may_decide_evidence(actor: Actor, person: Person) -> bool:
    """HR over the units they reach, never over themselves; the installation itself."""
    if actor.is_system:
        return True
    return actor.employee_id != person.id and actor.reaches(person.unit_path, Role.HR_OFFICER)


def may_load_reference(actor: Actor, _what: str) -> bool:
    """The installation's operator and administrators."""
    return actor.is_system or actor.has(Role.ADMINISTRATOR)


def may_set_requirement(actor: Actor, _competency_code: str) -> bool:
    """Positions are shared by all units, so only those whose role reaches everywhere."""
    return actor.is_system or actor.reaches(None, Role.HR_OFFICER, Role.ADMINISTRATOR)
