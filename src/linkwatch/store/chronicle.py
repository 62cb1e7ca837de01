"""What happened over time: the events since a moment, when what is so began, and which checks there were."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, func, select

from linkwatch.catalogue.resource import Kind, Resource
from linkwatch.plan.due import Asked
from linkwatch.sources.listed import ListedLink
from linkwatch.store.remembered import StoredEvent
from linkwatch.store.tables import events, links, lists, resources, runs, spans, to_millis, to_time
from linkwatch.verdict.events import Event, EventKind


def events_since(connection: Connection, since: datetime) -> dict[Resource, list[StoredEvent]]:
    """What happened to all resources from a moment on; oldest first."""
    query = (
        select(events, resources.c.kind.label("of"), resources.c.youtube_id)
        .join(resources, events.c.resource_id == resources.c.id)
        .where(events.c.at >= to_millis(since))
        .order_by(events.c.at, events.c.id)
    )
    found: dict[Resource, list[StoredEvent]] = defaultdict(list)
    for row in connection.execute(query):
        resource, event = Resource(Kind(row.of), row.youtube_id), Event(EventKind(row.kind), row.before, row.after)
        found[resource].append(StoredEvent(resource, event, to_time(row.at), row.run_id))
    return dict(found)


def present_since(connection: Connection, resource: Resource) -> dict[str, datetime]:
    """When a check found what is true now, by attribute; what never was otherwise is left out."""
    query = (
        select(spans.c.attribute, func.max(spans.c.superseded_at))
        .join(resources, spans.c.resource_id == resources.c.id)
        .where(resources.c.kind == resource.kind, resources.c.youtube_id == resource.id)
        .group_by(spans.c.attribute)
    )
    return {attribute: to_time(at) for attribute, at in connection.execute(query)}


def checks_of(connection: Connection, files: Collection[str], until: datetime, limit: int) -> list[datetime]:
    """When the last checks began that came to an end and read one of these lists; those of suspects alone aside.

    Args:
        connection: A transaction that reads.
        files: The lists; none: any.
        until: The last of the checks began by then.
        limit: How many at most.

    Returns:
        Their times, oldest first.
    """
    query = (
        select(runs.c.started_at, runs.c.scope)
        .where(runs.c.finished_at.is_not(None), runs.c.started_at <= to_millis(until))
        .where(runs.c.asked != Asked.DOUBTFUL)
        .order_by(runs.c.id.desc())
    )
    times: list[datetime] = []
    for started_at, scope in connection.execute(query):
        if len(times) == limit:
            break
        if not files or not set(files).isdisjoint(scope.split("\n")):
            times.append(to_time(started_at))
    return sorted(times)


def first_checks(connection: Connection) -> dict[str, datetime]:
    """When the first check of each list began."""
    query = select(runs.c.scope, func.min(runs.c.started_at)).group_by(runs.c.scope)
    first: dict[str, datetime] = {}
    for scope, started_at in connection.execute(query):
        for file in scope.split("\n"):
            first[file] = min(to_time(started_at), first.get(file, to_time(started_at)))
    return first


def entries_of(connection: Connection, files: Collection[str]) -> dict[Resource, list[ListedLink]]:
    """What these lists named when they were last checked, and where."""
    query = (
        select(links, lists.c.file, resources.c.kind, resources.c.youtube_id)
        .join(lists, links.c.list_id == lists.c.id)
        .join(resources, links.c.resource_id == resources.c.id)
        .order_by(lists.c.file, links.c.line, links.c.column)
    )
    found: dict[Resource, list[ListedLink]] = defaultdict(list)
    for row in connection.execute(query):
        if row.file in files:
            link = ListedLink(row.url, row.file, row.line, row.column, row.label, row.section, row.owner)
            found[Resource(Kind(row.kind), row.youtube_id)].append(link)
    return dict(found)


def unlisted_since(connection: Connection, since: datetime, files: Collection[str]) -> list[Resource]:
    """What was answered about from a moment on, and stands in no list any more.

    Args:
        connection: A transaction that reads.
        since: The moment.
        files: The lists that are meant. It is not remembered which of them a resource stood in: when there are
            others, nothing can be told.
    """
    if not set(connection.execute(select(lists.c.file)).scalars()) <= set(files):
        return []
    query = (
        select(resources.c.kind, resources.c.youtube_id)
        .where(resources.c.last_checked_at >= to_millis(since))
        .where(~select(links.c.id).where(links.c.resource_id == resources.c.id).exists())
        .order_by(resources.c.kind, resources.c.youtube_id)
    )
    return [Resource(Kind(kind), id_) for kind, id_ in connection.execute(query)]
