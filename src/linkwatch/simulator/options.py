"""Behaviour of YouTube that is not known for sure: one option each, so that tests try both."""

from dataclasses import dataclass
from typing import Literal

from linkwatch.simulator.faults import Fault


@dataclass(frozen=True, slots=True)
class Options:
    """The defaults are what is seen most often; none of them is documented."""

    item_count_includes_dead: bool = True
    """Whether `contentDetails.itemCount` counts the deleted and private videos of a playlist."""

    dead_items_listed: bool = True
    """Whether `playlistItems` lists an unavailable video as a tombstone, or omits it."""

    hidden_items_leave_gaps: bool = True
    """Whether `playlistItems` pages are made before what it omits is taken out: pages are short then."""

    totals_count_hidden: bool = True
    """Whether `pageInfo.totalResults` of `playlistItems` counts what it omits."""

    empty_last_page: bool = False
    """Whether the last page of `playlistItems`, when it is full, names a next one, which is empty."""

    uploads_window: int = 20_000
    """How many videos of a `UU…` list `playlistItems` lists: the newest; `totalResults` counts the others, too."""

    empty_uploads_listed: bool = True
    """Whether `playlists` shows the `UU…` list of a channel without a public video; its items are 404 either way."""

    former_handles_found: bool = False
    """Whether `forHandle` finds a channel by a handle that it gave up, until another channel takes it."""

    max_results_pages_ids: bool = False
    """Whether `maxResults`, and its default of 5, cuts `id=` lists into pages."""

    totals_count_absent: bool = False
    """Whether `pageInfo.totalResults` of an `id=` list counts the ids of which nothing is returned."""

    duplicates_repeated: bool = False
    """Whether an id that is requested twice is returned twice."""

    order_shuffled: bool = False
    """Whether the items of an `id=` list come in another order than requested."""

    keys_shuffled: bool = False
    """Whether the keys of each item come in another order."""

    thumbnails_lacking: bool = False
    """Whether thumbnails have only the `default` size."""

    new_keys: bool = False
    """Whether bodies hold keys that are not in the discovery document."""

    full_size: bool = True
    """Whether descriptions are as long as real ones; without them bodies are a quarter of that, and tests faster."""

    mixes_shown: bool = False
    """Whether `playlists` shows a mix (`RD` and the id of a video); `playlistItems` answers 404 either way."""

    etag_header: bool = False
    """Whether responses have an `ETag` header, as they had until 2020; the `etag` of the body is always there."""

    etags_stable: bool = True
    """Whether the same content has the same ETag twice."""

    charge_304: bool = True
    """Whether `304 Not Modified` costs its unit."""

    charge_failures: bool = True
    """Whether a call that ends in a rate limit or a server error costs its unit."""

    day_spent: Fault = Fault.QUOTA_EXCEEDED
    """The response when the day's units are spent: the 403, or the 429 that looks transient."""

    private_oembed_status: Literal[401, 403, 404] = 403
    """The status of oEmbed for a private video or playlist; 401 until the end of 2020."""

    age_restricted_oembed_status: Literal[200, 401] = 200
    """The status of oEmbed for an age-restricted video."""

    thumbnails_outlive_videos: bool = True
    """Whether the thumbnails of a deleted or private video still exist."""

    missing_channel_pages_404: bool = True
    """Whether the page of a missing channel, user or handle is a 404; pages of videos and playlists never are."""
