"""What is known of each resource: read it, and write what a check learned."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, tuple_, update

from linkwatch.catalogue.resource import Kind, Resource
from linkwatch.observation import Answer, Facts, Known, Reason, State
from linkwatch.store.database import many
from linkwatch.store.tables import aliases, events, links, resources, spans, to_seconds, to_time
from linkwatch.verdict.judge import Judgement

BATCH = 1000
"""Rows a statement: large enough to be fast, small enough for every database's limit on parameters."""

_SPANNED = ("state", "title", "owner", "item_count", "restrictions")


def last_checks(connection: Connection) -> dict[Resource, int]:
    """When each resource was last answered about, in seconds since 1970; those never answered about are left out."""
    query = select(resources.c.kind, resources.c.youtube_id, resources.c.last_checked_at)
    rows = connection.execute(query.where(resources.c.last_checked_at.is_not(None)))
    return {Resource(Kind(kind), youtube_id): at for kind, youtube_id, at in rows}


def aliases_of(connection: Connection) -> dict[str, str]:
    """`@handle` or `user/NAME` → the `UC…` id that it was resolved to."""
    return dict(connection.execute(select(aliases.c.alias, aliases.c.channel_id)).tuples().all())


def known_of(connection: Connection, wanted: Iterable[Resource]) -> dict[Resource, Known]:
    """What is known of these; what was never met is left out."""
    return {resource: _known(row) for resource, row in _rows_of(connection, wanted, resources.c)}


def ids_of(connection: Connection, wanted: Iterable[Resource]) -> dict[Resource, int]:
    """The row ids of these resources."""
    columns = (resources.c.id, resources.c.youtube_id)
    return {resource: row.id for resource, row in _rows_of(connection, wanted, columns)}


def _rows_of(
    connection: Connection, wanted: Iterable[Resource], columns: Iterable[Any]
) -> Iterator[tuple[Resource, Row[Any]]]:
    named: dict[Kind, dict[str, Resource]] = {kind: {} for kind in Kind}
    for resource in wanted:
        named[resource.kind][resource.id] = resource
    for kind, by_id in named.items():
        ids = list(by_id)
        for start in range(0, len(ids), BATCH):
            some = resources.c.youtube_id.in_(ids[start : start + BATCH])
            for row in connection.execute(select(*columns).where(resources.c.kind == kind, some)):
                yield by_id[row.youtube_id], row


def remember(connection: Connection, run_id: int, judgements: Mapping[Resource, Judgement], now: datetime) -> None:
    """Write what a check learned: new resources, changes with their history and events, and the time of the check.

    Args:
        connection: A transaction that writes, the one in which the judgements' `before` was read.
        run_id: The run that the events belong to.
        judgements: What is known now; at most some thousands.
        now: The time of the run.
    """
    met, quiet, changed, past = set(), [], [], []
    for resource, row in _rows_of(connection, judgements, resources.c):
        met.add(resource)
        columns = _columns(judgements[resource].known)
        if all(getattr(row, name) == value for name, value in columns.items() if name != "last_checked_at"):
            quiet.append(row.id)
        else:
            changed.append({"row": row.id, **columns})
            past += _superseded(connection, row, _known(row), judgements[resource].known)
    new = [resource for resource in judgements if resource not in met]
    many(
        connection,
        insert(resources),
        [{"kind": r.kind, "youtube_id": r.id, **_columns(judgements[r].known)} for r in new],
    )
    many(connection, update(resources).where(resources.c.id == bindparam("row")), changed)
    _touch(connection, quiet, now)
    many(connection, insert(spans), past)
    _record_events(connection, run_id, judgements, now)


def _touch(connection: Connection, row_ids: Sequence[int], now: datetime) -> None:
    for start in range(0, len(row_ids), BATCH):
        some = row_ids[start : start + BATCH]
        connection.execute(update(resources).where(resources.c.id.in_(some)).values(last_checked_at=to_seconds(now)))


def _record_events(
    connection: Connection, run_id: int, judgements: Mapping[Resource, Judgement], now: datetime
) -> None:
    eventful = [resource for resource, judgement in judgements.items() if judgement.events]
    ids = ids_of(connection, eventful)
    rows = [
        {
            "resource_id": ids[r],
            "run_id": run_id,
            "at": to_seconds(now),
            "kind": e.kind,
            "before": e.before,
            "after": e.after,
        }
        for r in eventful
        for e in judgements[r].events
    ]
    many(connection, insert(events), rows)


def resolve_alias(connection: Connection, named: Resource, channel: Resource, now: datetime) -> None:
    """Keep what a handle or user name resolved to, and what was known under that name.

    Args:
        connection: A transaction that writes.
        named: `@handle` or `user/NAME`.
        channel: `UC…`.
        now: The time of the run.
    """
    connection.execute(delete(aliases).where(aliases.c.alias == named.id))
    connection.execute(insert(aliases).values(alias=named.id, channel_id=channel.id, resolved_at=to_seconds(now)))
    ids = ids_of(connection, [named, channel])
    if named not in ids:
        return
    if channel not in ids:
        connection.execute(update(resources).where(resources.c.id == ids[named]).values(youtube_id=channel.id))
        return
    for table in (links, events, spans):
        rows = table.c.resource_id == ids[named]
        if table is events:
            # Events are unique by resource, kind and run: those that both have are told once.
            both = select(events.c.kind, events.c.run_id).where(events.c.resource_id == ids[channel])
            connection.execute(delete(events).where(rows, tuple_(events.c.kind, events.c.run_id).in_(both)))
        connection.execute(update(table).where(rows).values(resource_id=ids[channel]))
    connection.execute(delete(resources).where(resources.c.id == ids[named]))


def meet(connection: Connection, listed: Iterable[Resource], now: datetime) -> None:
    """Note resources that no check has met yet: unknown, or unmonitorable."""
    listed = list(listed)
    met = ids_of(connection, listed)
    rows = []
    for resource in listed:
        if resource not in met:
            state = State.UNMONITORABLE if resource.unmonitorable else State.UNKNOWN
            known = Known(state=state, state_since=now, first_seen=now)
            rows.append({"kind": resource.kind, "youtube_id": resource.id, **_columns(known)})
    many(connection, insert(resources), rows)


def _columns(known: Known) -> dict[str, Any]:
    facts = known.facts
    return {
        "state": known.state,
        "state_since_at": to_seconds(known.state_since),
        "reason": known.reason,
        "first_seen_at": to_seconds(known.first_seen),
        "last_checked_at": to_seconds(known.last_checked),
        "last_available_at": None if known.state is State.AVAILABLE else to_seconds(known.last_available),
        "strikes": known.strikes,
        "last_strike_at": to_seconds(known.last_strike),
        "api": known.api,
        "oembed": known.oembed,
        "title": facts.title,
        "owner_id": facts.owner_id,
        "owner_title": facts.owner_title,
        "item_count": facts.item_count,
        "restrictions": None if facts.restrictions is None else " ".join(facts.restrictions),
    }


def _known(row: Row[Any]) -> Known:
    state = State(row.state)
    checked = to_time(row.last_checked_at)
    return Known(
        state=state,
        state_since=to_time(row.state_since_at),
        first_seen=to_time(row.first_seen_at),
        reason=None if row.reason is None else Reason(row.reason),
        last_checked=checked,
        last_available=checked if state is State.AVAILABLE else to_time(row.last_available_at),
        strikes=row.strikes,
        last_strike=to_time(row.last_strike_at),
        api=None if row.api is None else Answer(row.api),
        oembed=None if row.oembed is None else Answer(row.oembed),
        facts=Facts(
            title=row.title,
            owner_id=row.owner_id,
            owner_title=row.owner_title,
            item_count=row.item_count,
            restrictions=None if row.restrictions is None else tuple(row.restrictions.split()),
        ),
    )


def _spanned(known: Known) -> dict[str, str | None]:
    facts = known.facts
    return {
        "state": known.state if known.reason is None else f"{known.state} {known.reason}",
        "title": facts.title,
        "owner": facts.owner_id if facts.owner_title is None else f"{facts.owner_title} {facts.owner_id or ''}".strip(),
        "item_count": None if facts.item_count is None else str(facts.item_count),
        "restrictions": None if facts.restrictions is None else " ".join(facts.restrictions),
    }


def _superseded(connection: Connection, row: Row[Any], before: Known, after: Known) -> list[dict[str, Any]]:
    """The values that end with this check; one that was never told (None) leaves no span."""
    old, new = _spanned(before), _spanned(after)
    ended = []
    for attribute in _SPANNED:
        if old[attribute] is not None and old[attribute] != new[attribute]:
            last_seen = before.last_checked or before.first_seen
            query = select(spans.c.last_seen_at).where(spans.c.resource_id == row.id, spans.c.attribute == attribute)
            earlier = connection.execute(query.order_by(spans.c.id.desc()).limit(1)).scalar()
            ended.append(
                {
                    "resource_id": row.id,
                    "attribute": attribute,
                    "value": old[attribute],
                    "first_seen_at": earlier or row.first_seen_at,
                    "last_seen_at": to_seconds(last_seen),
                }
            )
    return ended
