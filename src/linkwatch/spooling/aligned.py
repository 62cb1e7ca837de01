"""Entries of a long sequence, found by their keys."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeVar

from linkwatch.spooling.positions import Positions

K = TypeVar("K")
E = TypeVar("E")


class Aligned(Mapping[K, E]):
    """A mapping of each key to its entry.

    Args:
        keys: All keys.
        entries: One for each, in their order.
        key_of: The key of an entry.
    """

    def __init__(self, keys: Positions[K], entries: Sequence[E], key_of: Callable[[E], K]) -> None:
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
