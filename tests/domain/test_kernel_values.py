"""The words every package speaks: scores, ids, moments and dates, canonical text, actors."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.kernel.actor import Actor, Grant, Role
from elearn.kernel.audit import canonical_json
from elearn.kernel.clock import local_date
from elearn.kernel.errors import Forbidden
from elearn.kernel.guard import require
from elearn.kernel.ids import fingerprint, new_id, new_secret
from elearn.kernel.model import UTCDateTime
from elearn.kernel.score import ratio_bp


def test_a_share_is_rounded_down_once() -> None:
    assert ratio_bp(69_999, 100_000) == 6999
    assert ratio_bp(7, 10) == 7000
    assert (ratio_bp(0, 3), ratio_bp(3, 3)) == (0, 10_000)


@pytest.mark.parametrize(("points", "maximum"), [(1, 0), (-1, 3), (4, 3)])
def test_what_is_no_share_is_no_score(points: int, maximum: int) -> None:
    with pytest.raises(ValueError, match="is not a score"):
        ratio_bp(points, maximum)


@given(st.integers(1, 10**6), st.data())
def test_a_score_is_whole_only_when_everything_is_right(maximum: int, drawn: st.DataObject) -> None:
    points = drawn.draw(st.integers(0, maximum))

    assert (ratio_bp(points, maximum) == 10_000) is (points == maximum)


def test_ids_are_of_version_seven_and_grow_with_time() -> None:
    ids = [new_id() for _ in range(1000)]

    assert {(it.version, it.variant) for it in ids} == {(7, "specified in RFC 4122")}
    assert len(set(ids)) == 1000
    stamps = [it.int >> 80 for it in ids]
    assert stamps == sorted(stamps)


def test_secrets_do_not_repeat_and_are_stored_as_their_fingerprint() -> None:
    secret = new_secret()

    assert len({new_secret() for _ in range(100)}) == 100
    assert len(fingerprint(secret)) == 64
    assert secret not in fingerprint(secret)


@pytest.mark.parametrize(
    ("moment", "zone", "day"),
    [
        (datetime(2026, 12, 31, 16, 59, tzinfo=UTC), "Asia/Jakarta", date(2026, 12, 31)),
        (datetime(2026, 12, 31, 17, 30, tzinfo=UTC), "Asia/Jakarta", date(2027, 1, 1)),
        (datetime(2026, 12, 31, 15, 30, tzinfo=UTC), "Asia/Jayapura", date(2027, 1, 1)),
        (datetime(2026, 12, 31, 15, 30, tzinfo=UTC), "Asia/Makassar", date(2026, 12, 31)),
    ],
)
def test_a_day_is_the_day_of_the_zone(moment: datetime, zone: str, day: date) -> None:
    assert local_date(moment, zone) == day


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="naive"):
        UTCDateTime().process_bind_param(datetime(2026, 1, 1), None)  # type: ignore[arg-type]  # noqa: DTZ001


def test_canonical_text_depends_on_the_values_alone() -> None:
    assert canonical_json({"b": 1, "a": [UUID(int=1), "é"]}) == '{"a":["00000000-0000-0000-0000-000000000001","é"],"b":1}'


def actor(*grants: Grant) -> Actor:
    return Actor(new_id(), frozenset(grants), via="session")


def test_a_role_reaches_its_subtree_and_nothing_beside_it() -> None:
    hr = actor(Grant(Role.HR_OFFICER, unit_path="a1/b2/"))

    assert hr.reaches("a1/b2/c3/", Role.HR_OFFICER)
    assert not hr.reaches("a1/b3/", Role.HR_OFFICER)
    assert not hr.reaches("a1/", Role.HR_OFFICER)
    assert not hr.reaches("a1/b2/c3/", Role.ADMINISTRATOR)
    assert not hr.reaches(None, Role.HR_OFFICER)
    assert actor(Grant(Role.HR_OFFICER)).reaches(None, Role.HR_OFFICER)


def test_nobody_holds_no_role() -> None:
    assert not Actor.anonymous().has(*Role)
    assert not Actor.anonymous().is_signed_in
    assert not Actor.system().has(*Role)


def test_a_policys_no_is_a_refusal_with_its_name() -> None:
    def may_nothing(_actor: Actor, _subject: object) -> bool:
        return False

    with pytest.raises(Forbidden, match="may_nothing"):
        require(may_nothing, Actor.anonymous(), None)


def test_a_role_over_one_course_or_exam_reaches_nobody_by_it() -> None:
    grants = frozenset({Grant(Role.EXAM_OFFICER, exam_id=new_id()), Grant(Role.TRAINER, course_id=new_id())})
    actor = Actor(employee_id=new_id(), grants=grants, via="session")

    assert actor.has(Role.TRAINER)
    assert not actor.reaches("a/b/", Role.TRAINER, Role.EXAM_OFFICER)
    assert actor.unit_paths(Role.TRAINER, Role.EXAM_OFFICER) == ()
