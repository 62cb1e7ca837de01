"""When resources were last answered about, where they are too many, or too few among many, for `last_checks`."""

from collections.abc import Iterable, Iterator

from sqlalchemy import Connection, func, select

from linkwatch.catalogue.resource import Resource
from linkwatch.store.database import in_batches
from linkwatch.store.memory import rows_of
from linkwatch.store.tables import resources


def most_met(connection: Connection) -> int:
    """How many resources there may be at most, of whatever lists: told at once, where counting would read them all."""
    return connection.execute(select(func.max(resources.c.id))).scalar() or 0


def dated(connection: Connection, wanted: Iterable[Resource]) -> Iterator[tuple[int, Resource]]:
    """Each of these, and before it when it was last answered about, in milliseconds since 1970; -1: never.

    Nothing is held in memory; for a short list in a small store `last_checks` is several times as fast.
    """
    columns = (resources.c.last_checked_at, resources.c.youtube_id)
    for some in in_batches(wanted):
        found = {resource: row[0] for resource, row in rows_of(connection, some, columns) if row[0] is not None}
        yield from ((found.get(resource, -1), resource) for resource in some)
