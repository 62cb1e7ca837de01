"""Looks inside in real processes on one database file: one that is killed, and two at once."""

import signal
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pytest
from acceptance.command import (
    TIMEOUT_SECONDS,
    GatedYouTube,
    age_by_a_day,
    environment,
    interrupt,
    linkwatch,
    playlist_urls,
    start_process,
    wait_for_exit,
    write_list,
)
from databases import rows
from integration.check.harness import DAY, HOUR, MORNING, playlist_id, video_id, videos
from integration.check.test_processes import is_sound

from linkwatch.services.inspect import PLAYLISTS_PER_TRANSACTION
from linkwatch.simulator.entities import SimPlaylist
from linkwatch.simulator.serve import YouTubeServer
from linkwatch.simulator.world import World
from linkwatch.simulator.youtube import SimulatedYouTube

pytestmark = pytest.mark.long  # each test is some processes


COURSES = PLAYLISTS_PER_TRANSACTION + 50
LISTED = COURSES // 50
"""Calls of the check itself: those that are answered before the first look."""

LOOKED = "SELECT count(*) FROM looks WHERE looked_at IS NOT NULL"
MEMBERS = "SELECT count(*), count(DISTINCT video_id) FROM memberships"
TOLD = "SELECT change, count(*), count(DISTINCT membership_id) FROM member_events GROUP BY change ORDER BY change"


@dataclass
class School:
    """Courses of three lectures, and the folder where the commands run; the command's clock is the machine's."""

    folder: Path
    now: datetime = MORNING
    world: World = field(init=False)

    def __post_init__(self) -> None:
        courses = [
            SimPlaylist(playlist_id(n), f"Course {n}", video_ids=[video_id(3 * n + place) for place in range(3)])
            for n in range(COURSES)
        ]
        self.world = World([*courses, *videos(3 * COURSES)])
        self.database = self.folder / "linkwatch.db"
        write_list(self.folder, *playlist_urls(course.id for course in courses))

    def change(self) -> None:
        """Every course loses two lectures: one is taken out, one is deleted."""
        for n in range(COURSES):
            self.world.remove_videos(playlist_id(n), MORNING + HOUR, video_id(3 * n))
            self.world.delete(video_id(3 * n + 1), MORNING + HOUR)
        self.now = MORNING + DAY
        age_by_a_day(self.database)

    def check(self) -> None:
        """One whole check."""
        with YouTubeServer(SimulatedYouTube(self.world, lambda: self.now)) as server:
            ran = linkwatch("check", cwd=self.folder, env=environment(server))
        assert (ran.code, ran.err) == (0, "")

    def kill(self, answers: int) -> None:
        """A check that is killed when so many requests have been answered."""
        youtube = GatedYouTube(self.world, lambda: self.now, answers=answers)
        with YouTubeServer(youtube) as server:
            killed = start_process("check", cwd=self.folder, env=environment(server))
            reached = youtube.reached.wait(TIMEOUT_SECONDS)
            ran = interrupt(killed, signal.SIGKILL)
            youtube.gate.set()
        assert (reached, ran.code) == (True, -signal.SIGKILL)


def test_a_check_that_is_killed_among_its_looks_keeps_whole_batches_and_doubles_nothing(tmp_path: Path) -> None:
    school = School(tmp_path)
    school.kill(LISTED + PLAYLISTS_PER_TRANSACTION + 40)
    assert rows(school.database, LOOKED) == [(PLAYLISTS_PER_TRANSACTION,)]
    assert rows(school.database, MEMBERS) == [(3 * PLAYLISTS_PER_TRANSACTION, 3 * PLAYLISTS_PER_TRANSACTION)]
    school.check()
    assert rows(school.database, MEMBERS) == [(3 * COURSES, 3 * COURSES)]
    assert rows(school.database, TOLD) == []
    school.change()
    # What became of 200 videos is asked in four calls, and oEmbed about the 100 that are dead: then the next batch.
    school.kill(LISTED + COURSES + 4 + PLAYLISTS_PER_TRANSACTION + 20)
    assert rows(school.database, TOLD) == [
        (each, PLAYLISTS_PER_TRANSACTION, PLAYLISTS_PER_TRANSACTION) for each in ("gone", "taken-out")
    ]
    school.check()
    assert rows(school.database, TOLD) == [("gone", COURSES, COURSES), ("taken-out", COURSES, COURSES)]
    assert is_sound(school.database)


def test_two_checks_at_once_tell_what_happened_inside_once(tmp_path: Path) -> None:
    school = School(tmp_path)
    school.check()
    school.change()
    with YouTubeServer(SimulatedYouTube(school.world, lambda: school.now)) as server:
        both = [start_process("check", cwd=tmp_path, env=environment(server)) for _ in range(2)]
        ran = [wait_for_exit(process) for process in both]
    assert [(each.code, each.err) for each in ran] == [(0, "")] * 2
    assert rows(school.database, TOLD) == [("gone", COURSES, COURSES), ("taken-out", COURSES, COURSES)]
    assert rows(school.database, "SELECT sum(quota_units) FROM runs") == rows(
        school.database, "SELECT sum(units) FROM quota_days"
    )
