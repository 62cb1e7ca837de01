"""What is known of each resource: read it, and write what a check learned."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, bindparam, func, insert, select, update

from linkwatch.catalogue.catalogue import RESOURCE_KEYS
from linkwatch.models.observation import Answer, Facts, Reason, ResourceRecord, State
from linkwatch.models.resource import Kind, Resource
from linkwatch.models.times import to_millis, to_time
from linkwatch.planner.due import CheckTimes
from linkwatch.spool import items_by_key, spooled
from linkwatch.store.database import execute_many, in_batches, insert_many
from linkwatch.store.tables import UNANSWERED, events, resources, spans
from linkwatch.verdict.judge import Verdict


class _Entry(msgspec.Struct, frozen=True, gc=False):
    resource: Resource
    known: ResourceRecord | None


class StoredRecords(Mapping[Resource, ResourceRecord]):
    """The records of resources; those that no check has met are left out.

    Args:
        entries: Of all listed resources.
    """

    def __init__(self, entries: Mapping[Resource, _Entry]) -> None:
        self._entries = entries

    def __getitem__(self, resource: Resource) -> ResourceRecord:
        known = self._entries[resource].known
        if known is None:
            raise KeyError(resource)
        return known

    def __iter__(self) -> Iterator[Resource]:
        return (resource for resource, entry in self._entries.items() if entry.known is not None)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __bool__(self) -> bool:
        return any(True for _ in self)


def load_records(connection: Connection, listed: Mapping[Resource, list[int]]) -> Mapping[Resource, ResourceRecord]:
    """The records of the listed resources, as far as a check has met them.

    Args:
        connection: A transaction that reads.
        listed: As in `Catalogue.links_of`.
    """
    entries = spooled(_entries(connection, listed), _Entry)
    return StoredRecords(items_by_key(entries, lambda entry: entry.resource, RESOURCE_KEYS, positions=listed))


def _entries(connection: Connection, listed: Iterable[Resource]) -> Iterator[_Entry]:
    for some in in_batches(listed):
        recalled = load_resources(connection, some)
        for resource in some:
            yield _Entry(resource, recalled[resource].record if resource in recalled else None)


def iter_last_checks(connection: Connection, wanted: Iterable[Resource]) -> Iterator[tuple[int, Resource]]:
    """Each of these, and before it when it was last answered about, in milliseconds since 1970; -1: never."""
    columns = (resources.c.last_checked_at, resources.c.youtube_id)
    for some in in_batches(wanted):
        found = {resource: row[0] for resource, row in load_rows(connection, some, columns) if row[0] is not None}
        yield from ((found.get(resource, -1), resource) for resource in some)


_KNOWN = (
    resources.c.state,
    resources.c.state_since_at,
    resources.c.reason,
    resources.c.first_seen_at,
    resources.c.last_checked_at,
    resources.c.last_available_at,
    resources.c.strikes,
    resources.c.last_strike_at,
    resources.c.api,
    resources.c.oembed,
    resources.c.title,
    resources.c.owner_id,
    resources.c.owner_title,
    resources.c.item_count,
    resources.c.restrictions,
)
_COLUMNS = ("kind", "youtube_id", *(column.name for column in _KNOWN))
# A look-up in place of a call to the enumeration, and one object for a moment that thousands of rows share.
_STATES = {state.value: state for state in State}
_ANSWERS: dict[str | None, Answer | None] = {None: None, **{answer.value: answer for answer in Answer}}
_moment = lru_cache(maxsize=10_000)(to_time)
_millis = lru_cache(maxsize=10_000)(to_millis)


_SPANNED = ("state", "title", "owner", "item_count", "restrictions")


class StoredResource(NamedTuple):
    """What is known of one resource, and its row."""

    row_id: int
    record: ResourceRecord
    unanswered: bool = False
    """A check has asked in vain since the last answer."""


def load_resources(connection: Connection, wanted: Iterable[Resource]) -> dict[Resource, StoredResource]:
    """What is known of these; what was never met is left out."""
    columns = (resources.c.id, resources.c.youtube_id, resources.c.unanswered_at, *_KNOWN)
    return {
        resource: StoredResource(row[0], _known(row[3:]), row[2] is not None)
        for resource, row in load_rows(connection, wanted, columns)
    }


def load_row_ids(connection: Connection, wanted: Iterable[Resource]) -> dict[Resource, int]:
    """The row ids of these resources."""
    columns = (resources.c.id, resources.c.youtube_id)
    return {resource: row[0] for resource, row in load_rows(connection, wanted, columns)}


def load_rows(
    connection: Connection, wanted: Iterable[Resource], columns: Iterable[Any]
) -> Iterator[tuple[Resource, Sequence[Any]]]:
    """The rows of these resources, as far as they were met; the second of the columns is the YouTube id."""
    named: dict[Kind, dict[str, Resource]] = {kind: {} for kind in Kind}
    for resource in wanted:
        named[resource.kind][resource.id] = resource
    for kind, by_id in named.items():
        for ids in in_batches(by_id):
            some = resources.c.youtube_id.in_(ids)
            for row in connection.execute(select(*columns).where(resources.c.kind == kind, some)).all():
                yield by_id[row[1]], row


def save_verdicts(
    connection: Connection,
    run_id: int,
    recalled: Mapping[Resource, StoredResource],
    judgements: Mapping[Resource, Verdict],
    now: datetime,
) -> None:
    """Write what a check learned: new resources, changes with their history and events, and the time of the check.

    Args:
        connection: A transaction that writes, the one in which `recalled` was read.
        run_id: The run that the events belong to.
        recalled: What was known before.
        judgements: What is known now; at most some thousands.
        now: The time of the run.
    """
    quiet, changed, past, new, answered = [], [], [], [], []
    for resource, judgement in judgements.items():
        before = recalled.get(resource)
        if before is None:
            new.append(_row(resource, judgement.record))
        elif judgement.quiet:
            quiet.append(before.row_id)
        else:
            changed.append({"row": before.row_id, **_columns(judgement.record)})
            past += _superseded(connection, before, judgement.record, now)
        if before is not None and before.unanswered:
            answered.append(before.row_id)
            past.append(_unanswered(before, now))
    insert_many(connection, resources, _COLUMNS, new)
    execute_many(connection, update(resources).where(resources.c.id == bindparam("row")), changed)
    _set(connection, quiet, last_checked_at=to_millis(now))
    _set(connection, answered, unanswered_at=None)
    execute_many(connection, insert(spans), past)
    _record_events(connection, run_id, judgements, now)


def _set(connection: Connection, row_ids: Sequence[int], **values: int | None) -> None:
    for some in in_batches(row_ids):
        connection.execute(update(resources).where(resources.c.id.in_(some)).values(values))


def save_unanswered(connection: Connection, asked: Iterable[Resource], now: datetime) -> None:
    """Note that these were asked about in vain; of those that were before, since when is known already.

    Those are passed over that were answered about after all, by the run of this time.
    """
    vain = resources.c.unanswered_at.is_(None), resources.c.last_checked_at.is_distinct_from(to_millis(now))
    for some in in_batches(asked):
        first = update(resources).where(resources.c.id.in_(load_row_ids(connection, some).values()), *vain)
        connection.execute(first.values(unanswered_at=to_millis(now)))


def load_check_times(connection: Connection, *, changes: bool) -> dict[str, CheckTimes]:
    """What matters for when each resource is asked about next, by id.

    Args:
        connection: A transaction that reads.
        changes: When each last changed is told; else `changed` is its first sight.
    """
    query = select(
        resources.c.id,
        resources.c.youtube_id,
        resources.c.state,
        resources.c.first_seen_at,
        resources.c.last_checked_at,
        func.coalesce(resources.c.last_strike_at, resources.c.last_checked_at),
    )
    last = select(events.c.resource_id, func.max(events.c.at)).group_by(events.c.resource_id)
    changed = dict(connection.execute(last).all()) if changes else {}
    return {
        id_: CheckTimes(checked, changed.get(row_id, first), missed if state == State.SUSPECT else None)
        for row_id, id_, state, first, checked, missed in connection.execute(query)
    }


def _record_events(connection: Connection, run_id: int, judgements: Mapping[Resource, Verdict], now: datetime) -> None:
    eventful = [resource for resource, judgement in judgements.items() if judgement.events]
    if not eventful:
        return
    ids = load_row_ids(connection, eventful)
    # A channel that is listed by its handle and by its id may be judged twice in a run: what it told is told once.
    this_run = select(events.c.resource_id, events.c.kind).where(events.c.run_id == run_id)
    told = {
        (resource_id, kind)
        for some in in_batches(ids.values())
        for resource_id, kind in connection.execute(this_run.where(events.c.resource_id.in_(some)))
    }
    rows = [
        {
            "resource_id": ids[r],
            "run_id": run_id,
            "at": to_millis(now),
            "kind": e.kind,
            "before": e.before,
            "after": e.after,
        }
        for r in eventful
        for e in judgements[r].events
        if (ids[r], e.kind) not in told
    ]
    execute_many(connection, insert(events), rows)


def insert_missing(connection: Connection, listed: Iterable[Resource], now: datetime) -> None:
    """Note resources that no check has met yet: unknown, or unmonitorable."""
    for some in in_batches(listed):
        met = load_row_ids(connection, some)
        rows = []
        for resource in dict.fromkeys(some):
            if resource not in met:
                state = State.UNMONITORABLE if resource.unmonitorable else State.UNKNOWN
                known = ResourceRecord(state=state, state_since=now, first_seen=now)
                rows.append(_row(resource, known))
        insert_many(connection, resources, _COLUMNS, rows)


def _row(resource: Resource, known: ResourceRecord) -> tuple[Any, ...]:
    """The values of `_COLUMNS`."""
    return (resource.kind, resource.id, *_columns(known).values())


def _columns(known: ResourceRecord) -> dict[str, Any]:
    """The columns of `_KNOWN`, in its order."""
    facts = known.facts
    return {
        "state": known.state,
        "state_since_at": _millis(known.state_since),
        "reason": known.reason,
        "first_seen_at": _millis(known.first_seen),
        "last_checked_at": _millis(known.last_checked),
        "last_available_at": None if known.state is State.AVAILABLE else _millis(known.last_available),
        "strikes": known.missed_checks,
        "last_strike_at": _millis(known.last_missed_at),
        "api": known.api,
        "oembed": known.oembed,
        "title": facts.title,
        "owner_id": facts.owner_id,
        "owner_title": facts.owner_title,
        "item_count": facts.item_count,
        "restrictions": None if facts.restrictions is None else " ".join(facts.restrictions),
    }


def _known(row: Sequence[Any]) -> ResourceRecord:
    """The columns of `_KNOWN` → what they mean."""
    state, since, reason, first_seen, checked, available, strikes, strike, api, oembed = row[:10]
    title, owner, owner_title, count, restrictions = row[10:]
    now = _STATES[state]
    return ResourceRecord(
        state=now,
        state_since=_moment(since),
        first_seen=_moment(first_seen),
        reason=None if reason is None else Reason(reason),
        last_checked=_moment(checked),
        last_available=_moment(checked if now is State.AVAILABLE else available),
        missed_checks=strikes,
        last_missed_at=_moment(strike),
        api=_ANSWERS[api],
        oembed=_ANSWERS[oembed],
        facts=Facts(title, owner, owner_title, count, None if restrictions is None else tuple(restrictions.split())),
    )


def _spanned(known: ResourceRecord) -> dict[str, str | None]:
    facts = known.facts
    return {
        "state": known.state if known.reason is None else f"{known.state} {known.reason}",
        "title": facts.title,
        "owner": facts.owner_id if facts.owner_title is None else f"{facts.owner_title} {facts.owner_id or ''}".strip(),
        "item_count": None if facts.item_count is None else str(facts.item_count),
        "restrictions": None if facts.restrictions is None else " ".join(facts.restrictions),
    }


def _superseded(
    connection: Connection, before: StoredResource, after: ResourceRecord, now: datetime
) -> list[dict[str, Any]]:
    """The values that end with this check; one that was never told (None) leaves no span.

    A value was first seen by the check that superseded the one before it.
    """
    old, new = _spanned(before.record), _spanned(after)
    ended = []
    for attribute in _SPANNED:
        if old[attribute] is not None and old[attribute] != new[attribute]:
            mine = (spans.c.resource_id == before.row_id) & (spans.c.attribute == attribute)
            query = select(spans.c.superseded_at).where(mine).order_by(spans.c.id.desc()).limit(1)
            since = connection.execute(query).scalar()
            ended.append(
                {
                    "resource_id": before.row_id,
                    "attribute": attribute,
                    "value": old[attribute],
                    "first_seen_at": since or to_millis(before.record.first_seen),
                    "last_seen_at": to_millis(before.record.last_checked or before.record.first_seen),
                    "superseded_at": to_millis(now),
                }
            )
    return ended


def _unanswered(before: StoredResource, now: datetime) -> dict[str, Any]:
    """The span from the last answer to this one; a check between them got none."""
    last = to_millis(before.record.last_checked or before.record.first_seen)
    return {
        "resource_id": before.row_id,
        "attribute": UNANSWERED,
        "value": None,
        "first_seen_at": last,
        "last_seen_at": to_millis(now),
        "superseded_at": to_millis(now),
    }
