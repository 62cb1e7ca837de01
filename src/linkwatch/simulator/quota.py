"""YouTube's quota: one unit for each list call, in days that begin at midnight Pacific Time."""

from collections import Counter
from datetime import date, datetime
from functools import cache
from threading import Lock
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from linkwatch.errors import SettingsError


@cache
def _pacific() -> ZoneInfo:
    try:
        return ZoneInfo("America/Los_Angeles")
    except ZoneInfoNotFoundError as missing:
        # Slim container images have no /usr/share/zoneinfo.
        raise SettingsError(
            "this system has no time zone data, and YouTube's quota day is Pacific",
            remedy="Install the system's tzdata package, or `pip install tzdata`.",
        ) from missing


def pacific_day(now: datetime) -> date:
    """The quota day of an aware time: it begins at 08:00 UTC in winter, at 07:00 UTC in summer.

    Raises:
        SettingsError: The system has no time zone data.
    """
    return now.astimezone(_pacific()).date()


class QuotaMeter:
    """The units of one API project, per Pacific day. Thread-safe."""

    def __init__(self, per_day: int) -> None:
        self._per_day = per_day
        self._used: Counter[date] = Counter()
        self._lock = Lock()

    def charge(self, now: datetime) -> bool:
        """Charge one unit; False, without a charge, when the day is spent."""
        day = pacific_day(now)
        with self._lock:
            if self._used[day] >= self._per_day:
                return False
            self._used[day] += 1
            return True

    def refund(self, now: datetime) -> None:
        """Take back the unit of a call that is free after all."""
        with self._lock:
            self._used[pacific_day(now)] -= 1

    def used(self, day: date) -> int:
        """Units charged on a Pacific day."""
        with self._lock:
            return self._used[day]
