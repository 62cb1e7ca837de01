"""Groups of playlists that share most of their videos: stored, and updated where members changed.

A row a playlist, whatever the size of its group: that of n playlists with the same videos takes n rows, not n²/2. Two
similar playlists are always in one group. A group may hold playlists that are not similar, to any other or any more:
who needs pairs compares within it.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy import Connection, delete, func, select, update

from linkwatch.models.resource import Kind, Resource
from linkwatch.store.database import in_batches, insert_many
from linkwatch.store.dialects import one_of
from linkwatch.store.playlists import IS_DISTINCT
from linkwatch.store.tables import memberships, overlaps, resources
from linkwatch.verdict.similarity import FEWEST, similar_pairs

AT_ONCE = 300
"""Playlists compared at a time: with 50 videos each, 15,000 videos and their playlists are in memory."""


class _DisjointSets:
    """Row ids in disjoint sets (union-find)."""

    def __init__(self) -> None:
        self._parents: dict[int, int] = {}

    def find(self, row_id: int) -> int:
        """The smallest number of its set."""
        root = row_id
        while (parent := self._parents.get(root, root)) != root:
            root = parent
        while row_id != root:
            self._parents[row_id], row_id = root, self._parents[row_id]
        return root

    def join(self, first: int, second: int) -> None:
        lesser, greater = sorted((self.find(first), self.find(second)))
        self._parents[lesser] = self._parents[greater] = lesser

    def sets(self) -> list[list[int]]:
        """Those that something was joined to."""
        by_root = defaultdict(list)
        for row_id in sorted(self._parents):
            by_root[self.find(row_id)].append(row_id)
        return list(by_root.values())


def update_overlaps(connection: Connection, changed: Iterable[int]) -> None:
    """Compare some playlists with all others.

    Args:
        connection: A transaction that writes.
        changed: Row ids of the playlists whose members changed.
    """
    in_order = sorted(set(changed))
    for batch in in_batches(in_order):
        connection.execute(delete(overlaps).where(one_of(overlaps.c.resource_id, batch)))
    sizes: Counter[int] = Counter()
    for batch in in_batches(in_order, AT_ONCE):
        _update_batch(connection, batch, sizes)


def _update_batch(connection: Connection, changed: Sequence[int], sizes: Counter[int]) -> None:
    """The sizes that had to be counted are kept for the next batches."""
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
    possible = {playlist for playlist, count in shared.items() if count >= FEWEST}
    _count_videos(connection, possible - sizes.keys(), sizes)
    stored = _load_group_ids(connection, possible)
    groups = _DisjointSets()
    firsts: dict[int, int] = {}
    for playlist, group in stored.items():
        groups.join(playlist, firsts.setdefault(group, playlist))
    for pair in similar_pairs(
        videos, containing, sizes, lambda first, second: groups.find(first) == groups.find(second)
    ):
        groups.join(pair.first, pair.second)
    _save(connection, groups.sets(), stored)


def _save(connection: Connection, groups: Iterable[Sequence[int]], stored: Mapping[int, int]) -> None:
    rows = []
    for playlists in groups:
        labels = sorted({stored[playlist] for playlist in playlists if playlist in stored})
        label = labels[0] if labels else playlists[0]
        for batch in in_batches(labels[1:]):
            joined = one_of(overlaps.c.group_id, batch)
            connection.execute(update(overlaps).where(joined).values(group_id=label))
        rows += [(playlist, label) for playlist in playlists if playlist not in stored]
    insert_many(connection, overlaps, ("resource_id", "group_id"), rows)


def load_overlapping(connection: Connection, listed: Collection[Resource]) -> list[Mapping[Resource, tuple[str, ...]]]:
    """The groups of which two or more playlists are among these, each with the distinct videos of these."""
    query = select(overlaps.c.group_id, overlaps.c.resource_id, resources.c.youtube_id).join(resources)
    groups: dict[int, dict[int, Resource]] = defaultdict(dict)
    for group, row_id, id_ in connection.execute(query.order_by(overlaps.c.group_id, overlaps.c.resource_id)):
        if (playlist := Resource(Kind.PLAYLIST, id_)) in listed:
            groups[group][row_id] = playlist
    playlists = {row_id: playlist for group in groups.values() if len(group) > 1 for row_id, playlist in group.items()}
    videos = _load_videos(connection, playlists)
    return [
        {playlist: tuple(videos.get(row_id, ())) for row_id, playlist in group.items()}
        for group in groups.values()
        if len(group) > 1
    ]


def _load_videos(connection: Connection, row_ids: Iterable[int]) -> Mapping[int, list[str]]:
    videos: dict[int, list[str]] = defaultdict(list)
    same: dict[str, str] = {}
    query = select(memberships.c.resource_id, memberships.c.video_id).where(IS_DISTINCT)
    for batch in in_batches(sorted(row_ids)):
        for row_id, video in connection.execute(query.where(one_of(memberships.c.resource_id, batch))):
            videos[row_id].append(same.setdefault(video, video))
    return videos


def _load_group_ids(connection: Connection, row_ids: Iterable[int]) -> dict[int, int]:
    query = select(overlaps.c.resource_id, overlaps.c.group_id)
    return {
        row_id: group
        for batch in in_batches(sorted(row_ids))
        for row_id, group in connection.execute(query.where(one_of(overlaps.c.resource_id, batch)))
    }


def _count_videos(connection: Connection, uncounted: Iterable[int], sizes: Counter[int]) -> None:
    query = select(memberships.c.resource_id, func.count()).where(IS_DISTINCT).group_by(memberships.c.resource_id)
    for batch in in_batches(sorted(uncounted)):
        sizes |= dict(connection.execute(query.where(one_of(memberships.c.resource_id, batch))).all())
