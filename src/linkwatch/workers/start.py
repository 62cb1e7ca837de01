"""Settings → a worker that works."""

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

PLANNER_SECONDS = 60
"""How long one that plans may hold what others wait for, and say nothing: it compares long lists in between."""


def run_worker(
    settings: Settings,
    named: Sequence[str],
    *,
    concurrency: int,
    plans: bool,
    load: Callable[[], Settings],
    around: DaemonContext,
) -> None:
    """Run a worker in this process until it is told to stop.

    Args:
        settings: With a key.
        named: The lists of the command line.
        concurrency: Calls at once, ≥ 1.
        plans: Whether it plans too; else it needs no lists.
        load: Reads the settings anew.
        around: Time, the network, and where words go.

    Raises:
        LinkwatchError: It can't begin: no key, a list, or the database.
    """
    _need_a_key(settings)
    # Two, for the lease guards whatever is written through the one of who plans.
    with open_database(settings.database_url) as asking, open_database(settings.database_url) as planning:
        planning.idle_seconds = PLANNER_SECONDS
        upgrade_queue_schema(asking)
        around = replace(around, clock=database_clock(asking))
        told = Event()
        pulse = Heartbeat(ServiceManager({}), around.say)
        watcher = None
        if plans:
            planner = replace(around, executor=WorkerExecutor(ending=told.is_set), alive=pulse.note)
            watcher = Scheduler(settings, named, database=planning, holder=this_process(), load=load, context=planner)
            pulse.start(watcher.renew)  # which is nothing to do while another one leads
        batches = _batches(settings, asking, around)
        work = WorkerTasks(batches, watcher, told=told, alive=pulse.note, say=around.say, on_bug=around.on_bug)
        around.say(f"takes {concurrency} calls at once")
        try:
            WorkerProcess(settings.database_url, asking, work, concurrency, around.say).run()
        finally:
            pulse.stop()


@contextmanager
def with_workers(settings: Settings, around: DaemonContext) -> Iterator[DaemonContext]:
    """What a daemon gets from the world whose calls workers make: their executor, and their clock.

    Args:
        settings: With a key, and a database in which workers can meet.
        around: Without them.

    Raises:
        LinkwatchError: There is no key, or the database is another one.
    """
    _need_a_key(settings)
    with open_database(settings.database_url) as database:
        upgrade_queue_schema(database)
        yield replace(around, executor=WorkerExecutor(), clock=database_clock(database))


def _need_a_key(settings: Settings) -> None:
    if settings.api_key is None:
        raise UsageError(
            "workers share the units of a key, and there is none", remedy="Set YOUTUBE_API_KEY; see `linkwatch doctor`."
        )


def _batches(settings: Settings, database: Database, around: DaemonContext) -> BatchRunner:
    account = CountingAccount(StoredQuotaAccount(database, settings.quota_per_day, around.clock))
    context = check_context(
        settings,
        database,
        clock=around.clock,
        sleep=around.sleep,
        client_factory=around.client_factory,
        account=account,
    )
    return BatchRunner(context, account)
