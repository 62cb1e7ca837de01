"""Faults of ours and of YouTube change no state; the check says that it is incomplete."""

from dataclasses import replace
from pathlib import Path

import pytest
from integration.check.harness import (
    DAY,
    HOUR,
    KEYED,
    MORNING,
    Harness,
    channel_id,
    playlist_id,
    playlists,
    rules,
    run_of,
    videos,
)

from linkwatch.models.observation import State
from linkwatch.simulator.entities import SimChannel
from linkwatch.simulator.faults import Fault, FaultPeriod, Surface

ONE_AT_A_TIME = replace(KEYED, calls_in_flight=1)
TRANSIENT = [
    Fault.SERVICE_UNAVAILABLE_503,
    Fault.SERVICE_UNAVAILABLE_403,
    Fault.SERVICE_UNAVAILABLE_409,
    Fault.BACKEND_ERROR,
    Fault.INTERNAL_ERROR,
    Fault.RATE_LIMIT_429,
    Fault.RATE_LIMIT_403,
    Fault.USER_RATE_LIMIT_403,
    Fault.HTML_502,
    Fault.HTML_200,
    Fault.CUT_BODY,
    Fault.EMPTY_BODY,
    Fault.READ_TIMEOUT,
    Fault.CONNECTION_RESET,
    Fault.CONNECTION_CUT,
]
"""Faults that pass, and whose attempts YouTube may charge."""

UNREACHED = [Fault.CONNECT_TIMEOUT, Fault.CONNECTION_REFUSED]
OF_THE_KEY = [
    Fault.API_KEY_INVALID,
    Fault.KEY_INVALID,
    Fault.ACCESS_NOT_CONFIGURED,
    Fault.SERVICE_DISABLED,
    Fault.IP_ADDRESS_BLOCKED,
    Fault.HTTP_REFERRER_BLOCKED,
    Fault.SERVICE_BLOCKED,
    Fault.IP_REFERER_BLOCKED,
    Fault.UNREGISTERED_CALLER,
]
OF_THE_DAY = [Fault.QUOTA_EXCEEDED, Fault.DAILY_LIMIT_EXCEEDED, Fault.DAY_SPENT_429]


def lived_in(folder: Path) -> Harness:
    """Some of everything, checked once."""
    harness = Harness(folder, [*playlists(60), *videos(20), SimChannel(channel_id(0), "A channel", handle="@a")])
    harness.run()
    return harness


@pytest.mark.parametrize("fault", [*TRANSIENT, *UNREACHED, *OF_THE_KEY, *OF_THE_DAY])
def test_an_outage_of_a_day_changes_no_state(tmp_path: Path, fault: Fault) -> None:
    harness = lived_in(tmp_path)
    before = harness.all_known()
    harness.world.add_faults(FaultPeriod(fault, MORNING + DAY, MORNING + DAY + HOUR))
    run = run_of(harness.check(after=DAY))
    assert not run.complete
    assert run.incomplete_reason is not None
    assert run.incomplete_reason.startswith("81 of 81 resources could not be checked: ")
    assert harness.all_known() == before, "nothing moves, last_checked included"
    assert run_of(harness.check(after=DAY)).complete
    assert harness.events() == []


@pytest.mark.parametrize("fault", [Fault.SERVICE_UNAVAILABLE_503, Fault.CONNECTION_REFUSED, Fault.QUOTA_EXCEEDED])
def test_after_a_first_check_without_answers_everything_is_unknown(tmp_path: Path, fault: Fault) -> None:
    harness = Harness(tmp_path, playlists(60))
    harness.world.add_faults(FaultPeriod(fault, MORNING, MORNING + HOUR))
    report = harness.check()
    assert rules(report) == []
    assert report.counts.states[State.UNKNOWN] == 60
    assert all(known.last_checked is None for known in harness.all_known().values())
    harness.run(after=DAY)
    assert harness.report().counts.states[State.AVAILABLE] == 60
    assert harness.events() == []


def test_deletions_during_an_outage_are_found_after_it(tmp_path: Path) -> None:
    harness = lived_in(tmp_path)
    harness.world.add_faults(FaultPeriod(Fault.SERVICE_UNAVAILABLE_503, MORNING + DAY, MORNING + DAY + HOUR))
    harness.world.delete(playlist_id(3), MORNING + HOUR)
    assert rules(harness.check(after=DAY)) == []
    assert rules(harness.check(after=DAY)) == ["dead"]


def test_answers_in_the_middle_of_an_outage_are_saved(tmp_path: Path) -> None:
    """Half of all attempts fail; a call has four. What got through is known, and the rest is not judged."""
    harness = Harness(tmp_path, playlists(2500), settings=ONE_AT_A_TIME)
    harness.world.add_faults(
        FaultPeriod(Fault.BACKEND_ERROR, MORNING, MORNING + HOUR, share=0.5),
        FaultPeriod(Fault.READ_TIMEOUT, MORNING, MORNING + HOUR, share=0.5),
    )
    report = harness.check()
    states = report.counts.states
    known = states[State.AVAILABLE]
    assert 0 < known < 2500
    assert known % 50 == 0
    assert states[State.UNKNOWN] == 2500 - known
    assert rules(report) == []
    assert f"{2500 - known:,} of 2,500".replace(",", "") in str(run_of(report).incomplete_reason).replace(",", "")
    assert run_of(report).quota_units == harness.units
    harness.run(after=DAY)
    assert harness.report().counts.states[State.AVAILABLE] == 2500


def test_a_failed_call_affects_its_fifty_resources_only(tmp_path: Path) -> None:
    harness = Harness(tmp_path, playlists(150))
    harness.run()
    harness.world.add_faults(
        FaultPeriod(Fault.HTML_502, MORNING + DAY, MORNING + 2 * DAY, frozenset({playlist_id(60)}))
    )
    harness.world.delete(playlist_id(61), MORNING + HOUR)
    harness.world.delete(playlist_id(10), MORNING + HOUR)
    report = harness.check(after=DAY)
    assert [finding.id for finding in report.findings] == [playlist_id(10)]
    assert "50 of 150 resources could not be checked" in str(run_of(report).incomplete_reason)
    assert harness.known(playlist_id(61)).last_checked == MORNING
    assert harness.known(playlist_id(120)).last_checked == MORNING + DAY


def test_a_dead_network_is_given_up_soon(tmp_path: Path) -> None:
    """5,000 playlists are 100 calls of four attempts with growing waits: three calls in a row are enough."""
    harness = Harness(tmp_path, playlists(5000), settings=ONE_AT_A_TIME)
    harness.world.add_faults(FaultPeriod(Fault.CONNECTION_REFUSED, MORNING, MORNING + HOUR))
    assert not run_of(harness.check()).complete
    assert len(harness.youtube.log) == 12
    assert sum(harness.waited) < 120


def test_an_outage_of_oembed_makes_nothing_unavailable(tmp_path: Path) -> None:
    harness = lived_in(tmp_path)
    times = (MORNING + DAY, MORNING + 2 * DAY)
    harness.world.add_faults(FaultPeriod(Fault.SERVICE_UNAVAILABLE_503, *times, surface=Surface.OEMBED))
    harness.world.delete(playlist_id(3), MORNING + HOUR)
    assert rules(harness.check(after=DAY)) == ["suspect"]
    assert rules(harness.check(after=DAY)) == ["dead"]


@pytest.mark.parametrize("fault", TRANSIENT)
def test_transient_faults_are_retried_and_every_attempt_is_booked(tmp_path: Path, fault: Fault) -> None:
    harness = Harness(tmp_path, [*playlists(120), *videos(20)])
    harness.world.add_faults(FaultPeriod(fault, MORNING, MORNING + HOUR, attempts=2, surface=Surface.DATA_API))
    report = harness.check()
    assert run_of(report).complete
    assert report.counts.states[State.AVAILABLE] == 140
    assert run_of(report).quota_units == harness.units == 3 * (3 + 1)
    assert len(harness.waited) == 8
    assert all(0 < seconds <= 30 for seconds in harness.waited)


def test_requests_to_oembed_are_retried_too(tmp_path: Path) -> None:
    harness = Harness(tmp_path, playlists(5))
    harness.run()
    harness.world.delete(playlist_id(0), MORNING + HOUR)
    harness.world.add_faults(FaultPeriod(Fault.OEMBED_429, MORNING + DAY, MORNING + 2 * DAY, attempts=3))
    assert rules(harness.check(after=DAY)) == ["dead"]
    assert harness.asked("oembed") == [f"{playlist_id(0)}"] * 4
