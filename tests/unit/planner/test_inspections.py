"""Which playlists are inspected, in which order, and what it costs."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from linkwatch.models.resource import Kind, Resource
from linkwatch.planner.inspections import InspectionCandidate, InspectionPlan, cost_of, plan_inspections

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
WEEK = timedelta(days=7)


def candidate(
    number: int, *, items: int | None = 10, days: float | None = 1, changed: bool = False
) -> InspectionCandidate:
    inspected_at = None if days is None else NOW - timedelta(days=days)
    return InspectionCandidate(Resource(Kind.PLAYLIST, f"PL{number:032d}"), items, inspected_at, changed)


def planned(*candidates: InspectionCandidate, budget: int = 1000, full: bool = False) -> InspectionPlan:
    return plan_inspections(candidates, now=NOW, every=WEEK, budget=budget, full=full)


def numbers(candidates: Sequence[InspectionCandidate]) -> list[int]:
    return [int(each.playlist.id[2:]) for each in candidates]


def test_an_unchanged_playlist_is_not_inspected_before_the_interval_ends() -> None:
    plan = planned(candidate(0, days=6.9), candidate(1, days=7), candidate(2, days=None), candidate(3, changed=True))
    assert sorted(numbers(plan.inspections)) == [1, 2, 3]
    assert plan.units == 3


def test_changed_playlists_come_first_then_new_ones_then_the_oldest_inspections() -> None:
    plan = planned(candidate(0, days=8), candidate(1, days=9), candidate(2, days=None), candidate(3, changed=True))
    assert numbers(plan.inspections) == [3, 2, 1, 0]


@pytest.mark.parametrize(
    ("playlist", "items", "units"),
    [
        ("UU" + "a" * 22, 300_000, 400),
        ("UULF" + "a" * 22, 300_000, 400),
        ("UU" + "a" * 22, 260, 6),
        ("PL" + "a" * 32, 300_000, 100),
    ],
)
def test_an_inspection_costs_what_youtube_lists_and_not_what_it_counts(playlist: str, items: int, units: int) -> None:
    found = InspectionCandidate(Resource(Kind.PLAYLIST, playlist), items)
    assert cost_of(found, full=False) == units
    assert plan_inspections([found], now=NOW, every=WEEK, budget=units).units == units


@pytest.mark.parametrize(
    ("items", "units"), [(None, 1), (0, 1), (1, 1), (50, 1), (51, 2), (100, 2), (5000, 100)], ids=str
)
def test_an_inspection_costs_a_unit_for_each_fifty_videos_and_a_full_one_twice_that(
    items: int | None, units: int
) -> None:
    assert cost_of(candidate(0, items=items), full=False) == units
    assert cost_of(candidate(0, items=items), full=True) == 2 * units


def test_playlists_beyond_the_budget_are_postponed_and_smaller_ones_fill_it() -> None:
    plan = planned(candidate(0, days=9, items=500), candidate(1, days=8), candidate(2, days=7), budget=2)
    assert numbers(plan.inspections) == [1, 2]
    assert numbers(plan.postponed) == [0]
    assert plan.units == 2


def test_without_a_budget_nothing_is_inspected() -> None:
    plan = planned(candidate(0, days=None), budget=0)
    assert (plan.inspections, plan.units, numbers(plan.postponed)) == ((), 0, [0])


def test_an_inspection_ahead_of_now_counts_as_none() -> None:
    plan = planned(candidate(0, days=8), candidate(1, days=-1800), candidate(2, days=-0.003))
    assert numbers(plan.inspections) == [1, 0], "as one that was never inspected; four minutes are no fault of a clock"
