"""Playlists that share most of their videos: the pairs are kept, and renewed where members changed."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import ColumnElement, Connection, delete, func, or_, select

from linkwatch.models.records import StoredOverlap
from linkwatch.models.resource import Kind, Resource
from linkwatch.store.database import insert_many
from linkwatch.store.playlists import batches
from linkwatch.store.resources import load_row_ids
from linkwatch.store.tables import memberships, overlaps, resources
from linkwatch.verdict.similarity import FEWEST, SimilarPair, similar_pairs

AT_ONCE = 300
"""Playlists compared at a time: of 50 videos each, 15,000 videos and who holds them are in memory."""

# Distinct videos: each has one first occurrence.
_IS_IN = memberships.c.left_at.is_(None) & (memberships.c.occurrence == 0)


def update_overlaps(connection: Connection, changed: Iterable[int]) -> None:
    """Find anew with which others some playlists share most of their videos.

    Args:
        connection: A transaction that writes.
        changed: Row ids of the playlists whose members changed.
    """
    changed = set(changed)
    in_order = sorted(changed)
    for some in batches(in_order):
        connection.execute(delete(overlaps).where(_touches(some)))
    sizes: Counter[int] = Counter()
    for some in batches(in_order, AT_ONCE):
        # A pair whose smaller number has changed too, and came in an earlier batch, was found there.
        found = (pair for pair in _alike(connection, some, sizes) if pair.first >= some[0] or pair.first not in changed)
        rows = [(pair.first, pair.second, pair.shared) for pair in found]
        insert_many(connection, overlaps, ("first_id", "second_id", "shared"), rows)


def load_overlaps(connection: Connection, playlists: Iterable[Resource]) -> list[StoredOverlap]:
    """The pairs that share most of their videos, and of which at least one is among these."""
    pairs: dict[tuple[int, int], int] = {}
    for some in batches(list(load_row_ids(connection, playlists).values())):
        for first, second, shared in connection.execute(select(overlaps).where(_touches(some))).all():
            pairs[first, second] = shared
    named = _named(connection, {row_id for pair in pairs for row_id in pair})
    return [StoredOverlap(named[first], named[second], pairs[first, second]) for first, second in sorted(pairs)]


def _touches(row_ids: Sequence[int]) -> ColumnElement[bool]:
    return or_(overlaps.c.first_id.in_(row_ids), overlaps.c.second_id.in_(row_ids))


def _alike(connection: Connection, changed: Sequence[int], sizes: Counter[int]) -> Iterator[SimilarPair]:
    """The pairs with some playlists; the sizes that had to be counted are kept for the next ones."""
    mine = select(memberships.c.video_id).where(_IS_IN, memberships.c.resource_id.in_(changed))
    query = select(memberships.c.video_id, memberships.c.resource_id).where(_IS_IN, memberships.c.video_id.in_(mine))
    holders: dict[str, set[int]] = defaultdict(set)
    videos: dict[int, list[str]] = {row_id: [] for row_id in changed}
    for video, holder in connection.execute(query).all():
        holders[video].add(holder)
        if holder in videos:
            videos[holder].append(video)
    held = Counter(holder for some in holders.values() for holder in some)
    # Who holds fewer than that is not alike, whatever its size: a welcome video would have everybody counted.
    _count(connection, {holder for holder, count in held.items() if count >= FEWEST} - sizes.keys(), sizes)
    yield from similar_pairs(videos, holders, sizes)


def _count(connection: Connection, uncounted: Iterable[int], sizes: Counter[int]) -> None:
    query = select(memberships.c.resource_id, func.count()).where(_IS_IN).group_by(memberships.c.resource_id)
    for some in batches(sorted(uncounted)):
        sizes |= dict(connection.execute(query.where(memberships.c.resource_id.in_(some))).all())


def _named(connection: Connection, row_ids: Iterable[int]) -> dict[int, Resource]:
    query = select(resources.c.id, resources.c.youtube_id)
    return {
        row_id: Resource(Kind.PLAYLIST, id_)
        for some in batches(sorted(row_ids))
        for row_id, id_ in connection.execute(query.where(resources.c.id.in_(some)))
    }
