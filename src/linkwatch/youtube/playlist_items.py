"""The pages of `playlistItems.list`, decoded by type, and what they say of each video of a playlist."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from linkwatch.models.observation import MemberState, PlaylistItem
from linkwatch.youtube.decode import BrokenBodyError, decode


class Named(msgspec.Struct, rename="camel", gc=False):
    """`snippet.resourceId`."""

    video_id: str | None = None


class ItemSnippet(msgspec.Struct, rename="camel", gc=False):
    """`snippet` of an entry; `channelId` would be the owner of the playlist."""

    published_at: datetime | None = None
    title: str | None = None
    position: int | None = None
    resource_id: Named | None = None
    video_owner_channel_id: str | None = None
    video_owner_channel_title: str | None = None


class ItemStatus(msgspec.Struct, rename="camel", gc=False):
    """`status` of an entry."""

    privacy_status: str | None = None


class ListingItem(msgspec.Struct, rename="camel", gc=False):
    """One entry."""

    id: str
    snippet: ItemSnippet | None = None
    status: ItemStatus | None = None


class PageInfo(msgspec.Struct, rename="camel", gc=False):
    """`pageInfo`."""

    total_results: int | None = None


class ListingPage(msgspec.Struct, rename="camel", gc=False):
    """One page of `playlistItems.list`."""

    kind: str = ""
    items: list[ListingItem] | None = None
    next_page_token: str | None = None
    page_info: PageInfo | None = None


_page = msgspec.json.Decoder(ListingPage)


def decode_listing(body: bytes) -> ListingPage:
    """Decode a good answer.

    Raises:
        BrokenBodyError: The body is cut, not JSON, or not a list of playlist items.
    """
    page = decode(_page, body)
    if not (page.kind.startswith("youtube#playlistItem") if page.kind else page.items is not None):
        raise BrokenBodyError
    return page


def is_one_listing(pages: Iterable[ListingPage]) -> bool:
    """Whether all pages are of the same list: one that got longer or shorter meanwhile has moved under the reader."""
    totals = {page.page_info.total_results for page in pages if page.page_info is not None}
    return len(totals - {None}) <= 1


def listed_items(pages: Iterable[ListingPage]) -> tuple[PlaylistItem, ...]:
    """The entries of all pages in their order, each once."""
    entries = {entry.id: entry for page in pages for entry in page.items or ()}
    items = (_item(place, entry) for place, entry in enumerate(entries.values()))
    return tuple(item for item in items if item is not None)


def _item(place: int, entry: ListingItem) -> PlaylistItem | None:
    snippet = entry.snippet or ItemSnippet()
    video = snippet.resource_id.video_id if snippet.resource_id is not None else None
    if not video:
        return None
    state = _state(snippet, entry.status or ItemStatus())
    alive = state is MemberState.AVAILABLE
    return PlaylistItem(
        video_id=video,
        position=place if snippet.position is None else snippet.position,
        state=state,
        title=snippet.title if alive else None,
        owner_id=snippet.video_owner_channel_id if alive else None,
        owner_title=snippet.video_owner_channel_title if alive else None,
        added_at=snippet.published_at,
    )


def _state(snippet: ItemSnippet, status: ItemStatus) -> MemberState:
    """A placeholder has no owner; its title, “Private video”, comes in whatever language, and proves nothing."""
    if snippet.video_owner_channel_id or status.privacy_status in {"public", "unlisted"}:
        return MemberState.AVAILABLE
    return MemberState.PRIVATE if status.privacy_status == "private" else MemberState.DELETED
