"""Which schedules there are, and when each is next due; pure, with the present time as an argument.

interval   at a fixed spacing; schedules are spread over the interval by a jitter that depends on their keys
cron       at the times of the expression, in its time zone; on the two days a year when clocks change as Debian's cron
auto       every hour; which resources are due in it depends on their own histories (`planner/due.py`)
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from itertools import chain, count
from typing import assert_never
from zoneinfo import ZoneInfo

from cronsim import CronSim

from linkwatch.daemon.list_watcher import refuse_stdin
from linkwatch.models.records import QUOTA_RETRY_DELAY, QuotaDay, ScheduleStatus
from linkwatch.models.stored_list import StoredList
from linkwatch.models.times import CLOCK_TOLERANCE, EPOCH, is_ahead, to_time
from linkwatch.planner.due import Due
from linkwatch.services.lists import default_lists
from linkwatch.settings import Auto, Cadence, Cron, Schedule, Settings
from linkwatch.settings.schedule import DEFAULT_KEY, name_lists

FIRST_RETRY_DELAY = timedelta(minutes=5)
"""After the first check in a row that left something unanswered; doubled each time."""

MAX_RETRY_DELAY = timedelta(hours=1)

QUOTA_RESET_JITTER = timedelta(minutes=10)
"""The schedules that wait for a new quota day are spread over this time after it begins."""

LONGEST_QUOTA_WAIT = timedelta(hours=26)
"""No schedule waits longer for a new quota day: one has 25 hours at most, and the jitter is added."""

_HOUR = timedelta(hours=1)


def schedules_of(settings: Settings, named: Sequence[str], stored: Iterable[StoredList] = ()) -> tuple[Schedule, ...]:
    """The schedules to run; none where there is no list yet.

    Args:
        settings: With the `[[schedule]]` tables, and the cadence of the lists that are in none of them.
        named: The lists of the command line; if there are any, they take the place of those of the settings.
        stored: The lists of the database. Each that no other schedule names has one of its own.

    Raises:
        UsageError: Standard input is among the lists.
    """
    if named:
        schedules = [_default_schedule(tuple(named), settings, ())]
    else:
        schedules = list(settings.schedules)
        if settings.lists or not schedules:
            scheduled = {location for schedule in schedules for location in schedule.lists}
            lists = tuple(location for location in default_lists(settings) if location not in scheduled)
            if lists:
                schedules.append(_default_schedule(lists, settings, schedules))
    refuse_stdin([location for schedule in schedules for location in schedule.lists])
    for each in stored:
        if not any(each.address in schedule.lists for schedule in schedules):
            schedules.append(_schedule_of_stored(each, settings, schedules))
    return tuple(schedules)


def _schedule_of_stored(stored: StoredList, settings: Settings, others: Iterable[Schedule]) -> Schedule:
    """The schedule of a list of the database: by its name, or its address where another schedule has that name."""
    taken = {name for schedule in others for name in (schedule.name, schedule.key)}
    return Schedule(
        name=stored.address if stored.name in taken else stored.name,
        lists=(stored.location,),
        cadence=settings.cadence,
        stored_as=stored.address,
        public=settings.public,
        public_address=settings.public_address,
        stored_list=stored.name,
    )


def _default_schedule(lists: tuple[str, ...], settings: Settings, others: Iterable[Schedule]) -> Schedule:
    """The schedule of the lists that are in no table; its name and key are no other schedule's."""
    taken, name = {schedule.name for schedule in others}, name_lists(lists)
    unique = next(each for each in chain([name], (f"{name} ({number})" for number in count(2))) if each not in taken)
    key = unique if DEFAULT_KEY in taken else DEFAULT_KEY
    return Schedule(
        name=unique,
        lists=lists,
        cadence=settings.cadence,
        stored_as=key,
        public=settings.public,
        public_address=settings.public_address,
    )


def next_scheduled(schedule: Schedule, after: datetime) -> datetime:
    """When the first interval begins after a moment, UTC."""
    match schedule.cadence:
        case timedelta() as interval:
            return _next_regular(interval, schedule.key, after)
        case Auto():
            return _next_regular(_HOUR, schedule.key, after)
        case Cron(expression, timezone):
            times = (time.astimezone(UTC) for time in CronSim(expression, after.astimezone(ZoneInfo(timezone))))
            # In the second pass of an hour that comes twice, cronsim would give a time of the first pass.
            return next(time for time in times if time > after)
        case never:
            assert_never(never)


def _next_regular(interval: timedelta, name: str, after: datetime) -> datetime:
    """Counted from 1970, so that it does not depend on when the daemon was started."""
    offset = jitter(interval, name)
    passed = (after - EPOCH - offset) // interval
    return EPOCH + offset + (passed + 1) * interval


def jitter(length: timedelta, name: str) -> timedelta:
    """A part of a length of time in whole seconds, always the same for the same name."""
    number = int.from_bytes(blake2b(name.encode("utf-8", "backslashreplace"), digest_size=8).digest())
    return timedelta(seconds=number % max(1, length // timedelta(seconds=1)))


def format_cadence(cadence: Cadence) -> str:
    """A cadence as text, to find out whether it was changed."""
    match cadence:
        case timedelta():
            return f"every {cadence}"
        case Auto():
            return "auto"
        case Cron(expression, timezone):
            return f"{expression} ({timezone})"
        case never:
            assert_never(never)


def initial_status(stored: ScheduleStatus | None, schedule: Schedule, now: datetime) -> ScheduleStatus:
    """The status of a schedule when the daemon starts.

    A new schedule is due at once unless its lists were checked within the last interval. After a change of the cadence
    the times are computed again; what is due stays due.
    """
    cadence = format_cadence(schedule.cadence)
    if stored is None:
        interval_start = now - schedule.cadence if isinstance(schedule.cadence, timedelta) else None
        return ScheduleStatus(schedule.key, (), cadence, interval_start, next_scheduled(schedule, now), next_check=now)
    if stored.cadence == cadence:
        return without_future_times(stored, schedule, now)
    return without_future_times(
        replace(stored, cadence=cadence, next_scheduled=next_scheduled(schedule, now), next_check=now), schedule, now
    )


def without_future_times(status: ScheduleStatus, schedule: Schedule, now: datetime) -> ScheduleStatus:
    """The status as that of a new schedule when its times lie further ahead than the schedule can give.

    They were computed while the clock was wrong, and nothing would be checked until they have come.
    """
    latest = next_scheduled(schedule, now + CLOCK_TOLERANCE)
    began = status.interval_start
    if (
        (began is None or not is_ahead(began, now))
        and status.next_scheduled <= latest
        and status.next_check <= max(latest, now + LONGEST_QUOTA_WAIT)
    ):
        return status
    return replace(initial_status(None, schedule, now), files=status.files, failures=status.failures)


def begin_interval(status: ScheduleStatus, schedule: Schedule, now: datetime) -> ScheduleStatus:
    """The status at the start of an interval; of several that were missed only one is made up for."""
    if now < status.next_scheduled:
        return status
    return replace(status, interval_start=now, next_scheduled=next_scheduled(schedule, now), next_check=now)


def after_check(status: ScheduleStatus, still_due: Due, now: datetime, quota: QuotaDay | None) -> ScheduleStatus:
    """The status after a check.

    Args:
        status: During the check.
        still_due: Resources that got no answer, or whose result the safety limit stopped.
        now: The present time.
        quota: The quota account of the day; None without a key.
    """
    failures = status.failures + 1 if still_due.resources else 0
    times = [status.next_scheduled]
    if still_due.resources:
        times.append(now + retry_delay(failures))
    if still_due.next_at is not None:
        times.append(to_time(still_due.next_at))
    return replace(status, failures=failures, next_check=max(min(times), _quota_available(quota, status.name, now)))


def after_failure(status: ScheduleStatus, now: datetime) -> ScheduleStatus:
    """The status after a check that was broken off by a local fault, such as a full disk."""
    failures = status.failures + 1
    return replace(status, failures=failures, next_check=now + retry_delay(failures))


def retry_delay(failures: int) -> timedelta:
    """The backoff after so many checks in a row that left something unanswered, from 1 on."""
    return min(MAX_RETRY_DELAY, FIRST_RETRY_DELAY * float(2 ** min(failures - 1, 10)))


def _quota_available(quota: QuotaDay | None, name: str, now: datetime) -> datetime:
    """From when on there are units left."""
    if quota is None or quota.left:
        return now
    return now + QUOTA_RETRY_DELAY if quota.exhausted else quota.turns_at + jitter(QUOTA_RESET_JITTER, name)
