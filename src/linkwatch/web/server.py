"""The dashboard as something that is started and stopped."""

import errno
import ipaddress
import re
import secrets
import socket
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from threading import Thread
from types import TracebackType
from typing import Self

import uvicorn

from linkwatch.daemon.api import DaemonApi
from linkwatch.errors import UsageError
from linkwatch.text import visible
from linkwatch.web.app import dashboard_app
from linkwatch.web.auth import Authenticator

_BIND = re.compile(r"(?:\[(?P<v6>[0-9A-Fa-f:.]+)\]|(?P<host>[A-Za-z0-9._-]+)):(?P<port>[0-9]{1,5})")


_EXAMPLE = "For example: --bind 127.0.0.1:8440, or --bind [::1]:8440"


@dataclass(frozen=True, slots=True)
class BoundSocket:
    """An address that is ours, and listens."""

    socket: socket.socket
    host: str
    """As it was named, an IPv6 address in brackets."""

    port: int
    """The real one, where 0 was asked for."""

    loopback: bool
    """Nobody beyond this machine can reach it."""

    @property
    def url(self) -> str:
        """Where a browser finds it."""
        everywhere = {"0.0.0.0": "127.0.0.1", "[::]": "[::1]"}  # noqa: S104 - such an address is named, not bound, here
        return f"http://{everywhere.get(self.host, self.host)}:{self.port}/"

    @property
    def hosts(self) -> frozenset[str] | None:
        """What a request may call it by; None: anything. A name that was rebound to loopback is none of these."""
        if not self.loopback:
            return None
        names = {"127.0.0.1", "localhost", "[::1]", self.host.lower()}
        return frozenset(f"{name}:{self.port}" for name in names) | (names if self.port == 80 else frozenset())


def bind(text: str, *, has_token: bool) -> BoundSocket:
    """Bind an address, and listen.

    Args:
        text: HOST:PORT, an IPv6 address in brackets; port 0 is any that is free.
        has_token: Beyond loopback a token is asked for.

    Raises:
        UsageError: It is no address, is in use, or is beyond loopback and there is no token.
    """
    host, port = _parsed(text)
    family, address = _resolved(host.strip("[]"), port, text)
    loopback = ipaddress.ip_address(address).is_loopback
    if not loopback and not has_token:
        raise UsageError(
            f"{visible(text)}: the dashboard is not opened to other machines without a token",
            remedy="Set LINKWATCH_DASHBOARD_TOKEN to a long random text, or bind to 127.0.0.1.",
        )
    try:
        listening = socket.create_server((address, port), family=family, backlog=128)
    except OSError as error:
        raise UsageError(f"{visible(text)}: {_reason(error)}", remedy="Name another address with --bind.") from None
    # Connections inherit it. Without it the second piece of an answer waits until the first is confirmed: 40 ms.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return BoundSocket(listening, host, listening.getsockname()[1], loopback)


def _parsed(text: str) -> tuple[str, int]:
    match = _BIND.fullmatch(text.strip())
    if match is None or int(match["port"]) > 65_535:
        raise UsageError(f"{visible(text)!r} is no address of the form HOST:PORT", remedy=_EXAMPLE)
    return f"[{match['v6']}]" if match["v6"] else match["host"], int(match["port"])


def _resolved(host: str, port: int, text: str) -> tuple[socket.AddressFamily, str]:
    """The first of the addresses that the host has."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except OSError:
        raise UsageError(f"{visible(text)}: there is no host of that name", remedy=_EXAMPLE) from None
    family, _, _, _, address = found[0]
    return family, str(address[0])


def _reason(error: OSError) -> str:
    match error.errno:
        case errno.EADDRINUSE:
            return "another program listens there already"
        case errno.EADDRNOTAVAIL:
            return "this machine has no such address"
        case errno.EACCES:
            return "only root may listen there"
        case _:
            return error.strerror or str(error)


SHUTDOWN_TIMEOUT = 1
"""Seconds that what is being answered may still take when the dashboard is stopped."""


class Dashboard:
    """Serves the dashboard, in a thread of its own; what it writes to the log is uvicorn's, at level INFO and above.

    Args:
        daemon: The daemon.
        address: HOST:PORT, an IPv6 address in brackets; port 0 is any that is free.
        token: Asked for when the address is beyond loopback; None: such an address is refused.
        clock: The present time, aware UTC.
    """

    def __init__(self, daemon: DaemonApi, address: str, token: str | None, clock: Callable[[], datetime]) -> None:
        self._daemon, self._address, self._token, self._clock = daemon, address, token or None, clock
        self._bound: BoundSocket | None = None
        self._server: uvicorn.Server | None = None
        self._thread: Thread | None = None

    def start(self) -> None:
        """Bind the address, and serve from now on.

        Raises:
            UsageError: It is no address, is in use, or is beyond loopback and there is no token.
        """
        bound = bind(self._address, has_token=self._token is not None)
        # On loopback nobody is asked, whatever the environment says.
        authenticator = Authenticator(None if bound.loopback else self._token, secrets.token_bytes(32))
        app = dashboard_app(self._daemon, authenticator, bound.hosts, self._clock)
        self._bound, self._server = bound, uvicorn.Server(_configuration(app))
        self._thread = Thread(target=self._server.run, args=([bound.socket],), name="dashboard", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Serve no more; ends within some two seconds, whatever is being answered."""
        if self._server is None or self._thread is None or self._bound is None:
            return
        self._server.should_exit = True
        self._thread.join(SHUTDOWN_TIMEOUT + 1)
        self._server.force_exit = True
        self._thread.join(1)
        self._bound.socket.close()
        self._server = self._thread = None

    @property
    def url(self) -> str:
        """Where a browser finds it; known once it was started."""
        if self._bound is None:
            raise RuntimeError("the dashboard was not started")
        return self._bound.url

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _: TracebackType | None
    ) -> None:
        self.stop()


def _configuration(app: object) -> uvicorn.Config:
    return uvicorn.Config(
        app,  # type: ignore[arg-type]  # an ASGI application
        loop="asyncio",
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,  # its words go where the others of this process go, and are as loud
        server_header=False,
        timeout_graceful_shutdown=SHUTDOWN_TIMEOUT,
    )
