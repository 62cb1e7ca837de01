"""What is known of all that some lists name: in memory, and for long lists in a temporary file, in their order."""

from collections.abc import Iterable, Iterator, Mapping

import msgspec
from sqlalchemy import Connection

from linkwatch.catalogue.resource import Resource
from linkwatch.observation import Known
from linkwatch.spooling import Aligned, Positions, spooled
from linkwatch.store.database import in_batches
from linkwatch.store.memory import recall


class _Entry(msgspec.Struct, frozen=True, gc=False):
    resource: Resource
    known: Known | None


class Recollection(Mapping[Resource, Known]):
    """What is known, by resource; what no check has met is left out.

    Args:
        entries: Of all resources that are listed.
    """

    def __init__(self, entries: Aligned[Resource, _Entry]) -> None:
        self._entries = entries

    def __getitem__(self, resource: Resource) -> Known:
        known = self._entries[resource].known
        if known is None:
            raise KeyError(resource)
        return known

    def __iter__(self) -> Iterator[Resource]:
        return (entry.resource for entry in self._entries.in_order() if entry.known is not None)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __bool__(self) -> bool:
        return any(True for _ in self)


def known_of(
    connection: Connection, listed: Mapping[Resource, object], judged: Mapping[Resource, Known]
) -> Mapping[Resource, Known]:
    """What is known of these.

    Args:
        connection: A transaction that reads.
        listed: The resources.
        judged: What was just read or written of some of them, and need not be read again.
    """
    if isinstance(listed, Positions):
        entries = spooled(_entries(connection, listed), _Entry)
        return Recollection(Aligned(listed, entries, lambda entry: entry.resource))
    unread = listed.keys() - judged.keys()
    if not unread:
        return judged
    return {**judged, **{resource: recalled.known for resource, recalled in recall(connection, unread).items()}}


def _entries(connection: Connection, listed: Iterable[Resource]) -> Iterator[_Entry]:
    for some in in_batches(listed):
        recalled = recall(connection, some)
        for resource in some:
            yield _Entry(resource, recalled[resource].known if resource in recalled else None)
