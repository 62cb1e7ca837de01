"""What changed in some lists since a moment: the value that `linkwatch diff` renders.

These are net differences: the first and the last title of a resource that was retitled twice, and nothing about a
video that was added and removed.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum

from linkwatch.models.observation import MemberState
from linkwatch.models.playlist import MemberChangeKind, MemberKey
from linkwatch.models.records import Flapping, Run, StoredMemberChange
from linkwatch.report.model import ReportedResource


@dataclass(frozen=True, slots=True)
class VideoChanges:
    """The videos that were added to a playlist or lost, each once, by position."""

    came: tuple[StoredMemberChange, ...] = ()
    returned: tuple[StoredMemberChange, ...] = ()
    """Private or deleted then, available now."""

    taken_out: tuple[StoredMemberChange, ...] = ()
    """Removed by the playlist's owner."""

    made_private: tuple[StoredMemberChange, ...] = ()
    gone: tuple[StoredMemberChange, ...] = ()
    replaced: tuple[StoredMemberChange, ...] = ()
    """By another video with a similar title, at the same position."""

    @property
    def balance(self) -> int:
        """How many more videos are available, negative for fewer."""
        return len(self.came) + len(self.returned) - len(self.taken_out) - len(self.made_private) - len(self.gone)


NO_VIDEO_CHANGES = VideoChanges()


def net_video_changes(changes: Sequence[StoredMemberChange]) -> VideoChanges:
    """The net changes; a video that was added and removed, or lost and added again, is none.

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
    return VideoChanges(**{name: _by_position(changed) for name, changed in found.items()})


def _by_position(changes: Iterable[StoredMemberChange]) -> tuple[StoredMemberChange, ...]:
    return tuple(sorted(changes, key=lambda stored: (stored.position, stored.member.video_id)))


def _net(history: Sequence[StoredMemberChange]) -> str | None:
    """The field of `VideoChanges` for one video; None: nothing changed."""
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
    """How a resource can differ, in the order of the output."""

    DIED = "died"
    """Unavailable now; perhaps again, after a recovery."""

    WENT_MISSING = "went-missing"
    """Suspect now: not yet confirmed."""

    RECOVERED = "recovered"
    """Available now, and missing then or in between."""

    RETITLED = "retitled"
    SHRANK = "shrank"
    GREW = "grew"
    EXCHANGED = "exchanged"
    """The same number of videos, but not the same ones."""

    OWNER_CHANGED = "owner-changed"
    RESTRICTIONS_CHANGED = "restrictions-changed"
    ADDED = "added"
    """To the list."""

    REMOVED = "removed"
    """From the list."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One way in which a resource differs."""

    kind: DiffKind
    item: ReportedResource
    """Without links when it is in no list any more and its last place is unknown."""

    at: datetime | None
    """When the last change was found; None when no check has met the resource yet."""

    before: str | None = None
    """The value then; None: purged, as YouTube's terms require, or there was none."""

    after: str | None = None
    """The value now, likewise."""

    absence: tuple[datetime, datetime] | None = None
    """From when to when a resource was missing that is available now and was before."""

    videos: VideoChanges = NO_VIDEO_CHANGES

    flapping: Flapping | None = None
    """Of a change of the state: it has changed over and over lately."""


@dataclass(frozen=True, slots=True)
class ListDiff:
    """Everything that differs from one moment."""

    generated_at: datetime
    since: datetime
    """The moment with which the present is compared."""

    first_check: datetime | None
    """When the first check of any of the lists began; None: no check has met any of it."""

    run: Run | None
    """The last check of these lists."""

    resources: int
    """Distinct ones in the lists."""

    unanswered: int
    """Of these, those without an answer since."""

    differences: Sequence[Difference]
    """By kind, file, line, id."""
