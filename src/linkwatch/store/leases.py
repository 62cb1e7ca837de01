"""Who works on a database: of two daemons one holds the lease, and whoever has lost it can write no more."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from linkwatch.errors import LeaseLostError
from linkwatch.models.times import to_millis, to_time
from linkwatch.store.tables import leases

DAEMON = "daemon"
"""The lease of those who check by schedule."""

TERM = timedelta(seconds=90)
"""How long a lease counts after it was renewed; its holder renews it every few seconds."""


@dataclass(frozen=True, slots=True)
class Lease:
    """A lease that was taken."""

    name: str
    holder: str
    token: int
    """One more each time it changes hands: a fencing token."""


class LeaseHolder(NamedTuple):
    """Who holds a lease, by its row."""

    holder: str | None
    """None: it was given back."""

    renewed_at: datetime
    expires_at: datetime


def acquire_lease(connection: Connection, name: str, holder: str, now: datetime) -> Lease | None:
    """Take a lease that is free, has run out, or is the holder's own; None when somebody else has it."""
    at, until = to_millis(now), to_millis(now + TERM)
    free = or_(leases.c.holder.is_(None), leases.c.holder == holder, leases.c.expires_at <= at)
    mine = update(leases).where(leases.c.name == name, free)
    values = {"holder": holder, "token": leases.c.token + 1, "renewed_at": at, "expires_at": until}
    if not connection.execute(mine.values(values)).rowcount:
        if connection.execute(select(leases.c.name).where(leases.c.name == name)).first() is not None:
            return None
        try:
            with connection.begin_nested():
                connection.execute(insert(leases).values({"name": name, **values, "token": 1}))
        except IntegrityError:  # somebody else was first
            return None
    token = connection.execute(select(leases.c.token).where(leases.c.name == name)).scalar_one()
    return Lease(name, holder, token)


def renew_lease(connection: Connection, lease: Lease, now: datetime) -> None:
    """Renew a lease; this is the heartbeat too.

    Raises:
        LeaseLostError: Somebody else has taken it.
    """
    mine = update(leases).where(leases.c.name == lease.name, leases.c.token == lease.token)
    if not connection.execute(mine.values(renewed_at=to_millis(now), expires_at=to_millis(now + TERM))).rowcount:
        raise _lost(lease)


def verify_lease(connection: Connection, lease: Lease) -> None:
    """Make sure, inside a transaction that writes, that a lease is still its holder's.

    Raises:
        LeaseLostError: Somebody else has taken it.
    """
    token = connection.execute(select(leases.c.token).where(leases.c.name == lease.name)).scalar()
    if token != lease.token:
        raise _lost(lease)


def release_lease(connection: Connection, lease: Lease, now: datetime) -> None:
    """Let the next one take it at once."""
    mine = update(leases).where(leases.c.name == lease.name, leases.c.token == lease.token)
    connection.execute(mine.values(holder=None, renewed_at=to_millis(now), expires_at=to_millis(now)))


def load_lease(connection: Connection, name: str) -> LeaseHolder | None:
    """Who holds a lease; None when nobody ever has."""
    row = connection.execute(select(leases).where(leases.c.name == name)).first()
    return None if row is None else LeaseHolder(row.holder, to_time(row.renewed_at), to_time(row.expires_at))


def _lost(lease: Lease) -> LeaseLostError:
    return LeaseLostError(f"another {lease.name} has taken over this database", remedy="See what else runs on it.")
