"""The worker's process: it takes jobs from the queues until told to end, and goes on when the database is back."""

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
from linkwatch.workers.tasks import WorkerTasks, app_of

FIRST_WAIT = 1.0
LONGEST_WAIT = 30.0
"""Seconds before the work is begun again that broke off; doubled each time that it breaks off at once."""

HEARTBEAT = 10.0
"""Seconds between two signs of life of a worker."""


class WorkerProcess:
    """One worker in this process.

    Args:
        url: Of the database.
        database: The same, opened.
        work: What is done.
        concurrency: Calls at once, ≥ 1.
        say: Takes the log.
    """

    def __init__(
        self, url: str, database: Database, work: WorkerTasks, concurrency: int, say: Callable[[str], None]
    ) -> None:
        self._url = url
        self._database = database
        self._work = work
        self._concurrency = concurrency
        self._say = say
        self._interrupted = False

    def run(self) -> None:
        """Work until a signal says to stop: what is begun is ended first.

        Raises:
            KeyboardInterrupt: Somebody pressed Ctrl-C; a SIGTERM is how it is meant to end.
        """
        # Their words are for who debugs them; what matters of them is said here.
        for library in ("procrastinate", "psycopg.pool", "asyncio"):
            logging.getLogger(library).setLevel(logging.CRITICAL)
        asyncio.run(self._until_told())
        self._say("stopped; what was begun is ended or goes on elsewhere")
        if self._interrupted:
            raise KeyboardInterrupt

    async def _until_told(self) -> None:
        loop, told = asyncio.get_running_loop(), asyncio.Event()
        # A thread each for the calls, and for the plan, which may wait for them.
        loop.set_default_executor(ThreadPoolExecutor(self._concurrency + 2, thread_name_prefix="linkwatch-worker"))
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._end, number, told)
        wait = FIRST_WAIT
        while not told.is_set():
            began = loop.time()
            await self._work_until(told)
            if told.is_set():
                return
            wait = FIRST_WAIT if loop.time() - began > LONGEST_WAIT else min(LONGEST_WAIT, 2 * wait)
            self._say(f"the work broke off: {await asyncio.to_thread(self._why)}; it begins again in {wait:.0f} s")
            with suppress(TimeoutError):
                await asyncio.wait_for(told.wait(), wait)

    def _end(self, number: int, told: asyncio.Event) -> None:
        self._interrupted = number == signal.SIGINT
        self._work.end()
        told.set()

    async def _work_until(self, told: asyncio.Event) -> None:
        """Work until it is told to end, or breaks off."""
        working, ending = asyncio.ensure_future(self._take_jobs()), asyncio.ensure_future(told.wait())
        await asyncio.wait({working, ending}, return_when=asyncio.FIRST_COMPLETED)
        ending.cancel()
        working.cancel()  # gracefully: what is begun is ended
        with suppress(asyncio.CancelledError, ProcrastinateException):
            await working

    async def _take_jobs(self) -> None:
        app = app_of(self._url, self._work)
        async with app.open_async():
            # It returns when its connection is lost, as if all were well: that is not the end of us.
            await app.run_worker_async(
                queues=self._work.queues,
                concurrency=self._concurrency + 1,
                delete_jobs="always",
                install_signal_handlers=False,
                update_heartbeat_interval=HEARTBEAT,
                fetch_job_polling_interval=HEARTBEAT,
            )

    def _why(self) -> str:
        try:
            with self._database.read() as connection:
                load_version(connection)
        except LinkwatchError as error:
            return error.message
        return "the connection to the database was lost, or others took this worker for dead"
