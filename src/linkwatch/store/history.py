"""What was: events, and the values that were true before."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, select

from linkwatch.catalogue.resource import Kind, Resource
from linkwatch.observation import Known, State
from linkwatch.spooling import is_long
from linkwatch.store.last_answers import most_met
from linkwatch.store.remembered import NO_CHECKS, ChecksSoFar, Span, StoredEvent
from linkwatch.store.tables import UNANSWERED, events, resources, spans, to_millis, to_time
from linkwatch.verdict.events import Event, EventKind

EventKey = tuple[Resource, EventKind]


def last_events(connection: Connection) -> dict[EventKey, StoredEvent]:
    """The last event of each kind, of every resource."""
    last = select(func.max(events.c.id)).group_by(events.c.resource_id, events.c.kind)
    return {(stored.resource, stored.event.kind): stored for stored in _events(connection, events.c.id.in_(last))}


def known_events(connection: Connection, since: datetime) -> Mapping[EventKey, StoredEvent]:
    """The last event of each kind, of every resource; in a large store only what happened lately is gone through.

    Args:
        connection: A transaction that reads; it is used for as long as the events are.
        since: What happened later is gone through, too; what happened before is found by its key.
    """
    return LookedUpEvents(connection, since) if is_long(most_met(connection)) else last_events(connection)


class LookedUpEvents(Mapping[EventKey, StoredEvent]):
    """Any last event by its key, and those since a time one by one: all that ever happened may be too much."""

    def __init__(self, connection: Connection, since: datetime) -> None:
        self._connection = connection
        last = select(func.max(events.c.id)).where(events.c.at > to_millis(since))
        recent = _events(connection, events.c.id.in_(last.group_by(events.c.resource_id, events.c.kind)))
        self._recent = {(stored.resource, stored.event.kind): stored for stored in recent}

    def __getitem__(self, key: EventKey) -> StoredEvent:
        if key in self._recent:
            return self._recent[key]
        resource, kind = key
        named = resources.c.kind == resource.kind, resources.c.youtube_id == resource.id
        found = _events(self._connection, *named, events.c.kind == kind)
        if not found:
            raise KeyError(key)
        return found[-1]

    def __iter__(self) -> Iterator[EventKey]:
        return iter(self._recent)

    def __len__(self) -> int:
        return len(self._recent)


def recent_events(connection: Connection, limit: int) -> list[StoredEvent]:
    """The last events of all resources, newest first."""
    last = select(events.c.id).order_by(events.c.id.desc()).limit(limit)
    return _events(connection, events.c.id.in_(last))[::-1]


def checks_so_far(connection: Connection, times: Sequence[datetime], known: Mapping[Resource, Known]) -> ChecksSoFar:
    """The states of resources after each of some checks.

    Args:
        connection: A transaction that reads.
        times: When the checks began, oldest first.
        known: What is known of the resources now.
    """
    if not times:
        return NO_CHECKS
    states = _States(connection, times, known)
    return ChecksSoFar(tuple(times), states if is_long(len(known)) else dict(states))


class _States(Mapping[Resource, tuple[State | None, ...]]):
    """The states after some checks, worked out when they are looked for."""

    def __init__(self, connection: Connection, times: Sequence[datetime], known: Mapping[Resource, Known]) -> None:
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


def _state_at(time: datetime, known: Known, ended: Sequence[Span], vain: datetime | None) -> State | None:
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
