"""Where keys appear in a long sequence, in a temporary database: SQLite sorts, finds and spills to the disk."""

from collections.abc import Callable, ItemsView, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any, TypeVar
from weakref import finalize

from linkwatch.spool.sequence import CHUNK, full

K = TypeVar("K")
E = TypeVar("E")


Name = tuple[str, str]
"""A key in two texts."""


_PREPARED = (
    "PRAGMA journal_mode = OFF",
    "PRAGMA synchronous = OFF",
    "PRAGMA cache_size = -8000",
    "CREATE TABLE places (kind TEXT, id TEXT, position INTEGER)",
)
_INDEXED = (
    "CREATE INDEX places_by_name ON places (kind, id, position)",
    "CREATE TABLE firsts (number INTEGER PRIMARY KEY, kind TEXT, id TEXT, position INTEGER, times INTEGER)",
    "INSERT INTO firsts (kind, id, position, times)"
    " SELECT kind, id, min(position), count(*) FROM places GROUP BY kind, id ORDER BY min(rowid)",
    "CREATE UNIQUE INDEX firsts_by_name ON firsts (kind, id)",
)


class SpooledIndex(Mapping[K, list[int]]):
    """For each key, in order of first appearance, its positions.

    Args:
        places: Names and their positions, in the order of these.
        key_of: What a name stands for.
        name_of: The name of a key.

    Raises:
        StoreError: The temporary folder can't take them.
    """

    def __init__(
        self, places: Iterable[tuple[str, str, int]], key_of: Callable[[str, str], K], name_of: Callable[[K], Name]
    ) -> None:
        import sqlite3  # noqa: PLC0415  # loaded when something is long, which is seldom

        self._key_of, self._name_of = key_of, name_of
        self._error = sqlite3.Error
        # Without a name it is SQLite's own temporary file, which goes with the connection.
        self._connection = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        finalize(self, self._connection.close)
        with self._in_words():
            for statement in _PREPARED:
                self._connection.execute(statement)
            self._connection.execute("BEGIN")
            source = iter(places)
            while some := list(islice(source, CHUNK)):
                self._connection.executemany("INSERT INTO places VALUES (?, ?, ?)", some)
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
        return [position] if times == 1 else self._all(*self._name_of(key))

    def __iter__(self) -> Iterator[K]:
        return (self._key_of(kind, id_) for kind, id_, _, _ in self._in_order())

    def __len__(self) -> int:
        return self._keys

    def items(self) -> ItemsView[K, list[int]]:
        """Keys and positions, read together."""
        return _Items(self)

    def pairs(self) -> Iterator[tuple[K, list[int]]]:
        """As `items`, which stands on it."""
        for kind, id_, position, times in self._in_order():
            yield self._key_of(kind, id_), [position] if times == 1 else self._all(kind, id_)

    def of_kind(self, kind: str) -> list[tuple[str, int]]:
        """The names whose first text this is: the second, and the first position, in their order."""
        return self._rows("SELECT id, position FROM firsts WHERE kind = ? ORDER BY number", kind)

    def _first(self, key: K) -> tuple[int, int, int]:
        query = "SELECT number, position, times FROM firsts WHERE kind = ? AND id = ?"
        rows = self._rows(query, *self._name_of(key))
        if not rows:
            raise KeyError(key)
        number, position, times = rows[0]
        return number, position, times

    def _all(self, kind: str, id_: str) -> list[int]:
        query = "SELECT position FROM places WHERE kind = ? AND id = ? ORDER BY position"
        return [position for (position,) in self._rows(query, kind, id_)]

    def _in_order(self) -> Iterator[tuple[str, str, int, int]]:
        query = "SELECT kind, id, position, times FROM firsts WHERE number > ? ORDER BY number LIMIT ?"
        for after in range(0, self._keys, CHUNK):
            yield from self._rows(query, after, CHUNK)

    def _rows(self, query: str, *values: object) -> list[Any]:
        with self._in_words():
            return self._connection.execute(query, values).fetchall()

    @contextmanager
    def _in_words(self) -> Iterator[None]:
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


class SpooledMapping(Mapping[K, E]):
    """A mapping of each key to its entry.

    Args:
        keys: All keys.
        entries: One for each, in their order.
        key_of: The key of an entry.
    """

    def __init__(self, keys: SpooledIndex[K], entries: Sequence[E], key_of: Callable[[E], K]) -> None:
        self._keys, self._entries, self._key_of = keys, entries, key_of
        self._next = 0

    def __getitem__(self, key: K) -> E:
        # Mostly they are gone through in their order: then the next one is it, and nothing is to be looked up.
        at = self._next
        if at == len(self._keys) or self._key_of(entry := self._entries[at]) != key:
            at = self._keys.number_of(key)
            entry = self._entries[at]
        self._next = at + 1
        return entry

    def __iter__(self) -> Iterator[K]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)

    def in_order(self) -> Sequence[E]:
        """All entries."""
        return self._entries
