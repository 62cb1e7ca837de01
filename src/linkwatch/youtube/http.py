"""Requests over httpx, for Google's client and for oEmbed; every exchange is limited in time and in size."""

import math
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import httplib2
import httpx

from linkwatch import __version__
from linkwatch.youtube.retry import TransientError

USER_AGENT = f"linkwatch/{__version__}"

ClientFactory = Callable[[], httpx.Client]


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one exchange; one that exceeds them counts as no response."""

    seconds: float = 60.0
    """From the first byte of the request to the last of the response; httpx's own time-outs are between two bytes."""

    body: int = 16 * 2**20
    """Bytes of a decompressed body: one with 50 items has less than a million."""


DEFAULT_LIMITS = Limits()
"""Used unless others are given."""


def new_client() -> httpx.Client:
    """An httpx client with the time-outs of a batch job. Redirects are not followed: neither endpoint redirects."""
    return httpx.Client(timeout=httpx.Timeout(20.0, connect=10.0), headers={"User-Agent": USER_AGENT})


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
    """One client per thread: measured as fast as asyncio and simpler; one client shared by many slows down per call."""

    def __init__(self, factory: ClientFactory) -> None:
        self._factory = factory
        self._local = threading.local()

    def get(self) -> httpx.Client:
        """The calling thread's client; another one, when the last was closed for taking too long."""
        client: httpx.Client | None = getattr(self._local, "client", None)
        if client is None or client.is_closed:
            client = self._local.client = self._factory()
        return client

    def close(self) -> None:
        """Close the calling thread's client, and with it the connections that it kept."""
        client: httpx.Client | None = getattr(self._local, "client", None)
        if client is not None:
            del self._local.client
            client.close()


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
        response = send(self._clients.get(), method, uri, content=body, headers=with_key)
        if response.status_code >= 300:
            raise RefusedError(response)
        # The status is all that Google's client reads; a header of that name (`Status: 200 OK`) is not a number.
        return httplib2.Response({"status": str(response.status_code)}), response.content


def send(
    client: httpx.Client,
    method: str,
    url: str,
    *,
    content: str | bytes | None = None,
    headers: Mapping[str, str] | None = None,
    params: Mapping[str, str] | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> httpx.Response:
    """Send one request and read the response, decompressed.

    Raises:
        TransientError: No response, one that broke off, or one beyond the limits. The message names the fault and
            never the URL.
    """
    late = TransientError(f"no whole answer within {limits.seconds:.0f} seconds")
    request = client.build_request(method, url, content=content, headers=headers, params=params)
    with _DEADLINES.watch(client, limits.seconds) as deadline:
        try:
            response = client.send(request, stream=True)
            try:
                body = b"".join(_limited(limits.body, _decompressed(response, limits.body), deadline))
            finally:
                response.close()
        except httpx.TimeoutException:
            raise (late if deadline.passed else TransientError("no answer in time")) from None
        except (httpx.DecodingError, zlib.error):
            raise TransientError("an answer that can't be decoded") from None
        except httpx.TransportError:
            raise (late if deadline.passed else TransientError("no connection")) from None
    if deadline.passed:
        raise late
    kept = [(name, value) for name, value in response.headers.multi_items() if name != "content-encoding"]
    return httpx.Response(response.status_code, headers=kept, content=body, request=request)


def _limited(limit: int, pieces: Iterator[bytes], deadline: "_Deadline") -> Iterator[bytes]:
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > limit:
            raise TransientError(f"an answer of more than {limit:,} bytes")
        yield piece
        if deadline.passed:
            return


def _decompressed(response: httpx.Response, limit: int) -> Iterator[bytes]:
    """The body, piece by piece, each of a bounded size: a kilobyte of gzip can hold a megabyte."""
    if response.is_stream_consumed:  # by a transport that makes whole responses, as in tests
        yield response.content
        return
    encoding = response.headers.get("content-encoding", "").strip().lower()
    if encoding in {"", "identity"}:
        yield from response.iter_raw()
        return
    if encoding not in {"gzip", "x-gzip", "deflate"}:
        raise TransientError("an answer in an encoding that was not asked for")
    decoder = zlib.decompressobj(wbits=32 + zlib.MAX_WBITS)  # gzip and zlib, distinguished by their headers
    for chunk in response.iter_raw():
        yield decoder.decompress(chunk, limit + 1)
    if not decoder.eof:
        raise TransientError("an answer that broke off")


@dataclass(slots=True, eq=False)
class _Deadline:
    client: httpx.Client
    at: float
    """By the monotonic clock."""

    passed: bool = False


class _Deadlines:
    """Closes the clients whose exchange takes too long: one thread for all of them, started by the first.

    It must be another thread: one that waits for a header, byte by byte, never looks at the clock.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._running: set[_Deadline] = set()
        self._thread: threading.Thread | None = None
        self._wakes_at = 0.0

    @contextmanager
    def watch(self, client: httpx.Client, seconds: float) -> Iterator[_Deadline]:
        deadline = _Deadline(client, time.monotonic() + seconds)
        with self._changed:
            self._running.add(deadline)
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._watch, name="linkwatch-deadlines", daemon=True)
                self._thread.start()
            elif deadline.at < self._wakes_at:
                self._changed.notify()
        try:
            yield deadline
        finally:
            with self._changed:
                self._running.discard(deadline)

    def _watch(self) -> None:
        with self._changed:
            while True:
                now = time.monotonic()
                for deadline in [running for running in self._running if running.at <= now]:
                    deadline.passed = True
                    self._running.discard(deadline)
                    with suppress(Exception):  # a socket in use may raise anything; the exchange is over
                        deadline.client.close()
                self._wakes_at = min((running.at for running in self._running), default=math.inf)
                self._changed.wait(min(threading.TIMEOUT_MAX, max(0.0, self._wakes_at - time.monotonic())))


_DEADLINES = _Deadlines()
