"""What a check works with, and the run it makes: one value, handed on whole."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from linkwatch.services.executor import Executor
from linkwatch.services.tally import OnProgress, no_progress
from linkwatch.settings import InspectMode, Settings
from linkwatch.store.database import Database
from linkwatch.verdict.policy import Policy
from linkwatch.youtube.data_api import DataApi
from linkwatch.youtube.http import Clients
from linkwatch.youtube.oembed import OEmbed
from linkwatch.youtube.quota import QuotaAccount


@dataclass(frozen=True, slots=True)
class CheckContext:
    """What a check works with; `services.dependencies.check_context` builds it."""

    settings: Settings
    database: Database
    api: DataApi | None
    """None without a key."""

    oembed: OEmbed
    clients: Clients
    """What `api` and `oembed` send their requests with."""

    account: QuotaAccount
    """Where `api` books its units."""

    source: str
    """Stored with the run: `data-api`, `keyless` or `simulator`."""

    clock: Callable[[], datetime]
    """The present time, aware UTC."""

    progress: OnProgress = no_progress
    """Called while YouTube is asked."""

    executor: Executor | None = None
    """Makes the calls to the Data API; None: this process does."""

    @property
    def policy(self) -> Policy:
        """How much evidence a verdict needs."""
        settings = self.settings
        return Policy(confirm_strikes=settings.confirm_strikes, confirm_spacing=settings.confirm_spacing)

    @property
    def inspects(self) -> bool:
        """Whether available playlists are inspected: only a key can."""
        return self.api is not None and self.settings.inside is not InspectMode.OFF

    def require_api(self) -> DataApi:
        """The Data API, for what is done with a key only."""
        if self.api is None:
            raise RuntimeError("there is no API key")
        return self.api


@dataclass(frozen=True, slots=True)
class CheckRun:
    """A run of a check: everything that is needed to evaluate an answer, here or in a worker."""

    context: CheckContext
    run_id: int
    now: datetime
    """When the run started: the time of whatever is evaluated in it."""
