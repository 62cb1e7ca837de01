"""What happened to resources: events, the former values of their attributes, and their states after past checks."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, bindparam, exists, func, or_, select

from linkwatch.models.events import Event, EventKind
from linkwatch.models.observation import ResourceRecord, State
from linkwatch.models.records import NO_HISTORY, CheckHistory, Outage, Span, StoredEvent
from linkwatch.models.resource import Kind, Resource
from linkwatch.models.times import to_millis, to_time
from linkwatch.spool import KeyCodec, items_by_key, spooled
from linkwatch.store.columns import UNANSWERED
from linkwatch.store.database import BATCH
from linkwatch.store.tables import events, resources, spans

EventKey = tuple[Resource, EventKind]

_EVENT_KEYS: KeyCodec[EventKey] = KeyCodec(
    lambda key: (f"{key[0].kind} {key[1]}", key[0].id),
    lambda kinds, id_: (Resource(Kind(kinds.split()[0]), id_), EventKind(kinds.split()[1])),
)

_MISSING = (State.SUSPECT, State.UNAVAILABLE)

# A look-up takes a tenth of the time of a call such as `Kind("video")`, and there may be a million of them.
_KINDS = {kind.value: kind for kind in Kind}
_EVENT_KINDS = {kind.value: kind for kind in EventKind}
_STATES = {state.value: state for state in State}


def _events_query(*conditions: ColumnElement[bool]) -> Select[Any]:
    """Select the events that meet all conditions, oldest first."""
    return (
        select(
            *(resources.c.kind, resources.c.youtube_id),
            *(events.c.kind, events.c.before, events.c.after, events.c.at, events.c.run_id),
        )
        .join(resources, events.c.resource_id == resources.c.id)
        .where(*conditions)
        .order_by(events.c.at, events.c.id)
    )


# Each report executes them: they are built once.
_SINCE = _events_query(events.c.at >= bindparam("since"))
_LAST_OF_EACH_KIND = _events_query(
    events.c.id.in_(select(func.max(events.c.id)).group_by(events.c.resource_id, events.c.kind))
)
_LAST_OF_ONE_KIND = _events_query(
    events.c.id.in_(
        select(func.max(events.c.id)).where(events.c.kind == bindparam("event_kind")).group_by(events.c.resource_id)
    )
)
_LAST_OF_ONE = (
    _events_query(
        resources.c.kind == bindparam("resource_kind"),
        resources.c.youtube_id == bindparam("resource_id"),
        events.c.kind == bindparam("event_kind"),
    )
    .order_by(None)
    .order_by(events.c.id.desc())
    .limit(1)
)
_later = events.alias("later")
_LAST_SINCE = _events_query(
    events.c.at >= bindparam("since"),
    ~exists().where(
        _later.c.resource_id == events.c.resource_id, _later.c.kind == events.c.kind, _later.c.id > events.c.id
    ),
)


def _iter_events(connection: Connection, query: Select[Any], **parameters: int | str) -> Iterator[StoredEvent]:
    yield from _stored_events(connection.execute(query, parameters, execution_options={"yield_per": BATCH}))


def _stored_events(rows: Iterable[Any]) -> Iterator[StoredEvent]:
    for kind, id_, what, before, after, at, run_id in rows:
        resource, event = Resource(_KINDS[kind], id_), Event(_EVENT_KINDS[what], before, after)
        yield StoredEvent(resource, event, to_time(at), run_id)


def _is(resource: Resource) -> ColumnElement[bool]:
    return (resources.c.kind == resource.kind) & (resources.c.youtube_id == resource.id)


def load_events(connection: Connection, resource: Resource) -> list[StoredEvent]:
    """All events of one resource, oldest first."""
    return list(_iter_events(connection, _events_query(_is(resource))))


def load_recent_events(connection: Connection, limit: int) -> list[StoredEvent]:
    """The last events of all resources, newest first."""
    last = select(events.c.id).order_by(events.c.id.desc()).limit(limit)
    return list(_iter_events(connection, _events_query(events.c.id.in_(last))))[::-1]


def events_since(connection: Connection, since: datetime) -> dict[Resource, list[StoredEvent]]:
    """The events of all resources from a time on, oldest first."""
    by_resource: dict[Resource, list[StoredEvent]] = defaultdict(list)
    for stored in _iter_events(connection, _SINCE, since=to_millis(since)):
        by_resource[stored.resource].append(stored)
    return dict(by_resource)


def last_events(connection: Connection, since: datetime | None = None) -> Mapping[EventKey, StoredEvent]:
    """The last event of each kind, of every resource.

    Args:
        connection: A transaction that reads; with a time the events are looked up in it.
        since: Older events are not iterated over, but found all the same; None: all are.
    """
    if since is None:
        return _by_key(_iter_events(connection, _LAST_OF_EACH_KIND))
    recent = _by_key(_iter_events(connection, _LAST_SINCE, since=to_millis(since)))
    return _LastEvents(connection, recent)


def _by_key(stored: Iterator[StoredEvent]) -> Mapping[EventKey, StoredEvent]:
    return items_by_key(spooled(stored, StoredEvent), lambda each: (each.resource, each.event.kind), _EVENT_KEYS)


MOST_LOOK_UPS = 200
"""Events of a kind that are looked up one by one; then all of that kind are loaded."""


class _LastEvents(Mapping[EventKey, StoredEvent]):
    """The recent ones, and those before as they are looked up: of years of events a report needs few."""

    def __init__(self, connection: Connection, recent: Mapping[EventKey, StoredEvent]) -> None:
        self._connection, self._recent = connection, recent
        self._of_kind: dict[EventKind, Mapping[EventKey, StoredEvent]] = {}
        self._look_ups = Counter[EventKind]()

    def __getitem__(self, key: EventKey) -> StoredEvent:
        if (recent := self._recent.get(key)) is not None:
            return recent
        resource, kind = key
        self._look_ups[kind] += 1
        if self._look_ups[kind] > MOST_LOOK_UPS:
            if kind not in self._of_kind:
                self._of_kind[kind] = _by_key(_iter_events(self._connection, _LAST_OF_ONE_KIND, event_kind=kind))
            return self._of_kind[kind][key]
        names: dict[str, int | str] = {"resource_kind": resource.kind, "resource_id": resource.id, "event_kind": kind}
        # All rows at once: a cursor on the server that is left open is one until the transaction ends.
        for stored in _stored_events(self._connection.execute(_LAST_OF_ONE, names).all()):
            return stored
        raise KeyError(key)

    def __iter__(self) -> Iterator[EventKey]:
        return iter(self._recent)

    def __len__(self) -> int:
        return len(self._recent)


def load_state_changes(connection: Connection, since: datetime, at_least: int) -> dict[Resource, list[datetime]]:
    """When resources became missing or available again, oldest first.

    Args:
        connection: A transaction that reads.
        since: Resources whose last change is older are left out.
        at_least: Those with fewer changes are left out, too.
    """
    changes: dict[Resource, list[datetime]] = defaultdict(list)
    for stored in _iter_events(connection, _state_changes(), since=to_millis(since), at_least=at_least):
        changes[stored.resource].append(stored.at)
    return dict(changes)


@cache
def _state_changes() -> Select[Any]:
    became_missing = events.c.kind.in_((EventKind.DIED, EventKind.SUSPECTED)) & (events.c.before == State.AVAILABLE)
    is_change = became_missing | (events.c.kind == EventKind.RECOVERED)
    lately = select(events.c.resource_id).where(is_change, events.c.at >= bindparam("since"))
    often = select(events.c.resource_id).where(is_change, events.c.resource_id.in_(lately))
    often = often.group_by(events.c.resource_id).having(func.count() >= bindparam("at_least"))
    return _events_query(is_change, events.c.resource_id.in_(often))


def load_spans(connection: Connection, resource: Resource) -> list[Span]:
    """The former values of one resource, oldest first."""
    query = select(spans).join(resources, spans.c.resource_id == resources.c.id).where(_is(resource))
    return [
        Span(row.attribute, row.value, to_time(row.first_seen_at), to_time(row.last_seen_at))
        for row in connection.execute(query.order_by(spans.c.id))
    ]


def load_change_times(connection: Connection, resource: Resource) -> dict[str, datetime]:
    """When a check first saw the current value of each attribute; an attribute that never changed is left out."""
    query = (
        select(spans.c.attribute, func.max(spans.c.superseded_at))
        .join(resources, spans.c.resource_id == resources.c.id)
        .where(_is(resource))
        .group_by(spans.c.attribute)
    )
    return {attribute: to_time(at) for attribute, at in connection.execute(query)}


def load_outages(connection: Connection) -> list[Outage]:
    """All outages that are over, the last to end first."""
    of_state = spans.c.attribute == "state"
    was_missing = or_(*(spans.c.value.startswith(state) for state in _MISSING))
    query = (
        select(spans, resources.c.kind, resources.c.youtube_id, resources.c.title, resources.c.state)
        .join(resources, spans.c.resource_id == resources.c.id)
        .where(of_state, spans.c.resource_id.in_(select(spans.c.resource_id).where(of_state, was_missing)))
        .order_by(spans.c.resource_id, spans.c.id)
    )
    by_resource = groupby(connection.execute(query).all(), key=lambda row: row.resource_id)
    outages = [outage for _, rows in by_resource for outage in _outages(list(rows))]
    return sorted(outages, key=lambda outage: (outage.ended_at, outage.resource), reverse=True)


def _outages(rows: Sequence[Row[Any]]) -> Iterator[Outage]:
    """The outages of one resource: spans without an available one between them are one outage."""
    missing: list[Row[Any]] = []
    for row in rows:
        if _state_of(row.value) in _MISSING:
            missing.append(row)
        elif missing:
            yield _outage(missing)
            missing = []
    if missing and State(rows[-1].state) not in _MISSING:
        yield _outage(missing)


def _outage(missing: Sequence[Row[Any]]) -> Outage:
    first, last = missing[0], missing[-1]
    confirmed = any(_state_of(row.value) is State.UNAVAILABLE for row in missing)
    return Outage(
        Resource(Kind(first.kind), first.youtube_id),
        first.title,
        State.UNAVAILABLE if confirmed else State.SUSPECT,
        to_time(first.first_seen_at),
        to_time(last.superseded_at),
    )


def _state_of(value: str) -> State:
    """The state of a span: one of an unavailable resource holds its reason, too."""
    return _STATES[value.partition(" ")[0]]


def load_check_history(
    connection: Connection, times: Sequence[datetime], records: Mapping[Resource, ResourceRecord]
) -> CheckHistory:
    """The states of resources after each of some checks.

    Args:
        connection: A transaction that reads.
        times: When the checks began, oldest first.
        records: The present records of the resources.
    """
    if not times:
        return NO_HISTORY
    return CheckHistory(tuple(times), _States(connection, times, records))


class _States(Mapping[Resource, tuple[State | None, ...]]):
    """The states after some checks, computed when they are looked up."""

    def __init__(
        self, connection: Connection, times: Sequence[datetime], records: Mapping[Resource, ResourceRecord]
    ) -> None:
        self._times, self._records = times, records
        self._ended = load_spans_since(connection, to_millis(times[0]))
        self._unanswered = _unanswered_since(connection)
        self._constant = {state: (state,) * len(times) for state in State}

    def __getitem__(self, resource: Resource) -> tuple[State | None, ...]:
        record, ended = self._records[resource], self._ended.get(resource, ())
        seen_before = record.first_seen <= self._times[0] and record.state is not State.UNKNOWN
        if seen_before and not ended and resource not in self._unanswered:
            return self._constant[record.state]  # nearly all: one value is shared by those that never changed
        return tuple(_state_at(time, record, ended, self._unanswered.get(resource)) for time in self._times)

    def __iter__(self) -> Iterator[Resource]:
        return iter(self._records)

    def __len__(self) -> int:
        return len(self._records)


def load_spans_since(connection: Connection, since: int) -> dict[Resource, list[Span]]:
    """The spans of states, and those without answers, that ended after a time in milliseconds, oldest first.

    `last_seen` is when a check found what came after them.
    """
    query = (
        select(
            *(resources.c.kind, resources.c.youtube_id),
            *(spans.c.attribute, spans.c.value, spans.c.first_seen_at, spans.c.superseded_at),
        )
        .join(resources, spans.c.resource_id == resources.c.id)
        .where(spans.c.attribute.in_(("state", UNANSWERED)), spans.c.superseded_at > since)
        .order_by(spans.c.id)
    )
    ended: dict[Resource, list[Span]] = defaultdict(list)
    for kind, id_, attribute, value, began, superseded in connection.execute(query).all():
        ended[Resource(_KINDS[kind], id_)].append(Span(attribute, value, to_time(began), to_time(superseded)))
    return ended


def _unanswered_since(connection: Connection) -> dict[Resource, datetime]:
    """Since when checks have got no answer about these; the last check of all others got one."""
    query = select(resources.c.kind, resources.c.youtube_id, resources.c.unanswered_at)
    rows = connection.execute(query.where(resources.c.unanswered_at.is_not(None)))
    return {Resource(Kind(kind), id_): to_time(since) for kind, id_, since in rows}


def _state_at(
    time: datetime, record: ResourceRecord, ended: Sequence[Span], unanswered_since: datetime | None
) -> State | None:
    """The state after the check that began then; `last_seen` of the spans is when they were superseded."""
    if time < record.first_seen or any(
        span.attribute == UNANSWERED and span.first_seen < time < span.last_seen for span in ended
    ):
        return None
    if unanswered_since is not None and time >= unanswered_since:
        return None
    values = (span.value for span in ended if span.attribute == "state" and span.last_seen > time)
    value = next(values, None)
    state = record.state if value is None else _state_of(value)
    return None if state is State.UNKNOWN else state
