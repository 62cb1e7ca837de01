"""Playlists that share most of their videos, found without comparing all pairs.

Of n videos of which a similar playlist must hold a share t, it may lack at most n - ⌈t·n⌉: so it holds one of any
n - ⌈t·n⌉ + 1 of them. The playlists that hold one of the rarest such videos are few, and include every similar one (the
prefix filter of set similarity joins, Chaudhuri et al. 2006).
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from math import ceil

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


def similar_pairs(
    changed: Mapping[int, Collection[str]], holders: Mapping[str, Collection[int]], sizes: Mapping[int, int]
) -> Iterator[SimilarPair]:
    """Yield each similar pair of which at least one has changed, once.

    Args:
        changed: The distinct videos of the playlists to compare, by row id.
        holders: Which playlists hold each of these videos, those playlists among them.
        sizes: How many distinct videos each of the holders has.
    """
    for first, videos in changed.items():
        rarest = sorted(videos, key=lambda video: (len(holders[video]), video))
        prefix = rarest[: len(videos) - ceil(SHARE * len(videos)) + 1]
        for second in {holder for video in prefix for holder in holders[video]}:
            # A pair of which both have changed is found from the smaller number alone.
            if second == first or (second in changed and second < first):
                continue
            shared = sum(second in holders[video] for video in videos)
            if shared >= max(FEWEST, SHARE * max(len(videos), sizes[second])):
                yield SimilarPair(min(first, second), max(first, second), shared)
