"""A check whose calls are made by workers: handed out, waited for, gathered."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

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
from linkwatch.store.playlists import last_inspections
from linkwatch.workers.outcome import CallOutcome, decode_outcome, encode_outcome, failure_of
from linkwatch.workers.queue import enqueue_calls

POLL_SECONDS = 0.5
"""Seconds between two looks at how far the workers have come."""

REQUEUE_SECONDS = 180.0
"""Seconds without any call answered for after which the rest is put into the queue once more: longer than a call takes
with all its retries. A job that was lost is made good for so; one that was not finds its call answered for."""

GIVE_UP_SECONDS = 900.0
"""Seconds without any call answered for after which the rest is given up: the check is incomplete, and tried again."""

NO_WORKER = IncompleteError("no worker answered for them", remedy="See whether `linkwatch worker` runs, and its log.")


@dataclass(frozen=True, slots=True)
class WorkerExecutor:
    """The executor of checks whose calls `linkwatch worker` processes make."""

    put: Callable[[Connection, int, list[int]], None] = enqueue_calls
    """Puts calls of a run into the queue, in the transaction that is given."""

    ending: Callable[[], bool] = lambda: False
    """Whether this process was told to end."""

    sleep: Callable[[float], None] = time.sleep
    monotonic: Callable[[], float] = time.monotonic

    def find_unfinished(self, database: Database, scope: str, now: datetime) -> DistributedRun | None:
        """The last run over these lists, if it was handed out lately and has not ended: it is gone on with."""
        with database.read() as connection:
            begun = load_resumable_run(connection, scope, now)
            if begun is None:
                return None
            return DistributedRun(begun.run_id, begun.started_at, load_plan(connection, begun.run_id))

    def distribute(self, database: Database, run: DistributedRun) -> None:
        """Hand out the calls of a run, all of them or none."""
        with database.write() as connection:
            calls = insert_calls(connection, run.run_id, run.plan)
            self.put(connection, run.run_id, list(range(calls)))

    def collect(self, database: Database, run: DistributedRun, tally: Tally, told: Callable[[int], None]) -> None:
        """Wait until every call is answered for, and gather what came of them.

        Raises:
            EndingError: This process is to end; the next one goes on with the run.
        """
        self._wait(database, run, told)
        with database.read() as connection:
            for call, text in load_outcomes(connection, run.run_id):
                outcome = decode_outcome(text)
                tally.units += outcome.units
                tally.available_before += outcome.available_before
                tally.missing.extend(Observation(resource, api=Answer.ABSENT) for resource in outcome.missing)
                tally.missing.extend(Observation(resource, api=Answer.NONE) for resource in outcome.undecided)
                tally.candidates.extend(_not_inspected(connection, outcome.candidates))
                if outcome.failure is not None:
                    # A call that nobody made names nothing: all of it is unanswered.
                    tally.unanswered_for(outcome.unanswered or call.resources, outcome.failure.error)

    def _wait(self, database: Database, run: DistributedRun, told: Callable[[int], None]) -> None:
        calls, resources = len(run.plan.calls), sum(len(call.resources) for call in run.plan.calls)
        before, said, since, again_at = calls, 0, self.monotonic(), REQUEUE_SECONDS
        while True:
            still = self._open(database, run.run_id)
            answered = resources * (calls - still) // calls
            told(answered - said)
            said = answered
            if not still:
                return
            if self.ending():
                raise EndingError("this worker ends; the check goes on without it")
            if still < before:
                before, since, again_at = still, self.monotonic(), REQUEUE_SECONDS
            elif self.monotonic() - since >= GIVE_UP_SECONDS:
                self._give_up(database, run.run_id)
            elif self.monotonic() - since >= again_at:
                again_at += REQUEUE_SECONDS
                self._put_again(database, run.run_id)
            self.sleep(POLL_SECONDS)

    def _open(self, database: Database, run_id: int) -> int:
        with database.read() as connection:
            return count_open_calls(connection, run_id)

    def _put_again(self, database: Database, run_id: int) -> None:
        with database.write() as connection:
            self.put(connection, run_id, open_call_numbers(connection, run_id))

    def _give_up(self, database: Database, run_id: int) -> None:
        with database.write() as connection:
            for number in open_call_numbers(connection, run_id):
                save_outcome(connection, run_id, number, encode_outcome(CallOutcome(failure=failure_of(NO_WORKER))))


def _not_inspected(connection: Connection, candidates: Sequence[InspectionCandidate]) -> list[InspectionCandidate]:
    """Those that whoever planned this run before us has not looked into."""
    last = last_inspections(connection, [candidate.playlist for candidate in candidates])
    seen = {playlist: look.inspected_at for playlist, look in last.items()}
    return [candidate for candidate in candidates if seen.get(candidate.playlist) == candidate.inspected_at]
