"""Which schedules there are: those of the command line, else those of the settings."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import assert_never
from zoneinfo import ZoneInfo

from cronsim import CronSim

from linkwatch.daemon.list_watcher import refuse_stdin
from linkwatch.models.times import EPOCH, to_time
from linkwatch.planner.due import Due
from linkwatch.services.lists import named_lists
from linkwatch.settings import Auto, Cadence, Cron, Schedule, Settings
from linkwatch.store.quota import ASK_AGAIN, QuotaDay
from linkwatch.store.schedules import ScheduleStatus

FIRST_RETRY_DELAY = timedelta(minutes=5)
"""After the first check in a row that left something unanswered; doubled each time."""


MAX_RETRY_DELAY = timedelta(hours=1)


QUOTA_RESET_JITTER = timedelta(minutes=10)
"""Within this time after the quota day turns, each schedule begins at a moment of its own."""


def initial_status(status: ScheduleStatus | None, schedule: Schedule, now: datetime) -> ScheduleStatus:
    """How far a schedule has come, when the daemon begins to look after it.

    A new one is due at once if its lists were not checked within the last interval. One whose cadence was changed
    is reckoned anew; what is due stays due.
    """
    cadence = format_cadence(schedule.cadence)
    if status is None:
        slot = now - schedule.cadence if isinstance(schedule.cadence, timedelta) else None
        return ScheduleStatus(schedule.name, (), cadence, slot, next_scheduled(schedule, now), next_check=now)
    if status.cadence == cadence:
        return status
    return replace(status, cadence=cadence, next_slot=next_scheduled(schedule, now), next_check=now)


def at_scheduled_time(status: ScheduleStatus, schedule: Schedule, now: datetime) -> ScheduleStatus:
    """With the slot that begins now; of several that were missed, one."""
    if now < status.next_slot:
        return status
    return replace(status, slot=now, next_slot=next_scheduled(schedule, now), next_check=now)


def after_check(status: ScheduleStatus, still: Due, now: datetime, quota: QuotaDay | None) -> ScheduleStatus:
    """After a check.

    Args:
        status: As it was during the check.
        still: What is due even so: it got no answer, or was held by the brake.
        now: The present time.
        quota: The day's account; None without a key.
    """
    failures = status.failures + 1 if still.resources else 0
    times = [status.next_slot]
    if still.resources:
        times.append(now + retry_delay(failures))
    if still.next_at is not None:
        times.append(to_time(still.next_at))
    return replace(status, failures=failures, next_check=max(min(times), _units_from(quota, status.name, now)))


def after_failure(status: ScheduleStatus, now: datetime) -> ScheduleStatus:
    """After a check that broke off by a fault of ours, such as a full disk."""
    failures = status.failures + 1
    return replace(status, failures=failures, next_check=now + retry_delay(failures))


def retry_delay(failures: int) -> timedelta:
    """How long to wait after so many checks in a row that left something unanswered, from 1 on."""
    return min(MAX_RETRY_DELAY, FIRST_RETRY_DELAY * float(2 ** min(failures - 1, 10)))


def _units_from(quota: QuotaDay | None, name: str, now: datetime) -> datetime:
    """From when there is anything to ask with."""
    if quota is None or quota.left:
        return now
    return now + ASK_AGAIN if quota.exhausted else quota.turns_at + jitter(QUOTA_RESET_JITTER, name)


_HOUR = timedelta(hours=1)


def next_scheduled(schedule: Schedule, after: datetime) -> datetime:
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


def format_cadence(cadence: Cadence) -> str:
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
    offset = jitter(interval, name)
    passed = (after - EPOCH - offset) // interval
    return EPOCH + offset + (passed + 1) * interval


def jitter(length: timedelta, name: str) -> timedelta:
    """A part of a length of time, the same for the same name, in whole seconds."""
    lot = int.from_bytes(blake2b(name.encode("utf-8", "backslashreplace"), digest_size=8).digest())
    return timedelta(seconds=lot % max(1, length // timedelta(seconds=1)))


DEFAULT_NAME = "lists"
"""Of the schedule of the lists that no table names."""


def schedules_of(settings: Settings, named: Sequence[str]) -> tuple[Schedule, ...]:
    """The schedules to keep.

    Args:
        settings: The tables, and the cadence and lists of what stands in none.
        named: The lists of the command line; if there are any, only they are watched.

    Raises:
        UsageError: There is nothing to watch, or standard input is to be.
    """
    if named or settings.lists or not settings.schedules:
        lists = named_lists(named, settings)
        others = [Schedule(name=DEFAULT_NAME, lists=lists, cadence=settings.cadence)]
    else:
        others = []
    schedules = tuple(others) if named else (*settings.schedules, *_unless_named(others, settings.schedules))
    refuse_stdin([location for schedule in schedules for location in schedule.lists])
    return schedules


def _unless_named(others: Sequence[Schedule], schedules: Sequence[Schedule]) -> Sequence[Schedule]:
    """The lists that no table names; a table that has their name takes their place."""
    taken = {location for schedule in schedules for location in schedule.lists}
    names = {schedule.name for schedule in schedules}
    left = [
        Schedule(
            name=DEFAULT_NAME,
            lists=tuple(location for location in other.lists if location not in taken),
            cadence=other.cadence,
        )
        for other in others
        if other.name not in names
    ]
    return [schedule for schedule in left if schedule.lists]
