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
        self._last = 0

    def __getitem__(self, key: K) -> E:
        # Mostly they are gone through in their order: then the next one is it, and nothing is to be looked up.
        for at in (self._last, self._last + 1):
            if at < len(self._entries) and self._key_of(entry := self._entries[at]) == key:
                self._last = at
                return entry
        self._last = at = self._keys.number_of(key)
        return self._entries[at]

    def __iter__(self) -> Iterator[K]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)

    def in_order(self) -> Sequence[E]:
        """All entries."""
        return self._entries
