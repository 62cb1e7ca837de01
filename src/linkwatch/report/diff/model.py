"""What became of a list between a moment and now: the value that `linkwatch diff` renders.

It tells the net difference: the first and the last title of one that changed twice, nothing of a video that came and
went.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum

from linkwatch.models.observation import MemberState
from linkwatch.models.playlist import MemberChangeKind, MemberKey
from linkwatch.models.records import Run, StoredMemberChange
from linkwatch.report.model import ReportedResource


@dataclass(frozen=True, slots=True)
class VideoChanges:
    """The videos of a playlist that came and went, each once, by position."""

    came: tuple[StoredMemberChange, ...] = ()
    returned: tuple[StoredMemberChange, ...] = ()
    """They were private or gone, and can be watched again."""

    taken_out: tuple[StoredMemberChange, ...] = ()
    """By the owner of the playlist."""

    made_private: tuple[StoredMemberChange, ...] = ()
    gone: tuple[StoredMemberChange, ...] = ()
    replaced: tuple[StoredMemberChange, ...] = ()
    """By another with a like title, at the same place."""

    @property
    def balance(self) -> int:
        """How many more can be watched."""
        return len(self.came) + len(self.returned) - len(self.taken_out) - len(self.made_private) - len(self.gone)


NO_VIDEO_CHANGES = VideoChanges()


def net_video_changes(changes: Sequence[StoredMemberChange]) -> VideoChanges:
    """The net difference; a video that came and went, or went and came back, is none.

    Args:
        changes: All of one playlist from a moment on, oldest first.
    """
    histories: dict[MemberKey, list[StoredMemberChange]] = defaultdict(list)
    for stored in changes:
        if stored.change is not MemberChangeKind.MOVED:
            histories[stored.member.video_id, stored.member.occurrence].append(stored)
    found: dict[str, list[StoredMemberChange]] = {field.name: [] for field in fields(VideoChanges)}
    for history in histories.values():
        if name := _net(history):
            found[name].append(history[-1])
    return VideoChanges(**{name: _by_position(told) for name, told in found.items()})


def _by_position(changes: Iterable[StoredMemberChange]) -> tuple[StoredMemberChange, ...]:
    return tuple(sorted(changes, key=lambda stored: (stored.position, stored.member.video_id)))


def _net(history: Sequence[StoredMemberChange]) -> str | None:
    """The field of `VideoChanges` that one video belongs to; None: it is as it was."""
    first, last = history[0], history[-1]
    was_in = first.change is not MemberChangeKind.ADDED
    could_be_watched = was_in and first.change is not MemberChangeKind.RETURNED
    if last.member.left_at is None and last.member.state is MemberState.AVAILABLE:
        return None if could_be_watched else "returned" if was_in else "came"
    if not could_be_watched:
        return None
    return {
        MemberChangeKind.REMOVED: "taken_out",
        MemberChangeKind.MADE_PRIVATE: "made_private",
        MemberChangeKind.DELETED: "gone",
        MemberChangeKind.REPLACED: "replaced",
    }.get(last.change)


class DiffKind(StrEnum):
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

    turn: DiffKind
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

    turnover: VideoChanges = NO_VIDEO_CHANGES
    """The videos of a playlist that came and went."""


@dataclass(frozen=True, slots=True)
class ListDiff:
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
