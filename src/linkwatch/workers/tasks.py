"""The tasks that workers are given: make a call, plan what is due, take up what a dead worker left.

No task has a lock: one of a killed worker would keep the job from ever being taken up again. That only one plans is
the lease's, and that a call counts once the store's.
"""

from collections.abc import Callable
from contextlib import suppress
from threading import Event, Lock

from procrastinate import App, BaseRetryStrategy, JobContext, PsycopgConnector, RetryDecision
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager

from linkwatch.daemon.scheduler import Scheduler
from linkwatch.errors import LinkwatchError, StoreError
from linkwatch.models.times import EPOCH
from linkwatch.workers.batch import BatchRunner
from linkwatch.workers.queue import CALL_TASK, CALLS_QUEUE, PLANS_QUEUE, conninfo_of

EACH_MINUTE = "* * * * *"
EACH_QUARTER_OF_IT = "* * * * * */15"

STALLED = 30.0
"""Seconds without a sign of life after which a worker is taken for dead, and its jobs are taken up by others."""

CONNECTIONS = 4
"""Of one worker to the queue, at most."""

ATTEMPTS = 10
"""How often a call is made that the database would not let us remember; afterwards whoever planned it has to."""

PAUSE = 5.0
"""Seconds between two of them."""


class _AtOnce(BaseRetryStrategy):
    """Lets a call be made again that could not be remembered; its worker has waited, by no clock of its host."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """At once, or never."""
        again = isinstance(exception, StoreError) and job.attempts < ATTEMPTS
        return RetryDecision(retry_at=EPOCH) if again else None


class _Manager(JobManager):
    """Notices that others took this worker for dead, as after its host slept: it would be given no job any more."""

    async def update_heartbeat(self, worker_id: int) -> None:
        """Give a sign of life; what this raises ends the worker, and another one is begun in its place."""
        await super().update_heartbeat(worker_id)
        found = "SELECT id FROM procrastinate_workers WHERE id = %(worker_id)s"
        if not await self.connector.execute_query_all_async(found, worker_id=worker_id):
            raise ConnectorException("this worker was taken for dead")


class WorkerTasks:
    """What a worker does, apart from the process it runs in.

    Args:
        batches: Makes the calls.
        watcher: Plans what is due; None: this worker only makes calls.
        told: Set when the process is to end.
        alive: Called when a plan begins: from then on, work that stands still gives up its lease.
        say: Takes the log.
        on_bug: Takes what nobody expected.
    """

    def __init__(
        self,
        batches: BatchRunner,
        watcher: Scheduler | None,
        *,
        told: Event,
        alive: Callable[[], None] = lambda: None,
        say: Callable[[str], None],
        on_bug: Callable[[Exception], None],
    ) -> None:
        self._batches = batches
        self._watcher = watcher
        self._say = say
        self._on_bug = on_bug
        self._told = told
        self._alive = alive
        self._planning = Lock()

    @property
    def queues(self) -> list[str]:
        """Where jobs are taken from."""
        return [CALLS_QUEUE] if self._watcher is None else [CALLS_QUEUE, PLANS_QUEUE]

    def end(self) -> None:
        """Let a plan that waits for its calls go: the next one goes on with it."""
        self._told.set()

    def ask(self, run_id: int, number: int) -> None:
        """Make one call.

        Raises:
            StoreError: The database failed: it is to be made again.
        """
        try:
            self._batches.run_call(run_id, number)
        except StoreError as error:
            self._say(error.message)
            self._told.wait(PAUSE)
            raise
        except LinkwatchError as error:
            self._say(error.message)
        except Exception as error:
            self._on_bug(error)

    def plan(self) -> None:
        """Plan what is due, and see the check through; nothing while somebody else does."""
        # The lease tells processes apart, not the threads of one.
        if self._watcher is None or self._told.is_set() or not self._planning.acquire(blocking=False):
            return
        try:
            self._turn(self._watcher)
        except LinkwatchError as error:
            self._say(error.message)
        finally:
            self._planning.release()

    def _turn(self, watcher: Scheduler) -> None:
        self._alive()
        if watcher.lead():
            try:
                watcher.turn()
            finally:
                watcher.stop()


def app_of(url: str, work: WorkerTasks) -> App:
    """Procrastinate's view of the work.

    Args:
        url: Of the database.
        work: What the tasks do.
    """
    app = App(connector=PsycopgConnector(conninfo=conninfo_of(url), min_size=1, max_size=CONNECTIONS))
    app.job_manager = _Manager(app.connector)

    @app.task(name=CALL_TASK, queue=CALLS_QUEUE, retry=_AtOnce())
    def ask(run_id: int, number: int) -> None:
        work.ask(run_id, number)

    @app.periodic(cron=EACH_QUARTER_OF_IT)
    @app.task(name="mend", queue=CALLS_QUEUE, priority=2, queueing_lock="mend", pass_context=True)
    async def mend(context: JobContext, timestamp: int) -> None:
        await take_up(context.app)

    if PLANS_QUEUE in work.queues:

        @app.periodic(cron=EACH_MINUTE)
        @app.task(name="plan", queue=PLANS_QUEUE, priority=1, queueing_lock="plan")
        def plan(timestamp: int) -> None:
            work.plan()

    return app


async def take_up(app: App) -> None:
    """Let others take up the calls of dead workers; their other jobs come again by themselves, and are let go."""
    manager = app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED):
        with suppress(ConnectorException):  # somebody else was first
            if job.task_name == CALL_TASK:
                await manager.retry_job(job, retry_at=EPOCH)  # at once, whatever time this host believes it is
            else:
                await manager.finish_job(job, Status.FAILED, delete_job=True)
