"""What was: events, and the values that were true before."""

from sqlalchemy import ColumnElement, Connection, func, select

from linkwatch.catalogue.resource import Kind, Resource
from linkwatch.store.remembered import Span, StoredEvent
from linkwatch.store.tables import events, resources, spans, to_time
from linkwatch.verdict.events import Event, EventKind


def last_events(connection: Connection) -> dict[tuple[Resource, EventKind], StoredEvent]:
    """The last event of each kind, of every resource."""
    last = select(func.max(events.c.id)).group_by(events.c.resource_id, events.c.kind)
    return {(stored.resource, stored.event.kind): stored for stored in _events(connection, events.c.id.in_(last))}


def events_of(connection: Connection, resource: Resource) -> list[StoredEvent]:
    """All that happened to one resource, oldest first."""
    return _events(connection, resources.c.kind == resource.kind, resources.c.youtube_id == resource.id)


def _events(connection: Connection, *conditions: ColumnElement[bool]) -> list[StoredEvent]:
    query = (
        select(events, resources.c.kind.label("resource_kind"), resources.c.youtube_id)
        .join(resources, events.c.resource_id == resources.c.id)
        .where(*conditions)
        .order_by(events.c.at, events.c.id)
    )
    return [
        StoredEvent(
            Resource(Kind(row.resource_kind), row.youtube_id),
            Event(EventKind(row.kind), row.before, row.after),
            to_time(row.at),
            row.run_id,
        )
        for row in connection.execute(query)
    ]


def spans_of(connection: Connection, resource: Resource) -> list[Span]:
    """The values of one resource that were superseded, oldest first."""
    query = (
        select(spans)
        .join(resources, spans.c.resource_id == resources.c.id)
        .where(resources.c.kind == resource.kind, resources.c.youtube_id == resource.id)
        .order_by(spans.c.id)
    )
    return [
        Span(row.attribute, row.value, to_time(row.first_seen_at), to_time(row.last_seen_at))
        for row in connection.execute(query)
    ]
