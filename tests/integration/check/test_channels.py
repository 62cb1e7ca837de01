"""Channels, which one endpoint alone knows; and what belongs to a channel that is terminated."""

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from integration.check.harness import (
    DAY,
    HOUR,
    MORNING,
    Harness,
    channel_id,
    finding_of,
    playlist_id,
    rules,
    run_of,
    video_id,
)
from integration.workers.crew import Crew

from linkwatch.models.observation import Reason, State
from linkwatch.settings import Settings
from linkwatch.simulator.entities import Entity, SimChannel, SimPlaylist, SimVideo
from linkwatch.simulator.faults import Fault, FaultPeriod, Surface

CHANNELS = [SimChannel(channel_id(n), f"Channel {n}", handle=f"@channel{n}") for n in range(4)]
LISTED = [channel_id(0), channel_id(1), channel_id(2), "@channel3", channel_id(9), "@nobody", "user/nobody"]
"""Four that are there, and three that are not."""

MISSING = {channel_id(9), "@nobody", "user/nobody"}


def omitting(harness: Harness, *ids: str, answers: int = 1) -> Callable[[httpx.Request], httpx.Response]:
    """YouTube, whose first answers that hold one of these channels omit them all."""
    left = dict.fromkeys(ids, answers)

    def respond(request: httpx.Request) -> httpx.Response:
        response = harness.youtube(request)
        if not request.url.path.endswith("/channels"):
            return response
        body = response.json()
        omitted = {item["id"] for item in body.get("items", ()) if left.get(item["id"])}
        for id_ in omitted:
            left[id_] -= 1
        items = [item for item in body.get("items", ()) if item["id"] not in omitted]
        return httpx.Response(200, json=body | {"items": items, "pageInfo": {"totalResults": len(items)}})

    return respond


@pytest.mark.parametrize("workers", [False, True])
def test_a_second_answer_decides_about_what_the_first_one_omits(tmp_path: Path, workers: bool) -> None:
    harness = Harness(tmp_path, CHANNELS, LISTED)
    transport = omitting(harness, channel_id(1), channel_id(3))
    crew = Crew(harness, transport=transport)
    report = harness.check(transport=transport, executor=crew.executor if workers else None)
    assert {finding.id for finding in report.findings} == MISSING
    assert rules(report) == ["dead"] * 3
    assert report.counts.states[State.AVAILABLE] == 4
    # Four calls, and four more: for the two ids that were omitted, for the two handles, and for the user name.
    assert run_of(report).quota_units == 8
    assert run_of(report).complete


def test_no_second_answer_leaves_it_suspect_until_the_next_check(tmp_path: Path) -> None:
    harness = Harness(tmp_path, CHANNELS[:3], [channel_id(0), channel_id(1), channel_id(9)])
    harness.settings = Settings(api_key="AIzaSimulated", inside=harness.settings.inside, quota_per_day=1)
    report = harness.check(transport=omitting(harness, channel_id(1)))
    assert rules(report) == ["suspect"] * 2
    assert harness.units == 1
    harness.settings = Settings(api_key="AIzaSimulated", inside=harness.settings.inside)
    report = harness.check(after=DAY)
    assert finding_of(report, "dead").id == channel_id(9)
    assert harness.state(channel_id(1)) is State.AVAILABLE


def test_what_is_known_to_be_missing_is_not_asked_about_twice(tmp_path: Path) -> None:
    harness = Harness(tmp_path, CHANNELS, LISTED)
    assert run_of(harness.check()).quota_units == 4 + 3
    assert run_of(harness.check(after=DAY)).quota_units == 3
    assert sorted(harness.events()) == sorted((id_, "died") for id_ in MISSING)


def test_a_channel_that_was_available_waits_for_its_missed_checks(tmp_path: Path) -> None:
    harness = Harness(tmp_path, CHANNELS)
    harness.run()
    harness.world.terminate(channel_id(0), MORNING)
    report = harness.check(after=DAY)
    assert (rules(report), run_of(report).quota_units) == (["suspect"], 1)


COURSES = [SimPlaylist(playlist_id(n), f"Course {n}", channel_id(0), item_count=9) for n in range(5)]
LECTURES = [SimVideo(video_id(n), f"Lecture {n}", channel_id(0)) for n in range(4)]
OTHERS = [SimPlaylist(playlist_id(n), f"Course {n}", channel_id(1), item_count=9) for n in range(10, 16)]
NINE: list[Entity] = [*COURSES, *LECTURES]


def silent_oembed(harness: Harness) -> None:
    """From the second day on, oEmbed doesn't answer."""
    harness.world.add_faults(FaultPeriod(Fault.OEMBED_500, MORNING + HOUR, MORNING + 365 * DAY, surface=Surface.OEMBED))


@pytest.mark.parametrize("listed", [True, False])
def test_a_terminated_channel_is_one_finding(tmp_path: Path, listed: bool) -> None:
    ids = [each.id for each in [*NINE, *OTHERS, *CHANNELS[: int(listed)]]]
    harness = Harness(tmp_path, [*CHANNELS, *NINE, *OTHERS], ids)
    steady = run_of(harness.check()).quota_units
    harness.world.terminate(channel_id(0), MORNING + HOUR)
    report = harness.check(after=DAY)
    (dead,) = report.findings
    assert dead.message.startswith("channel “Channel 0” was terminated: 9 of its playlists and videos are unavailable")
    assert (dead.id, len(dead.links), dead.new) == (channel_id(0), 9 + listed, True)
    assert {each.id for each in dead.resources} == {each.id for each in NINE}
    assert {item.record.reason for item in report.resources if item.record} == {None, Reason.TERMINATED}
    assert report.counts.states[State.UNAVAILABLE] == 9 + listed
    assert run_of(report).quota_units == steady + (0 if listed else 1)
    report = harness.check(after=DAY)
    assert run_of(report).quota_units == steady, "it is asked about once"
    assert [finding.message for finding in report.findings] == [dead.message]
    assert not report.findings[0].new


def test_the_channel_comes_back_with_all_that_it_has(tmp_path: Path) -> None:
    harness = Harness(tmp_path, [*CHANNELS[:2], *NINE, *OTHERS])
    harness.run()
    harness.world.terminate(channel_id(0), MORNING + HOUR)
    harness.run(after=DAY)
    harness.world.bring_back(channel_id(0), harness.now + HOUR)
    report = harness.check(after=DAY)
    assert report.findings == []
    assert len(report.recoveries) == 10


def test_what_its_living_channel_deleted_was_not_terminated(tmp_path: Path) -> None:
    harness = Harness(tmp_path, [*CHANNELS[:2], *NINE, *OTHERS], [each.id for each in [*NINE, *OTHERS]])
    harness.run()
    for course in COURSES[:3]:
        harness.world.delete(course.id, MORNING + HOUR)
    report = harness.check(after=DAY)
    assert rules(report) == ["dead"] * 3
    assert {harness.known(course.id).reason for course in COURSES[:3]} == {Reason.NOT_FOUND}
    assert harness.asked("channels.list") == [channel_id(0), channel_id(1)], "with one that must be there"


@pytest.mark.parametrize("listed", [True, False])
def test_one_terminated_channel_does_not_stop_the_run_though_oembed_is_silent(tmp_path: Path, listed: bool) -> None:
    ids = [each.id for each in [*NINE, *OTHERS, *CHANNELS[: int(listed)]]]
    harness = Harness(tmp_path, [*CHANNELS, *NINE, *OTHERS], ids)
    harness.run()
    silent_oembed(harness)
    harness.world.terminate(channel_id(0), MORNING + HOUR)
    report = harness.check(after=DAY)
    assert run_of(report).complete
    assert report.counts.states[State.SUSPECT] == 9 + listed
    for _ in range(2):
        report = harness.check(after=DAY)
    assert rules(report) == ["dead"]
    assert report.counts.states[State.UNAVAILABLE] == 9 + listed


def test_four_terminated_channels_are_four_incidents(tmp_path: Path) -> None:
    theirs = [SimPlaylist(playlist_id(n), f"Course {n}", channel_id(n // 2), item_count=9) for n in range(8)]
    kept = [SimPlaylist(playlist_id(20), "Course", channel_id(9), item_count=9)]
    channels = [SimChannel(channel_id(n), f"Channel {n}") for n in range(10)]
    harness = Harness(tmp_path, [*channels, *theirs, *kept], [each.id for each in [*theirs, *kept]])
    harness.run()
    silent_oembed(harness)
    for n in range(4):
        harness.world.terminate(channel_id(n), MORNING + HOUR)
    report = harness.check(after=DAY)
    assert not run_of(report).complete
    assert harness.events() == []


def test_an_api_that_omits_one_list_and_its_channel_but_everything_else_too_is_doubted(tmp_path: Path) -> None:
    harness = Harness(tmp_path, [CHANNELS[0], *NINE])
    harness.run()
    silent_oembed(harness)
    harness.world.add_faults(FaultPeriod(Fault.LEFT_OUT, MORNING + HOUR, MORNING + 2 * DAY))
    assert not run_of(harness.check(after=DAY)).complete
    assert harness.events() == []


def test_an_omitted_channel_is_no_reason_for_what_was_dead_before(tmp_path: Path) -> None:
    harness = Harness(tmp_path, [*CHANNELS[:2], *NINE, *OTHERS])
    harness.run()
    for course in COURSES[:2]:
        harness.world.delete(course.id, MORNING + HOUR)
    harness.run(after=DAY)
    harness.world.add_faults(
        FaultPeriod(Fault.LEFT_OUT, harness.now + HOUR, harness.now + 2 * DAY, frozenset({channel_id(0)}))
    )
    report = harness.check(after=DAY)
    assert rules(report) == ["dead", "dead", "suspect"]
    assert {harness.known(course.id).reason for course in COURSES[:2]} == {Reason.NOT_FOUND}
