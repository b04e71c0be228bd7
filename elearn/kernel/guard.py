"""Turns a policy's no into a refusal; the policies themselves live in the packages."""

from collections.abc import Callable
from typing import TypeVar

from elearn.kernel.actor import Actor
from elearn.kernel.errors import Forbidden

Subject = TypeVar("Subject")


def require(policy: Callable[[Actor, Subject], bool], by: Actor, subject: Subject) -> None:
    """Raise Forbidden unless the policy lets the actor do this to the subject."""
    if not policy(by, subject):
        raise Forbidden(policy.__name__)
