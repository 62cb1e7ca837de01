"""Requests over httpx, for Google's client and for oEmbed."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httplib2
import httpx

from linkwatch.exchange import DEFAULT_LIMITS, Limits, send

ClientFactory = Callable[[], httpx.Client]


def recording_dates(factory: ClientFactory, dates: list[str]) -> ClientFactory:
    """A factory of clients that add the `Date` header of each response to a list."""

    def record(response: httpx.Response) -> None:
        if date := response.headers.get("date"):
            dates.append(date)

    def recording_client() -> httpx.Client:
        client = factory()
        client.event_hooks = {"response": [record]}
        return client

    return recording_client


class RefusedError(Exception):
    """An error response: its status is 300 or more.

    Args:
        response: With its body.
    """

    def __init__(self, response: httpx.Response) -> None:
        super().__init__(f"HTTP {response.status_code}")
        self.response = response


class Clients:
    """One client per thread: measured as fast as asyncio and simpler; one client shared by many slows down per call.

    Within `kept` the client of a thread that has ended, and its open connections, go to the next thread.

    Args:
        factory: Makes a client.
        limits: Of each exchange.
    """

    def __init__(self, factory: ClientFactory, limits: Limits = DEFAULT_LIMITS) -> None:
        self._factory = factory
        self.limits = limits
        self._local = threading.local()
        self._lock = threading.Lock()
        self._holders = 0
        self._idle: list[httpx.Client] = []

    def get(self) -> httpx.Client:
        """The calling thread's client; another one, when the last was closed for taking too long."""
        client: httpx.Client | None = getattr(self._local, "client", None)
        if client is None or client.is_closed:
            client = self._local.client = self._take() or self._factory()
        return client

    def release(self) -> None:
        """Give up the calling thread's client, as the thread ends; outside of `kept` it is closed."""
        client: httpx.Client | None = getattr(self._local, "client", None)
        if client is None:
            return
        del self._local.client
        with self._lock:
            if self._holders and not client.is_closed:
                self._idle.append(client)
                return
        client.close()

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Keep the clients of threads that have ended, for others, until the block ends."""
        with self._lock:
            self._holders += 1
        try:
            yield
        finally:
            with self._lock:
                self._holders -= 1
                idle, self._idle = ([], self._idle) if self._holders else (self._idle, [])
            for client in idle:
                client.close()

    def _take(self) -> httpx.Client | None:
        with self._lock:
            return self._idle.pop() if self._idle else None


class GoogleTransport:
    """An `httplib2.Http` for `googleapiclient` that sends its requests over httpx, with the key in a header.

    A key in the header stays out of URLs, and so out of logs, proxies and error texts.
    """

    def __init__(self, clients: Clients, key: str) -> None:
        self._clients = clients
        self._key = key

    def request(
        self,
        uri: str,
        method: str = "GET",
        body: str | bytes | None = None,
        headers: Mapping[str, str] | None = None,
        **_: Any,
    ) -> tuple[httplib2.Response, bytes]:
        """Send one request; the signature is httplib2's.

        Raises:
            TransientError: No response, or a broken one.
            RefusedError: An error response. Google's own `HttpError` holds the whole URL, and its constructor fails on
                bodies that are not as it expects (a message that is a number).
        """
        with_key = {**(headers or {}), "X-Goog-Api-Key": self._key}
        client, limits = self._clients.get(), self._clients.limits
        response = send(client, method, uri, content=body, headers=with_key, limits=limits)
        if response.status_code >= 300:
            raise RefusedError(response)
        # The status is all that Google's client reads; a header of that name (`Status: 200 OK`) is not a number.
        return httplib2.Response({"status": str(response.status_code)}), response.content
