"""The raw files of a course folder: strict YAML, JSON schema, nothing outside the folder; meaning is content.py's."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Any

import yaml
from jsonschema import Draft202012Validator
from yaml.events import AliasEvent
from yaml.nodes import MappingNode, Node, SequenceNode

SCHEMAS = Path(__file__).resolve().parents[2] / "content" / "schema"
MAX_YAML_BYTES = 2 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, in which file and where in it (`line` where it is known); the words are for authors."""

    file: str
    place: str
    reason: str
    line: int | None = None

    def as_dict(self) -> dict[str, str | int | None]:
        """As plain JSON."""
        return {"file": self.file, "line": self.line, "place": self.place, "reason": self.reason}


@dataclass(slots=True)
class Findings:
    """The problems found so far."""

    problems: list[Problem] = field(default_factory=list)

    def add(self, file: str, place: str, reason: str) -> None:
        """Note one."""
        self.problems.append(Problem(file, place, reason))


class _StrictLoader(yaml.SafeLoader):
    """Plain YAML values only: no aliases (they can grow without end) and no key twice in a mapping."""

    def compose_node(self, parent: Node | None, index: int) -> Node | None:
        if self.check_event(AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.MarkedYAMLError(problem="aliases are not allowed", problem_mark=mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _value in node.value:
            if key.value in seen:
                raise yaml.MarkedYAMLError(problem=f"'{key.value}' stands here twice", problem_mark=key.start_mark)
            seen.add(str(key.value))
        return super().construct_mapping(node, deep)


def course_document(folder: Path, findings: Findings) -> dict[str, Any] | None:
    """The content of course.yaml, shaped as its schema says; None where it is not."""
    return _document(folder, "course.yaml", "course", findings)


def item_documents(folder: Path, findings: Findings) -> Iterator[tuple[str, dict[str, Any]]]:
    """File and content of every items/*.yaml that is shaped as its schema says, in the order of their names."""
    for path in sorted((folder / "items").glob("*.yaml")):
        name = f"items/{path.name}"
        document = _document(folder, name, "items", findings)
        if document is not None:
            yield name, document


def text_inside(folder: Path, name: str, findings: Findings, *, maximum: int) -> str | None:
    """The text of a file of the folder; None, and a problem noted, where it is missing, outside or too large."""
    reason = _refusal(folder, name, maximum)
    if reason is None:
        try:
            return (folder / name).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            reason = "this file is not UTF-8 text"
    findings.add(name, "", reason)
    return None


def _refusal(folder: Path, name: str, maximum: int) -> str | None:
    relative = PurePosixPath(name)
    if relative.is_absolute() or ".." in relative.parts:
        return "this path leaves the course folder"
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        return "this link leads out of the course folder"
    if not path.is_file():
        return "this file does not exist"
    if path.stat().st_size > maximum:
        return f"this file is larger than {maximum // 1024} KB"
    return None


def _document(folder: Path, name: str, schema: str, findings: Findings) -> dict[str, Any] | None:
    text = text_inside(folder, name, findings, maximum=MAX_YAML_BYTES)
    if text is None:
        return None
    try:
        # A subclass of SafeLoader: it makes plain values only.
        document = yaml.load(text, Loader=_StrictLoader)  # noqa: S506
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f"line {mark.line + 1}" if mark else ""
        findings.add(name, place, str(getattr(error, "problem", None) or "this is not YAML"))
        return None
    misfits = sorted(_validator(schema).iter_errors(document), key=lambda it: [str(step) for step in it.path])
    for misfit in misfits:
        findings.add(name, "/".join(map(str, misfit.absolute_path)), _shortened(misfit.message))
    return None if misfits else document


def located(folder: Path, problems: Iterable[Problem]) -> Iterator[Problem]:
    """The problems with the lines of their places, where the file is YAML that can be read."""
    trees: dict[str, Node | None] = {}
    for problem in problems:
        if problem.file.endswith(".yaml") and not problem.place.startswith("line "):
            if problem.file not in trees:
                trees[problem.file] = _tree(folder / problem.file)
            yield replace(problem, line=_line_of(trees[problem.file], problem.place))
        else:
            yield problem


def _tree(path: Path) -> Node | None:
    try:
        return yaml.compose(path.read_text(encoding="utf-8"), Loader=_StrictLoader)
    except (OSError, UnicodeDecodeError, yaml.YAMLError, RecursionError):
        return None


def _line_of(node: Node | None, place: str) -> int | None:
    """The line of a place such as modules/0/lessons/1/check, or of the last step towards it that is there."""
    line = node.start_mark.line + 1 if node else None
    for step in place.split(" ")[0].split("/"):
        if isinstance(node, MappingNode):
            found = next(((key, value) for key, value in node.value if key.value == step), None)
        elif isinstance(node, SequenceNode) and step.isdigit() and int(step) < len(node.value):
            found = (node.value[int(step)], node.value[int(step)])
        else:
            found = None
        if found is None:
            break
        line, node = found[0].start_mark.line + 1, found[1]
    return line


def _shortened(message: str) -> str:
    return message if len(message) <= 240 else f"{message[:100]} … {message[-130:]}"


@lru_cache(maxsize=4)
def _validator(schema: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads((SCHEMAS / f"{schema}.schema.json").read_text(encoding="utf-8")))
