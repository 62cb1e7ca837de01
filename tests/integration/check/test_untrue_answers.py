"""Answers that are no answer: what they don't say about a resource changes nothing about it, and costs nothing else."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from integration.check.harness import (
    DAY,
    HOUR,
    INSIDE,
    KEYED,
    KEYLESS,
    MORNING,
    Harness,
    channel_id,
    playlist_id,
    playlists,
    resource_of,
    rules,
    run_of,
    video_id,
    videos,
)

from linkwatch.models.observation import Answer, State
from linkwatch.report.model import Report
from linkwatch.settings import InspectMode
from linkwatch.simulator.entities import SimChannel, SimPlaylist
from linkwatch.simulator.faults import Fault, FaultPeriod, Surface
from linkwatch.simulator.options import Options
from linkwatch.store.playlists import load_member_changes

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
        harness.run()
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
    harness.run()
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
    harness.run()
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
        harness.run(after=DAY)
        states.append(harness.state(refused).value)
    assert states == ["suspect", "suspect", "unavailable"]


def test_a_refusal_about_one_channel_leaves_it_as_it_was(tmp_path: Path) -> None:
    harness = Harness(tmp_path, channels(12))
    harness.world.add_faults(fault(Fault.CHANNEL_CLOSED, channel_id(3), after=HOUR))
    harness.run()
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
    harness.run()
    harness.world.delete(playlist_id(7), MORNING + HOUR)
    for _ in range(3):
        report = harness.check(after=DAY)
    assert dead(report) == [playlist_id(7)]
    assert run_of(report).complete


@pytest.mark.parametrize("kind", [Fault.INVALID_FILTERS, Fault.MISSING_REQUIRED_PARAMETER, Fault.UNKNOWN_PART])
def test_a_request_that_youtube_calls_malformed_costs_its_resource_alone(tmp_path: Path, kind: Fault) -> None:
    harness = Harness(tmp_path, [*playlists(60), *videos(3), *channels(2)])
    odd = playlist_id(7)
    harness.world.add_faults(fault(kind, odd))
    report = harness.check()
    assert {id_.id for id_, known in harness.all_known().items() if known.state is not State.AVAILABLE} == {odd}
    assert rules(report) == []
    assert "1 of 65 resources could not be checked" in str(run_of(report).incomplete_reason)


def test_malformed_requests_for_videos_that_left_cost_their_inspection_alone(tmp_path: Path) -> None:
    lectures = videos(6)
    courses = [
        SimPlaylist(
            playlist_id(number), f"Course {number}", video_ids=[each.id for each in lectures[start : start + 3]]
        )
        for number, start in enumerate((0, 3))
    ]
    harness = Harness(tmp_path, [*courses, *lectures], [each.id for each in courses], settings=INSIDE)
    harness.run()
    harness.world.remove_videos(playlist_id(0), MORNING + HOUR, lectures[0].id)
    harness.world.delete(lectures[5].id, MORNING + HOUR)
    harness.world.remove_videos(playlist_id(1), MORNING + HOUR, lectures[5].id)
    harness.world.add_faults(fault(Fault.INVALID_FILTERS, lectures[0].id))
    report = harness.check(after=DAY)
    shrunk = {finding.id: finding.message for finding in report.findings if finding.rule.name == "shrunk"}
    assert "deleted: 3. “Lecture 5”" in shrunk[playlist_id(1)]
    assert "Lecture" not in shrunk[playlist_id(0)]
    assert not run_of(report).complete


def test_an_answer_about_another_playlist_is_no_listing(tmp_path: Path) -> None:
    lectures = videos(3)
    course = SimPlaylist(playlist_id(1), "Course", video_ids=[video.id for video in lectures])
    harness = Harness(tmp_path, [course, *lectures], [course.id], settings=INSIDE)
    harness.world.add_faults(fault(Fault.OTHER_ANSWER, course.id, after=HOUR))
    harness.run()
    harness.world.remove_videos(course.id, MORNING + HOUR, lectures[1].id)
    report = harness.check(after=DAY)
    assert [finding.rule.name for finding in report.findings] == []


def test_an_answer_about_another_channel_moves_no_handle(tmp_path: Path) -> None:
    """A cache that ignores the query returns a channel that has another handle."""
    channel = SimChannel(channel_id(1), "Lectures", handle="@lectures")
    harness = Harness(tmp_path, [channel], ["@lectures"])
    harness.run()
    harness.world.rename_handle(channel.id, MORNING + HOUR, "@newname")
    harness.world.add(SimChannel(channel_id(2), "Lectures too", handle="@others"))
    other = harness.youtube(
        httpx.Request(
            "GET",
            "https://youtube.googleapis.com/youtube/v3/channels",
            params={"part": "snippet", "forHandle": "@others"},
            headers={"x-goog-api-key": "key"},
        )
    )

    def cached(request: httpx.Request) -> httpx.Response:
        return other if "forHandle" in request.url.params else harness.youtube(request)

    report = harness.check(after=DAY, transport=cached)
    assert rules(report) == []
    assert harness.events() == []


@pytest.mark.parametrize("has_key", [True, False])
def test_an_oembed_400_about_an_ordinary_id_kills_nothing(tmp_path: Path, has_key: bool) -> None:
    settings = KEYED if has_key else KEYLESS
    harness = Harness(tmp_path, [*playlists(5), *videos(5)], settings=settings)
    harness.world.add_faults(fault(Fault.OEMBED_400, after=HOUR))
    if has_key:
        harness.world.add_faults(fault(Fault.LEFT_OUT, playlist_id(1), video_id(1), after=HOUR))
    harness.run()
    report = harness.check(after=DAY)
    assert dead(report) == []
    if has_key:
        assert harness.known(playlist_id(1)).oembed is Answer.MALFORMED
        assert rules(report) == ["suspect", "suspect"]
    else:
        assert not run_of(report).complete
        assert rules(report) == []


@pytest.mark.parametrize(
    ("status", "verb", "words"),
    [
        ("rejected", "was", "rejected by YouTube"),
        ("failed", "is", "not playable, as its upload failed"),
        ("deleted", "was", "deleted by its owner"),
    ],
)
def test_an_upload_that_nobody_can_watch_says_why(tmp_path: Path, status: str, verb: str, words: str) -> None:
    harness = Harness(tmp_path, videos(2))
    odd = video_id(0)
    harness.run()
    harness.world.change(odd, MORNING + HOUR, upload_status=status)
    harness.world.add_faults(FaultPeriod(Fault.OEMBED_404, MORNING + HOUR, MORNING + 3 * DAY, frozenset({odd})))
    (finding,) = harness.check(after=DAY).findings
    assert finding.message == f"video “Lecture 0” is no longer available: it {verb} {words} (last seen 2026-11-22)"
    assert finding.evidence["upload"] == words
    (word,) = harness.known(odd).facts.restrictions or ()
    assert word == f"upload:{status}"
    harness.world.change(odd, MORNING + 2 * DAY + HOUR, upload_status="processed")
    harness.run(after=2 * DAY)
    assert harness.known(odd).facts.restrictions == ()
    assert harness.events() == [(odd, "died"), (odd, "recovered")]


def test_an_upload_that_oembed_still_shows_is_suspect_and_says_why(tmp_path: Path) -> None:
    harness = Harness(tmp_path, videos(1))
    harness.run()
    harness.world.change(video_id(0), MORNING + HOUR, upload_status="rejected")
    (finding,) = harness.check(after=DAY).findings
    assert finding.rule.name == "suspect"
    assert "by the Data API it was rejected by YouTube, oEmbed still shows it" in finding.message


def test_a_rejected_upload_in_a_playlist_says_what_it_is(tmp_path: Path) -> None:
    lectures = videos(3)
    course = SimPlaylist(playlist_id(0), "Course", video_ids=[each.id for each in lectures])
    settings = replace(INSIDE, inside=InspectMode.FULL, inside_every=DAY)
    harness = Harness(tmp_path, [course, *lectures], [course.id], settings=settings)
    harness.run()
    harness.world.change(video_id(1), MORNING + HOUR, upload_status="rejected")
    (finding,) = harness.check(after=DAY).findings
    assert finding.message == "1 of 3 videos of playlist “Course” is restricted: 1 was rejected by YouTube"


def test_what_the_data_api_refuses_to_answer_about_is_no_deleted_lecture_by_oembed_alone(tmp_path: Path) -> None:
    """One that left is reported as deleted after as many missed checks as a link; by the next answer, as what it is."""
    lectures = videos(6)
    course = SimPlaylist(playlist_id(0), "Course", video_ids=[each.id for each in lectures])
    harness = Harness(tmp_path, [course, *lectures], [course.id], settings=INSIDE)
    harness.run()
    removed, deleted = video_id(1), video_id(4)
    harness.world.remove_videos(course.id, MORNING + HOUR, removed, deleted)
    harness.world.delete(deleted, MORNING + HOUR)
    harness.world.add_faults(
        fault(Fault.FORBIDDEN, removed, deleted, after=HOUR),
        FaultPeriod(Fault.OEMBED_404, MORNING + HOUR, MORNING + 2 * DAY, frozenset({removed})),
    )
    reported = []
    for _ in range(4):
        harness.run(after=DAY)
        with harness.database.read() as connection:
            changes = load_member_changes(connection, MORNING).get(resource_of(course.id), ())
        reported.append({each.member.video_id: each.change.value for each in changes})
    assert reported[0] == {}
    assert reported[-1] == {removed: "taken-out", deleted: "gone"}
