"""Publishing an exam keeps nothing whose key is not a possible one, whoever calls and whatever was checked before."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select

from elearn.exams import services
from elearn.exams.models.bank import ItemVersion
from elearn.exams.specs import ItemSpec, ItemType
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


def test_what_changed_is_told_against_the_version_before(session: Any, course_id: Any) -> None:
    bank, more = tuple(make_bank()), make_item("tambahan")

    def told(*items: ItemSpec) -> tuple[tuple[str, ...], ...]:
        done = services.publish(course_id, make_spec(), items, by=SYSTEM, now=NOON)
        return done.items_added, done.items_changed, done.items_removed

    assert told(*bank, more)[0][-1] == "tambahan"
    assert told(*bank) == ((), (), ("tambahan",))
    assert told(*bank) == ((), (), ())
    assert told(*bank[1:]) == ((), (), (bank[0].id,))
    assert told(*bank[1:], more) == (("tambahan",), (), ())
    assert told(*bank[1:], replace(more, stem="Lain?")) == ((), ("tambahan",), ())
    assert told(*bank[1:]) == ((), (), ("tambahan",))
    assert told(*bank[1:], more) == (("tambahan",), (), ())


def test_a_sound_bank_is_published(session: Any, course_id: Any) -> None:
    """Negative control of the refusal above."""
    result = services.publish(course_id, make_spec(), tuple(make_bank()), by=SYSTEM, now=NOON)

    assert result.changed
    assert item_versions(session) == 30
