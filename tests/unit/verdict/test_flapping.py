"""A resource flaps from the third change within seven days on, until three days pass without one."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkwatch.models.records import Flapping
from linkwatch.verdict.flapping import FlapPolicy, find_flapping

START = datetime(2026, 11, 22, 9, tzinfo=UTC)
DAY = timedelta(days=1)
POLICY = FlapPolicy()


def on(day: float) -> datetime:
    return START + day * DAY


@pytest.mark.parametrize(
    ("days", "now", "expected"),
    [
        pytest.param([], 0, None, id="no change"),
        pytest.param([0, 1], 1, None, id="two changes"),
        pytest.param([0, 1, 2], 2, Flapping(on(0), on(2), 3, None), id="the third"),
        pytest.param([0, 3, 7], 7, Flapping(on(0), on(7), 3, None), id="within seven days"),
        pytest.param([0, 3, 7.1], 8, None, id="not within seven days"),
        pytest.param([0, 20, 21, 22], 22, Flapping(on(20), on(22), 3, None), id="an old change does not count"),
        pytest.param([0, 1, 2, 4, 6], 8.9, Flapping(on(0), on(2), 5, None), id="not quiet for three days"),
        pytest.param([0, 1, 2, 4, 6], 9, Flapping(on(0), on(2), 5, on(9)), id="quiet"),
        pytest.param([0, 1, 2, 4, 6], 60, Flapping(on(0), on(2), 5, on(9)), id="quiet for long"),
        pytest.param([0, 1, 2, 5], 5, None, id="what changes after it was quiet is told as usual"),
        pytest.param([0, 1, 2, 5, 6, 7], 7, Flapping(on(5), on(7), 3, None), id="and may flap once more"),
    ],
)
def test_when_a_resource_flaps(days: list[float], now: float, expected: Flapping | None) -> None:
    assert find_flapping([on(day) for day in days], POLICY, on(now)) == expected


def test_the_limits_are_settings() -> None:
    changes = [on(0), on(1), on(2), on(3)]
    assert find_flapping(changes, FlapPolicy(changes=5), on(3)) is None
    assert find_flapping(changes, FlapPolicy(window=1.5 * DAY), on(3)) is None
    assert find_flapping(changes, FlapPolicy(quiet=0.5 * DAY), on(3)) is None
    strict = find_flapping(changes[:1], FlapPolicy(changes=1), on(0))
    assert strict == Flapping(on(0), on(0), 1, None)


@given(st.lists(st.integers(0, 40), max_size=30, unique=True))
def test_what_is_news_never_lies_in_the_past(days: list[int]) -> None:
    """A check finds it on the day itself: when a resource begins to flap, or has been quiet."""
    changes = [on(day) for day in sorted(days)]
    before = None
    for day in range(45):
        found = find_flapping([at for at in changes if at <= on(day)], POLICY, on(day))
        if found is not None and found.news_at != before:
            assert found.news_at == on(day)
            before = found.news_at
