"""Inspections that contradict themselves or are interrupted: what is saved, when, and what stays due."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from integration.check.harness import DAY, HOUR, INSIDE, LIST, MORNING, Harness, playlist_id, run_of, video_id, videos
from sqlalchemy import update

from linkwatch.models.resource import Kind, Resource
from linkwatch.report.resource.terminal import render as render_history
from linkwatch.services.check import run_check
from linkwatch.services.context import CheckContext
from linkwatch.services.dependencies import check_context
from linkwatch.services.inspect import PLAYLISTS_PER_TRANSACTION
from linkwatch.services.show import resource_history
from linkwatch.simulator.entities import SimPlaylist, SimVideo
from linkwatch.simulator.faults import Fault, FaultPeriod, Surface
from linkwatch.simulator.options import Options
from linkwatch.store.playlists import load_last_inspections, load_member_changes, load_members
from linkwatch.store.tables import looks

COURSE = playlist_id(0)
NIGHT = MORNING + HOUR
NO_PLACEHOLDERS = Options(dead_items_listed=False)
ONE_AT_A_TIME = replace(INSIDE, calls_in_flight=1, oembed_in_flight=1)
COURSES = 2 * PLAYLISTS_PER_TRANSACTION + 30

Transport = Callable[[httpx.Request], httpx.Response]


def course(folder: Path, lectures: int = 5, options: Options | None = None) -> Harness:
    """A course of so many lectures, looked into once."""
    made = SimPlaylist(COURSE, "A course", video_ids=[video_id(number) for number in range(lectures)])
    harness = Harness(
        folder, [made, *videos(lectures + 5)], [COURSE], settings=ONE_AT_A_TIME, options=options or Options()
    )
    harness.run()
    return harness


def many_courses(folder: Path) -> Harness:
    """Courses of two lectures, never looked into."""
    made = [
        SimPlaylist(playlist_id(n), f"Course {n}", video_ids=[video_id(2 * n), video_id(2 * n + 1)])
        for n in range(COURSES)
    ]
    return Harness(folder, [*made, *videos(2 * COURSES)], [each.id for each in made], settings=ONE_AT_A_TIME)


def changes(harness: Harness) -> list[tuple[str, str]]:
    """What happened inside all courses, as change and title."""
    with harness.database.read() as connection:
        told = load_member_changes(connection, MORNING - DAY)
    return [(each.change.value, str(each.member.title)) for some in told.values() for each in some]


def members(harness: Harness) -> list[str]:
    """The videos of the course as they are remembered."""
    playlist = Resource(Kind.PLAYLIST, COURSE)
    with harness.database.read() as connection:
        return [member.video_id for member in load_members(connection, [playlist])[playlist].members]


def looked_into(harness: Harness) -> int:
    """How many courses a look was kept of."""
    with harness.database.read() as connection:
        return sum(look.inspected_at is not None for look in load_last_inspections(connection).values())


def without(harness: Harness, video: str) -> Transport:
    """YouTube, whose listings leave one video out and tell of no others."""

    def transport(request: httpx.Request) -> httpx.Response:
        response = harness.youtube(request)
        if "playlistItems" not in request.url.path:
            return response
        body = json.loads(response.content)
        body["items"] = [item for item in body["items"] if item["snippet"]["resourceId"]["videoId"] != video]
        return httpx.Response(200, json=body)

    return transport


# What does not fit together


def test_a_lecture_that_a_listing_leaves_out_once_is_no_change(tmp_path: Path) -> None:
    harness = course(tmp_path)
    report = harness.check(after=7 * DAY, transport=without(harness, video_id(2)))
    assert "missing from the listing of 1 playlist; the next check inspects it again" in str(run_of(report).note)
    assert run_of(report).complete
    assert run_of(harness.check(after=DAY)).quota_units == 2, "the next check looks again"
    assert changes(harness) == []
    assert run_of(harness.check(after=DAY)).quota_units == 1


@pytest.mark.long  # a simulated month each
@pytest.mark.parametrize("kind", [Fault.PAGES_OVERLAP, Fault.SNIPPET_MISSING, Fault.SAME_ID])
def test_a_listing_that_contradicts_itself_for_good_leaves_the_checks_complete(tmp_path: Path, kind: Fault) -> None:
    """The check is complete for the links; that the videos can't be inspected is in its note and in the history."""
    lectures = [SimVideo(video_id(number), f"Lecture {number}") for number in range(60)]
    ids = [playlist_id(number) for number in range(5)]
    courses = [SimPlaylist(each, "Course", video_ids=[lecture.id for lecture in lectures]) for each in ids]
    harness = Harness(tmp_path, [*courses, *lectures], ids, settings=ONE_AT_A_TIME)
    odd, plain = ids[:4], Resource(Kind.PLAYLIST, ids[4])
    harness.world.add_faults(FaultPeriod(kind, MORNING + HOUR, MORNING + 30 * DAY, frozenset(odd)))
    harness.run()
    harness.world.delete(lectures[3].id, MORNING + 7 * DAY + HOUR)
    readings = []
    for _ in range(30):
        report = harness.check(after=DAY)
        assert run_of(report).complete
        readings.append(harness.asked("playlistItems.list").count(odd[0]))
    assert len(set(readings[-12:])) in {2, 3}, "after three days it is read again as often as any playlist"
    with harness.database.read() as connection:
        assert list(load_member_changes(connection, MORNING)) == [plain]
        since = load_last_inspections(connection)[Resource(Kind.PLAYLIST, odd[0])].unreadable_since
    assert since is not None
    history = resource_history(
        Resource(Kind.PLAYLIST, odd[0]), database=harness.database, settings=harness.settings, now=harness.now
    )
    assert history is not None
    text = render_history(history)
    assert f"not possible since {since:%Y-%m-%d}: YouTube's listing contradicts itself" in text
    notes = [run_of(harness.check(after=DAY)).note for _ in range(8)]
    with harness.database.read() as connection:
        assert len(load_member_changes(connection, MORNING)) == 5
        assert {each.unreadable_since for each in load_last_inspections(connection).values()} == {None}
    assert notes[-1] is None


def test_the_note_names_how_many_listings_contradict_themselves(tmp_path: Path) -> None:
    harness = course(tmp_path)
    harness.world.add_faults(FaultPeriod(Fault.SAME_ID, MORNING + HOUR, MORNING + 30 * DAY))
    report = harness.check(after=7 * DAY)
    assert run_of(report).note == (
        "1 playlist could not be inspected, as YouTube's listing contradicts itself; the stored videos were kept"
    )


def test_a_lecture_that_a_listing_leaves_out_twice_is_removed(tmp_path: Path) -> None:
    """YouTube may count what it doesn't list for ever: the look is not put off for ever."""
    harness = course(tmp_path)
    harness.run(after=7 * DAY, transport=without(harness, video_id(2)))
    harness.run(after=DAY, transport=without(harness, video_id(2)))
    assert changes(harness) == [("taken-out", "Lecture 2")]


def test_a_lecture_that_its_owner_removed_is_removed_at_once(tmp_path: Path) -> None:
    harness = course(tmp_path)
    harness.world.remove_videos(COURSE, NIGHT, video_id(2))
    harness.run(after=DAY)
    assert changes(harness) == [("taken-out", "Lecture 2")]


@pytest.mark.parametrize("listed", [True, False])
@pytest.mark.parametrize("counted", [True, False])
def test_deletions_and_returns_are_found_at_once_however_youtube_counts_and_lists_them(
    tmp_path: Path, listed: bool, counted: bool
) -> None:
    harness = course(tmp_path, options=Options(dead_items_listed=listed, item_count_includes_dead=counted))
    harness.world.delete(video_id(2), NIGHT)
    harness.world.delete(video_id(3), NIGHT)
    harness.run(after=7 * DAY)
    harness.world.bring_back(video_id(2), harness.now + HOUR)
    harness.world.remove_videos(COURSE, harness.now + HOUR, video_id(0))
    harness.run(after=7 * DAY)
    back = "returned" if listed else "added"
    assert sorted(changes(harness)) == sorted(
        [("gone", "Lecture 2"), ("gone", "Lecture 3"), (back, "Lecture 2"), ("taken-out", "Lecture 0")]
    )


def test_an_emptied_course_is_found_though_youtube_counts_its_deleted_videos(tmp_path: Path) -> None:
    harness = course(tmp_path, options=NO_PLACEHOLDERS)
    harness.world.delete(video_id(4), NIGHT)
    harness.run(after=7 * DAY)
    harness.world.remove_videos(COURSE, harness.now + HOUR, *[video_id(number) for number in range(4)])
    harness.run(after=DAY)
    assert changes(harness)[1:] == [("taken-out", f"Lecture {number}") for number in range(4)]


def test_a_lecture_without_embedding_is_not_private_when_the_api_leaves_it_out(tmp_path: Path) -> None:
    """oEmbed says 401 of both, and the Data API alone can leave out what lives."""
    harness = course(tmp_path)
    harness.world.disable_embedding(video_id(2), NIGHT)
    harness.world.remove_videos(COURSE, NIGHT, video_id(2))
    harness.world.add_faults(FaultPeriod(Fault.LEFT_OUT, NIGHT, NIGHT + DAY, ids=frozenset({video_id(2)})))
    harness.run(after=DAY)
    assert changes(harness) == []
    harness.run(after=DAY)
    assert changes(harness) == [("taken-out", "Lecture 2")]


def test_a_video_that_is_private_by_a_401_is_so_from_the_second_inspection_on(tmp_path: Path) -> None:
    harness = course(tmp_path, options=replace(NO_PLACEHOLDERS, private_oembed_status=401))
    harness.world.make_private(video_id(2), NIGHT)
    harness.run(after=7 * DAY)
    assert changes(harness) == []
    harness.run(after=DAY)
    assert changes(harness) == [("made-private", "Lecture 2")]


def test_a_placeholder_of_a_lecture_that_oembed_shows_is_no_change(tmp_path: Path) -> None:
    """The listing and `videos.list` are one witness, oEmbed is the other."""
    harness = course(tmp_path)

    def oembed_knows_it(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/oembed"):
            return httpx.Response(200, json={"title": "Lecture 2"})
        return harness.youtube(request)

    harness.world.delete(video_id(2), NIGHT)
    harness.run(after=7 * DAY, transport=oembed_knows_it)
    assert changes(harness) == []
    harness.run(after=7 * DAY)
    assert changes(harness) == [("gone", "Lecture 2")]


def test_a_placeholder_counts_while_oembed_does_not_answer(tmp_path: Path) -> None:
    harness = course(tmp_path)
    harness.world.delete(video_id(2), NIGHT)
    harness.world.add_faults(
        FaultPeriod(Fault.SERVICE_UNAVAILABLE_503, NIGHT, NIGHT + 30 * DAY, surface=Surface.OEMBED)
    )
    assert run_of(harness.check(after=7 * DAY)).complete
    assert changes(harness) == [("gone", "Lecture 2")]


def test_a_course_that_is_reordered_while_it_is_read_loses_nothing(tmp_path: Path) -> None:
    """The first lecture goes to the end between two pages: the reader gets it twice, and another one not at all."""
    harness = course(tmp_path, 60)
    harness.world.add_videos(COURSE, NIGHT, video_id(60))

    def sorting(request: httpx.Request) -> httpx.Response:
        if "pageToken" in request.url.params:
            in_order = [*range(1, 61), 0]
            harness.world.change(COURSE, harness.now, video_ids=tuple(video_id(number) for number in in_order))
        return harness.youtube(request)

    harness.run(after=DAY, transport=sorting)
    harness.run(after=DAY)
    assert members(harness) == [video_id(number) for number in (*range(1, 61), 0)]
    assert sorted(changes(harness)) == [("added", "Lecture 60"), ("moved", "Lecture 0")]


def test_etags_that_change_every_day_cost_one_more_inspection_a_week(tmp_path: Path) -> None:
    harness = course(tmp_path)

    def restless(request: httpx.Request) -> httpx.Response:
        response = harness.youtube(request)
        if not request.url.path.endswith("/playlists"):
            return response
        body = json.loads(response.content)
        body["items"][0]["etag"] = f"of {harness.now}"
        return httpx.Response(200, json=body)

    units = [run_of(harness.check(after=DAY, transport=restless)).quota_units for _ in range(17)]
    assert units == [2, 1, 1, 1, 1, 1, 1, 2, 2, 1, 1, 1, 1, 1, 1, 2, 2]


# What is cut short


def test_retries_do_not_spend_the_units_that_are_kept_for_checks(tmp_path: Path) -> None:
    harness = many_courses(tmp_path)
    harness.settings = replace(ONE_AT_A_TIME, quota_per_day=400)
    harness.world.add_faults(FaultPeriod(Fault.BACKEND_ERROR, MORNING - HOUR, MORNING + HOUR, attempts=2))
    report = harness.check()
    assert 195 <= harness.units <= 200 + 20
    assert run_of(report).complete
    assert looked_into(harness) < 0.5 * COURSES
    assert "playlists postponed: half of the day's quota units" in str(run_of(report).note)
    for _ in range(2):
        harness.run(after=DAY)
    assert looked_into(harness) == COURSES


def stop_at(harness: Harness, path: str, times: int) -> Transport:
    """YouTube, with Ctrl-C at the nth request of a kind."""
    left = times

    def transport(request: httpx.Request) -> httpx.Response:
        nonlocal left
        left -= request.url.path.endswith(path)
        if left == 0 and request.url.path.endswith(path):
            raise KeyboardInterrupt
        return harness.youtube(request)

    return transport


@pytest.mark.parametrize("times", [1, 2, PLAYLISTS_PER_TRANSACTION, PLAYLISTS_PER_TRANSACTION + 1, COURSES])
def test_ctrl_c_saves_the_listings_that_came_and_leaves_the_rest_due(tmp_path: Path, times: int) -> None:
    harness = many_courses(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        harness.run(transport=stop_at(harness, "playlistItems", times))
    assert looked_into(harness) == times - 1
    due = COURSES - times + 1
    assert run_of(harness.check(after=HOUR)).quota_units == -(-COURSES // 50) + due
    assert looked_into(harness) == COURSES
    assert changes(harness) == []


@pytest.mark.parametrize("path", ["videos", "oembed"])
def test_ctrl_c_while_videos_are_asked_about_saves_what_needs_no_answer(tmp_path: Path, path: str) -> None:
    harness = many_courses(tmp_path)
    harness.run()
    for n in range(5):
        harness.world.delete(video_id(2 * n), NIGHT)
        harness.world.add_videos(playlist_id(n + 5), NIGHT, video_id(0))
    with pytest.raises(KeyboardInterrupt):
        harness.run(after=7 * DAY, transport=stop_at(harness, path, 1))
    assert [change for change, _ in changes(harness)] == ["added"] * 5
    harness.run(after=HOUR)
    assert sorted(change for change, _ in changes(harness)) == ["added"] * 5 + ["gone"] * 5


def test_an_inspection_due_to_an_event_is_made_after_an_interruption_too(tmp_path: Path) -> None:
    """The check after it sees the new title only; and no ETag tells it, for YouTube's are not to be relied on."""
    harness = course(tmp_path)
    with harness.database.write() as connection:
        connection.execute(update(looks).values(etag=None))
    harness.world.retitle(COURSE, NIGHT, "Renamed")
    with pytest.raises(KeyboardInterrupt):
        harness.run(after=DAY, transport=stop_at(harness, "playlistItems", 1))
    assert run_of(harness.check(after=HOUR)).quota_units == 2
    assert run_of(harness.check(after=DAY)).quota_units == 1


def test_two_checks_at_once_save_each_change_once(tmp_path: Path) -> None:
    """The second begins and ends while the first one asks what became of a lecture."""
    harness = course(tmp_path)
    harness.world.delete(video_id(2), NIGHT)
    harness.world.remove_videos(COURSE, NIGHT, video_id(3))
    began = False

    def meanwhile(request: httpx.Request) -> httpx.Response:
        nonlocal began
        if request.url.path.endswith("/videos") and not began:
            began = True
            harness.world.remove_videos(COURSE, harness.now, video_id(4))
            harness.run()
        return harness.youtube(request)

    harness.now += DAY
    run_check(harness.catalogue, [LIST], context(harness, meanwhile))
    told = [("gone", "Lecture 2"), ("taken-out", "Lecture 3"), ("taken-out", "Lecture 4")]
    assert sorted(changes(harness)) == told
    assert members(harness) == [video_id(number) for number in (0, 1, 2)], "the older listing does not win"
    harness.run(after=DAY)
    assert sorted(changes(harness)) == told


def context(harness: Harness, transport: Transport) -> CheckContext:
    """What a check of a harness works with."""
    return check_context(
        harness.settings,
        harness.database,
        clock=lambda: harness.now,
        sleep=harness.waited.append,
        client_factory=lambda: httpx.Client(transport=httpx.MockTransport(transport)),
    )
