"""Similar playlists: the same pairs as by comparing all, with few comparisons."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkwatch.verdict.similarity import FEWEST, SHARE, SimilarPair, similar_pairs


def holders_of(playlists: Mapping[int, Collection[str]]) -> dict[str, set[int]]:
    holders: dict[str, set[int]] = defaultdict(set)
    for row_id, videos in playlists.items():
        for video in videos:
            holders[video].add(row_id)
    return holders


def found(playlists: Mapping[int, Collection[str]], changed: Collection[int] | None = None) -> list[SimilarPair]:
    some = {row_id: playlists[row_id] for row_id in (playlists if changed is None else changed)}
    sizes = {row_id: len(videos) for row_id, videos in playlists.items()}
    return sorted(similar_pairs(some, holders_of(playlists), sizes), key=lambda pair: (pair.first, pair.second))


def by_brute_force(playlists: Mapping[int, Collection[str]], changed: Collection[int]) -> list[SimilarPair]:
    pairs = []
    for first, second in combinations(sorted(playlists), 2):
        one, other = set(playlists[first]), set(playlists[second])
        shared = len(one & other)
        if shared >= max(FEWEST, SHARE * max(len(one), len(other))) and {first, second} & set(changed):
            pairs.append(SimilarPair(first, second, shared))
    return pairs


@pytest.mark.parametrize(
    ("first", "second", "shared"),
    [
        ("abcde", "abcde", 5),
        ("abcde", "abcxy", 3),
        ("abcde", "abwxy", None),
        ("abcdefghij", "abcdef", 6),
        ("abcdefghij", "abcde", None),
        ("abc", "abc", 3),
        ("ab", "ab", None),
        ("abcdef", "abc", None),
        ("", "", None),
        ("abc", "", None),
    ],
)
def test_three_videos_and_three_fifths_of_the_larger_one_must_be_shared(
    first: str, second: str, shared: int | None
) -> None:
    assert found({1: set(first), 2: set(second)}) == ([] if shared is None else [SimilarPair(1, 2, shared)])


def test_only_pairs_of_which_one_changed_are_yielded_and_each_once() -> None:
    playlists = {number: set("abcde") for number in (1, 2, 3)}
    assert found(playlists) == [SimilarPair(1, 2, 5), SimilarPair(1, 3, 5), SimilarPair(2, 3, 5)]
    assert found(playlists, [2]) == [SimilarPair(1, 2, 5), SimilarPair(2, 3, 5)]
    assert found(playlists, [3, 1]) == found(playlists)
    assert found(playlists, []) == []


libraries = st.dictionaries(st.integers(1, 40), st.sets(st.sampled_from("abcdefghijkl"), max_size=9), max_size=12)


@settings(max_examples=3 * settings().max_examples)
@given(libraries, st.data())
def test_it_finds_the_same_pairs_as_a_comparison_of_all(playlists: dict[int, set[str]], data: st.DataObject) -> None:
    changed = data.draw(st.sets(st.sampled_from(sorted(playlists)))) if playlists else set()
    assert found(playlists, changed) == by_brute_force(playlists, changed)


class Counted(dict[int, int]):
    """Sizes that count how often somebody asks: once for each pair that is compared."""

    asked = 0

    def __getitem__(self, row_id: int) -> int:
        self.asked += 1
        return super().__getitem__(row_id)


def courses(number: int, lectures: int = 50) -> Iterator[tuple[int, list[str]]]:
    """Courses with nothing in common but a welcome video."""
    for course in range(number):
        yield course, ["welcome", *(f"{course}-{lecture}" for lecture in range(lectures))]


def test_playlists_that_share_a_welcome_video_only_are_never_compared() -> None:
    playlists = dict(courses(2_000))
    sizes = Counted({row_id: len(videos) for row_id, videos in playlists.items()})
    assert list(similar_pairs(playlists, holders_of(playlists), sizes)) == []
    assert sizes.asked == 0


def test_of_many_courses_only_the_two_similar_ones_are_compared() -> None:
    playlists = dict(courses(1_000))
    playlists[17] = [*playlists[4][:45], "1", "2", "3", "4", "5", "6"]
    sizes = Counted({row_id: len(videos) for row_id, videos in playlists.items()})
    assert list(similar_pairs(playlists, holders_of(playlists), sizes)) == [SimilarPair(4, 17, 45)]
    assert sizes.asked <= 2
