"""When the next slot of a cadence begins; pure, with the time as an argument.

interval   every so long, at a moment of its own: schedules are spread over the day by their names
cron       at the times of the expression, in its time zone, on the two odd days of the year as Debian's cron does
auto       every hour, at a minute of its own; what is due in it is for each resource to say (`plan/due.py`)
"""

from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import assert_never
from zoneinfo import ZoneInfo

from cronsim import CronSim

from linkwatch.models.times import EPOCH
from linkwatch.settings import Auto, Cadence, Cron, Schedule

_HOUR = timedelta(hours=1)


def next_slot(schedule: Schedule, after: datetime) -> datetime:
    """When the first slot begins after a moment, UTC."""
    match schedule.cadence:
        case timedelta() as interval:
            return _regular(interval, schedule.name, after)
        case Auto():
            return _regular(_HOUR, schedule.name, after)
        case Cron(expression, timezone):
            times = (time.astimezone(UTC) for time in CronSim(expression, after.astimezone(ZoneInfo(timezone))))
            # In an hour that comes twice, its second time, a moment of its first would be next.
            return next(time for time in times if time > after)
        case never:
            assert_never(never)


def written(cadence: Cadence) -> str:
    """A cadence in one line of text, by which another one is told."""
    match cadence:
        case timedelta():
            return f"every {cadence}"
        case Auto():
            return "auto"
        case Cron(expression, timezone):
            return f"{expression} ({timezone})"
        case never:
            assert_never(never)


def _regular(interval: timedelta, name: str, after: datetime) -> datetime:
    """Reckoned from 1970, so that it does not depend on when the daemon was started."""
    offset = spread(interval, name)
    passed = (after - EPOCH - offset) // interval
    return EPOCH + offset + (passed + 1) * interval


def spread(length: timedelta, name: str) -> timedelta:
    """A part of a length of time, the same for the same name, in whole seconds."""
    lot = int.from_bytes(blake2b(name.encode("utf-8", "backslashreplace"), digest_size=8).digest())
    return timedelta(seconds=lot % max(1, length // timedelta(seconds=1)))
