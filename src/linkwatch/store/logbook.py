"""The log of what linkwatch did itself: checks, messages, quota units. It ends, so that the database stays bounded.

What happened to a resource is kept for ever, and so are the checks that found it.
"""

from datetime import datetime, timedelta

from sqlalchemy import Delete, delete, func, select

from linkwatch.store.ledger import pacific_day
from linkwatch.store.tables import calls, events, member_events, outbox, quota_days, runs, to_millis

KEPT = timedelta(days=365)
"""How long a check that found nothing, a message that was sent and a day's quota units are remembered."""

CHECKS_KEPT = 30
"""So many of the last complete checks of the same lists are kept however old they are: what a report shows of them."""


def forgetting(now: datetime) -> list[Delete]:
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
