"""Leases: of several daemons on a database one is the leader, and one that lost its lease can't write."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, Update, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from linkwatch.errors import LeaseLostError
from linkwatch.models.times import to_millis, to_time
from linkwatch.store.tables import leases

DAEMON = "daemon"
"""The name of the lease of the process that runs the schedules."""

TERM = timedelta(seconds=90)
"""How long a lease is valid after it was renewed; its holder renews it every few seconds."""


@dataclass(frozen=True, slots=True)
class Lease:
    """A lease that this process acquired."""

    name: str
    holder: str
    token: int
    """Fencing token: increases each time that the lease is acquired."""


class LeaseHolder(NamedTuple):
    """A lease as it is stored."""

    holder: str | None
    """None: it was released."""

    renewed_at: datetime
    expires_at: datetime

    def is_held(self, now: datetime) -> bool:
        """Whether a process holds it; not when it was renewed by a clock that was ahead by more than its term."""
        return self.holder is not None and self.expires_at > now and self.renewed_at <= now + TERM


LOCKED = "+lock"
"""The end of the name of a holder that also holds the lock of `process_lock.py`."""


def acquire_lease(
    connection: Connection, name: str, holder: str, now: datetime, *, locked: bool = False
) -> Lease | None:
    """Acquire a lease that is free, has expired, or is the holder's own; None when another process holds it.

    Args:
        connection: A transaction that writes.
        name: Of the lease.
        holder: The name of this process.
        now: The present time.
        locked: This process holds the lock: a holder that held it is dead, or has resigned.
    """
    holder = f"{holder}{LOCKED}" if locked else holder
    at, until = to_millis(now), to_millis(now + TERM)
    free = or_(
        leases.c.holder.is_(None),
        leases.c.holder == holder,
        leases.c.expires_at <= at,
        *([leases.c.holder.endswith(LOCKED, autoescape=True)] if locked else []),
        leases.c.renewed_at > until,  # by a clock that was wrong; those of two hosts may differ by the term
    )
    acquire = update(leases).where(leases.c.name == name, free)
    values = {"holder": holder, "token": leases.c.token + 1, "renewed_at": at, "expires_at": until}
    if not connection.execute(acquire.values(values)).rowcount:
        if connection.execute(select(leases.c.name).where(leases.c.name == name)).first() is not None:
            return None
        try:
            with connection.begin_nested():
                connection.execute(insert(leases).values({"name": name, **values, "token": 1}))
        except IntegrityError:  # another process was first
            return None
    token = connection.execute(select(leases.c.token).where(leases.c.name == name)).scalar_one()
    return Lease(name, holder, token)


def renew_lease(connection: Connection, lease: Lease, now: datetime) -> None:
    """Renew a lease; this is the heartbeat, too.

    Raises:
        LeaseLostError: Another process has acquired it.
    """
    if not connection.execute(
        _update(lease).values(renewed_at=to_millis(now), expires_at=to_millis(now + TERM))
    ).rowcount:
        raise _lost(lease)


def verify_lease(connection: Connection, lease: Lease, now: datetime) -> None:
    """Make sure, inside a transaction that writes, that a lease was not acquired by another process.

    One whose term has ended is renewed: its holder was stopped and continued, and what it begins now another process
    must not begin as well.

    Raises:
        LeaseLostError: It was.
    """
    held = connection.execute(select(leases.c.token, leases.c.expires_at).where(leases.c.name == lease.name)).first()
    if held is None or held.token != lease.token:
        raise _lost(lease)
    if held.expires_at <= to_millis(now):
        renew_lease(connection, lease, now)


def release_lease(connection: Connection, lease: Lease, now: datetime) -> None:
    """Release a lease, so that a standby can acquire it at once."""
    connection.execute(_update(lease).values(holder=None, renewed_at=to_millis(now), expires_at=to_millis(now)))


def load_lease(connection: Connection, name: str) -> LeaseHolder | None:
    """A lease as it is stored; None when it was never acquired."""
    row = connection.execute(select(leases).where(leases.c.name == name)).first()
    return None if row is None else LeaseHolder(row.holder, to_time(row.renewed_at), to_time(row.expires_at))


def _update(lease: Lease) -> Update:
    return update(leases).where(leases.c.name == lease.name, leases.c.token == lease.token)


def _lost(lease: Lease) -> LeaseLostError:
    return LeaseLostError(f"another {lease.name} has taken over this database", remedy="See what else runs on it.")
