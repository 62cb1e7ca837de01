"""When a schedule is next attended to: slots that begin, suspects to confirm, and what got no answer, tried again."""

from dataclasses import replace
from datetime import datetime, timedelta

from linkwatch.daemon.cadence import next_slot, spread, written
from linkwatch.models.times import to_time
from linkwatch.planner.due import Due
from linkwatch.settings import Schedule
from linkwatch.store.quota import ASK_AGAIN, QuotaDay
from linkwatch.store.schedules import ScheduleStatus

FIRST_RETRY = timedelta(minutes=5)
"""After the first check in a row that left something unanswered; doubled each time."""

LONGEST_RETRY = timedelta(hours=1)

AFTER_MIDNIGHT = timedelta(minutes=10)
"""Within this time after the quota day turns, each schedule begins at a moment of its own."""


def begun(standing: ScheduleStatus | None, schedule: Schedule, now: datetime) -> ScheduleStatus:
    """How far a schedule has come, when the daemon begins to look after it.

    A new one is due at once if its lists were not checked within the last interval. One whose cadence was changed
    is reckoned anew; what is due stays due.
    """
    cadence = written(schedule.cadence)
    if standing is None:
        slot = now - schedule.cadence if isinstance(schedule.cadence, timedelta) else None
        return ScheduleStatus(schedule.name, (), cadence, slot, next_slot(schedule, now), next_check=now)
    if standing.cadence == cadence:
        return standing
    return replace(standing, cadence=cadence, next_slot=next_slot(schedule, now), next_check=now)


def opened(standing: ScheduleStatus, schedule: Schedule, now: datetime) -> ScheduleStatus:
    """With the slot that begins now; of several that were missed, one."""
    if now < standing.next_slot:
        return standing
    return replace(standing, slot=now, next_slot=next_slot(schedule, now), next_check=now)


def ended(standing: ScheduleStatus, still: Due, now: datetime, quota: QuotaDay | None) -> ScheduleStatus:
    """After a check.

    Args:
        standing: As it was during the check.
        still: What is due even so: it got no answer, or was held by the brake.
        now: The present time.
        quota: The day's account; None without a key.
    """
    failures = standing.failures + 1 if still.resources else 0
    times = [standing.next_slot]
    if still.resources:
        times.append(now + wait_after(failures))
    if still.next_at is not None:
        times.append(to_time(still.next_at))
    return replace(standing, failures=failures, next_check=max(min(times), _units_from(quota, standing.name, now)))


def failed(standing: ScheduleStatus, now: datetime) -> ScheduleStatus:
    """After a check that broke off by a fault of ours, such as a full disk."""
    failures = standing.failures + 1
    return replace(standing, failures=failures, next_check=now + wait_after(failures))


def wait_after(failures: int) -> timedelta:
    """How long to wait after so many checks in a row that left something unanswered, from 1 on."""
    return min(LONGEST_RETRY, FIRST_RETRY * float(2 ** min(failures - 1, 10)))


def _units_from(quota: QuotaDay | None, name: str, now: datetime) -> datetime:
    """From when there is anything to ask with."""
    if quota is None or quota.left:
        return now
    return now + ASK_AGAIN if quota.exhausted else quota.turns_at + spread(AFTER_MIDNIGHT, name)
