"""What of some lists is due for a check, and when the next of it will be; check_times are milliseconds since 1970."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from hashlib import blake2b
from typing import NamedTuple

from linkwatch.models.records import Coverage
from linkwatch.models.resource import Resource

SHORTEST_INTERVAL = timedelta(hours=6)
LONGEST_INTERVAL = timedelta(days=7)
"""Between two checks of one resource at the cadence `auto`; the terms want titles refreshed within 30 days."""

AUTO_DIVISOR = 8
"""At `auto`, what has not changed for a time is asked about again after an eighth of it."""


class CheckTimes(NamedTuple):
    """What is known of a resource, as far as it matters for when it is asked about next."""

    checked: int | None
    """Last answer; None: never."""

    changed: int
    """When its state, or anything that is told of it, last changed."""

    missed: int | None = None
    """Of a suspect, when its absence last counted; None for all others."""


NEVER_CHECKED = CheckTimes(checked=None, changed=0)


@dataclass(frozen=True, slots=True)
class Due:
    """What is due now."""

    resources: frozenset[Resource]
    coverage: Coverage
    next_at: int | None
    """When the next of the rest will be due; None: not before the next slot."""


def due(
    askable: Iterable[Resource],
    check_times: Mapping[str, CheckTimes],
    *,
    now: int,
    interval_start: int,
    spacing: timedelta,
    auto: bool,
) -> Due:
    """What of some lists is due.

    Args:
        askable: Everything in the lists that can be asked about.
        check_times: What is known, by id.
        now: The present time.
        interval_start: When the present interval began: what was answered about before is due.
        spacing: How far apart two misses must be to count as two.
        auto: The slot decides nothing; each resource has a pace of its own.
    """
    whole, regular, doubtful, later = True, [], [], []
    for resource in askable:
        moment = check_times.get(resource.id, NEVER_CHECKED)
        if (_auto_at(resource, moment) <= now) if auto else (moment.checked is None or moment.checked < interval_start):
            regular.append(resource)
            continue
        whole = False
        if moment.missed is not None:
            again = moment.missed + _millis(spacing)
            if again <= now:
                doubtful.append(resource)
            else:
                later.append(again)
    asked = Coverage.DOUBTFUL if not regular else Coverage.ALL if whole else Coverage.DUE
    return Due(frozenset([*regular, *doubtful]), asked, min(later, default=None))


def _auto_at(resource: Resource, moment: CheckTimes) -> int:
    """When a resource is due at its own pace: sooner what changed lately or is missing, and spread by its id."""
    if moment.checked is None:
        return 0
    steady = (moment.checked - moment.changed) // AUTO_DIVISOR
    wait = min(_millis(LONGEST_INTERVAL), max(_millis(SHORTEST_INTERVAL), steady))
    return moment.checked + wait - wait * _lot(resource.id) // (4 * 256)


def _lot(id_: str) -> int:
    """From 0 to 255, the same for the same id."""
    return blake2b(id_.encode("utf-8", "backslashreplace"), digest_size=1).digest()[0]


def _millis(length: timedelta) -> int:
    return length // timedelta(milliseconds=1)
