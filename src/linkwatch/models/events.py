"""The changes of a resource between two checks."""

from dataclasses import dataclass
from enum import StrEnum


class EventKind(StrEnum):
    """The kinds of events; at most one of a kind per resource and run."""

    DIED = "died"
    """It became unavailable."""

    SUSPECTED = "suspected"
    """It is missing, and not yet confirmed."""

    RECOVERED = "recovered"
    """It was missing, and is available again."""

    RETITLED = "retitled"
    GROWN = "grown"
    SHRUNK = "shrunk"
    EMPTIED = "emptied"
    """It has no videos left."""

    OWNER_CHANGED = "owner-changed"
    RESTRICTED = "restricted"
    """Its restrictions changed, and there are some."""

    UNRESTRICTED = "unrestricted"
    """It has no restrictions any more."""


@dataclass(frozen=True, slots=True)
class Event:
    """One change, with the values before and after as text (state, title, count, channel); None: purged, or none."""

    kind: EventKind
    before: str | None
    after: str | None
