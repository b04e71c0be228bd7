"""What people may type to say who they are."""

import re

from sqlalchemy import ColumnElement, exists

from elearn.people.models.staff import Employee, EmployeeIdentifier


def has_login(text: str) -> ColumnElement[bool]:
    """The condition that an employee signs in by this NIP or e-mail address."""
    login = text.strip().lower()
    digits = re.sub(r"[\s.\-]", "", login)
    if re.fullmatch(r"[0-9]{18}", digits):
        return exists().where(
            EmployeeIdentifier.employee_id == Employee.id,
            EmployeeIdentifier.value == digits,
            EmployeeIdentifier.valid_to.is_(None),
        )
    return Employee.email == login
