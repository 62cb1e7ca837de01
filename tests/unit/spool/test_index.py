from collections.abc import Sequence

import pytest

from linkwatch.errors import StoreError
from linkwatch.spool import SpooledIndex, SpooledMapping

NAMES = [("b", "x"), ("a", "x"), ("b", "x"), ("c", "ü"), ("a", "x"), ("b", "x"), ("a", "y")]
Key = tuple[str, str]


def positions_of(names: Sequence[Key]) -> SpooledIndex[Key]:
    places = ((kind, id_, at) for at, (kind, id_) in enumerate(names))
    return SpooledIndex(places, lambda kind, id_: (kind, id_), lambda key: key)


def test_keys_come_in_order_of_first_appearance_with_all_their_positions() -> None:
    found = positions_of(NAMES)
    expected = {("b", "x"): [0, 2, 5], ("a", "x"): [1, 4], ("c", "ü"): [3], ("a", "y"): [6]}
    assert list(found) == list(expected)
    assert list(found.items()) == list(expected.items())
    assert {key: found[key] for key in expected} == expected
    assert [found.number_of(key) for key in expected] == [0, 1, 2, 3]
    assert len(found) == len(found.items()) == 4


def test_those_of_a_kind_come_in_order_with_their_first_positions() -> None:
    found = positions_of(NAMES)
    assert found.of_kind("a") == [("x", 1), ("y", 6)]
    assert found.of_kind("b") == [("x", 0)]
    assert found.of_kind("d") == []


def test_what_is_not_there_is_not_there() -> None:
    found = positions_of(NAMES)
    assert ("b", "y") not in found
    assert ("a", "y") in found
    with pytest.raises(KeyError):
        found[("", "")]
    with pytest.raises(KeyError):
        found.number_of(("x", "b"))


def test_there_may_be_none_and_there_may_be_thousands() -> None:
    assert list(positions_of([])) == []
    many = [("kind", f"{number:05d}") for number in range(2_500)]
    found = positions_of([*many, *many[::-1]])
    assert list(found) == many
    assert found[many[7]] == [7, 4_992]


def test_entries_are_found_by_their_keys_in_any_order() -> None:
    keys = positions_of(NAMES)
    entries = [(key, number) for number, key in enumerate(keys)]
    found = SpooledMapping(keys, entries, lambda entry: entry[0])
    assert list(found.values()) == entries
    assert [found[key] for key in reversed(list(keys))] == entries[::-1]
    assert found[("a", "x")] == found[("a", "x")] == (("a", "x"), 1)
    assert (found.get(("z", "z")), len(found), list(found.in_order())) == (None, 4, entries)


def test_a_disk_that_is_full_is_told_in_words() -> None:
    found = positions_of(NAMES)
    found._connection.set_progress_handler(lambda: 1, 1)  # SQLite gives up, as on a full disk
    with pytest.raises(StoreError, match="what a long list needs beside the memory"):
        list(found)
