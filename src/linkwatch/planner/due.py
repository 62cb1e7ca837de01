"""Which resources of some lists are due for a check, and when the next will be; times are milliseconds since 1970."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import blake2b
from typing import NamedTuple

from linkwatch.models.records import Coverage
from linkwatch.models.resource import Resource
from linkwatch.spool import spooled

SHORTEST_INTERVAL = timedelta(hours=6)
LONGEST_INTERVAL = timedelta(days=7)
"""Between two checks of one resource at the cadence `auto`; YouTube's terms want titles refreshed within 30 days."""

AUTO_DIVISOR = 8
"""At `auto`, a resource that has not changed for some time is checked again after this part of it."""


class CheckTimes(NamedTuple):
    """When a resource was checked and changed."""

    checked: int | None
    """The last answer; None: never."""

    changed: int
    """The last event."""

    missed: int | None = None
    """Of a suspect, its last missed check that counted; None for all others."""

    passing: bool = False
    """A stream that is live or to come: what was seen does not last."""


NEVER_CHECKED = CheckTimes(checked=None, changed=0)


@dataclass(frozen=True, slots=True)
class Due:
    """The resources that are due now."""

    resources: Sequence[Resource]
    """In the order of the lists; of a long list in a temporary file."""

    coverage: Coverage
    next_at: int | None
    """When the next of the others will be due; None: not in this interval."""


def due(
    askable: Iterable[tuple[Resource, CheckTimes]],
    *,
    now: int,
    interval_start: int,
    spacing: timedelta,
    auto: bool,
) -> Due:
    """Decide which resources of some lists are due.

    Args:
        askable: The resources of the lists that can be asked about, each with its times; iterated once.
        now: The present time.
        interval_start: When the present interval began: a resource with an older answer is due.
        spacing: How far apart two missed checks must be to count as two.
        auto: Each resource has an interval of its own, in place of `interval_start`.
    """
    is_whole, has_regular = True, False
    next_at: int | None = None

    def due_resources() -> Iterator[Resource]:
        nonlocal is_whole, has_regular, next_at
        for resource, times in askable:
            if (_auto_at(resource, times, now) <= now) if auto else (_checked(times, now) < interval_start):
                has_regular = True
                yield resource
                continue
            is_whole = False
            if times.missed is not None:
                again = times.missed + _millis(spacing) if times.missed <= now else now
                if again <= now:
                    yield resource
                elif next_at is None or again < next_at:
                    next_at = again

    resources = spooled(due_resources(), Resource)
    coverage = Coverage.DOUBTFUL if not has_regular else Coverage.ALL if is_whole else Coverage.DUE
    return Due(resources, coverage, next_at)


def _checked(times: CheckTimes, now: int) -> int:
    """The last answer; -1 for never. A time to come was written while the clock was wrong, and counts as never."""
    return -1 if times.checked is None or times.checked > now else times.checked


def _auto_at(resource: Resource, times: CheckTimes, now: int) -> int:
    """When a resource is due at `auto`: the sooner the more lately it changed, with a jitter that depends on its id."""
    checked = _checked(times, now)
    if checked < 0:
        return 0
    steady = 0 if times.passing else (checked - times.changed) // AUTO_DIVISOR
    wait = min(_millis(LONGEST_INTERVAL), max(_millis(SHORTEST_INTERVAL), steady))
    return checked + wait - wait * _jitter(resource.id) // (4 * 256)


def _jitter(id_: str) -> int:
    """From 0 to 255, the same for the same id."""
    return blake2b(id_.encode("utf-8", "backslashreplace"), digest_size=1).digest()[0]


def _millis(length: timedelta) -> int:
    return length // timedelta(milliseconds=1)
