"""How these tests look inside playlists without a network: the listing is written down, compared and remembered."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from integration.store.checks import DAY, NOW, begun

from linkwatch.models.observation import MemberState, PlaylistItem, PlaylistListing
from linkwatch.models.resource import Kind, Resource
from linkwatch.store.database import Database
from linkwatch.store.playlists import StoredInspection, load_members, save_inspections
from linkwatch.store.resources import insert_missing
from linkwatch.verdict.playlist_diff import compare_members

AVAILABLE, PRIVATE, GONE = MemberState
ADDED_AT = NOW - 400 * DAY


def playlist(number: int) -> Resource:
    return Resource(Kind.PLAYLIST, f"PL{number:016d}")


COURSE, OTHER, THIRD = map(playlist, range(3))


def listing(videos: Sequence[str], titled: str = "Title of") -> tuple[PlaylistItem, ...]:
    """A listing; a video with `!` after its id is a private placeholder, one with `?` a deleted one."""
    return tuple(_entry(place, video, titled) for place, video in enumerate(videos))


def _entry(place: int, video: str, titled: str) -> PlaylistItem:
    if video[-1] in "!?":
        return PlaylistItem(video[:-1], place, PRIVATE if video[-1] == "!" else GONE)
    return PlaylistItem(video, place, AVAILABLE, f"{titled} {video}", "UC1", f"Owner of {video}", ADDED_AT)


def look(
    database: Database,
    now: datetime,
    listings: Mapping[Resource, Sequence[PlaylistItem] | None],
    fates: Mapping[str, MemberState] | None = None,
    restrictions: Mapping[str, tuple[str, ...]] | None = None,
) -> int:
    """One check that looks inside these; None stands for a playlist that is closed. Returns the run."""
    with database.write() as connection:
        insert_missing(connection, listings, now)
        run_id = begun(connection, now)
        recalled = load_members(connection, listings)
        kept = []
        for each, items in listings.items():
            known = recalled[each]
            before = None if known.is_first else known.members
            seen = None if items is None else compare_members(before, items, fates or {}, restrictions or {}, now)
            shown = PlaylistListing(each, tuple(items or ()), closed=items is None)
            kept.append(StoredInspection(known, shown, seen, f"etag of {now:%d}", len(shown.items)))
        save_inspections(connection, run_id, kept, now)
    return run_id
