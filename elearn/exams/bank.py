"""Reads and writes exam documents as specifications; keeps published versions, rendered, in the process; no policy."""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import select

from elearn.exams.models.bank import ExamVersion, ExamVersionItem, ItemVersion
from elearn.exams.specs import BlueprintRow, CompetencyRule, ExamSpec, ItemSpec, ItemType, OptionSpec
from elearn.kernel.audit import canonical_json
from elearn.kernel.db import db
from elearn.kernel.errors import NotFound
from elearn.kernel.markdown import render_inline, render_markdown


def spec_document(spec: ExamSpec) -> dict[str, Any]:
    """An exam's specification as JSON values."""
    return asdict(spec)


def item_document(item: ItemSpec) -> dict[str, Any]:
    """An item's specification as JSON values."""
    document = asdict(item)
    document["type"] = item.type.value
    return document


def digest(document: object) -> str:
    """SHA-256 of a document's canonical JSON, in hex."""
    return hashlib.sha256(canonical_json(document).encode()).hexdigest()


def read_spec(document: dict[str, Any]) -> ExamSpec:
    """An exam's specification from its document."""
    return ExamSpec(
        title=document["title"],
        minutes=document["minutes"],
        pass_bp=document["pass_bp"],
        supervision=document["supervision"],
        competencies=tuple(CompetencyRule(**row) for row in document["competencies"]),
        blueprint=tuple(BlueprintRow(**row) for row in document["blueprint"]),
    )


def read_item(document: dict[str, Any]) -> ItemSpec:
    """An item's specification from its document."""
    options = tuple(OptionSpec(**option) for option in document["options"])
    rest = {key: value for key, value in document.items() if key not in ("options", "type")}
    return ItemSpec(type=ItemType(document["type"]), options=options, **rest)


@dataclass(frozen=True, slots=True)
class Rendered:
    """An item as safe HTML: its stem, and the text of each option by the option's id."""

    stem: str
    options: Mapping[str, str]


class Version:
    """A published exam version in the process: it never changes, so it is read and rendered once."""

    def __init__(self, row: ExamVersion, items: list[ItemSpec]) -> None:
        self.id = row.id
        self.spec = read_spec(row.document)
        self.items = {item.id: item for item in items}
        self._rendered: dict[str, Rendered] = {}

    def rendered(self, item_id: str) -> Rendered:
        """An item of it as shown; rendered when it is first on a paper. Two threads at once make the same."""
        found = self._rendered.get(item_id)
        if found is None:
            item = self.items[item_id]
            options = {option.id: render_inline(option.text) for option in item.options}
            found = self._rendered[item_id] = Rendered(render_markdown(item.stem), options)
        return found


@lru_cache(maxsize=128)
def version(version_id: UUID) -> Version:
    """The exam version with its bank; raises NotFound."""
    row = db.session.get(ExamVersion, version_id)
    if row is None:
        raise NotFound("exam_version")
    query = (
        select(ItemVersion.document)
        .join(ExamVersionItem, ExamVersionItem.item_version_id == ItemVersion.id)
        .where(ExamVersionItem.exam_version_id == version_id)
    )
    return Version(row, [read_item(document) for document in db.session.scalars(query)])
