"""Answers that are no answer: what they don't say about a resource changes nothing about it, and costs nothing else."""

from datetime import timedelta
from pathlib import Path

import pytest
from integration.check.harness import (
    DAY,
    HOUR,
    INSIDE,
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
from linkwatch.report.model import Report
from linkwatch.simulator.entities import SimChannel, SimPlaylist
from linkwatch.simulator.faults import Fault, FaultPeriod, Surface
from linkwatch.simulator.options import Options

YEAR = 365 * DAY


def fault(kind: Fault, *ids: str, after: timedelta = timedelta(), surface: Surface | None = None) -> FaultPeriod:
    return FaultPeriod(kind, MORNING + after, MORNING + YEAR, frozenset(ids), surface=surface)


def channels(count: int) -> list[SimChannel]:
    return [SimChannel(channel_id(number), f"Channel {number}") for number in range(count)]


def dead(report: Report) -> list[str | None]:
    return [finding.id for finding in report.findings if finding.rule.name == "dead"]


@pytest.mark.parametrize("oembed_is_down", [False, True])
@pytest.mark.parametrize("first_check", [False, True])
def test_a_cut_list_makes_nothing_dead(tmp_path: Path, oembed_is_down: bool, first_check: bool) -> None:
    harness = Harness(tmp_path, [*playlists(40), *channels(5), *videos(3)])
    begins = timedelta() if first_check else HOUR
    harness.world.add_faults(fault(Fault.CUT_LIST, after=begins))
    if oembed_is_down:
        harness.world.add_faults(fault(Fault.OEMBED_500, after=begins, surface=Surface.OEMBED))
    if not first_check:
        harness.check()
    report = harness.check(after=DAY)
    assert rules(report) == []
    assert report.counts.states[State.AVAILABLE] == 48
    assert run_of(report).complete


@pytest.mark.parametrize(
    "kind", [Fault.OTHER_ANSWER, Fault.OTHER_METHOD, Fault.ERROR_IN_200, Fault.TOKEN_REPEATED, Fault.NO_QUOTA]
)
def test_what_is_no_answer_leaves_every_state_as_it_was(tmp_path: Path, kind: Fault) -> None:
    harness = Harness(tmp_path, [*playlists(60), *videos(60), *channels(3)])
    harness.world.add_faults(fault(kind, after=HOUR))
    harness.check()
    report = harness.check(after=DAY)
    assert not run_of(report).complete
    assert {known.state for known in harness.all_known().values()} == {State.AVAILABLE}
    assert {known.last_checked for known in harness.all_known().values()} == {MORNING}
    assert harness.events() == []


def test_one_odd_item_hides_no_neighbours_death(tmp_path: Path) -> None:
    harness = Harness(tmp_path, videos(50))
    odd, dying, *_ = (video.id for video in harness.entities)
    harness.world.add_faults(fault(Fault.ODD_FIELDS, odd, after=HOUR))
    harness.world.delete(dying, MORNING + HOUR)
    harness.check()
    report = harness.check(after=DAY)
    assert dead(report) == [dying]
    assert harness.known(odd).last_checked == MORNING
    assert not run_of(report).complete


def test_one_odd_item_keeps_no_playlist_from_being_inspected(tmp_path: Path) -> None:
    odd, *lectures = videos(4)
    course = SimPlaylist(playlist_id(1), "Course", video_ids=tuple(video.id for video in lectures))
    harness = Harness(tmp_path, [course, odd, *lectures], [course.id, odd.id], settings=INSIDE)
    harness.world.add_faults(fault(Fault.ODD_FIELDS, odd.id))
    report = harness.check()
    assert not run_of(report).complete
    assert harness.asked("playlistItems.list") == [course.id]


@pytest.mark.parametrize(
    "kind",
    [
        Fault.PLAYLIST_FORBIDDEN,
        Fault.CHANNEL_FORBIDDEN,
        Fault.WATCH_HISTORY_NOT_ACCESSIBLE,
        Fault.PERMISSION_DENIED_403,
    ],
)
def test_a_refusal_about_one_playlist_is_decided_by_oembed(tmp_path: Path, kind: Fault) -> None:
    harness = Harness(tmp_path, playlists(60))
    refused, dying, *_ = (playlist.id for playlist in harness.entities)
    harness.world.add_faults(fault(kind, refused))
    harness.world.delete(dying, MORNING + HOUR)
    assert rules(harness.check()) == []
    report = harness.check(after=DAY)
    assert dead(report) == [dying]
    assert harness.state(refused) is State.AVAILABLE
    assert harness.known(refused).last_checked == harness.now
    assert run_of(report).complete
    harness.world.delete(refused, harness.now)
    states = []
    for _ in range(3):
        harness.check(after=DAY)
        states.append(harness.state(refused).value)
    assert states == ["suspect", "suspect", "unavailable"]


def test_a_refusal_about_one_channel_leaves_it_as_it_was(tmp_path: Path) -> None:
    harness = Harness(tmp_path, channels(12))
    harness.world.add_faults(fault(Fault.CHANNEL_CLOSED, channel_id(3), after=HOUR))
    harness.check()
    report = harness.check(after=DAY)
    assert rules(report) == []
    assert harness.state(channel_id(3)) is State.AVAILABLE
    assert harness.known(channel_id(3)).last_checked == MORNING
    assert not run_of(report).complete


def test_names_that_lead_nowhere_are_answers_and_end_no_run(tmp_path: Path) -> None:
    """Not even when YouTube says so by a 404, three times in a row."""
    names = [f"https://www.youtube.com/@missing{number}" for number in range(4)]
    harness = Harness(tmp_path, [SimChannel(channel_id(1), "Lives", handle="@lives")], [*names, "@lives"])
    harness.world.add_faults(fault(Fault.CHANNEL_NOT_FOUND, *(f"@missing{number}" for number in range(4))))
    report = harness.check()
    assert len(dead(report)) == 4
    assert report.counts.states[State.AVAILABLE] == 1
    assert run_of(report).complete


def test_should_youtube_count_what_it_leaves_out_no_death_is_hidden_for_good(tmp_path: Path) -> None:
    harness = Harness(tmp_path, playlists(30), options=Options(totals_count_absent=True))
    harness.check()
    harness.world.delete(playlist_id(7), MORNING + HOUR)
    for _ in range(3):
        report = harness.check(after=DAY)
    assert dead(report) == [playlist_id(7)]
    assert run_of(report).complete
