"""Weeks of listings that contradict themselves, held against what is true: no departure that did not happen."""

from pathlib import Path

import pytest
from integration.check.weeks import ListingWeeks

DAYS, QUIET = 40, 16
"""All in all, and how many of them at the end nothing happens and nothing is wrong."""


@pytest.mark.long
@pytest.mark.parametrize("seed", range(0, 32, 3))
def test_no_departure_is_reported_that_did_not_happen_and_every_true_one_is(seed: int, tmp_path: Path) -> None:
    weeks = ListingWeeks(tmp_path, seed)
    for day in range(DAYS):
        weeks.check()
        if day < DAYS - QUIET:
            weeks.pass_a_night()
    weeks.hold_end()
    assert len(weeks.reported) > 5
