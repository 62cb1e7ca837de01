"""The heartbeat of an active daemon, from a thread of its own: it renews the lease and notifies systemd."""

import time
from collections.abc import Callable
from threading import Event, Thread

from linkwatch.daemon.systemd import WATCHDOG, ServiceManager
from linkwatch.errors import LeaseLostError, LinkwatchError

BEAT_INTERVAL = 15.0
"""Seconds between two heartbeats."""

STALL_TIMEOUT = 900.0
"""Seconds without progress after which heartbeats stop: longer than any wait within a check."""


class Heartbeat:
    """Gives heartbeats for as long as the daemon makes progress.

    Args:
        manager: Notified of each heartbeat.
        log: Writes one line.
        interval: Seconds between two heartbeats.
        monotonic: A monotonic clock, in seconds.
    """

    def __init__(
        self,
        manager: ServiceManager,
        log: Callable[[str], None],
        *,
        interval: float = BEAT_INTERVAL,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._manager = manager
        self._log = log
        self._interval = interval
        self._monotonic = monotonic
        self._stopped = Event()
        self._last_progress = monotonic()

    def note_progress(self) -> None:
        """The daemon is not stuck."""
        self._last_progress = self._monotonic()

    def start(self, renew: Callable[[], None]) -> None:
        """Start the thread; `renew` renews the lease."""
        Thread(target=self._run, args=(renew,), name="linkwatch-heartbeat", daemon=True).start()

    def stop(self) -> None:
        """Stop the thread."""
        self._stopped.set()

    def _run(self, renew: Callable[[], None]) -> None:
        while not self._stopped.wait(self._interval):
            self.beat(renew)

    def beat(self, renew: Callable[[], None]) -> None:
        """Give one heartbeat; without recent progress none, so that this daemon is restarted or replaced."""
        if self._monotonic() - self._last_progress > STALL_TIMEOUT:
            return
        self._manager.notify(WATCHDOG)
        try:
            renew()
        except LeaseLostError:
            return  # the scheduler finds out at its next write, and logs it
        except LinkwatchError as error:
            self._log(f"heartbeat failed: {error.message}")
