"""One call of a check that was handed out: made, judged and remembered, once."""

from functools import lru_cache
from threading import Lock, local

from sqlalchemy import Connection

from linkwatch.errors import QuotaSpentError
from linkwatch.services.check import CheckContext, judging_of
from linkwatch.services.evaluate import Judging, evaluate, is_left_to_oembed, observations_in
from linkwatch.store.calls import is_expired, load_open_call, save_outcome
from linkwatch.store.runs import load_run
from linkwatch.verdict.brake import is_unconfirmed_absence
from linkwatch.workers.outcome import CallOutcome, encode_outcome, failure_of
from linkwatch.youtube.circuit_breaker import CircuitBreaker
from linkwatch.youtube.data_api import CallAnswer, DataApi
from linkwatch.youtube.quota import QuotaAccount


class CountingAccount:
    """Counts what each thread books, for the call that it is at.

    Args:
        account: Where the units are booked.
    """

    def __init__(self, account: QuotaAccount) -> None:
        self._account = account
        self._here = local()

    def book(self) -> None:
        """Book one unit.

        Raises:
            QuotaSpentError: There is none left today.
        """
        self._account.book()
        self._here.units = self._units() + 1

    def exhaust(self) -> QuotaSpentError:
        """Note that YouTube says the day is spent, and return the error to raise."""
        return self._account.exhaust()

    def take(self) -> int:
        """How many units this thread has booked since it last asked."""
        units, self._here.units = self._units(), 0
        return units

    def _units(self) -> int:
        return int(getattr(self._here, "units", 0))


IDLE_SECONDS = 5
"""How long a worker may hold what others wait for, and say nothing: what it remembers is a matter of milliseconds."""


class BatchRunner:
    """Makes calls, in any number of threads.

    Args:
        using: As a check in one process; its ledger is not used.
        api: Books with the ledger.
        ledger: Of all workers.
    """

    def __init__(self, using: CheckContext, api: DataApi, ledger: CountingAccount) -> None:
        self._using = using
        self._api = api
        self._ledger = ledger
        # Of a worker that is stopped or cut off, no more than one connection is to hold the others, and not for long.
        self._writing = Lock()
        using.database.idle_seconds = IDLE_SECONDS
        # As a check has one: with the service down, a run's calls must not be tried for hours.
        self._breaker = lru_cache(maxsize=4)(lambda run_id: CircuitBreaker())

    def ask(self, run_id: int, number: int) -> bool:
        """Make one call of a run, unless it has been answered for or the run is too old.

        Returns:
            Whether this was the answer that counts.

        Raises:
            StoreError: The database failed: nothing of the call counts.
            DataApiBugError: YouTube finds fault with a request of ours.
        """
        database = self._using.database
        with database.read() as connection:
            call = load_open_call(connection, run_id, number)
            if call is None:
                return False
            now = load_run(connection, run_id).started_at
        if is_expired(now, self._using.clock()):
            return False
        self._ledger.take()
        answer = self._api.answer(call, self._breaker(run_id))
        with self._writing, database.write() as connection:
            # Looked at again now that nobody else can write: another worker may have been given the same call.
            if load_open_call(connection, run_id, number) is None:
                return False
            judging = judging_of(self._using, run_id, now)
            save_outcome(connection, run_id, number, encode_outcome(self._outcome(connection, answer, judging)))
        return True

    def _outcome(self, connection: Connection, answer: CallAnswer, judging: Judging) -> CallOutcome:
        sightings = list(observations_in(answer))
        judged = evaluate(connection, [each for each in sightings if not is_left_to_oembed(each)], judging)
        return CallOutcome(
            self._ledger.take(),
            judged.available_before,
            tuple(each.resource for each in sightings if is_unconfirmed_absence(each)),
            tuple(judged.candidates),
            answer.unanswered,
            answer.undecided,
            None if answer.failure is None else failure_of(answer.failure),
        )
