"""Publishing an exam keeps nothing whose key is not a possible one, whoever calls and whatever was checked before."""

from typing import Any

import pytest
from sqlalchemy import func, select

from elearn.exams import services
from elearn.exams.models import ItemVersion
from elearn.exams.specs import ItemType
from elearn.kernel.errors import Invalid
from tests.factories.courses import NOON, make_content, published
from tests.factories.exams import make_bank, make_item, make_spec
from tests.factories.world import SYSTEM


def item_versions(session: Any) -> int:
    return int(session.scalar(select(func.count()).select_from(ItemVersion)))


@pytest.fixture
def course_id(session: Any, tmp_path: Any) -> Any:
    return published(make_content(tmp_path)).course_id


@pytest.mark.parametrize("kind", ItemType)
def test_an_item_with_an_impossible_key_is_not_published(session: Any, course_id: Any, kind: ItemType) -> None:
    impossible = make_item("buruk", kind, right="", weights=(None, None, None, None))

    with pytest.raises(Invalid, match="impossible_key") as refusal:
        services.publish(course_id, make_spec(), (*make_bank(), impossible), by=SYSTEM, now=NOON)

    assert refusal.value.details["items"] == ["buruk"]
    assert item_versions(session) == 0


def test_a_sound_bank_is_published(session: Any, course_id: Any) -> None:
    """Negative control of the refusal above."""
    result = services.publish(course_id, make_spec(), tuple(make_bank()), by=SYSTEM, now=NOON)

    assert result.changed
    assert item_versions(session) == 30
