"""Words for files that are no certificate as we published it: what each is, and the one next step; no decisions."""

from collections.abc import Callable
from dataclasses import replace

from flask_babel import gettext as _

from elearn.certs.facts import Verification
from elearn.certs.views.wording import Words, verdict


def words_of(found: Verification) -> Words:
    """The words of a verdict; where a file was judged, with the reason's own sentence and step."""
    words = verdict(found.status)
    if found.reason not in _SAID:
        return words
    meaning, next_step = _SAID[found.reason]()
    if found.reason == "unknown_hash":
        words = Words(_("FILE NOT YET KNOWN"), "info", "question-circle", "", "")
    elif found.status == "unchecked":
        words = replace(words, word=_("CANNOT BE CHECKED"))
    elif found.reason == "unregistered":
        words = replace(words, word=_("NOT IN THE REGISTER"))
    elif found.reason == "several":
        words = replace(words, word=_("SEVERAL IN ONE FILE"))
    if found.signer:
        named = _("Its signature names “%(name)s”; we cannot vouch for that name.", name=found.signer)
        meaning = f"{meaning} {named}"
    return replace(words, meaning=meaning, next_step=next_step)


def _choose_original() -> str:
    return str(_("Choose the PDF file as it was downloaded, or check the code below the QR code."))


def _scan_or_type() -> str:
    return str(_("Scan the QR code with a phone, or type the code below it."))


_SAID: dict[str, Callable[[], tuple[str, str]]] = {
    "unknown_hash": lambda: (
        _("None of the files that we published is this one. It may be a changed copy, or somebody else's document."),
        _("Upload it, and we look what it is. It is checked and not kept."),
    ),
    "too_large": lambda: (
        _("This file is larger than 32 MB and was not opened. A certificate of ours has less than 1 MB."),
        _choose_original(),
    ),
    "empty": lambda: (
        _("This file is empty (0 bytes): the download probably broke off."),
        _("Download the certificate once more, then choose it again."),
    ),
    "picture": lambda: (
        _("This is a picture. A photo or screenshot carries no signature and proves nothing."),
        _scan_or_type(),
    ),
    "office": lambda: (
        _("This is a document of Word, Excel or a similar program. Our certificates are signed PDF files."),
        _choose_original(),
    ),
    "archive": lambda: (
        _("This is a packed folder (ZIP or the like). It was not opened."),
        _("Unpack it and choose one PDF file inside."),
    ),
    "page": lambda: (
        _("This is a saved web page, not a PDF file."),
        _("Download the PDF itself, or type the code below the QR code."),
    ),
    "other": lambda: (
        _("This file is no PDF, so it is no certificate of ours."),
        _choose_original(),
    ),
    "encrypted": lambda: (
        _("This PDF is locked with a password, so nothing in it could be read. Our certificates have none."),
        _("Ask the holder for the file without a password, or check the code below the QR code."),
    ),
    "damaged": lambda: (
        _("This PDF is damaged or incomplete and cannot be opened."),
        _("Download it once more, then choose it again."),
    ),
    "scan": lambda: (
        _("This PDF holds no letters, only a picture or nothing: a scan or photo carries no signature."),
        _scan_or_type(),
    ),
    "plain": lambda: (
        _("This PDF has no signature, and nothing in it leads to our register."),
        _choose_original(),
    ),
    "unknown_code": lambda: (
        _("This PDF bears a code in the form of ours, but no certificate with it is in our register."),
        _("Do not accept it. Ask the issuing office named in it."),
    ),
    "foreign": lambda: (
        _("This file was signed by somebody else and is unchanged since. It is no certificate of ours."),
        _("Have it checked by the office that signed it."),
    ),
    "foreign_changed": lambda: (
        _("This file carries somebody else's signature, and that signature does not hold."),
        _("Do not accept it. Ask its sender for the original."),
    ),
    "changed": lambda: (
        _("This file was signed by us and changed after that."),
        _("Trust only the register: check the code by itself."),
    ),
    "unsigned": lambda: (
        _("This file bears the code of a certificate, but no signature: it is a draft, a print or a copy saved anew."),
        _("Trust only the register: check the code by itself."),
    ),
    "resigned": lambda: (
        _("This file bears the code of a certificate of ours, but somebody else signed it."),
        _("Trust only the register: check the code by itself."),
    ),
    "cut": lambda: (
        _("This file bears the code of a certificate, but it is incomplete, locked or damaged."),
        _("Download it once more, or check the code by itself."),
    ),
    "several": lambda: (
        _("This file holds more than one certificate. Only the file of a single one, as we published it, can be checked."),
        _("Check each code by itself:"),
    ),
    "unregistered": lambda: (
        _("Our signature in this file holds, but the certificate is not in our register."),
        _("Ask the issuing office before you accept it."),
    ),
}
