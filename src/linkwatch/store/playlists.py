"""The inspections of playlists: the last one of each, the members now and before, and what changed among them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, bindparam, exists, func, or_, select, update

from linkwatch.models.observation import Member, MemberState, PlaylistListing
from linkwatch.models.playlist import MemberChangeKind, MemberKey, Membership
from linkwatch.models.records import LastInspection, StoredMemberChange
from linkwatch.models.resource import Kind, Resource
from linkwatch.models.times import to_millis, to_time
from linkwatch.store.columns import MEMBER_COLUMNS, MEMBER_NAMES, decode_member, encode_member
from linkwatch.store.database import execute_many, in_batches, insert_many
from linkwatch.store.dialects import one_of, one_of_bound
from linkwatch.store.resources import load_row_ids
from linkwatch.store.tables import looks, member_events, memberships, resources

MEMBER = tuple(spec.column for spec in MEMBER_COLUMNS)
"""The columns that `decode_member` takes."""

IS_MEMBER = memberships.c.left_at.is_(None)
# A video that a playlist contains several times has one first occurrence.
IS_DISTINCT = IS_MEMBER & (memberships.c.occurrence == 0)

# Each check of playlists executes them: they are built once, but for which playlists they are about.
_INSPECTIONS = select(resources.c.youtube_id, *looks.c).join(looks, looks.c.resource_id == resources.c.id)
_INSPECTED = select(looks.c.resource_id).where(one_of_bound(looks.c.resource_id, "rows"))
_UPDATE_INSPECTION = update(looks).where(looks.c.resource_id == bindparam("row"))
# A playlist that was closed from the first inspection on has no members, and never had.
_HAS_MEMBERS = exists().where(memberships.c.resource_id == resources.c.id)
_FIRST_INSPECTIONS = select(
    resources.c.youtube_id,
    resources.c.id,
    or_(looks.c.looked_at.is_(None), looks.c.closed & ~_HAS_MEMBERS),
).join(looks, isouter=True)
_MEMBERS = (
    select(memberships.c.resource_id, memberships.c.id, *MEMBER)
    .join(resources)
    .where(IS_MEMBER)
    .order_by(memberships.c.position, memberships.c.id)
)

_MUTABLE = MEMBER_NAMES[2:]  # all but the video and its occurrence, which identify the row
_EVENT_NAMES = ("membership_id", "run_id", "change", "at", "position", "by")


class StoredMembers(NamedTuple):
    """The members of one playlist, and their rows."""

    row_id: int
    """Of the playlist's resource."""

    is_first: bool
    """No inspection has read the items yet: there is nothing to compare with."""

    members: list[Member]
    """By position; those that left are not among them."""

    rows: dict[MemberKey, int]
    """Row ids of the members."""


class StoredInspection(NamedTuple):
    """An inspection of one playlist that is to be saved."""

    stored: StoredMembers
    """The members before."""

    listing: PlaylistListing
    membership: Membership | None
    """The members now; None when the playlist is closed: they stay as they were."""

    etag: str | None
    """Of the playlist, at this inspection; None: there is none, or it changed although nothing else did."""

    item_count: int | None
    """Of the playlist, at this inspection."""


def playlist_conditions(playlists: Iterable[Resource] | None) -> Iterator[ColumnElement[bool]]:
    """Conditions on `resources`, each for as many playlists as a statement takes; None: one for all playlists."""
    is_playlist = resources.c.kind == Kind.PLAYLIST
    if playlists is None:
        yield is_playlist
        return
    for batch in in_batches(dict.fromkeys(each.id for each in playlists if each.kind is Kind.PLAYLIST)):
        yield is_playlist & one_of(resources.c.youtube_id, batch)


def load_last_inspections(
    connection: Connection, playlists: Iterable[Resource] | None = None
) -> dict[Resource, LastInspection]:
    """The last inspection of each of these, of all when None; those never inspected and not due are left out."""
    return {
        Resource(Kind.PLAYLIST, row[0]): LastInspection(row[1], to_time(row[2]), *row[3:-2], *map(to_time, row[-2:]))
        for these in playlist_conditions(playlists)
        for row in connection.execute(_INSPECTIONS.where(these)).all()
    }


def load_first_videos(connection: Connection, playlists: Iterable[Resource]) -> dict[Resource, str]:
    """The first video of each of these that is available, by its id; those without one are left out."""
    first = (
        select(memberships.c.video_id)
        .where(memberships.c.resource_id == resources.c.id, IS_MEMBER, memberships.c.state == MemberState.AVAILABLE)
        .order_by(memberships.c.position)
        .limit(1)
        .correlate(resources)
        .scalar_subquery()
    )
    query = select(resources.c.youtube_id, first)
    return {
        Resource(Kind.PLAYLIST, id_): video_id
        for these in playlist_conditions(playlists)
        for id_, video_id in connection.execute(query.where(these)).all()
        if video_id is not None
    }


def mark_inspection_due(connection: Connection, playlists: Iterable[Resource]) -> None:
    """Mark that something changed in these, so that an inspection is due; those without a row are passed over."""
    row_ids = list(load_row_ids(connection, playlists).values())
    _insert_missing(connection, row_ids, due=True)
    for batch in in_batches(row_ids):
        connection.execute(update(looks).where(one_of(looks.c.resource_id, batch), ~looks.c.due).values(due=True))


def mark_unreadable(connection: Connection, playlists: Iterable[Resource], now: datetime) -> None:
    """Save that the listings of these contradicted themselves in the run of this time."""
    row_ids = list(load_row_ids(connection, playlists).values())
    _insert_missing(connection, row_ids, due=True)
    at = to_millis(now)
    since = func.coalesce(looks.c.unread_since_at, at)
    for batch in in_batches(row_ids):
        values = update(looks).where(one_of(looks.c.resource_id, batch)).values(unread_since_at=since, unread_at=at)
        connection.execute(values)


def load_members(connection: Connection, playlists: Iterable[Resource]) -> dict[Resource, StoredMembers]:
    """The members of these by the last inspection that read them; those without a row in `resources` are left out."""
    stored = {}
    for these in playlist_conditions(playlists):
        by_row = {}
        for id_, row_id, first in connection.execute(_FIRST_INSPECTIONS.where(these)).all():
            by_row[row_id] = stored[Resource(Kind.PLAYLIST, id_)] = StoredMembers(row_id, first, [], {})
        for playlist_id, row_id, *columns in connection.execute(_MEMBERS.where(these)).all():
            member = decode_member(columns)
            by_row[playlist_id].members.append(member)
            by_row[playlist_id].rows[member.video_id, member.occurrence] = row_id
    return stored


def load_former_videos(connection: Connection, row_id: int) -> set[str]:
    """The videos that were members of a playlist and left."""
    query = select(memberships.c.video_id).where(memberships.c.resource_id == row_id, ~IS_MEMBER)
    return set(connection.execute(query).scalars())


def load_member_history(connection: Connection, playlist: Resource) -> list[Member]:
    """The members of a playlist by position, then those that left."""
    query = (
        select(*MEMBER)
        .join(resources)
        .order_by(memberships.c.left_at.is_not(None), memberships.c.left_at)
        .order_by(memberships.c.position, memberships.c.id)
    )
    return [
        decode_member(row) for this in playlist_conditions([playlist]) for row in connection.execute(query.where(this))
    ]


def load_member_changes(
    connection: Connection, since: datetime, playlists: Iterable[Resource] | None = None
) -> dict[Resource, list[StoredMemberChange]]:
    """What changed inside these playlists, inside all when None, from a time on; oldest first."""
    other, changes = memberships.alias(), member_events.c
    replacing = (other.c.resource_id == memberships.c.resource_id) & (other.c.video_id == changes.by)
    by_title = select(other.c.title).where(replacing).order_by(other.c.id.desc()).limit(1).scalar_subquery()
    query = (
        select(
            resources.c.youtube_id,
            changes.change,
            changes.at,
            changes.run_id,
            changes.position,
            changes.by,
            by_title,
            *MEMBER,
        )
        .join_from(member_events, memberships)
        .join(resources)
        .where(changes.at >= to_millis(since))
        .order_by(changes.at, changes.id)
    )
    by_playlist = defaultdict(list)
    for these in playlist_conditions(playlists):
        for id_, change, at, run_id, position, by, title, *columns in connection.execute(query.where(these)):
            stored = StoredMemberChange(
                MemberChangeKind(change), decode_member(columns), to_time(at), run_id, position, by, title
            )
            by_playlist[Resource(Kind.PLAYLIST, id_)].append(stored)
    return dict(by_playlist)


def save_inspections(
    connection: Connection, run_id: int, inspections: Iterable[StoredInspection], now: datetime
) -> None:
    """Save members that came, changed or left, what changed, and when the playlists were inspected.

    Args:
        connection: A transaction that writes, the one in which `stored` was read.
        run_id: The run that the changes belong to.
        inspections: One for each playlist; at most some hundreds.
        now: The time of the run.
    """
    inspections = list(inspections)
    new: list[tuple[Any, ...]] = []
    moved, changed = [], []
    for inspection in inspections:
        for row_id, before, after in _changed_members(inspection):
            if row_id is None:
                new.append((inspection.stored.row_id, *after))
            elif before[3:] == after[3:]:
                moved.append({"row": row_id, "position": after[2]})
            else:
                changed.append({"row": row_id, **dict(zip(_MUTABLE, after[2:], strict=True))})
    insert_many(connection, memberships, ("resource_id", *MEMBER_NAMES), new)
    for rows in (moved, changed):
        execute_many(connection, update(memberships).where(memberships.c.id == bindparam("row")), rows)
    insert_many(connection, member_events, _EVENT_NAMES, _event_rows(connection, run_id, inspections, now))
    _save_looks(connection, inspections, now)


def _changed_members(inspection: StoredInspection) -> Iterator[tuple[int | None, list[Any], list[Any]]]:
    """The members that are not as they were: row, and `MEMBER_NAMES` before and after; no row: it is new."""
    if inspection.membership is None:
        return
    stored = {(member.video_id, member.occurrence): member for member in inspection.stored.members}
    for member in (*inspection.membership.members, *inspection.membership.left):
        before = stored.get((member.video_id, member.occurrence))
        if before is None:
            yield None, [], encode_member(member)
        elif before != member and (old := encode_member(before)) != (new := encode_member(member)):
            yield inspection.stored.rows[member.video_id, member.occurrence], old, new


def _event_rows(
    connection: Connection, run_id: int, inspections: Iterable[StoredInspection], now: datetime
) -> Iterator[tuple[Any, ...]]:
    eventful = [(each.stored, each.membership.changes) for each in inspections if each.membership]
    new = _member_rows(connection, [stored.row_id for stored, changes in eventful if changes])
    for stored, changes in eventful:
        for each in changes:
            key = (each.member.video_id, each.member.occurrence)
            row_id = stored.rows.get(key) or new[stored.row_id, *key]
            yield row_id, run_id, each.change, to_millis(now), each.member.position, each.replaced_by


def _member_rows(connection: Connection, playlist_ids: Iterable[int]) -> dict[tuple[int, str, int], int]:
    """The row ids of the members of some playlists, by playlist, video and occurrence."""
    query = select(memberships.c.id, memberships.c.resource_id, memberships.c.video_id, memberships.c.occurrence)
    return {
        (row[1], row[2], row[3]): row[0]
        for batch in in_batches(playlist_ids)
        for row in connection.execute(query.where(IS_MEMBER, one_of(memberships.c.resource_id, batch))).all()
    }


def _save_looks(connection: Connection, inspections: Sequence[StoredInspection], now: datetime) -> None:
    _insert_missing(connection, [each.stored.row_id for each in inspections], due=False)
    times = [
        {
            "row": each.stored.row_id,
            "looked_at": to_millis(now),
            "due": False,
            "etag": each.etag,
            "item_count": each.item_count,
            "closed": each.listing.closed,
            "unread_since_at": None,
            "unread_at": None,
        }
        for each in inspections
    ]
    counts = [
        {
            "row": each.stored.row_id,
            "members": len(each.membership.members),
            "gone": sum(member.state is not MemberState.AVAILABLE for member in each.membership.members),
            "counted": each.listing.counted,
        }
        for each in inspections
        if each.membership is not None
    ]
    for rows in (times, counts):
        execute_many(connection, _UPDATE_INSPECTION, rows)


def _insert_missing(connection: Connection, playlist_ids: Iterable[int], *, due: bool) -> None:
    for batch in in_batches(playlist_ids):
        stored = set(connection.execute(_INSPECTED, {"rows": batch}).scalars())
        insert_many(connection, looks, ("resource_id", "due"), [(id_, due) for id_ in batch if id_ not in stored])
