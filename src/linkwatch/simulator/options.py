"""What nobody can say for sure of YouTube: one switch for each, so that the client is tried on either answer."""

from dataclasses import dataclass
from typing import Literal

from linkwatch.simulator.faults import Fault


@dataclass(frozen=True, slots=True)
class Options:
    """The defaults are what is most often seen; none of them is documented."""

    item_count_includes_dead: bool = True
    """Whether `contentDetails.itemCount` counts the deleted and private videos of a playlist."""

    dead_items_listed: bool = True
    """Whether `playlistItems` lists what is gone as a tombstone, or leaves it out."""

    empty_uploads_listed: bool = True
    """Whether `playlists` shows the `UU…` list of a channel without a public video; its items are 404 either way."""

    max_results_pages_ids: bool = False
    """Whether `maxResults`, and its default of 5, cuts `id=` lists into pages."""

    totals_count_absent: bool = False
    """Whether `pageInfo.totalResults` of an `id=` list counts the ids of which nothing is returned."""

    duplicates_repeated: bool = False
    """Whether an id that is asked for twice is answered twice."""

    order_shuffled: bool = False
    """Whether an `id=` list comes back in another order than it was asked for."""

    keys_shuffled: bool = False
    """Whether the keys of each item come in another order."""

    thumbnails_lacking: bool = False
    """Whether only the `default` size of the thumbnails is told."""

    new_keys: bool = False
    """Whether bodies hold keys that no discovery document knows yet."""

    etags_stable: bool = True
    """Whether the same content has the same ETag twice."""

    charge_304: bool = True
    """Whether `304 Not Modified` costs its unit."""

    charge_turned_away: bool = True
    """Whether a call that a burst limit or a server error turned away costs its unit."""

    day_spent: Fault = Fault.QUOTA_EXCEEDED
    """The answer once the day's units are used up: the 403, or the 429 that looks transient."""

    private_oembed_status: Literal[401, 403, 404] = 401
    """What oEmbed says of a private video or playlist; it has been all three over the years."""

    age_restricted_oembed_status: Literal[200, 401] = 200
    """What oEmbed says of a video with an age gate."""

    thumbnails_outlive: bool = True
    """Whether the thumbnails of a video that was deleted or made private are still there."""

    channel_pages_tell: bool = True
    """Whether the page of a channel, user or handle that is gone is a 404; those of videos and playlists never are."""
