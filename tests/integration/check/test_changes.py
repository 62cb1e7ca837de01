"""What lives and is no longer what it was: told once as an event, and in the report for as long as it matters."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from integration.check.harness import (
    DAY,
    HOUR,
    MORNING,
    Harness,
    channel_id,
    finding_of,
    playlist_id,
    playlists,
    rules,
    video_id,
)

from linkwatch.simulator.entities import SimChannel, SimPlaylist, SimVideo
from linkwatch.simulator.faults import Fault, FaultPeriod
from linkwatch.simulator.world import World

COURSE, LECTURE = playlist_id(0), video_id(0)
OLD, NEW = SimChannel(channel_id(0), "Old owner"), SimChannel(channel_id(1), "New owner")
INSIDE = tuple(video_id(n) for n in range(100, 110))
Happening = Callable[[World, datetime], None]


def town(folder: Path) -> Harness:
    """A course of ten videos, a lecture, and two channels that aren't listed."""
    course, lecture = SimPlaylist(COURSE, "Course", OLD.id, INSIDE), SimVideo(LECTURE, "Lecture", OLD.id)
    return Harness(folder, [OLD, NEW, course, lecture], [COURSE, LECTURE])


@pytest.mark.parametrize(
    ("happens", "rule", "level", "said"),
    [
        (lambda w, at: w.retitle(COURSE, at, "Curse"), "retitled", "notice", "title changed: “Course” → “Curse”"),
        (lambda w, at: w.retitle(LECTURE, at, "Lesson"), "retitled", "notice", "title changed: “Lecture” → “Lesson”"),
        (lambda w, at: w.add_videos(COURSE, at, video_id(200)), "grown", "notice", "gained 1 video: 10 → 11"),
        (lambda w, at: w.remove_videos(COURSE, at, *INSIDE[:4]), "shrunk", "warning", "lost 4 videos: 10 → 6"),
        (
            lambda w, at: w.change_owner(COURSE, at, NEW.id),
            "owner-changed",
            "warning",
            "→ New owner (playlist",
        ),
        (
            lambda w, at: w.change_owner(LECTURE, at, NEW.id),
            "owner-changed",
            "warning",
            "owner changed: Old owner → New owner (video “Lecture”)",
        ),
    ],
    ids=["retitled playlist", "retitled video", "grown", "shrunk", "playlist handed over", "video handed over"],
)
def test_a_change_is_told_once_and_reported_for_a_week(
    tmp_path: Path, happens: Happening, rule: str, level: str, said: str
) -> None:
    harness = town(tmp_path)
    assert rules(harness.check()) == []
    happens(harness.world, MORNING + HOUR)
    for day in range(1, 8):
        report = harness.check(after=DAY)
        finding = finding_of(report, rule)
        assert rules(report) == [rule]
        assert (finding.level, finding.new) == (level, day == 1)
        assert said in finding.message
        assert finding.since == MORNING + DAY
    assert rules(harness.check(after=DAY)) == []
    assert [kind for _, kind in harness.events()] == [rule]


@pytest.mark.parametrize(
    ("happens", "rule", "level"),
    [
        (lambda w, at: w.remove_videos(COURSE, at, *INSIDE), "emptied", "error"),
        (lambda w, at: w.disable_embedding(LECTURE, at), "restricted", "warning"),
        (lambda w, at: w.change(LECTURE, at, age_restricted=True), "restricted", "warning"),
        (lambda w, at: w.change(LECTURE, at, blocked=("DE", "FR")), "restricted", "warning"),
        (lambda w, at: w.change(LECTURE, at, allowed=()), "restricted", "warning"),
    ],
    ids=["emptied", "can't be embedded", "age-restricted (sign-in required)", "blocked", "shown nowhere"],
)
def test_a_state_is_told_once_and_reported_for_as_long_as_it_lasts(
    tmp_path: Path, happens: Happening, rule: str, level: str
) -> None:
    harness = town(tmp_path)
    harness.run()
    happens(harness.world, MORNING + HOUR)
    for day in range(1, 15):
        report = harness.check(after=DAY)
        assert rules(report) == [rule]
        assert (finding_of(report, rule).level, finding_of(report, rule).new) == (level, day == 1)
    assert [kind for _, kind in harness.events()] == [rule]


def test_an_emptied_playlist_that_is_filled_again_is_fine(tmp_path: Path) -> None:
    harness = town(tmp_path)
    harness.run()
    harness.world.remove_videos(COURSE, MORNING + HOUR, *INSIDE)
    assert "it had 10" in finding_of(harness.check(after=DAY), "emptied").message
    harness.world.add_videos(COURSE, harness.now + HOUR, *INSIDE)
    assert rules(harness.check(after=DAY)) == ["grown"]


def test_a_playlist_that_is_listed_empty_is_emptied(tmp_path: Path) -> None:
    harness = Harness(tmp_path, [SimPlaylist(COURSE, "Nothing yet")])
    assert rules(harness.check()) == ["emptied"]
    assert harness.events() == []


def test_a_lifted_restriction_is_over(tmp_path: Path) -> None:
    harness = town(tmp_path)
    harness.run()
    harness.world.change(LECTURE, MORNING + HOUR, age_restricted=True)
    harness.run(after=DAY)
    harness.world.change(LECTURE, harness.now + HOUR, age_restricted=False)
    assert rules(harness.check(after=DAY)) == []
    assert [kind for _, kind in harness.events()] == ["restricted", "unrestricted"]


@pytest.mark.parametrize(
    "title", ["Cafe\u0301  Course", " Café Course ", "Café\u00a0Course"], ids=["decomposed", "padded", "hard space"]
)
def test_a_title_that_is_only_spelt_otherwise_is_no_news(tmp_path: Path, title: str) -> None:
    harness = Harness(tmp_path, [SimPlaylist(COURSE, "Café Course", item_count=3)])
    harness.run()
    harness.world.retitle(COURSE, MORNING + HOUR, title)
    harness.run(after=DAY)
    assert harness.events() == []


def test_several_changes_at_once_are_all_told(tmp_path: Path) -> None:
    harness = town(tmp_path)
    harness.run()
    harness.world.retitle(COURSE, MORNING + HOUR, "Curse")
    harness.world.remove_videos(COURSE, MORNING + HOUR, INSIDE[0])
    harness.world.change_owner(COURSE, MORNING + HOUR, NEW.id)
    assert rules(harness.check(after=DAY)) == ["owner-changed", "shrunk", "retitled"]


def test_changes_that_happen_while_it_is_missing_are_told_when_it_returns(tmp_path: Path) -> None:
    harness = town(tmp_path)
    harness.run()
    harness.world.make_private(COURSE, MORNING + HOUR)
    harness.world.retitle(COURSE, MORNING + HOUR, "Curse")
    harness.run(after=DAY)
    harness.world.bring_back(COURSE, harness.now + HOUR)
    report = harness.check(after=DAY)
    assert rules(report) == ["retitled"]
    assert [kind for _, kind in harness.events()] == ["died", "recovered", "retitled"]


def test_what_nobody_answered_about_for_two_weeks_is_stale(tmp_path: Path) -> None:
    harness = Harness(tmp_path, playlists(3))
    harness.run()
    harness.world.add_faults(FaultPeriod(Fault.SERVICE_UNAVAILABLE_503, MORNING + HOUR, MORNING + 20 * DAY))
    for _ in range(13):
        assert rules(harness.check(after=DAY)) == []
    report = harness.check(after=DAY)
    assert rules(report) == ["stale"] * 3
    assert "no check got an answer for playlist “Course 0” since 2026-11-22" in report.findings[0].message
    harness.run(after=6 * DAY)
    assert rules(harness.report()) == []


def test_what_grew_stale_between_two_checks_is_new_once(tmp_path: Path) -> None:
    """Checks drift by minutes, and the fortnight is over at none of their moments."""
    harness = Harness(tmp_path, playlists(1))
    harness.run()
    harness.world.add_faults(FaultPeriod(Fault.SERVICE_UNAVAILABLE_503, MORNING + HOUR, MORNING + 20 * DAY))
    harness.run(after=14 * DAY - HOUR)
    assert finding_of(harness.check(after=2 * HOUR), "stale").new
    assert not finding_of(harness.check(after=DAY), "stale").new


def test_what_was_never_answered_about_grows_stale_too(tmp_path: Path) -> None:
    harness = Harness(tmp_path, playlists(1))
    harness.world.add_faults(FaultPeriod(Fault.SERVICE_UNAVAILABLE_503, MORNING, MORNING + 20 * DAY))
    harness.run()
    report = harness.check(after=14 * DAY)
    assert rules(report) == ["stale"]
    assert " (first seen 2026-11-22)" in report.findings[0].message
