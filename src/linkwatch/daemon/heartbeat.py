"""The sign of life of a daemon at work, from a thread of its own: the lease is renewed, the service manager told."""

import time
from collections.abc import Callable
from threading import Event, Thread

from linkwatch.daemon.systemd import WATCHDOG, ServiceManager
from linkwatch.errors import LeaseLostError, LinkwatchError

BEAT_INTERVAL = 15.0
"""Seconds between two signs."""

STALL_TIMEOUT = 900.0
"""Seconds without anything done after which there is no sign any more: longer than every wait of a check."""


class Heartbeat:
    """Gives signs of life for as long as the work goes on.

    Args:
        manager: Told of each.
        say: Takes the log.
        every: Seconds between two signs.
        monotonic: Seconds of a clock that nobody sets.
    """

    def __init__(
        self,
        manager: ServiceManager,
        say: Callable[[str], None],
        *,
        every: float = BEAT_INTERVAL,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._manager = manager
        self._say = say
        self._every = every
        self._monotonic = monotonic
        self._stopped = Event()
        self._alive_at = monotonic()

    def note(self) -> None:
        """Something was done: the work goes on."""
        self._alive_at = self._monotonic()

    def start(self, renew: Callable[[], None]) -> None:
        """Begin, with what renews the lease."""
        Thread(target=self._run, args=(renew,), name="linkwatch-heartbeat", daemon=True).start()

    def stop(self) -> None:
        """End."""
        self._stopped.set()

    def _run(self, renew: Callable[[], None]) -> None:
        while not self._stopped.wait(self._every):
            self.beat(renew)

    def beat(self, renew: Callable[[], None]) -> None:
        """One sign of life; none when nothing was done for long, so that somebody starts us anew or takes over."""
        if self._monotonic() - self._alive_at > STALL_TIMEOUT:
            return
        self._manager.tell(WATCHDOG)
        try:
            renew()
        except LeaseLostError:
            return  # the work finds out at its next word to the database, and says so
        except LinkwatchError as error:
            self._say(f"no sign of life: {error.message}")
