"""A real queue, worked off in this process."""

import asyncio
from collections.abc import Callable
from threading import Event
from typing import Any

from procrastinate import App

from linkwatch.workers.tasks import WorkerTasks, app_of


def work_of(batches: Any) -> WorkerTasks:
    """A worker that only makes calls, and waits for nothing."""
    told = Event()
    told.set()
    return WorkerTasks(batches, None, told=told, say=lambda line: None, on_bug=lambda error: None)


def work_off(url: str, batches: Any) -> None:
    """Run a worker until the queue is empty."""

    async def run() -> None:
        app = app_of(url, work_of(batches))
        async with app.open_async():
            await app.run_worker_async(wait=False, delete_jobs="always", install_signal_handlers=False)

    asyncio.run(run())


def in_app(url: str, what: Callable[[App], Any]) -> Any:
    """Await something of an open app."""

    async def run() -> Any:
        app = app_of(url, work_of(None))
        async with app.open_async():
            return await what(app)

    return asyncio.run(run())
