from collections.abc import Sequence

import pytest

from linkwatch.errors import StoreError
from linkwatch.spool import grouped_positions, items_by_key, positions_by_key, sequence
from linkwatch.spool.index import TEXT_PAIRS, SpooledIndex, SpooledMapping

NAMES = [("b", "x"), ("a", "x"), ("b", "x"), ("c", "ü"), ("a", "x"), ("b", "x"), ("a", "y")]
EXPECTED = {("b", "x"): [0, 2, 5], ("a", "x"): [1, 4], ("c", "ü"): [3], ("a", "y"): [6]}
Key = tuple[str, str]


def index_of(names: Sequence[Key]) -> SpooledIndex[Key]:
    return SpooledIndex(((name, at) for at, name in enumerate(names)), TEXT_PAIRS)


@pytest.mark.parametrize(("in_memory", "kind"), [(len(NAMES), dict), (len(NAMES) - 1, SpooledIndex), (1, SpooledIndex)])
def test_positions_leave_the_memory_when_they_are_too_many(
    in_memory: int, kind: type, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sequence, "IN_MEMORY", in_memory)
    found = positions_by_key(((name, at) for at, name in enumerate(NAMES)), TEXT_PAIRS)
    assert type(found) is kind
    assert list(found.items()) == list(EXPECTED.items())


@pytest.mark.parametrize(("in_memory", "kind"), [(4, dict), (3, SpooledMapping)])
@pytest.mark.parametrize("shared", [True, False], ids=["shared index", "own index"])
def test_items_are_found_by_their_keys_in_memory_or_not(
    in_memory: int, kind: type, shared: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sequence, "IN_MEMORY", in_memory)
    items = [(key, number) for number, key in enumerate(EXPECTED)]
    positions = positions_by_key(((key, at) for at, key in enumerate(EXPECTED)), TEXT_PAIRS) if shared else None
    found = items_by_key(items, lambda item: item[0], TEXT_PAIRS, positions=positions)
    assert type(found) is kind
    assert list(found.items()) == [((key), (key, number)) for number, key in enumerate(EXPECTED)]
    assert found.get(("z", "z")) is None


@pytest.mark.parametrize("in_memory", [100, 1], ids=["in memory", "in a database"])
def test_positions_are_grouped_by_the_first_text(in_memory: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sequence, "IN_MEMORY", in_memory)
    found = grouped_positions((first, second, at) for at, (first, second) in enumerate(NAMES))
    assert {first: list(found[first]) for first in found} == {
        "b": [("x", 0)],
        "a": [("x", 1), ("y", 6)],
        "c": [("ü", 3)],
    }
    assert (list(found), len(found), found.get("d", ())) == (["b", "a", "c"], 3, ())


def test_keys_come_in_order_of_first_appearance_with_all_their_positions() -> None:
    found = index_of(NAMES)
    assert list(found) == list(EXPECTED)
    assert list(found.items()) == list(EXPECTED.items())
    assert {key: found[key] for key in EXPECTED} == EXPECTED
    assert [found.number_of(key) for key in EXPECTED] == [0, 1, 2, 3]
    assert len(found) == len(found.items()) == 4


def test_what_is_not_there_is_not_there() -> None:
    found = index_of(NAMES)
    assert ("b", "y") not in found
    assert ("a", "y") in found
    with pytest.raises(KeyError):
        found[("", "")]
    with pytest.raises(KeyError):
        found.number_of(("x", "b"))


def test_there_may_be_none_and_there_may_be_thousands() -> None:
    assert list(index_of([])) == []
    many = [("kind", f"{number:05d}") for number in range(2_500)]
    found = index_of([*many, *many[::-1]])
    assert list(found) == many
    assert found[many[7]] == [7, 4_992]


def test_entries_are_found_by_their_keys_in_any_order() -> None:
    keys = index_of(NAMES)
    entries = [(key, number) for number, key in enumerate(keys)]
    found = SpooledMapping(keys, entries, lambda entry: entry[0])
    assert list(found.values()) == entries
    assert [found[key] for key in reversed(list(keys))] == entries[::-1]
    assert found[("a", "x")] == found[("a", "x")] == (("a", "x"), 1)
    assert (found.get(("z", "z")), len(found), list(found)) == (None, 4, list(keys))


def test_a_disk_that_is_full_is_put_in_words() -> None:
    found = index_of(NAMES)
    found._connection.set_progress_handler(lambda: 1, 1)  # SQLite gives up, as on a full disk
    with pytest.raises(StoreError, match="what a long list needs beside the memory"):
        list(found)
