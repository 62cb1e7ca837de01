"""Settings → the collaborators of a check."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from linkwatch.clock import utc_now
from linkwatch.services.check import CheckContext
from linkwatch.services.executor import Executor
from linkwatch.settings import Settings
from linkwatch.store.database import Database
from linkwatch.store.quota import StoredQuotaAccount
from linkwatch.store.schema import open_database
from linkwatch.verdict.policy import Policy
from linkwatch.youtube.data_api import DataApi
from linkwatch.youtube.http import ClientFactory, Clients, new_client
from linkwatch.youtube.oembed import OEmbed
from linkwatch.youtube.quota import QuotaAccount
from linkwatch.youtube.retry import RetryPolicy


def check_context(
    settings: Settings,
    database: Database,
    *,
    progress: Callable[[int, int], None] = lambda done, total: None,
    clock: Callable[[], datetime] = utc_now,
    sleep: Callable[[float], None] = time.sleep,
    client_factory: ClientFactory = new_client,
    source: str | None = None,
    executor: Executor | None = None,
) -> CheckContext:
    """Put together what a check works with.

    Args:
        settings: With or without a key.
        database: Opened.
        progress: Told how many of how many resources are answered for.
        clock: The present time.
        sleep: Waits between retries.
        client_factory: Where httpx clients come from, one a thread.
        source: What the run says it asked; None: `data-api` or `keyless`, by the key.
        executor: Makes the calls to the Data API; None: this process does.
    """
    retry = RetryPolicy(sleep=sleep)
    clients = Clients(client_factory)
    ledger = StoredQuotaAccount(database, settings.quota_per_day, clock)
    return CheckContext(
        database=database,
        api=data_api(settings, ledger, retry, clients) if settings.api_key else None,
        oembed=OEmbed(
            url=settings.oembed_url, clients=clients, retry=retry, requests_in_flight=settings.oembed_in_flight
        ),
        ledger=ledger,
        quota_per_day=settings.quota_per_day,
        policy=Policy(confirm_strikes=settings.confirm_strikes, confirm_spacing=settings.confirm_spacing),
        inside=settings.inside,
        inside_every=settings.inside_every,
        retention=timedelta(days=settings.retention_days),
        source=source or ("data-api" if settings.api_key else "keyless"),
        clock=clock,
        progress=progress,
        executor=executor,
    )


@contextmanager
def open_check_context(
    settings: Settings,
    *,
    clock: Callable[[], datetime] = utc_now,
    sleep: Callable[[float], None] = time.sleep,
    client_factory: ClientFactory = new_client,
    source: str | None = None,
) -> Iterator[CheckContext]:
    """Open the database of the settings, and yield what a check works with; see `check_context`.

    Raises:
        StoreError: The database can't be opened.
    """
    with open_database(settings.database_url) as database:
        yield check_context(settings, database, clock=clock, sleep=sleep, client_factory=client_factory, source=source)


def data_api(settings: Settings, ledger: QuotaAccount, retry: RetryPolicy, clients: Clients) -> DataApi:
    """The first witness; the settings hold a key."""
    return DataApi(
        key=str(settings.api_key),
        api_url=settings.data_api_url,
        clients=clients,
        ledger=ledger,
        retry=retry,
        calls_in_flight=settings.calls_in_flight,
    )
