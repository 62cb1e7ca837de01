"""The stored records of resources: load them, and save what a check found."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, Select, bindparam, func, select, update

from linkwatch.catalogue.catalogue import RESOURCE_KEYS
from linkwatch.models.observation import PASSING, Answer, Observation, ResourceRecord, State
from linkwatch.models.resource import Kind, Resource
from linkwatch.models.times import to_millis
from linkwatch.planner.due import NEVER_CHECKED, CheckTimes
from linkwatch.spool import items_by_key, spooled
from linkwatch.store.columns import (
    HISTORY,
    RESOURCE_COLUMNS,
    RESOURCE_NAMES,
    UNANSWERED,
    decode_record,
    encode_record,
)
from linkwatch.store.database import execute_many, in_batches, insert_many
from linkwatch.store.dialects import one_of, one_of_bound
from linkwatch.store.tables import events, resources, spans
from linkwatch.verdict.judge import Verdict

_RECORD = tuple(spec.column for spec in RESOURCE_COLUMNS)
# Each check executes them: they are built once.
_UPDATE_ROW = update(resources).where(resources.c.id == bindparam("row"))
_UPDATE_ROWS = update(resources).where(one_of_bound(resources.c.id, "rows"))
_LAST_SPANS = select(spans.c.resource_id, spans.c.attribute, spans.c.superseded_at).where(
    spans.c.id.in_(
        select(func.max(spans.c.id))
        .where(one_of_bound(spans.c.resource_id, "rows"))
        .group_by(spans.c.resource_id, spans.c.attribute)
    )
)
_EVENTS_OF_RUN = select(events.c.resource_id, events.c.kind).where(
    events.c.run_id == bindparam("run"), one_of_bound(events.c.resource_id, "rows")
)
_SPAN_NAMES = ("resource_id", "attribute", "value", "first_seen_at", "last_seen_at", "superseded_at")


class StoredResource(NamedTuple):
    """The record of a resource, and its row."""

    row_id: int
    record: ResourceRecord
    unanswered: bool = False
    """A check since the last answer got none."""


class _Entry(msgspec.Struct, frozen=True, gc=False):
    resource: Resource
    record: ResourceRecord | None


class StoredRecords(Mapping[Resource, ResourceRecord]):
    """The records of resources; those that have none are left out.

    Args:
        entries: Of all listed resources.
    """

    def __init__(self, entries: Mapping[Resource, _Entry]) -> None:
        self._entries = entries

    def __getitem__(self, resource: Resource) -> ResourceRecord:
        record = self._entries[resource].record
        if record is None:
            raise KeyError(resource)
        return record

    def __iter__(self) -> Iterator[Resource]:
        return (resource for resource, entry in self._entries.items() if entry.record is not None)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __bool__(self) -> bool:
        return any(True for _ in self)


def load_rows(
    connection: Connection, wanted: Iterable[Resource], columns: Iterable[Any]
) -> Iterator[tuple[Resource, Sequence[Any]]]:
    """The rows of those of these resources that have one; the second of the columns is `youtube_id`."""
    by_kind: dict[Kind, dict[str, Resource]] = {kind: {} for kind in Kind}
    for resource in wanted:
        by_kind[resource.kind][resource.id] = resource
    query = _rows_query(tuple(columns))
    for kind, by_id in by_kind.items():
        for ids in in_batches(by_id):
            for row in connection.execute(query, {"of_kind": kind, "ids": ids}).all():
                yield by_id[row[1]], row


@lru_cache(maxsize=16)
def _rows_query(columns: tuple[Any, ...]) -> Select[Any]:
    """Built once for the few sets of columns: building it takes longer than reading a few rows."""
    this = (resources.c.kind == bindparam("of_kind"), one_of_bound(resources.c.youtube_id, "ids"))
    return select(*columns).where(*this)


def load_row_ids(connection: Connection, wanted: Iterable[Resource]) -> dict[Resource, int]:
    """The row ids of those of these resources that have a record."""
    columns = (resources.c.id, resources.c.youtube_id)
    return {resource: row[0] for resource, row in load_rows(connection, wanted, columns)}


def load_resources(connection: Connection, wanted: Iterable[Resource]) -> dict[Resource, StoredResource]:
    """Those of these resources that have a record."""
    columns = (resources.c.id, resources.c.youtube_id, resources.c.unanswered_at, *_RECORD)
    return {
        resource: StoredResource(row[0], decode_record(row[3:]), row[2] is not None)
        for resource, row in load_rows(connection, wanted, columns)
    }


_COMPARED = ("state", "api", *(spec.column.name for spec in RESOURCE_COLUMNS if spec.attribute.startswith("facts.")))
_COMPARED_COLUMNS = (
    *(resources.c.id, resources.c.youtube_id, resources.c.unanswered_at),
    *(resources.c[name] for name in _COMPARED),
)


def find_unchanged(
    connection: Connection, observations: Iterable[Observation]
) -> tuple[dict[Resource, int], list[Resource]]:
    """The rows of what was available and is, with the facts that are stored; and which others are stored.

    In most checks that is nearly everything. Columns are compared with what was observed, and no record is made.

    Args:
        connection: A transaction that reads.
        observations: Of distinct resources, but for channels, which are never among what is unchanged.
    """
    by_resource = {each.resource: each for each in observations}
    unchanged, others = {}, []
    for resource, row in load_rows(connection, by_resource, _COMPARED_COLUMNS):
        if row[2] is None and row[3:] == _compared(by_resource[resource]):
            unchanged[resource] = row[0]
        else:
            others.append(resource)
    return unchanged, others


def _compared(observation: Observation) -> tuple[Any, ...] | None:
    """The values of `_COMPARED` with which a resource is unchanged; None: it is judged."""
    facts = observation.facts
    if observation.api is not Answer.PRESENT or facts is None or facts.channel is not None:
        return None
    words = None if facts.restrictions is None else " ".join(facts.restrictions)
    return (State.AVAILABLE, Answer.PRESENT, facts.title, facts.owner_id, facts.owner_title, facts.item_count, words)


def load_records(connection: Connection, listed: Mapping[Resource, list[int]]) -> Mapping[Resource, ResourceRecord]:
    """The records of the listed resources, as far as they have one.

    Args:
        connection: A transaction that reads.
        listed: As in `Catalogue.links_of`.
    """
    entries = spooled(_entries(connection, listed), _Entry)
    return StoredRecords(items_by_key(entries, lambda entry: entry.resource, RESOURCE_KEYS, positions=listed))


def _entries(connection: Connection, listed: Iterable[Resource]) -> Iterator[_Entry]:
    for batch in in_batches(listed):
        stored = load_resources(connection, batch)
        yield from (_Entry(each, stored[each].record if each in stored else None) for each in batch)


def load_titles(connection: Connection, ids: Iterable[str | None]) -> dict[str, str]:
    """The titles of those of these ids that have one."""
    query = select(resources.c.youtube_id, resources.c.title).where(resources.c.title.is_not(None))
    return {
        id_: title
        for batch in in_batches({id_ for id_ in ids if id_ is not None})
        for id_, title in connection.execute(query.where(one_of(resources.c.youtube_id, batch)))
    }


def owner_found_at(connection: Connection, at: datetime, *, except_for: Collection[str]) -> str | None:
    """The channel of a resource that the check of this time found; None when there is no other than these."""
    found = (resources.c.state == State.AVAILABLE) & (resources.c.last_checked_at == to_millis(at))
    owners = select(resources.c.owner_id).where(found, resources.c.owner_id.is_not(None)).distinct()
    ids = connection.execute(owners.limit(len(except_for) + 1)).scalars()
    return next((id_ for id_ in ids if id_ not in except_for), None)


def owners_found_at(connection: Connection, at: datetime, channels: Iterable[str]) -> set[str]:
    """Those of these channels of which the check of this time found a resource."""
    found = (resources.c.state == State.AVAILABLE) & (resources.c.last_checked_at == to_millis(at))
    owners = select(resources.c.owner_id).where(found).distinct()
    return {
        owner
        for batch in in_batches(channels)
        for owner in connection.execute(owners.where(resources.c.owner_id.in_(batch))).scalars()
    }


def iter_last_checks(connection: Connection, wanted: Iterable[Resource]) -> Iterator[tuple[int, Resource]]:
    """When each of these last got an answer, in milliseconds since 1970, and the resource; -1: never."""
    columns = (resources.c.last_checked_at, resources.c.youtube_id)
    for batch in in_batches(wanted):
        times = {resource: row[0] for resource, row in load_rows(connection, batch, columns) if row[0] is not None}
        yield from ((times.get(resource, -1), resource) for resource in batch)


def iter_check_times(
    connection: Connection, wanted: Iterable[Resource], *, changes: bool
) -> Iterator[tuple[Resource, CheckTimes]]:
    """The times that decide when each of these resources is due, in their order.

    Args:
        connection: A transaction that reads.
        wanted: Iterated once.
        changes: `changed` is when a resource last changed; else it is when it was first seen.
    """
    columns = (
        resources.c.id,
        resources.c.youtube_id,
        resources.c.state,
        resources.c.first_seen_at,
        resources.c.last_checked_at,
        func.coalesce(resources.c.last_strike_at, resources.c.last_checked_at),
        resources.c.restrictions,
    )
    for batch in in_batches(wanted):
        rows = dict(load_rows(connection, batch, columns))
        changed = _last_changes(connection, [row[0] for row in rows.values()]) if changes else {}
        times = {
            resource: CheckTimes(
                checked,
                changed.get(row_id, first),
                missed if state == State.SUSPECT else None,
                passing=bool(words) and not PASSING.isdisjoint(words.split()),
            )
            for resource, (row_id, _, state, first, checked, missed, words) in rows.items()
        }
        yield from ((resource, times.get(resource, NEVER_CHECKED)) for resource in batch)


def _last_changes(connection: Connection, row_ids: Collection[int]) -> dict[int, int]:
    """When these resources last changed, by row id; without those that never did."""
    last = select(events.c.resource_id, func.max(events.c.at)).where(one_of(events.c.resource_id, row_ids))
    return dict(connection.execute(last.group_by(events.c.resource_id)).all())


def insert_missing(connection: Connection, listed: Iterable[Resource], now: datetime) -> None:
    """Insert a record of each resource that has none: unknown, or unmonitorable."""
    for batch in in_batches(listed):
        stored = load_row_ids(connection, batch)
        rows = []
        for resource in dict.fromkeys(batch):
            if resource not in stored:
                state = State.UNMONITORABLE if resource.unmonitorable else State.UNKNOWN
                rows.append(_row(resource, ResourceRecord(state=state, state_since=now, first_seen=now)))
        _insert(connection, rows)


def insert_record(connection: Connection, resource: Resource, record: ResourceRecord) -> None:
    """Insert the record of a resource that has none."""
    _insert(connection, [_row(resource, record)])


def save_verdicts(
    connection: Connection,
    run_id: int,
    stored: Mapping[Resource, StoredResource],
    verdicts: Mapping[Resource, Verdict],
    now: datetime,
    unchanged: Iterable[int] = (),
) -> None:
    """Save new records, changes with their history and events, and the time of the check.

    Args:
        connection: A transaction that writes, the one in which `stored` was read.
        run_id: The run that the events belong to.
        stored: The resources before the check.
        verdicts: What the check found; at most some thousands.
        now: The time of the run.
        unchanged: Row ids of what is unchanged and has no verdict.
    """
    new: list[Sequence[Any]] = []
    quiet = [*unchanged]
    changed: list[tuple[StoredResource, ResourceRecord]] = []
    answered: list[StoredResource] = []
    for resource, verdict in verdicts.items():
        before = stored.get(resource)
        if before is None:
            new.append(_row(resource, verdict.record))
            continue
        if verdict.quiet:
            quiet.append(before.row_id)
        else:
            changed.append((before, verdict.record))
        if before.unanswered:
            answered.append(before)
    _insert(connection, new)
    execute_many(
        connection,
        _UPDATE_ROW,
        [
            {"row": before.row_id, **dict(zip(RESOURCE_NAMES, encode_record(after), strict=True))}
            for before, after in changed
        ],
    )
    _update(connection, quiet, last_checked_at=to_millis(now))
    _update(connection, [before.row_id for before in answered], unanswered_at=None)
    _insert_spans(connection, changed, answered, to_millis(now))
    _insert_events(connection, run_id, verdicts, to_millis(now))


def save_unanswered(connection: Connection, asked: Iterable[Resource], now: datetime) -> None:
    """Save that a check got no answer about these, unless an earlier one did not either.

    Those are passed over that the run of this time did get an answer about.
    """
    first = update(resources).where(
        resources.c.unanswered_at.is_(None), resources.c.last_checked_at.is_distinct_from(to_millis(now))
    )
    for batch in in_batches(asked):
        these = one_of(resources.c.id, load_row_ids(connection, batch).values())
        connection.execute(first.where(these).values(unanswered_at=to_millis(now)))


def _row(resource: Resource, record: ResourceRecord) -> list[Any]:
    return [resource.kind, resource.id, *encode_record(record)]


def _insert(connection: Connection, rows: Iterable[Sequence[Any]]) -> None:
    insert_many(connection, resources, ("kind", "youtube_id", *RESOURCE_NAMES), rows)


def _update(connection: Connection, row_ids: Iterable[int], **values: int | None) -> None:
    for batch in in_batches(row_ids):
        connection.execute(_UPDATE_ROWS, {"rows": batch, **values})


def _insert_spans(
    connection: Connection,
    changed: Iterable[tuple[StoredResource, ResourceRecord]],
    answered: Iterable[StoredResource],
    now: int,
) -> None:
    """Insert the values that this check superseded, and the times without an answer that it ended."""
    superseded = [
        (before, attribute.name, value)
        for before, after in changed
        for attribute in HISTORY
        if (value := attribute.text(before.record)) is not None and value != attribute.text(after)
    ]
    # A value was first seen by the check that superseded the one before it.
    since = _superseded_at(connection, {before.row_id for before, _, _ in superseded})
    rows: list[tuple[Any, ...]] = [
        (
            before.row_id,
            attribute,
            value,
            since.get((before.row_id, attribute)) or to_millis(before.record.first_seen),
            _last_answer(before.record),
            now,
        )
        for before, attribute, value in superseded
    ]
    rows += [(before.row_id, UNANSWERED, None, _last_answer(before.record), now, now) for before in answered]
    insert_many(connection, spans, _SPAN_NAMES, rows)


def _last_answer(record: ResourceRecord) -> int:
    return to_millis(record.last_checked or record.first_seen)


def _superseded_at(connection: Connection, row_ids: Iterable[int]) -> dict[tuple[int, str], int]:
    """When the last span of each attribute of these resources was superseded, by row id and attribute."""
    times: dict[tuple[int, str], int] = {}
    for batch in in_batches(row_ids):
        rows = connection.execute(_LAST_SPANS, {"rows": batch})
        times |= {(row_id, attribute): at for row_id, attribute, at in rows}
    return times


def _insert_events(connection: Connection, run_id: int, verdicts: Mapping[Resource, Verdict], now: int) -> None:
    eventful = [resource for resource, verdict in verdicts.items() if verdict.events]
    if not eventful:
        return
    row_ids = load_row_ids(connection, eventful)
    # A channel that is listed by its handle and by its id may be judged twice in a run; its events are stored once.
    stored = {
        (row_id, kind)
        for batch in in_batches(row_ids.values())
        for row_id, kind in connection.execute(_EVENTS_OF_RUN, {"run": run_id, "rows": batch})
    }
    rows = [
        (row_ids[resource], run_id, now, event.kind, event.before, event.after)
        for resource in eventful
        for event in verdicts[resource].events
        if (row_ids[resource], event.kind) not in stored
    ]
    insert_many(connection, events, ("resource_id", "run_id", "at", "kind", "before", "after"), rows)
