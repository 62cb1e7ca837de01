"""The server of the dashboard: binds HOST:PORT, and runs uvicorn in a thread."""

import asyncio
import errno
import ipaddress
import re
import secrets
import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from threading import Thread
from types import TracebackType
from typing import Self

import uvicorn
from starlette.types import ASGIApp

from linkwatch.daemon.api import DaemonApi
from linkwatch.errors import UsageError
from linkwatch.text import visible
from linkwatch.web.app import dashboard_app
from linkwatch.web.attempts import Attempts
from linkwatch.web.auth import FEWEST_CHARACTERS, SHORTEST_TOKEN, Authenticator, is_weak
from linkwatch.web.connections import bounded_protocol
from linkwatch.web.monitoring import answer_on_standby
from linkwatch.web.sessions import Sessions

_BIND = re.compile(r"(?:\[(?P<v6>[0-9A-Fa-f:.]+)\]|(?P<host>[A-Za-z0-9._-]+)):(?P<port>[0-9]{1,5})")


_EXAMPLE = "For example: --bind 127.0.0.1:8440, or --bind [::1]:8440"


@dataclass(frozen=True, slots=True)
class BoundSocket:
    """A listening socket and its address."""

    socket: socket.socket
    host: str
    """As given, an IPv6 address in brackets."""

    port: int
    """The port in use, also when 0 was given."""

    loopback: bool
    """Only this machine can reach it."""

    @property
    def url(self) -> str:
        """Where a browser finds it."""
        everywhere = {"0.0.0.0": "127.0.0.1", "[::]": "[::1]"}  # noqa: S104 - such an address is named, not bound, here
        return f"http://{everywhere.get(self.host, self.host)}:{self.port}/"

    @property
    def hosts(self) -> frozenset[str] | None:
        """Accepted values of the `Host` header; None: any. On loopback only these, against DNS rebinding."""
        if not self.loopback:
            return None
        names = {"127.0.0.1", "localhost", "[::1]", self.host.lower()}
        return frozenset(f"{name}:{self.port}" for name in names) | (names if self.port == 80 else frozenset())


def bind(text: str, *, token: str | None) -> BoundSocket:
    """Bind an address and listen.

    Args:
        text: HOST:PORT, an IPv6 address in brackets; port 0 picks a free one.
        token: That the dashboard asks for; beyond loopback there must be one that nobody guesses.

    Raises:
        UsageError: It is not an address, is in use, or is beyond loopback without such a token.
    """
    host, port = _parsed(text)
    family, address = _resolved(host.strip("[]"), port, text)
    loopback = ipaddress.ip_address(address).is_loopback
    if not loopback and token and is_weak(token):
        raise UsageError(
            f"{visible(text)}: the dashboard's token could be guessed: it has fewer than "
            f"{SHORTEST_TOKEN} characters, or fewer than {FEWEST_CHARACTERS} different ones",
            remedy="Set LINKWATCH_DASHBOARD_TOKEN to a long random text, as from: openssl rand -hex 32",
        )
    if not loopback and not token:
        raise UsageError(
            f"{visible(text)}: the dashboard needs a token to be reachable from other machines",
            remedy="Set LINKWATCH_DASHBOARD_TOKEN to a long random text, or bind to 127.0.0.1.",
        )
    try:
        listening = socket.create_server((address, port), family=family, backlog=128)
    except OSError as error:
        raise UsageError(f"{visible(text)}: {_reason(error)}", remedy="Name another address with --bind.") from None
    # Connections inherit it. Without it the second packet of a response waits for the ACK of the first: 40 ms.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return BoundSocket(listening, host, listening.getsockname()[1], loopback)


def _parsed(text: str) -> tuple[str, int]:
    match = _BIND.fullmatch(text.strip())
    if match is None or int(match["port"]) > 65_535:
        raise UsageError(f"{visible(text)!r} is not an address of the form HOST:PORT", remedy=_EXAMPLE)
    return f"[{match['v6']}]" if match["v6"] else match["host"], int(match["port"])


def _resolved(host: str, port: int, text: str) -> tuple[socket.AddressFamily, str]:
    """The first address of the host."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError):  # the second of a name that can be none, as `a..b`
        raise UsageError(f"{visible(text)}: unknown host", remedy=_EXAMPLE) from None
    family, _, _, _, address = found[0]
    return family, str(address[0])


def _reason(error: OSError) -> str:
    match error.errno:
        case errno.EADDRINUSE:
            return "the port is already in use"
        case errno.EADDRNOTAVAIL:
            return "this machine has no such address"
        case errno.EACCES:
            return "only root may listen on this port"
        case _:
            return error.strerror or str(error)


SHUTDOWN_TIMEOUT = 1
"""Seconds that running requests get when the dashboard is stopped."""


class Dashboard:
    """Serves the dashboard in a thread of its own; uvicorn logs through `logging`.

    Args:
        daemon: The daemon.
        address: HOST:PORT, an IPv6 address in brackets; port 0 picks a free one.
        token: Asked for; None: nobody is asked, and an address beyond loopback is refused.
        clock: The present time, aware UTC.
        trusted_proxies: Addresses and networks of proxies whose `X-Forwarded-…` headers count.
        attempts: The wrong tokens.
        protocol: Of the connections.
    """

    def __init__(
        self,
        daemon: DaemonApi,
        address: str,
        token: str | None,
        clock: Callable[[], datetime],
        *,
        trusted_proxies: Sequence[str] = (),
        attempts: Attempts | None = None,
        protocol: Callable[[], type[asyncio.Protocol]] = bounded_protocol,
    ) -> None:
        self._daemon, self._address, self._token, self._clock = daemon, address, token or None, clock
        self._trusted_proxies, self._attempts, self._protocol = trusted_proxies, attempts or Attempts(), protocol
        self._bound: BoundSocket | None = None
        self._server: uvicorn.Server | None = None
        self._thread: Thread | None = None

    def start(self) -> None:
        """Bind the address and serve.

        Raises:
            UsageError: It is not an address, is in use, or is beyond loopback and there is no token.
        """
        bound = bind(self._address, token=self._token)
        self._serve(bound, self._app(bound))

    def start_standby(self) -> None:
        """Answer `/healthz` and `/readyz` alone, unless another process has the address."""
        with suppress(UsageError):
            self._serve(bind(self._address, token=self._token), answer_on_standby)

    def _app(self, bound: BoundSocket) -> ASGIApp:
        sessions = Sessions(self._daemon)
        # A token that is set is asked for on loopback, too: a reverse proxy makes it public.
        authenticator = Authenticator(self._token, secrets.token_bytes(32), sessions.is_over)
        # A proxy passes on the host that it was asked for; the token protects against names that were rebound.
        hosts = None if self._token and self._trusted_proxies else bound.hosts
        return dashboard_app(
            self._daemon, authenticator, hosts, self._clock, sessions=sessions, attempts=self._attempts
        )

    def _serve(self, bound: BoundSocket, app: ASGIApp) -> None:
        self._bound = bound
        self._server = uvicorn.Server(_configuration(app, self._trusted_proxies, self._protocol()))
        self._thread = Thread(target=self._server.run, args=([bound.socket],), name="dashboard", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop serving, within about two seconds."""
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
        """Where a browser finds it.

        Raises:
            RuntimeError: The dashboard was not started.
        """
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


def _configuration(app: object, trusted_proxies: Sequence[str], protocol: type[asyncio.Protocol]) -> uvicorn.Config:
    return uvicorn.Config(
        app,  # type: ignore[arg-type]  # an ASGI application
        loop="asyncio",
        http=protocol,
        ws="none",
        lifespan="off",
        log_config=None,  # it uses the handlers and levels of this process
        server_header=False,
        proxy_headers=bool(trusted_proxies),
        forwarded_allow_ips=list(trusted_proxies),
        timeout_graceful_shutdown=SHUTDOWN_TIMEOUT,
    )
