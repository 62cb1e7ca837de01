"""A check whose PostgreSQL server is restarted, stays away, or cuts its connection: real processes, a real server."""

import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from acceptance.command import TIMEOUT_SECONDS, CommandResult, environment, linkwatch, start_process, wait_for_exit
from integration.check.test_processes import CHECKED, COUNT, EVENTS, RUNS, Town
from sqlalchemy import NullPool, create_engine, text
from with_postgres import Server, running

from linkwatch.settings import Settings
from linkwatch.simulator.serve import YouTubeServer
from linkwatch.store.database import connect

pytestmark = [pytest.mark.long, pytest.mark.postgresql("SQLite has no server")]


@dataclass
class Place:
    """A town whose checks remember on a server of their own, which had a first check before everything changed."""

    town: Town
    server: Server
    env: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.env = {"LINKWATCH_DATABASE_URL": self.server.url}
        with self.town.served() as youtube:
            assert self.check(youtube).code == 0
        self.town.change()

    def check(self, youtube: YouTubeServer) -> CommandResult:
        """One whole check."""
        return linkwatch("check", "--new-only", cwd=self.town.folder, env=environment(youtube, **self.env))

    def start(self, youtube: YouTubeServer) -> "subprocess.Popen[bytes]":
        """A check that is not waited for."""
        return start_process("check", "--new-only", cwd=self.town.folder, env=environment(youtube, **self.env))

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What stands in the database, or what the server says of it."""
        with create_engine(self.server.url, poolclass=NullPool).begin() as connection:
            return [tuple(row) for row in connection.execute(text(query))]

    def assert_the_next_check_goes_on(self) -> None:
        """What was learned before stands; the rest is learned, and each thing was told once."""
        assert self.rows(RUNS)[1:] == [(False, False, None)], "it never ended"
        assert set(self.rows(EVENTS)) < set(self.town.expected_events())
        with self.town.served() as youtube:
            after = self.check(youtube)
        assert (after.code, after.err) == (1, "")
        assert f"3 errors, {COUNT - 3:,} notices in {COUNT:,} links" in after.out
        assert self.rows(EVENTS) == self.town.expected_events()
        assert self.rows(CHECKED) == [(COUNT,)]


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    # What was committed is to survive a crash of the server, though not one of the machine.
    with running("synchronous_commit=on") as server:
        yield Place(Town(tmp_path), server)


def shown(server: Server) -> str:
    """Its address as messages show it: without the user."""
    scheme, _, rest = server.url.partition("://")
    return f"{scheme}://…@{rest.rpartition('@')[2]}"


def assert_told(ran: CommandResult, server: Server, reason: str) -> None:
    """Exit code 3, and on stderr nothing but what failed, where, and what to do."""
    assert (ran.code, ran.out) == (3, "")
    said, remedy = ran.err.splitlines()
    assert said.startswith(f"Error: the database failed during the check: {shown(server)}: ")
    assert reason in said
    assert "See whether the server runs" in remedy
    assert "what was committed is safe" in remedy


def test_a_server_that_is_restarted_while_nobody_asks_it_is_not_noticed(place: Place) -> None:
    with place.town.gated(answers=0, waiting=Settings().calls_in_flight) as (youtube, served):
        checking = place.start(served)
        assert youtube.reached.wait(TIMEOUT_SECONDS)
        place.server.stop()
        place.server.start()
        youtube.gate.set()
        ran = wait_for_exit(checking)
    assert (ran.code, ran.err) == (1, "")
    assert place.rows(EVENTS) == place.town.expected_events()
    assert place.rows(RUNS)[1:] == [(True, True, None)]
    assert place.rows("SELECT sum(units) FROM quota_days") == place.rows("SELECT sum(quota_units) FROM runs")


def test_a_server_that_crashes_and_stays_away_leaves_an_incomplete_check(place: Place) -> None:
    with place.town.gated(answers=45) as (youtube, served):
        checking = place.start(served)
        assert youtube.reached.wait(TIMEOUT_SECONDS)
        place.server.stop(signal.SIGQUIT)
        youtube.gate.set()
        ran = wait_for_exit(checking)
    place.server.start()
    assert_told(ran, place.server, "")
    place.assert_the_next_check_goes_on()


def test_a_connection_that_is_cut_in_the_middle_of_a_transaction_spoils_nothing(place: Place) -> None:
    waiting = "SELECT pid FROM pg_stat_activity WHERE application_name = 'linkwatch' AND wait_event = 'advisory'"
    with (
        place.town.gated(answers=45) as (youtube, served),
        connect(place.server.url) as other,
    ):
        checking = place.start(served)
        assert youtube.reached.wait(TIMEOUT_SECONDS)
        with other.write():  # whoever wants to write waits for this one
            youtube.gate.set()
            while not (pids := place.rows(waiting)):
                assert checking.poll() is None
            for (pid,) in pids:
                place.rows(f"SELECT pg_terminate_backend({pid})")
            ran = wait_for_exit(checking)
    assert_told(ran, place.server, "terminating connection")
    place.assert_the_next_check_goes_on()


def test_a_server_that_is_not_there_is_told_before_anything_is_asked(place: Place) -> None:
    place.server.stop()
    with place.town.served() as served:
        ran = place.check(served)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"Error: {shown(place.server)}: ")
    assert "See whether the server runs" in ran.err
    assert "Traceback" not in ran.err
    place.server.start()
    assert len(place.rows(RUNS)) == 1
