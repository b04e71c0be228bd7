"""A small fictional agency to try the product with: units, positions, one sign-in per role; idempotent."""

import json
import os
import secrets
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from elearn.competency import services as competencies
from elearn.competency.facts import EvidenceClaim
from elearn.kernel.actor import Actor, Role
from elearn.kernel.clock import local_date
from elearn.kernel.ids import new_id
from elearn.kernel.settings import set_agency_value
from elearn.people import hashing, queries
from elearn.people.facts.roles import RoleScope
from elearn.people.facts.staff import NewEmployee, NewPosting
from elearn.people.rules import EmploymentType
from elearn.people.services import accounts, organisation, roles, staff

AGENCY = "Pemerintah Kota Lhokseumawe (Contoh)"
UNITS = (
    ("BKPSDM", "Badan Kepegawaian dan Pengembangan Sumber Daya Manusia", None),
    ("DISDUKCAPIL", "Dinas Kependudukan dan Pencatatan Sipil", None),
    ("DISDUKCAPIL-YAN", "Bidang Pelayanan Pendaftaran Penduduk", "DISDUKCAPIL"),
)
POSITIONS = (
    ("KASI-YAN", "Kepala Seksi Pelayanan", "pengawas", 9),
    ("OPR-LYN", "Operator Layanan Operasional", "pelaksana", 5),
    ("WI-MUDA", "Widyaiswara Ahli Muda", "jf_ahli_muda", 9),
    ("ANALIS-SDM", "Analis SDM Aparatur Ahli Muda", "jf_ahli_muda", 9),
    ("KABID-BANGKOM", "Kepala Bidang Pengembangan Kompetensi", "administrator", 11),
)
PEOPLE = (
    (
        "learner",
        "Siti Contoh",
        "",
        "S.Sos.",
        "199001012015012901",
        EmploymentType.PNS,
        "32",
        "DISDUKCAPIL-YAN",
        "KASI-YAN",
    ),
    ("trainer", "Teuku Contoh", "Drs.", "M.Pd.", "197503032000031902", EmploymentType.PNS, "41", "BKPSDM", "WI-MUDA"),
    ("hr", "Cut Contoh", "", "S.E.", "198505052010012903", EmploymentType.PNS, "33", "BKPSDM", "ANALIS-SDM"),
    ("officer", "Rahmat Contoh", "", "S.Kom.", "198806062012011904", EmploymentType.PNS, "33", "BKPSDM", "ANALIS-SDM"),
    ("admin", "Nurul Contoh", "", "M.M.", "198007072005012905", EmploymentType.PNS, "41", "BKPSDM", "KABID-BANGKOM"),
    (
        "budi",
        "Budi Contoh",
        "",
        "A.Md.",
        "199202022023211906",
        EmploymentType.PPPK,
        "PPPK-VII",
        "DISDUKCAPIL-YAN",
        "OPR-LYN",
    ),
)
SIGN_INS = ("learner", "trainer", "hr", "officer", "admin")


def load_demo(passwords_file: Path, *, by: Actor, now: datetime) -> bool:
    """Make the demo agency once; False where it is there. Passwords are drawn now and written to the file (0600)."""
    if queries.employee_id_by_login("learner@elearn.example") is not None:
        return False
    passwords = {f"{name}@elearn.example": secrets.token_urlsafe(12) for name in SIGN_INS}
    agency_id = organisation.add_unit(AGENCY, "CONTOH", by=by, now=now)
    units = {"CONTOH": agency_id}
    for code, name, parent in UNITS:
        units[code] = organisation.add_unit(name, code, parent_id=units[parent or "CONTOH"], by=by, now=now)
    set_agency_value(agency_id, "place", "Lhokseumawe", by=by, now=now)
    set_agency_value(agency_id, "provider", "BKPSDM Kota Lhokseumawe", by=by, now=now)
    set_agency_value(agency_id, "number_pattern", "{nomor}/800.2/BKPSDM-LSM/{bulan}/{tahun}", by=by, now=now)
    positions = {
        code: organisation.add_position(code, name, level, job_class=job_class, by=by, now=now)
        for code, name, level, job_class in POSITIONS
    }
    staff_ids = _hire(agency_id, units, positions, by=by, now=now)
    for name in SIGN_INS:
        hashed = hashing.hash_password(passwords[f"{name}@elearn.example"])
        accounts.set_password(staff_ids[name], hashed, by=by, now=now)
    _grant(staff_ids, units, by=by, now=now)
    _evidence(staff_ids, by=by, now=now)
    _write(passwords_file, passwords)
    return True


def _hire(
    agency_id: UUID, units: dict[str, UUID], positions: dict[str, UUID], *, by: Actor, now: datetime
) -> dict[str, UUID]:
    hired: dict[str, UUID] = {}
    since = date(2020, 1, 1)
    for login, name, before, after, number, kind, rank, unit, position in PEOPLE:
        new = NewEmployee(
            agency_id=agency_id,
            name=name,
            employment_type=kind,
            identifier=number,
            title_before=before,
            title_after=after,
            email=f"{login}@elearn.example",
            rank_code=rank,
            is_demo=True,
            active_from=since,
            posting=NewPosting(units[unit], positions[position], hired.get("learner") if login == "budi" else None, since),
        )
        hired[login] = staff.hire(new, by=by, now=now).employee_id
    return hired


def _grant(people: dict[str, UUID], units: dict[str, UUID], *, by: Actor, now: datetime) -> None:
    everywhere, agency = RoleScope(), RoleScope(unit_id=units["CONTOH"])
    for login, role, scope in (
        ("trainer", Role.TRAINER, everywhere),
        ("hr", Role.HR_OFFICER, agency),
        ("officer", Role.EXAM_OFFICER, everywhere),
        ("officer", Role.CERTIFICATE_SIGNER, agency),
        ("admin", Role.ADMINISTRATOR, everywhere),
    ):
        roles.grant_role(people[login], role, scope=scope, reason="Peragaan", by=by, now=now)


def _evidence(people: dict[str, UUID], *, by: Actor, now: datetime) -> None:
    """The learner stands at level 2 in most of what the position asks for, and at 1 in what PPP-01 teaches."""
    levels = {
        "MAN-INT": 2,
        "MAN-KSM": 2,
        "MAN-OPH": 1,
        "MAN-PLP": 1,
        "MAN-KOM": 1,
        "MAN-PRB": 2,
        "MAN-KPT": 2,
        "SOK-PB": 2,
    }
    claims = [
        EvidenceClaim(
            employee_id=people["learner"],
            competency_code=code,
            level=level,
            kind="hr_decision",
            source_type="demo",
            source_id=new_id(),
            score_bp=None,
            supervision="supervised",
            observed_on=local_date(now, by.zone),
            valid_until=None,
            reason="penilaian awal (contoh)",
        )
        for code, level in levels.items()
    ]
    competencies.record_evidence(claims, by=by, now=now)


def _write(path: Path, passwords: dict[str, str]) -> None:
    draft = path.with_suffix(".part")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(passwords, file, indent=2)
    draft.replace(path)
