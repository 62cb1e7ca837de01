"""What became of a list between a moment and now: the value that `linkwatch diff` renders.

It tells the net difference: the first and the last title of one that changed twice, nothing of a video that came and
went.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from linkwatch.report.report import ReportedResource
from linkwatch.report.turnover import NO_TURNOVER, Turnover
from linkwatch.store.remembered import Run


class Turn(StrEnum):
    """What can have become of a resource, in the order in which it is told."""

    DIED = "died"
    """Unavailable now; another time perhaps, after it had been back."""

    WENT_MISSING = "went-missing"
    """Suspect now: confirmation is awaited."""

    RECOVERED = "recovered"
    """Available now, and was missing then or in between."""

    RETITLED = "retitled"
    SHRANK = "shrank"
    GREW = "grew"
    EXCHANGED = "exchanged"
    """As many videos as then, but not the same."""

    OWNER_CHANGED = "owner-changed"
    RESTRICTIONS_CHANGED = "restrictions-changed"
    ADDED = "added"
    """To the list."""

    REMOVED = "removed"
    """From the list."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is otherwise than it was."""

    turn: Turn
    item: ReportedResource
    """Without links when it is in no list any more."""

    at: datetime | None
    """When the last of it was found; None when no check has met it yet."""

    before: str | None = None
    """What was so; None: it is no longer kept, as YouTube's terms ask, or there was nothing."""

    after: str | None = None
    """What is so, likewise."""

    absence: tuple[datetime, datetime] | None = None
    """From when to when something that is back was missing, or gone, that was available before."""

    turnover: Turnover = NO_TURNOVER
    """The videos of a playlist that came and went."""


@dataclass(frozen=True, slots=True)
class Differences:
    """All that is otherwise than it was at one moment."""

    generated_at: datetime
    since: datetime
    """The moment that was asked for."""

    first_check: datetime | None
    """When the first check of any of the lists began; None: no check has met any of it."""

    run: Run | None
    """The last check of these lists."""

    resources: int
    """Distinct ones in the lists."""

    unanswered: int
    """Of these, those that no check got an answer about since."""

    told: Sequence[Difference]
    """By turn, file, line, id."""
