"""The pages of `playlistItems.list`, decoded by type, and the playlist items that they hold."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zlib import crc32

import msgspec

from linkwatch.models.observation import MemberState, PlaylistItem
from linkwatch.youtube.decode import Page, PageDecoder


class ResourceId(msgspec.Struct, rename="camel", gc=False):
    """`snippet.resourceId`."""

    video_id: str


class ItemSnippet(msgspec.Struct, rename="camel", gc=False):
    """`snippet` of an entry; `channelId` would be the owner of the playlist.

    An entry is identified by its video. Its other fields are used if they can be read: an empty `publishedAt` costs
    the date, not the listing.
    """

    resource_id: ResourceId
    playlist_id: Any = None
    published_at: Any = None
    title: Any = None
    position: Any = None
    video_owner_channel_id: Any = None
    video_owner_channel_title: Any = None


class ItemStatus(msgspec.Struct, rename="camel", gc=False):
    """`status` of an entry."""

    privacy_status: Any = None


class ListingItem(msgspec.Struct, rename="camel", gc=False):
    """One entry."""

    id: str
    snippet: ItemSnippet
    status: ItemStatus | None = None


LISTING_PAGES = PageDecoder("youtube#playlistItemListResponse", ListingItem)


def has_one_total(pages: Sequence[Page[ListingItem]]) -> bool:
    """Whether all pages have the same total; else the playlist may have changed while it was read."""
    return len({page.total for page in pages} - {None}) <= 1


def is_consistent(pages: Sequence[Page[ListingItem]]) -> bool:
    """Whether the pages are one listing: every entry is readable, and none is on two pages."""
    ids = [entry.id for page in pages for entry in page.items]
    return not any(page.unreadable for page in pages) and len(set(ids)) == len(ids)


def counted_items(pages: Sequence[Page[ListingItem]]) -> int | None:
    """The number of items by YouTube's count, hidden ones included; None when the pages have none, or not the same."""
    totals = {page.total for page in pages} - {None}
    return totals.pop() if len(totals) == 1 else None


def listed_items(pages: Sequence[Page[ListingItem]]) -> tuple[PlaylistItem, ...]:
    """The entries of all pages in their order."""
    entries = (entry for page in pages for entry in page.items)
    return tuple(_item(index, entry) for index, entry in enumerate(entries))


def _item(index: int, entry: ListingItem) -> PlaylistItem:
    snippet = entry.snippet
    state = _state(snippet, entry.status or ItemStatus())
    is_available = state is MemberState.AVAILABLE
    return PlaylistItem(
        video_id=snippet.resource_id.video_id,
        position=snippet.position if _is_position(snippet.position) else index,
        state=state,
        title=_text(snippet.title) if is_available else None,
        owner_id=_text(snippet.video_owner_channel_id) if is_available else None,
        owner_title=_text(snippet.video_owner_channel_title) if is_available else None,
        added_at=_time(snippet.published_at),
        item_key=crc32(entry.id.encode()),
    )


def _state(snippet: ItemSnippet, status: ItemStatus) -> MemberState:
    """A placeholder is recognised by its status, else by its missing owner.

    Some keep `videoOwnerChannelId`; the title, “Private video”, is in any language, and proves nothing.
    """
    match status.privacy_status:
        case "public" | "unlisted":
            return MemberState.AVAILABLE
        case "private":
            return MemberState.PRIVATE
        case "privacyStatusUnspecified":
            return MemberState.DELETED
        case _:
            return MemberState.AVAILABLE if _text(snippet.video_owner_channel_id) else MemberState.DELETED


def _text(value: object) -> str | None:
    return value or None if isinstance(value, str) else None


def _is_position(value: object) -> bool:
    return type(value) is int and 0 <= value < 2**31


def _time(value: object) -> datetime | None:
    try:
        return msgspec.convert(value, datetime | None)
    except msgspec.ValidationError:
        return None
