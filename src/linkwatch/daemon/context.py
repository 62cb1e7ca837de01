"""What the daemon gets from the world around it; a test hands it simulated time and a simulated YouTube."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from linkwatch.clock import utc_now
from linkwatch.services.executor import Executor
from linkwatch.youtube.http import ClientFactory, new_client

if TYPE_CHECKING:
    from linkwatch.notifications.apprise_transport import Deliver


def _raise(error: Exception) -> None:
    raise error


@dataclass(frozen=True, slots=True)
class DaemonContext:
    """Time, the network, and where words go."""

    say: Callable[[str], None]
    """Takes the log, a line each."""

    clock: Callable[[], datetime] = utc_now
    sleep: Callable[[float], None] = time.sleep
    """Waits between the attempts of one call."""

    client_factory: ClientFactory = new_client
    deliver: "Deliver | None" = None
    """Sends one message; None: Apprise does."""

    source: str | None = None
    """What the runs say they asked; None: `data-api` or `keyless`, by the key."""

    executor: Executor | None = None
    """Makes the calls to the Data API; None: this process does."""

    alive: Callable[[], None] = lambda: None
    """Called now and then during a check: the work goes on."""

    on_bug: Callable[[Exception], None] = _raise
    """Takes what nobody expected; the daemon goes on, if it returns."""
