"""HOST:PORT → a bound socket, and whether anybody beyond this machine can reach it."""

import errno
import ipaddress
import re
import socket
from dataclasses import dataclass

from linkwatch.errors import UsageError
from linkwatch.text import visible

_BIND = re.compile(r"(?:\[(?P<v6>[0-9A-Fa-f:.]+)\]|(?P<host>[A-Za-z0-9._-]+)):(?P<port>[0-9]{1,5})")
_EXAMPLE = "For example: --bind 127.0.0.1:8440, or --bind [::1]:8440"


@dataclass(frozen=True, slots=True)
class Bound:
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


def bind(text: str, *, has_token: bool) -> Bound:
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
    return Bound(listening, host, listening.getsockname()[1], loopback)


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
