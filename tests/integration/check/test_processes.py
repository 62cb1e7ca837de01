"""Real processes on one database file: two at once, one that is killed, one that is stopped, one on a full disk."""

import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from threading import Barrier
from typing import Any

import httpx
import pytest
from acceptance.command import (
    TIMEOUT_SECONDS,
    CommandResult,
    GatedYouTube,
    age_by_a_day,
    environment,
    interrupt,
    linkwatch,
    playlist_urls,
    report_lines,
    start_process,
    wait_for_exit,
    write_list,
)
from databases import SERVER, rows
from integration.check.harness import DAY, HOUR, MORNING, playlist_id, playlists

from linkwatch.simulator.serve import YouTubeServer
from linkwatch.simulator.world import World
from linkwatch.simulator.youtube import SimulatedYouTube

pytestmark = pytest.mark.long  # each test is some processes


COUNT = 3000
DEAD = (0, 1500, COUNT - 1)
EVENTS = "SELECT youtube_id, events.kind FROM events JOIN resources ON resources.id = resource_id ORDER BY 1, 2"
CHECKED = "SELECT count(*) FROM resources WHERE last_checked_at IS NOT NULL"
RUNS = "SELECT finished_at IS NOT NULL, complete, incomplete_reason FROM runs ORDER BY id"


@dataclass
class Clock:
    """The simulated YouTube's time; the command's own is the machine's."""

    now: datetime = MORNING

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Town:
    """3,000 playlists in a list, a world in which they live, and the folder where the commands run."""

    folder: Path
    count: int = COUNT
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        self.world = World(playlists(self.count))
        write_list(self.folder, *playlist_urls(playlist_id(n) for n in range(self.count)))
        self.database = self.folder / "linkwatch.db"

    def change(self) -> None:
        """Everything gets another title, and three of them die."""
        for n in range(self.count):
            self.world.retitle(playlist_id(n), MORNING + HOUR, f"Kurs {n}")
        for n in (0, self.count // 2, self.count - 1):
            self.world.delete(playlist_id(n), MORNING + HOUR)
        self.clock.now = MORNING + DAY
        if self.database.exists():
            age_by_a_day(self.database)

    def expected_events(self) -> list[tuple[str, str]]:
        """Of `change`, each told once."""
        dead = {0, self.count // 2, self.count - 1}
        return sorted((playlist_id(n), "died" if n in dead else "retitled") for n in range(self.count))

    def check(self, *arguments: str, server: YouTubeServer) -> CommandResult:
        """One whole check."""
        return linkwatch("check", *arguments, cwd=self.folder, env=environment(server))

    def start(self, *arguments: str, server: YouTubeServer, **popen: Any) -> "subprocess.Popen[bytes]":
        """A check that is not waited for."""
        return start_process("check", *arguments, cwd=self.folder, env=environment(server), **popen)

    @contextmanager
    def served(self) -> Iterator[YouTubeServer]:
        """The world, answering."""
        with YouTubeServer(SimulatedYouTube(self.world, self.clock)) as server:
            yield server

    @contextmanager
    def gated(self, answers: int, waiting: int = 1) -> Iterator[tuple[GatedYouTube, YouTubeServer]]:
        """The world, answering so many requests and then keeping everybody waiting."""
        youtube = GatedYouTube(self.world, self.clock, answers=answers, waiting=waiting)
        with YouTubeServer(youtube) as server:
            try:
                yield youtube, server
            finally:
                youtube.gate.set()


def is_sound(database: Path) -> bool:
    """Whether SQLite itself finds nothing to complain about; PostgreSQL takes nothing that it would complain about."""
    if SERVER:
        return True
    return rows(database, "PRAGMA integrity_check") == [("ok",)] and rows(database, "PRAGMA foreign_key_check") == []


def test_a_check_that_is_killed_loses_and_doubles_nothing(tmp_path: Path) -> None:
    town = Town(tmp_path)
    with town.served() as server:
        assert town.check(server=server).code == 0
    town.change()
    with town.gated(answers=45) as (youtube, server):
        killed = town.start(server=server)
        assert youtube.reached.wait(TIMEOUT_SECONDS)
        assert interrupt(killed, signal.SIGKILL).code == -signal.SIGKILL
    assert rows(town.database, RUNS)[1:] == [(0, 0, None)], "it never ended"
    assert set(rows(town.database, EVENTS)) < set(town.expected_events())
    assert is_sound(town.database)
    with town.served() as server:
        after = town.check("--new-only", server=server)
    assert (after.code, after.err) == (1, "")
    assert f"3 errors, {COUNT - 3:,} notices in {COUNT:,} links" in after.out, "what the killed check found is new too"
    assert rows(town.database, EVENTS) == town.expected_events()
    assert rows(town.database, CHECKED) == [(COUNT,)]


@pytest.mark.sqlite("its own log lies beside the file")
def test_a_backup_during_a_check_brings_back_what_was_known_then(tmp_path: Path) -> None:
    """What the check wrote afterwards is gone, the log that a killed one leaves beside the file too."""
    town = Town(tmp_path, 1000)
    with town.served() as server:
        assert town.check(server=server).code == 0
    town.change()
    log = tmp_path / "linkwatch.db-wal"
    with closing(sqlite3.connect(town.database)) as last, town.gated(answers=15) as (youtube, server):
        last.execute("SELECT count(*) FROM runs")  # as long as one is connected the log stays
        checking = town.start(server=server)
        assert youtube.reached.wait(TIMEOUT_SECONDS)
        assert linkwatch("db", "backup", "copy.db", cwd=tmp_path, env=environment(key=None)).code == 0
        assert rows(tmp_path / "copy.db", RUNS) == [(1, 1, None), (0, 0, None)]
        then = report_lines(tmp_path, "copy.db")
        youtube.gate.set()
        assert wait_for_exit(checking).code == 1
        assert report_lines(tmp_path, "linkwatch.db") != then
        left = log.read_bytes()
    log.write_bytes(left)
    # The way that `linkwatch db backup --help` says; with the log SQLite would write its pages into the restored file.
    log.unlink()
    (tmp_path / "linkwatch.db-shm").unlink(missing_ok=True)
    (tmp_path / "copy.db").replace(town.database)
    assert report_lines(tmp_path, "linkwatch.db") == then
    assert is_sound(town.database)
    with town.served() as server:
        assert town.check(server=server).code == 1
    assert rows(town.database, EVENTS) == town.expected_events()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_check_that_is_stopped_keeps_what_it_learned(tmp_path: Path, number: signal.Signals) -> None:
    town = Town(tmp_path)
    (tmp_path / "linkwatch.toml").write_text("calls_in_flight = 1\n")
    with town.gated(answers=40) as (youtube, server):
        stopped = town.start(server=server)
        assert youtube.reached.wait(TIMEOUT_SECONDS)
        ran = interrupt(stopped, number)
    assert (ran.code, ran.out) == (130, "")
    assert ran.err.strip() == "Interrupted. The answers received so far are kept."
    assert rows(town.database, RUNS) == [(1, 0, "interrupted")]
    ((learned,),) = rows(town.database, CHECKED)
    # A call is handed out when the answer of the second before it has been taken: by the 41st, 39 were.
    assert 38 * 50 <= learned <= 40 * 50
    with town.served() as server:
        assert town.check(server=server).code == 0
    assert rows(town.database, CHECKED) == [(COUNT,)]
    assert rows(town.database, EVENTS) == []


class MeetingYouTube(SimulatedYouTube):
    """A simulated YouTube that answers nobody before the first calls of two processes have come together."""

    def __init__(self, *args: Any, calls: int) -> None:
        super().__init__(*args)
        self._meeting = Barrier(calls)
        self._met = False

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Answer, after the meeting."""
        if not self._met:
            self._meeting.wait(TIMEOUT_SECONDS)
            self._met = True
        return super().__call__(request)


@pytest.mark.parametrize("history", [True, False], ids=["known before", "on a new database"])
def test_two_checks_at_once_exit_alike_and_tell_everything_once(tmp_path: Path, history: bool) -> None:
    town = Town(tmp_path, 1000)
    if history:
        with town.served() as server:
            assert town.check(server=server).code == 0
    town.change()
    # Eight calls in flight each: sixteen requests wait for each other, and from then on the two run side by side.
    with YouTubeServer(MeetingYouTube(town.world, town.clock, calls=16)) as server:
        both = [town.start("--new-only", server=server) for _ in range(2)]
        ran = [wait_for_exit(process) for process in both]
    assert [(each.code, each.err) for each in ran] == [(1, ""), (1, "")]
    died = [(id_, kind) for id_, kind in town.expected_events() if kind == "died"]
    assert rows(town.database, EVENTS) == (town.expected_events() if history else died)
    assert rows(town.database, "SELECT count(*), count(DISTINCT youtube_id) FROM resources") == [(1000, 1000)]
    assert rows(town.database, RUNS)[-2:] == [(1, 1, None), (1, 1, None)]
    assert rows(town.database, "SELECT sum(quota_units) FROM runs") == rows(
        town.database, "SELECT sum(units) FROM quota_days"
    )
    assert is_sound(town.database)


@pytest.mark.sqlite("a limit on the size of the command's files is none on the server's")
def test_a_full_disk_is_said_and_spoils_nothing(tmp_path: Path) -> None:
    town = Town(tmp_path)
    small = Town(tmp_path, 100)
    with small.served() as server:
        assert small.check(server=server).code == 0
    town = Town(tmp_path)
    with town.served() as server:
        # A limit on the size of files is what a full disk looks like from inside, and needs no disk of its own.
        command = ["sh", "-c", 'ulimit -f "$0"; exec "$@"', "800", sys.executable, "-m", "linkwatch", "check"]
        full = wait_for_exit(
            subprocess.Popen(
                command, cwd=tmp_path, env=environment(server), stdout=subprocess.PIPE, stderr=subprocess.PIPE
            )
        )
        assert full.code == 3
        assert full.out == ""
        assert "the database failed during the check: sqlite:///linkwatch.db: disk I/O error" in full.err
        assert "See whether the disk is full or broken; what was committed is safe." in full.err
        assert is_sound(town.database)
        assert town.check(server=server).code == 0
    assert rows(town.database, CHECKED) == [(COUNT,)]
