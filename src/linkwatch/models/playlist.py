"""Playlist."""

from dataclasses import dataclass
from enum import StrEnum

from linkwatch.models.observation import Member

MemberKey = tuple[str, int]
"""Video and occurrence: one place in a playlist, wherever it moves."""


class MemberChangeKind(StrEnum):
    """What can happen to a video in a playlist; at most one of a kind per look."""

    ADDED = "added"
    REMOVED = "taken-out"
    """By the owner of the playlist: the video lives."""

    MADE_PRIVATE = "made-private"
    DELETED = "gone"
    RETURNED = "returned"
    """It can be watched again."""

    MOVED = "moved"
    """To another place among those that stayed."""

    REPLACED = "replaced"
    """Out, and another with a like title in at the same place."""


@dataclass(frozen=True, slots=True)
class MemberChange:
    """One change inside a playlist."""

    change: MemberChangeKind
    member: Member
    """The video that it happened to, as it is known now."""

    replaced_by: str | None = None
    """Id of the video that replaced it."""


@dataclass(frozen=True, slots=True)
class Membership:
    """A playlist's members after a look, and what happened since the look before."""

    members: tuple[Member, ...]
    """Those in it, by position."""

    left: tuple[Member, ...]
    """Those that the look found out of it."""

    changes: tuple[MemberChange, ...]
