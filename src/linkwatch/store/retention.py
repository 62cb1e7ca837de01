"""Purging: what YouTube's terms do not allow to be kept, and old entries of linkwatch's own log."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    Connection,
    Delete,
    Table,
    Text,
    Update,
    and_,
    bindparam,
    case,
    delete,
    func,
    or_,
    select,
    update,
)

from linkwatch.models.observation import MemberState, State
from linkwatch.models.resource import Kind
from linkwatch.models.times import to_millis
from linkwatch.store.columns import HISTORY, MEMBER_COLUMNS, RESOURCE_COLUMNS, purged_names
from linkwatch.store.outbox import NO_TEXT, MessageState
from linkwatch.store.quota import pacific_day
from linkwatch.store.tables import (
    calls,
    events,
    handles,
    looks,
    member_events,
    memberships,
    outbox,
    quota_days,
    resources,
    runs,
    spans,
    summaries,
)

KEPT = timedelta(days=365)
"""How long a run without events, a message that was sent and a day's quota units are kept."""

CHECKS_KEPT = 30
"""The last complete runs of the same lists that are kept however old they are: a report shows them."""

_PURGED_HISTORY = [attribute for attribute in HISTORY if attribute.event_kinds]


@dataclass(frozen=True, slots=True)
class PurgeResult:
    """How much a purge changed."""

    data_rows: int
    """Rows that held data from YouTube which is deleted."""

    log_rows: int
    """Rows of linkwatch's own log that are deleted."""


def purge(connection: Connection, *, now: datetime, retention: timedelta) -> PurgeResult:
    """Delete the data from YouTube that is older than the retention and was not refreshed, and the end of the log.

    Deleted are: former titles, counts, owners and restrictions; the present ones and the handle of a resource that was
    not seen for so long; those of members that left, or whose playlist was not inspected for so long; and the texts of
    messages that were not sent. Ids, states, times, positions, the fact that something changed, and the users' own
    labels stay. Of the log everything older than `KEPT` is deleted, but for what later checks and reports need.

    Args:
        connection: A transaction that writes.
        now: The present time.
        retention: How long data is kept; the Developer Policies (III.E.4) allow 30 days.
    """
    limits = {"limit": to_millis(now - retention)}
    log_limits = {"limit": to_millis(now - KEPT), "before_day": pacific_day(now - KEPT)}
    return PurgeResult(
        data_rows=sum(connection.execute(statement, limits).rowcount for statement in _data_deletions()),
        log_rows=sum(connection.execute(statement, log_limits).rowcount for statement in log_deletions()),
    )


@cache
def _data_deletions() -> tuple[Update | Delete, ...]:
    """The statements that delete data from YouTube that is older than `limit`; built once: each check runs them."""
    limit = bindparam("limit", type_=BigInteger)
    return (*_history(limit), *_resources(limit), *_inside_playlists(limit), _unsent_texts(limit), _summaries(limit))


def _history(limit: BindParameter[int]) -> list[Update]:
    fresh = spans.c.value.is_not(None) & (spans.c.last_seen_at >= limit)
    names = [attribute.name for attribute in _PURGED_HISTORY]
    old = spans.c.attribute.in_(names) & spans.c.value.is_not(None) & (spans.c.last_seen_at < limit)
    # Few statements: each reads all events.
    quoting = update(events).where(events.c.kind.in_([kind for each in _PURGED_HISTORY for kind in each.event_kinds]))
    quoted = case(*((events.c.kind.in_(attribute.event_kinds), attribute.name) for attribute in _PURGED_HISTORY))
    # The value before an event was last seen by the check before it: longer ago than the event.
    still_fresh = select(spans.c.id).where(
        spans.c.resource_id == events.c.resource_id,
        spans.c.attribute == quoted,
        spans.c.superseded_at == events.c.at,
        fresh,
    )
    return [
        update(spans).where(old).values(value=None),
        quoting.where(events.c.at < limit, events.c.after.is_not(None)).values(after=None),
        quoting.where(events.c.before.is_not(None), ~still_fresh.exists()).values(before=None),
    ]


def _resources(limit: BindParameter[int]) -> list[Update | Delete]:
    unseen = ((resources.c.last_checked_at < limit) & (resources.c.state == State.AVAILABLE)) | (
        (resources.c.last_available_at < limit) & (resources.c.state != State.AVAILABLE)
    )
    seen = select(resources.c.youtube_id).where(resources.c.kind == Kind.CHANNEL, ~unseen)
    return [
        _emptied(resources, purged_names(RESOURCE_COLUMNS), unseen),
        delete(handles).where(handles.c.channel_id.not_in(seen)),
    ]


def _inside_playlists(limit: BindParameter[int]) -> list[Update]:
    not_inspected = select(looks.c.resource_id).where(looks.c.looked_at < limit)
    # When a closed playlist was last open is not stored: what was first seen before the limit may be as old.
    closed = select(looks.c.resource_id).where(looks.c.closed)
    old = or_(
        memberships.c.left_at < limit,
        and_(memberships.c.state != MemberState.AVAILABLE, memberships.c.state_since_at < limit),
        memberships.c.resource_id.in_(not_inspected),
        and_(memberships.c.first_seen_at < limit, memberships.c.resource_id.in_(closed)),
    )
    return [
        _emptied(memberships, purged_names(MEMBER_COLUMNS), old),
        _emptied(looks, ("etag", "item_count", "counted"), looks.c.looked_at < limit),
    ]


def _emptied(table: Table, names: tuple[str, ...], condition: ColumnElement[bool]) -> Update:
    """Empties these columns of the rows that meet the condition and hold a value in one of them."""
    filled = or_(*(table.c[name].is_not(None) for name in names))
    return update(table).where(condition, filled).values(dict.fromkeys(names))


def _unsent_texts(limit: BindParameter[int]) -> Update:
    """Gives up the messages that were not sent for so long, and deletes their texts, which hold titles."""
    old = update(outbox).where(outbox.c.created_at < limit, outbox.c.body.is_not(None))
    return old.values(state=MessageState.DEAD, **NO_TEXT)


def _summaries(limit: BindParameter[int]) -> Delete:
    """Deletes summaries, which hold titles, of lists that were not checked for so long."""
    return delete(summaries).where(summaries.c.made_at < limit)


@cache
def log_deletions() -> tuple[Delete, ...]:
    """The statements that delete the log before `limit` and `before_day`, in the order that foreign keys demand."""
    limit = bindparam("limit", type_=BigInteger)
    old_runs = select(runs.c.id).where(runs.c.started_at < limit)
    return (
        _messages(limit),
        delete(calls).where(calls.c.run_id.in_(old_runs)),
        _runs(limit),
        delete(quota_days).where(quota_days.c.day < bindparam("before_day", type_=Text)),
    )


def _messages(limit: BindParameter[int]) -> Delete:
    """Messages without a text; but for the last reminder, from which the time of the next one is computed."""
    reminders = (
        select(func.max(outbox.c.id))
        .join(runs, runs.c.id == outbox.c.run_id)
        .where(outbox.c.reminds)
        .group_by(runs.c.scope, outbox.c.target)
    )
    return delete(outbox).where(outbox.c.created_at < limit, outbox.c.body.is_(None), outbox.c.id.not_in(reminders))


def _runs(limit: BindParameter[int]) -> Delete:
    """Runs that no row refers to; but for the first, the last complete and the last notified ones of the same lists."""
    newer = runs.alias()
    last_complete = (
        select(newer.c.id)
        .where(newer.c.scope == runs.c.scope, newer.c.asked == runs.c.asked, newer.c.complete)
        .order_by(newer.c.id.desc())
        .limit(1)
        .offset(CHECKS_KEPT - 1)
        .scalar_subquery()
    )
    references = (select(table.c.id).where(table.c.run_id == runs.c.id) for table in (events, member_events, outbox))
    first = select(func.min(runs.c.id)).group_by(runs.c.scope)
    last_notified = select(func.max(runs.c.id)).where(runs.c.told_at.is_not(None)).group_by(runs.c.scope)
    return delete(runs).where(
        runs.c.started_at < limit,
        *(~reference.exists() for reference in references),
        runs.c.id.not_in(first),
        runs.c.id.not_in(last_notified),
        runs.c.id < last_complete,  # never true where there are fewer
    )
