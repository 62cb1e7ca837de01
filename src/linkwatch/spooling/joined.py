"""Several sequences as one."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate, chain
from typing import TypeVar, overload

from linkwatch.spooling.sequence import is_long

T = TypeVar("T")


def joined(parts: Sequence[Sequence[T]]) -> Sequence[T]:
    """The items of all parts in their order; of very many they stay where they are."""
    if is_long(sum(map(len, parts))):
        return _Joined(parts)
    return [item for part in parts for item in part]


class _Joined(Sequence[T]):
    """A view."""

    def __init__(self, parts: Sequence[Sequence[T]]) -> None:
        self._parts = parts
        self._begins = list(accumulate(map(len, parts), initial=0))

    def __len__(self) -> int:
        return self._begins[-1]

    def __iter__(self) -> Iterator[T]:
        return chain.from_iterable(self._parts)

    @overload
    def __getitem__(self, at: int) -> T: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[T]: ...
    def __getitem__(self, at: int | slice) -> T | Sequence[T]:
        if isinstance(at, slice):
            return [self[each] for each in range(*at.indices(len(self)))]
        at = range(len(self))[at]
        part = bisect_right(self._begins, at) - 1
        return self._parts[part][at - self._begins[part]]
