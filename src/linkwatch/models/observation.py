"""What the endpoints reported about resources and playlists, and what is known of them.

The Data API and oEmbed are the two witnesses of a resource: `Answer` is what one of them reported.
"""

from datetime import datetime
from enum import StrEnum

import msgspec

from linkwatch.models.resource import Resource

EMBEDDING_HINT = "embedding?"
"""The restriction that oEmbed's 401 hints at: embedding is off, or the video is private. Only the Data API
shows which."""


UPLOAD = "upload:"
"""The restriction of a video that nobody can watch is this and the status of its upload: `failed`, `rejected`,
`deleted`."""


PASSING = frozenset({"live", "upcoming"})
"""The restrictions that end by themselves, when the stream does."""


class Answer(StrEnum):
    """What one endpoint reported about one resource."""

    PRESENT = "present"
    """The Data API returned it, or oEmbed answered 200."""

    ABSENT = "absent"
    """The Data API omitted it from a valid response, or oEmbed answered 404."""

    FORBIDDEN = "forbidden"
    """oEmbed answered 403: it is private."""

    UNAUTHORIZED = "unauthorized"
    """oEmbed answered 401: embedding is off, or it is private."""

    MALFORMED = "malformed"
    """oEmbed answered 400: it can't read the id. That proves nothing about an id that has the shape of YouTube's."""

    NONE = "none"
    """Asked without a usable response: network, quota, 5xx, a page that is not YouTube's."""


class ChannelNames(msgspec.Struct, frozen=True, gc=False):
    """The id and the handle of a channel."""

    id: str
    """`UC…`; what a handle or user name was resolved to."""

    handle: str | None = None
    """`@handle` by `snippet.customUrl`, in YouTube's own spelling; None: it has none, or it was not reported."""


class Facts(msgspec.Struct, frozen=True, gc=False):
    """What an endpoint reported about a resource that is there. None: not reported, which is not the same as "none"."""

    title: str | None = None
    """The owner's own title; the name, for a channel."""

    owner_id: str | None = None
    """`UC…` of the channel behind a playlist or video; a channel has no owner."""

    owner_title: str | None = None

    item_count: int | None = None
    """Of a playlist, `contentDetails.itemCount`; counts deleted and private items, too."""

    restrictions: tuple[str, ...] | None = None
    """Sorted words: `age`, `embedding`, `embedding?` (a hint only), `blocked:DE,FR`, `allowed:US`, `live`,
    `upcoming`, `upload:rejected`."""

    channel: ChannelNames | None = None
    """Of a channel only."""


class Observation(msgspec.Struct, frozen=True, gc=False):
    """What the endpoints reported about one resource in one check."""

    resource: Resource
    api: Answer | None = None
    """None: the Data API was not asked (no key)."""

    oembed: Answer | None = None
    """None: oEmbed was not asked (the Data API returned the resource, or it is a channel)."""

    facts: Facts | None = None
    """Of a resource that is present; else None."""

    etag: str | None = None
    """Of a playlist, by the Data API; None: not reported."""

    confirmed: bool = False
    """Of a channel that the Data API omits: a second answer of this check omits it, too, or both endpoints miss several
    of its resources."""

    owner: Answer | None = None
    """Of what is missing: what the Data API reported about its channel; None: not asked. Of a channel: about itself."""

    upload_status: str | None = None
    """Of a video that the Data API returns although nobody can watch it: `failed`, `rejected` or `deleted`."""


class State(StrEnum):
    """The state of a resource."""

    AVAILABLE = "available"
    """An endpoint returned it."""

    UNAVAILABLE = "unavailable"
    """Missing, confirmed by both endpoints or by several missed checks."""

    SUSPECT = "suspect"
    """Missing, not yet confirmed."""

    UNKNOWN = "unknown"
    """No check got an answer yet."""

    UNMONITORABLE = "unmonitorable"
    """The Data API can't be asked about it."""


WORST_FIRST = (State.UNAVAILABLE, State.SUSPECT, State.UNKNOWN, State.UNMONITORABLE, State.AVAILABLE)
"""Every state, in the order in which people look at them."""


class Reason(StrEnum):
    """Why a resource is unavailable, as far as the endpoints report it."""

    NOT_FOUND = "not_found"
    PRIVATE = "private"
    TERMINATED = "terminated"
    """Its channel is missing, too."""


class ResourceRecord(msgspec.Struct, frozen=True, gc=False):
    """What is stored of one resource: its state, the evidence, and the last valid facts. Times are aware UTC."""

    state: State
    state_since: datetime
    first_seen: datetime
    """When a check first saw it in a list."""

    reason: Reason | None = None
    last_checked: datetime | None = None
    """The last check that got an answer; None: none did."""

    last_available: datetime | None = None
    """The last check that found it; None: none did."""

    missed_checks: int = 0
    """Consecutive checks that did not find it, by one endpoint alone, at least `confirm_spacing` apart."""

    last_missed_at: datetime | None = None
    api: Answer | None = None
    oembed: Answer | None = None
    facts: Facts = Facts()
    """The last valid ones: a placeholder or a value that was not reported never overwrites them."""


class MemberState(StrEnum):
    """The state of a video that is, or was, in a playlist."""

    AVAILABLE = "available"
    PRIVATE = "private"
    DELETED = "gone"
    """Deleted, or taken down by YouTube."""


class PlaylistItem(msgspec.Struct, frozen=True, gc=False):
    """One item of a playlist, as `playlistItems.list` returns it."""

    video_id: str
    position: int
    """0-based."""

    state: MemberState
    """By the item alone: a placeholder is private or deleted."""

    title: str | None = None
    """None for a placeholder, whose “Private video” is no title."""

    owner_id: str | None = None
    owner_title: str | None = None
    added_at: datetime | None = None
    """When it was added to the playlist; None: not reported."""

    item_key: int | None = None
    """Made of the id of the item: distinguishes two items with the same video. None: not known."""


class Member(msgspec.Struct, frozen=True, gc=False):
    """What is stored of a video in a playlist: its position, state and last valid title. Times are aware UTC."""

    video_id: str
    occurrence: int
    """0, or more when the playlist holds the same video several times."""

    position: int
    """0-based; of a member that left, the last one."""

    state: MemberState
    state_since: datetime
    first_seen: datetime
    title: str | None = None
    owner_id: str | None = None
    owner_title: str | None = None
    added_at: datetime | None = None
    restrictions: tuple[str, ...] | None = None
    """As in `Facts`; None: it was not asked about (`inside = "members"`)."""

    left_at: datetime | None = None
    """When an inspection did not find it in the playlist any more; None: it is in it."""

    missing_since: datetime | None = None
    """The first inspection in a row that did not list it, though nothing confirms that it left; None: it is listed."""

    item_key: int | None = None
    """As in `PlaylistItem`."""


class PlaylistListing(msgspec.Struct, frozen=True, gc=False):
    """The items of one playlist, as they were read."""

    playlist: Resource
    items: tuple[PlaylistItem, ...] = ()
    """Of all pages, in the playlist's order, each item once."""

    closed: bool = False
    """YouTube shows the playlist, but not its items (404 or 403): `items` is empty and means nothing."""

    counted: int | None = None
    """`pageInfo.totalResults`, which counts hidden items, too; None: not reported."""
