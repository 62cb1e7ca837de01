"""What the store hands to a report: values apart from its tables, so that neither loads the other.

All times are aware UTC.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from linkwatch.models.acknowledgement import Acknowledgement
from linkwatch.models.events import Event
from linkwatch.models.observation import Member, State
from linkwatch.models.playlist import MemberChangeKind
from linkwatch.models.resource import Resource


class Coverage(StrEnum):
    """How much of its lists a check asks about."""

    ALL = "all"
    DUE = "due"
    """What is due by its interval, or got no answer when it was."""

    DOUBTFUL = "doubtful"
    """Suspects alone: what is missing and not yet confirmed."""

    CHANGED = "changed"
    """What is on lines of the lists that are new since a git revision. It is no run of these lists to later ones."""


@dataclass(frozen=True, slots=True)
class Run:
    """One check, as it is stored."""

    id: int
    source: str
    """`data-api`, `keyless` or `simulator`."""

    started_at: datetime
    finished_at: datetime | None
    """None: it still runs, or was killed."""

    quota_units: int
    complete: bool
    incomplete_reason: str | None
    note: str | None
    """A remark for people, such as that the safety limit was lifted."""

    coverage: Coverage = Coverage.ALL


@dataclass(frozen=True, slots=True)
class PastRun:
    """A run, and the lists that it read."""

    run: Run
    files: tuple[str, ...]
    """Names of the lists."""

    stopped_by_brake: bool
    """The safety limit stopped it."""


@dataclass(frozen=True, slots=True)
class Outage:
    """A time in which a resource was missing; it is over."""

    resource: Resource
    title: str | None
    """The present one; None: not known."""

    worst_state: State
    """`unavailable`, or `suspect` when it recovered before it was confirmed."""

    started_at: datetime
    ended_at: datetime
    """When a check found it again."""


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event, and the run that found it."""

    resource: Resource
    event: Event
    at: datetime
    run_id: int


@dataclass(frozen=True, slots=True)
class Span:
    """A former value of an attribute."""

    attribute: str
    """`state`, `title`, `owner`, `item_count` or `restrictions`; `unanswered` for a time in which checks got no
    answer."""

    value: str | None
    """None: it was purged, as YouTube's terms demand; always None for `unanswered`."""

    first_seen: datetime
    last_seen: datetime


@dataclass(frozen=True, slots=True)
class CustomName:
    """A custom channel URL that is watched as the channel whose handle or user name is spelt the same."""

    id: str
    """`c/NAME`, or `NAME`."""

    channel_id: str
    by_handle: bool
    """The channel has the handle of that spelling now; else it had it, or has the user name."""


@dataclass(frozen=True, slots=True)
class CheckHistory:
    """The last checks of some lists, and the states after each."""

    times: tuple[datetime, ...] = ()
    """When the checks began, oldest first."""

    states: Mapping[Resource, tuple[State | None, ...]] = field(default_factory=dict)
    """A state for each of `times`; None: no answer, or not listed yet."""


NO_HISTORY = CheckHistory()


class MovedHandle(NamedTuple):
    """A handle that no longer leads to the channel that it led to."""

    former_id: str
    """`UC…`: the channel that it led to."""

    former_title: str | None
    """None: purged."""

    moved_at: datetime
    """When a check found that it leads to another channel, or to none."""


class Flapping(NamedTuple):
    """A time in which a resource became missing and available again, over and over."""

    first_change: datetime
    began_at: datetime
    """When the changes were too many."""

    changes: int
    """From the first one on."""

    ended_at: datetime | None
    """When it had been quiet for long enough; None: it flaps."""

    @property
    def news_at(self) -> datetime:
        """When its state was last reported as new: when it began to flap, then when it was quiet again."""
        return self.ended_at or self.began_at


class LastInspection(NamedTuple):
    """The last inspection of a playlist, and whether another one is due."""

    row_id: int
    """Of the playlist's resource."""

    inspected_at: datetime | None
    """None: never."""

    due: bool
    """Something changed since."""

    etag: str | None
    """Of the playlist, at that inspection; None: there was none, or it was purged."""

    item_count: int | None
    """Of the playlist, at that inspection; None: not reported, or purged."""

    closed: bool
    """YouTube did not show its items."""

    member_count: int
    """Members by the last inspection that read the items."""

    lost_count: int
    """Of the members, those that are private or deleted."""

    counted: int | None = None
    """Items of the playlist, the hidden ones too, by its listing at that inspection; None: not reported, or purged."""

    unreadable_since: datetime | None = None
    """The first attempt in a row at which the listing contradicted itself; None: the last attempt could read it."""

    unreadable_at: datetime | None = None
    """The last such attempt."""


@dataclass(frozen=True, slots=True)
class StoredMemberChange:
    """A change of a member, and the run that found it."""

    change: MemberChangeKind
    member: Member
    """As it is now, perhaps after more changes."""

    at: datetime
    run_id: int
    position: int
    """0-based, after the change; of a member that left, the last one."""

    replaced_by: str | None = None
    """Id of the video that replaced it; None: none did."""

    replaced_by_title: str | None = None


class PlaylistSize(NamedTuple):
    """The size of a playlist, by the last inspection that read its items."""

    video_count: int
    """Distinct videos."""

    watchable_count: int
    """Of these, those that are neither private nor deleted."""

    first_inspected_at: datetime
    last_added_at: datetime | None
    """When a video was last added; None: not reported."""


class PlaylistMatch(NamedTuple):
    """An available playlist that contains half or more of the videos of a lost one."""

    playlist: Resource
    shared: int
    """Distinct videos that both contain."""

    video_count: int
    """Distinct videos of the lost one."""


@dataclass(frozen=True, slots=True)
class InspectionResults:
    """What inspections found in the playlists of some lists, as far as a report shows it."""

    last_inspections: Mapping[Resource, LastInspection] = field(default_factory=dict)
    """Of the playlists that the other fields are about, but for `member_changes` and `overlapping`; and of those whose
    count has changed recently, or that have no videos."""

    lost_members: Mapping[Resource, Sequence[Member]] = field(default_factory=dict)
    """Members that are private or deleted, by position."""

    restricted_members: Mapping[Resource, Sequence[Member]] = field(default_factory=dict)
    """Members with restrictions, by position."""

    member_changes: Mapping[Resource, Sequence[StoredMemberChange]] = field(default_factory=dict)
    """Recent changes, oldest first."""

    overlapping: Sequence[Mapping[Resource, Collection[str]]] = ()
    """Groups of listed playlists with the ids of their distinct videos. Two that share most of their videos are in one
    group; not all of a group need to."""

    matches: Mapping[Resource, Sequence[PlaylistMatch]] = field(default_factory=dict)
    """For each playlist that is unavailable or has no videos left: listed playlists that contain them, best first."""

    sizes: Mapping[Resource, PlaylistSize] = field(default_factory=dict)
    """Of the playlists in `overlapping`, `matches` and `absent_videos`."""

    absent_videos: Mapping[tuple[str, Resource], Member | None] = field(default_factory=dict)
    """Videos that are listed with a playlist without them, as they were when they left it; None: they were
    never in it."""

    emptied_at: Mapping[Resource, datetime] = field(default_factory=dict)
    """When the last member left, of the playlists in which nothing can be watched and that had more members before."""


NO_INSPECTIONS = InspectionResults()


@dataclass(frozen=True, slots=True)
class ScheduleStatus:
    """What the daemon has stored of a schedule, so that a restart forgets nothing and no interval starts over."""

    name: str
    files: tuple[str, ...]
    """Its lists, when they could last be read."""

    cadence: str
    """As text; when it differs from the settings, the times are computed again."""

    interval_start: datetime | None
    """When the current interval began: resources last answered before it are due. None: before the first interval."""

    next_scheduled: datetime
    """When the next interval begins."""

    next_check: datetime
    """When anything is due next: an interval, a suspect to confirm, or a retry."""

    failures: int = 0
    """Checks in a row that left something unanswered."""

    paused_at: datetime | None = None
    """Since when nothing is checked but what is requested; None: it is not paused."""


@dataclass(frozen=True, slots=True)
class DeliveryStatus:
    """The messages for one notification target that were not sent."""

    target: str
    waiting: int
    """Messages that will be tried again."""

    dead: int
    """Messages that were given up."""

    failure: str | None
    """Why the last attempt failed; None when there was none."""


QUOTA_RETRY_DELAY = timedelta(hours=1)
"""How long YouTube's response that the day's quota is used up counts: the quota may be raised, or the key changed."""


@dataclass(frozen=True, slots=True)
class QuotaDay:
    """The quota account of one Pacific day."""

    units: int
    """Booked today, by every check on this database."""

    limit: int
    exhausted: bool
    """YouTube said so within the last hour, whatever was booked here."""

    turns_at: datetime
    """When the next day begins, UTC."""

    @property
    def left(self) -> int:
        """Units that may still be booked today."""
        return 0 if self.exhausted else max(0, self.limit - self.units)

    @property
    def spent_reason(self) -> str:
        """Why no units are left, and when the next day begins; one clause without a full stop."""
        reason = (
            "YouTube reports that the day's quota is spent" if self.exhausted else "the day's quota units are spent"
        )
        return f"{reason}; the next day begins at {self.turns_at:%Y-%m-%d %H:%M} UTC"


class Revision(NamedTuple):
    """Identifies the stored data that reports are made from; equal revisions give equal reports at the same time."""

    last_run: int | None
    last_end: int | None
    ended_runs: int
    last_event: int | None
    last_member_event: int | None
    aliases: int
    acks: tuple[Acknowledgement, ...]


@dataclass(frozen=True, slots=True)
class EndedSessions:
    """Which sessions of the dashboard were ended before their time."""

    revoked_at: datetime | None = None
    """Those that began until then; None: they were never ended all at once."""

    digests: frozenset[str] = frozenset()
