"""Weeks of every contradiction at once, held against what is true.

No resource that lives is unavailable, no departure is reported that did not happen, and every true one is reported
within its confirmation time.
"""

from pathlib import Path

import pytest
from integration.check.weeks import AllWeeks

QUIET = 16
"""Days at the end without changes and faults: longer than the longest time between two inspections."""


def play(weeks: AllWeeks, days: int) -> None:
    for _ in range(days):
        weeks.check()
        weeks.pass_a_night()
    for _ in range(QUIET):
        weeks.check()
    weeks.hold_end()


@pytest.mark.parametrize("seed", [2])
def test_two_weeks_in_a_small_world(seed: int, tmp_path: Path) -> None:
    weeks = AllWeeks(tmp_path, seed, sizes=(3, 5, 51), uploads_listed=5)
    play(weeks, 14)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100, 112))
def test_two_months(seed: int, tmp_path: Path) -> None:
    weeks = AllWeeks(tmp_path, seed, sizes=(3, 5, 22, 50, 51, 101), uploads_listed=20)
    play(weeks, 60)
    assert weeks.deaths > 10
    assert len(weeks.reported) > 10
