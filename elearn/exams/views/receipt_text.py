"""The receipts of a closed attempt as a plain text that its owner keeps; no rules."""

from flask_babel import gettext as _

from elearn.exams.receipts import StoredAnswer, SubmissionReceipt
from elearn.web.filters import show_datetime


def as_text(receipt: SubmissionReceipt) -> str:
    """One line for each item, under the receipt over all of them."""
    head = [
        receipt.title,
        _("Receipt: %(code)s", code=receipt.code or "–"),
        _("Handed in: %(moment)s", moment=show_datetime(receipt.submitted_at)),
        _("%(done)s of %(all)s items answered", done=receipt.answered, all=len(receipt.answers)),
        "",
    ]
    return "\n".join([*head, *map(_line, receipt.answers), ""])


def _line(it: StoredAnswer) -> str:
    if it.saved_at is None:
        return str(_("Item %(slot)s: nothing stored", slot=it.slot))
    keys = ", ".join(it.value) or _("cleared")
    moment = show_datetime(it.saved_at)
    receipt = it.receipt or "–"
    return str(
        _("Item %(slot)s: %(keys)s, %(moment)s, %(receipt)s", slot=it.slot, keys=keys, moment=moment, receipt=receipt)
    )
