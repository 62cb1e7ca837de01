"""Sequences that move to a temporary file when they grow long."""

from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from heapq import merge
from itertools import accumulate, chain, islice, pairwise
from operator import eq
from threading import Lock
from typing import IO, Any, Generic, TypeVar, overload
from weakref import finalize

import msgspec

from linkwatch.errors import StoreError

T = TypeVar("T")


def concatenate(parts: Sequence[Sequence[T]]) -> Sequence[T]:
    """The items of all parts, in order: a list; of more than `IN_MEMORY` items a view of the parts."""
    if sum(map(len, parts)) > IN_MEMORY:
        return _Concatenation(parts)
    return [item for part in parts for item in part]


class _Concatenation(Sequence[T]):
    def __init__(self, parts: Sequence[Sequence[T]]) -> None:
        self._parts = parts
        self._starts = list(accumulate(map(len, parts), initial=0))

    def __len__(self) -> int:
        return self._starts[-1]

    def __iter__(self) -> Iterator[T]:
        return chain.from_iterable(self._parts)

    @overload
    def __getitem__(self, at: int) -> T: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[T]: ...
    def __getitem__(self, at: int | slice) -> T | Sequence[T]:
        if isinstance(at, slice):
            return [self[index] for index in range(*at.indices(len(self)))]
        at = range(len(self))[at]
        part = bisect_right(self._starts, at) - 1
        return self._parts[part][at - self._starts[part]]


def temporary_file() -> IO[bytes]:
    """A file without a name, which ends when it is closed.

    Raises:
        StoreError: The temporary folder takes no file.
    """
    from tempfile import TemporaryFile  # noqa: PLC0415  # loaded when something is long, which is seldom

    with reporting_os_errors():
        return TemporaryFile(buffering=0)


@contextmanager
def reporting_os_errors() -> Iterator[None]:
    """Turn errors of the operating system into ours, with a remedy.

    Raises:
        StoreError: The temporary folder can't take what is written.
    """
    try:
        yield
    except OSError as error:
        raise full(error.strerror or str(error)) from None


def full(why: str) -> StoreError:
    """The error for a temporary folder that can't take what is written; `why` is the system's message."""
    return StoreError(
        f"what a long list needs beside the memory can't be kept in the temporary folder: {why}",
        remedy="Make room in /tmp and /var/tmp, or name another folder in the environment as TMPDIR.",
    )


IN_MEMORY = 100_000
"""Items up to which everything stays in memory: a check of so many resources takes some 200 MB."""

CHUNK = 1000
"""Items that are written and read back together."""

_RECENT = 8
"""Chunks kept in memory after random access."""


def spooled(items: Iterable[T], kind: Any, *, weight: int = 1) -> Sequence[T]:
    """The items as a tuple; beyond `IN_MEMORY` of them, as a sequence in a temporary file.

    Args:
        items: Iterated once.
        kind: Their type, which msgspec can encode and decode.
        weight: Values in each item; they count against `IN_MEMORY`.

    Raises:
        StoreError: The temporary folder can't take them.
    """
    source = iter(items)
    first = tuple(islice(source, IN_MEMORY // weight + 1))
    if len(first) * weight <= IN_MEMORY:
        return first
    spool: Spool[T] = Spool(kind)
    spool.extend(chain(first, source))
    return spool


def sorted_spool(items: Iterable[T], kind: Any, key: Callable[[T], Any], *, weight: int = 1) -> Sequence[T]:
    """The items, sorted by a key (stable), in memory or by an external merge sort; see `spooled`.

    Args:
        items: Iterated once.
        kind: As for `spooled`.
        key: The sort key of an item.
        weight: As for `spooled`.

    Raises:
        StoreError: The temporary folder can't take them.
    """
    unsorted = spooled(items, kind, weight=weight)
    if isinstance(unsorted, tuple):
        return tuple(sorted(unsorted, key=key))
    if all(before <= after for before, after in pairwise(map(key, unsorted))):
        return unsorted  # the usual case
    source = iter(unsorted)
    runs: list[Sequence[T]] = []
    while run := sorted(islice(source, IN_MEMORY // weight + 1), key=key):
        spool: Spool[T] = Spool(kind)
        spool.extend(run)
        runs.append(spool)
    return spooled(merge(*runs, key=key), kind, weight=weight)


class Spool(Sequence[T], Generic[T]):
    """A sequence that only grows. Full chunks are in a temporary file, the last items in memory.

    Args:
        kind: The type of the items, which msgspec can encode and decode.
    """

    def __init__(self, kind: Any) -> None:
        self._encode = msgspec.msgpack.Encoder().encode
        self._decode: Callable[[bytes], list[T]] = msgspec.msgpack.Decoder(list[kind]).decode
        self._tail: list[T] = []
        self._ends = array("Q", [0])
        self._written = 0
        self._file: Any = None
        self._lock = Lock()
        self._recent = lru_cache(_RECENT)(self._read)

    def append(self, item: T) -> None:
        """Add an item at the end.

        Raises:
            StoreError: The temporary folder can't take it.
        """
        self._tail.append(item)
        if len(self._tail) == CHUNK:
            self._write()

    def extend(self, items: Iterable[T]) -> None:
        """Add items at the end; see `append`."""
        source = iter(items)
        while batch := list(islice(source, CHUNK - len(self._tail))):
            self._tail += batch
            if len(self._tail) == CHUNK:
                self._write()

    def __len__(self) -> int:
        return self._written + len(self._tail)

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        return isinstance(other, Spool) and len(self) == len(other) and all(map(eq, self, other))

    __hash__ = None  # type: ignore[assignment]  # as other sequences that grow

    def __iter__(self) -> Iterator[T]:
        chunks = len(self._ends) - 1
        tail = tuple(self._tail)
        for number in range(chunks):
            yield from self._read(number)
        yield from tail

    @overload
    def __getitem__(self, at: int) -> T: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[T]: ...
    def __getitem__(self, at: int | slice) -> T | Sequence[T]:
        if isinstance(at, slice):
            return [self[index] for index in range(*at.indices(len(self)))]
        if at < 0:
            at += len(self)
            if at < 0:
                raise IndexError(at)
        if at >= self._written:
            return self._tail[at - self._written]
        number, place = divmod(at, CHUNK)
        return self._recent(number)[place]

    def _write(self) -> None:
        if self._file is None:
            self._file = temporary_file()
            finalize(self, self._file.close)
        with self._lock, reporting_os_errors():
            self._file.seek(self._ends[-1])
            written = self._file.write(self._encode(self._tail))
        self._ends.append(self._ends[-1] + written)
        self._written += len(self._tail)
        self._tail = []

    def _read(self, number: int) -> list[T]:
        begin, end = self._ends[number], self._ends[number + 1]
        with self._lock, reporting_os_errors():
            self._file.seek(begin)
            content = self._file.read(end - begin)
        return self._decode(content)
