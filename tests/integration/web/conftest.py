"""Dashboards that listen on loopback, and who asks them."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import httpx
import pytest
from integration.web.fake_daemon import StandIn, copied, empty, played

from linkwatch.web.server import Dashboard

Serve = Callable[..., httpx.Client]


@pytest.fixture(scope="session")
def month(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StandIn]:
    """The simulated month of the seed list; nobody may change it."""
    standin = played(empty(tmp_path_factory.mktemp("month")))
    yield standin
    standin.database.close()


@pytest.fixture(scope="session")
def of_the_month(month: StandIn) -> Iterator[Callable[[str, str | None], str]]:
    """The dashboards of the month, by address and token: each is started once."""
    with ExitStack() as open_:

        @cache
        def url(address: str, token: str | None) -> str:
            return open_.enter_context(Dashboard(month, address, token, month.clock)).url

        yield url


@pytest.fixture
def serve(month: StandIn, of_the_month: Callable[[str, str | None], str]) -> Iterator[Serve]:
    """Start a dashboard and get a browser for it: `serve(standin, "0.0.0.0:0", "token")`."""
    with ExitStack() as open_:

        def served(standin: StandIn, address: str = "127.0.0.1:0", token: str | None = None) -> httpx.Client:
            if standin is month:
                url = of_the_month(address, token)
            else:
                url = open_.enter_context(Dashboard(standin, address, token, standin.clock)).url
            return open_.enter_context(httpx.Client(base_url=url, headers={"accept": "text/html"}))

        yield served


@pytest.fixture
def standin(tmp_path: Path) -> Iterator[StandIn]:
    """A daemon that watches nothing yet."""
    standin = empty(tmp_path)
    yield standin
    standin.database.close()


@pytest.fixture(scope="session")
def first_week(tmp_path_factory: pytest.TempPathFactory) -> StandIn:
    """The first six days of the month; on the last, videos went. Its database is closed."""
    standin = played(empty(tmp_path_factory.mktemp("week")), days=6)
    standin.database.close()
    return standin


@pytest.fixture
def week(first_week: StandIn, tmp_path: Path) -> Iterator[StandIn]:
    """The first six days of the month, to be changed."""
    copy = copied(first_week, tmp_path)
    yield copy
    copy.database.close()
