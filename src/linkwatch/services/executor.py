"""Who makes the calls of a check, where it is not this process: an argument of the check, not another check."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from linkwatch.planner.calls import CheckPlan
from linkwatch.services.tally import Tally
from linkwatch.store.database import Database


@dataclass(frozen=True, slots=True)
class DistributedRun:
    """A run whose calls were handed out."""

    run_id: int
    now: datetime
    """The time of the run."""

    plan: CheckPlan


class Executor(Protocol):
    """Makes the calls of a check, judges and remembers what came of them, elsewhere and perhaps beyond our own end."""

    def find_unfinished(self, database: Database, scope: str, now: datetime) -> DistributedRun | None:
        """The last run over these lists, if it was handed out lately and has not ended: it is gone on with."""

    def distribute(self, database: Database, run: DistributedRun) -> None:
        """Hand out the calls of a run, all of them or none."""

    def collect(self, database: Database, run: DistributedRun, tally: Tally, told: Callable[[int], None]) -> None:
        """Wait until every call is answered for, and gather what came of them.

        Args:
            database: Where the memory is.
            run: Handed out.
            tally: Takes what came.
            told: Told how many resources were answered for since it was told last.

        Raises:
            EndingError: This process is to end; the next one goes on with the run.
        """
