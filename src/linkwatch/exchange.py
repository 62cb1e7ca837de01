"""One HTTP exchange with another host, limited in time and in size: with YouTube, a recipient of pings, GitHub."""

import math
import os
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

import httpx

from linkwatch.errors import SettingsError
from linkwatch.text import is_host
from linkwatch.version import __version__

USER_AGENT = f"linkwatch/{__version__}"


class TransientError(Exception):
    """An attempt failed in a way that may pass.

    Args:
        what: A short phrase, without a URL.
        retry_after: Seconds from the `Retry-After` header; None without one.
    """

    def __init__(self, what: str, *, retry_after: float | None = None) -> None:
        super().__init__(what)
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one exchange; one that exceeds them counts as no response."""

    seconds: float = 60.0
    """From the first byte of the request to the last of the response; httpx's own time-outs are between two bytes."""

    body: int = 16_000_000
    """Bytes of a decompressed body: one with 50 items has less than a million."""


DEFAULT_LIMITS = Limits()
"""Used unless others are given."""


_TIMEOUT = httpx.Timeout(20.0, connect=10.0)


_PROXIES = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy")
_NO_PROXY = ("NO_PROXY", "no_proxy")


def new_client() -> httpx.Client:
    """An httpx client with the time-outs of a batch job, and the proxies and certificates of the environment.

    Redirects are not followed: neither endpoint redirects.

    Raises:
        SettingsError: A variable about proxies or certificates has a wrong value; the message names it.
    """
    with _READING:  # or threads that start together would each read them
        trust = _trust(os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR"))
        _check_proxies(tuple((name, value) for name in _PROXIES if (value := os.environ.get(name))), trust)
    try:
        return httpx.Client(timeout=_TIMEOUT, headers={"User-Agent": USER_AGENT}, verify=trust)
    except (ImportError, OSError, ValueError, TypeError, httpx.InvalidURL) as error:
        raise _broken_exceptions(os.environ) or error from None


_READING = threading.Lock()


@lru_cache(maxsize=1)
def _trust(file: str | None, folder: str | None) -> ssl.SSLContext:
    """The trusted authorities, read once for all clients: 20 ms, and each client would read them once a proxy."""
    if folder and not any(Path(part).is_dir() for part in folder.split(os.pathsep)):
        raise SettingsError(
            f"$SSL_CERT_DIR: {folder}: no such folder", remedy="Name a folder of certificates, or unset it."
        )
    try:
        return httpx.create_ssl_context()  # it reads the same variables
    except OSError as error:  # SSLError too
        if not file:
            raise
        reason = "no certificates in PEM" if isinstance(error, ssl.SSLError) else error.strerror
        raise SettingsError(
            f"$SSL_CERT_FILE: {file}: {reason}", remedy="Name a file of certificates, or unset it."
        ) from None


@lru_cache(maxsize=1)
def _check_proxies(proxies: tuple[tuple[str, str], ...], trust: ssl.SSLContext) -> None:
    """Make sure, once for all clients, that the variables can be used; a value may contain a password: no quotes."""
    for name, value in proxies:
        proxy = value if "://" in value else f"http://{value}"
        try:
            httpx.Client(proxy=proxy, trust_env=False, verify=trust).close()
            _require_host(proxy)
        except ImportError:
            remedy = "For a SOCKS proxy: pip install socksio"
            raise SettingsError(
                f"${name}: a SOCKS proxy takes a package that is not installed", remedy=remedy
            ) from None
        except (ValueError, TypeError, httpx.InvalidURL):
            remedy = "For example: http://proxy.example:3128"
            raise SettingsError(f"${name} is not the address of a proxy", remedy=remedy) from None


def _require_host(url: str) -> None:
    parts = urlsplit(url)
    if not is_host(parts.hostname) or parts.port == 0:  # reading a port that can't be one is a ValueError
        raise ValueError


def _broken_exceptions(environ: Mapping[str, str]) -> SettingsError | None:
    name = next((name for name in _NO_PROXY if environ.get(name)), None)
    remedy = "For example: localhost,.example.org"
    return None if name is None else SettingsError(f"${name} has hosts that can't be read", remedy=remedy)


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
    with _DEADLINES.watch(client, limits.seconds) as deadline:
        request = client.build_request(
            method,
            url,
            content=content,
            headers=headers,
            params=params,
            timeout=_timeout_within(client.timeout, limits.seconds),
            extensions={"trace": deadline.trace},
        )
        try:
            response = client.send(request, stream=True)
            try:
                body = b"".join(_until(deadline, _limited(limits.body, _decompressed(response, limits.body))))
            finally:
                response.close()
        except httpx.TimeoutException:
            raise (late if deadline.passed else TransientError("no answer in time")) from None
        except (httpx.DecodingError, zlib.error):
            raise TransientError("an answer that can't be decoded") from None
        except (httpx.TransportError, UnicodeError, OverflowError):  # these of a host or port that can't be one
            raise (late if deadline.passed else TransientError("no connection")) from None
    if deadline.passed:
        raise late
    kept = [(name, value) for name, value in response.headers.multi_items() if name != "content-encoding"]
    return httpx.Response(response.status_code, headers=kept, content=body, request=request)


def _timeout_within(timeout: httpx.Timeout, seconds: float) -> httpx.Timeout:
    """The time-outs of a client, none of them longer than the exchange: nobody else ends an attempt to connect."""
    return httpx.Timeout(**{name: min(wait or seconds, seconds) for name, wait in timeout.as_dict().items()})


def _limited(limit: int, pieces: Iterator[bytes]) -> Iterator[bytes]:
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > limit:
            raise TransientError(f"an answer of more than {limit:,} bytes")
        yield piece


def _until(deadline: "_Deadline", pieces: Iterator[bytes]) -> Iterator[bytes]:
    for piece in pieces:
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
    for chunk in _limited(limit, response.iter_raw()):  # else what follows the end would be kept without end
        yield decoder.decompress(chunk, limit + 1)
    if not decoder.eof:
        raise TransientError("an answer that broke off")


class _Deadline:
    """When an exchange must have ended, and the connections that it may be waiting for.

    Args:
        client: Whose exchange it is.
        at: By the monotonic clock.
    """

    def __init__(self, client: httpx.Client, at: float) -> None:
        self.client = client
        self.at = at
        self.passed = False
        self._connecting: list[socket.socket] = []
        self._lock = threading.Lock()

    def trace(self, event: str, details: Mapping[str, Any]) -> None:
        """Note a new connection; httpcore calls it."""
        if not event.endswith(("connect_tcp.complete", "start_tls.complete")):
            return
        connected: socket.socket = details["return_value"].get_extra_info("socket")
        with self._lock:
            _CONNECTIONS.setdefault(self.client, []).append(connected)
            if not isinstance(connected, ssl.SSLSocket):
                self._connecting.append(connected.dup())  # the original is replaced while TLS is negotiated
            if self.passed:
                self._shut_down()

    def pass_(self) -> None:
        """End the exchange: whoever waits for a connection of the client gets its end at once."""
        with self._lock:
            self.passed = True
            self._shut_down()

    def _shut_down(self) -> None:
        for connection in [*self._connecting, *_CONNECTIONS.get(self.client, [])]:
            with suppress(OSError):  # it is closed
                socket.socket.shutdown(connection, socket.SHUT_RDWR)

    def end(self) -> None:
        """Forget the connections that are closed."""
        with self._lock:
            for connection in self._connecting:
                connection.close()
            if self.client in _CONNECTIONS:
                _CONNECTIONS[self.client] = [each for each in _CONNECTIONS[self.client] if each.fileno() != -1]


_CONNECTIONS: WeakKeyDictionary[httpx.Client, list[socket.socket]] = WeakKeyDictionary()
"""Those that were made, and may be used again by a later exchange."""


class _Deadlines:
    """Ends the exchanges that take too long: one thread for all of them, started by the first.

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
            deadline.end()

    def _watch(self) -> None:
        with self._changed:
            while True:
                now = time.monotonic()
                for deadline in [running for running in self._running if running.at <= now]:
                    self._running.discard(deadline)
                    deadline.pass_()
                self._wakes_at = min((running.at for running in self._running), default=math.inf)
                self._changed.wait(min(threading.TIMEOUT_MAX, max(0.0, self._wakes_at - time.monotonic())))


_DEADLINES = _Deadlines()
