"""Jobs in a real queue: enqueued with the run or not at all, requeued when their worker is dead."""

import asyncio
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest
from databases import change, rows, url_of
from integration.check.harness import KEYED, Harness, playlists, run_of
from integration.workers.crew import Crew
from integration.workers.queue import in_app, work_off
from procrastinate import App
from procrastinate.exceptions import ConnectorException

from linkwatch.errors import StoreError
from linkwatch.models.observation import State
from linkwatch.planner.calls import Call, CheckPlan, Method
from linkwatch.services.executor import DistributedRun
from linkwatch.store.runs import insert_run
from linkwatch.workers.executor import WorkerExecutor
from linkwatch.workers.queue import database_clock, enqueue_calls
from linkwatch.workers.schema import upgrade_queue_schema
from linkwatch.workers.tasks import WorkerTasks, requeue_stalled_jobs

pytestmark = pytest.mark.postgresql("queues are on PostgreSQL alone")

JOBS = "SELECT task_name, status::text, args FROM procrastinate_jobs ORDER BY id"


class Crowd(Crew):
    """Workers behind a real queue, of which each turn of the planner lets one take all that waits."""

    @property
    def executor(self) -> WorkerExecutor:
        return WorkerExecutor(enqueue=enqueue_calls, sleep=self.wait, monotonic=lambda: self.asleep)

    def wait(self, seconds: float) -> None:
        self.asleep += seconds
        work_off(url_of(self.harness.folder / "linkwatch.db"), self.runner)


@pytest.fixture
def harness(tmp_path: Path) -> Harness:
    made = Harness(tmp_path, playlists(120), settings=KEYED)
    upgrade_queue_schema(made.database)
    return made


def handed_out(harness: Harness) -> int:
    """A run whose calls are in the queue."""
    crew, calls = Crowd(harness), tuple(harness.catalogue.resources())
    with harness.database.write() as connection:
        run_id = insert_run(connection, scope="resources.csv", source="data-api", now=harness.now)
    plan = CheckPlan(calls=(Call(Method.PLAYLISTS, calls[:50]), Call(Method.PLAYLISTS, calls[50:100])))
    crew.executor.distribute(harness.database, DistributedRun(run_id, harness.now, plan))
    return run_id


def test_a_check_through_the_queue(harness: Harness) -> None:
    report = harness.check(executor=Crowd(harness).executor)
    assert run_of(report).complete
    assert run_of(report).quota_units == harness.units == 3
    assert {item.state for item in report.resources} == {State.AVAILABLE}
    assert rows(harness.folder / "linkwatch.db", JOBS) == [], "a queue that is worked off is empty"


def test_jobs_are_enqueued_in_the_transaction_of_their_run(harness: Harness) -> None:
    with harness.database.engine.connect() as connection:
        enqueue_calls(connection, 1, [0, 1])
        connection.rollback()
    assert rows(harness.folder / "linkwatch.db", JOBS) == []


def test_the_calls_of_a_dead_worker_are_requeued_and_its_other_jobs_deleted(harness: Harness) -> None:
    file = harness.folder / "linkwatch.db"
    run_id = handed_out(harness)
    change(
        file,
        "INSERT INTO procrastinate_workers (id, last_heartbeat) OVERRIDING SYSTEM VALUE"
        " VALUES (70, now() - interval '31 seconds'), (71, now() - interval '5 seconds')",
        # It had a call and the plan when it was killed, and the next plan waits already.
        "UPDATE procrastinate_jobs SET status = 'doing', worker_id = 70 WHERE (args->>'number')::int = 0",
        "UPDATE procrastinate_jobs SET status = 'doing', worker_id = 71 WHERE (args->>'number')::int = 1",
        "INSERT INTO procrastinate_jobs (queue_name, task_name, queueing_lock, status, worker_id)"
        " VALUES ('planning', 'plan', 'plan', 'doing', 70)",
        "INSERT INTO procrastinate_jobs (queue_name, task_name, queueing_lock) VALUES ('planning', 'plan', 'plan')",
    )
    in_app(url_of(file), requeue_stalled_jobs)
    assert rows(file, JOBS) == [
        ("ask", "todo", {"run_id": run_id, "number": 0}),
        ("ask", "doing", {"run_id": run_id, "number": 1}),
        ("plan", "todo", {}),
    ]
    in_app(url_of(file), requeue_stalled_jobs)
    assert [row[1] for row in rows(file, JOBS)] == ["todo", "doing", "todo"], "who gives signs of life keeps its call"


def test_a_call_whose_outcome_could_not_be_saved_is_made_again(harness: Harness) -> None:
    class Failing:
        def __init__(self) -> None:
            self.asked: list[int] = []

        def run_call(self, run_id: int, number: int) -> bool:
            self.asked.append(number)
            if len(self.asked) == 1:
                raise StoreError("the disk of the server is full")
            return True

    failing = Failing()
    file = harness.folder / "linkwatch.db"
    handed_out(harness)
    work_off(url_of(file), failing)
    assert sorted(failing.asked) == [0, 0, 1]
    assert rows(file, JOBS) == []


def test_a_worker_that_was_given_up_as_dead_ends(harness: Harness) -> None:
    file = harness.folder / "linkwatch.db"

    async def run(app: App) -> None:
        working = asyncio.ensure_future(
            app.run_worker_async(update_heartbeat_interval=0.05, install_signal_handlers=False, listen_notify=False)
        )
        while not rows(file, "SELECT 1 FROM procrastinate_workers"):
            await asyncio.wait({working}, timeout=0.05)
        change(file, "DELETE FROM procrastinate_workers")
        # Whichever query notices first that it is gone: the heartbeat, or the one for the next job, with an error.
        with suppress(ConnectorException):
            await asyncio.wait_for(working, 60)
        assert working.done()

    in_app(url_of(file), run)
    assert rows(file, "SELECT 1 FROM procrastinate_workers") == []


def test_a_bug_ends_its_job_and_not_the_worker(harness: Harness) -> None:
    bugs: list[Exception] = []

    class Buggy:
        def run_call(self, run_id: int, number: int) -> bool:
            raise ZeroDivisionError

    tasks = WorkerTasks(Buggy(), None, stopping=Event(), say=lambda line: None, on_bug=bugs.append)  # type: ignore[arg-type]
    tasks.run_call(1, 0)
    assert [type(bug) for bug in bugs] == [ZeroDivisionError]


def test_the_clock_is_that_of_the_server(harness: Harness) -> None:
    now = database_clock(harness.database)()
    ((database_time,),) = rows(harness.folder / "linkwatch.db", "SELECT clock_timestamp()")
    assert timedelta() <= database_time - now < timedelta(minutes=1)
    assert now.utcoffset() == timedelta()
