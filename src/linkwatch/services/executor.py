"""The interface of what makes the calls of a check outside this process; `workers` implements it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from linkwatch.planner.calls import CheckPlan
from linkwatch.services.tally import Tally
from linkwatch.store.database import Database


@dataclass(frozen=True, slots=True)
class DistributedRun:
    """A run whose calls are made elsewhere."""

    run_id: int
    now: datetime
    """When the run started."""

    plan: CheckPlan


class Executor(Protocol):
    """Makes the calls of a check and evaluates the answers elsewhere, also after this process has ended."""

    def find_unfinished(self, database: Database, scope: str, now: datetime) -> DistributedRun | None:
        """The last run over these lists, if its calls were distributed lately and it has not finished."""

    def distribute(self, database: Database, run: DistributedRun) -> None:
        """Distribute the calls of a run, all or none."""

    def collect(self, database: Database, run: DistributedRun, tally: Tally) -> None:
        """Wait until every call of the run has an outcome, and add the outcomes to the tally.

        Raises:
            EndingError: This process is to end; the next one resumes the run.
        """
