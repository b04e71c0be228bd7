"""A user's text is no template, anywhere: what would be evaluated by some machine comes out as it was written."""

import json
from collections.abc import Callable, Iterator
from html import unescape
from io import BytesIO
from pathlib import Path

import pytest
from jinja2 import Template
from pypdf import PdfReader

from elearn.app import ElearnFlask
from elearn.certs.rendering import render
from elearn.kernel.db import db
from elearn.kernel.ids import new_id
from elearn.kernel.installation import installation
from elearn.people import slip_sheet
from elearn.people.facts.accounts import IssuedCode, Slip
from elearn.people.letters import recovery_letter
from elearn.people.rules import CodePurpose
from elearn.portals import naming
from tests.authorisation import table
from tests.conftest import lacking
from tests.factories.courses import NOON
from tests.factories.hostile import DOCUMENTS, EVALUATED, SIGNS, TEMPLATES, WORDS, poison, text_columns
from tests.factories.site import Site, fill, sign_everybody_in
from tests.pdf.snapshots import snapshot

ALL = " ".join(TEMPLATES)


@pytest.fixture
def backend() -> str:
    """Templates are not the database's: one does for all."""
    return "sqlite"


@pytest.fixture
def poisoned(app: ElearnFlask, tmp_path: Path) -> Iterator[Site]:
    """An installation of its own: what is published is kept in the process by its id, and no other test may meet it."""
    with app.app_context():
        seed = fill(tmp_path)
        db.session.remove()
    sign_everybody_in(app, seed)
    with app.app_context(), db.engine.begin() as connection:
        poison(connection, ALL)
    naming.forget()
    yield Site(app, seed, tmp_path / "var")
    naming.forget()


def answers(site: Site) -> Iterator[tuple[str, str]]:
    """Every page and document with its text, as whoever may read it."""
    for line in table():
        if line.is_safe and not line.endpoint.endswith(("_pdf", "emblem", "show_picture")):
            readers = {"api": "learner", "learner": "learner", "trainer": "trainer", "hr": "hr", "admin": "admin"}
            who = {"enrollment_id": "officer", "attempt_id": "other"}.get(line.rule.partition(":")[2].partition(">")[0])
            passed = (
                {"attempt_id": site.seed.things["passed_attempt"]} if line.rule.endswith(("/result", "/receipts")) else {}
            )
            reader = "learner" if passed else "admin" if line.roles == "administrator" else who or readers.get(line.face)
            path = site.seed.path(line.rule, **passed)
            yield path, unescape(site.send(reader, "GET", path).get_data(as_text=True))


def test_every_column_of_text_is_known_as_words_or_as_signs() -> None:
    """A new column says which it is, so that what people write into it is looked at."""
    assert text_columns() == WORDS | SIGNS | DOCUMENTS.keys()
    assert len(text_columns()) == len(WORDS) + len(SIGNS) + len(DOCUMENTS)


def test_no_page_and_no_document_evaluates_a_text(poisoned: Site) -> None:
    found = dict(answers(poisoned))

    literal = [path for path, text in found.items() if all(it in text or json.dumps(it)[1:-1] in text for it in TEMPLATES)]
    assert [path for path, text in found.items() if EVALUATED in text] == []
    assert len(literal) >= 65, sorted(set(found) - set(literal))
    assert {path.split("/")[1] for path in literal} >= {"learn", "train", "hr", "verify", "api"}


def test_a_search_says_back_what_was_asked_as_it_was(site: Site) -> None:
    for who, path in (("learner", "/learn/courses"), ("hr", "/hr/people")):
        for asked in TEMPLATES:
            answer = site.visitor(who).get(path, query_string={"q": asked})
            assert asked in unescape(answer.get_data(as_text=True)), path


def test_a_letter_says_a_name_as_it_is(site: Site) -> None:
    letter = recovery_letter("siti@kota.example", slip())

    assert letter.text.count(ALL) == 2
    assert EVALUATED not in letter.text


def test_print_says_every_text_as_it_is(site: Site) -> None:
    fonts = installation().fonts_dir
    if not list(fonts.glob("*.ttf")):
        lacking("the fonts of print are not built (tools/build_assets.py)")
    words = dict.fromkeys(("holder_name", "holder_unit", "holder_position", "agency_name", "course_title", "place"), ALL)
    for pdf, least in (
        (render(snapshot(**words), logo=None, fonts_dir=fonts), 4),
        (slip_sheet.press((slip(),), fonts_dir=fonts), 1),
    ):
        text = "".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
        dense = "".join(text.split())
        assert EVALUATED not in dense
        assert all(dense.count("".join(it.split())) >= least for it in TEMPLATES), text


def slip() -> Slip:
    issued = IssuedCode(new_id(), "ABCDE-FGHJK", CodePurpose.ACTIVATION, NOON)
    address = "https://belajar.example/activate?slip=1"
    return Slip(ALL, ALL, ALL, issued, address, "Asia/Jakarta", has_number=True)


@pytest.mark.parametrize(
    "evaluate",
    [lambda it: Template(it).render(), lambda it: it.replace("{{7777*7777}}", str(7777 * 7777))],
    ids=["jinja", "like it"],
)
def test_one_who_evaluates_is_noticed(evaluate: Callable[[str], str]) -> None:
    """Negative control."""
    assert EVALUATED in evaluate("{{7777*7777}}")
