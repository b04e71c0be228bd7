"""What raises a person most next: the widest confirmed gap that a course really closes."""

from elearn.insight.recommendation import Need, Offer, most_raising


def need(code: str, required: int, confirmed: int, achieved: int | None = None) -> Need:
    return Need(code, code, required, confirmed if achieved is None else achieved, confirmed)


def offer(slug: str, hours: int = 8, *, blocked: bool = False, **teaches: int) -> Offer:
    return Offer(slug, slug, hours, teaches, blocked)


def test_the_course_that_closes_most_of_a_gap_comes_first() -> None:
    found = most_raising([need("A", 3, 2), need("B", 4, 1)], [offer("one", A=3), offer("two", B=4)])

    assert found is not None
    assert (found.offer.slug, found.need.competency, found.need.confirmed, found.to_level, found.steps) == (
        "two",
        "B",
        1,
        4,
        3,
    )


def test_a_level_beyond_what_is_required_counts_for_nothing() -> None:
    found = most_raising([need("A", 2, 1), need("B", 3, 1)], [offer("high", A=5), offer("fitting", B=3)])

    assert found is not None
    assert found.offer.slug == "fitting"


def test_what_was_achieved_and_awaits_hr_needs_no_course() -> None:
    assert most_raising([need("A", 2, 0, achieved=2)], [offer("again", A=2)]) is None
    assert most_raising([need("A", 3, 0, achieved=2)], [offer("further", A=3)]) is not None


def test_an_exam_without_supervision_raises_no_further_than_the_cap() -> None:
    needs = [need("A", 4, 0), need("B", 2, 0)]
    found = most_raising(needs, [offer("deep", hours=20, A=4), offer("short", hours=4, B=2)], cap=2)

    assert found is not None
    assert (found.offer.slug, found.to_level) == ("deep", 2)
    assert most_raising([need("A", 4, 2)], [offer("deep", A=4)], cap=2) is None


def test_among_equals_the_one_that_raises_more_then_the_shorter_then_the_first() -> None:
    needs = [need("A", 2, 1), need("B", 2, 1)]

    def first(*offers: Offer) -> str:
        found = most_raising(needs, offers)
        assert found is not None
        return found.offer.slug

    assert first(offer("long", 16, A=2, B=2), offer("brief", 2, A=2)) == "long"
    assert first(offer("b", 8, A=2), offer("a", 8, A=2), offer("z", 4, A=2)) == "z"
    assert first(offer("b", 8, A=2), offer("a", 8, A=2)) == "a"


def test_what_is_not_open_yet_is_not_recommended() -> None:
    assert most_raising([need("A", 2, 1)], [offer("later", blocked=True, A=2)]) is None
    assert most_raising([], [offer("any", A=2)]) is None
