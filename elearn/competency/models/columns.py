"""What tables of competency have in common; no tables."""

from enum import StrEnum

from sqlalchemy import CheckConstraint


def one_of(column: str, values: type[StrEnum]) -> CheckConstraint:
    """A column that holds one of the values."""
    return CheckConstraint(f"{column} IN ({', '.join(repr(it.value) for it in values)})", name=f"{column}_known")


def span() -> CheckConstraint:
    """Days in force that do not end before they begin."""
    return CheckConstraint("effective_to IS NULL OR effective_to >= effective_from", name="span")
