from collections.abc import Iterator

import pytest
from integration.notifications.webhook import Webhook


@pytest.fixture
def hook() -> Iterator[Webhook]:
    """A service on 127.0.0.1 that takes what it is told to take."""
    with Webhook() as answering:
        yield answering
