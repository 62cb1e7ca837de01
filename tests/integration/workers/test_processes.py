"""Worker processes: killed, stopped, cut off from their server, with a wrong clock; each call counts once.

LINKWATCH_TEST_PLAYLISTS sets the size of the large ones, LINKWATCH_TEST_SEEDS how many of them: `make test-cluster`.
"""

import os
import random
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Any

import pytest
from acceptance.command import environment, start_process, wait_for_exit
from integration.check.test_processes import Town
from sqlalchemy import NullPool, create_engine, text
from with_postgres import Server, running

from linkwatch.simulator.serve import YouTubeServer
from linkwatch.simulator.youtube import SimulatedYouTube

pytestmark = [pytest.mark.long, pytest.mark.postgresql("workers meet on PostgreSQL")]

PLAYLISTS = int(os.environ.get("LINKWATCH_TEST_PLAYLISTS", "10000"))
SEEDS = int(os.environ.get("LINKWATCH_TEST_SEEDS", "1"))
AT_ONCE = 4
"""Calls of one worker."""

PATIENCE = 240 + PLAYLISTS / 100
"""Seconds within which what must happen has happened, on the slowest machine."""

EVENTS = (
    "SELECT r.youtube_id, e.kind FROM events e JOIN resources r ON r.id = e.resource_id"
    " WHERE e.run_id = (SELECT max(id) FROM runs)"
)
ANSWERED = "SELECT count(*) FILTER (WHERE outcome IS NOT NULL), count(*) FROM calls"
ALIVE = "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - interval '15 seconds'"
ENDED = "SELECT complete, incomplete_reason FROM runs WHERE id = 2 AND finished_at IS NOT NULL"
FRESH = "SELECT count(*) FROM runs WHERE abs(started_at / 1000 - extract(epoch FROM now())) < 3600"
LEADER = "SELECT holder FROM leases WHERE name = 'daemon' AND holder IS NOT NULL"


@dataclass
class Cluster:
    """A town whose list was checked once, changed since, and is to be checked by workers."""

    town: Town
    server: Server
    youtube: SimulatedYouTube
    served: YouTubeServer
    workers: list["subprocess.Popen[bytes]"] = field(default_factory=list)
    logs: list[Path] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.env = environment(self.served, LINKWATCH_DATABASE_URL=self.server.url, LINKWATCH_INSIDE="off")
        first = start_process("check", "--quiet", "--new-only", cwd=self.town.folder, env=self.env)
        first.communicate(timeout=PATIENCE)
        assert first.returncode == 0
        self.execute("UPDATE resources SET last_checked_at = last_checked_at - 2 * 86400000")
        self.units_before = self.units()
        self.town.change()

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with create_engine(self.server.url, poolclass=NullPool).begin() as connection:
            return [tuple(row) for row in connection.execute(text(query))]

    def execute(self, statement: str) -> None:
        with create_engine(self.server.url, poolclass=NullPool).begin() as connection:
            connection.execute(text(statement))

    def units(self) -> int:
        """What YouTube has charged, whenever."""
        return sum(1 for asked in self.youtube.log if asked.method.endswith(".list"))

    def booked(self) -> int:
        """What stands in the account."""
        return int(self.rows("SELECT sum(units) FROM quota_days")[0][0])

    def employ(self, *arguments: str, program: str | None = None) -> "subprocess.Popen[bytes]":
        """Start one more worker; what it says goes into a file."""
        log = self.town.folder / f"worker-{len(self.logs)}.log"
        said = ("worker", "--concurrency", str(AT_ONCE), *arguments)
        with log.open("wb") as file:
            if program is None:
                worker = start_process(*said, cwd=self.town.folder, env=self.env, stdout=file, stderr=file)
            else:
                command = [sys.executable, "-c", program, *said]
                worker = subprocess.Popen(command, cwd=self.town.folder, env=self.env, stdout=file, stderr=file)
        self.workers.append(worker)
        self.logs.append(log)
        return worker

    def all_alive(self) -> bool:
        """Whether each worker is alive; those that could not begin, for the server was down, are started anew.

        A supervisor does the same, whenever one ends.
        """
        for worker in [worker for worker in self.workers if worker.poll() is not None]:
            assert worker.returncode == 2
            self.workers.remove(worker)
            self.employ()
        return self.rows(ALIVE) == [(len(self.workers),)]

    def said(self, pattern: str) -> bool:
        """Whether a worker has said it."""
        return any(re.search(pattern, log.read_text("utf-8")) for log in self.logs)

    def wait(self, for_what: Callable[[], bool]) -> None:
        """Look until it is so."""
        until, pause = monotonic() + PATIENCE, Event()
        while not for_what():
            assert monotonic() < until, [log.read_text("utf-8") for log in self.logs]
            pause.wait(0.1)  # between two looks: what is looked for needs the machine

    def wait_for_share(self, share: float) -> None:
        """Look until so much of the second check's calls are answered for, or it has ended."""

        def is_so() -> bool:
            ((answered, calls),) = self.rows(ANSWERED)
            return bool(calls and answered >= share * calls) or bool(self.rows(ENDED))

        self.wait(is_so)

    def leader(self) -> "subprocess.Popen[bytes] | None":
        """The worker that plans now."""
        for (holder,) in self.rows(LEADER):
            pid = int(holder.split(":")[1])
            return next((worker for worker in self.workers if worker.pid == pid), None)
        return None

    def close(self) -> None:
        for worker in self.workers:
            worker.send_signal(signal.SIGCONT)
            worker.kill()
            worker.communicate()

    def assert_all_was_learned_once(self, *, in_flight: int) -> None:
        """The second check is whole: each resource judged, each event reported once, no unit more than it takes.

        Args:
            in_flight: Calls that may have been on their way when something was killed.
        """
        assert self.rows(ENDED) == [(True, None)]
        count = self.town.count
        run = "SELECT count(*) FROM resources WHERE last_checked_at = (SELECT started_at FROM runs WHERE id = 2)"
        assert self.rows(run) == [(count,)]
        assert sorted(self.rows(EVENTS)) == self.town.expected_events()
        titles = "SELECT count(*), count(DISTINCT resource_id) FROM spans WHERE attribute = 'title'"
        assert self.rows(titles) == [(count - 3, count - 3)]
        assert self.rows("SELECT count(*) FROM calls") == [(0,)]
        assert self.rows("SELECT count(*) FROM runs") == [(2,)]
        plan = -(-count // 50) + 1  # the last asks about the channel that the three deleted playlists belong to
        spent = self.units() - self.units_before
        assert plan <= spent <= plan + in_flight
        assert 0 <= self.booked() - self.units() <= in_flight, "a unit is booked before it is spent, and no other"
        ((of_run,),) = self.rows("SELECT quota_units FROM runs WHERE id = 2")
        assert of_run <= spent


@dataclass
class Blows:
    """What strikes workers and their server."""

    cluster: Cluster
    lot: random.Random
    in_flight: int = 0
    """Calls that may have been on their way at all of the blows."""

    stopped: list["subprocess.Popen[bytes]"] = field(default_factory=list)

    def kill(self) -> None:
        """Kill a worker with -9; another one is started in its place."""
        self._kill(self._any())

    def kill_leader(self) -> None:
        """Kill the one that plans."""
        self._kill(self.cluster.leader() or self._any())

    def stop(self) -> None:
        """Stop a worker, as a host that is cut off: it holds what it holds, and says nothing."""
        worker = self._any()
        worker.send_signal(signal.SIGSTOP)
        self.stopped.append(worker)
        self.in_flight += AT_ONCE + 1

    def restart(self) -> None:
        """Restart the server, which disconnects everybody."""
        self._restart(signal.SIGINT)

    def crash(self) -> None:
        """Let the server crash."""
        self._restart(signal.SIGQUIT)

    def go_on(self) -> None:
        """Let the stopped ones go on."""
        for worker in self.stopped:
            worker.send_signal(signal.SIGCONT)

    def _any(self) -> "subprocess.Popen[bytes]":
        return self.lot.choice([worker for worker in self.cluster.workers if worker not in self.stopped])

    def _kill(self, worker: "subprocess.Popen[bytes]") -> None:
        worker.kill()
        worker.communicate()
        self.cluster.workers.remove(worker)
        self.cluster.employ()
        self.in_flight += AT_ONCE + 1

    def _restart(self, number: signal.Signals) -> None:
        self.cluster.server.stop(number)
        self.cluster.server.start()
        self.in_flight += len(self.cluster.workers) * (AT_ONCE + 1)


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Callable[[int], Cluster]]:
    with ExitStack() as stack:

        def make(count: int) -> Cluster:
            town = Town(tmp_path, count)
            # What is committed stays so when the server crashes, as the account of units is to.
            server = stack.enter_context(running("synchronous_commit=on"))
            youtube = SimulatedYouTube(town.world, town.clock)
            served = stack.enter_context(YouTubeServer(youtube))
            made = Cluster(town, server, youtube, served)
            stack.callback(made.close)
            return made

        yield make


def ended(worker: "subprocess.Popen[bytes]", number: signal.Signals) -> int:
    """Tell a worker to end; returns its exit code."""
    worker.send_signal(number)
    worker.communicate(timeout=PATIENCE)
    return worker.returncode


def test_four_workers_share_a_check_and_spend_exactly_its_plan(cluster: Callable[[int], Cluster]) -> None:
    there = cluster(PLAYLISTS)
    for number in range(4):
        there.employ(*(["--no-plan"] if number else []))
    there.wait(lambda: bool(there.rows(ENDED)))
    there.assert_all_was_learned_once(in_flight=0)
    assert there.rows("SELECT count(*) FROM procrastinate_workers") == [(4,)]
    for worker, number, code in zip(there.workers, [signal.SIGTERM, signal.SIGINT] * 2, [0, 130] * 2, strict=True):
        assert ended(worker, number) == code
    assert there.rows("SELECT count(*) FROM procrastinate_workers") == [(0,)]
    there.workers.clear()


@pytest.mark.parametrize("seed", range(SEEDS))
def test_after_any_fault_each_resource_is_evaluated_once_and_each_event_saved_once(
    seed: int, cluster: Callable[[int], Cluster]
) -> None:
    there = cluster(PLAYLISTS)
    blows = Blows(there, random.Random(seed))  # noqa: S311  # the same blows every time
    for _ in range(4):
        there.employ()
    shares = (0.05, 0.2, 0.35, 0.5, 0.65, 0.8)
    for share, blow in zip(
        shares, (blows.kill, blows.restart, blows.stop, blows.kill_leader, blows.crash, blows.kill), strict=True
    ):
        there.wait_for_share(share)
        blow()
    there.wait(lambda: bool(there.rows(ENDED)))
    there.assert_all_was_learned_once(in_flight=blows.in_flight)
    blows.go_on()
    there.wait(there.all_alive)
    there.assert_all_was_learned_once(in_flight=blows.in_flight)


def test_a_worker_whose_server_is_gone_says_so_and_reconnects(
    cluster: Callable[[int], Cluster],
) -> None:
    there = cluster(200)
    there.server.stop()
    ran = wait_for_exit(start_process("worker", cwd=there.town.folder, env=there.env))
    assert ran.code == 2, "one that can't begin says so and ends"
    assert "See whether the server runs" in ran.err
    there.server.start()
    worker = there.employ("--no-plan")
    there.wait(lambda: there.said("makes 4 calls at once") and there.rows(ALIVE) == [(1,)])
    there.server.stop()
    there.wait(lambda: there.said(r"the work failed: postgresql\+psycopg://…@127\S+: .*; it starts again in \d+ s"))
    assert worker.poll() is None
    there.server.start()
    there.employ()
    there.wait(lambda: bool(there.rows(ENDED)))
    there.assert_all_was_learned_once(in_flight=0)
    assert ended(worker, signal.SIGTERM) == 0


def test_a_planner_that_is_stopped_leaves_its_check_to_another(
    cluster: Callable[[int], Cluster],
) -> None:
    there = cluster(200)
    planner = there.employ("--concurrency", "1", program=WITHOUT_ITS_CALLS)
    there.wait(lambda: there.rows(ANSWERED) == [(0, 4)])
    assert ended(planner, signal.SIGTERM) == 0
    assert there.rows(LEADER) == []
    there.employ()
    there.wait(lambda: bool(there.rows(ENDED)))
    there.assert_all_was_learned_once(in_flight=0)


def test_a_daemon_with_workers_makes_no_calls_itself(cluster: Callable[[int], Cluster]) -> None:
    there = cluster(200)
    there.employ("--no-plan")
    # On a host with a wrong clock: the runs are dated by the server's, as those of workers are.
    command = [sys.executable, "-c", DAYS_AHEAD, "daemon", "--workers", "--bind", "127.0.0.1:0"]
    daemon = subprocess.Popen(command, cwd=there.town.folder, env=there.env, stderr=subprocess.DEVNULL)
    there.workers.append(daemon)
    there.wait(lambda: bool(there.rows(ENDED)))
    there.assert_all_was_learned_once(in_flight=0)
    assert there.rows("SELECT count(*) FROM procrastinate_workers") == [(1,)]
    assert there.rows(FRESH) == [(2,)]
    assert ended(daemon, signal.SIGTERM) == 0


def test_the_clock_of_a_host_may_be_wrong(cluster: Callable[[int], Cluster]) -> None:
    there = cluster(200)
    there.employ(program=DAYS_AHEAD)
    there.wait(lambda: bool(there.rows(ENDED)))
    there.assert_all_was_learned_once(in_flight=0)
    assert there.rows(FRESH) == [(2,)]
    assert len(there.rows("SELECT day FROM quota_days")) == 1


WITHOUT_ITS_CALLS = """
from linkwatch.workers import tasks
tasks.WorkerTasks.queues = property(lambda _: [tasks.PLANS_QUEUE])
from linkwatch.__main__ import main
main()
"""
"""A worker that plans and makes no calls."""

DAYS_AHEAD = """
import time
from datetime import timedelta
import linkwatch.clock
now, seconds = linkwatch.clock.utc_now, time.time
linkwatch.clock.utc_now = lambda: now() + timedelta(days=3)
time.time = lambda: seconds() + 3 * 86400
from linkwatch.__main__ import main
main()
"""
"""A worker whose host is three days ahead."""
