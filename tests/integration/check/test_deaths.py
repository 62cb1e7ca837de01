"""When a missing resource is unavailable: at once by both endpoints, after the missed checks by one alone."""

from pathlib import Path
from typing import Literal

import pytest
from integration.check.harness import (
    DAY,
    HOUR,
    MINUTE,
    MORNING,
    Harness,
    finding_of,
    playlist_id,
    playlists,
    rules,
    videos,
)

from linkwatch.models.observation import Reason, State
from linkwatch.simulator.entities import Entity, SimPlaylist, SimVideo, Visibility
from linkwatch.simulator.faults import Fault, FaultPeriod, Surface
from linkwatch.simulator.options import Options

FOR_EVER = 365 * DAY
VICTIM = playlist_id(0)


def left_out(*ids: str, since: int = 1, days: int = 365) -> FaultPeriod:
    """The Data API leaves these out, from a day on."""
    return FaultPeriod(Fault.LEFT_OUT, MORNING + since * DAY, MORNING + (since + days) * DAY, frozenset(ids))


def mute(*ids: str, since: int = 1, days: int = 365) -> FaultPeriod:
    """OEmbed gives no usable answer about these, from a day on."""
    times = (MORNING + since * DAY, MORNING + (since + days) * DAY)
    return FaultPeriod(Fault.OEMBED_500, *times, frozenset(ids), surface=Surface.OEMBED)


@pytest.mark.parametrize("victim", [*playlists(1), *videos(1)], ids=["playlist", "video"])
def test_a_resource_that_both_endpoints_miss_is_dead_at_once(tmp_path: Path, victim: Entity) -> None:
    harness = Harness(tmp_path, [victim, *playlists(5)[1:]])
    harness.run()
    harness.world.delete(victim.id, MORNING + HOUR)
    report = harness.check(after=DAY)
    dead = finding_of(report, "dead")
    assert rules(report) == ["dead"]
    assert (dead.id, dead.level, dead.new) == (victim.id, "error", True)
    assert dead.message.endswith("is no longer available (last seen 2026-11-22)")
    assert (dead.evidence["data_api"], dead.evidence["oembed"]) == ("absent", "absent")
    assert harness.known(victim.id).reason is Reason.NOT_FOUND
    assert harness.events() == [(victim.id, "died")]


def test_a_dead_resource_is_new_once_and_stays_in_the_report(tmp_path: Path) -> None:
    harness = Harness(tmp_path, playlists(5))
    harness.run()
    harness.world.delete(VICTIM, MORNING + HOUR)
    harness.run(after=DAY)
    for _ in range(20):
        report = harness.check(after=DAY)
        assert rules(report) == ["dead"]
        assert not finding_of(report, "dead").new
    assert harness.events() == [(VICTIM, "died")]
    assert harness.known(VICTIM).state_since == MORNING + DAY


def test_a_resource_that_was_never_available_is_dead_at_the_first_check(tmp_path: Path) -> None:
    harness = Harness(tmp_path, playlists(1), [playlist_id(0), playlist_id(7)])
    report = harness.check()
    assert finding_of(report, "dead").id == playlist_id(7)
    assert "never seen available" in finding_of(report, "dead").message


@pytest.mark.parametrize(
    ("status", "states", "reason"),
    [
        (403, ["unavailable", "unavailable", "unavailable"], Reason.PRIVATE),
        (404, ["unavailable", "unavailable", "unavailable"], Reason.NOT_FOUND),
        (401, ["suspect", "suspect", "unavailable"], Reason.PRIVATE),
    ],
)
@pytest.mark.parametrize("victim", [*playlists(1), *videos(1)], ids=["playlist", "video"])
def test_a_private_resource_is_confirmed_as_far_as_oembed_answers(
    tmp_path: Path, victim: Entity, status: Literal[401, 403, 404], states: list[str], reason: Reason
) -> None:
    harness = Harness(tmp_path, [victim, *playlists(5)[1:]], options=Options(private_oembed_status=status))
    harness.run()
    harness.world.make_private(victim.id, MORNING + HOUR)
    seen = []
    for _ in range(3):
        harness.run(after=DAY)
        seen.append(harness.state(victim.id).value)
    assert seen == states
    assert harness.known(victim.id).reason is reason
    assert [kind for _, kind in harness.events()] == (["suspected", "died"] if status == 401 else ["died"])


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_resource_that_was_always_private_fails_a_ci_without_history(
    tmp_path: Path, status: Literal[401, 403, 404]
) -> None:
    hidden = SimPlaylist(VICTIM, "Hidden", visibility=Visibility.PRIVATE)
    report = Harness(tmp_path, [hidden], options=Options(private_oembed_status=status)).check()
    assert rules(report) == ["dead"]


def test_an_available_video_without_embedding_is_not_missing(tmp_path: Path) -> None:
    """With a key oEmbed's 401 is not asked for: the Data API shows the video."""
    harness = Harness(tmp_path, [SimVideo(videos(1)[0].id, "No embedding", embeddable=False)])
    assert rules(harness.check()) == ["restricted"]
    assert harness.asked("oembed") == []


def test_a_resource_that_the_api_leaves_out_for_a_day_is_suspect_for_a_day(tmp_path: Path) -> None:
    harness = Harness(tmp_path, playlists(10))
    harness.world.add_faults(left_out(VICTIM, days=1))
    before = harness.check()
    report = harness.check(after=DAY)
    suspect = finding_of(report, "suspect")
    assert (suspect.id, suspect.level) == (VICTIM, "warning")
    assert "oEmbed still shows it" in suspect.message
    assert rules(harness.check(after=DAY)) == rules(before) == []
    assert harness.events() == [(VICTIM, "suspected"), (VICTIM, "recovered")]


@pytest.mark.long  # a simulated month
def test_endpoints_that_disagree_for_a_month_make_nothing_unavailable(tmp_path: Path) -> None:
    harness = Harness(tmp_path, playlists(10))
    harness.world.add_faults(left_out(VICTIM))
    harness.run()
    for _ in range(30):
        harness.run(after=DAY)
        assert harness.state(VICTIM) is State.SUSPECT
        assert harness.known(VICTIM).missed_checks == 0
    assert harness.events() == [(VICTIM, "suspected")]


def test_a_first_check_calls_nothing_dead_that_oembed_shows(tmp_path: Path) -> None:
    harness = Harness(tmp_path, playlists(10))
    harness.world.add_faults(left_out(since=0, days=1))
    harness.run()
    assert {known.state for known in harness.all_known().values()} == {State.SUSPECT}
    harness.run(after=DAY)
    assert {known.state for known in harness.all_known().values()} == {State.AVAILABLE}


@pytest.mark.parametrize(
    ("gaps", "states", "strikes"),
    [
        ([DAY] * 3, ["suspect", "suspect", "unavailable"], 3),
        ([DAY, 6 * HOUR, 6 * HOUR], ["suspect", "suspect", "unavailable"], 3),
        ([DAY, 6 * HOUR - MINUTE, MINUTE], ["suspect", "suspect", "suspect"], 2),
        ([DAY, *[10 * MINUTE] * 6], ["suspect"] * 7, 1),
        ([DAY, *[HOUR] * 12], [*["suspect"] * 12, "unavailable"], 3),
    ],
    ids=["days", "at the spacing", "just below the spacing", "within an hour", "hourly"],
)
def test_one_endpoint_alone_needs_missed_checks_that_are_spaced(
    tmp_path: Path, gaps: list[object], states: list[str], strikes: int
) -> None:
    harness = Harness(tmp_path, playlists(10))
    harness.world.add_faults(left_out(VICTIM), mute(VICTIM))
    harness.run()
    seen = []
    for gap in gaps:
        report = harness.check(after=gap)  # type: ignore[arg-type]  # a parameter's type is not told
        seen.append(harness.state(VICTIM).value)
        assert report.run is not None
        assert report.run.complete, "one id without an answer of the second witness is judged, not left open"
    assert seen == states
    assert harness.known(VICTIM).missed_checks == strikes


def test_an_available_answer_resets_the_missed_checks(tmp_path: Path) -> None:
    harness = Harness(tmp_path, playlists(10))
    harness.world.add_faults(left_out(VICTIM, days=2), mute(VICTIM), left_out(VICTIM, since=4))
    harness.run()
    states = []
    for _ in range(6):
        harness.run(after=DAY)
        states.append(harness.state(VICTIM).value)
    assert states == ["suspect", "suspect", "available", "suspect", "suspect", "unavailable"]


def test_an_outage_between_missed_checks_does_not_change_their_number(tmp_path: Path) -> None:
    harness = Harness(tmp_path, playlists(10))
    outage = FaultPeriod(Fault.SERVICE_UNAVAILABLE_503, MORNING + 2 * DAY, MORNING + 4 * DAY)
    harness.world.add_faults(outage, left_out(VICTIM), mute(VICTIM))
    harness.run()
    strikes = []
    for _ in range(5):
        harness.run(after=DAY)
        strikes.append(harness.known(VICTIM).missed_checks)
    assert strikes == [1, 1, 1, 2, 3]


def test_one_available_answer_brings_a_resource_back(tmp_path: Path) -> None:
    harness = Harness(tmp_path, playlists(5))
    harness.run()
    harness.world.delete(VICTIM, MORNING + HOUR)
    harness.run(after=DAY)
    harness.world.bring_back(VICTIM, harness.now + HOUR)
    report = harness.check(after=DAY)
    assert rules(report) == []
    (recovery,) = report.recoveries
    assert (recovery.item.resource.id, recovery.new) == (VICTIM, True)
    assert harness.known(VICTIM).reason is None
    assert not harness.check(after=DAY).recoveries[0].new
    assert harness.events() == [(VICTIM, "died"), (VICTIM, "recovered")]


def test_a_resource_that_dies_after_a_recovery_is_new_again(tmp_path: Path) -> None:
    harness = Harness(tmp_path, playlists(5))
    harness.run()
    for _ in range(2):
        harness.world.delete(VICTIM, harness.now + HOUR)
        assert finding_of(harness.check(after=DAY), "dead").new
        harness.world.bring_back(VICTIM, harness.now + HOUR)
        assert rules(harness.check(after=DAY)) == []
    assert [kind for _, kind in harness.events()] == ["died", "recovered"] * 2
