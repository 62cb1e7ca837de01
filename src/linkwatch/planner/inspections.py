"""Which playlists to inspect: those that changed first, then those never inspected, then the longest ago."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from math import ceil

from linkwatch.models.resource import Resource
from linkwatch.models.times import is_ahead
from linkwatch.planner.calls import IDS_PER_CALL
from linkwatch.spool import Spool, sorted_spool, spooled

MAX_ITEMS = 5_000
"""How many videos a playlist holds at most."""

MAX_UPLOADS_LISTED = 20_000
"""How many videos of an uploads list YouTube lists at most: the newest."""

UNREADABLE_PATIENCE = timedelta(days=3)
"""For so long each check reads a listing again that contradicts itself."""


@dataclass(frozen=True, slots=True)
class InspectionCandidate:
    """An available playlist, and its last inspection."""

    playlist: Resource
    item_count: int | None
    """By the playlist's last answer."""

    inspected_at: datetime | None = None
    """None: never."""

    changed: bool = False
    """Its item count, title, owner or ETag, since then."""

    etag_only: bool = False
    """Nothing but the ETag changed, which may mean nothing."""

    etag: str | None = None
    """Of the playlist, by its last answer."""

    unreadable_since: datetime | None = None
    """The first attempt in a row at which its listing contradicted itself; None: the last could read it."""

    unreadable_at: datetime | None = None
    """The last such attempt."""


@dataclass(frozen=True, slots=True)
class InspectionPlan:
    """The inspections of one check."""

    inspections: tuple[InspectionCandidate, ...] = ()
    """In the order in which they should be made."""

    units: int = 0
    """Quota units of the listings, without retries and the calls about videos that left."""

    postponed: Sequence[InspectionCandidate] = ()
    """Due as well, but beyond the budget."""

    budget: int = 0
    """Units that may be spent, on retries and calls about videos that left too."""


def plan_inspections(
    candidates: Iterable[InspectionCandidate], *, now: datetime, every: timedelta, budget: int, full: bool = False
) -> InspectionPlan:
    """Choose the inspections of a check.

    Args:
        candidates: The available playlists.
        now: The present time.
        every: After this time a playlist that doesn't seem to have changed is inspected again.
        budget: Units that may be spent.
        full: The state of each video is asked for, too.
    """
    # Sorting is stable: playlists that were inspected at the same time keep the order of the lists.
    due = sorted_spool(
        (each for each in candidates if is_due(each, now, every)), InspectionCandidate, partial(_urgency, now=now)
    )
    postponed: Spool[InspectionCandidate] = Spool(InspectionCandidate)
    chosen, units = [], 0
    for candidate in due:
        cost = cost_of(candidate, full=full)
        if units + cost <= budget:
            chosen.append(candidate)
            units += cost
        else:
            postponed.append(candidate)
    return InspectionPlan(tuple(chosen), units, spooled(postponed, InspectionCandidate), budget)


def is_due(candidate: InspectionCandidate, now: datetime, every: timedelta) -> bool:
    """Whether the playlist changed, or was inspected too long ago; see `plan_inspections`.

    One whose listing has contradicted itself for three days is not tried at each check any more.
    """
    tried_at, since = candidate.unreadable_at, candidate.unreadable_since
    if tried_at and since and since <= tried_at <= now and tried_at - since >= UNREADABLE_PATIENCE:
        return now - tried_at >= every
    inspected_at = _inspected_at(candidate, now)
    return candidate.changed or inspected_at is None or now - inspected_at >= every


def _urgency(due: InspectionCandidate, now: datetime) -> tuple[bool, float]:
    inspected_at = _inspected_at(due, now)
    return not due.changed, inspected_at.timestamp() if inspected_at else 0.0


def _inspected_at(candidate: InspectionCandidate, now: datetime) -> datetime | None:
    """The last inspection; a time ahead of now was stored while the clock was wrong, and counts as never."""
    if candidate.inspected_at is None or is_ahead(candidate.inspected_at, now):
        return None
    return candidate.inspected_at


def cost_of(candidate: InspectionCandidate, *, full: bool) -> int:
    """Units of one inspection: one for each 50 videos listed, at least one; as many again in a full one."""
    most = MAX_UPLOADS_LISTED if candidate.playlist.is_uploads else MAX_ITEMS
    pages = max(1, ceil(min(candidate.item_count or 0, most) / IDS_PER_CALL))
    return 2 * pages if full else pages
