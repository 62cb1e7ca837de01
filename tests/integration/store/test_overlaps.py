from collections.abc import Mapping
from itertools import combinations
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from integration.store.checks import CHANNEL, DAY, NOW
from integration.store.inspections import AVAILABLE, COURSE, OTHER, THIRD, listing, look, playlist
from sqlalchemy import func, select

from linkwatch.models.resource import Resource
from linkwatch.store import overlaps, tables
from linkwatch.store.database import Database
from linkwatch.store.overlaps import load_overlapping, update_overlaps
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


def groups(database: Database, *of: Resource) -> list[Mapping[Resource, tuple[str, ...]]]:
    with database.read() as connection:
        return load_overlapping(connection, of)


def grouped(database: Database, *of: Resource) -> list[set[Resource]]:
    return [set(group) for group in groups(database, *of)]


def row_count(database: Database) -> int:
    with database.read() as connection:
        return connection.execute(select(func.count()).select_from(tables.overlaps)).scalar_one()


def by_brute_force(contents: Mapping[Resource, str]) -> list[tuple[Resource, Resource]]:
    pairs = []
    for first, second in combinations(sorted(contents), 2):
        one, other = set(contents[first]), set(contents[second])
        if len(one & other) >= max(FEWEST, SHARE * max(len(one), len(other))):
            pairs.append((first, second))
    return pairs


def test_two_that_share_most_of_their_videos_are_a_group(database: Database) -> None:
    filled(database, {COURSE: "abcde", OTHER: "abcxy", THIRD: "abuvw"})
    (group,) = groups(database, COURSE, OTHER, THIRD)
    assert {each: "".join(sorted(videos)) for each, videos in group.items()} == {COURSE: "abcde", OTHER: "abcxy"}
    assert groups(database, OTHER) == []
    assert groups(database, THIRD, CHANNEL) == []
    assert groups(database) == []


def test_a_video_that_is_in_it_twice_counts_once(database: Database) -> None:
    filled(database, {COURSE: "aaabb", OTHER: "aaabb", THIRD: "abcabc", playlist(4): "abc"})
    assert grouped(database, COURSE, OTHER, THIRD, playlist(4)) == [{THIRD, playlist(4)}]


def test_who_left_a_group_is_in_it_no_more_and_the_others_are(database: Database) -> None:
    filled(database, {COURSE: "abcd", OTHER: "abcd", THIRD: "abcd"})
    filled(database, {COURSE: "ab"}, day=1)
    assert grouped(database, COURSE, OTHER, THIRD) == [{OTHER, THIRD}]


def test_groups_of_those_that_did_not_change_stay(database: Database) -> None:
    filled(database, {COURSE: "abc", OTHER: "abc", THIRD: "uvw", playlist(3): "uvw"})
    filled(database, {playlist(3): "uvwx"}, day=1)
    assert grouped(database, COURSE, OTHER, THIRD, playlist(3)) == [{COURSE, OTHER}, {THIRD, playlist(3)}]


def test_one_that_is_similar_to_two_groups_joins_them(database: Database) -> None:
    contents = {COURSE: "abcde", OTHER: "abcde", THIRD: "cdefg", playlist(3): "defgh", playlist(4): "klm"}
    filled(database, contents)
    assert grouped(database, *contents) == [{COURSE, OTHER, THIRD, playlist(3)}]
    filled(database, {playlist(5): "klm"}, day=1)
    filled(database, {THIRD: "klm"}, day=2)
    assert {THIRD, playlist(4), playlist(5)} in grouped(database, *contents, playlist(5))


def test_a_group_takes_a_row_a_playlist(database: Database) -> None:
    contents = {playlist(number): "abcd" for number in range(7)}
    filled(database, contents)
    assert grouped(database, *contents) == [set(contents)]
    assert row_count(database) == 7


def test_to_renew_again_changes_nothing(database: Database) -> None:
    contents = {playlist(number): "abcdefgh"[number : number + 5] for number in range(4)}
    filled(database, contents)
    before = groups(database, *contents)
    filled(database, contents, day=1)
    filled(database, {}, day=2)
    assert groups(database, *contents) == before != []


libraries = st.dictionaries(st.integers(0, 8).map(playlist), st.text("abcdefgh", max_size=8), min_size=1, max_size=8)


@settings(max_examples=15)
@given(libraries, libraries)
def test_every_pair_that_a_comparison_of_all_finds_is_in_one_group(
    first: dict[Resource, str], then: dict[Resource, str]
) -> None:
    with TemporaryDirectory() as folder, open_database(f"sqlite:///{folder}/linkwatch.db") as database:
        filled(database, first)
        filled(database, then, day=1)
        now = first | then
        together = grouped(database, *now)
        assert all(any({*pair} <= group for group in together) for pair in by_brute_force(now))
        assert sum(map(len, together)) <= row_count(database) <= len(now), "each is in one group at most"
