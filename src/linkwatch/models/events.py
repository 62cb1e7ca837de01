"""What happened to a resource between two checks."""

from dataclasses import dataclass
from enum import StrEnum


class EventKind(StrEnum):
    """The changes that are stored and told; at most one of a kind per resource and run."""

    DIED = "died"
    """It is unavailable now, confirmed."""

    SUSPECTED = "suspected"
    """It went missing; confirmation is awaited."""

    RECOVERED = "recovered"
    """It was missing and is back."""

    RETITLED = "retitled"
    GROWN = "grown"
    SHRUNK = "shrunk"
    EMPTIED = "emptied"
    """Its last videos went."""

    OWNER_CHANGED = "owner-changed"
    RESTRICTED = "restricted"
    """Its restrictions changed, and there are some."""

    UNRESTRICTED = "unrestricted"
    """The last restriction was lifted."""


@dataclass(frozen=True, slots=True)
class Event:
    """One change, with the value before and after as text (a state, a title, a count, a channel)."""

    kind: EventKind
    before: str | None
    after: str | None
