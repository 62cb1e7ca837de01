from collections.abc import Iterator

import pytest
from integration.notifications.webhook import Webhook

from linkwatch.notifications.apprise_process import Order, send_order


@pytest.fixture
def hook() -> Iterator[Webhook]:
    """A service on 127.0.0.1 that answers as a test says."""
    with Webhook() as answering:
        yield answering


@pytest.fixture
def apprise_in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do here what the process of a message does, which loads Apprise anew each time."""

    def run(order: Order) -> str | None:
        return send_order(Order.from_json(order.to_json()))

    monkeypatch.setattr("linkwatch.notifications.apprise_transport._run", run)
