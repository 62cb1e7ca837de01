"""Settings → what a check works with."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from linkwatch.clock import utc_now, wait
from linkwatch.exchange import Limits, new_client
from linkwatch.services.context import CheckContext
from linkwatch.services.executor import Executor
from linkwatch.services.tally import OnProgress, no_progress
from linkwatch.settings import Settings
from linkwatch.store.database import Database
from linkwatch.store.quota import StoredQuotaAccount
from linkwatch.store.schema import open_database
from linkwatch.youtube.data_api import DataApi
from linkwatch.youtube.http import ClientFactory, Clients
from linkwatch.youtube.oembed import OEmbed
from linkwatch.youtube.quota import QuotaAccount
from linkwatch.youtube.retry import RetryPolicy


def check_context(
    settings: Settings,
    database: Database,
    *,
    progress: OnProgress = no_progress,
    clock: Callable[[], datetime] = utc_now,
    sleep: Callable[[float], None] = wait,
    client_factory: ClientFactory = new_client,
    source: str | None = None,
    executor: Executor | None = None,
    account: QuotaAccount | None = None,
) -> CheckContext:
    """Build what a check works with.

    Args:
        settings: With or without a key.
        database: Opened.
        progress: Called while YouTube is asked.
        clock: The present time, aware UTC.
        sleep: Waits between retries.
        client_factory: Makes httpx clients, one a thread.
        source: Stored with the run; None: `data-api` or `keyless`, by the key.
        executor: Makes the calls to the Data API; None: this process does.
        account: Where the units are booked; None: in the database.
    """
    if client_factory is new_client:
        new_client().close()  # a wrong proxy is told before anything is asked, and not by a thread
    retry = RetryPolicy(sleep=sleep)
    clients = Clients(client_factory, exchange_limits(settings))
    account = account or StoredQuotaAccount(database, settings.quota_per_day, settings.api_key, clock)
    return CheckContext(
        settings=settings,
        database=database,
        api=data_api(settings, account, retry, clients) if settings.api_key else None,
        oembed=OEmbed(
            url=settings.oembed_url, clients=clients, retry=retry, requests_in_flight=settings.oembed_in_flight
        ),
        clients=clients,
        account=account,
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
    sleep: Callable[[float], None] = wait,
    client_factory: ClientFactory = new_client,
    source: str | None = None,
) -> Iterator[CheckContext]:
    """Open the database of the settings, and yield what a check works with; see `check_context`.

    Raises:
        StoreError: The database can't be opened.
    """
    with open_database(settings.database_url) as database:
        yield check_context(settings, database, clock=clock, sleep=sleep, client_factory=client_factory, source=source)


def exchange_limits(settings: Settings) -> Limits:
    """The limits of each exchange with another host."""
    return Limits(settings.exchange_timeout.total_seconds(), settings.max_body)


def data_api(settings: Settings, account: QuotaAccount, retry: RetryPolicy, clients: Clients) -> DataApi:
    """A client of the Data API; the settings hold a key."""
    return DataApi(
        key=str(settings.api_key),
        api_url=settings.data_api_url,
        clients=clients,
        account=account,
        retry=retry,
        calls_in_flight=settings.calls_in_flight,
    )
