from collections.abc import Iterator

import pytest
from integration.notifications.webhook import Webhook


@pytest.fixture
def hook() -> Iterator[Webhook]:
    """A service on 127.0.0.1 that answers as a test says."""
    with Webhook() as answering:
        yield answering
