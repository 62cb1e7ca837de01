"""The process of a worker: take jobs until a signal says stop, and reconnect when the database is back."""

import asyncio
import logging
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from procrastinate.exceptions import ProcrastinateException

from linkwatch.errors import LinkwatchError
from linkwatch.store.database import Database
from linkwatch.store.schema import load_version
from linkwatch.workers.tasks import WorkerTasks, build_app

MIN_RESTART_SECONDS = 1.0
MAX_RESTART_SECONDS = 30.0
"""Wait before work that failed is started again; doubled each time that it fails soon after the start."""

HEARTBEAT_SECONDS = 10.0
"""Between two heartbeats of a worker, and between two queries for jobs that no notification announced."""


class WorkerProcess:
    """One worker in this process.

    Args:
        url: Of the database.
        database: The same, opened.
        tasks: What the jobs do.
        concurrency: Calls at once, ≥ 1.
        say: Takes the log.
    """

    def __init__(
        self, url: str, database: Database, tasks: WorkerTasks, concurrency: int, say: Callable[[str], None]
    ) -> None:
        self._url = url
        self._database = database
        self._tasks = tasks
        self._concurrency = concurrency
        self._say = say
        self._interrupted = False

    def run(self) -> None:
        """Work until a signal says stop; jobs in progress are finished first.

        Raises:
            KeyboardInterrupt: By SIGINT; a SIGTERM is the regular end.
        """
        # Their logs are for debugging; what a user should know is in ours.
        for library in ("procrastinate", "psycopg.pool", "asyncio"):
            logging.getLogger(library).setLevel(logging.CRITICAL)
        asyncio.run(self._run())
        self._say("stopped; jobs in progress were finished, or are left to other workers")
        if self._interrupted:
            raise KeyboardInterrupt

    async def _run(self) -> None:
        loop, stopping = asyncio.get_running_loop(), asyncio.Event()
        # A thread for each call, and for the plan, which may wait for the calls.
        loop.set_default_executor(ThreadPoolExecutor(self._concurrency + 2, thread_name_prefix="linkwatch-worker"))
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop, number, stopping)
        wait = MIN_RESTART_SECONDS
        while not stopping.is_set():
            began = loop.time()
            await self._work_until(stopping)
            if stopping.is_set():
                return
            wait = (
                MIN_RESTART_SECONDS if loop.time() - began > MAX_RESTART_SECONDS else min(MAX_RESTART_SECONDS, 2 * wait)
            )
            self._say(f"the work failed: {await asyncio.to_thread(self._reason)}; it starts again in {wait:.0f} s")
            with suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), wait)

    def _stop(self, number: int, stopping: asyncio.Event) -> None:
        self._interrupted = number == signal.SIGINT
        self._tasks.stop()
        stopping.set()

    async def _work_until(self, stopping: asyncio.Event) -> None:
        """Work until the event is set, or the work fails."""
        working, ending = asyncio.ensure_future(self._take_jobs()), asyncio.ensure_future(stopping.wait())
        await asyncio.wait({working, ending}, return_when=asyncio.FIRST_COMPLETED)
        ending.cancel()
        working.cancel()  # gracefully: jobs in progress are finished
        with suppress(asyncio.CancelledError, ProcrastinateException):
            await working

    async def _take_jobs(self) -> None:
        app = build_app(self._url, self._tasks)
        async with app.open_async():
            # It returns without an error when its connection is lost, too: it is started again then.
            await app.run_worker_async(
                queues=self._tasks.queues,
                concurrency=self._concurrency + 1,
                delete_jobs="always",
                install_signal_handlers=False,
                update_heartbeat_interval=HEARTBEAT_SECONDS,
                fetch_job_polling_interval=HEARTBEAT_SECONDS,
            )

    def _reason(self) -> str:
        try:
            with self._database.read() as connection:
                load_version(connection)
        except LinkwatchError as error:
            return error.message
        return "the connection to the database was lost, or the other workers gave this one up as dead"
