"""The fields of the Data API's responses that are used, decoded by type; the rest of a body is skipped."""

from collections.abc import Mapping

import msgspec

from linkwatch.models.observation import ChannelNames, Facts
from linkwatch.models.resource import CHANNEL_ID
from linkwatch.youtube.decode import Count, PageDecoder


class Region(msgspec.Struct, gc=False):
    """`contentDetails.regionRestriction`: one of the two is set."""

    allowed: list[str] | None = None
    blocked: list[str] | None = None


class Rating(msgspec.Struct, rename="camel", gc=False):
    """`contentDetails.contentRating`."""

    yt_rating: str | None = None


class Details(msgspec.Struct, rename="camel", gc=False):
    """`contentDetails` of a playlist or a video."""

    item_count: Count | None = None
    region_restriction: Region | None = None
    content_rating: Rating | None = None


class Status(msgspec.Struct, rename="camel", gc=False):
    """`status`."""

    privacy_status: str | None = None
    upload_status: str | None = None
    embeddable: bool | None = None


class Snippet(msgspec.Struct, rename="camel", gc=False):
    """`snippet`; its `title` is the owner's own, since `hl` is never sent."""

    title: str | None = None
    channel_id: str | None = None
    channel_title: str | None = None
    custom_url: str | None = None
    """The handle of a channel; of old channels, a name without `@`."""

    live_broadcast_content: str | None = None
    """Of a video: `none`, `live` or `upcoming`."""


class Item(msgspec.Struct, rename="camel", gc=False):
    """One resource of a response."""

    id: str
    etag: str | None = None
    snippet: Snippet | None = None
    content_details: Details | None = None
    status: Status | None = None


PLAYLIST_PAGES = PageDecoder("youtube#playlistListResponse", Item)
VIDEO_PAGES = PageDecoder("youtube#videoListResponse", Item)
CHANNEL_PAGES = PageDecoder("youtube#channelListResponse", Item)


_UNPLAYABLE = frozenset({"deleted", "failed", "rejected"})


def is_viewable(item: Item) -> bool:
    """Whether everyone can watch a returned item; private ones, for example, are returned to their owner only."""
    return (item.status or Status()).privacy_status != "private" and unplayable_upload(item) is None


def unplayable_upload(item: Item) -> str | None:
    """The status of a video's upload when that keeps everybody from watching it."""
    status = (item.status or Status()).upload_status
    return status if status in _UNPLAYABLE else None


def playlist_facts(item: Item) -> Facts:
    """The facts in an item of `playlists.list`."""
    snippet = item.snippet or Snippet()
    details = item.content_details or Details()
    return Facts(
        title=snippet.title,
        owner_id=snippet.channel_id,
        owner_title=snippet.channel_title,
        item_count=details.item_count,
    )


def video_facts(item: Item) -> Facts:
    """The facts in an item of `videos.list`."""
    snippet = item.snippet or Snippet()
    return Facts(
        title=snippet.title,
        owner_id=snippet.channel_id,
        owner_title=snippet.channel_title,
        restrictions=_restrictions(snippet, item.content_details or Details(), item.status or Status()),
    )


def channel_facts(item: Item) -> Facts:
    """The facts in an item of `channels.list`."""
    snippet = item.snippet or Snippet()
    handle = snippet.custom_url if snippet.custom_url and snippet.custom_url.startswith("@") else None
    return Facts(title=snippet.title, channel=ChannelNames(item.id, handle) if CHANNEL_ID.fullmatch(item.id) else None)


def _restrictions(snippet: Snippet, details: Details, status: Status) -> tuple[str, ...]:
    words = []
    if snippet.live_broadcast_content in {"live", "upcoming"}:
        words.append(snippet.live_broadcast_content)
    if details.content_rating is not None and details.content_rating.yt_rating == "ytAgeRestricted":
        words.append("age")
    if status.embeddable is False:
        words.append("embedding")
    words += _regions(details.region_restriction or Region())
    return tuple(sorted(words))


def _regions(region: Region) -> list[str]:
    restrictions: Mapping[str, list[str] | None] = {"allowed": region.allowed, "blocked": region.blocked}
    # An empty `allowed` blocks everywhere; an empty `blocked` blocks nowhere.
    return [
        f"{name}:{','.join(sorted(codes))}"
        for name, codes in restrictions.items()
        if codes is not None and (codes or name == "allowed")
    ]
