"""What is to be told to whom: put here with the run that it is of, claimed before it is sent, noted afterwards.

A message is sent at least once: whoever dies between sending and noting leaves a claim that runs out, and it is sent
again, with the same id in its text.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, func, insert, or_, select, update

from linkwatch.models.times import to_millis, to_time
from linkwatch.store.database import execute_many
from linkwatch.store.runs import INTERRUPTED
from linkwatch.store.tables import outbox, runs

CLAIM = timedelta(minutes=10)
"""How long a claim counts: far longer than any service takes to answer."""


class MessageState(StrEnum):
    """How far a message has come."""

    PENDING = "pending"
    SENT = "sent"
    DEAD = "dead"
    """Given up: after all its attempts, or too old to be kept."""


class Tone(StrEnum):
    """What a message is about, for the colours of a service."""

    FAILURE = "failure"
    WARNING = "warning"
    SUCCESS = "success"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Message:
    """What one target is told of one run."""

    id: str
    """12 hexadecimal digits, the same for the same run and target."""

    target: str
    """Its name in the settings."""

    tone: Tone
    title: str
    body: str
    is_reminder: bool = False
    """It tells all that is broken, not the new alone."""


@dataclass(frozen=True, slots=True)
class ClaimedMessage:
    """A message that is ours to send."""

    row_id: int
    message: Message
    attempts: int
    """This one is among them."""

    claimed_at: datetime


class LastNotified(NamedTuple):
    """The last run over some lists whose news were put into the outbox."""

    started_at: datetime
    complete: bool


@dataclass(frozen=True, slots=True)
class DeliveryStatus:
    """What one target has not been told yet."""

    target: str
    waiting: int
    dead: int
    failure: str | None
    """Why the last attempt failed; None when there was none."""


def last_notified(connection: Connection, run_id: int) -> LastNotified | None:
    """The last run over the same lists that was told of before this one began; None when there was none.

    What was found by a run that died before it could tell is news still.
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
    """When the checks of the same lists began to be incomplete, up to this run; None when the last was whole."""
    scope = select(runs.c.scope).where(runs.c.id == run_id).scalar_subquery()
    whole = select(func.max(runs.c.id)).where(runs.c.scope == scope, runs.c.complete, runs.c.id < run_id)
    query = select(func.min(runs.c.started_at)).where(
        runs.c.scope == scope,
        runs.c.id <= run_id,
        runs.c.id > func.coalesce(whole.scalar_subquery(), 0),
        runs.c.finished_at.is_not(None),
        ~runs.c.complete,
        runs.c.incomplete_reason.is_distinct_from(INTERRUPTED),
    )
    return to_time(connection.execute(query).scalar())


def last_reminder_time(connection: Connection, run_id: int, target: str) -> datetime | None:
    """When a target was last told of all that is broken in the lists of this run."""
    this = runs.alias()
    query = (
        select(func.max(outbox.c.created_at))
        .join(runs, runs.c.id == outbox.c.run_id)
        .join(this, this.c.scope == runs.c.scope)
        .where(this.c.id == run_id, outbox.c.target == target, outbox.c.reminds)
    )
    return to_time(connection.execute(query).scalar())


def mark_notified(connection: Connection, run_id: int, now: datetime) -> bool:
    """Note that the news of a run are in the outbox; False when they were there before."""
    mine = update(runs).where(runs.c.id == run_id, runs.c.told_at.is_(None))
    return bool(connection.execute(mine.values(told_at=to_millis(now))).rowcount)


def enqueue(connection: Connection, run_id: int, messages: Iterable[Message], now: datetime) -> None:
    """Put messages into the outbox, in the transaction that marks their run as told."""
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
            "state": MessageState.PENDING,
            "created_at": at,
            "next_attempt_at": at,
        }
        for message in messages
    ]
    execute_many(connection, insert(outbox), rows)


def due_messages(connection: Connection, targets: Collection[str], now: datetime) -> list[tuple[int, str]]:
    """What may be sent now to these targets, oldest first: row and target."""
    query = select(outbox.c.id, outbox.c.target).where(_may_be_claimed(now), outbox.c.target.in_(targets))
    return [(row.id, row.target) for row in connection.execute(query.order_by(outbox.c.id))]


def claim_message(connection: Connection, row_id: int, now: datetime) -> ClaimedMessage | None:
    """Claim a message before it is sent; None when somebody else has.

    Of two who claim it at once, one finds it changed: the claim is one conditional statement.
    """
    mine = update(outbox).where(outbox.c.id == row_id, _may_be_claimed(now))
    claimed = mine.values(claimed_at=to_millis(now), attempts=outbox.c.attempts + 1)
    if not connection.execute(claimed).rowcount:
        return None
    row = connection.execute(select(outbox).where(outbox.c.id == row_id)).one()
    message = Message(row.message_id, row.target, Tone(row.tone), row.title, row.body, row.reminds)
    return ClaimedMessage(row.id, message, row.attempts, to_time(row.claimed_at))


def _may_be_claimed(now: datetime) -> ColumnElement[bool]:
    free = or_(outbox.c.claimed_at.is_(None), outbox.c.claimed_at <= to_millis(now - CLAIM))
    return (outbox.c.state == MessageState.PENDING) & (outbox.c.next_attempt_at <= to_millis(now)) & free


def mark_sent(connection: Connection, claimed: ClaimedMessage, now: datetime) -> None:
    """Note that a message was taken; its text, which holds titles, is not kept."""
    values = {"state": MessageState.SENT, "sent_at": to_millis(now), "claimed_at": None, "failure": None}
    connection.execute(update(outbox).where(outbox.c.id == claimed.row_id).values(**values, title=None, body=None))


def mark_failed(connection: Connection, claimed: ClaimedMessage, failure: str, next_attempt: datetime | None) -> None:
    """Note that an attempt failed, unless somebody else has claimed the message meanwhile.

    Args:
        connection: A transaction that writes.
        claimed: What was to be sent.
        failure: Why it was not, in words that hold no secret.
        next_attempt: When it may be tried again; None: it is given up.
    """
    mine = (outbox.c.id == claimed.row_id) & (outbox.c.claimed_at == to_millis(claimed.claimed_at))
    state = MessageState.PENDING if next_attempt else MessageState.DEAD
    at = to_millis(next_attempt or claimed.claimed_at)
    values = {"state": state, "next_attempt_at": at, "claimed_at": None, "failure": failure}
    connection.execute(update(outbox).where(mine, outbox.c.state == MessageState.PENDING).values(**values))


def retry_unsent(connection: Connection, now: datetime) -> int:
    """Let everything that is not sent be tried at once, what was given up too; returns how many messages that is."""
    unsent = update(outbox).where(outbox.c.state != MessageState.SENT, outbox.c.body.is_not(None))
    values = {"state": MessageState.PENDING, "attempts": 0, "next_attempt_at": to_millis(now)}
    return connection.execute(unsent.values(**values)).rowcount


def delivery_statuses(connection: Connection) -> list[DeliveryStatus]:
    """What was not sent and still can be, by target."""
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
