"""Wrong tokens: each is answered late and logged, and whoever offers many is not listened to for a while."""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable
from ipaddress import IPv6Address, ip_address

_log = logging.getLogger("linkwatch")

_MOST_CLIENTS = 10_000
"""Clients that are remembered; the longest silent one is forgotten first."""


class Attempts:
    """The wrong tokens of each client, which is an address, or the /64 network of an IPv6 address.

    Args:
        most: So many within the time, and the client is not listened to.
        within: Seconds.
        delay: Seconds before the answer to a wrong token.
        monotonic: A monotonic clock, in seconds.
        sleep: Waits.
    """

    def __init__(
        self,
        *,
        most: int = 10,
        within: float = 60.0,
        delay: float = 0.5,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._most, self._delay, self._monotonic, self._sleep = most, delay, monotonic, sleep
        self.within = within
        self._failures: dict[str, deque[float]] = {}

    def is_blocked(self, address: str) -> bool:
        """Whether a client is not listened to, whatever token it offers."""
        failures = self._failures.get(_client(address), deque())
        while failures and failures[0] <= self._monotonic() - self.within:
            failures.popleft()
        return len(failures) >= self._most

    async def failed(self, address: str) -> None:
        """Note a wrong token, and wait before it is answered."""
        client = _client(address)
        failures = self._failures.pop(client, deque(maxlen=self._most))
        failures.append(self._monotonic())
        self._failures[client] = failures
        if len(self._failures) > _MOST_CLIENTS:
            del self._failures[next(iter(self._failures))]
        _log.warning("dashboard: a wrong token from %s (%d within %.0f s)", client, len(failures), self.within)
        await self._sleep(self._delay)


def _client(address: str) -> str:
    try:
        ip = ip_address(address)
    except ValueError:
        return "unknown"
    return f"{IPv6Address(int(ip) >> 64 << 64)}/64" if isinstance(ip, IPv6Address) else address
