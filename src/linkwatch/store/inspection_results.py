"""What a report tells of the insides of playlists, gathered in a few statements for all of them."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection, case, func, select

from linkwatch.catalogue.catalogue import Catalogue
from linkwatch.models.observation import Member, MemberState, ResourceRecord, State
from linkwatch.models.records import NO_INSPECTIONS, InspectionResults, PlaylistMatch, PlaylistSize
from linkwatch.models.resource import Kind, Resource
from linkwatch.store.overlaps import load_overlaps
from linkwatch.store.playlists import (
    MEMBER,
    batches,
    last_inspections,
    load_lost_members,
    load_matches,
    load_member_changes,
    load_membership,
    member_of,
    moment,
    playlist_conditions,
)
from linkwatch.store.tables import looks, memberships, resources

T = TypeVar("T")

_IS_IN = memberships.c.left_at.is_(None)
# Distinct videos: each has one first occurrence.
_IS_FIRST = _IS_IN & (memberships.c.occurrence == 0)
_IS_WATCHABLE = memberships.c.state == MemberState.AVAILABLE


def load_inspection_results(
    connection: Connection,
    catalogue: Catalogue,
    known: Mapping[Resource, ResourceRecord],
    since: datetime,
    *,
    restrictions: bool,
) -> InspectionResults:
    """Gather what looks have shown of the playlists of some lists.

    Args:
        connection: A transaction that reads.
        catalogue: The lists, with handles and user names resolved.
        known: What is known of their resources.
        since: What happened inside is told from then on.
        restrictions: Members that not everybody can watch are told, too; takes reading all members.
    """
    if connection.execute(select(looks.c.resource_id).where(looks.c.looked_at.is_not(None)).limit(1)).first() is None:
        return NO_INSPECTIONS
    listed = catalogue.links_of
    losses = _among(load_lost_members(connection), listed)
    restricted = _among(_restricted(connection), listed) if restrictions else {}
    overlaps = [pair for pair in load_overlaps(connection, listed) if pair.first in listed and pair.second in listed]
    holders = _holders(connection, [playlist for playlist in listed if _is_lost(playlist, known)], listed)
    outside = _outside(connection, catalogue)
    compared = {playlist for pair in overlaps for playlist in (pair.first, pair.second)}
    compared |= {holder.playlist for some in holders.values() for holder in some}
    lacking = {playlist for _, playlist in outside}
    return InspectionResults(
        last_inspections=last_inspections(connection, {*losses, *restricted, *lacking}),
        lost_members=losses,
        restricted_members=restricted,
        member_changes=_among(load_member_changes(connection, since), listed),
        overlaps=overlaps,
        matches=holders,
        sizes=_extents(connection, compared | lacking),
        absent_videos=outside,
    )


def _among(found: Mapping[Resource, T], listed: Collection[Resource]) -> dict[Resource, T]:
    # All are read, and few are of other lists: naming 100,000 playlists in conditions would take longer.
    return {playlist: value for playlist, value in found.items() if playlist in listed}


def _is_lost(playlist: Resource, known: Mapping[Resource, ResourceRecord]) -> bool:
    what = known.get(playlist)
    if playlist.kind is not Kind.PLAYLIST or what is None:
        return False
    return what.state is State.UNAVAILABLE or (what.state is State.AVAILABLE and what.facts.item_count == 0)


def _restricted(connection: Connection) -> dict[Resource, list[Member]]:
    query = (
        select(resources.c.youtube_id, *MEMBER)
        .join_from(memberships, resources)
        .where(_IS_IN, _IS_WATCHABLE, memberships.c.restrictions != "")
        .order_by(memberships.c.position, memberships.c.id)
    )
    found = defaultdict(list)
    for row in connection.execute(query):
        found[Resource(Kind.PLAYLIST, row[0])].append(member_of(row[1:]))
    return dict(found)


def _holders(
    connection: Connection, lost: Collection[Resource], listed: Collection[Resource]
) -> dict[Resource, list[PlaylistMatch]]:
    """Who holds what these held, the listed ones alone."""
    found = _before_they_left(connection, lost)
    found |= {
        each: [PlaylistMatch(*holder) for holder in some] for each, some in load_matches(connection, lost).items()
    }
    ours = {each: [holder for holder in some if holder.playlist in listed] for each, some in found.items()}
    return {each: some for each, some in ours.items() if some}


def _before_they_left(connection: Connection, emptied: Iterable[Resource]) -> dict[Resource, list[PlaylistMatch]]:
    """Living playlists that hold half or more of what went last from those in which nobody is left."""
    left_last = (
        select(memberships.c.resource_id, func.max(memberships.c.left_at).label("at"))
        .join(resources)
        .group_by(memberships.c.resource_id)
        .having(func.count() == func.count(memberships.c.left_at))
    )
    held: dict[Resource, set[str]] = defaultdict(set)
    for some in playlist_conditions(emptied):
        last = left_last.where(some).subquery()
        of_these = (memberships.c.resource_id == last.c.resource_id) & (memberships.c.left_at == last.c.at)
        query = select(resources.c.youtube_id, memberships.c.video_id).join_from(memberships, last, of_these)
        for id_, video in connection.execute(query.join(resources, resources.c.id == memberships.c.resource_id)):
            held[Resource(Kind.PLAYLIST, id_)].add(video)
    found = _living_holders(connection, set().union(*held.values()))
    return {playlist: _best(videos, found) for playlist, videos in held.items()}


def _living_holders(connection: Connection, videos: Iterable[str]) -> dict[str, list[Resource]]:
    query = (
        select(memberships.c.video_id, resources.c.youtube_id)
        .join_from(memberships, resources)
        .where(_IS_FIRST, _IS_WATCHABLE, resources.c.state == State.AVAILABLE)
    )
    found = defaultdict(list)
    for some in batches(sorted(videos)):
        for video, id_ in connection.execute(query.where(memberships.c.video_id.in_(some))):
            found[video].append(Resource(Kind.PLAYLIST, id_))
    return found


def _best(videos: Collection[str], holders: Mapping[str, Iterable[Resource]]) -> list[PlaylistMatch]:
    shared = Counter(holder for video in videos for holder in holders.get(video, ()))
    half = [PlaylistMatch(holder, count, len(videos)) for holder, count in shared.items() if 2 * count >= len(videos)]
    return sorted(half, key=lambda holder: (-holder.shared, holder.playlist.id))


def _extents(connection: Connection, playlists: Iterable[Resource]) -> dict[Resource, PlaylistSize]:
    query = (
        select(
            resources.c.youtube_id,
            func.sum(case((_IS_FIRST, 1), else_=0)),
            func.sum(case((_IS_FIRST & _IS_WATCHABLE, 1), else_=0)),
            func.min(memberships.c.first_seen_at),
            func.max(case((_IS_IN, memberships.c.added_at))),
        )
        .join_from(memberships, resources)
        .group_by(resources.c.youtube_id)
    )
    return {
        Resource(Kind.PLAYLIST, id_): PlaylistSize(videos, watchable, moment(first_look), moment(added))
        for some in playlist_conditions(playlists)
        for id_, videos, watchable, first_look, added in connection.execute(query.where(some))
    }


def _outside(connection: Connection, catalogue: Catalogue) -> dict[tuple[str, Resource], Member | None]:
    """The videos that are listed with a playlist and not in it, and their last stay."""
    pairs = {(item.resources[0].id, item.resources[1]) for item in catalogue.links if len(item.resources) > 1}
    outside: dict[tuple[str, Resource], Member | None] = {
        pair: None for pair, inside in load_membership(connection, pairs).items() if not inside
    }
    query = select(resources.c.youtube_id, *MEMBER).join_from(memberships, resources).where(~_IS_IN)
    for some in batches(list(outside)):
        videos = memberships.c.video_id.in_({video for video, _ in some})
        for ours in playlist_conditions(playlist for _, playlist in some):
            for row in connection.execute(query.where(videos, ours).order_by(memberships.c.left_at)):
                member, pair = member_of(row[1:]), (row[1], Resource(Kind.PLAYLIST, row[0]))
                if pair in outside:
                    outside[pair] = member
    return outside
