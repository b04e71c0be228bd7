"""Hostile words made by a small grammar, and a filled installation whose every free text is made of them."""

import hashlib
import itertools
import json
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import sqlalchemy as sa

from elearn.certs.rules import SEAL_PURPOSE
from elearn.kernel.ids import new_id
from elearn.kernel.kept import ReferenceStamp
from elearn.kernel.model import Model
from elearn.kernel.seal import seal

ACT = "__xss=1"
"""What every payload does where it runs: the hook `window.__xss` is set then."""

_CARRIERS = (
    *(("img", "onerror", "src=x"), ("svg", "onload", ""), ("body", "onload", ""), ("video", "onerror", "src=x")),
    *(("audio", "onerror", "src=x"), ("details open", "ontoggle", ""), ("input autofocus", "onfocus", "")),
    *(("iframe", "onload", "src=about:blank"), ("style", "onload", ""), ("object", "onerror", "data=x")),
    ("link", "onerror", "href=x"),
    *(("a", "onclick", "href=#x"), ("button", "onclick", ""), ("select autofocus", "onfocus", "")),
    *(("source", "onerror", "src=x"), ("x tabindex=1 autofocus", "onfocus", ""), ("p", "onmouseover", "")),
)  # fmt: skip
_QUOTES = ('"', "'", "", "`")
_WAYS_OUT = (
    "",
    '">',
    "'>",
    "</title>",
    "</textarea>",
    "</script>",
    "-->",
    "</style>",
    "]]>",
    "</svg>",
    "</option></select>",
)
_SPELLINGS: tuple[Callable[[str, str], tuple[str, str]], ...] = (
    lambda tag, act: (tag, act),
    lambda tag, act: (tag.upper(), act),
    lambda tag, act: (tag, "".join(f"&#{ord(it)};" for it in act)),
    lambda tag, act: (tag, "".join(f"&#x{ord(it):x}" + ";" for it in act)),
    lambda tag, act: (tag.replace(" ", "\t"), act),
    lambda tag, act: (tag.replace(" ", "/"), act.replace("=", " =")),
)
_SCHEMES = (
    f"&#106;avascript:{ACT}",
    *(f"javascript:{ACT}", f"JaVaScRiPt:{ACT}", f"java\tscript:{ACT}", f"\x01javascript:{ACT}"),
    f"java&Tab;script:{ACT}",
    *(f"javascript&colon;{ACT}", f"javascript://%0a{ACT}", f"%6aavascript:{ACT}", f"vbscript:{ACT}"),
    *(f"data:text/html,<script>parent.{ACT}</script>", f"data:image/svg+xml,<svg onload=parent.{ACT}>"),
)  # fmt: skip
_LINKS = (
    "<iframe src='{}'></iframe>",
    *("[x]({})", "<{}>", "[x]: {}\n\n[x]", "![x]({})", '[x](<{}> "t")', '<a href="{}">x</a>'),
    *('<form action="{}"><input type=submit>', '<button formaction="{}">x</button>', '<object data="{}"></object>'),
    *('<embed src="{}">', '<svg><a xlink:href="{}"><text y=9>x', '<meta http-equiv=refresh content="0;url={}">'),
    *('<base href="{}">', '<link rel=stylesheet href="{}">', '<img src="{}">', '<math href="{}">x', '" href="{}" x="'),
)  # fmt: skip
_ATTRIBUTES = (
    "autofocus onfocus={0}{1}{0} tabindex=1 x=",
    "style={0}x:y{0} onmouseenter={0}{1}{0} x=",
    "onload={0}{1}{0} x=",
)
_BLOCKS = (
    f"<scr<script>ipt>{ACT}</script>",
    *(f"<script>{ACT}</script>", f"<ScRiPt>{ACT}</sCrIpT>", f"<script\n>{ACT}</script\n>"),
    f"<noscript><p title='</noscript><img src=x onerror={ACT}>'>",
    *(f"<svg><script>{ACT}</script></svg>", f"<math><mtext><script>{ACT}</script>"),
    f"<!--><img src=x onerror={ACT}>-->",
    *(f"<template><script>{ACT}</script></template>", f"<![CDATA[<script>{ACT}</script>]]>"),
    f"<xmp><p title='</xmp><script>{ACT}</script>'>",
    *(f"\u2028<script>{ACT}</script>", f"<iframe srcdoc='<script>parent.{ACT}</script>'>"),
    f"&lt;script&gt;{ACT}&lt;/script&gt;",
    *(f"\uff1cscript\uff1e{ACT}\uff1c/script\uff1e", f"%3Cscript%3E{ACT}%3C/script%3E"),
)  # fmt: skip

TEMPLATES = (
    "{{7777*7777}}",
    "{% print 7777*7777 %}",
    "${7777*7777}",
    "#{7777*7777}",
    "<%= 7777*7777 %>",
    "{0.__class__}",
    "%(x)s",
    "%s",
    "{nomor}",
)
"""What some machine or other would evaluate; the product of the sum stands nowhere else."""

EVALUATED = "60481729"


@cache
def payloads() -> tuple[str, ...]:
    """Every combination of tag, event, quoting, spelling and way out, every scheme in every link; more than 1,500."""
    made = [f"{out}<{_tag(carrier, quote, spell)}>" for carrier, quote, (out, spell) in _combined()]
    made += [link.format(scheme) for link, scheme in itertools.product(_LINKS, _SCHEMES)]
    made += [
        f"{quote} {attribute.format(inner, ACT)}"
        for quote, inner, attribute in itertools.product(('"', "'", "\x60", ""), ('"', "'", ""), _ATTRIBUTES)
    ]
    made += [f"{out}{block}" for out, block in itertools.product(_WAYS_OUT, _BLOCKS)]
    return tuple(dict.fromkeys(made))


def _combined() -> Iterator[tuple[tuple[str, str, str], str, tuple[str, Any]]]:
    """Every carrier with every quote, each with a third of the ways out and spellings, so that all pairs come up."""
    rest = list(itertools.product(_WAYS_OUT, _SPELLINGS))
    for at, (carrier, quote) in enumerate(itertools.product(_CARRIERS, _QUOTES)):
        yield from ((carrier, quote, it) for it in rest[at % 3 :: 3])


def _tag(carrier: tuple[str, str, str], quote: str, spell: Callable[[str, str], tuple[str, str]]) -> str:
    name, event, needs = carrier
    tag, act = spell(f"{name} {needs}".strip(), ACT)
    act = act if quote else act.replace(" ", "")
    return f"{tag} {event}={quote}{act}{quote}"


def packs(size: int) -> Iterator[str]:
    """All payloads in texts of so many each, a bit of every kind in every text."""
    every = payloads()
    count = -(-len(every) // size)
    for at in range(count):
        yield " ".join(every[at::count])


_FORMS = (
    "{}",
    "**{}**",
    "`{}`",
    "> {}",
    "- {}",
    "[{}](x)",
    '[x](x "{}")',
    "## {}",
    "[a{}]: x",
    "```{}\ny\n```",
    "\\{}",
    "1. {}",
)


def as_markdown(texts: tuple[str, ...]) -> Iterator[str]:
    """Texts in every form of Markdown, in documents that the limits allow."""
    part: list[str] = []
    for at, text in enumerate(texts):
        part.append(_FORMS[at % len(_FORMS)].format(text.replace("\n", " ") if at % 3 else text))
        if len(part) == 300:
            yield "\n\n".join(part)
            part = []
    yield "\n\n".join(part)


_WORDS = """
    competencies.name competencies.definition competencies.legal_basis competency_level_names.name
    competency_level_names.legal_basis courses.title courses.summary courses.code courses.form dated_rules.legal_basis
    dated_rules.note development_forms.name development_forms.legal_basis jobs.last_error org_units.name org_units.code
    position_levels.name position_levels.grouping position_levels.legal_basis positions.name ranks.name
    ranks.grade ranks.legal_basis competency_levels.description competency_levels.indicators
    competency_levels.legal_basis competency_requirements.legal_basis employees.name employees.title_before
    employees.title_after employees.email exams.title signer_appointments.name signer_appointments.title
    signer_appointments.identifier signer_appointments.legal_basis accommodations.basis api_tokens.name
    development_activities.title development_activities.provider evidence.reason exam_versions.title
    particulars_checks.note particulars_checks.answer role_grants.reason user_sessions.user_agent attempts.title
    evidence_decisions.reason answers.client_at task_submissions.text revocations.reason certificates.number
"""
WORDS = frozenset(_WORDS.split())
"""Every column that people write into freely."""

DOCUMENTS = {
    "course_versions.document": ["title", "prompt", "provider", "summary", "name", "stem", "text", "rationale"],
    "exam_versions.document": ["title"],
    "item_versions.document": ["stem", "text", "rationale"],
    "certificates.snapshot": [
        *("agency_name", "provider", "place", "holder_name", "holder_identifier", "holder_rank", "holder_position"),
        *("holder_unit", "course_code", "course_title", "form", "title", "name", "description"),
    ],
    "particulars_checks.holder": ["name", "identifier", "rank", "position", "unit"],
    "audit_entries.details": ["reason", "value", "was", "basis", "name", "key", "slug", "number", "legal_basis"],
}
"""Columns that hold JSON, with the names of the free texts in it."""

_SIGNS = """
    audit_entries.via audit_entries.act audit_entries.subject_type audit_entries.subject_id competencies.code
    competencies.kind competencies.confidence competency_level_names.confidence courses.slug courses.prerequisites
    dated_rules.key dated_rules.value dated_rules.confidence dated_rules.origin development_forms.key
    development_forms.confidence jobs.kind jobs.key jobs.payload jobs.state marks.name marks.value org_units.path
    position_levels.code position_levels.confidence positions.code positions.level_code ranks.code ranks.scheme
    ranks.confidence read_entries.what setup_links.token_hash setup_links.draft agency_settings.key agency_settings.value
    competency_levels.confidence competency_requirements.position_level competency_requirements.confidence
    course_competencies.competency employees.employment_type employees.rank_code accommodations.arrangements
    api_tokens.token_hash api_tokens.scopes course_versions.sha256 credentials.password_hash
    development_activities.form_key development_activities.source_type employee_identifiers.type
    employee_identifiers.value evidence.kind evidence.source_type evidence.supervision exam_versions.sha256 items.key
    one_time_codes.purpose one_time_codes.code_hash second_factors.concealed_seed simulations.lease simulations.answers
    simulations.checked spare_codes.code_hash user_sessions.token_hash attempts.seed attempts.supervision attempts.lease
    attempts.closed_by attempts.result attempts.receipt evidence_decisions.decision item_versions.sha256 answers.value
    attempt_slots.item_id attempt_slots.item_type attempt_slots.option_ids attempt_slots.value attempt_slots.late_value
    certificates.code certificates.snapshot_sha256 certificates.seal check_tries.lesson_id check_tries.answers
    lesson_completions.lesson_id lesson_completions.via lesson_reads.lesson_id lesson_reads.via
    role_grants.role task_submissions.lesson_id certificate_publications.sha256 certificate_publications.key_id
"""
SIGNS = frozenset(_SIGNS.split())
"""Columns that only the program writes: codes, states, hashes. Agency settings are set by key, below."""

SET = ("name", "provider", "place")


def text_columns() -> set[str]:
    """Every column that can hold text."""
    kinds = (sa.String, sa.JSON)
    return {f"{it.table.name}.{it.name}" for table in Model.metadata.sorted_tables for it in table.columns
            if isinstance(it.type, kinds)}  # fmt: skip


def poison(connection: sa.Connection, text: str) -> None:
    """Write the text into every place of WORDS and DOCUMENTS, as if no check had ever been there; seals are renewed."""
    tables = Model.metadata.tables
    for place in sorted(WORDS):
        table, column = _at(place)
        _write(connection, table, column, text)
    for place, names in DOCUMENTS.items():
        table, column = _at(place)
        keys = list(table.primary_key.columns)
        for row in connection.execute(sa.select(*keys, column)).all():
            same = sa.and_(*(key == value for key, value in zip(keys, row[:-1], strict=True)))
            connection.execute(sa.update(table).where(same).values({column: _poisoned(row[-1], frozenset(names), text)}))
    settings = tables["agency_settings"]
    connection.execute(sa.update(settings).where(settings.c.key.in_(SET)).values(value=json.dumps(text)))
    _seal_anew(connection)
    connection.execute(sa.update(ReferenceStamp).values(stamp=new_id()))


def _at(place: str) -> tuple[sa.Table, sa.Column[Any]]:
    table = Model.metadata.tables[place.partition(".")[0]]
    return table, table.c[place.partition(".")[2]]


def _write(connection: sa.Connection, table: sa.Table, column: sa.Column[Any], text: str) -> None:
    """In every row that says anything; what must differ from row to row begins with a number."""
    must_differ = column.unique or column.name == "email" or f"{table.name}.{column.name}" == "certificates.number"
    spoken = sa.select(*table.primary_key.columns).where(column.is_not(None))
    for at, row in enumerate(connection.execute(spoken).all()):
        same = sa.and_(*(key == value for key, value in zip(table.primary_key.columns, row, strict=True)))
        value: Any = f"{at} {text}" if must_differ else text
        value = [value, value] if isinstance(column.type, sa.JSON) else value.lower() if column.name == "email" else value
        connection.execute(sa.update(table).where(same).values({column: value}))


def _poisoned(value: Any, names: frozenset[str], text: str) -> Any:
    if isinstance(value, str) and value[:1] in "{[":
        return json.dumps(_poisoned(json.loads(value), names, text), sort_keys=True, separators=(",", ":"))
    if isinstance(value, dict):
        return {
            name: text
            if name in names and isinstance(it, str)
            else it
            if isinstance(it, str)
            else _poisoned(it, names, text)
            for name, it in value.items()
        }
    return [_poisoned(it, names, text) for it in value] if isinstance(value, list) else value


def _seal_anew(connection: sa.Connection) -> None:
    table = Model.metadata.tables["certificates"]
    for row in connection.execute(sa.select(table)).all():
        snapshot = json.dumps(json.loads(row.snapshot) | {"number": row.number}, sort_keys=True, separators=(",", ":"))
        digest = hashlib.sha256(snapshot.encode()).hexdigest()
        sealed = seal(SEAL_PURPOSE, row.code, row.number, digest)
        values = {"snapshot": snapshot, "snapshot_sha256": digest, "seal": sealed}
        connection.execute(sa.update(table).where(table.c.id == row.id).values(values))
