"""Who may do what to people, units, roles and accounts; verdicts only, no queries and no raising."""

from dataclasses import dataclass

from elearn.kernel.actor import Actor, Grant, Role
from elearn.people.facts.roles import Standing
from elearn.people.facts.staff import Person

STAFFING = (Role.HR_OFFICER, Role.ADMINISTRATOR)
ORDINARY = frozenset({Role.TRAINER, Role.ITEM_REVIEWER, Role.SUPERVISOR})


@dataclass(frozen=True, slots=True)
class Placement:
    """A person and the unit they are to go to."""

    person: Person
    unit_path: str


@dataclass(frozen=True, slots=True)
class RoleGift:
    """A person and the role they are to hold or to lose."""

    person: Person
    grant: Grant


def may_hire(actor: Actor, unit_path: str) -> bool:
    """HR and administrators, into the units they reach."""
    return actor.is_system or actor.reaches(unit_path, *STAFFING)


def may_place(actor: Actor, placement: Placement) -> bool:
    """HR and administrators who reach both the person and the unit; nobody moves themselves."""
    if actor.is_system:
        return True
    return may_correct(actor, placement.person) and actor.reaches(placement.unit_path, *STAFFING)


def may_correct(actor: Actor, person: Person) -> bool:
    """HR and administrators over the people they reach; nobody writes their own record."""
    if actor.is_system:
        return True
    return actor.employee_id != person.id and actor.reaches(person.unit_path, *STAFFING)


def may_accommodate(actor: Actor, person: Person) -> bool:
    """HR alone over the people it reaches, never for oneself: what was granted is confidential."""
    return actor.is_system or (actor.employee_id != person.id and actor.reaches(person.unit_path, Role.HR_OFFICER))


def may_stop(actor: Actor, standing: Standing) -> bool:
    """Suspend, resume or let go: as for codes, so that nobody locks out those who stand above them."""
    return may_issue_code(actor, standing)


def may_issue_code(actor: Actor, standing: Standing) -> bool:
    """HR and administrators over the people they reach, never for themselves.

    Whoever holds a code can become that person, so no role of theirs may reach further than the actor's own: HR and
    administrators for ordinary roles and reports wholly within their units, administrators alone for weighty roles.
    """
    if actor.is_system:
        return True
    if not may_correct(actor, standing.person):
        return False
    covers_reports = all(actor.reaches(it, *STAFFING) for it in standing.supervised_paths)
    return covers_reports and all(_is_within(actor, it) for it in standing.grants)


def _is_within(actor: Actor, grant: Grant) -> bool:
    """Whether the actor's own role covers all that this one reaches; one over a course only if theirs is everywhere."""
    if grant.role is Role.LEARNER:
        return True
    return actor.reaches(grant.unit_path, *(STAFFING if grant.role in ORDINARY else (Role.ADMINISTRATOR,)))


def may_hand_out_slips(actor: Actor, _unit_id: object) -> bool:
    """HR and administrators; to whom among the people they reach is asked for each of them, as for codes."""
    return actor.is_system or actor.has(*STAFFING)


def may_reset_factor(actor: Actor, standing: Standing) -> bool:
    """As for codes, since a reset issues one."""
    return may_issue_code(actor, standing)


def may_give_role(actor: Actor, gift: RoleGift) -> bool:
    """Administrators, to people and within scopes they reach; nobody to or from themselves."""
    if actor.is_system:
        return True
    if actor.employee_id == gift.person.id:
        return False
    return actor.reaches(gift.person.unit_path, Role.ADMINISTRATOR) and _covers(actor, gift.grant)


def _covers(actor: Actor, grant: Grant) -> bool:
    """Whether the actor administers everything that the role reaches."""
    return actor.reaches(grant.unit_path, Role.ADMINISTRATOR)


def may_shape_units(actor: Actor, unit_path: str | None) -> bool:
    """Administrators who reach the unit; None stands for a new agency."""
    return actor.is_system or actor.reaches(unit_path, Role.ADMINISTRATOR)


def may_add_position(actor: Actor, _code: str) -> bool:
    """Positions are shared by all units, so only those whose role reaches everywhere."""
    return actor.is_system or actor.reaches(None, *STAFFING)


def may_load_reference(actor: Actor, _what: str) -> bool:
    """The installation's operator, and administrators of the whole of it."""
    return actor.is_system or actor.reaches(None, Role.ADMINISTRATOR)


def may_read_trail(actor: Actor, _what: str) -> bool:
    """Administrators and auditors, as far as their role reaches."""
    return actor.is_system or actor.has(Role.ADMINISTRATOR, Role.AUDITOR)


def may_set_password(actor: Actor, _person: Person) -> bool:
    """The installation's operator alone; everybody else issues a code."""
    return actor.is_system


def may_hold_token(actor: Actor, person: Person) -> bool:
    """The installation's operator, and everybody for themselves."""
    return actor.is_system or actor.employee_id == person.id
