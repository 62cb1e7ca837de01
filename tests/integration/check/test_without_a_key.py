"""Without a key only oEmbed is asked, which knows neither counts nor channels."""

from dataclasses import replace
from pathlib import Path

import pytest
from integration.check.harness import (
    DAY,
    HOUR,
    KEYED,
    KEYLESS,
    MORNING,
    Harness,
    channel_id,
    finding_of,
    playlist_id,
    playlists,
    rules,
    run_of,
    video_id,
    videos,
)

from linkwatch.models.observation import State
from linkwatch.simulator.entities import SimChannel, SimPlaylist, SimVideo
from linkwatch.simulator.faults import Fault, FaultPeriod
from linkwatch.simulator.options import Options

CHANNEL = SimChannel(channel_id(0), "A channel", handle="@achannel", username="achannel")


def test_counts_and_channels_stay_unknown_without_a_key(tmp_path: Path) -> None:
    harness = Harness(tmp_path, [*playlists(3), *videos(2), CHANNEL], settings=KEYLESS)
    report = harness.check()
    assert run_of(report).complete
    assert run_of(report).source == "keyless"
    assert rules(report) == []
    assert report.unchecked_channels == 1
    assert report.quota is None
    assert harness.state(CHANNEL.id) is State.UNKNOWN
    assert harness.known(playlist_id(0)).facts.item_count is None
    assert harness.known(playlist_id(0)).facts.title == "Course 0"
    assert harness.known(video_id(0)).facts.restrictions is None
    assert set(harness.youtube.requests) == {"oembed"}
    assert len(harness.asked("oembed")) == 5


def test_channels_that_were_never_asked_about_do_not_grow_stale(tmp_path: Path) -> None:
    harness = Harness(tmp_path, [*playlists(3), CHANNEL], settings=KEYLESS)
    for _ in range(20):
        report = harness.check(after=DAY)
    assert rules(report) == []


def test_a_video_that_asks_for_a_login_is_available_with_a_hint(tmp_path: Path) -> None:
    harness = Harness(tmp_path, [SimVideo(video_id(0), "No embedding", embeddable=False)], settings=KEYLESS)
    report = harness.check()
    assert harness.state(video_id(0)) is State.AVAILABLE
    assert rules(report) == ["restricted"]
    assert (
        "can't be embedded or is private (only a check with a key can tell)" in finding_of(report, "restricted").message
    )


def test_a_private_playlist_that_was_available_needs_its_missed_checks(tmp_path: Path) -> None:
    """Embedding can be switched off for videos only: a playlist that asks for a login is hidden."""
    harness = Harness(tmp_path, playlists(10), settings=KEYLESS, options=Options(private_oembed_status=401))
    harness.run()
    harness.world.make_private(playlist_id(0), MORNING + HOUR)
    assert [rules(harness.check(after=DAY)) for _ in range(3)] == [["suspect"], ["suspect"], ["dead"]]


@pytest.mark.parametrize("status", [403, 404])
def test_a_resource_that_was_available_needs_its_missed_checks(tmp_path: Path, status: int) -> None:
    options = Options(private_oembed_status=403 if status == 403 else 404)
    harness = Harness(tmp_path, [*playlists(9), *videos(1)], settings=KEYLESS, options=options)
    harness.run()
    harness.world.make_private(video_id(0), MORNING + HOUR)
    states = []
    for gap in (DAY, HOUR, 5 * HOUR, 6 * HOUR):
        harness.run(after=gap)
        states.append((harness.state(video_id(0)).value, harness.known(video_id(0)).missed_checks))
    assert states == [("suspect", 1), ("suspect", 1), ("suspect", 2), ("unavailable", 3)]
    assert [kind for _, kind in harness.events()] == ["suspected", "died"]


def test_a_resource_that_was_never_available_is_dead_at_its_first_404(tmp_path: Path) -> None:
    harness = Harness(tmp_path, playlists(1), [playlist_id(0), playlist_id(7)], settings=KEYLESS)
    assert finding_of(harness.check(), "dead").id == playlist_id(7)


@pytest.mark.parametrize(
    "fault",
    [
        Fault.OEMBED_429,
        Fault.OEMBED_500,
        Fault.SERVICE_UNAVAILABLE_503,
        Fault.HTML_200,
        Fault.HTML_502,
        Fault.CUT_BODY,
        Fault.EMPTY_BODY,
        Fault.CONNECTION_REFUSED,
        Fault.READ_TIMEOUT,
        Fault.CONNECTION_CUT,
    ],
)
def test_an_outage_changes_no_state_and_is_reported(tmp_path: Path, fault: Fault) -> None:
    harness = Harness(tmp_path, playlists(20), settings=replace(KEYLESS, oembed_in_flight=1))
    harness.run()
    before = harness.all_known()
    harness.world.add_faults(FaultPeriod(fault, MORNING + DAY, MORNING + DAY + HOUR))
    run = run_of(harness.check(after=DAY))
    assert "20 of 20 resources could not be checked: oEmbed gave no usable answer" in str(run.incomplete_reason)
    assert harness.all_known() == before
    assert len(harness.asked("oembed")) == 20 + 3 * 4, "three in a row are enough to give up"
    assert run_of(harness.check(after=DAY)).complete
    assert harness.events() == []


def test_a_404_for_everything_is_stopped_by_the_brake(tmp_path: Path) -> None:
    harness = Harness(tmp_path, playlists(20), settings=KEYLESS)
    harness.run()
    before = harness.all_known()
    harness.world.add_faults(FaultPeriod(Fault.OEMBED_404, MORNING + DAY, MORNING + DAY + HOUR))
    assert "stopped by the safety limit: oEmbed alone reports 20 of 20 available resources missing;" in str(
        run_of(harness.check(after=DAY)).incomplete_reason
    )
    assert harness.all_known() == before


def test_a_key_that_comes_and_goes_changes_nothing(tmp_path: Path) -> None:
    """What one way doesn't tell is no change: not the count, not the owner's id, not the channel's state."""
    course = SimPlaylist(playlist_id(0), "Course", CHANNEL.id, item_count=40)
    blocked = SimVideo(video_id(0), "Blocked", CHANNEL.id, blocked=("DE",))
    harness = Harness(tmp_path, [CHANNEL, course, blocked])
    harness.run()
    for settings in (KEYLESS, KEYED, KEYLESS, KEYED):
        harness.settings = settings
        report = harness.check(after=DAY)
        assert rules(report) == ["restricted"]
        assert report.unchecked_channels == 0
        assert harness.known(course.id).facts.item_count == 40
        assert harness.known(course.id).facts.owner_id == CHANNEL.id
        assert harness.state(CHANNEL.id) is State.AVAILABLE
    assert harness.events() == []


def test_facts_that_come_with_a_later_key_are_no_events(tmp_path: Path) -> None:
    harness = Harness(tmp_path, [*playlists(3), CHANNEL], [*(playlist_id(n) for n in range(3)), "@achannel"])
    harness.settings = KEYLESS
    harness.run()
    harness.settings = KEYED
    report = harness.check(after=DAY)
    assert rules(report) == []
    assert harness.known(playlist_id(0)).facts.item_count == 10
    assert report.counts.states[State.AVAILABLE] == 4
    assert harness.events() == []
