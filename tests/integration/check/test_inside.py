"""Inspections of playlists: when they are made, what they cost, and what is saved of each video."""

from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from integration.check.harness import DAY, HOUR, INSIDE, MORNING, Harness, playlist_id, run_of, video_id, videos

from linkwatch.models.observation import Member, MemberState
from linkwatch.models.resource import Kind, Resource
from linkwatch.settings import InspectMode
from linkwatch.simulator.entities import SimPlaylist, SimVideo
from linkwatch.simulator.faults import Fault, FaultPeriod
from linkwatch.simulator.generated import generate_world
from linkwatch.simulator.options import Options
from linkwatch.store.playlists import load_member_changes, load_member_history

COURSE = Resource(Kind.PLAYLIST, playlist_id(0))
FIVE = [video_id(number) for number in range(5)]


def course(folder: Path, lectures: int = 5, options: Options | None = None, **settings: object) -> Harness:
    """A course of so many lectures, with as many more that are not in it."""
    made = SimPlaylist(COURSE.id, "A course", video_ids=[video_id(number) for number in range(lectures)])
    return Harness(
        folder,
        [made, *videos(2 * lectures)],
        [COURSE.id],
        settings=replace(INSIDE, **settings),  # type: ignore[arg-type]  # each by its name
        options=options or Options(),
    )


def members(harness: Harness) -> list[Member]:
    with harness.database.read() as connection:
        return [member for member in load_member_history(connection, COURSE) if member.left_at is None]


def changes(harness: Harness) -> list[tuple[str, str]]:
    """What happened inside, as change and number of the video."""
    with harness.database.read() as connection:
        told = load_member_changes(connection, MORNING - DAY, None)
    return [(each.change.value, each.member.title or each.member.video_id) for each in told.get(COURSE, [])]


def test_the_first_inspection_saves_the_members_and_no_changes(tmp_path: Path) -> None:
    harness = course(tmp_path)
    report = harness.check()
    assert run_of(report).quota_units == harness.units == 2
    assert [(m.video_id, m.position, m.title, m.state) for m in members(harness)] == [
        (video, place, f"Lecture {place}", MemberState.AVAILABLE) for place, video in enumerate(FIVE)
    ]
    assert changes(harness) == []


@pytest.mark.long
def test_a_steady_list_of_a_thousand_courses_costs_its_twenty_units(tmp_path: Path) -> None:
    ids = [playlist_id(number) for number in range(1000)]
    harness = Harness(tmp_path, [], ids, settings=INSIDE, youtube_quota=10_000)
    harness.settle(generate_world((Kind.PLAYLIST, id_) for id_ in ids))
    first = run_of(harness.check())
    pages = harness.asked("playlistItems.list")
    assert len(set(pages)) == 1000
    assert first.quota_units == 20 + len(pages) == harness.units
    for _ in range(6):
        assert run_of(harness.check(after=DAY)).quota_units == 20
    assert run_of(harness.check(after=DAY)).quota_units == first.quota_units


@pytest.mark.parametrize("lectures", [1, 49, 50, 51, 120])
def test_an_inspection_costs_a_unit_for_each_fifty_videos(tmp_path: Path, lectures: int) -> None:
    harness = course(tmp_path, lectures)
    assert run_of(harness.check()).quota_units == 1 + -(-lectures // 50)
    assert len(members(harness)) == lectures


def test_a_course_that_changed_is_inspected_at_once(tmp_path: Path) -> None:
    harness = course(tmp_path)
    harness.run()
    harness.world.add_videos(COURSE.id, MORNING + HOUR, video_id(7))
    assert run_of(harness.check(after=DAY)).quota_units == 2
    assert changes(harness) == [("added", "Lecture 7")]
    harness.world.retitle(COURSE.id, harness.now + HOUR, "Renamed")
    assert run_of(harness.check(after=DAY)).quota_units == 2
    assert run_of(harness.check(after=DAY)).quota_units == 1


def test_removed_deleted_and_private_videos_are_distinguished(tmp_path: Path) -> None:
    harness = course(tmp_path)
    harness.run()
    night = MORNING + HOUR
    harness.world.remove_videos(COURSE.id, night, FIVE[0], FIVE[1])
    harness.world.delete(FIVE[1], night)
    harness.world.make_private(FIVE[2], night)
    harness.world.delete(FIVE[3], night)
    harness.run(after=DAY)
    assert sorted(changes(harness)) == [
        ("gone", "Lecture 1"),
        ("gone", "Lecture 3"),
        ("made-private", "Lecture 2"),
        ("taken-out", "Lecture 0"),
    ]
    assert [(m.video_id, m.position, m.title, m.state.value) for m in members(harness)] == [
        (FIVE[2], 0, "Lecture 2", "private"),
        (FIVE[3], 1, "Lecture 3", "gone"),
        (FIVE[4], 2, "Lecture 4", "available"),
    ]


def test_deleted_videos_are_found_without_placeholders_too(tmp_path: Path) -> None:
    options = Options(dead_items_listed=False, item_count_includes_dead=False, private_oembed_status=403)
    harness = course(tmp_path, options=options)
    harness.run()
    harness.world.delete(FIVE[3], MORNING + HOUR)
    harness.world.make_private(FIVE[2], MORNING + HOUR)
    harness.run(after=DAY)
    assert sorted(changes(harness)) == [("gone", "Lecture 3"), ("made-private", "Lecture 2")]


def test_a_video_that_returns_is_a_change(tmp_path: Path) -> None:
    harness = course(tmp_path)
    harness.run()
    harness.world.make_private(FIVE[2], MORNING + HOUR)
    harness.run(after=7 * DAY)
    harness.world.bring_back(FIVE[2], harness.now + HOUR)
    harness.run(after=7 * DAY)
    assert changes(harness) == [("made-private", "Lecture 2"), ("returned", "Lecture 2")]
    assert members(harness)[2].title == "Lecture 2"


def test_a_listing_that_changes_while_it_is_read_is_read_again(tmp_path: Path) -> None:
    harness = course(tmp_path, 120)
    asked: list[httpx.Request] = []

    def while_reading(request: httpx.Request) -> httpx.Response:
        if "playlistItems" in request.url.path:
            asked.append(request)
            if len(asked) == 2:  # between the first page and the second
                harness.world.remove_videos(COURSE.id, harness.now, video_id(0))
                return harness.youtube(request)
        return harness.youtube(request)

    harness.run(transport=while_reading)
    assert [m.video_id for m in members(harness)] == [video_id(number) for number in range(1, 120)]
    assert len(asked) == 2 + 3 or len(asked) == 3 + 3


def test_a_page_that_never_comes_leaves_the_members_as_they_were(tmp_path: Path) -> None:
    harness = course(tmp_path, 120)
    harness.run()
    harness.world.remove_videos(COURSE.id, MORNING + HOUR, *[video_id(number) for number in range(100)])
    harness.world.add_faults(
        FaultPeriod(Fault.BACKEND_ERROR, MORNING + HOUR, MORNING + DAY + HOUR, ids=frozenset({"none"}))
    )

    def no_second_page(request: httpx.Request) -> httpx.Response:
        if "playlistItems" in request.url.path:
            return httpx.Response(503)
        return harness.youtube(request)

    report = harness.check(after=DAY, transport=no_second_page)
    assert not run_of(report).complete
    assert "1 playlist could not be inspected: " in str(run_of(report).incomplete_reason)
    assert len(members(harness)) == 120
    harness.run(after=HOUR)
    assert len(members(harness)) == 20
    assert {change for change, _ in changes(harness)} == {"taken-out"}


def test_an_empty_listing_of_a_course_that_counts_videos_is_ignored(tmp_path: Path) -> None:
    harness = course(tmp_path)
    harness.run()

    def empty(request: httpx.Request) -> httpx.Response:
        if "playlistItems" in request.url.path:
            return httpx.Response(200, json={"kind": "youtube#playlistItemListResponse", "items": []})
        return harness.youtube(request)

    harness.world.retitle(COURSE.id, MORNING + HOUR, "Renamed")
    report = harness.check(after=DAY, transport=empty)
    assert "YouTube counts videos in 1 playlist but lists none" in str(run_of(report).note)
    assert len(members(harness)) == 5
    assert changes(harness) == []


def test_etags_that_change_for_nothing_cause_no_inspections(tmp_path: Path) -> None:
    harness = course(tmp_path, options=Options(etags_stable=False))
    units = [run_of(harness.check(after=DAY)).quota_units for _ in range(7)]
    assert sum(units) <= 7 + 2


def test_without_a_key_or_with_inside_off_nothing_is_inspected(tmp_path: Path) -> None:
    for settings in (replace(INSIDE, inside=InspectMode.OFF), replace(INSIDE, api_key=None)):
        (folder := tmp_path / str(settings.api_key)).mkdir()
        harness = Harness(folder, [SimPlaylist(COURSE.id, "A course", video_ids=FIVE), *videos(5)], [COURSE.id])
        harness.settings = settings
        harness.run()
        assert harness.asked("playlistItems.list") == []


def test_half_of_the_day_is_kept_for_checks(tmp_path: Path) -> None:
    courses = [SimPlaylist(playlist_id(number), f"Course {number}", video_ids=FIVE) for number in range(30)]
    harness = Harness(
        tmp_path, [*courses, *videos(5)], [each.id for each in courses], settings=replace(INSIDE, quota_per_day=40)
    )
    report = harness.check()
    assert run_of(report).quota_units == 1 + 19
    assert run_of(report).complete
    assert "inspection of 11 playlists postponed" in str(run_of(report).note)
    report = harness.check(after=DAY)
    assert run_of(report).quota_units == 1 + 11


def test_a_playlist_whose_videos_are_not_shown_keeps_its_members(tmp_path: Path) -> None:
    uploads = SimPlaylist("UU" + "a" * 22, "Uploads", item_count=0)
    harness = Harness(tmp_path, [uploads], [uploads.id], settings=INSIDE)
    assert run_of(harness.check()).complete


def test_a_full_inspection_saves_the_restrictions_of_each_video(tmp_path: Path) -> None:
    harness = course(tmp_path, inside=InspectMode.FULL)
    harness.world.change(FIVE[1], MORNING - HOUR, blocked=("DE",))
    harness.world.change(FIVE[2], MORNING - HOUR, age_restricted=True)
    assert run_of(harness.check()).quota_units == 3
    assert [m.restrictions for m in members(harness)] == [(), ("blocked:DE",), ("age",), (), ()]


def test_a_check_that_is_run_again_over_the_same_answers_adds_nothing(tmp_path: Path) -> None:
    harness = course(tmp_path)
    harness.run()
    harness.world.delete(FIVE[3], MORNING + HOUR)
    harness.run(after=7 * DAY)
    before = changes(harness)
    harness.run(after=7 * DAY)
    harness.run(after=7 * DAY)
    assert changes(harness) == before == [("gone", "Lecture 3")]


def test_a_lecture_that_is_listed_twice_is_two_members(tmp_path: Path) -> None:
    twice = SimPlaylist(COURSE.id, "A course", video_ids=[FIVE[0], FIVE[1], FIVE[0]])
    harness = Harness(tmp_path, [twice, *videos(3)], [COURSE.id], settings=INSIDE)
    harness.run()
    assert [(m.video_id, m.occurrence) for m in members(harness)] == [(FIVE[0], 0), (FIVE[1], 0), (FIVE[0], 1)]
    assert isinstance(harness.world.at(harness.now).video(FIVE[0]), SimVideo)
