"""Quota units: exact, booked before they are spent; resources beyond them are postponed."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from integration.check.harness import (
    DAY,
    HOUR,
    KEYED,
    LIST,
    MINUTE,
    Harness,
    channel_id,
    listing,
    playlist_id,
    playlists,
    rules,
    run_of,
    video_id,
)

from linkwatch.models.observation import State
from linkwatch.services.check import run_check
from linkwatch.services.plan import plan_check
from linkwatch.simulator.faults import Fault
from linkwatch.simulator.generated import generate_world
from linkwatch.simulator.options import Options

ONE_AT_A_TIME = replace(KEYED, calls_in_flight=1)

SPENT = "the day's quota units are spent; the next day begins at 2026-11-23 08:00 UTC"


def poor(folder: Path, units: int) -> Harness:
    """150 playlists, three calls, and so many units a day by our own ledger."""
    return Harness(folder, playlists(150), settings=replace(ONE_AT_A_TIME, quota_per_day=units))


@pytest.mark.long  # a check of 7,730 resources
def test_5000_playlists_2600_videos_and_130_channels_cost_155_units(tmp_path: Path) -> None:
    names = [
        *(playlist_id(n) for n in range(5000)),
        *(video_id(n) for n in range(2600)),
        *(channel_id(n) for n in range(130)),
    ]
    harness = Harness(tmp_path, listed=names)
    harness.settle(generate_world((resource.kind, resource.id) for resource in harness.catalogue.links_of))
    plan = plan_check(harness.catalogue, harness.database, harness.settings, now=harness.now)
    assert plan.units == 155
    for _ in range(2):
        report = harness.check()
        assert run_of(report).complete
        assert run_of(report).quota_units == 155
        assert report.counts.states[State.AVAILABLE] == 7730
    assert harness.units == 310
    assert harness.youtube.requests == {"playlists.list": 200, "videos.list": 104, "channels.list": 6}


def test_the_oldest_come_first_and_the_postponed_are_counted(tmp_path: Path) -> None:
    harness = poor(tmp_path, 2)
    report = harness.check()
    run = run_of(report)
    assert run.quota_units == 2
    assert run.incomplete_reason == f"50 resources postponed: {SPENT}"
    assert report.counts.states[State.UNKNOWN] == 50
    assert harness.asked("playlists.list") == [playlist_id(n) for n in range(100)]


def test_checks_that_share_a_context_count_the_units_of_their_own_runs(tmp_path: Path) -> None:
    harness = Harness(tmp_path, playlists(150))
    context = harness.check_context()
    for _ in range(2):
        run_check(harness.catalogue, [LIST], context)
        assert run_of(harness.report()).quota_units == 3


def test_the_next_pacific_day_starts_with_the_postponed(tmp_path: Path) -> None:
    harness = poor(tmp_path, 2)
    harness.run()
    harness.run(after=HOUR)
    assert len(harness.asked("playlists.list")) == 100, "nothing is asked while the day is spent"
    # Among equally old ones the list's own order decides, so its first fifty are asked every day and the rest in turn.
    for oldest in (range(100, 150), range(50, 100), range(100, 150)):
        before = len(harness.asked("playlists.list"))
        harness.run(after=DAY)
        assert harness.asked("playlists.list")[before:] == [playlist_id(n) for n in (*oldest, *range(50))]
    assert harness.events() == []


def test_a_check_with_nothing_left_asks_nothing_and_says_so(tmp_path: Path) -> None:
    harness = poor(tmp_path, 3)
    assert run_of(harness.check()).complete
    before = harness.all_known()
    run = run_of(harness.check(after=HOUR))
    assert (run.complete, run.quota_units) == (False, 0)
    assert run.incomplete_reason == f"150 resources postponed: {SPENT}"
    assert harness.all_known() == before


@pytest.mark.parametrize(
    ("spent", "begins"),
    [
        (datetime(2026, 11, 23, 7, 50, tzinfo=UTC), datetime(2026, 11, 23, 8, 0, tzinfo=UTC)),
        (datetime(2026, 7, 1, 6, 50, tzinfo=UTC), datetime(2026, 7, 1, 7, 0, tzinfo=UTC)),
    ],
    ids=["winter", "summer"],
)
def test_the_day_turns_at_midnight_pacific_time(tmp_path: Path, spent: datetime, begins: datetime) -> None:
    harness = poor(tmp_path, 3)
    harness.now = spent
    assert run_of(harness.check()).complete
    assert not run_of(harness.check(after=begins - spent - MINUTE)).complete
    assert run_of(harness.check(after=MINUTE)).complete
    assert harness.units == 3


@pytest.mark.parametrize("answer", [Fault.QUOTA_EXCEEDED, Fault.DAY_SPENT_429, Fault.DAILY_LIMIT_EXCEEDED])
def test_an_answer_that_the_day_is_spent_ends_the_check_without_a_retry(tmp_path: Path, answer: Fault) -> None:
    harness = Harness(
        tmp_path, playlists(150), settings=ONE_AT_A_TIME, youtube_quota=1, options=Options(day_spent=answer)
    )
    report = harness.check()
    assert "100 of 150 resources could not be checked: YouTube reports" in str(run_of(report).incomplete_reason)
    assert "2026-11-23 08:00 UTC" in str(run_of(report).incomplete_reason)
    assert rules(report) == []
    assert (report.counts.states[State.AVAILABLE], report.counts.states[State.UNKNOWN]) == (50, 100)
    assert len(harness.youtube.log) == 2
    assert harness.waited == []


def test_an_answer_that_the_day_is_spent_counts_for_an_hour(tmp_path: Path) -> None:
    harness = Harness(tmp_path, playlists(150), settings=ONE_AT_A_TIME, youtube_quota=1)
    harness.run()
    harness.run(after=59 * MINUTE)
    assert len(harness.youtube.log) == 2
    assert run_of(harness.report()).quota_units == 0
    harness.run(after=MINUTE)
    assert len(harness.youtube.log) == 3
    harness.run(after=DAY)
    assert harness.asked("playlists.list")[-100:-50] == [playlist_id(n) for n in range(50, 100)], "the oldest first"


def test_a_key_that_youtube_refuses_is_reported_and_changes_no_state(tmp_path: Path) -> None:
    harness = Harness(tmp_path, playlists(150), settings=ONE_AT_A_TIME, keys=("another",))
    report = harness.check()
    reason = str(run_of(report).incomplete_reason)
    assert "150 of 150 resources could not be checked: YouTube does not accept the API key" in reason
    assert "Set YOUTUBE_API_KEY" in reason
    assert "AIzaSimulated" not in reason
    assert report.counts.states[State.UNKNOWN] == 150
    assert (len(harness.youtube.log), harness.waited) == (1, [])


def test_two_databases_do_not_share_an_account_but_two_lists_do(tmp_path: Path) -> None:
    harness = poor(tmp_path, 4)
    assert run_of(harness.check()).complete
    other = listing(*(playlist_id(n) for n in range(100)), file="other.csv")
    assert not run_of(harness.check(catalogue=other, files=["other.csv"])).complete
    (tmp_path / "elsewhere").mkdir()
    assert run_of(poor(tmp_path / "elsewhere", 4).check()).complete
