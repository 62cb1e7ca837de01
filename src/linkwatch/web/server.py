"""The dashboard as something that is started and stopped."""

import secrets
from collections.abc import Callable
from datetime import datetime
from threading import Thread
from types import TracebackType
from typing import Self

import uvicorn

from linkwatch.daemon.api import DaemonApi
from linkwatch.web.app import dashboard_app
from linkwatch.web.auth import Authenticator
from linkwatch.web.bind import Bound, bind

PATIENCE = 1
"""Seconds that what is being answered may still take when the dashboard is stopped."""


class Dashboard:
    """Serves the dashboard, in a thread of its own; what it writes to the log is uvicorn's, at level INFO and above.

    Args:
        watching: The daemon.
        address: HOST:PORT, an IPv6 address in brackets; port 0 is any that is free.
        token: Asked for when the address is beyond loopback; None: such an address is refused.
        clock: The present time, aware UTC.
    """

    def __init__(self, watching: DaemonApi, address: str, token: str | None, clock: Callable[[], datetime]) -> None:
        self._watching, self._address, self._token, self._clock = watching, address, token or None, clock
        self._bound: Bound | None = None
        self._server: uvicorn.Server | None = None
        self._thread: Thread | None = None

    def start(self) -> None:
        """Bind the address, and serve from now on.

        Raises:
            UsageError: It is no address, is in use, or is beyond loopback and there is no token.
        """
        bound = bind(self._address, has_token=self._token is not None)
        # On loopback nobody is asked, whatever the environment says.
        keyring = Authenticator(None if bound.loopback else self._token, secrets.token_bytes(32))
        app = dashboard_app(self._watching, keyring, bound.hosts, self._clock)
        self._bound, self._server = bound, uvicorn.Server(_configuration(app))
        self._thread = Thread(target=self._server.run, args=([bound.socket],), name="dashboard", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Serve no more; ends within some two seconds, whatever is being answered."""
        if self._server is None or self._thread is None or self._bound is None:
            return
        self._server.should_exit = True
        self._thread.join(PATIENCE + 1)
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
        timeout_graceful_shutdown=PATIENCE,
    )
