"""Mappings that leave memory when they grow long: SQLite sorts, finds and spills to a temporary file."""

from collections.abc import Callable, ItemsView, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any, Generic, TypeVar
from weakref import finalize

from linkwatch.spool import sequence
from linkwatch.spool.sequence import CHUNK, full

K = TypeVar("K")
E = TypeVar("E")


@dataclass(frozen=True, slots=True)
class KeyCodec(Generic[K]):
    """How a key is written to a temporary database, as two texts, and read back."""

    encode: Callable[[K], tuple[str, str]]
    decode: Callable[[str, str], K]


TEXT_PAIRS: KeyCodec[tuple[str, str]] = KeyCodec(lambda pair: pair, lambda first, second: (first, second))


def positions_by_key(places: Iterable[tuple[K, int]], codec: KeyCodec[K]) -> Mapping[K, list[int]]:
    """The positions of each key, as a dictionary; of more than `IN_MEMORY` places, as a temporary database.

    Args:
        places: Keys and their positions, by ascending position; iterated once.
        codec: For the database.

    Returns:
        The keys in order of first appearance, each with its positions in ascending order.

    Raises:
        StoreError: The temporary folder can't take them.
    """
    source = iter(places)
    positions: dict[K, list[int]] = {}
    for key, at in islice(source, sequence.IN_MEMORY):
        if key in positions:
            positions[key].append(at)
        else:
            positions[key] = [at]  # and no `setdefault`: a list that begins empty takes half as much again
    following = next(source, None)
    if following is None:
        return positions
    before = ((key, at) for key, theirs in positions.items() for at in theirs)
    return SpooledIndex(chain(before, (following,), source), codec)


def items_by_key(
    items: Sequence[E],
    key_of: Callable[[E], K],
    codec: KeyCodec[K],
    *,
    positions: Mapping[K, list[int]] | None = None,
) -> Mapping[K, E]:
    """The items by their keys, as a dictionary or, of more than `IN_MEMORY` items, as a view of them.

    Args:
        items: One for each key.
        key_of: The key of an item.
        codec: As for `positions_by_key`.
        positions: A mapping by `positions_by_key` that has the same keys in the same order, if there is one:
            it saves an index of its own.

    Raises:
        StoreError: The temporary folder can't take the index.
    """
    if positions is None:
        positions = positions_by_key(((key_of(item), at) for at, item in enumerate(items)), codec)
    if isinstance(positions, SpooledIndex):
        return SpooledMapping(positions, items, key_of)
    return {key_of(item): item for item in items}


def grouped_positions(places: Iterable[tuple[str, str, int]]) -> Mapping[str, Sequence[tuple[str, int]]]:
    """The distinct second texts beside each first text, and where each of them first appears.

    Args:
        places: First text, second text and position, by ascending position; iterated once.

    Returns:
        A dictionary; of more than `IN_MEMORY` places, a temporary database.

    Raises:
        StoreError: The temporary folder can't take them.
    """
    positions = positions_by_key((((first, second), at) for first, second, at in places), TEXT_PAIRS)
    if isinstance(positions, SpooledIndex):
        return _SpooledGroups(positions)
    groups: dict[str, list[tuple[str, int]]] = {}
    for (first, second), theirs in positions.items():
        groups.setdefault(first, []).append((second, theirs[0]))
    return groups


_PREPARED = (
    "PRAGMA journal_mode = OFF",
    "PRAGMA synchronous = OFF",
    "PRAGMA cache_size = -8000",
    "CREATE TABLE places (first TEXT, second TEXT, position INTEGER)",
)
_INDEXED = (
    "CREATE INDEX places_by_key ON places (first, second, position)",
    "CREATE TABLE firsts (number INTEGER PRIMARY KEY, first TEXT, second TEXT, position INTEGER, times INTEGER)",
    "INSERT INTO firsts (first, second, position, times)"
    " SELECT first, second, min(position), count(*) FROM places GROUP BY first, second ORDER BY min(rowid)",
    "CREATE UNIQUE INDEX firsts_by_key ON firsts (first, second)",
)


class SpooledIndex(Mapping[K, list[int]]):
    """The positions of each key, in a temporary database; see `positions_by_key`."""

    def __init__(self, places: Iterable[tuple[K, int]], codec: KeyCodec[K]) -> None:
        import sqlite3  # noqa: PLC0415  # loaded when something is long, which is seldom

        self._codec = codec
        self._error = sqlite3.Error
        # Without a name it is SQLite's own temporary file, which goes with the connection.
        self._connection = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        finalize(self, self._connection.close)
        with self._reporting_errors():
            for statement in _PREPARED:
                self._connection.execute(statement)
            self._connection.execute("BEGIN")
            rows = ((*codec.encode(key), at) for key, at in places)
            while batch := list(islice(rows, CHUNK)):
                self._connection.executemany("INSERT INTO places VALUES (?, ?, ?)", batch)
            for statement in _INDEXED:
                self._connection.execute(statement)
            self._connection.execute("COMMIT")
        self._keys = int(self._rows("SELECT count(*) FROM firsts")[0][0])

    def number_of(self, key: K) -> int:
        """Which of the keys it is, from 0.

        Raises:
            KeyError: It is none of them.
        """
        return int(self._first(key)[0]) - 1

    def __getitem__(self, key: K) -> list[int]:
        _, position, times = self._first(key)
        return [position] if times == 1 else self._all(*self._codec.encode(key))

    def __iter__(self) -> Iterator[K]:
        return (self._codec.decode(first, second) for first, second, _, _ in self._in_order())

    def __len__(self) -> int:
        return self._keys

    def items(self) -> ItemsView[K, list[int]]:
        """Keys and positions, read together."""
        return _Items(self)

    def pairs(self) -> Iterator[tuple[K, list[int]]]:
        """As `items`, which stands on it."""
        for first, second, position, times in self._in_order():
            yield self._codec.decode(first, second), [position] if times == 1 else self._all(first, second)

    def group(self, first: str) -> list[tuple[str, int]]:
        """Of the keys with this first text, in their order, the second text and the first position."""
        return self._rows("SELECT second, position FROM firsts WHERE first = ? ORDER BY number", first)

    def groups(self) -> list[str]:
        """The distinct first texts, in order of first appearance."""
        rows = self._rows("SELECT first FROM firsts GROUP BY first ORDER BY min(number)")
        return [first for (first,) in rows]

    def _first(self, key: K) -> tuple[int, int, int]:
        query = "SELECT number, position, times FROM firsts WHERE first = ? AND second = ?"
        rows = self._rows(query, *self._codec.encode(key))
        if not rows:
            raise KeyError(key)
        number, position, times = rows[0]
        return number, position, times

    def _all(self, first: str, second: str) -> list[int]:
        query = "SELECT position FROM places WHERE first = ? AND second = ? ORDER BY position"
        return [position for (position,) in self._rows(query, first, second)]

    def _in_order(self) -> Iterator[tuple[str, str, int, int]]:
        query = "SELECT first, second, position, times FROM firsts WHERE number > ? ORDER BY number LIMIT ?"
        for after in range(0, self._keys, CHUNK):
            yield from self._rows(query, after, CHUNK)

    def _rows(self, query: str, *values: object) -> list[Any]:
        with self._reporting_errors():
            return self._connection.execute(query, values).fetchall()

    @contextmanager
    def _reporting_errors(self) -> Iterator[None]:
        try:
            yield
        except self._error as error:
            raise full(str(error)) from None


class _Items(ItemsView[K, list[int]]):
    def __init__(self, positions: SpooledIndex[K]) -> None:
        super().__init__(positions)
        self._positions = positions

    def __iter__(self) -> Iterator[tuple[K, list[int]]]:
        return self._positions.pairs()


class _SpooledGroups(Mapping[str, Sequence[tuple[str, int]]]):
    def __init__(self, positions: SpooledIndex[tuple[str, str]]) -> None:
        self._positions = positions

    def __getitem__(self, first: str) -> Sequence[tuple[str, int]]:
        group = self._positions.group(first)
        if not group:
            raise KeyError(first)
        return group

    def __iter__(self) -> Iterator[str]:
        return iter(self._positions.groups())

    def __len__(self) -> int:
        return len(self._positions.groups())


class SpooledMapping(Mapping[K, E]):
    """Items by their keys: a view of a sequence and an index; see `items_by_key`."""

    def __init__(self, index: SpooledIndex[K], items: Sequence[E], key_of: Callable[[E], K]) -> None:
        self._index, self._items, self._key_of = index, items, key_of
        self._next = 0

    def __getitem__(self, key: K) -> E:
        # Mostly they are looked up in their order: then the next item is the one, and the index is not asked.
        at = self._next
        if at == len(self._index) or self._key_of(item := self._items[at]) != key:
            at = self._index.number_of(key)
            item = self._items[at]
        self._next = at + 1
        return item

    def __iter__(self) -> Iterator[K]:
        return map(self._key_of, self._items)

    def __len__(self) -> int:
        return len(self._items)
