import gc
import random
import tempfile
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from linkwatch.errors import StoreError
from linkwatch.spool import Spool, sequence, sorted_spool, spooled


class Thing(msgspec.Struct, frozen=True):
    number: int
    name: str | None = None


THINGS = [Thing(number, f"thing {number}" if number % 3 else None) for number in range(25)]


@pytest.fixture(autouse=True)
def little_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten items are many, and four are written at once."""
    monkeypatch.setattr(sequence, "IN_MEMORY", 10)
    monkeypatch.setattr(sequence, "CHUNK", 4)


def test_a_few_items_are_a_tuple_and_more_are_not() -> None:
    assert spooled(iter(THINGS[:10]), Thing) == tuple(THINGS[:10])
    assert isinstance(spooled(THINGS[:11], Thing), Spool)
    assert spooled((), Thing) == ()


def test_items_that_hold_several_values_count_for_as_many() -> None:
    assert spooled(THINGS[:2], Thing, weight=5) == tuple(THINGS[:2])
    assert isinstance(spooled(THINGS[:3], Thing, weight=5), Spool)


@pytest.mark.parametrize("length", [0, 1, 4, 8, 11, 12, 25])
def test_a_spool_is_the_sequence_of_what_was_put_in(length: int) -> None:
    spool: Spool[Thing] = Spool(Thing)
    spool.extend(THINGS[: length // 2])
    for thing in THINGS[length // 2 : length]:
        spool.append(thing)
    assert len(spool) == length
    assert bool(spool) is bool(length)
    assert list(spool) == THINGS[:length]
    assert [spool[at] for at in range(length)] == THINGS[:length]
    assert [spool[at - length] for at in range(length)] == THINGS[:length]
    assert list(spool[1:7:2]) == THINGS[:length][1:7:2]
    for beyond in (length, -length - 1):
        with pytest.raises(IndexError):
            spool[beyond]


def test_two_are_equal_that_hold_the_same() -> None:
    one, same, other = (spooled(things, Thing) for things in (THINGS, THINGS, [*THINGS[:-1], THINGS[0]]))
    assert one == same
    assert one != other
    assert one != tuple(THINGS)


def test_it_may_be_gone_through_several_times_at_once_and_grow_meanwhile() -> None:
    spool: Spool[Thing] = Spool(Thing)
    spool.extend(THINGS[:9])
    one, other = iter(spool), iter(spool)
    assert [next(one), next(one), next(other)] == [THINGS[0], THINGS[1], THINGS[0]]
    spool.extend(THINGS[9:])
    assert list(one) == THINGS[2:9]
    assert list(spool) == THINGS


@pytest.mark.parametrize("length", [3, 10, 11, 25])
def test_sorting_is_stable_however_many_there_are(length: int) -> None:
    shuffled = random.Random(length).sample(THINGS, length)  # noqa: S311  # an order, not a secret

    def key(thing: Thing) -> int:
        return thing.number % 4

    found = sorted_spool(iter(shuffled), Thing, key)
    assert list(found) == sorted(shuffled, key=key)
    assert isinstance(found, tuple) is (length <= 10)


def test_the_file_has_no_name_and_is_closed_with_its_spool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    spool: Spool[Thing] = Spool(Thing)
    spool.extend(THINGS)
    file = spool._file  # what it holds open
    assert list(tmp_path.iterdir()) == []
    assert not file.closed
    del spool
    gc.collect()
    assert file.closed


@pytest.mark.parametrize("fill", [lambda spool: spool.extend(THINGS), lambda spool: [spool.append(x) for x in THINGS]])
def test_a_folder_that_takes_nothing_is_put_in_words(
    fill: Callable[[Spool[Thing]], object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "missing"))
    with pytest.raises(StoreError, match="what a long list needs beside the memory") as caught:
        fill(Spool(Thing))
    assert "TMPDIR" in caught.value.remedy
