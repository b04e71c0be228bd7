"""The base of every browser form: CSRF on, shape only; meaning is validated by the use-cases."""

from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField

if TYPE_CHECKING:
    from wtforms import Form as _Base
else:
    _Base = FlaskForm


class Form(_Base):  # type: ignore[misc]  # wtforms ships no types
    """A form of one screen."""

    if TYPE_CHECKING:

        def __init__(self, formdata: Any = None, obj: Any = None, **rest: Any) -> None: ...

        def validate_on_submit(self) -> bool:
            """Whether the form was sent and its shape is right."""
            ...

        def hidden_tag(self) -> str:
            """The hidden fields, CSRF among them."""
            ...


class DayField(DateField):  # type: ignore[misc]  # wtforms ships no types
    """A day, as the browser's own calendar sends it."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read it; what is no day is said in our own words."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_("Choose a day, such as 22-11-2026.")) from None
