"""The quota account: units are booked before each attempt, atomically, per Pacific day."""

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, bindparam, insert, select, update

from linkwatch.errors import QuotaSpentError
from linkwatch.models.records import QUOTA_RETRY_DELAY, QuotaDay
from linkwatch.models.times import to_millis, to_time
from linkwatch.store.database import Database
from linkwatch.store.tables import quota_days

PACIFIC = ZoneInfo("America/Los_Angeles")
"""YouTube's day turns at midnight there: 07:00 or 08:00 UTC."""


# Built once: it runs before every call, and building it costs more than running it.
_BOOK = (
    update(quota_days)
    .where(
        quota_days.c.day == bindparam("today"),
        quota_days.c.units < bindparam("limit"),
        quota_days.c.exhausted_at.is_(None) | (quota_days.c.exhausted_at <= bindparam("asked_before")),
    )
    .values(units=quota_days.c.units + 1)
)


def spare_units(day: QuotaDay) -> int:
    """Units that inspections may use: half of the day's are reserved for checks."""
    return max(0, day.left - day.limit // 2)


def pacific_day(now: datetime) -> str:
    """The quota day of a moment, `YYYY-MM-DD`."""
    return now.astimezone(PACIFIC).date().isoformat()


def next_pacific_day(now: datetime) -> datetime:
    """When the quota day after this moment's begins, in `now`'s own zone."""
    local = now.astimezone(PACIFIC)
    # A wall-clock day later at midnight: 23 or 25 hours on the two odd days of the year.
    midnight = datetime.combine(local.date() + timedelta(days=1), datetime.min.time(), PACIFIC)
    return midnight.astimezone(now.tzinfo)


def load_quota_day(connection: Connection, now: datetime, limit: int) -> QuotaDay:
    """The state of today's account."""
    row = connection.execute(select(quota_days).where(quota_days.c.day == pacific_day(now))).first()
    exhausted_at = None if row is None else to_time(row.exhausted_at)
    return QuotaDay(
        units=0 if row is None else row.units,
        limit=limit,
        exhausted=exhausted_at is not None and now - exhausted_at < QUOTA_RETRY_DELAY,
        turns_at=next_pacific_day(now),
    )


class StoredQuotaAccount:
    """Books the units of one run in the account that all runs on this database share.

    Args:
        database: Holds the account.
        limit: Units of the key's project a day.
        clock: The present time, aware UTC: a run may last over midnight Pacific Time.
    """

    def __init__(self, database: Database, limit: int, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._limit = limit
        self._clock = clock
        self._lock = Lock()
        self.units = 0
        """Units that this run has booked."""

    def book(self) -> None:
        """Book one unit.

        Raises:
            QuotaSpentError: There is none left today.
        """
        now = self._clock()
        # The threads of one check queue up here: SQLite waits for a writer by polling.
        with self._lock:
            with self._database.write(beside=True) as connection:
                booked = self._booked(connection, now)
            if not booked:
                self._begin_day(now)
            self.units += 1

    def exhaust(self) -> QuotaSpentError:
        """Save that YouTube reports the quota as exhausted, and return the error to raise."""
        now = self._clock()
        with self._database.write() as connection:
            connection.execute(
                update(quota_days).where(quota_days.c.day == pacific_day(now)).values(exhausted_at=to_millis(now))
            )
            return _spent(load_quota_day(connection, now, self._limit))

    def _booked(self, connection: Connection, now: datetime) -> bool:
        """One conditional statement, so that two workers can't both book the last unit."""
        values = {"today": pacific_day(now), "limit": self._limit, "asked_before": to_millis(now - QUOTA_RETRY_DELAY)}
        return bool(connection.execute(_BOOK, values).rowcount)

    def _begin_day(self, now: datetime) -> None:
        """Book the first unit of a day, unless there is none left."""
        today = pacific_day(now)
        with self._database.write() as connection:
            # Tried again now that no other process can begin the day.
            if self._booked(connection, now):
                return
            if connection.execute(select(quota_days.c.day).where(quota_days.c.day == today)).first() is not None:
                raise _spent(load_quota_day(connection, now, self._limit))
            connection.execute(insert(quota_days).values(day=today, units=1))


def _spent(day: QuotaDay) -> QuotaSpentError:
    return QuotaSpentError(day.spent_reason, remedy="Check again when it has begun.")
