"""Dashboards that listen on loopback, and who asks them."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import httpx
import pytest
from integration.web.fake_daemon import FakeDaemon, copy_daemon, empty_daemon, played_month
from loopback import PLAIN_HTTP

from linkwatch.web.attempts import Attempts
from linkwatch.web.server import Dashboard

Serve = Callable[..., httpx.Client]

PATIENT = Attempts(most=1_000_000, delay=0)
"""Listens to everybody; `tests/security` has those that do not."""


@pytest.fixture(scope="session")
def month(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FakeDaemon]:
    """The simulated month of the seed list; nobody may change it."""
    daemon = played_month(empty_daemon(tmp_path_factory.mktemp("month")))
    yield daemon
    daemon.database.close()


@pytest.fixture(scope="session")
def of_the_month(month: FakeDaemon) -> Iterator[Callable[..., str]]:
    """The dashboards of the month, by address and token: each is started once."""
    with ExitStack() as open_:

        @cache
        def url(address: str, token: str | None, trusted_proxies: tuple[str, ...] = ()) -> str:
            served = Dashboard(month, address, token, month.clock, trusted_proxies=trusted_proxies, attempts=PATIENT)
            return open_.enter_context(served).url

        yield url


@pytest.fixture(scope="session")
def stop_beside() -> Iterator[Callable[[Dashboard], None]]:
    """Stop a dashboard beside the tests that follow: uvicorn waits 0.1 to 0.2 s."""
    stopped: list[Future[None]] = []
    with ThreadPoolExecutor(4) as beside:
        yield lambda dashboard: stopped.append(beside.submit(dashboard.stop))
    for stop in stopped:
        stop.result()


@pytest.fixture
def serve(
    month: FakeDaemon, of_the_month: Callable[..., str], stop_beside: Callable[[Dashboard], None]
) -> Iterator[Serve]:
    """Start a dashboard and get a browser for it: `serve(daemon, "0.0.0.0:0", "token")`."""
    with ExitStack() as open_:

        def served(
            daemon: FakeDaemon,
            address: str = "127.0.0.1:0",
            token: str | None = None,
            trusted_proxies: tuple[str, ...] = (),
        ) -> httpx.Client:
            if daemon is month:
                url = of_the_month(address, token, trusted_proxies)
            else:
                own = Dashboard(daemon, address, token, daemon.clock, trusted_proxies=trusted_proxies, attempts=PATIENT)
                own.start()
                open_.callback(stop_beside, own)
                url = own.url
            client = httpx.Client(base_url=url, headers={"accept": "text/html"}, verify=PLAIN_HTTP, timeout=30)
            return open_.enter_context(client)

        yield served


@pytest.fixture
def daemon(tmp_path: Path) -> Iterator[FakeDaemon]:
    """A daemon that watches nothing yet."""
    daemon = empty_daemon(tmp_path)
    yield daemon
    daemon.database.close()


@pytest.fixture(scope="session")
def first_week(tmp_path_factory: pytest.TempPathFactory) -> FakeDaemon:
    """The first six days of the month; on the last, videos went. Its database is closed."""
    daemon = played_month(empty_daemon(tmp_path_factory.mktemp("week")), days=6)
    daemon.database.close()
    return daemon


@pytest.fixture
def week(first_week: FakeDaemon, tmp_path: Path) -> Iterator[FakeDaemon]:
    """The first six days of the month, to be changed."""
    copy = copy_daemon(first_week, tmp_path)
    yield copy
    copy.database.close()
