"""What the daemon gets from its process: clock, network, log; tests pass simulated ones."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from linkwatch.clock import utc_now, wait
from linkwatch.exchange import new_client
from linkwatch.services.executor import Executor
from linkwatch.youtube.http import ClientFactory

if TYPE_CHECKING:
    from linkwatch.notifications.apprise_transport import Deliver


def _raise(error: Exception) -> None:
    raise error


@dataclass(frozen=True, slots=True)
class DaemonContext:
    """Clock, network, log and callbacks."""

    log: Callable[[str], None]
    """Writes one line."""

    clock: Callable[[], datetime] = utc_now
    sleep: Callable[[float], None] = wait
    """Waits between the attempts of one call, in seconds."""

    client_factory: ClientFactory = new_client
    deliver: "Deliver | None" = None
    """Sends one message; None: Apprise does."""

    source: str | None = None
    """`source` of the runs; None: `data-api` or `keyless`, depending on the key."""

    executor: Executor | None = None
    """Makes the calls to the Data API; None: this process does."""

    on_progress: Callable[[], None] = lambda: None
    """Called often during a check: it shows that the check is not stuck."""

    on_bug: Callable[[Exception], None] = _raise
    """Takes unexpected exceptions; when it returns, the daemon continues."""
