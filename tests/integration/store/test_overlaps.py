from collections.abc import Mapping
from itertools import combinations
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from integration.store.checks import CHANNEL, DAY, NOW
from integration.store.inspections import AVAILABLE, COURSE, OTHER, THIRD, listing, look, playlist

from linkwatch.models.records import StoredOverlap
from linkwatch.models.resource import Resource
from linkwatch.store import overlaps
from linkwatch.store.database import Database
from linkwatch.store.overlaps import load_overlaps, update_overlaps
from linkwatch.store.resources import load_row_ids
from linkwatch.store.schema import open_database
from linkwatch.verdict.similarity import FEWEST, SHARE


@pytest.fixture(autouse=True)
def two_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that pairs lie across batches here too."""
    monkeypatch.setattr(overlaps, "AT_ONCE", 2)


def filled(database: Database, contents: Mapping[Resource, str], day: int = 0) -> None:
    """Look into these, and renew the overlaps of them all."""
    everything_lives = dict.fromkeys("abcdefghijklmnopqrstuvwxyz", AVAILABLE)
    look(database, NOW + day * DAY, {each: listing(videos) for each, videos in contents.items()}, everything_lives)
    with database.write() as connection:
        update_overlaps(connection, load_row_ids(connection, contents).values())


def shared(database: Database, *of: Resource) -> list[StoredOverlap]:
    with database.read() as connection:
        return load_overlaps(connection, of)


def by_brute_force(contents: Mapping[Resource, str]) -> list[StoredOverlap]:
    pairs = []
    for first, second in combinations(sorted(contents), 2):
        one, other = set(contents[first]), set(contents[second])
        if len(one & other) >= max(FEWEST, SHARE * max(len(one), len(other))):
            pairs.append(StoredOverlap(first, second, len(one & other)))
    return pairs


def test_two_that_share_most_of_their_videos_are_a_pair(database: Database) -> None:
    filled(database, {COURSE: "abcde", OTHER: "abcxy", THIRD: "abuvw"})
    assert shared(database, COURSE, OTHER, THIRD) == [StoredOverlap(COURSE, OTHER, 3)]
    assert shared(database, OTHER) == [StoredOverlap(COURSE, OTHER, 3)]
    assert shared(database, THIRD, CHANNEL) == []
    assert shared(database) == []


def test_a_video_that_is_in_it_twice_counts_once(database: Database) -> None:
    filled(database, {COURSE: "aaabb", OTHER: "aaabb", THIRD: "abcabc", playlist(4): "abc"})
    assert shared(database, COURSE, THIRD) == [StoredOverlap(THIRD, playlist(4), 3)]


def test_what_left_is_shared_no_more(database: Database) -> None:
    filled(database, {COURSE: "abcd", OTHER: "abcd", THIRD: "abcd"})
    filled(database, {OTHER: "ab"}, day=1)
    assert shared(database, COURSE, OTHER, THIRD) == [StoredOverlap(COURSE, THIRD, 4)]


def test_pairs_of_those_that_did_not_change_stay(database: Database) -> None:
    filled(database, {COURSE: "abc", OTHER: "abc", THIRD: "abc", playlist(3): "abc"})
    filled(database, {playlist(3): "abcd"}, day=1)
    assert [pair.shared for pair in shared(database, COURSE)] == [3, 3, 3]
    assert len(shared(database, COURSE, OTHER, THIRD, playlist(3))) == 6


def test_every_pair_across_batches_is_found_once(database: Database) -> None:
    contents = {playlist(number): "abcd" for number in range(7)}
    filled(database, contents)
    assert shared(database, *contents) == by_brute_force(contents)
    assert len(shared(database, *contents)) == 21


def test_to_renew_again_changes_nothing(database: Database) -> None:
    contents = {playlist(number): "abcdefgh"[number : number + 5] for number in range(4)}
    filled(database, contents)
    before = shared(database, *contents)
    filled(database, contents, day=1)
    filled(database, {}, day=2)
    assert shared(database, *contents) == before != []


libraries = st.dictionaries(st.integers(0, 8).map(playlist), st.text("abcdefgh", max_size=8), min_size=1, max_size=8)


@settings(max_examples=15)
@given(libraries, libraries)
def test_what_is_renewed_is_what_a_comparison_of_all_pairs_finds(
    first: dict[Resource, str], then: dict[Resource, str]
) -> None:
    with TemporaryDirectory() as folder, open_database(f"sqlite:///{folder}/linkwatch.db") as database:
        filled(database, first)
        filled(database, then, day=1)
        now = first | then
        assert shared(database, *now) == sorted_by_row(database, by_brute_force(now))


def sorted_by_row(database: Database, pairs: list[StoredOverlap]) -> list[StoredOverlap]:
    """As the store tells them: the playlist that was met first comes first."""
    with database.read() as connection:
        rows = load_row_ids(connection, [each for pair in pairs for each in (pair.first, pair.second)])
    found = []
    for pair in pairs:
        first, second = sorted((pair.first, pair.second), key=rows.__getitem__)
        found.append(StoredOverlap(first, second, pair.shared))
    return sorted(found, key=lambda pair: (rows[pair.first], rows[pair.second]))
