"""Which sessions are over, as the database says; what it said last counts while it can't be read."""

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from linkwatch.daemon.api import DaemonApi
from linkwatch.errors import StoreError
from linkwatch.models.records import EndedSessions
from linkwatch.services.dashboard import end_session, ended_sessions

REFRESH_SECONDS = 5.0
"""How old the knowledge may be: `linkwatch token revoke` runs in another process."""


class Sessions:
    """The sessions that were ended before their time.

    Args:
        daemon: With the database.
        monotonic: A monotonic clock, in seconds.
    """

    def __init__(self, daemon: DaemonApi, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._daemon, self._monotonic = daemon, monotonic
        self._ended = EndedSessions()
        self._loaded_at: float | None = None

    @property
    def is_stale(self) -> bool:
        return self._loaded_at is None or self._monotonic() - self._loaded_at >= REFRESH_SECONDS

    def refresh(self) -> None:
        """Read the database."""
        self._loaded_at = self._monotonic()
        with suppress(StoreError):
            self._ended = ended_sessions(self._daemon.database)

    def is_over(self, digest: str, begun_at: datetime) -> bool:
        revoked = self._ended.revoked_at
        return digest in self._ended.digests or (revoked is not None and begun_at <= revoked)

    def end(self, digest: str, until: datetime, now: datetime) -> None:
        """End one.

        Raises:
            StoreError: The database can't be written; the session goes on.
        """
        end_session(self._daemon.database, digest, until, now)
        self.refresh()
