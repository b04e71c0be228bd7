"""Scores in basis points (0…10 000); no float, and one rounding, downwards."""

FULL = 10_000


def ratio_bp(points: int, maximum: int) -> int:
    """Points of a maximum as basis points, rounded down once, so that 69.999 % never reads as 70 %.

    Raises ValueError where the points do not lie within 0…maximum or the maximum is not positive.
    """
    if maximum <= 0 or not 0 <= points <= maximum:
        raise ValueError(f"{points} of {maximum} is not a score")
    return points * FULL // maximum
