"""The states of many resources by day, from their present records and their former states; pure."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from typing import NamedTuple

from linkwatch.models.observation import ResourceRecord, State
from linkwatch.models.records import Span
from linkwatch.models.resource import Resource

_COUNTED = (State.AVAILABLE, State.SUSPECT, State.UNAVAILABLE)


class DayStates(NamedTuple):
    """How many resources were in which state at the end of a day, UTC; of today, now."""

    day: date
    available: int
    suspect: int
    unavailable: int

    @property
    def total(self) -> int:
        """Resources whose state was known; 0 before the first check."""
        return self.available + self.suspect + self.unavailable


def days_until(now: datetime, number: int) -> list[date]:
    """The last days, oldest first, today included."""
    return [now.date() - timedelta(days=ago) for ago in range(number - 1, -1, -1)]


def states_by_day(
    records: Iterable[tuple[Resource, ResourceRecord]],
    ended: Mapping[Resource, Sequence[Span]],
    now: datetime,
    number: int,
) -> list[DayStates]:
    """Count the states of resources at the end of each of the last days.

    Args:
        records: The resources and their present records.
        ended: Their former states that ended within these days, oldest first; `last_seen` is when the next was found.
        now: The present time, aware UTC.
        number: How many days.
    """
    days = days_until(now, number)
    ends = [min(now, datetime.combine(day + timedelta(days=1), time(), UTC)) for day in days]
    changes = {state: [0] * (number + 1) for state in _COUNTED}
    for resource, record in records:
        begin = bisect_left(ends, record.first_seen)
        for span in ended.get(resource, ()):
            if span.attribute != "state":
                continue
            end = bisect_left(ends, span.last_seen)
            _add(changes, State((span.value or State.UNKNOWN).split(maxsplit=1)[0]), begin, end)
            begin = end
        _add(changes, record.state, begin, number)
    counts = [list(accumulate(changes[state]))[:number] for state in _COUNTED]
    return [DayStates(*values) for values in zip(days, *counts, strict=True)]


def _add(changes: Mapping[State, list[int]], state: State, begin: int, end: int) -> None:
    if state in changes and begin < end:
        changes[state][begin] += 1
        changes[state][end] -= 1
