"""Pairs of playlists that share most of their videos: stored, and updated where members changed."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import ColumnElement, Connection, delete, func, or_, select

from linkwatch.models.records import StoredOverlap
from linkwatch.models.resource import Kind, Resource
from linkwatch.store.database import in_batches, insert_many
from linkwatch.store.dialects import one_of
from linkwatch.store.playlists import IS_DISTINCT
from linkwatch.store.resources import load_row_ids
from linkwatch.store.tables import memberships, overlaps, resources
from linkwatch.verdict.similarity import FEWEST, SimilarPair, similar_pairs

AT_ONCE = 300
"""Playlists compared at a time: with 50 videos each, 15,000 videos and their playlists are in memory."""


def update_overlaps(connection: Connection, changed: Iterable[int]) -> None:
    """Compare some playlists with all others.

    Args:
        connection: A transaction that writes.
        changed: Row ids of the playlists whose members changed.
    """
    changed = set(changed)
    in_order = sorted(changed)
    for batch in in_batches(in_order):
        connection.execute(delete(overlaps).where(_touches(batch)))
    sizes: Counter[int] = Counter()
    for batch in in_batches(in_order, AT_ONCE):
        # A pair whose smaller number has changed too, and was in an earlier batch, was found there.
        pairs = (
            pair for pair in _similar(connection, batch, sizes) if pair.first >= batch[0] or pair.first not in changed
        )
        rows = [(pair.first, pair.second, pair.shared) for pair in pairs]
        insert_many(connection, overlaps, ("first_id", "second_id", "shared"), rows)


def load_overlaps(connection: Connection, playlists: Iterable[Resource]) -> list[StoredOverlap]:
    """The pairs of which at least one is among these."""
    pairs: dict[tuple[int, int], int] = {}
    for batch in in_batches(load_row_ids(connection, playlists).values()):
        for first, second, shared in connection.execute(select(overlaps).where(_touches(batch))).all():
            pairs[first, second] = shared
    by_row = _load_playlists(connection, {row_id for pair in pairs for row_id in pair})
    return [StoredOverlap(by_row[first], by_row[second], pairs[first, second]) for first, second in sorted(pairs)]


def _touches(row_ids: Sequence[int]) -> ColumnElement[bool]:
    return or_(one_of(overlaps.c.first_id, row_ids), one_of(overlaps.c.second_id, row_ids))


def _similar(connection: Connection, changed: Sequence[int], sizes: Counter[int]) -> Iterator[SimilarPair]:
    """The pairs with some playlists; the sizes that had to be counted are kept for the next ones."""
    mine = select(memberships.c.video_id).where(IS_DISTINCT, one_of(memberships.c.resource_id, changed))
    query = select(memberships.c.video_id, memberships.c.resource_id).where(
        IS_DISTINCT, memberships.c.video_id.in_(mine)
    )
    containing: dict[str, set[int]] = defaultdict(set)
    videos: dict[int, list[str]] = {row_id: [] for row_id in changed}
    for video, playlist in connection.execute(query).all():
        containing[video].add(playlist)
        if playlist in videos:
            videos[playlist].append(video)
    shared = Counter(playlist for playlists in containing.values() for playlist in playlists)
    # A playlist that shares fewer is not similar, whatever its size: a video that all contain would have all counted.
    _count_videos(connection, {each for each, count in shared.items() if count >= FEWEST} - sizes.keys(), sizes)
    yield from similar_pairs(videos, containing, sizes)


def _count_videos(connection: Connection, uncounted: Iterable[int], sizes: Counter[int]) -> None:
    query = select(memberships.c.resource_id, func.count()).where(IS_DISTINCT).group_by(memberships.c.resource_id)
    for batch in in_batches(sorted(uncounted)):
        sizes |= dict(connection.execute(query.where(one_of(memberships.c.resource_id, batch))).all())


def _load_playlists(connection: Connection, row_ids: Iterable[int]) -> dict[int, Resource]:
    query = select(resources.c.id, resources.c.youtube_id)
    return {
        row_id: Resource(Kind.PLAYLIST, id_)
        for batch in in_batches(sorted(row_ids))
        for row_id, id_ in connection.execute(query.where(one_of(resources.c.id, batch)))
    }
