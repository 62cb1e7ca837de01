"""The brake: when one endpoint alone reports too much missing at once, no state changes, and the check says so."""

from pathlib import Path

import pytest
from integration.check.harness import (
    DAY,
    HOUR,
    MINUTE,
    MORNING,
    Harness,
    channel_id,
    playlist_id,
    playlists,
    rules,
    run_of,
)

from linkwatch.models.observation import State
from linkwatch.simulator.entities import SimChannel, SimPlaylist
from linkwatch.simulator.faults import Fault, FaultPeriod, Surface


def blip(count: int) -> FaultPeriod:
    """The Data API leaves the first `count` playlists out, from the second day on."""
    ids = frozenset(playlist_id(n) for n in range(count))
    return FaultPeriod(Fault.LEFT_OUT, MORNING + DAY, MORNING + 365 * DAY, ids)


@pytest.mark.parametrize(
    ("listed", "missing", "held"),
    [(5, 3, False), (5, 4, True), (20, 4, False), (20, 5, True), (100, 20, False), (100, 21, True)],
)
def test_more_than_three_and_more_than_a_fifth_stop_the_run(
    tmp_path: Path, listed: int, missing: int, held: bool
) -> None:
    harness = Harness(tmp_path, playlists(listed))
    harness.world.add_faults(blip(missing))
    harness.run()
    before = harness.all_known()
    report = harness.check(after=DAY)
    reason = run_of(report).incomplete_reason
    if held:
        assert reason is not None
        assert (
            "stopped by the safety limit: the Data API alone reports "
            f"{missing} of {listed} available resources missing, and oEmbed does not confirm it"
        ) in reason
        assert harness.events() == []
        for n in range(missing):
            assert harness.known(playlist_id(n)) == before[next(r for r in before if r.id == playlist_id(n))]
    else:
        assert reason is None
        assert len(harness.events()) == missing
    assert harness.known(playlist_id(listed - 1)).last_checked == harness.now, "what answered is kept either way"


@pytest.mark.parametrize("oembed", ["shows them", "does not answer", "asks for a login"])
def test_an_api_that_leaves_everything_out_changes_no_state(tmp_path: Path, oembed: str) -> None:
    harness = Harness(tmp_path, playlists(60))
    times = (MORNING + DAY, MORNING + 2 * DAY)
    harness.world.add_faults(FaultPeriod(Fault.LEFT_OUT, *times))
    if oembed == "does not answer":
        harness.world.add_faults(FaultPeriod(Fault.CONNECTION_REFUSED, *times, surface=Surface.OEMBED))
    if oembed == "asks for a login":
        harness.world.add_faults(FaultPeriod(Fault.HTML_200, *times, surface=Surface.OEMBED))
    harness.run()
    before = harness.all_known()
    assert not run_of(harness.check(after=DAY)).complete
    assert harness.all_known() == before
    assert run_of(harness.check(after=DAY)).complete
    assert harness.events() == []


def test_it_is_released_after_the_missed_checks_and_says_so(tmp_path: Path) -> None:
    harness = Harness(tmp_path, playlists(20))
    harness.world.add_faults(blip(5))
    harness.run()
    holds = [run_of(harness.check(after=DAY)) for _ in range(2)]
    assert [run.complete for run in holds] == [False, False]
    released = run_of(harness.check(after=DAY))
    assert released.complete
    assert released.note is not None
    assert "the safety limit is lifted: the Data API alone has reported 5 of 20" in released.note
    assert [harness.state(playlist_id(n)) for n in range(5)] == [State.SUSPECT] * 5
    after = run_of(harness.check(after=DAY))
    assert (after.complete, after.note) == (True, None)
    assert harness.state(playlist_id(0)) is State.SUSPECT, "oEmbed shows them: they stay in doubt"


def test_after_the_release_each_resource_still_needs_its_missed_checks(tmp_path: Path) -> None:
    harness = Harness(tmp_path, playlists(20))
    silent = FaultPeriod(Fault.OEMBED_500, MORNING + DAY, MORNING + 365 * DAY, surface=Surface.OEMBED)
    harness.world.add_faults(blip(5), silent)
    harness.run()
    states = []
    for _ in range(6):
        harness.run(after=DAY)
        states.append(harness.state(playlist_id(0)).value)
    assert states == ["available", "available", "suspect", "suspect", "unavailable", "unavailable"]


def test_checks_in_quick_succession_do_not_release_it(tmp_path: Path) -> None:
    harness = Harness(tmp_path, playlists(20))
    harness.world.add_faults(blip(5))
    harness.run()
    harness.run(after=DAY)
    for _ in range(20):
        assert not run_of(harness.check(after=10 * MINUTE)).complete
    assert harness.events() == []


def test_a_complete_check_in_between_resets_it(tmp_path: Path) -> None:
    harness = Harness(tmp_path, playlists(20))
    ids = frozenset(playlist_id(n) for n in range(5))
    harness.world.add_faults(
        FaultPeriod(Fault.LEFT_OUT, MORNING + DAY, MORNING + 3 * DAY, ids),
        FaultPeriod(Fault.LEFT_OUT, MORNING + 4 * DAY, MORNING + 6 * DAY, ids),
    )
    harness.run()
    complete = [run_of(harness.check(after=DAY)).complete for _ in range(6)]
    assert complete == [False, False, True, False, False, True]
    assert harness.events() == []


def test_a_terminated_channel_with_thirty_playlists_does_not_stop_the_run(tmp_path: Path) -> None:
    channel = SimChannel(channel_id(0), "Closed tomorrow")
    theirs = [SimPlaylist(playlist_id(n), f"Course {n}", channel.id, item_count=9) for n in range(30)]
    harness = Harness(tmp_path, [channel, *theirs])
    harness.run()
    harness.world.terminate(channel.id, MORNING + HOUR)
    report = harness.check(after=DAY)
    assert run_of(report).complete
    assert rules(report) == ["dead"]
    assert report.counts.states[State.UNAVAILABLE] == 31


def test_what_both_endpoints_miss_is_reported_even_in_a_stopped_run(tmp_path: Path) -> None:
    harness = Harness(tmp_path, playlists(20))
    harness.world.add_faults(blip(5))
    harness.run()
    harness.world.delete(playlist_id(19), MORNING + HOUR)
    report = harness.check(after=DAY)
    assert not run_of(report).complete
    assert rules(report) == ["dead"]
    assert harness.events() == [(playlist_id(19), "died")]


def test_the_brake_of_one_list_is_not_released_by_checks_of_another(tmp_path: Path) -> None:
    harness = Harness(tmp_path, playlists(20))
    harness.world.add_faults(blip(5))
    for file in ("a.csv", "b.csv"):
        harness.run(files=[file])
    for file in ("a.csv", "b.csv", "a.csv", "b.csv"):
        assert not run_of(harness.check(after=7 * HOUR if harness.now > MORNING else DAY, files=[file])).complete
