"""The rules of the house that a reader of the code can check: who acts, when, what commits, what is never written."""

import ast
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

import elearn
from elearn.kernel.actor import Actor

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "elearn"
MODULES = sorted(PACKAGE.rglob("*.py"))
TOOLS = sorted((ROOT / "tools").rglob("*.py"))
LONGEST = 300
NOUNS = ("people", "competency", "courses", "exams", "certs")
COMMITTING = {"app.py", "kernel/jobs.py", "kernel/readlog.py", "kernel/backup.py", "kernel/rows.py", "kernel/copying.py"}
"""Where transactions end: a request, a job or command, the log of reads, a backup's own, and a copy's."""
READING = {
    "elearn.certs.services.file_of": "reads one file",
    "elearn.certs.services.hindrance": "a question about the installation",
    "elearn.exams.services.allowance": "a question about a person, asked by stories",
    "elearn.workflows.certification.hindrance": "a question about a person and an agency, asked of the register",
    "elearn.workflows.particulars.holder_of": "a value from a value",
    "elearn.workflows.publishing.course_folders": "lists folders",
    "elearn.workflows.publishing.read_folder": "reads and checks a folder, without the database",
}
CLOCKWORK = {"elearn.workflows.certification.order_closing", "elearn.workflows.tasks.close_overdue"}
REGISTERING = {"elearn.workflows.tasks.register"}


def name_of(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def calls(source: str) -> Iterator[tuple[int, str]]:
    """Every call as written, with its line."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            yield node.lineno, ast.unparse(node.func)


def offences(source: str, pattern: str) -> list[int]:
    """Lines that call what the pattern names."""
    return [line for line, called in calls(source) if re.fullmatch(pattern, called)]


CLOCK = r"(datetime\.)?(datetime|date)\.(now|today|utcnow)|time\.(time|localtime|gmtime)"
COMMIT = r".*session(\(\))?\.commit|.*connection\.commit|.*(engine|connection|session(\(\))?)\.begin|.*transaction\.commit"
DAY = r"(?!local\b|local_time\(|issued\b).*\.date"
DAYS_MADE = {"kernel/clock.py", "web/filters.py", "certs/drawing/sheet.py"}
"""Where a local moment becomes a day; everybody else asks clock.local_date for the day of a zone."""
FORBIDDEN = r"eval|exec|compile|pickle\.\w+|marshal\.\w+|os\.system|yaml\.(full_load|unsafe_load)"


def use_cases() -> Iterator[tuple[str, inspect.Signature]]:
    """The public functions of services and workflows."""
    for found in pkgutil.walk_packages(elearn.__path__, "elearn."):
        if re.search(r"\.services(\.|$)|\.workflows\.", found.name):
            module = importlib.import_module(found.name)
            for name, function in inspect.getmembers(module, inspect.isfunction):
                if function.__module__ == found.name and not name.startswith("_"):
                    yield f"{found.name}.{name}", inspect.signature(function, eval_str=True)


def says_who_and_when(signature: inspect.Signature) -> bool:
    wanted = {"by": Actor, "now": datetime}
    found = signature.parameters
    return all(
        name in found and found[name].kind is inspect.Parameter.KEYWORD_ONLY and found[name].annotation is kind
        for name, kind in wanted.items()
    )


def test_every_use_case_is_told_who_acts_and_when() -> None:
    silent = {
        name
        for name, signature in use_cases()
        if not says_who_and_when(signature) and name not in READING.keys() | REGISTERING
    }

    assert silent == CLOCKWORK


def test_what_only_reads_is_listed_with_its_reason_and_is_still_there() -> None:
    known = {name for name, _signature in use_cases()}

    assert READING.keys() - known == set()


def test_a_use_case_that_reads_the_clock_itself_is_caught() -> None:
    def silent(name: str, *, by: Actor) -> None: ...

    assert not says_who_and_when(inspect.signature(silent))
    assert offences("from datetime import datetime\nx = datetime.now()", CLOCK) == [2]


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_only_the_clock_reads_the_clock(path: Path) -> None:
    found = offences(path.read_text(encoding="utf-8"), CLOCK)

    assert name_of(path) == "kernel/clock.py" or found == []


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_transactions_end_in_three_places_only(path: Path) -> None:
    found = offences(path.read_text(encoding="utf-8"), COMMIT)

    assert name_of(path) in COMMITTING or found == []


def test_a_commit_elsewhere_is_caught() -> None:
    assert offences("db.session.commit()", COMMIT) == [1]
    assert offences("db.session().commit()", COMMIT) == [1]
    assert offences("with db.engine.begin() as connection:\n    pass", COMMIT) == [1]
    assert offences("with connection.begin():\n    pass", COMMIT) == [1]
    assert offences("with db.session.begin_nested():\n    pass", COMMIT) == []


@pytest.mark.parametrize("path", [it for it in MODULES if it.parent.name != "workflows"], ids=name_of)
def test_a_day_is_a_day_of_a_zone(path: Path) -> None:
    found = offences(path.read_text(encoding="utf-8"), DAY)

    assert name_of(path) in DAYS_MADE or found == []


def test_a_day_without_a_zone_is_caught() -> None:
    assert offences("rule_value('a', now.date())", DAY) == [1]


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_nothing_runs_what_it_was_given(path: Path) -> None:
    source = path.read_text(encoding="utf-8")

    assert offences(source, FORBIDDEN) == []
    assert re.search(r"^\s*(import|from) (pickle|marshal|shelve)\b", source, re.MULTILINE) is None


def test_running_what_was_given_is_caught() -> None:
    assert offences("eval(text)", FORBIDDEN) == [1]


@pytest.mark.parametrize("path", [it for it in MODULES if "/views/" in name_of(it)], ids=name_of)
def test_views_find_nothing_by_id_alone(path: Path) -> None:
    assert offences(path.read_text(encoding="utf-8"), r".*session\.(get|get_one|scalar|scalars|execute|add|query)") == []


@pytest.mark.parametrize("path", [it for it in MODULES if it.name == "policies.py"], ids=name_of)
def test_policies_ask_no_database_and_raise_nothing(path: Path) -> None:
    source = path.read_text(encoding="utf-8")

    assert "session" not in source
    assert not any(isinstance(node, ast.Raise) for node in ast.walk(ast.parse(source)))


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_every_module_says_in_one_line_what_lives_in_it(path: Path) -> None:
    said = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))

    assert said


def is_outgrown(source: str) -> bool:
    """Whether a module is longer than what one name can hold."""
    return len(source.splitlines()) > LONGEST


@pytest.mark.parametrize("path", [*MODULES, *TOOLS], ids=lambda it: it.relative_to(ROOT).as_posix())
def test_no_module_outgrows_its_name(path: Path) -> None:
    """Three hundred lines at most, and no drawer for things without a name."""
    assert not is_outgrown(path.read_text(encoding="utf-8"))
    assert path.stem not in ("utils", "helpers", "common", "misc")


def test_a_module_that_outgrows_its_name_is_caught() -> None:
    assert is_outgrown("x = 1\n" * 301)
    assert not is_outgrown("x = 1\n" * 300)


@pytest.mark.parametrize("path", sorted((ROOT / "migrations" / "versions").glob("*.py")), ids=lambda it: it.name)
def test_migrations_bear_their_date(path: Path) -> None:
    assert re.fullmatch(r"20\d{6}_\d{4}_[0-9a-f]+_[a-z0-9_]+\.py", path.name)


PAGES = sorted(it for it in PACKAGE.rglob("templates/**/*.html") if "pdf" not in it.parts)
INLINE = r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=|javascript:"


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_pages_carry_no_script_and_no_style_of_their_own(path: Path) -> None:
    assert re.findall(INLINE, path.read_text(encoding="utf-8"), re.IGNORECASE) == []


def test_a_script_in_a_page_is_caught() -> None:
    assert re.findall(INLINE, '<a onclick="x()">') != []
    assert re.findall(INLINE, "<script>x()</script>") != []
    assert re.findall(INLINE, '<script type="module" src="/a.js"></script>') == []


MACROS = sorted((PACKAGE / "web" / "templates" / "web" / "macros").glob("*.html"))
USERS = "".join(it.read_text(encoding="utf-8") for it in PAGES if it.name != "styleguide.html" and it not in MACROS)


def unused(source: str, users: str) -> list[str]:
    """Macros that neither a page nor another macro of the file calls."""
    names = re.findall(r"\{% macro (\w+)", source)
    return [it for it in names if not re.search(rf"\.{it}\(|(?<!macro )\b{it}\(", users + source)]


@pytest.mark.parametrize("path", MACROS, ids=name_of)
def test_every_piece_of_the_style_guide_stands_on_a_page(path: Path) -> None:
    assert unused(path.read_text(encoding="utf-8"), USERS) == []


def test_a_piece_that_no_page_uses_is_caught() -> None:
    pieces = "{% macro used() %}{{ inner() }}{% endmacro %}{% macro inner() %}{% endmacro %}{% macro idle() %}{% endmacro %}"

    assert unused(pieces, "{{ ui.used() }}") == ["idle"]


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_every_form_of_a_page_that_writes_carries_its_token(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    forms = re.findall(r"<form\b[^>]*method=\"post\".*?</form>", text, re.DOTALL | re.IGNORECASE)
    unsealed = [it for it in forms if "csrf" not in it and "hidden_tag" not in it]

    assert [it[:120] for it in unsealed if "/verify/file" not in it and "certs_public.verify_file" not in it] == []


@pytest.mark.parametrize("noun", NOUNS)
def test_a_noun_package_keeps_to_the_one_plan(noun: str) -> None:
    plan = {"rules", "facts", "models", "policies", "queries", "services", "forms", "tasks", "views", "templates"}
    found = {it.stem for it in (PACKAGE / noun).iterdir() if it.name != "__pycache__"}

    assert {"models", "policies", "queries", "services", "views", "facts"} <= found
    assert not found & {f"{word}s" for word in ("util", "helper")}
    assert plan & found
