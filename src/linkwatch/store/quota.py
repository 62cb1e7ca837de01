"""The quota account: units are booked before each attempt, atomically, per Pacific day and API key.

A key is stored as a digest. Units of before digests were stored are booked under an empty one and count for every key:
they may be its own.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from hashlib import blake2b
from threading import Lock
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, bindparam, func, insert, or_, select, update

from linkwatch.errors import QuotaSpentError
from linkwatch.models.records import QUOTA_RETRY_DELAY, QuotaDay
from linkwatch.models.times import to_millis, to_time
from linkwatch.store.database import Database
from linkwatch.store.tables import quota_days

_DIGEST_KEY = b"linkwatch: quota account of an API key"

PACIFIC = ZoneInfo("America/Los_Angeles")
"""YouTube's day turns at midnight there: 07:00 or 08:00 UTC."""


_ANY_KEY = ""
"""The digest of units that were booked under no digest."""

# Both are built once: they run before calls, and building them costs more than running them.
_ACCOUNT = (
    select(quota_days)
    .where(
        quota_days.c.day == bindparam("today"),
        or_(quota_days.c.key_digest == bindparam("digest"), quota_days.c.key_digest == _ANY_KEY),
    )
    .order_by(quota_days.c.key_digest.desc())
    .limit(1)
)
_BOOK = (
    update(quota_days)
    .where(
        quota_days.c.day == bindparam("today"),
        quota_days.c.key_digest == bindparam("digest"),
        quota_days.c.units < bindparam("limit"),
        quota_days.c.exhausted_at.is_(None)
        | (quota_days.c.exhausted_at <= bindparam("asked_before"))
        | (quota_days.c.exhausted_at >= bindparam("asked_after")),
    )
    .values(units=quota_days.c.units + 1)
)


def key_digest(api_key: str | None) -> str:
    """What stands for a key in the database: 16 hexadecimal digits; empty without a key.

    The digest is keyed, so that it is none that anybody would compute of the key for another purpose.
    """
    if api_key is None:
        return _ANY_KEY
    return blake2b(api_key.encode("utf-8", "backslashreplace"), digest_size=8, key=_DIGEST_KEY).hexdigest()


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


def load_quota_day(connection: Connection, now: datetime, limit: int, api_key: str | None) -> QuotaDay:
    """The state of today's account of a key; without one, of the key that booked most."""
    today = pacific_day(now)
    if api_key is None:
        most = select(quota_days).where(quota_days.c.day == today).order_by(quota_days.c.units.desc()).limit(1)
        row = connection.execute(most).first()
    else:
        row = _account_row(connection, today, key_digest(api_key))
    return _quota_day(row, now, limit)


def load_units_by_day(connection: Connection, api_key: str | None, since: date) -> list[tuple[date, int]]:
    """The units booked on each Pacific day from one on, with this key or before accounts had keys; oldest first."""
    query = (
        select(quota_days.c.day, func.max(quota_days.c.units))
        .where(quota_days.c.key_digest.in_((key_digest(api_key), _ANY_KEY)), quota_days.c.day >= since.isoformat())
        .group_by(quota_days.c.day)
        .order_by(quota_days.c.day)
    )
    return [(date.fromisoformat(day), int(units)) for day, units in connection.execute(query)]


def _quota_day(row: Row[Any] | None, now: datetime, limit: int) -> QuotaDay:
    exhausted_at = None if row is None else to_time(row.exhausted_at)
    return QuotaDay(
        units=0 if row is None else row.units,
        limit=limit,
        # A mark far ahead of now was stored while the clock was wrong; one a little ahead is of this very run.
        exhausted=exhausted_at is not None and abs(now - exhausted_at) < QUOTA_RETRY_DELAY,
        turns_at=next_pacific_day(now),
    )


def _account_row(connection: Connection, day: str, digest: str) -> Row[Any] | None:
    """The account of a key; until it is begun, what was booked that day before accounts were those of a key."""
    return connection.execute(_ACCOUNT, {"today": day, "digest": digest}).first()


class StoredQuotaAccount:
    """Books the units of one run in the account that all runs on this database share.

    Args:
        database: Holds the account.
        limit: Units of the key's project a day.
        api_key: Whose account it is; None: nothing will be booked.
        clock: The present time, aware UTC: a run may last over midnight Pacific Time.
    """

    def __init__(self, database: Database, limit: int, api_key: str | None, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._limit = limit
        self._digest = key_digest(api_key)
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
        ours = (quota_days.c.day == pacific_day(now), quota_days.c.key_digest == self._digest)
        with self._database.write() as connection:
            connection.execute(update(quota_days).where(*ours).values(exhausted_at=to_millis(now)))
            return _spent(self._load(connection, now))

    def _booked(self, connection: Connection, now: datetime) -> bool:
        """One conditional statement, so that two workers can't both book the last unit."""
        values = {
            "today": pacific_day(now),
            "digest": self._digest,
            "limit": self._limit,
            "asked_before": to_millis(now - QUOTA_RETRY_DELAY),
            "asked_after": to_millis(now + QUOTA_RETRY_DELAY),
        }
        return bool(connection.execute(_BOOK, values).rowcount)

    def _begin_day(self, now: datetime) -> None:
        """Book the first unit of a day, unless there is none left."""
        today = pacific_day(now)
        with self._database.write() as connection:
            # Tried again now that no other process can begin the day.
            if self._booked(connection, now):
                return
            earlier = _account_row(connection, today, self._digest)
            if earlier is None or earlier.key_digest != self._digest:
                values = (
                    {"units": 0} if earlier is None else {"units": earlier.units, "exhausted_at": earlier.exhausted_at}
                )
                connection.execute(insert(quota_days).values(day=today, key_digest=self._digest, **values))
                if self._booked(connection, now):
                    return
            raise _spent(self._load(connection, now))

    def _load(self, connection: Connection, now: datetime) -> QuotaDay:
        return _quota_day(_account_row(connection, pacific_day(now), self._digest), now, self._limit)


def _spent(day: QuotaDay) -> QuotaSpentError:
    return QuotaSpentError(day.spent_reason, remedy="Check again when it has begun.")
