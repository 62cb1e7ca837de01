"""Of several daemons on one database one works; the others wait for their turn."""

import os
import socket
from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

from linkwatch.store.database import Database
from linkwatch.store.leases import DAEMON, Lease, acquire_lease, release_lease, renew_lease, verify_lease


def this_process() -> str:
    """Who we are, for a lease: no other process, on whatever host, has the same."""
    return f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}"


class Leader:
    """The lease of one daemon, and the guard that keeps it from writing without.

    Args:
        database: Whose every transaction that writes is refused, from the first lease on, once the lease is lost.
        holder: Who we are: no other process, on whatever host, may have the same.
        clock: The present time.
    """

    def __init__(self, database: Database, holder: str, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._holder = holder
        self._clock = clock
        self._lease: Lease | None = None

    @property
    def leads(self) -> bool:
        """Whether it was ours when we last looked."""
        return self._lease is not None

    def take(self) -> bool:
        """Take the lease if it is free; returns whether it is ours."""
        if self._lease is None:
            self._database.guard = None
            with self._database.write() as connection:
                lease = acquire_lease(connection, DAEMON, self._holder, self._clock())
            if lease is not None:
                self._lease = lease
                self._database.guard = lambda connection: verify_lease(connection, lease)
        return self.leads

    def renew(self) -> None:
        """Renew the lease, when it is ours; called every few seconds from a thread of its own.

        Raises:
            LeaseLostError: Another daemon has it.
        """
        if (lease := self._lease) is not None:
            with self._database.write() as connection:
                renew_lease(connection, lease, self._clock())

    def resign(self) -> None:
        """Lead no more; the guard stays until the lease is ours again, so that nothing begun is written."""
        self._lease = None

    def give_back(self) -> None:
        """Let the next one lead at once."""
        if (lease := self._lease) is not None:
            self._lease = None
            with self._database.write() as connection:
                release_lease(connection, lease, self._clock())
