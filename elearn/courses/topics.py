"""Where a course teaches what its exam asks; read from a version's own checks."""

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from elearn.courses.facts.versions import LessonFacts
from elearn.courses.queries.versions import pinned


def lessons_about(version_id: UUID, topics: Sequence[str]) -> tuple[tuple[str, tuple[LessonFacts, ...]], ...]:
    """Where a version teaches some topics: (name of the topic, lessons), in the order asked.

    A topic is taught in the module whose checks ask about it most, the first of several; one that no check asks about
    has no lessons and is left out.
    """
    version = pinned(version_id)
    names = {it.id: it.name for it in version.content.topics}
    asked = [
        Counter(item.topic for lesson in module.lessons if lesson.check for item in lesson.check.items)
        for module in version.content.modules
    ]
    found = []
    for topic in topics:
        most = max(asked, key=lambda counts: counts[topic])
        if most[topic]:
            found.append((names.get(topic, topic), version.facts.modules[asked.index(most)].lessons))
    return tuple(found)
