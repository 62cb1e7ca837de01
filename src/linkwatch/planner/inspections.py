"""Which playlists to look into: where something moved, then those never looked into, then the longest unseen."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from linkwatch.models.resource import Resource
from linkwatch.planner.calls import IDS_PER_CALL
from linkwatch.spool import Spool, sorted_spool, spooled


@dataclass(frozen=True, slots=True)
class InspectionCandidate:
    """A living playlist, and what is known of the last look inside."""

    playlist: Resource
    item_count: int | None
    """As many as the playlist says it has."""

    inspected_at: datetime | None = None
    changed: bool = False
    """Its count, title or ETag did, since then."""

    etag_only: bool = False
    """Nothing but the ETag did, which may mean nothing."""

    etag: str | None = None
    """Of the playlist, as it is now."""

    recheck: bool = False
    """The last check left it to be looked into once more."""

    last_item_count: int | None = None
    """As many as the playlist said it had, at the last look."""


@dataclass(frozen=True, slots=True)
class InspectionPlan:
    """The looks of one check."""

    inspections: tuple[InspectionCandidate, ...] = ()
    """In the order in which they should be made."""

    units: int = 0
    """Quota units of the looks, without retries, and without asking what became of what left."""

    postponed: Sequence[InspectionCandidate] = ()
    """Due as well, but for the budget."""

    budget: int = 0
    """Units that may be spent, retries and questions about what left among them."""


def plan_inspections(
    candidates: Iterable[InspectionCandidate], *, now: datetime, every: timedelta, budget: int, full: bool = False
) -> InspectionPlan:
    """Choose the looks of a check.

    Args:
        candidates: The living playlists.
        now: The present time.
        every: After this time a playlist in which nothing seems to move is looked into again.
        budget: Units that may be spent.
        full: The state of each video is asked for as well.
    """
    # Sorting is stable: what is equally old keeps the order of the lists.
    due = sorted_spool((each for each in candidates if is_due(each, now, every)), InspectionCandidate, _urgency)
    waiting: Spool[InspectionCandidate] = Spool(InspectionCandidate)
    chosen, units = [], 0
    for candidate in due:
        cost = cost_of(candidate, full=full)
        if units + cost <= budget:
            chosen.append(candidate)
            units += cost
        else:
            waiting.append(candidate)
    return InspectionPlan(tuple(chosen), units, spooled(waiting, InspectionCandidate), budget)


def is_due(candidate: InspectionCandidate, now: datetime, every: timedelta) -> bool:
    """Whether something moved, or the last look is too long ago; see `plan_inspections`."""
    return candidate.changed or candidate.inspected_at is None or now - candidate.inspected_at >= every


def _urgency(due: InspectionCandidate) -> tuple[bool, float]:
    return not due.changed, due.inspected_at.timestamp() if due.inspected_at else 0.0


def cost_of(candidate: InspectionCandidate, *, full: bool) -> int:
    """Units of one look: a page for each 50 videos, one at least; as many again to ask for the state of each."""
    pages = max(1, ceil((candidate.item_count or 0) / IDS_PER_CALL))
    return 2 * pages if full else pages
