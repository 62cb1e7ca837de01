"""Start a worker, or what a daemon needs to use workers, from the settings."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from threading import Event

from linkwatch.daemon.context import DaemonContext
from linkwatch.daemon.heartbeat import Heartbeat
from linkwatch.daemon.leader import this_process
from linkwatch.daemon.scheduler import Scheduler
from linkwatch.daemon.systemd import ServiceManager
from linkwatch.errors import UsageError
from linkwatch.services.dependencies import check_context
from linkwatch.settings import Settings
from linkwatch.store.database import Database
from linkwatch.store.quota import StoredQuotaAccount
from linkwatch.store.schema import open_database
from linkwatch.workers.batch import BatchRunner, CountingAccount
from linkwatch.workers.executor import WorkerExecutor
from linkwatch.workers.process import WorkerProcess
from linkwatch.workers.queue import database_clock
from linkwatch.workers.schema import upgrade_queue_schema
from linkwatch.workers.tasks import WorkerTasks

PLANNER_IDLE_SECONDS = 60
"""How long a planner's transaction may be idle while others wait for it: it compares long lists meanwhile."""


def run_worker(
    settings: Settings,
    named: Sequence[str],
    *,
    concurrency: int,
    plans: bool,
    load: Callable[[], Settings],
    context: DaemonContext,
) -> None:
    """Run a worker in this process until it is asked to stop.

    Args:
        settings: With a key.
        named: The lists of the command line.
        concurrency: Calls at once, ≥ 1.
        plans: Whether it plans checks, too; else it needs no lists.
        load: Reads the settings again.
        context: Time, the network, and the log.

    Raises:
        LinkwatchError: There is no key, or a list or the database can't be read.
    """
    _require_key(settings)
    # Two, as the lease guards all that is written through the planner's.
    with open_database(settings.database_url) as database, open_database(settings.database_url) as planning:
        planning.idle_seconds = PLANNER_IDLE_SECONDS
        upgrade_queue_schema(database)
        context = replace(context, clock=database_clock(database))
        stopping = Event()
        heartbeat = Heartbeat(ServiceManager({}), context.log)
        scheduler = None
        if plans:
            planner = replace(
                context, executor=WorkerExecutor(ending=stopping.is_set), on_progress=heartbeat.note_progress
            )
            scheduler = Scheduler(settings, named, database=planning, holder=this_process(), load=load, context=planner)
            heartbeat.start(scheduler.renew)  # does nothing while another worker leads
        runner = _batch_runner(settings, database, context)
        tasks = WorkerTasks(
            runner,
            scheduler,
            stopping=stopping,
            note_progress=heartbeat.note_progress,
            say=context.log,
            on_bug=context.on_bug,
        )
        context.log(f"makes {concurrency} calls at once")
        try:
            WorkerProcess(settings.database_url, database, tasks, concurrency, context.log).run()
        finally:
            heartbeat.stop()


@contextmanager
def with_workers(settings: Settings, context: DaemonContext) -> Iterator[DaemonContext]:
    """The context of a daemon whose calls are made by workers: with their executor and their clock.

    Args:
        settings: With a key, and a PostgreSQL database.
        context: Of a daemon without workers.

    Raises:
        LinkwatchError: There is no key, or the database is another one.
    """
    _require_key(settings)
    with open_database(settings.database_url) as database:
        upgrade_queue_schema(database)
        yield replace(context, executor=WorkerExecutor(), clock=database_clock(database))


def _require_key(settings: Settings) -> None:
    if settings.api_key is None:
        raise UsageError("workers need an API key", remedy="Set YOUTUBE_API_KEY; see `linkwatch doctor`.")


def _batch_runner(settings: Settings, database: Database, daemon: DaemonContext) -> BatchRunner:
    account = CountingAccount(StoredQuotaAccount(database, settings.quota_per_day, settings.api_key, daemon.clock))
    context = check_context(
        settings,
        database,
        clock=daemon.clock,
        sleep=daemon.sleep,
        client_factory=daemon.client_factory,
        account=account,
    )
    return BatchRunner(context, account)
