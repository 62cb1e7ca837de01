"""Sends the messages that are due: each is claimed, sent outside of a transaction, and marked."""

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from linkwatch.notifications.apprise_transport import Deliver
from linkwatch.notifications.urls import NotSentError
from linkwatch.settings import Notify
from linkwatch.store.database import Database
from linkwatch.store.outbox import ClaimedMessage, claim_message, due_messages, mark_failed, mark_sent

MAX_ATTEMPTS = 15
"""After so many attempts a message is given up: at least two days if they are made every few minutes."""

FIRST_RETRY_DELAY = timedelta(minutes=1)
"""Before the second attempt; doubled each time, plus up to as much again at random."""

MAX_RETRY_DELAY = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Attempt:
    """The attempt to send one message."""

    target: str
    title: str
    failure: str | None
    """None: it was sent."""

    given_up: bool = False


def send_due(
    database: Database,
    targets: Iterable[Notify],
    deliver: Deliver,
    *,
    clock: Callable[[], datetime],
    jitter: Callable[[], float] = random.random,
) -> list[Attempt]:
    """Send what is due, oldest first; after a failure the other messages for that recipient wait.

    Args:
        database: Where the outbox is.
        targets: The recipients; messages for others wait.
        deliver: Sends one message.
        clock: The present time.
        jitter: From 0 to 1.
    """
    by_name = {target.name: target for target in targets}
    with database.read() as connection:
        waiting = due_messages(connection, by_name, clock())
    attempts: list[Attempt] = []
    failing: set[str] = set()
    for row_id, name in waiting:
        if name in failing:
            continue
        with database.write() as connection:
            claimed = claim_message(connection, row_id, clock())
        if claimed is not None:
            attempts.append(_attempt(database, by_name[name], claimed, deliver, clock, jitter))
            failing |= {name} if attempts[-1].failure else set()
    return attempts


def _attempt(
    database: Database,
    target: Notify,
    claimed: ClaimedMessage,
    deliver: Deliver,
    clock: Callable[[], datetime],
    jitter: Callable[[], float],
) -> Attempt:
    try:
        deliver(target, claimed.message)
    except NotSentError as error:
        again = None if claimed.attempts >= MAX_ATTEMPTS else clock() + retry_delay(claimed.attempts, jitter())
        with database.write() as connection:
            mark_failed(connection, claimed, error.why, again)
        return Attempt(target.name, claimed.message.title, error.why, given_up=again is None)
    with database.write() as connection:
        mark_sent(connection, claimed, clock())
    return Attempt(target.name, claimed.message.title, None)


def retry_delay(attempts: int, jitter: float) -> timedelta:
    """The wait after so many attempts, from 1 on."""
    return min(MAX_RETRY_DELAY, FIRST_RETRY_DELAY * float(2 ** (attempts - 1))) * (1 + jitter)
