"""What reports say of the insides of playlists, after checks that looked into them."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from integration.check.harness import (
    DAY,
    HOUR,
    INSIDE,
    LIST,
    MORNING,
    Harness,
    finding_of,
    listing,
    playlist_id,
    rules,
    video_id,
    videos,
)

from linkwatch.report.model import Report, Suggestion
from linkwatch.settings import InspectMode
from linkwatch.simulator.entities import SimPlaylist
from linkwatch.simulator.options import Options

COURSE, TWIN = playlist_id(0), playlist_id(1)
TEN = [video_id(number) for number in range(10)]
NIGHT = MORNING + HOUR


def harness(
    folder: Path,
    *lists: SimPlaylist,
    listed: Sequence[str] | None = None,
    options: Options | None = None,
    **settings: object,
) -> Harness:
    """A course of ten lectures, unless other playlists are given; ten more lectures are not in it."""
    made = lists or (SimPlaylist(COURSE, "Linear Algebra", video_ids=TEN),)
    return Harness(
        folder,
        [*made, *videos(20)],
        [each.id for each in made] if listed is None else listed,
        settings=replace(INSIDE, **settings),  # type: ignore[arg-type]  # each by its name
        options=options or Options(),
    )


def messages(report: Report) -> list[str]:
    return [finding.message for finding in report.findings]


def test_the_first_inspection_of_a_complete_course_has_no_findings(tmp_path: Path) -> None:
    assert messages(harness(tmp_path).check()) == []


def test_lectures_that_went_are_told_by_name_and_by_who_took_them(tmp_path: Path) -> None:
    home = harness(tmp_path, hollow_percent=50)
    home.check()
    home.world.remove_videos(COURSE, NIGHT, TEN[3], TEN[6])
    home.world.make_private(TEN[7], NIGHT)
    home.world.delete(TEN[8], NIGHT)
    report = home.check(after=DAY)
    assert messages(report) == [
        "playlist “Linear Algebra” lost 4 videos; removed by the playlist owner: 4. “Lecture 3”, 7. “Lecture 6”; "
        "made private: 6. “Lecture 7”; deleted: 7. “Lecture 8”"
    ]
    assert finding_of(report, "shrunk").new
    assert rules(home.check(after=6 * DAY)) == ["shrunk"]
    assert rules(home.check(after=DAY)) == []


def test_the_counts_are_told_where_they_say_the_same(tmp_path: Path) -> None:
    options = Options(dead_items_listed=False, item_count_includes_dead=False, totals_count_hidden=False)
    home = harness(tmp_path, options=options)
    home.check()
    home.world.remove_videos(COURSE, NIGHT, TEN[3])
    home.world.delete(TEN[8], NIGHT)
    assert messages(home.check(after=DAY)) == [
        "playlist “Linear Algebra” lost 2 videos: 10 → 8; removed by the playlist owner: 4. “Lecture 3”; "
        "deleted: 9. “Lecture 8”"
    ]


def test_a_course_in_which_nobody_looks_is_told_by_its_count_alone(tmp_path: Path) -> None:
    home = harness(tmp_path, inside=InspectMode.OFF)
    home.check()
    home.world.remove_videos(COURSE, NIGHT, TEN[3])
    assert messages(home.check(after=DAY)) == ["playlist “Linear Algebra” lost 1 video: 10 → 9"]


def test_new_lectures_and_those_filmed_anew_are_told_by_name(tmp_path: Path) -> None:
    home = harness(tmp_path)
    home.check()
    home.world.change(COURSE, NIGHT, video_ids=[*TEN[:9], video_id(19), video_id(12)])
    assert messages(home.check(after=DAY)) == [
        "in playlist “Linear Algebra” 10. “Lecture 9” was replaced by “Lecture 19”",
        "playlist “Linear Algebra” gained 1 video: 10 → 11; new: 11. “Lecture 12”",
    ]


def test_a_course_that_loses_a_tenth_is_hollow_for_as_long_as_it_is(tmp_path: Path) -> None:
    home = harness(tmp_path)
    home.check()
    home.world.delete(TEN[3], NIGHT)
    # YouTube's count tells nothing of it, nor does an ETag: it is found by the look that is made every seven days.
    report = home.check(after=8 * DAY)
    hollow = finding_of(report, "hollow")
    assert hollow.message == "1 of 10 videos of playlist “Linear Algebra” is deleted: 4. “Lecture 3”"
    assert (hollow.since, hollow.new) == (home.now, True)
    later = home.check(after=30 * DAY)
    assert rules(later) == ["hollow"]
    assert finding_of(later, "hollow").since == hollow.since
    home.world.bring_back(TEN[3], home.now + HOUR)
    assert "hollow" not in rules(home.check(after=8 * DAY))


def test_what_was_gone_at_the_first_look_is_hollow_from_then_on(tmp_path: Path) -> None:
    home = harness(tmp_path)
    home.world.delete(TEN[3], MORNING - DAY)
    hollow = finding_of(home.check(), "hollow")
    assert hollow.message == f"1 of 10 videos of playlist “Linear Algebra” is deleted: 4. {TEN[3]}"
    assert hollow.since == MORNING


def test_a_course_whose_lectures_are_all_gone_has_no_videos_left(tmp_path: Path) -> None:
    home = harness(tmp_path)
    home.check()
    for video in TEN:
        home.world.delete(video, NIGHT)
    report = home.check(after=8 * DAY)
    assert finding_of(report, "emptied").message == "playlist “Linear Algebra” has no videos left: all 10 are deleted"
    assert "hollow" not in rules(report)


def twins(folder: Path, hollow_percent: int = 10) -> Harness:
    """A course of ten lectures, and one that has eight of them and two others."""
    return harness(
        folder,
        SimPlaylist(COURSE, "Linear Algebra", video_ids=TEN),
        SimPlaylist(TWIN, "Algebra again", video_ids=[*TEN[:8], video_id(10), video_id(11)]),
        hollow_percent=hollow_percent,
    )


def suggestion(report: Report, rule: str) -> Suggestion:
    return finding_of(report, rule).suggestions[0]


def test_two_courses_that_share_most_of_their_lectures_are_told_once(tmp_path: Path) -> None:
    home = twins(tmp_path)
    report = home.check()
    overlap = finding_of(report, "overlap")
    assert rules(report) == ["overlap"]
    assert overlap.message == (
        f"playlist “Algebra again” shares 8 of its 10 videos with “Linear Algebra” ({LIST}:2), "
        "which is newer: its last video was added 2021-09-01"
    )
    assert [link.line for link in overlap.links] == [3, 2]
    assert overlap.new
    home.world.add_videos(TWIN, NIGHT, video_id(12))
    assert finding_of(home.check(after=DAY), "overlap").message == (
        f"playlist “Linear Algebra” shares 8 of its 10 videos with “Algebra again” ({LIST}:3), "
        "which has more available videos: 11, here 10"
    )
    assert not finding_of(home.check(after=DAY), "overlap").new


def test_a_course_that_dies_is_replaced_by_its_twin(tmp_path: Path) -> None:
    home = twins(tmp_path)
    home.check()
    home.world.delete(COURSE, NIGHT)
    report = home.check(after=DAY)
    assert suggestion(report, "dead") == Suggestion(
        f"holds 8 of its 10 videos: “Algebra again” ({LIST}:3)", f"https://www.youtube.com/playlist?list={TWIN}"
    )
    assert finding_of(report, "overlap").message.endswith("which is available")


def test_a_course_that_is_emptied_is_replaced_by_its_twin(tmp_path: Path) -> None:
    home = twins(tmp_path)
    home.check()
    home.world.remove_videos(COURSE, NIGHT, *TEN)
    report = home.check(after=DAY)
    assert suggestion(report, "emptied").text == f"holds 8 of its 10 videos: “Algebra again” ({LIST}:3)"
    assert suggestion(home.check(after=30 * DAY), "emptied").url.endswith(TWIN)


@pytest.mark.parametrize("gone", [[TWIN], TEN], ids=["it is gone", "what it holds is gone"])
def test_a_twin_that_cannot_stand_in_is_not_suggested(tmp_path: Path, gone: Sequence[str]) -> None:
    home = twins(tmp_path)
    home.check()
    home.world.remove_videos(COURSE, NIGHT, *TEN)
    for each in gone:
        home.world.delete(each, NIGHT)
    assert suggestion(home.check(after=8 * DAY), "emptied").text.startswith("an archived copy")


def test_a_twin_of_another_list_is_not_suggested(tmp_path: Path) -> None:
    home = twins(tmp_path)
    home.check()
    home.world.delete(COURSE, NIGHT)
    alone = home.check(after=DAY, catalogue=listing(COURSE, file="other.csv"), files=["other.csv"])
    assert rules(alone) == ["dead"]
    assert suggestion(alone, "dead").text.startswith("an archived copy")


def test_a_lecture_that_leaves_its_course_is_misplaced_in_a_list_that_gives_both(tmp_path: Path) -> None:
    links = [f"https://www.youtube.com/watch?v={video}&list={COURSE}" for video in (TEN[3], TEN[4], video_id(15))]
    home = harness(tmp_path, listed=links)
    report = home.check()
    assert messages(report) == ["video “Lecture 15” is not in playlist “Linear Algebra”"]
    assert finding_of(report, "misplaced").links[0].line == 4
    home.world.remove_videos(COURSE, NIGHT, TEN[3])
    report = home.check(after=DAY)
    left, never = [finding for finding in report.findings if finding.rule.name == "misplaced"]
    assert left.message == (
        "video “Lecture 3” is no longer in playlist “Linear Algebra” (it was number 4 until 2026-11-23)"
    )
    assert (left.since, left.new) == (home.now, True)
    assert (never.since, never.new) == (MORNING, False)
    home.world.add_videos(COURSE, home.now + HOUR, TEN[3])
    assert rules(home.check(after=DAY)).count("misplaced") == 1


def test_nothing_is_misplaced_where_nobody_looked(tmp_path: Path) -> None:
    home = harness(
        tmp_path, listed=[f"https://www.youtube.com/watch?v={video_id(15)}&list={COURSE}"], inside=InspectMode.OFF
    )
    assert messages(home.check()) == []


def test_a_full_look_counts_the_lectures_that_the_readers_cannot_watch(tmp_path: Path) -> None:
    home = harness(tmp_path, inside=InspectMode.FULL, regions=("DE",))
    for video in TEN[:3]:
        home.world.change(video, MORNING - HOUR, blocked=("DE", "FR"))
    home.world.change(TEN[4], MORNING - HOUR, blocked=("US",))
    home.world.change(TEN[5], MORNING - HOUR, age_restricted=True)
    assert messages(home.check()) == [
        "4 of 10 videos of playlist “Linear Algebra” are restricted: "
        "3 are blocked in DE, 1 is age-restricted (sign-in required)"
    ]
    home.settings = replace(home.settings, restrictions=("age",))
    assert messages(home.report()) == [
        "1 of 10 videos of playlist “Linear Algebra” is restricted: 1 is age-restricted (sign-in required)"
    ]


def test_a_listed_video_is_judged_by_the_readers_countries(tmp_path: Path) -> None:
    home = harness(tmp_path, listed=TEN[:2], regions=("DE",))
    home.world.change(TEN[0], MORNING - HOUR, blocked=("FR",))
    home.world.change(TEN[1], MORNING - HOUR, allowed=("FR",))
    assert messages(home.check()) == ["video “Lecture 1” is blocked in DE"]


def test_what_other_lists_hold_is_not_told_in_this_one(tmp_path: Path) -> None:
    home = twins(tmp_path, hollow_percent=1)
    home.check()
    home.world.delete(TEN[9], NIGHT)
    home.check(after=8 * DAY)
    assert {finding.id for finding in home.report().findings} == {COURSE}
    assert messages(home.report(catalogue=listing(TWIN, file="other.csv"), files=["other.csv"])) == []
