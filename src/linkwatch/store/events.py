"""What was: events, and the values that were true before."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby

from sqlalchemy import ColumnElement, Connection, Row, func, or_, select

from linkwatch.models.events import Event, EventKind
from linkwatch.models.link import Link
from linkwatch.models.observation import ResourceRecord, State
from linkwatch.models.records import NO_HISTORY, CheckHistory, Coverage, Outage, Span, StoredEvent
from linkwatch.models.resource import Kind, Resource
from linkwatch.models.times import to_millis, to_time
from linkwatch.spool import KeyCodec, items_by_key, spooled
from linkwatch.store.database import BATCH
from linkwatch.store.tables import UNANSWERED, events, links, lists, resources, runs, spans

_MISSING = (State.SUSPECT, State.UNAVAILABLE)


def load_outages(connection: Connection) -> list[Outage]:
    """Every time in which something was missing and that is over, the last to end first."""
    of_state = spans.c.attribute == "state"
    was_missing = or_(*(spans.c.value.startswith(state) for state in _MISSING))
    query = (
        select(spans, resources.c.kind, resources.c.youtube_id, resources.c.title, resources.c.state)
        .join(resources, spans.c.resource_id == resources.c.id)
        .where(of_state, spans.c.resource_id.in_(select(spans.c.resource_id).where(of_state, was_missing)))
        .order_by(spans.c.resource_id, spans.c.id)
    )
    rows = connection.execute(query).all()
    found = [outage for _, theirs in groupby(rows, key=lambda row: row.resource_id) for outage in _of(list(theirs))]
    return sorted(found, key=lambda outage: (outage.ended_at, outage.resource), reverse=True)


def _of(rows: Sequence[Row[tuple[object, ...]]]) -> Iterator[Outage]:
    """The outages of one resource; spans that follow one another without a sight of it between them are one."""
    missing: list[Row[tuple[object, ...]]] = []
    for row, state in [*((row, State(row.value.split()[0])) for row in rows), (rows[-1], State(rows[-1].state))]:
        if state in _MISSING:
            missing.append(row)
        elif missing:
            yield _outage(missing)
            missing = []


def _outage(missing: Sequence[Row[tuple[object, ...]]]) -> Outage:
    first, last = missing[0], missing[-1]
    gone = any(row.value.startswith(State.UNAVAILABLE) for row in missing)
    return Outage(
        Resource(Kind(first.kind), first.youtube_id),
        first.title,
        State.UNAVAILABLE if gone else State.SUSPECT,
        to_time(first.first_seen_at),
        to_time(last.superseded_at),
    )


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


def load_change_times(connection: Connection, resource: Resource) -> dict[str, datetime]:
    """When a check found what is true now, by attribute; what never was otherwise is left out."""
    query = (
        select(spans.c.attribute, func.max(spans.c.superseded_at))
        .join(resources, spans.c.resource_id == resources.c.id)
        .where(resources.c.kind == resource.kind, resources.c.youtube_id == resource.id)
        .group_by(spans.c.attribute)
    )
    return {attribute: to_time(at) for attribute, at in connection.execute(query)}


def run_starts_reading(connection: Connection, files: Collection[str], until: datetime, limit: int) -> list[datetime]:
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
        .where(runs.c.asked != Coverage.DOUBTFUL)
        .order_by(runs.c.id.desc())
    )
    times: list[datetime] = []
    for started_at, scope in connection.execute(query):
        if len(times) == limit:
            break
        if not files or not set(files).isdisjoint(scope.split("\n")):
            times.append(to_time(started_at))
    return sorted(times)


def first_run_starts(connection: Connection) -> dict[str, datetime]:
    """When the first check of each list began."""
    query = select(runs.c.scope, func.min(runs.c.started_at)).group_by(runs.c.scope)
    first: dict[str, datetime] = {}
    for scope, started_at in connection.execute(query):
        for file in scope.split("\n"):
            first[file] = min(to_time(started_at), first.get(file, to_time(started_at)))
    return first


def load_links_by_resource(connection: Connection, files: Collection[str]) -> dict[Resource, list[Link]]:
    """What these lists named when they were last checked, and where."""
    query = (
        select(links, lists.c.file, resources.c.kind, resources.c.youtube_id)
        .join(lists, links.c.list_id == lists.c.id)
        .join(resources, links.c.resource_id == resources.c.id)
        .order_by(lists.c.file, links.c.line, links.c.column)
    )
    found: dict[Resource, list[Link]] = defaultdict(list)
    for row in connection.execute(query):
        if row.file in files:
            link = Link(row.url, row.file, row.line, row.column, row.label, row.section, row.owner)
            found[Resource(Kind(row.kind), row.youtube_id)].append(link)
    return dict(found)


def resources_unlisted_since(connection: Connection, since: datetime, files: Collection[str]) -> list[Resource]:
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


EventKey = tuple[Resource, EventKind]


_EVENT_KEYS: KeyCodec[EventKey] = KeyCodec(
    lambda key: (f"{key[0].kind} {key[1]}", key[0].id),
    lambda kinds, id_: (Resource(Kind(kinds.split()[0]), id_), EventKind(kinds.split()[1])),
)


def last_events(connection: Connection) -> Mapping[EventKey, StoredEvent]:
    """The last event of each kind, of every resource."""
    last = select(func.max(events.c.id)).group_by(events.c.resource_id, events.c.kind)
    found = spooled(_iter_events(connection, events.c.id.in_(last)), StoredEvent)
    return items_by_key(found, lambda stored: (stored.resource, stored.event.kind), _EVENT_KEYS)


def load_recent_events(connection: Connection, limit: int) -> list[StoredEvent]:
    """The last events of all resources, newest first."""
    last = select(events.c.id).order_by(events.c.id.desc()).limit(limit)
    return _events(connection, events.c.id.in_(last))[::-1]


def load_check_history(
    connection: Connection, times: Sequence[datetime], known: Mapping[Resource, ResourceRecord]
) -> CheckHistory:
    """The states of resources after each of some checks.

    Args:
        connection: A transaction that reads.
        times: When the checks began, oldest first.
        known: What is known of the resources now.
    """
    if not times:
        return NO_HISTORY
    states = _States(connection, times, known)
    return CheckHistory(tuple(times), states)


class _States(Mapping[Resource, tuple[State | None, ...]]):
    """The states after some checks, worked out when they are looked for."""

    def __init__(
        self, connection: Connection, times: Sequence[datetime], known: Mapping[Resource, ResourceRecord]
    ) -> None:
        self._times, self._known = times, known
        self._past = _past_states(connection, to_millis(times[0]))
        self._vain = _asked_in_vain(connection)
        self._steady = {state: (state,) * len(times) for state in State}

    def __getitem__(self, resource: Resource) -> tuple[State | None, ...]:
        now, ended = self._known[resource], self._past.get(resource, ())
        known_all_along = now.first_seen <= self._times[0] and now.state is not State.UNKNOWN
        if known_all_along and not ended and resource not in self._vain:
            return self._steady[now.state]  # nearly all of them: one value for all that stayed what they were
        return tuple(_state_at(time, now, ended, self._vain.get(resource)) for time in self._times)

    def __iter__(self) -> Iterator[Resource]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)


def _past_states(connection: Connection, since: int) -> dict[Resource, list[Span]]:
    """The spans of states, and those without answers, that ended after a time, oldest first."""
    query = (
        select(spans, resources.c.kind, resources.c.youtube_id)
        .join(resources, spans.c.resource_id == resources.c.id)
        .where(spans.c.attribute.in_(("state", UNANSWERED)), spans.c.superseded_at > since)
        .order_by(spans.c.id)
    )
    past: dict[Resource, list[Span]] = defaultdict(list)
    for row in connection.execute(query):
        span = Span(row.attribute, row.value, to_time(row.first_seen_at), to_time(row.superseded_at))
        past[Resource(Kind(row.kind), row.youtube_id)].append(span)
    return past


def _asked_in_vain(connection: Connection) -> dict[Resource, datetime]:
    """Since when these have been asked about in vain; all others had an answer when they were last asked about."""
    query = select(resources.c.kind, resources.c.youtube_id, resources.c.unanswered_at)
    rows = connection.execute(query.where(resources.c.unanswered_at.is_not(None)))
    return {Resource(Kind(kind), id_): to_time(since) for kind, id_, since in rows}


def _state_at(time: datetime, known: ResourceRecord, ended: Sequence[Span], vain: datetime | None) -> State | None:
    """The state after the check that began then; `last_seen` of the spans is when they were superseded."""
    if time < known.first_seen or any(
        span.attribute == UNANSWERED and span.first_seen < time < span.last_seen for span in ended
    ):
        return None
    if vain is not None and time >= vain:
        return None
    values = (span.value for span in ended if span.attribute == "state" and span.last_seen > time)
    value = next(values, None)
    # A span of an unavailable resource holds its reason too.
    state = known.state if value is None else State(value.split()[0])
    return None if state is State.UNKNOWN else state


def load_events(connection: Connection, resource: Resource) -> list[StoredEvent]:
    """All that happened to one resource, oldest first."""
    return _events(connection, resources.c.kind == resource.kind, resources.c.youtube_id == resource.id)


def _events(connection: Connection, *conditions: ColumnElement[bool]) -> list[StoredEvent]:
    return list(_iter_events(connection, *conditions))


def _iter_events(connection: Connection, *conditions: ColumnElement[bool]) -> Iterator[StoredEvent]:
    query = (
        select(events, resources.c.kind.label("resource_kind"), resources.c.youtube_id)
        .join(resources, events.c.resource_id == resources.c.id)
        .where(*conditions)
        .order_by(events.c.at, events.c.id)
    )
    for row in connection.execute(query, execution_options={"yield_per": BATCH}):
        yield StoredEvent(
            Resource(Kind(row.resource_kind), row.youtube_id),
            Event(EventKind(row.kind), row.before, row.after),
            to_time(row.at),
            row.run_id,
        )


def load_spans(connection: Connection, resource: Resource) -> list[Span]:
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
