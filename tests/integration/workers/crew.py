"""Workers without a queue: the planner's wait makes their calls, one at a time."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import httpx
from integration.check.harness import Harness
from sqlalchemy import Connection

from linkwatch.store.quota import StoredQuotaAccount
from linkwatch.workers.batch import BatchRunner, CountingAccount
from linkwatch.workers.executor import WorkerExecutor


@dataclass
class Crew:
    """The workers of one harness."""

    harness: Harness
    jobs: list[tuple[int, int]] = field(default_factory=list)
    """Run and number of the calls in the queue."""

    done: list[tuple[int, int, bool]] = field(default_factory=list)
    """The calls that were made, and whether the outcome was saved."""

    transport: Callable[[httpx.Request], httpx.Response] | None = None
    """What their requests meet; None: the YouTube of the harness."""

    asleep: float = 0.0
    """Seconds that the planner has waited."""

    @property
    def executor(self) -> WorkerExecutor:
        """The executor whose calls they make."""
        return WorkerExecutor(enqueue=self.put, sleep=self.wait, monotonic=lambda: self.asleep)

    def put(self, _connection: Connection, run_id: int, numbers: Iterable[int]) -> None:
        self.jobs += [(run_id, number) for number in numbers]

    def wait(self, seconds: float) -> None:
        self.asleep += seconds
        if self.jobs:
            self.work()

    def work(self) -> bool:
        """Make the next call; returns whether its outcome was saved."""
        run_id, number = self.jobs.pop(0)
        counted = self.runner.run_call(run_id, number)
        self.done.append((run_id, number, counted))
        return counted

    @property
    def runner(self) -> BatchRunner:
        """A worker that has just been started."""
        harness = self.harness
        booked = StoredQuotaAccount(
            harness.database, harness.settings.quota_per_day, harness.settings.api_key, lambda: harness.now
        )
        account = CountingAccount(booked)
        return BatchRunner(harness.check_context(self.transport, account), account)


class Killed(BaseException):
    """Stands for the end of a process at this point."""
