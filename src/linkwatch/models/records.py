"""What the store hands on: values apart from its tables, so that a report is made without loading SQLAlchemy."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from linkwatch.models.events import Event
from linkwatch.models.observation import Member, State
from linkwatch.models.playlist import MemberChangeKind
from linkwatch.models.resource import Resource


class Coverage(StrEnum):
    """How much of its lists a check asks about."""

    ALL = "all"
    DUE = "due"
    """What is due by its cadence, or got no answer when it was."""

    DOUBTFUL = "doubtful"
    """What is missing and waits for confirmation, no more."""


@dataclass(frozen=True, slots=True)
class Run:
    """One check, as it is remembered."""

    id: int
    source: str
    """`data-api`, `keyless` or `simulator`."""

    started_at: datetime
    finished_at: datetime | None
    """None while it runs, or when it was killed."""

    quota_units: int
    complete: bool
    incomplete_reason: str | None
    note: str | None
    """What else a person should know of it, such as that the brake let go."""

    coverage: Coverage = Coverage.ALL


@dataclass(frozen=True, slots=True)
class PastRun:
    """A check among all that there were, and what it was of."""

    run: Run
    files: tuple[str, ...]
    """The lists that it read, by name."""

    stopped_by_brake: bool
    """By the brake."""


@dataclass(frozen=True, slots=True)
class Outage:
    """A time in which something was missing; it is over."""

    resource: Resource
    title: str | None
    """The present one, as far as it is known."""

    worst_state: State
    """`unavailable`, or `suspect` when it came back before that was confirmed."""

    started_at: datetime
    ended_at: datetime
    """When a check saw it again."""


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event, and when it was found."""

    resource: Resource
    event: Event
    at: datetime
    run_id: int


@dataclass(frozen=True, slots=True)
class Span:
    """A value that was true for a time."""

    attribute: str
    """`state`, `title`, `owner`, `item_count` or `restrictions`; `unanswered` for a time without answers."""

    value: str | None
    """None: it was purged, as YouTube's terms ask; always for `unanswered`."""

    first_seen: datetime
    last_seen: datetime


@dataclass(frozen=True, slots=True)
class CheckHistory:
    """The last checks of some lists, and what was known after each."""

    times: tuple[datetime, ...] = ()
    """When they began, oldest first."""

    states: Mapping[Resource, tuple[State | None, ...]] = field(default_factory=dict)
    """A state for each of the times; None: no answer, or not met yet."""


NO_HISTORY = CheckHistory()


class LastInspection(NamedTuple):
    """The last look inside a playlist, and what is to be done about it."""

    row_id: int
    """Of the playlist's resource."""

    inspected_at: datetime | None
    """None: never."""

    due: bool
    """Something moved since."""

    etag: str | None
    """Of the playlist, at that look; None: none, or it was purged."""

    item_count: int | None
    """Of the playlist, at that look; None: untold, or it was purged."""

    closed: bool
    """YouTube would not show what is in it."""

    member_count: int
    """In it by the last look that was not closed."""

    lost_count: int
    """Of the members, those that are private or gone."""


@dataclass(frozen=True, slots=True)
class StoredMemberChange:
    """What happened to a video in a playlist, and when it was found."""

    change: MemberChangeKind
    member: Member
    """As it is known now, which may be after more changes."""

    at: datetime
    run_id: int
    position: int
    """0-based, after the change; the last one, of what left."""

    replaced_by: str | None = None
    """Id of the video that replaced it."""

    replaced_by_title: str | None = None


@dataclass(frozen=True, slots=True)
class StoredOverlap:
    """Two playlists that share most of their videos."""

    first: Resource
    second: Resource
    shared: int
    """Distinct videos that both hold."""


class PlaylistSize(NamedTuple):
    """How much a playlist holds, by the last look that saw inside."""

    video_count: int
    """Distinct ones."""

    watchable_count: int
    """Of these, those that are neither private nor gone."""

    first_inspected_at: datetime
    last_added_at: datetime | None
    """When a video was last put into it; None when YouTube doesn't tell."""


class PlaylistMatch(NamedTuple):
    """A living playlist that holds half or more of the videos of another one."""

    playlist: Resource
    shared: int
    """Distinct videos that both hold."""

    video_count: int
    """Distinct videos of the other one."""


@dataclass(frozen=True, slots=True)
class InspectionResults:
    """What looks inside the playlists of some lists have shown, as far as a report tells of it."""

    last_inspections: Mapping[Resource, LastInspection] = field(default_factory=dict)
    """Of the playlists that something is told of."""

    lost_members: Mapping[Resource, Sequence[Member]] = field(default_factory=dict)
    """Members that are private or gone, by position."""

    restricted_members: Mapping[Resource, Sequence[Member]] = field(default_factory=dict)
    """Members that not everybody can watch, by position."""

    member_changes: Mapping[Resource, Sequence[StoredMemberChange]] = field(default_factory=dict)
    """What happened lately, oldest first."""

    overlaps: Sequence[StoredOverlap] = ()
    """Both are listed."""

    matches: Mapping[Resource, Sequence[PlaylistMatch]] = field(default_factory=dict)
    """Who holds the videos of a playlist that is dead or has none left; best first, and listed too."""

    sizes: Mapping[Resource, PlaylistSize] = field(default_factory=dict)
    """Of the playlists that are compared with others, or lack a video that is listed with them."""

    absent_videos: Mapping[tuple[str, Resource], Member | None] = field(default_factory=dict)
    """Videos that are listed with a playlist which they are not in, and their last stay in it; None: never."""


NO_INSPECTIONS = InspectionResults()
