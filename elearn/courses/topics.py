"""Where a course teaches what its exam asks; read from a version's own checks."""

from collections.abc import Sequence
from uuid import UUID

from elearn.courses.facts.versions import LessonFacts
from elearn.courses.queries import pinned


def lessons_about(version_id: UUID, topics: Sequence[str]) -> tuple[tuple[str, tuple[LessonFacts, ...]], ...]:
    """Where a version teaches some topics: (name of the topic, lessons), in the order asked.

    A topic is taught in the modules whose checks ask about it; one that no check asks about has no lessons and is
    left out.
    """
    version = pinned(version_id)
    names = {it.id: it.name for it in version.content.topics}
    found = []
    for topic in topics:
        lessons = tuple(
            lesson
            for module, facts in zip(version.content.modules, version.facts.modules, strict=True)
            if any(item.topic == topic for it in module.lessons if it.check for item in it.check.items)
            for lesson in facts.lessons
        )
        if lessons:
            found.append((names.get(topic, topic), lessons))
    return tuple(found)
