"""Care of the data: back it up, and let go of what YouTube's terms do not allow to be kept."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Delete, Update, and_, delete, func, or_, select, update

from linkwatch.models.events import EventKind
from linkwatch.models.observation import MemberState, State
from linkwatch.models.resource import Kind
from linkwatch.models.times import to_millis
from linkwatch.store.outbox import purge_old_texts
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
)

KEPT = timedelta(days=365)
"""How long a check that found nothing, a message that was sent and a day's quota units are remembered."""


CHECKS_KEPT = 30
"""So many of the last complete checks of the same lists are kept however old they are: what a report shows of them."""


def log_deletions(now: datetime) -> list[Delete]:
    """The statements that delete what nobody needs any more; in this order, for messages belong to checks."""
    limit = to_millis(now - KEPT)
    handed_out = delete(calls).where(calls.c.run_id.in_(select(runs.c.id).where(runs.c.started_at < limit)))
    return [
        _messages(limit),
        handed_out,
        _checks(limit),
        delete(quota_days).where(quota_days.c.day < pacific_day(now - KEPT)),
    ]


def _messages(limit: int) -> Delete:
    """Those without a text: sent, or too old. The last reminder stays, for the next one is reckoned from it."""
    reminders = (
        select(func.max(outbox.c.id))
        .join(runs, runs.c.id == outbox.c.run_id)
        .where(outbox.c.reminds)
        .group_by(runs.c.scope, outbox.c.target)
    )
    old = outbox.c.created_at < limit
    return delete(outbox).where(old, outbox.c.body.is_(None), outbox.c.id.not_in(reminders))


def _checks(limit: int) -> Delete:
    """Those to which nothing refers, but for the first, the last complete and the last told ones of the same lists."""
    newer = runs.alias()
    last_complete = (
        select(newer.c.id)
        .where(newer.c.scope == runs.c.scope, newer.c.asked == runs.c.asked, newer.c.complete)
        .order_by(newer.c.id.desc())
        .limit(1)
        .offset(CHECKS_KEPT - 1)
        .scalar_subquery()
    )
    referring = (select(table.c.id).where(table.c.run_id == runs.c.id) for table in (events, member_events, outbox))
    first = select(func.min(runs.c.id)).group_by(runs.c.scope)
    last_told = select(func.max(runs.c.id)).where(runs.c.told_at.is_not(None)).group_by(runs.c.scope)
    return delete(runs).where(
        runs.c.started_at < limit,
        *(~one.exists() for one in referring),
        runs.c.id.not_in(first),
        runs.c.id.not_in(last_told),
        runs.c.id < last_complete,  # never true where there are fewer
    )


_TOLD_BY = {
    "title": (EventKind.RETITLED,),
    "item_count": (EventKind.GROWN, EventKind.SHRUNK, EventKind.EMPTIED),
    "owner": (EventKind.OWNER_CHANGED,),
    "restrictions": (EventKind.RESTRICTED, EventKind.UNRESTRICTED),
}
"""What YouTube told, by the attribute of the spans, and the events that tell it too; states are our own."""


@dataclass(frozen=True, slots=True)
class PurgeResult:
    """What a purge has changed."""

    data_rows: int
    """Rows that hold less of what YouTube told than before."""

    log_rows: int
    """Rows of linkwatch's own log that are gone."""


def purge(connection: Connection, *, now: datetime, retention: timedelta) -> PurgeResult:
    """Purge what YouTube told longer ago than the retention and can't be refreshed, and the end of the log.

    Superseded titles, counts, owners and restrictions go, those and the handle of a resource not seen for so long, and
    those of what left a playlist or was not looked at for so long; ids, states, times, places, the fact that something
    changed, and the users' own labels stay. Of the log goes what `logbook` says.

    Args:
        connection: A transaction that writes.
        now: The present time.
        retention: How long it is kept; the Developer Policies (III.E.4) allow 30 days.
    """
    limit = to_millis(now - retention)
    fresh = spans.c.value.is_not(None) & (spans.c.last_seen_at >= limit)
    old_spans = update(spans).where(
        spans.c.attribute.in_(_TOLD_BY), spans.c.value.is_not(None), spans.c.last_seen_at < limit
    )
    statements: list[Update] = [old_spans.values(value=None)]
    for attribute, kinds in _TOLD_BY.items():
        told_by = events.c.kind.in_(kinds)
        statements.append(
            update(events).where(told_by, events.c.at < limit, events.c.after.is_not(None)).values(after=None)
        )
        # The value before an event was last seen by the check before it: longer ago than the event.
        kept = select(spans.c.id).where(
            spans.c.resource_id == events.c.resource_id,
            spans.c.attribute == attribute,
            spans.c.superseded_at == events.c.at,
            fresh,
        )
        statements.append(
            update(events).where(told_by, events.c.before.is_not(None), ~kept.exists()).values(before=None)
        )
    unseen = ((resources.c.last_checked_at < limit) & (resources.c.state == State.AVAILABLE)) | (
        (resources.c.last_available_at < limit) & (resources.c.state != State.AVAILABLE)
    )
    told = or_(*(resources.c[name].is_not(None) for name in ("title", "owner_title", "item_count", "restrictions")))
    gone = update(resources).where(unseen, told)
    statements.append(gone.values(title=None, owner_title=None, item_count=None, restrictions=None))
    seen = select(resources.c.youtube_id).where(resources.c.kind == Kind.CHANNEL, ~unseen)
    forgotten = delete(handles).where(handles.c.channel_id.not_in(seen))
    statements += [*_inside(limit), purge_old_texts(limit)]
    return PurgeResult(
        data_rows=sum(connection.execute(statement).rowcount for statement in (*statements, forgotten)),
        log_rows=sum(connection.execute(statement).rowcount for statement in log_deletions(now)),
    )


def _inside(limit: int) -> list[Update]:
    """What looks inside playlists were told before the limit, and no look has told again since."""
    unseen = select(looks.c.resource_id).where(looks.c.looked_at < limit)
    # When a closed playlist was last open is not known: what was met before the limit may be as old.
    closed = select(looks.c.resource_id).where(looks.c.closed)
    old = or_(
        memberships.c.left_at < limit,
        and_(memberships.c.state != MemberState.AVAILABLE, memberships.c.state_since_at < limit),
        memberships.c.resource_id.in_(unseen),
        and_(memberships.c.first_seen_at < limit, memberships.c.resource_id.in_(closed)),
    )
    told = or_(*(memberships.c[name].is_not(None) for name in ("title", "owner_title", "restrictions")))
    counted = or_(looks.c.etag.is_not(None), looks.c.item_count.is_not(None))
    return [
        update(memberships).where(old, told).values(title=None, owner_title=None, restrictions=None),
        update(looks).where(looks.c.looked_at < limit, counted).values(etag=None, item_count=None),
    ]
