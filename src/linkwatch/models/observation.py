"""What the witnesses saw of one resource, and what is known of it: the values that probe, verdict and store share."""

from datetime import datetime
from enum import StrEnum

import msgspec

from linkwatch.models.resource import Resource

EMBEDDING_HINT = "embedding?"
"""The restriction that oEmbed's 401 hints at: embedding is off, or the video is private; only a key can tell."""


class Answer(StrEnum):
    """What one witness says of one resource."""

    PRESENT = "present"
    """The Data API returned it, or oEmbed answered 200."""

    ABSENT = "absent"
    """The Data API left it out of a good answer, or oEmbed answered 404."""

    FORBIDDEN = "forbidden"
    """oEmbed answered 403: it is private."""

    UNAUTHORIZED = "unauthorized"
    """oEmbed answered 401: embedding is off, or it is private."""

    NONE = "none"
    """Asked, but no answer came that means anything: network, quota, 5xx, a page that is not YouTube's."""


class ChannelNames(msgspec.Struct, frozen=True, gc=False):
    """What a channel goes by."""

    id: str
    """`UC…`; what a handle or user name resolved to."""

    handle: str | None = None
    """`@handle` by `snippet.customUrl`, in YouTube's own spelling; None when it has none, or it was not told."""


class Facts(msgspec.Struct, frozen=True, gc=False):
    """What a witness tells of a living resource. None means untold, never "none"."""

    title: str | None = None
    """The owner's own title; the name, for a channel."""

    owner_id: str | None = None
    """`UC…` of the channel behind a playlist or video; a channel has no owner."""

    owner_title: str | None = None

    item_count: int | None = None
    """Items of a playlist by `contentDetails.itemCount`; counts deleted and private ones too."""

    restrictions: tuple[str, ...] | None = None
    """Sorted words: `age`, `embedding`, `embedding?` (a hint only), `blocked:DE,FR`, `allowed:US`, `live`,
    `upcoming`."""

    channel: ChannelNames | None = None
    """Told of a channel only."""


class Observation(msgspec.Struct, frozen=True, gc=False):
    """What the witnesses of one check say of one resource."""

    resource: Resource
    api: Answer | None = None
    """None when the Data API was not asked (no key)."""

    oembed: Answer | None = None
    """None when oEmbed was not asked (the API returned the resource, or it is a channel)."""

    facts: Facts | None = None
    """Told only of what is present."""

    etag: str | None = None
    """Of a playlist, by the Data API."""


class State(StrEnum):
    """What linkwatch holds to be true of a resource."""

    AVAILABLE = "available"
    """A witness saw it."""

    UNAVAILABLE = "unavailable"
    """Gone, confirmed by two witnesses or by strikes."""

    SUSPECT = "suspect"
    """Missing, not yet confirmed."""

    UNKNOWN = "unknown"
    """Never answered."""

    UNMONITORABLE = "unmonitorable"
    """No key can ask about it."""


class Reason(StrEnum):
    """Why a resource is unavailable, as far as the witnesses tell."""

    NOT_FOUND = "not_found"
    PRIVATE = "private"
    TERMINATED = "terminated"


class ResourceRecord(msgspec.Struct, frozen=True, gc=False):
    """What is known of one resource: its state, the evidence, and the last good facts."""

    state: State
    state_since: datetime
    first_seen: datetime
    """When a check first met it in a list."""

    reason: Reason | None = None
    last_checked: datetime | None = None
    """The last time a witness answered; a check without an answer does not move it."""

    last_available: datetime | None = None
    """The last time a witness saw it; None when never."""

    missed_checks: int = 0
    """Checks in a row, at least the spacing apart, in which one witness alone missed it."""

    last_missed_at: datetime | None = None
    api: Answer | None = None
    oembed: Answer | None = None
    facts: Facts = Facts()
    """The last good ones: a placeholder or an untold value never overwrites them."""


class MemberState(StrEnum):
    """What became of a video that is, or was, in a playlist."""

    AVAILABLE = "available"
    PRIVATE = "private"
    DELETED = "gone"
    """Deleted, or taken down: YouTube shows it to nobody."""


class PlaylistItem(msgspec.Struct, frozen=True, gc=False):
    """One place in a playlist, as `playlistItems.list` tells it."""

    video_id: str
    position: int
    """0-based."""

    state: MemberState
    """By the entry alone: a placeholder is private or gone."""

    title: str | None = None
    """None for a placeholder: “Private video” is no title, in whatever language."""

    owner_id: str | None = None
    owner_title: str | None = None
    added_at: datetime | None = None
    """When it was put into the playlist."""


class Member(msgspec.Struct, frozen=True, gc=False):
    """A video in a playlist, as it is known: its place, and the last good title."""

    video_id: str
    occurrence: int
    """0, or more when the playlist holds the same video several times."""

    position: int
    """0-based; the last one, when it has left."""

    state: MemberState
    state_since: datetime
    first_seen: datetime
    title: str | None = None
    owner_id: str | None = None
    owner_title: str | None = None
    added_at: datetime | None = None
    restrictions: tuple[str, ...] | None = None
    """As for a listed video; None when it was not asked about (`inside = "members"`)."""

    left_at: datetime | None = None
    """When a look found it out of the playlist; None while it is in it."""


class PlaylistListing(msgspec.Struct, frozen=True, gc=False):
    """What came back for a look inside one playlist."""

    playlist: Resource
    items: tuple[PlaylistItem, ...] = ()
    """Every page of it, in the playlist's order, each entry once."""

    closed: bool = False
    """YouTube shows the playlist, but not what is in it (a 404 or 403): the items say nothing."""

    counted: int | None = None
    """Items by `pageInfo.totalResults`, the hidden ones too; None when not told."""
