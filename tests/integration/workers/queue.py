"""Run the jobs of a real queue in this process."""

import asyncio
from collections.abc import Callable
from threading import Event
from typing import Any

from procrastinate import App

from linkwatch.workers.tasks import WorkerTasks, build_app


def tasks_with(runner: Any) -> WorkerTasks:
    """A worker that only makes calls, without waits."""
    stopping = Event()
    stopping.set()
    return WorkerTasks(runner, None, stopping=stopping, say=lambda line: None, on_bug=lambda error: None)


def work_off(url: str, runner: Any) -> None:
    """Run a worker until the queue is empty."""

    async def run() -> None:
        app = build_app(url, tasks_with(runner))
        async with app.open_async():
            await app.run_worker_async(wait=False, delete_jobs="always", install_signal_handlers=False)

    asyncio.run(run())


def in_app(url: str, what: Callable[[App], Any]) -> Any:
    """Await something of an open app."""

    async def run() -> Any:
        app = build_app(url, tasks_with(None))
        async with app.open_async():
            return await what(app)

    return asyncio.run(run())
