"""The changes inside a playlist between two inspections."""

from dataclasses import dataclass
from enum import StrEnum

from linkwatch.models.observation import Member

MemberKey = tuple[str, int]
"""Id of the video, and its occurrence: identifies a member, whatever its position."""


class MemberChangeKind(StrEnum):
    """The kinds of changes of a member; at most one of a kind per inspection."""

    ADDED = "added"
    REMOVED = "taken-out"
    """By the owner of the playlist: the video can still be watched."""

    MADE_PRIVATE = "made-private"
    DELETED = "gone"
    RETURNED = "returned"
    """The video can be watched again."""

    MOVED = "moved"
    """To another position among the members that stayed."""

    REPLACED = "replaced"
    """Removed, and another with a similar title added at the same position."""


@dataclass(frozen=True, slots=True)
class MemberChange:
    """One change inside a playlist."""

    change: MemberChangeKind
    member: Member
    """The member, after the change."""

    replaced_by: str | None = None
    """Id of the video that replaced it."""


@dataclass(frozen=True, slots=True)
class Membership:
    """A playlist's members after an inspection, and the changes since the one before."""

    members: tuple[Member, ...]
    """By position."""

    left: tuple[Member, ...]
    """Those that the inspection did not find any more."""

    changes: tuple[MemberChange, ...]
