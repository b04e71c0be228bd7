"""What letters to people say, in Indonesian as all that goes out on paper or by mail; sending is kernel/mail.py's."""

from babel.dates import format_datetime

from elearn.kernel.clock import local_time
from elearn.kernel.mail import Letter
from elearn.people.facts.accounts import Slip

ZONES = {"Asia/Jakarta": "WIB", "Asia/Pontianak": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}


def recovery_letter(to: str, slip: Slip) -> Letter:
    """The way to another password."""
    until = format_datetime(local_time(slip.issued.expires_at, slip.zone), "d MMMM y 'pukul' HH.mm", locale="id")
    lines = (
        f"Yth. {slip.name},",
        "",
        "ada permintaan kata sandi baru untuk akun belajar Anda. Buka alamat ini untuk memilihnya:",
        "",
        slip.address,
        "",
        f"Alamat itu berlaku sekali, sampai {until} {ZONES.get(slip.zone, slip.zone)}.",
        "",
        "Bukan Anda yang meminta? Abaikan surel ini. Kata sandi Anda tidak berubah.",
        "",
        slip.agency_name,
    )
    return Letter(to, "Kata sandi baru untuk akun belajar Anda", "\n".join(lines) + "\n")
