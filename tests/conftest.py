"""What every test stands on: no network but loopback, and no settings from the machine it runs on."""

import os
import signal
import socket
from typing import Any

import pytest

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # As in a shell's background job: the commands that tests start and interrupt would inherit it.
    signal.signal(signal.SIGINT, signal.default_int_handler)

_LOOPBACK = ("127.", "::1", "localhost")


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that reaches out tests the weather: YouTube is the simulator's, and everything else is refused."""
    connect = socket.socket.connect

    def only_loopback(self: socket.socket, address: Any) -> None:
        host = address[0] if isinstance(address, tuple) else str(address)
        if self.family != socket.AF_UNIX and not str(host).startswith(_LOOPBACK):
            raise RuntimeError(f"a test tried to reach {host}; only loopback is allowed")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", only_loopback)


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings of whoever runs the tests are no part of them."""
    for name in list(os.environ):
        if name.startswith("LINKWATCH_") or name in {"YOUTUBE_API_KEY", "NO_COLOR"}:
            monkeypatch.delenv(name)
