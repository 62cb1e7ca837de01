"""The outbox: messages are queued with their run, claimed before they are sent, and marked afterwards.

A message is sent at least once: a process that dies between sending and marking leaves a claim that expires, and the
message is sent again, with the same id in its text.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, func, insert, or_, select, update

from linkwatch.models.records import DeliveryStatus
from linkwatch.models.times import CLOCK_TOLERANCE, to_millis, to_time
from linkwatch.store.database import execute_many
from linkwatch.store.runs import INTERRUPTED
from linkwatch.store.tables import outbox, runs

CLAIM = timedelta(minutes=10)
"""How long a claim is valid: far longer than any service takes to answer."""


MAX_WAIT = timedelta(days=1)
"""No message waits longer for its next attempt."""


NO_TEXT = {"title": None, "body": None, "document": None}
"""What a message is left with that was sent or purged: its text holds titles."""


class MessageState(StrEnum):
    """The delivery state of a message."""

    PENDING = "pending"
    SENT = "sent"
    DEAD = "dead"
    """Given up: after all attempts, or because its text was purged."""


class Tone(StrEnum):
    """What a message reports, which services show as a colour."""

    FAILURE = "failure"
    WARNING = "warning"
    SUCCESS = "success"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Message:
    """The message of one run to one target."""

    id: str
    """12 hexadecimal digits, the same for the same run and target."""

    target: str
    """Its name in the settings."""

    tone: Tone
    title: str
    body: str
    is_reminder: bool = False
    """It names every broken link, not the new ones alone."""

    document: str | None = None
    """The digest that it is made from, as JSON: services get it in their own form. None: from an older version."""


@dataclass(frozen=True, slots=True)
class ClaimedMessage:
    """A message that this process has claimed, and is to send."""

    row_id: int
    message: Message
    attempts: int
    """This one included."""

    claimed_at: datetime


class LastNotified(NamedTuple):
    """The last run of some lists whose messages were queued."""

    started_at: datetime
    complete: bool


def last_notified(connection: Connection, run_id: int) -> LastNotified | None:
    """The last run of the same lists whose messages were queued before this one began; None when there is none.

    What a run found that was killed before it queued messages is still to be sent.
    """
    this = runs.alias()
    query = (
        select(runs.c.started_at, runs.c.complete)
        .join(this, (this.c.scope == runs.c.scope) & (runs.c.told_at <= this.c.started_at))
        .where(this.c.id == run_id, runs.c.id != run_id)
        .order_by(runs.c.started_at.desc(), runs.c.id.desc())
        .limit(1)
    )
    row = connection.execute(query).first()
    return None if row is None else LastNotified(to_time(row.started_at), row.complete)


def incomplete_since(connection: Connection, run_id: int) -> datetime | None:
    """Since when the runs of the same lists up to this one have been incomplete; None when it is complete."""
    scope = select(runs.c.scope).where(runs.c.id == run_id).scalar_subquery()
    complete = select(func.max(runs.c.id)).where(runs.c.scope == scope, runs.c.complete, runs.c.id < run_id)
    query = select(func.min(runs.c.started_at)).where(
        runs.c.scope == scope,
        runs.c.id <= run_id,
        runs.c.id > func.coalesce(complete.scalar_subquery(), 0),
        runs.c.finished_at.is_not(None),
        ~runs.c.complete,
        runs.c.incomplete_reason.is_distinct_from(INTERRUPTED),
    )
    return to_time(connection.execute(query).scalar())


def last_reminder_time(connection: Connection, run_id: int, target: str, now: datetime) -> datetime | None:
    """When the last reminder to a target about the lists of this run was queued; ahead of now counts as never."""
    this = runs.alias()
    query = (
        select(func.max(outbox.c.created_at))
        .join(runs, runs.c.id == outbox.c.run_id)
        .join(this, this.c.scope == runs.c.scope)
        .where(this.c.id == run_id, outbox.c.target == target, outbox.c.reminds)
        .where(outbox.c.created_at <= to_millis(now + CLOCK_TOLERANCE))
    )
    return to_time(connection.execute(query).scalar())


def mark_notified(connection: Connection, run_id: int, now: datetime) -> bool:
    """Mark that the messages of a run are queued; False when they already were."""
    unmarked = update(runs).where(runs.c.id == run_id, runs.c.told_at.is_(None))
    return bool(connection.execute(unmarked.values(told_at=to_millis(now))).rowcount)


def enqueue(connection: Connection, run_id: int, messages: Iterable[Message], now: datetime) -> None:
    """Queue messages, in the transaction that marks their run with `mark_notified`."""
    at = to_millis(now)
    rows = [
        {
            "message_id": message.id,
            "run_id": run_id,
            "target": message.target,
            "tone": message.tone,
            "title": message.title,
            "body": message.body,
            "reminds": message.is_reminder,
            "document": message.document,
            "state": MessageState.PENDING,
            "created_at": at,
            "next_attempt_at": at,
        }
        for message in messages
    ]
    execute_many(connection, insert(outbox), rows)


def due_messages(connection: Connection, targets: Collection[str], now: datetime) -> list[tuple[int, str]]:
    """The messages that may be sent now to these targets, oldest first: row id and target."""
    query = select(outbox.c.id, outbox.c.target).where(_may_be_claimed(now), outbox.c.target.in_(targets))
    return [(row.id, row.target) for row in connection.execute(query.order_by(outbox.c.id))]


def claim_message(connection: Connection, row_id: int, now: datetime) -> ClaimedMessage | None:
    """Claim a message before it is sent; None when another process has.

    The claim is one conditional statement: of two processes one gets it.
    """
    claim = update(outbox).where(outbox.c.id == row_id, _may_be_claimed(now))
    claim = claim.values(claimed_at=to_millis(now), attempts=outbox.c.attempts + 1)
    if not connection.execute(claim).rowcount:
        return None
    row = connection.execute(select(outbox).where(outbox.c.id == row_id)).one()
    message = Message(row.message_id, row.target, Tone(row.tone), row.title, row.body, row.reminds, row.document)
    return ClaimedMessage(row.id, message, row.attempts, to_time(row.claimed_at))


def _may_be_claimed(now: datetime) -> ColumnElement[bool]:
    # What lies further ahead than these can was stored while the clock was wrong: it delays nothing.
    free = or_(
        outbox.c.claimed_at.is_(None),
        outbox.c.claimed_at <= to_millis(now - CLAIM),
        outbox.c.claimed_at > to_millis(now + CLAIM),
    )
    due = or_(outbox.c.next_attempt_at <= to_millis(now), outbox.c.next_attempt_at > to_millis(now + MAX_WAIT))
    return (outbox.c.state == MessageState.PENDING) & due & free


def mark_sent(connection: Connection, claimed: ClaimedMessage, now: datetime) -> None:
    """Mark a message as sent, and delete its text, which holds titles."""
    values = {"state": MessageState.SENT, "sent_at": to_millis(now), "claimed_at": None, "failure": None}
    connection.execute(update(outbox).where(outbox.c.id == claimed.row_id).values(**values, **NO_TEXT))


def mark_failed(connection: Connection, claimed: ClaimedMessage, failure: str, next_attempt: datetime | None) -> None:
    """Save that an attempt failed, unless another process has claimed the message meanwhile.

    Args:
        connection: A transaction that writes.
        claimed: The message.
        failure: The reason, without secrets.
        next_attempt: When it may be sent again; None: it is given up.
    """
    ours = (outbox.c.id == claimed.row_id) & (outbox.c.claimed_at == to_millis(claimed.claimed_at))
    state = MessageState.PENDING if next_attempt else MessageState.DEAD
    at = to_millis(next_attempt or claimed.claimed_at)
    values = {"state": state, "next_attempt_at": at, "claimed_at": None, "failure": failure}
    connection.execute(update(outbox).where(ours, outbox.c.state == MessageState.PENDING).values(**values))


def retry_unsent(connection: Connection, now: datetime) -> int:
    """Make all messages that were not sent due at once, those given up too; returns how many."""
    unsent = update(outbox).where(outbox.c.state != MessageState.SENT, outbox.c.body.is_not(None))
    values = {"state": MessageState.PENDING, "attempts": 0, "next_attempt_at": to_millis(now)}
    return connection.execute(unsent.values(**values)).rowcount


def delivery_statuses(connection: Connection) -> list[DeliveryStatus]:
    """The messages that were not sent and still can be, counted by target."""
    query = select(outbox).where(outbox.c.state != MessageState.SENT, outbox.c.body.is_not(None))
    rows = connection.execute(query.order_by(outbox.c.id)).all()
    return [
        DeliveryStatus(
            target,
            waiting=sum(row.state == MessageState.PENDING for row in theirs),
            dead=sum(row.state == MessageState.DEAD for row in theirs),
            failure=next((row.failure for row in reversed(theirs) if row.failure), None),
        )
        for target in dict.fromkeys(row.target for row in rows)
        for theirs in [[row for row in rows if row.target == target]]
    ]
