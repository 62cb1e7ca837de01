"""The executor of checks whose calls are made by workers: distribute the calls, wait for them, collect the outcomes."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from linkwatch.clock import wait
from linkwatch.errors import EndingError, IncompleteError
from linkwatch.models.observation import Answer, Observation
from linkwatch.planner.inspections import InspectionCandidate
from linkwatch.services.executor import DistributedRun
from linkwatch.services.tally import Tally
from linkwatch.store.calls import (
    count_open_calls,
    insert_calls,
    load_outcomes,
    load_plan,
    load_resumable_run,
    open_call_numbers,
    save_outcome,
)
from linkwatch.store.database import Database
from linkwatch.store.playlists import load_last_inspections
from linkwatch.workers.outcome import CallOutcome, decode_outcome, encode_failure, encode_outcome
from linkwatch.workers.queue import enqueue_calls

POLL_SECONDS = 0.5
"""Between two questions how many calls are open."""

REQUEUE_SECONDS = 180.0
"""Without any new outcome, after which the open calls are enqueued once more: longer than a call takes with all its
retries. It makes good for a job that was lost; a job that was not finds its call done."""

GIVE_UP_SECONDS = 900.0
"""Without any new outcome, after which the open calls are given up: the check is incomplete, and tried again."""

NO_WORKER = IncompleteError("no worker made these calls", remedy="See whether `linkwatch worker` runs, and its log.")


@dataclass(frozen=True, slots=True)
class WorkerExecutor:
    """The executor of checks whose calls are made by `linkwatch worker` processes."""

    enqueue: Callable[[Connection, int, list[int]], None] = enqueue_calls
    """Enqueues calls of a run, in the given transaction."""

    ending: Callable[[], bool] = lambda: False
    """Whether this process was asked to stop."""

    sleep: Callable[[float], None] = wait
    monotonic: Callable[[], float] = time.monotonic

    def find_unfinished(self, database: Database, scope: str, now: datetime) -> DistributedRun | None:
        """The last run over these lists, if its calls were distributed lately and it has not finished."""
        with database.read() as connection:
            run = load_resumable_run(connection, scope, now)
            if run is None:
                return None
            return DistributedRun(run.run_id, run.started_at, load_plan(connection, run.run_id))

    def distribute(self, database: Database, run: DistributedRun) -> None:
        """Distribute the calls of a run, all or none."""
        with database.write() as connection:
            calls = insert_calls(connection, run.run_id, run.plan)
            self.enqueue(connection, run.run_id, list(range(calls)))

    def collect(self, database: Database, run: DistributedRun, tally: Tally) -> None:
        """Wait until every call of the run has an outcome, and add the outcomes to the tally.

        Raises:
            EndingError: This process is to end; the next one resumes the run.
        """
        self._wait(database, run, tally)
        with database.read() as connection:
            for call, text in load_outcomes(connection, run.run_id):
                outcome = decode_outcome(text)
                tally.worker_units += outcome.units
                tally.available_before += outcome.available_before
                tally.missing.extend(
                    Observation(each, api=Answer.ABSENT, upload_status=outcome.upload_statuses.get(each.id))
                    for each in outcome.missing
                )
                tally.missing.extend(Observation(resource, api=Answer.NONE) for resource in outcome.undecided)
                tally.candidates.extend(_not_inspected(connection, outcome.candidates))
                if outcome.failure is not None:
                    # A call that was given up names no resources: all of them are unanswered.
                    tally.add_failure(outcome.unanswered or call.resources, outcome.failure.error)

    def _wait(self, database: Database, run: DistributedRun, tally: Tally) -> None:
        calls, resources = len(run.plan.calls), sum(len(call.resources) for call in run.plan.calls)
        before, reported, since, requeue_after = calls, 0, self.monotonic(), REQUEUE_SECONDS
        while True:
            still_open = self._count_open(database, run.run_id)
            done = resources * (calls - still_open) // calls
            tally.advance(done - reported)
            reported = done
            if not still_open:
                return
            if self.ending():
                raise EndingError("this worker ends; the next one resumes its check")
            if still_open < before:
                before, since, requeue_after = still_open, self.monotonic(), REQUEUE_SECONDS
            elif self.monotonic() - since >= GIVE_UP_SECONDS:
                self._give_up(database, run.run_id)
            elif self.monotonic() - since >= requeue_after:
                requeue_after += REQUEUE_SECONDS
                self._requeue(database, run.run_id)
            self.sleep(POLL_SECONDS)

    def _count_open(self, database: Database, run_id: int) -> int:
        with database.read() as connection:
            return count_open_calls(connection, run_id)

    def _requeue(self, database: Database, run_id: int) -> None:
        with database.write() as connection:
            self.enqueue(connection, run_id, open_call_numbers(connection, run_id))

    def _give_up(self, database: Database, run_id: int) -> None:
        with database.write() as connection:
            for number in open_call_numbers(connection, run_id):
                save_outcome(connection, run_id, number, encode_outcome(CallOutcome(failure=encode_failure(NO_WORKER))))


def _not_inspected(connection: Connection, candidates: Sequence[InspectionCandidate]) -> list[InspectionCandidate]:
    """Without the playlists that were inspected by the process whose run this one resumes."""
    last = load_last_inspections(connection, [candidate.playlist for candidate in candidates])
    inspected_at = {playlist: inspection.inspected_at for playlist, inspection in last.items()}
    return [candidate for candidate in candidates if inspected_at.get(candidate.playlist) == candidate.inspected_at]
