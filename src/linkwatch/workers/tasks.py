"""The tasks of workers: make a call, plan the checks that are due, requeue the calls of dead workers.

No task has a lock: that of a killed worker would keep its job from ever being run again. The lease sees to it that one
worker plans, and the store that a call counts once.
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
from linkwatch.workers.queue import CALL_TASK, CALLS_QUEUE, PLANS_QUEUE, libpq_conninfo

EVERY_MINUTE = "* * * * *"
EVERY_15_SECONDS = "* * * * * */15"

STALLED_SECONDS = 30.0
"""Without a heartbeat, after which a worker counts as dead and its calls go to others."""

MAX_CONNECTIONS = 4
"""Of one worker to the queue."""

ATTEMPTS = 10
"""How often a call is made whose outcome could not be saved; after that the planner enqueues it again."""

RETRY_SECONDS = 5.0
"""Between two attempts."""


class _RetryUnsaved(BaseRetryStrategy):
    """Retries a call whose outcome could not be saved, at once: its worker has waited already."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """Retry now, or never."""
        again = isinstance(exception, StoreError) and job.attempts < ATTEMPTS
        return RetryDecision(retry_at=EPOCH) if again else None


class _Manager(JobManager):
    """Notices that the others gave this worker up as dead, as after its host slept: it would get no job any more."""

    async def update_heartbeat(self, worker_id: int) -> None:
        """Save a heartbeat; the error that this raises ends the worker, and `WorkerProcess` starts another."""
        await super().update_heartbeat(worker_id)
        query = "SELECT id FROM procrastinate_workers WHERE id = %(worker_id)s"
        if not await self.connector.execute_query_all_async(query, worker_id=worker_id):
            raise ConnectorException("this worker was given up as dead")


class WorkerTasks:
    """What a worker does, apart from the process it runs in.

    Args:
        runner: Makes the calls.
        scheduler: Plans the checks that are due; None: this worker only makes calls.
        stopping: Set when the process is to end.
        note_progress: Called when a plan starts: from then on, the lease is given up when the work stands still.
        say: Takes the log.
        on_bug: Takes unexpected errors.
    """

    def __init__(
        self,
        runner: BatchRunner,
        scheduler: Scheduler | None,
        *,
        stopping: Event,
        note_progress: Callable[[], None] = lambda: None,
        say: Callable[[str], None],
        on_bug: Callable[[Exception], None],
    ) -> None:
        self._runner = runner
        self._scheduler = scheduler
        self._say = say
        self._on_bug = on_bug
        self._stopping = stopping
        self._note_progress = note_progress
        self._planning = Lock()

    @property
    def queues(self) -> list[str]:
        """The queues that jobs are taken from."""
        return [CALLS_QUEUE] if self._scheduler is None else [CALLS_QUEUE, PLANS_QUEUE]

    def stop(self) -> None:
        """Leave a check that waits for its calls: the next planner resumes it."""
        self._stopping.set()

    def run_call(self, run_id: int, number: int) -> None:
        """Make one call.

        Raises:
            StoreError: The outcome could not be saved: the call is to be made again.
        """
        try:
            self._runner.run_call(run_id, number)
        except StoreError as error:
            self._say(error.message)
            self._stopping.wait(RETRY_SECONDS)
            raise
        except LinkwatchError as error:
            self._say(error.message)
        except Exception as error:
            self._on_bug(error)

    def plan(self) -> None:
        """Make the checks that are due; nothing while another planner does."""
        # The lease distinguishes processes, not the threads of one.
        if self._scheduler is None or self._stopping.is_set() or not self._planning.acquire(blocking=False):
            return
        try:
            self._check_due(self._scheduler)
        except LinkwatchError as error:
            self._say(error.message)
        finally:
            self._planning.release()

    def _check_due(self, scheduler: Scheduler) -> None:
        self._note_progress()
        if scheduler.become_leader():
            try:
                scheduler.run_due()
            finally:
                scheduler.stop()


def build_app(url: str, tasks: WorkerTasks) -> App:
    """Register the tasks with Procrastinate.

    Args:
        url: Of the database.
        tasks: What the jobs do.
    """
    conninfo, arguments = libpq_conninfo(url)
    connector = PsycopgConnector(conninfo=conninfo, kwargs=arguments, min_size=1, max_size=MAX_CONNECTIONS)
    app = App(connector=connector)
    app.job_manager = _Manager(app.connector)

    @app.task(name=CALL_TASK, queue=CALLS_QUEUE, retry=_RetryUnsaved())
    def run_call(run_id: int, number: int) -> None:
        tasks.run_call(run_id, number)

    @app.periodic(cron=EVERY_15_SECONDS)
    @app.task(name="mend", queue=CALLS_QUEUE, priority=2, queueing_lock="mend", pass_context=True)
    async def requeue(context: JobContext, timestamp: int) -> None:
        await requeue_stalled_jobs(context.app)

    if PLANS_QUEUE in tasks.queues:

        @app.periodic(cron=EVERY_MINUTE)
        @app.task(name="plan", queue=PLANS_QUEUE, priority=1, queueing_lock="plan")
        def plan(timestamp: int) -> None:
            tasks.plan()

    return app


async def requeue_stalled_jobs(app: App) -> None:
    """Requeue the calls of dead workers; their other jobs are periodic, and deleted."""
    manager = app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS):
        with suppress(ConnectorException):  # another worker was first
            if job.task_name == CALL_TASK:
                await manager.retry_job(job, retry_at=EPOCH)  # now, whatever the clock of this host says
            else:
                await manager.finish_job(job, Status.FAILED, delete_job=True)
