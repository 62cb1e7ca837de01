"""Who is inside playlists: the last look at each, its members now and before, and what happened among them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import ColumnElement, Connection, bindparam, exists, func, insert, or_, select, update

from linkwatch.models.observation import Member, MemberState, PlaylistListing, State
from linkwatch.models.playlist import MemberChangeKind, MemberKey, Membership
from linkwatch.models.records import LastInspection, StoredMemberChange
from linkwatch.models.resource import Kind, Resource
from linkwatch.models.times import to_millis, to_time
from linkwatch.store.database import BATCH, execute_many, insert_many
from linkwatch.store.resources import load_row_ids
from linkwatch.store.tables import looks, member_events, memberships, resources

T = TypeVar("T")


MEMBER = (
    memberships.c.video_id,
    memberships.c.occurrence,
    memberships.c.position,
    memberships.c.state,
    memberships.c.state_since_at,
    memberships.c.first_seen_at,
    memberships.c.title,
    memberships.c.owner_id,
    memberships.c.owner_title,
    memberships.c.added_at,
    memberships.c.restrictions,
    memberships.c.left_at,
)
"""All that is known of a member, in the order of `values_of` and `member_of`."""


NAMES = tuple(column.name for column in MEMBER)


CAN_CHANGE = NAMES[2:]
"""All but the video and its occurrence, which are what a row is about."""


_STATES = {state.value: state for state in MemberState}


# One object for a moment that thousands of rows share.
moment = lru_cache(maxsize=10_000)(to_time)


millis = lru_cache(maxsize=10_000)(to_millis)


def playlist_conditions(playlists: Iterable[Resource] | None) -> Iterator[ColumnElement[bool]]:
    """Conditions on `resources`, each for as many playlists as a statement takes; one for all of them when None."""
    is_playlist = resources.c.kind == Kind.PLAYLIST
    if playlists is None:
        yield is_playlist
        return
    ids = dict.fromkeys(each.id for each in playlists if each.kind is Kind.PLAYLIST)
    for some in batches(list(ids)):
        yield is_playlist & resources.c.youtube_id.in_(some)


def batches(items: Sequence[T], size: int = BATCH) -> Iterator[Sequence[T]]:
    """As many at a time as a statement takes, or fewer."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def values_of(member: Member) -> tuple[Any, ...]:
    """The columns of `MEMBER`."""
    return (
        member.video_id,
        member.occurrence,
        member.position,
        member.state,
        millis(member.state_since),
        millis(member.first_seen),
        member.title,
        member.owner_id,
        member.owner_title,
        millis(member.added_at),
        None if member.restrictions is None else " ".join(member.restrictions),
        millis(member.left_at),
    )


def member_of(row: Sequence[Any]) -> Member:
    """The columns of `MEMBER` → what they mean."""
    video, occurrence, position, state, since, first_seen, title, owner, owner_title, added, restrictions, left = row
    return Member(
        video_id=video,
        occurrence=occurrence,
        position=position,
        state=_STATES[state],
        state_since=moment(since),
        first_seen=moment(first_seen),
        title=title,
        owner_id=owner,
        owner_title=owner_title,
        added_at=moment(added),
        restrictions=None if restrictions is None else tuple(restrictions.split()),
        left_at=moment(left),
    )


MATCHES = 3
"""How many playlists are told that hold what is in another."""

_IS_IN = memberships.c.left_at.is_(None)


class StoredMembers(NamedTuple):
    """Who is in one playlist by the last look, and the rows."""

    row_id: int
    """Of the playlist's resource."""

    is_first: bool
    """No look has seen inside yet: there is nothing to compare with."""

    members: list[Member]
    """Those in it, by position."""

    rows: dict[MemberKey, int]
    """Row ids of these."""


class StoredInspection(NamedTuple):
    """A look inside one playlist that is to be remembered."""

    stored: StoredMembers
    """What was known before."""

    listing: PlaylistListing
    membership: Membership | None
    """What is known now; None when the playlist is closed: the members stay as they were."""

    etag: str | None
    """Of the playlist, at this look; None: there is none, or it moved for nothing."""

    item_count: int | None
    """Of the playlist, at this look."""


def last_inspections(
    connection: Connection, playlists: Iterable[Resource] | None = None
) -> dict[Resource, LastInspection]:
    """The last look inside each of these, of all when None; those never looked into and not due are left out."""
    query = select(resources.c.youtube_id, *looks.c).join(looks, looks.c.resource_id == resources.c.id)
    return {
        Resource(Kind.PLAYLIST, row[0]): LastInspection(row[1], moment(row[2]), *row[3:])
        for some in playlist_conditions(playlists)
        for row in connection.execute(query.where(some)).all()
    }


def mark_due(connection: Connection, playlists: Iterable[Resource]) -> None:
    """Note that something moved in these: they are to be looked into. What was never met is passed over."""
    row_ids = list(load_row_ids(connection, playlists).values())
    _make_rows(connection, row_ids, due=True)
    for some in batches(row_ids):
        connection.execute(update(looks).where(looks.c.resource_id.in_(some), ~looks.c.due).values(due=True))


def load_members(connection: Connection, playlists: Iterable[Resource]) -> dict[Resource, StoredMembers]:
    """Who is in these by the last look that saw inside; what was never met is left out."""
    # A playlist that was closed from the first look on has no members, and never had.
    met = exists().where(memberships.c.resource_id == resources.c.id)
    first = or_(looks.c.looked_at.is_(None), looks.c.closed & ~met)
    query = select(resources.c.youtube_id, resources.c.id, first).join(looks, isouter=True)
    inside = select(memberships.c.resource_id, memberships.c.id, *MEMBER).join(resources).where(_IS_IN)
    recalled = {}
    for some in playlist_conditions(playlists):
        by_row = {}
        for id_, row_id, is_first in connection.execute(query.where(some)).all():
            by_row[row_id] = recalled[Resource(Kind.PLAYLIST, id_)] = StoredMembers(row_id, is_first, [], {})
        in_order = inside.where(some).order_by(memberships.c.position, memberships.c.id)
        for row in connection.execute(in_order).all():
            of = by_row[row[0]]
            of.members.append(member_of(row[2:]))
            of.rows[row[2], row[3]] = row[1]
    return recalled


def save_inspections(connection: Connection, run_id: int, kept: Iterable[StoredInspection], now: datetime) -> None:
    """Write what looks learned: members that came, changed or left, what happened, and when it was looked.

    Args:
        connection: A transaction that writes, the one in which `recalled` was read.
        run_id: The run that the changes belong to.
        kept: One for each playlist; at most some hundred playlists.
        now: The time of the run.
    """
    kept = list(kept)
    new: list[tuple[Any, ...]] = []
    moved, changed = [], []
    for each in kept:
        for row_id, before, after in _written(each):
            if row_id is None:
                new.append((each.stored.row_id, *after))
            elif before[3:] == after[3:]:
                moved.append({"row": row_id, "position": after[2]})
            else:
                changed.append({"row": row_id, **dict(zip(CAN_CHANGE, after[2:], strict=True))})
    insert_many(connection, memberships, ("resource_id", *NAMES), new)
    for rows in (moved, changed):
        execute_many(connection, update(memberships).where(memberships.c.id == bindparam("row")), rows)
    execute_many(connection, insert(member_events), list(_events(connection, run_id, kept, now)))
    _keep_times(connection, kept, now)


def _written(kept: StoredInspection) -> Iterator[tuple[int | None, tuple[Any, ...], tuple[Any, ...]]]:
    """The members that are not as they were: row, values before (none for a new one) and after, as `MEMBER`."""
    if kept.membership is None:
        return
    known = {(member.video_id, member.occurrence): member for member in kept.stored.members}
    for member in (*kept.membership.members, *kept.membership.left):
        before = known.get((member.video_id, member.occurrence))
        if before is None:
            yield None, (), values_of(member)
        elif before != member and (was := values_of(before)) != (values := values_of(member)):
            yield kept.stored.rows[member.video_id, member.occurrence], was, values


def _events(
    connection: Connection, run_id: int, kept: Iterable[StoredInspection], now: datetime
) -> Iterator[dict[str, Any]]:
    eventful = [(each.stored, each.membership.changes) for each in kept if each.membership and each.membership.changes]
    came = _rows_in(connection, [recalled.row_id for recalled, changes in eventful if changes])
    for recalled, changes in eventful:
        for each in changes:
            key = (each.member.video_id, each.member.occurrence)
            yield {
                "membership_id": recalled.rows.get(key) or came[recalled.row_id, *key],
                "run_id": run_id,
                "change": each.change,
                "at": millis(now),
                "position": each.member.position,
                "by": each.replaced_by,
            }


def _rows_in(connection: Connection, playlist_ids: Sequence[int]) -> dict[tuple[int, str, int], int]:
    """The rows of the members of some playlists, by playlist, video and occurrence."""
    query = select(memberships.c.id, memberships.c.resource_id, memberships.c.video_id, memberships.c.occurrence)
    return {
        (row[1], row[2], row[3]): row[0]
        for some in batches(playlist_ids)
        for row in connection.execute(query.where(_IS_IN, memberships.c.resource_id.in_(some))).all()
    }


def _keep_times(connection: Connection, kept: Sequence[StoredInspection], now: datetime) -> None:
    _make_rows(connection, [each.stored.row_id for each in kept], due=False)
    looked = [
        {
            "row": each.stored.row_id,
            "looked_at": millis(now),
            "due": False,
            "etag": each.etag,
            "item_count": each.item_count,
            "closed": each.listing.closed,
        }
        for each in kept
    ]
    counted = [
        {
            "row": each.stored.row_id,
            "members": len(each.membership.members),
            "gone": sum(member.state is not MemberState.AVAILABLE for member in each.membership.members),
        }
        for each in kept
        if each.membership is not None
    ]
    for rows in (looked, counted):
        execute_many(connection, update(looks).where(looks.c.resource_id == bindparam("row")), rows)


def _make_rows(connection: Connection, playlist_ids: Sequence[int], *, due: bool) -> None:
    for some in batches(playlist_ids):
        there = set(connection.execute(select(looks.c.resource_id).where(looks.c.resource_id.in_(some))).scalars())
        insert_many(connection, looks, ("resource_id", "due"), [(id_, due) for id_ in some if id_ not in there])


def load_member_history(connection: Connection, playlist: Resource) -> list[Member]:
    """All that is known to be, or to have been, in a playlist: those in it by position, then those that left."""
    query = select(*MEMBER).join(resources).order_by(memberships.c.left_at.is_not(None), memberships.c.left_at)
    by_place = query.order_by(memberships.c.position, memberships.c.id)
    return [
        member_of(row) for some in playlist_conditions([playlist]) for row in connection.execute(by_place.where(some))
    ]


def load_member_changes(
    connection: Connection, since: datetime, playlists: Iterable[Resource] | None = None
) -> dict[Resource, list[StoredMemberChange]]:
    """What happened inside these playlists, inside all when None, since then; oldest first."""
    other = memberships.alias()
    replacing = (other.c.resource_id == memberships.c.resource_id) & (other.c.video_id == member_events.c.by)
    by_title = select(other.c.title).where(replacing).order_by(other.c.id.desc()).limit(1).scalar_subquery()
    told = member_events.c
    query = (
        select(resources.c.youtube_id, told.change, told.at, told.run_id, told.position, told.by, by_title, *MEMBER)
        .join_from(member_events, memberships)
        .join(resources)
        .where(told.at >= millis(since))
        .order_by(told.at, told.id)
    )
    changes = defaultdict(list)
    for some in playlist_conditions(playlists):
        for id_, change, at, run_id, position, by, title, *member in connection.execute(query.where(some)):
            stored = StoredMemberChange(
                MemberChangeKind(change), member_of(member), moment(at), run_id, position, by, title
            )
            changes[Resource(Kind.PLAYLIST, id_)].append(stored)
    return dict(changes)


def load_lost_members(
    connection: Connection, playlists: Iterable[Resource] | None = None
) -> dict[Resource, list[Member]]:
    """The members of these playlists, of all when None, that are private or gone; by position."""
    query = (
        select(resources.c.youtube_id, *MEMBER)
        .join_from(memberships, resources)
        .join(looks, looks.c.resource_id == resources.c.id)
        .where(looks.c.gone > 0, _IS_IN, memberships.c.state != MemberState.AVAILABLE)
        .order_by(memberships.c.position, memberships.c.id)
    )
    losses = defaultdict(list)
    for some in playlist_conditions(playlists):
        for row in connection.execute(query.where(some)):
            losses[Resource(Kind.PLAYLIST, row[0])].append(member_of(row[1:]))
    return dict(losses)


def load_matches(
    connection: Connection, playlists: Iterable[Resource]
) -> dict[Resource, list[tuple[Resource, int, int]]]:
    """Living playlists that hold half or more of what is in these, dead ones perhaps.

    Returns:
        For each that has some: the others, how many distinct videos they hold of it, and of how many; best first, at
        most `MATCHES`.
    """
    mine, theirs, other = memberships.alias(), memberships.alias(), resources.alias()
    # Distinct videos: each has one first occurrence.
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
    holders: dict[Resource, list[tuple[Resource, int, int]]] = defaultdict(list)
    for some in playlist_conditions(playlists):
        size: dict[str, int] = dict(connection.execute(sizes.where(some)).all())
        for id_, holder, count in connection.execute(query.where(some)):
            best = holders[Resource(Kind.PLAYLIST, id_)]
            if 2 * count >= size[id_] and len(best) < MATCHES:
                best.append((Resource(Kind.PLAYLIST, holder), count, size[id_]))
    return {playlist: best for playlist, best in holders.items() if best}


def load_membership(connection: Connection, pairs: Iterable[tuple[str, Resource]]) -> dict[tuple[str, Resource], bool]:
    """Whether videos are in playlists; those of a playlist that no look has seen inside, or is closed, are left out."""
    pairs = list(pairs)
    seen = last_inspections(connection, (playlist for _, playlist in pairs))
    asked = [
        pair for pair in pairs if (look := seen.get(pair[1])) and look.inspected_at is not None and not look.closed
    ]
    query = select(memberships.c.video_id, resources.c.youtube_id).join(resources).where(_IS_IN)
    held = set()
    for batch in batches(asked):
        videos = memberships.c.video_id.in_({video for video, _ in batch})
        for some in playlist_conditions(playlist for _, playlist in batch):
            held |= {(row[0], row[1]) for row in connection.execute(query.where(videos, some))}
    return {(video, playlist): (video, playlist.id) in held for video, playlist in asked}
