"""Connections of the dashboard: so many at most, and none that waits for a client that sends or takes nothing."""

import asyncio
from typing import ClassVar, Self

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

MAX_CONNECTIONS = 200
"""At once; a process may have a thousand open files by default."""

CLIENT_TIMEOUT = 30.0
"""Seconds that a client has to send a whole request, or to take what was sent to it."""


def bounded_protocol(most: int = MAX_CONNECTIONS, timeout: float = CLIENT_TIMEOUT) -> type["BoundedProtocol"]:
    """Make the protocol class of one server.

    Args:
        most: Connections at once. A new one takes the place of the one that has waited longest for its client.
        timeout: Seconds that a client may be waited for.
    """
    return type("Bounded", (BoundedProtocol,), {"most": most, "timeout": timeout, "opened": {}})


class BoundedProtocol(H11Protocol):
    """A connection; `bounded_protocol` makes the class of one server."""

    most: ClassVar[int]
    timeout: ClassVar[float]
    opened: "ClassVar[dict[BoundedProtocol, None]]"
    """Of the server, oldest first."""

    is_waiting = False
    """For its client."""

    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own
        """Take the place of another one if there are too many."""
        super().connection_made(transport)
        if len(self.opened) >= self.most:
            victim: Self | BoundedProtocol = next((other for other in self.opened if other.is_waiting), self)
            self.opened.pop(victim, None)
            victim.transport.abort()
            if victim is self:
                return
        self.opened[self] = None
        self._update()

    def connection_lost(self, exc: Exception | None) -> None:
        self.opened.pop(self, None)
        self._wait(waiting=False)
        super().connection_lost(exc)

    def handle_events(self) -> None:
        super().handle_events()
        self._update()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._update()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._wait(waiting=True)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._update()

    def _update(self) -> None:
        """Wait for the client unless its request is complete and not answered yet."""
        answered = self.cycle is None or self.cycle.response_complete
        self._wait(waiting=answered or self.conn.their_state is h11.SEND_BODY)

    def _wait(self, *, waiting: bool) -> None:
        if waiting == self.is_waiting:  # a byte now and then gives no more time
            return
        self.is_waiting = waiting
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self.loop.call_later(self.timeout, self.transport.abort) if waiting else None
