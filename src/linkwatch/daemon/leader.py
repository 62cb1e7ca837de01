"""Leader election: of several daemons on one database one is active, the others are on standby."""

import os
import socket
from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

from linkwatch.store.database import Database
from linkwatch.store.leases import DAEMON, Lease, acquire_lease, load_lease, release_lease, renew_lease, verify_lease
from linkwatch.store.process_lock import process_lock


def this_process() -> str:
    """A name for this process that no other process has, on whatever host."""
    return f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}"


class Leader:
    """The lease of one daemon, and the guard that refuses its writes when the lease is lost.

    Args:
        database: From the first lease on, each of its write transactions is refused unless the lease is held.
        holder: Name of this process, unique among all hosts.
        clock: The present time.
    """

    def __init__(self, database: Database, holder: str, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._holder = holder
        self._clock = clock
        self._lease: Lease | None = None
        self._lock = process_lock(database)

    @property
    def is_leader(self) -> bool:
        """Whether this daemon held the lease when it last looked."""
        return self._lease is not None

    def acquire(self) -> bool:
        """Acquire the lease if it is free; returns whether this daemon holds it."""
        if self._lease is None:
            self._database.guard = None
            locked = self._lock.acquire()
            with self._database.write() as connection:
                lease = acquire_lease(connection, DAEMON, self._holder, self._clock(), locked=locked)
            if lease is not None:
                self._lease = lease
                self._database.guard = lambda connection: verify_lease(connection, lease, self._clock())
            else:
                self._lock.release()  # the leader may be without it, and wait for it
        return self.is_leader

    def renew(self) -> None:
        """Renew the lease if this daemon holds it; called every few seconds from a thread of its own.

        Raises:
            LeaseLostError: Another daemon has it.
        """
        if (lease := self._lease) is not None:
            with self._database.write() as connection:
                renew_lease(connection, lease, self._clock())

    def resign(self) -> None:
        """Stop being the leader; the guard stays until the lease is held again, so that nothing half done is saved."""
        self._lease = None
        self._lock.release()

    def release(self) -> None:
        """Release the lease, so that another daemon can take over at once."""
        if (lease := self._lease) is not None:
            self._lease = None
            try:
                with self._database.write() as connection:
                    release_lease(connection, lease, self._clock())
            finally:
                self._lock.release()

    def heartbeat(self) -> datetime | None:
        """When any daemon last renewed the lease; None when none ever held it."""
        with self._database.read() as connection:
            held = load_lease(connection, DAEMON)
        return None if held is None else held.renewed_at
