"""One call of a distributed check: make it, evaluate the answer, and save its outcome, once."""

from functools import lru_cache
from threading import Lock, local

from sqlalchemy import Connection

from linkwatch.errors import QuotaSpentError
from linkwatch.services.context import CheckContext, CheckRun
from linkwatch.services.evaluate import evaluate, needs_oembed, observations_in
from linkwatch.store.calls import is_expired, load_open_call, save_outcome
from linkwatch.store.runs import load_run
from linkwatch.verdict.brake import is_unconfirmed_absence
from linkwatch.workers.outcome import CallOutcome, encode_failure, encode_outcome
from linkwatch.youtube.circuit_breaker import CircuitBreaker
from linkwatch.youtube.data_api import CallAnswer
from linkwatch.youtube.quota import QuotaAccount

WORKER_IDLE_SECONDS = 5
"""How long a worker's transaction may be idle while others wait for it: saving an answer takes milliseconds."""


class CountingAccount:
    """A quota account that counts the units that each thread books for its call.

    Args:
        account: Where the units are booked.
    """

    def __init__(self, account: QuotaAccount) -> None:
        self._account = account
        self._thread = local()

    @property
    def units(self) -> int:
        """How many units all threads have booked."""
        return self._account.units

    def book(self) -> None:
        """Book one unit.

        Raises:
            QuotaSpentError: There is none left today.
        """
        self._account.book()
        self._thread.units = self._thread_units() + 1

    def exhaust(self) -> QuotaSpentError:
        """Note that YouTube says the day is spent, and return the error to raise."""
        return self._account.exhaust()

    def take(self) -> int:
        """How many units this thread has booked since the last call."""
        units, self._thread.units = self._thread_units(), 0
        return units

    def _thread_units(self) -> int:
        return int(getattr(self._thread, "units", 0))


class BatchRunner:
    """Makes the calls of distributed checks, in any number of threads.

    Args:
        context: With a key; its calls are booked with `account`.
        account: Counts the units of each call.
    """

    def __init__(self, context: CheckContext, account: CountingAccount) -> None:
        self._context = context
        self._account = account
        # One transaction at a time: a worker that is stopped or cut off holds up the others with one connection only.
        self._writing = Lock()
        context.database.idle_seconds = WORKER_IDLE_SECONDS
        # One a run, as in a check without workers: with the service down, its calls must not be retried for hours.
        self._breaker = lru_cache(maxsize=4)(lambda run_id: CircuitBreaker())

    def run_call(self, run_id: int, number: int) -> bool:
        """Make one call of a run, unless it has an outcome or the run is too old.

        Returns:
            Whether the outcome was saved.

        Raises:
            StoreError: The database failed: nothing of the call counts.
        """
        context = self._context
        with context.database.read() as connection:
            call = load_open_call(connection, run_id, number)
            if call is None:
                return False
            run = CheckRun(context, run_id, load_run(connection, run_id).started_at)
        if is_expired(run.now, context.clock()):
            return False
        self._account.take()
        answer = context.require_api().answer(call, self._breaker(run_id))
        with self._writing, context.database.write() as connection:
            # Read again, now that nobody else can write: another worker may have been given the same call.
            if load_open_call(connection, run_id, number) is None:
                return False
            save_outcome(connection, run_id, number, encode_outcome(self._outcome(connection, answer, run)))
        return True

    def _outcome(self, connection: Connection, answer: CallAnswer, run: CheckRun) -> CallOutcome:
        observations = list(observations_in(answer))
        evaluated = evaluate(connection, [each for each in observations if not needs_oembed(each)], run)
        return CallOutcome(
            units=self._account.take(),
            available_before=evaluated.available_before,
            missing=tuple(each.resource for each in observations if is_unconfirmed_absence(each)),
            upload_statuses={video.id: status for video, status in answer.unplayable.items()},
            candidates=tuple(evaluated.candidates),
            unanswered=answer.unanswered,
            undecided=answer.undecided,
            failure=None if answer.failure is None else encode_failure(answer.failure),
        )
