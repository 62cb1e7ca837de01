"""Listings as YouTube makes them: windows, copies, empty and cut listings, counts that waver, scheduled videos."""

from dataclasses import replace
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
    finding_of,
    playlist_id,
    rules,
    run_of,
    video_id,
    videos,
)

from linkwatch.models.resource import Kind, Resource
from linkwatch.models.rules import Level
from linkwatch.simulator.entities import SimChannel, SimPlaylist, SimVideo, Visibility
from linkwatch.simulator.faults import Fault, FaultPeriod
from linkwatch.simulator.options import Options
from linkwatch.store.playlists import load_member_changes, load_members

COURSE = playlist_id(0)
NIGHT = MORNING + HOUR
OWNER = SimChannel(channel_id(1), "A channel with many uploads")
UPLOADS = f"UU{OWNER.id[2:]}"


def course(folder: Path, lectures: int, **options: object) -> Harness:
    made = SimPlaylist(COURSE, "A course", video_ids=[video_id(number) for number in range(lectures)])
    return Harness(folder, [made, *videos(lectures + 5)], [COURSE], settings=INSIDE, options=Options(**options))  # type: ignore[arg-type]  # each by its name


def changes(harness: Harness, playlist: str = COURSE) -> list[tuple[str, str, int]]:
    """What changed inside, as change, video and position."""
    with harness.database.read() as connection:
        found = load_member_changes(connection, MORNING - DAY).get(Resource(Kind.PLAYLIST, playlist), [])
    return [(each.change.value, each.member.video_id, each.position) for each in found]


def fault(kind: Fault, days: int, *ids: str) -> FaultPeriod:
    return FaultPeriod(kind, NIGHT, NIGHT + days * DAY, ids=frozenset(ids))


def test_uploads_slide_out_of_what_youtube_lists_without_having_left(tmp_path: Path) -> None:
    number = 260
    uploads = [SimVideo(video_id(n), f"Upload {n}", OWNER.id) for n in range(number)]
    oldest = f"https://www.youtube.com/watch?v={video_id(61)}&list={UPLOADS}"
    never_listed = f"https://www.youtube.com/watch?v={video_id(3)}&list={UPLOADS}"
    harness = Harness(
        tmp_path,
        [OWNER, *uploads],
        [UPLOADS, oldest, never_listed],
        settings=INSIDE,
        options=Options(uploads_window=200),
    )
    harness.run()
    for _ in range(6):
        for _ in range(2):
            harness.world.add(SimVideo(video_id(number), f"Upload {number}", OWNER.id))
            number += 1
        assert set(rules(harness.check(after=DAY))) <= {"grown"}, "nothing is misplaced or lost"
    assert [(change, video) for change, video, _ in changes(harness, UPLOADS)] == [
        ("added", video_id(n)) for day in range(260, 272, 2) for n in (day + 1, day)
    ]
    harness.world.delete(video_id(250), harness.now + HOUR)
    harness.world.change(video_id(240), harness.now + HOUR, visibility=Visibility.UNLISTED)
    harness.world.delete(video_id(60), harness.now + HOUR)
    harness.run(after=DAY)
    assert sorted(changes(harness, UPLOADS)[12:]) == [
        ("gone", video_id(60), 211),
        ("gone", video_id(250), 21),
        ("taken-out", video_id(240), 31),
    ], "and what moved up into the listing is not new"


@pytest.mark.parametrize("days", [1, 2, 5])
def test_a_listing_that_ends_after_its_first_page_loses_nothing(tmp_path: Path, days: int) -> None:
    harness = course(tmp_path, 120)
    harness.run()
    harness.world.retitle(COURSE, NIGHT, "Renamed")
    harness.world.add_faults(fault(Fault.TOKEN_MISSING, days, COURSE))
    reports = [harness.check(after=DAY) for _ in range(days + 2)]
    assert "missing from the listing of 1 playlist" in str(run_of(reports[0]).note)
    assert run_of(reports[-1]).note is None
    assert changes(harness) == []
    assert {rule for report in reports for rule in rules(report)} <= {"retitled"}


def test_a_first_listing_that_is_cut_is_completed_without_news(tmp_path: Path) -> None:
    harness = course(tmp_path, 120)
    harness.world.add_faults(FaultPeriod(Fault.TOKEN_MISSING, MORNING, NIGHT))
    harness.run()
    harness.world.add_videos(COURSE, NIGHT, video_id(122))
    harness.run(after=DAY)
    with harness.database.read() as connection:
        stored = load_members(connection, [Resource(Kind.PLAYLIST, COURSE)])
    assert len(stored[Resource(Kind.PLAYLIST, COURSE)].members) == 121
    assert len(changes(harness)) == 1, "the count grew by one"


@pytest.mark.parametrize("position", [0, 1, 3])
def test_of_two_copies_the_one_that_left_is_named_by_its_own_position(tmp_path: Path, position: int) -> None:
    lectures = [video_id(0), video_id(1), video_id(2), video_id(0), video_id(3)]
    twice = SimPlaylist(COURSE, "A course", video_ids=lectures)
    harness = Harness(tmp_path, [twice, *videos(5)], [COURSE], settings=INSIDE)
    harness.run()
    harness.world.remove_item(COURSE, NIGHT, position)
    harness.run(after=DAY)
    assert changes(harness) == [("taken-out", lectures[position], position)]


def test_a_scheduled_video_is_neither_lost_nor_back(tmp_path: Path) -> None:
    harness = course(tmp_path, 5)
    harness.settings = replace(INSIDE, hollow_percent=1)
    harness.run()
    harness.world.make_private(video_id(6), MORNING - HOUR)
    harness.world.add_videos(COURSE, NIGHT, video_id(6))
    assert rules(harness.check(after=DAY)) == ["grown"]
    harness.world.bring_back(video_id(6), harness.now + HOUR)
    harness.run(after=8 * DAY)
    assert [change for change, _, _ in changes(harness)] == ["added"]
    harness.world.make_private(video_id(6), harness.now + HOUR)
    assert "hollow" in rules(harness.check(after=8 * DAY)), "now it is lost"
    assert [change for change, _, _ in changes(harness)] == ["added", "made-private"]


def test_a_count_that_wavers_alone_is_no_change_of_a_playlist(tmp_path: Path) -> None:
    harness = course(tmp_path, 22)
    harness.run()
    harness.world.add_faults(fault(Fault.ITEM_COUNT_WAVERS, 20, COURSE))
    assert [rules(harness.check(after=DAY)) for _ in range(14)] == [[]] * 14
    assert {kind for _, kind in harness.events()} == {"shrunk", "grown"}, "it did waver"


@pytest.mark.parametrize("listed", [True, False])
def test_a_course_whose_lectures_all_died_is_emptied_for_good_whatever_youtube_counts(
    tmp_path: Path, listed: bool
) -> None:
    harness = course(tmp_path, 12, dead_items_listed=listed)
    harness.run()
    for number in range(12):
        harness.world.delete(video_id(number), NIGHT)
    died = finding_of(harness.check(after=8 * DAY), "emptied")
    for _ in range(5):
        emptied = finding_of(harness.check(after=8 * DAY), "emptied")
        assert (emptied.since, emptied.level) == (died.since, Level.ERROR)


def test_a_course_that_lists_nothing_from_the_beginning_is_emptied_by_the_second_inspection(tmp_path: Path) -> None:
    harness = course(tmp_path, 12, dead_items_listed=False)
    for number in range(12):
        harness.world.delete(video_id(number), MORNING - HOUR)
    assert rules(harness.check()) == []
    assert [rules(harness.check(after=DAY)) for _ in range(9)] == [["emptied"]] * 9


def test_listings_of_nothing_within_an_hour_empty_no_course_that_is_counted(tmp_path: Path) -> None:
    """An outage of an hour gives several of them."""
    harness = course(tmp_path, 12, dead_items_listed=False)
    for number in range(12):
        harness.world.delete(video_id(number), MORNING - HOUR)
    assert [rules(harness.check(after=timedelta(minutes=10))) for _ in range(6)] == [[]] * 6
    assert rules(harness.check(after=6 * HOUR)) == ["emptied"]


def test_a_course_that_counts_nothing_and_lists_living_lectures_is_not_emptied(tmp_path: Path) -> None:
    harness = course(tmp_path, 20)
    harness.run()
    harness.world.change(COURSE, NIGHT, item_count=0)
    assert rules(harness.check(after=DAY)) == []
    assert changes(harness) == []
    harness.world.change(COURSE, harness.now + HOUR, video_ids=())
    assert rules(harness.check(after=8 * DAY)) == [], "the listing alone is no proof"
    assert "emptied" in rules(harness.check(after=DAY))
