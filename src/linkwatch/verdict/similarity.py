"""Playlists that share most of their videos, found without comparing all pairs.

Of n videos of which a similar playlist must hold a share t, it may lack at most n - ⌈t·n⌉: so it holds one of any
n - ⌈t·n⌉ + 1 of them. The playlists that hold one of the rarest such videos are few, and include every similar one (the
prefix filter of set similarity joins, Chaudhuri et al. 2006).
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import merge
from itertools import groupby
from math import ceil
from typing import Generic, TypeVar

P = TypeVar("P", bound=Hashable)

SHARE = 0.6
"""Part of the larger one's videos that two playlists must have in common to be similar."""

FEWEST = 3
"""Videos in common below which playlists are not similar: the same welcome video proves nothing."""


@dataclass(frozen=True, slots=True)
class SimilarPair:
    """Two playlists with many videos in common, by their row ids; the first is the smaller number."""

    first: int
    second: int
    shared: int
    """Distinct videos that both hold."""


@dataclass(frozen=True, slots=True)
class BetterPlaylist(Generic[P]):
    """A playlist, and the best one that shares most of its videos."""

    worse: P
    better: P
    shared: int
    """Distinct videos that both hold."""


def similar_pairs(
    changed: Mapping[int, Collection[str]],
    holders: Mapping[str, Collection[int]],
    sizes: Mapping[int, int],
    is_known: Callable[[int, int], bool] = lambda _first, _second: False,
) -> Iterator[SimilarPair]:
    """Yield each similar pair of which at least one has changed, once.

    Args:
        changed: The distinct videos of the playlists to compare, by row id.
        holders: Which playlists hold each of these videos, those playlists among them.
        sizes: How many distinct videos each of the holders has.
        is_known: Whether a pair need not be compared; asked again for each, after the pairs before it were yielded.
    """
    for first, videos in changed.items():
        for second in {holder for video in _prefix(videos, holders) for holder in holders[video]}:
            # A pair of which both have changed is found from the smaller number alone.
            if second == first or (second in changed and second < first) or is_known(first, second):
                continue
            shared = sum(second in holders[video] for video in videos)
            if _is_enough(shared, len(videos), sizes[second]):
                yield SimilarPair(min(first, second), max(first, second), shared)


def best_similar(ranked: Sequence[tuple[P, Collection[str]]], candidates: int) -> Iterator[BetterPlaylist[P]]:
    """Yield each playlist that is similar to a better one, with the best of these: n playlists give fewer than n.

    Args:
        ranked: Playlists with their distinct videos, the best first.
        candidates: How many of the first may be the better one.
    """
    sets = [frozenset(videos) for _, videos in ranked]
    holders: dict[str, list[int]] = defaultdict(list)
    for rank, videos in enumerate(sets):
        # The ranks of each video ascend, so the best comes first, and the first similar one ends the search.
        for better, _ in groupby(merge(*(holders.get(video, ()) for video in _prefix(videos, holders)))):
            shared = len(videos & sets[better])
            if _is_enough(shared, len(videos), len(sets[better])):
                yield BetterPlaylist(ranked[rank][0], ranked[better][0], shared)
                break
        if rank < candidates:
            for video in videos:
                holders[video].append(rank)


def _prefix(videos: Collection[str], holders: Mapping[str, Collection[int]]) -> list[str]:
    """The rarest of these videos, of which every similar playlist holds one."""
    rarest = sorted(videos, key=lambda video: (len(holders.get(video, ())), video))
    return rarest[: len(videos) - ceil(SHARE * len(videos)) + 1]


def _is_enough(shared: int, videos: int, videos_of_other: int) -> bool:
    return shared >= max(FEWEST, SHARE * max(videos, videos_of_other))
