from collections.abc import Iterator

import pytest
from integration.check.harness import OPEN_HARNESSES
from integration.notifications.webhook import Webhook


@pytest.fixture(autouse=True)
def _closed_at_the_end() -> Iterator[None]:
    """Python warns of a database that nobody closed, and warnings are errors."""
    yield
    while OPEN_HARNESSES:
        OPEN_HARNESSES.pop().database.close()


@pytest.fixture
def hook() -> Iterator[Webhook]:
    """A service on 127.0.0.1 that takes what it is told to take."""
    with Webhook() as answering:
        yield answering
