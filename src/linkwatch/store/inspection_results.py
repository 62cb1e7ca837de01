"""What a report shows of inspections, loaded in a few statements for all playlists."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from operator import itemgetter
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Select, bindparam, case, func, select

from linkwatch.catalogue.catalogue import Catalogue
from linkwatch.models.events import EventKind
from linkwatch.models.observation import Member, MemberState, ResourceRecord, State
from linkwatch.models.records import NO_INSPECTIONS, InspectionResults, PlaylistMatch, PlaylistSize
from linkwatch.models.resource import Kind, Resource
from linkwatch.models.times import to_millis, to_time
from linkwatch.store.columns import decode_member
from linkwatch.store.database import in_batches
from linkwatch.store.dialects import one_of
from linkwatch.store.overlaps import load_overlapping
from linkwatch.store.playlists import (
    IS_DISTINCT,
    IS_MEMBER,
    MEMBER,
    load_last_inspections,
    load_member_changes,
    playlist_conditions,
)
from linkwatch.store.tables import events, looks, memberships, resources

T = TypeVar("T")

MATCHES = 3
"""How many matches of a playlist are loaded at most."""

_IS_WATCHABLE = memberships.c.state == MemberState.AVAILABLE


_ANY_INSPECTION = select(looks.c.resource_id).where(looks.c.looked_at.is_not(None)).limit(1)
_EMPTIED = (
    select(resources.c.youtube_id, func.max(memberships.c.left_at))
    .join_from(looks, resources)
    .join(memberships, memberships.c.resource_id == looks.c.resource_id, isouter=True)
    .where(looks.c.looked_at.is_not(None), ~looks.c.closed, looks.c.members == looks.c.gone)
    .group_by(resources.c.youtube_id)
)
_RECOUNTED = (
    select(resources.c.youtube_id)
    .distinct()
    .join_from(events, resources)
    .where(events.c.at >= bindparam("since"), events.c.kind.in_((EventKind.SHRUNK, EventKind.GROWN)))
)
_WITHOUT_VIDEOS = select(resources.c.youtube_id).where(resources.c.kind == Kind.PLAYLIST, resources.c.item_count == 0)


def load_inspection_results(
    connection: Connection,
    catalogue: Catalogue,
    records: Mapping[Resource, ResourceRecord],
    since: datetime,
    *,
    restrictions: bool,
) -> InspectionResults:
    """Load what inspections found in the playlists of some lists.

    Args:
        connection: A transaction that reads.
        catalogue: The lists, with handles and user names resolved.
        records: Of their resources.
        since: Changes are loaded from this time on.
        restrictions: Whether restricted members are loaded; takes reading all members.
    """
    if connection.execute(_ANY_INSPECTION).first() is None:
        return NO_INSPECTIONS
    listed = catalogue.links_of
    lost = _only(load_lost_members(connection), listed)
    restricted = _only(_load_restricted_members(connection), listed) if restrictions else {}
    overlapping = load_overlapping(connection, listed)
    emptied = _only(_load_emptied(connection), listed)
    matches = _listed_matches(connection, [each for each in listed if _is_lost(each, records, emptied)], listed)
    absent = _load_absent_videos(connection, catalogue)
    compared = {playlist for group in overlapping for playlist in group}
    compared |= {match.playlist for some in matches.values() for match in some}
    lacking = {playlist for _, playlist in absent}
    return InspectionResults(
        last_inspections=load_last_inspections(
            connection,
            {
                *lost,
                *restricted,
                *lacking,
                *emptied,
                *(each for each in _recounted(connection, since) if each in listed),
            },
        ),
        lost_members=lost,
        restricted_members=restricted,
        member_changes=_only(load_member_changes(connection, since), listed),
        overlapping=overlapping,
        matches=matches,
        sizes=_load_sizes(connection, compared | lacking),
        absent_videos=absent,
        emptied_at={playlist: at for playlist, at in emptied.items() if at is not None},
    )


def _only(by_playlist: Mapping[Resource, T], listed: Collection[Resource]) -> dict[Resource, T]:
    # All are read, and few are of other lists: naming 100,000 playlists in conditions would take longer.
    return {playlist: value for playlist, value in by_playlist.items() if playlist in listed}


def _is_lost(playlist: Resource, records: Mapping[Resource, ResourceRecord], emptied: Collection[Resource]) -> bool:
    record = records.get(playlist)
    if playlist.kind is not Kind.PLAYLIST or record is None:
        return False
    if record.state is not State.AVAILABLE:
        return record.state is State.UNAVAILABLE
    return record.facts.item_count == 0 or playlist in emptied


def _load_emptied(connection: Connection) -> dict[Resource, datetime | None]:
    """The playlists of which no member can be watched, and when the last one left; None: none ever did."""
    return {Resource(Kind.PLAYLIST, id_): to_time(left_at) for id_, left_at in connection.execute(_EMPTIED)}


def _recounted(connection: Connection, since: datetime) -> Iterator[Resource]:
    """The playlists whose count has changed, and those that have no videos by it."""
    for rows in (connection.execute(_RECOUNTED, {"since": to_millis(since)}), connection.execute(_WITHOUT_VIDEOS)):
        yield from (Resource(Kind.PLAYLIST, id_) for (id_,) in rows)


def load_lost_members(
    connection: Connection, playlists: Iterable[Resource] | None = None
) -> dict[Resource, list[Member]]:
    """The members of these playlists, of all when None, that are private or deleted; by position."""
    query = (
        select(resources.c.youtube_id, *MEMBER)
        .join_from(memberships, resources)
        .join(looks, looks.c.resource_id == resources.c.id)
        .where(looks.c.gone > 0, IS_MEMBER, ~_IS_WATCHABLE, ~_is_scheduled())
    )
    return _load_members_by_playlist(connection, query, playlists)


def load_last_lost_members(
    connection: Connection, playlists: Iterable[Resource], left_since: datetime, most: int
) -> tuple[list[tuple[Resource, Member]], int]:
    """The videos that are missing from some playlists, the last to go first.

    Args:
        connection: A transaction that reads.
        playlists: The playlists.
        left_since: Members that left the playlist before are left out; those that are private or deleted never are.
        most: So many at most.

    Returns:
        The members, each with its playlist, and how many there are in all.
    """
    is_missing = (IS_MEMBER & ~_IS_WATCHABLE) | (memberships.c.left_at >= to_millis(left_since))
    went_at = case((~_IS_WATCHABLE, memberships.c.state_since_at), else_=memberships.c.left_at)
    lost: list[tuple[int, Resource, list[Any]]] = []
    total = 0
    for these in playlist_conditions(playlists):
        query = select(went_at, resources.c.youtube_id, *MEMBER).join_from(memberships, resources)
        query = query.where(these, is_missing, ~_is_scheduled())
        total += connection.execute(select(func.count()).select_from(query.subquery())).scalar_one()
        last = query.order_by(went_at.desc(), resources.c.youtube_id, memberships.c.position).limit(most)
        lost += [(at, Resource(Kind.PLAYLIST, id_), columns) for at, id_, *columns in connection.execute(last)]
    lost.sort(key=itemgetter(0), reverse=True)
    return [(playlist, decode_member(columns)) for _, playlist, columns in lost[:most]], total


def _is_scheduled() -> ColumnElement[bool]:
    """Private since it was added, after the first inspection: so is a video until the time of its publication."""
    others = memberships.alias()
    inspected_first = (
        select(func.min(others.c.first_seen_at))
        .where(others.c.resource_id == memberships.c.resource_id)
        .correlate(memberships)
        .scalar_subquery()
    )
    since_added = memberships.c.state_since_at == memberships.c.first_seen_at
    is_new = memberships.c.first_seen_at > inspected_first
    return (memberships.c.state == MemberState.PRIVATE) & since_added & is_new


def _load_restricted_members(connection: Connection) -> dict[Resource, list[Member]]:
    query = (
        select(resources.c.youtube_id, *MEMBER)
        .join_from(memberships, resources)
        .where(IS_MEMBER, _IS_WATCHABLE, memberships.c.restrictions != "")
    )
    return _load_members_by_playlist(connection, query, None)


def _load_members_by_playlist(
    connection: Connection, query: Select[Any], playlists: Iterable[Resource] | None
) -> dict[Resource, list[Member]]:
    by_playlist = defaultdict(list)
    for these in playlist_conditions(playlists):
        in_order = query.where(these).order_by(memberships.c.position, memberships.c.id)
        for id_, *columns in connection.execute(in_order):
            by_playlist[Resource(Kind.PLAYLIST, id_)].append(decode_member(columns))
    return dict(by_playlist)


def _listed_matches(
    connection: Connection, lost: Collection[Resource], listed: Collection[Resource]
) -> dict[Resource, list[PlaylistMatch]]:
    """The matches of lost playlists that are listed, too."""
    matches = _load_matches_of_emptied(connection, lost) | load_matches(connection, lost)
    among_listed = {lost: [match for match in some if match.playlist in listed] for lost, some in matches.items()}
    return {lost: some for lost, some in among_listed.items() if some}


def load_matches(connection: Connection, playlists: Iterable[Resource]) -> dict[Resource, list[PlaylistMatch]]:
    """Available playlists that contain half or more of the videos of these; the best first, at most `MATCHES` of each.

    A playlist that has none is left out.
    """
    mine, theirs, other = memberships.alias(), memberships.alias(), resources.alias()
    distinct = [table.c.left_at.is_(None) & (table.c.occurrence == 0) for table in (mine, theirs)]
    sizes = select(resources.c.youtube_id, func.count()).join(mine).where(distinct[0]).group_by(resources.c.youtube_id)
    shared = func.count()
    query = (
        select(resources.c.youtube_id, other.c.youtube_id, shared)
        .join(mine, mine.c.resource_id == resources.c.id)
        .join(theirs, (theirs.c.video_id == mine.c.video_id) & (theirs.c.resource_id != mine.c.resource_id))
        .join(other, other.c.id == theirs.c.resource_id)
        .where(*distinct, other.c.state == State.AVAILABLE)
        .group_by(resources.c.youtube_id, other.c.youtube_id)
        .order_by(shared.desc(), other.c.youtube_id)
    )
    matches: dict[Resource, list[PlaylistMatch]] = defaultdict(list)
    for these in playlist_conditions(playlists):
        size: dict[str, int] = dict(connection.execute(sizes.where(these)).all())
        for id_, other_id, count in connection.execute(query.where(these)):
            best = matches[Resource(Kind.PLAYLIST, id_)]
            if 2 * count >= size[id_] and len(best) < MATCHES:
                best.append(PlaylistMatch(Resource(Kind.PLAYLIST, other_id), count, size[id_]))
    return {playlist: best for playlist, best in matches.items() if best}


def _load_matches_of_emptied(
    connection: Connection, playlists: Iterable[Resource]
) -> dict[Resource, list[PlaylistMatch]]:
    """Of those that have no members left: matches of the videos that left last."""
    left_last = (
        select(memberships.c.resource_id, func.max(memberships.c.left_at).label("at"))
        .join(resources)
        .group_by(memberships.c.resource_id)
        .having(func.count() == func.count(memberships.c.left_at))
    )
    videos: dict[Resource, set[str]] = defaultdict(set)
    for these in playlist_conditions(playlists):
        last = left_last.where(these).subquery()
        of_these = (memberships.c.resource_id == last.c.resource_id) & (memberships.c.left_at == last.c.at)
        query = select(resources.c.youtube_id, memberships.c.video_id).join_from(memberships, last, of_these)
        for id_, video in connection.execute(query.join(resources, resources.c.id == memberships.c.resource_id)):
            videos[Resource(Kind.PLAYLIST, id_)].add(video)
    containing = _load_containing(connection, set().union(*videos.values()))
    return {playlist: _best_matches(some, containing) for playlist, some in videos.items()}


def _load_containing(connection: Connection, videos: Iterable[str]) -> dict[str, list[Resource]]:
    """The available playlists that contain each of these videos, as far as it can be watched there."""
    query = (
        select(memberships.c.video_id, resources.c.youtube_id)
        .join_from(memberships, resources)
        .where(IS_DISTINCT, _IS_WATCHABLE, resources.c.state == State.AVAILABLE)
    )
    containing = defaultdict(list)
    for batch in in_batches(sorted(videos)):
        for video, id_ in connection.execute(query.where(one_of(memberships.c.video_id, batch))):
            containing[video].append(Resource(Kind.PLAYLIST, id_))
    return containing


def _best_matches(videos: Collection[str], containing: Mapping[str, Iterable[Resource]]) -> list[PlaylistMatch]:
    shared = Counter(playlist for video in videos for playlist in containing.get(video, ()))
    matches = [PlaylistMatch(each, count, len(videos)) for each, count in shared.items() if 2 * count >= len(videos)]
    return sorted(matches, key=lambda match: (-match.shared, match.playlist.id))


def _load_sizes(connection: Connection, playlists: Iterable[Resource]) -> dict[Resource, PlaylistSize]:
    query = (
        select(
            resources.c.youtube_id,
            func.sum(case((IS_DISTINCT, 1), else_=0)),
            func.sum(case((IS_DISTINCT & _IS_WATCHABLE, 1), else_=0)),
            func.min(memberships.c.first_seen_at),
            func.max(case((IS_MEMBER, memberships.c.added_at))),
        )
        .join_from(memberships, resources)
        .group_by(resources.c.youtube_id)
    )
    return {
        Resource(Kind.PLAYLIST, id_): PlaylistSize(videos, watchable, to_time(first_seen), to_time(added))
        for these in playlist_conditions(playlists)
        for id_, videos, watchable, first_seen, added in connection.execute(query.where(these))
    }


def load_membership(connection: Connection, pairs: Iterable[tuple[str, Resource]]) -> dict[tuple[str, Resource], bool]:
    """Whether videos are members of playlists; those of a closed playlist, or one never inspected, are left out."""
    pairs = list(pairs)
    last = load_last_inspections(connection, (playlist for _, playlist in pairs))
    known = [
        (video, playlist)
        for video, playlist in pairs
        if (inspection := last.get(playlist)) and inspection.inspected_at is not None and not inspection.closed
    ]
    query = select(memberships.c.video_id, resources.c.youtube_id).join(resources).where(IS_MEMBER)
    members = set()
    for batch in in_batches(known):
        videos = one_of(memberships.c.video_id, {video for video, _ in batch})
        for these in playlist_conditions(playlist for _, playlist in batch):
            members |= {(row[0], row[1]) for row in connection.execute(query.where(videos, these))}
    return {(video, playlist): (video, playlist.id) in members for video, playlist in known}


def _load_absent_videos(connection: Connection, catalogue: Catalogue) -> dict[tuple[str, Resource], Member | None]:
    """The videos that are listed with a playlist that does not contain them, as they were when they last left it."""
    pairs = {(each.resources[0].id, each.resources[1]) for each in catalogue.links if len(each.resources) > 1}
    absent: dict[tuple[str, Resource], Member | None] = {
        pair: None for pair, is_member in load_membership(connection, pairs).items() if not is_member
    }
    query = select(resources.c.youtube_id, *MEMBER).join_from(memberships, resources).where(~IS_MEMBER)
    for batch in in_batches(list(absent)):
        videos = one_of(memberships.c.video_id, {video for video, _ in batch})
        for these in playlist_conditions(playlist for _, playlist in batch):
            for id_, *columns in connection.execute(query.where(videos, these).order_by(memberships.c.left_at)):
                member = decode_member(columns)
                pair = member.video_id, Resource(Kind.PLAYLIST, id_)
                if pair in absent:
                    absent[pair] = member
    return absent
