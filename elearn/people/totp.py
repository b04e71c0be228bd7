"""Codes that an app makes from a shared seed and the time (TOTP, RFC 6238: SHA-1, six digits, thirty seconds)."""

import hmac
import re
from datetime import datetime

import pyotp

STEP_SECONDS = 30
STEPS_APART = 1


def step_at(moment: datetime) -> int:
    """The number of the thirty seconds that a moment falls into."""
    return int(moment.timestamp()) // STEP_SECONDS


def read(text: str) -> str | None:
    """A code as people type it, ordinary spaces forgiven; None for anything but six ASCII digits."""
    code = text.replace(" ", "")
    return code if re.fullmatch(r"[0-9]{6}", code) else None


def matching_step(seed: str, code: str, *, after: int, now: datetime) -> int | None:
    """The step whose code this is: the present one or its neighbours, later than `after`; None where it is none."""
    app, present = pyotp.TOTP(seed), step_at(now)
    steps = range(present - STEPS_APART, present + STEPS_APART + 1)
    fitting = [step for step in steps if hmac.compare_digest(app.generate_otp(step), code) and step > after]
    return fitting[-1] if fitting else None


def address(seed: str, *, account: str, issuer: str) -> str:
    """What the QR code says to the app (otpauth://totp/…)."""
    return pyotp.TOTP(seed).provisioning_uri(name=account, issuer_name=issuer)
