"""Rows of `memberships` ↔ members of playlists, and how playlists are asked for."""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import ColumnElement

from linkwatch.catalogue.resource import Kind, Resource
from linkwatch.observation import Member, MemberState
from linkwatch.store.database import BATCH
from linkwatch.store.tables import memberships, resources, to_millis, to_time

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


def among(playlists: Iterable[Resource] | None) -> Iterator[ColumnElement[bool]]:
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
