"""Every page of the product with something on it: which address, as whom; new pages of the table appear by themselves."""

import re
from dataclasses import dataclass, replace
from hashlib import sha256

from tests.authorisation import Line, table
from tests.browser.house import COURSE, House, Person

NO_PAGES = (
    "_pdf",
    "show_picture",
    "home.emblem",
    "receipt_file",
    "healthz",
    "readyz",
    "openapi",
    "/paper",
    "/state",
    "worker.js",
    "pegawai.csv",
)
EXTRA = (
    ("public", "/verify?code=0O1"),
    ("public", "/verify/file/unknown"),
    ("public", "/verify/ZZZZ-ZZZZ-ZZZZ-ZZZZ-Z"),
    ("public", "/tidak-ada"),
    ("public", "/styleguide"),
    ("learner", "/learn/courses?q=zzzz"),
    ("learner", "/learn/courses/enrollments/<enrollment_id>/lessons/m1-l3"),
    ("newcomer", "/learn/"),
    ("newcomer", "/learn/courses/enrollments"),
    ("newcomer", "/learn/certs"),
    ("newcomer", "/learn/exams"),
    ("newcomer", "/learn/exams/<exam_id>"),
    ("hr", "/hr/people?q=zzzz"),
    ("hr", "/hr/gaps?show=units"),
    ("hr", "/hr/slips?unit=&all=yes"),
    ("public", "/activate?slip=0123456789abcdef0123456789abcdef&code=ABCDEFGHJK"),
)
"""What the table does not say: empty and refused states, and a lesson with its check and task."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One page: the rule of its address and as whom it is looked at."""

    who: str
    rule: str

    def __str__(self) -> str:
        return f"{self.rule} ({self.who})"


def every_page() -> list[Shown]:
    """What the authorisation table names, and the extra states."""
    named = [Shown(_who(line), line.rule) for line in table() if line.is_safe and _is_page(line)]
    return sorted({*named, *(Shown(who, rule) for who, rule in EXTRA)}, key=str)


def _is_page(line: Line) -> bool:
    return line.face != "api" and line.rule != "/" and not any(it in f"{line.endpoint} {line.rule}" for it in NO_PAGES)


def _who(line: Line) -> str:
    if "/attempts/" in line.rule and not line.rule.endswith("/result"):
        return "sitter"
    is_administrators = line.roles == "administrator" or line.ownership == "everywhere"
    return "admin" if line.rule.startswith("/hr/admin") or is_administrators else line.face


@dataclass(slots=True)
class Gallery:
    """The people to look as, and the things that fill the places of addresses."""

    people: dict[str, Person]
    things: dict[str, dict[str, str]]

    def path(self, shown: Shown) -> str:
        """The address of a page."""
        known = self.things["all"] | self.things.get(shown.who, {})
        is_room = shown.rule.endswith(("/attempts/<uuid:attempt_id>", "/attempts/<attempt_id>"))
        return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: known[found[1]], shown.rule) + ("#started" if is_room else "")


def hang(house: House) -> Gallery:
    """A learner who has passed, one who sits, a newcomer, and one person for each role."""
    passed, sitter = house.learner("Siti Lulus"), house.learner("Umar Ujian")
    gallery = Gallery(
        {
            "learner": passed,
            "sitter": sitter,
            "newcomer": house.learner("Nana Baru"),
            "hr": house.hr_officer(),
            "admin": house.administrator(),
            "trainer": house.trainer(),
        },
        {},
    )
    attempt_id = house.pass_exam(passed)
    exam_id = house.learn_all(sitter)
    diploma = house.diploma(passed)
    enrollment_id = str(house.enroll(gallery.people["newcomer"]))
    gallery.things = {
        "all": {
            "slug": COURSE,
            "exam_id": str(exam_id),
            "code": diploma.code,
            "certificate_id": str(diploma.id),
            "sha256": sha256(diploma.pdf).hexdigest(),
            "employee_id": str(passed.id),
            "unit_id": str(house.unit_id("DISDUKCAPIL-YAN")),
            "position_id": str(house.position_id("KASI-YAN")),
            "lesson_id": "m1-l1",
            "token": house.setup_token(),
            "step": "staff",
            "item_version_id": str(house.item_answered(attempt_id)),
        },
        "learner": {"attempt_id": str(attempt_id), "enrollment_id": str(house.enrollment_id(passed))},
        "sitter": {"attempt_id": str(house.start_exam(sitter))},
        "newcomer": {"enrollment_id": enrollment_id},
    }
    gallery.people = {name: replace(it, cookie=house.cookie(it)) for name, it in gallery.people.items()}
    return gallery
