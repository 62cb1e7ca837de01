"""A simulated YouTube on loopback, for any HTTP client."""

import sys
import time
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import SHUT_RDWR, socket
from ssl import SSLContext, SSLError
from threading import Thread
from types import TracebackType
from typing import Self

import httpx

from linkwatch.simulator.youtube import SimulatedYouTube

Log = Callable[[str], None]


class YouTubeServer:
    """Serves a simulated YouTube on 127.0.0.1 while the `with` block lasts.

    Args:
        youtube: What answers the requests.
        port: 0 for any that is free.
        log: Called with a line for each request; None: no log.
        latency: Seconds before each response.
        tls: The certificate to serve HTTPS with; None for HTTP.
        sleep: How to wait.

    Raises:
        OSError: The port is taken.
    """

    def __init__(
        self,
        youtube: SimulatedYouTube,
        port: int = 0,
        *,
        log: Log | None = None,
        latency: float = 0.0,
        tls: SSLContext | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        delay = (lambda: sleep(latency)) if latency else None
        self._server = _Server(youtube, port, log, delay, tls)
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    @property
    def url(self) -> str:
        """The root, as `LINKWATCH_DATA_API_URL` wants it: `http://127.0.0.1:8123/`."""
        return f"{self._server.scheme}://127.0.0.1:{self._server.server_port}/"

    @property
    def oembed_url(self) -> str:
        """The oEmbed endpoint, as `LINKWATCH_OEMBED_URL` wants it."""
        return f"{self.url}oembed"

    def start(self) -> None:
        """Start answering, in threads of its own."""
        self._thread.start()

    def stop(self) -> None:
        """Accept no more requests, close the connections, and free the port."""
        self._server.shutdown()
        self._server.close_connections()
        self._server.server_close()
        self._thread.join()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False  # a client that keeps its connection open would keep the server
    request_queue_size = 128  # of five, the sixth client that connects at once waits a second, and tries again

    def __init__(
        self,
        youtube: SimulatedYouTube,
        port: int,
        log: Log | None,
        delay: Callable[[], None] | None,
        tls: SSLContext | None,
    ) -> None:
        self.youtube = youtube
        self.log = log
        self.delay = delay
        self.scheme = "https" if tls else "http"
        self.connections: set[socket] = set()
        super().__init__(("127.0.0.1", port), _Handler)
        if tls is not None:
            # The handshake is left to the thread of the connection: a slow client must not hold up the next.
            self.socket = tls.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)

    def close_connections(self) -> None:
        """Close the connections that clients keep open; they would still be answered otherwise."""
        for connection in tuple(self.connections):
            with suppress(OSError):  # the client may have closed it
                connection.shutdown(SHUT_RDWR)

    def handle_error(self, request: object, client_address: object) -> None:
        # A client that was killed in the middle of a check, or that does not trust the certificate, is no error
        # of the server's, and needs no traceback.
        if not isinstance(sys.exception(), ConnectionError | SSLError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]  # passed on as it is


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # head and body in one packet
    timeout = 60

    def setup(self) -> None:
        super().setup()
        self.server.connections.add(self.connection)

    def finish(self) -> None:
        self.server.connections.discard(self.connection)
        super().finish()

    def do_GET(self) -> None:
        self._answer()

    do_POST = do_GET  # noqa: N815 - as above
    do_HEAD = do_GET  # noqa: N815 - as above

    def _answer(self) -> None:
        request = self._request()
        if self.server.delay is not None:
            self.server.delay()
        try:
            response = self.server.youtube(request)
        except httpx.TransportError:
            # A client sees a time-out or a reset as a connection that is closed without a response.
            self.close_connection = True
            return
        self._send(response)

    def _request(self) -> httpx.Request:
        content = self.rfile.read(int(self.headers.get("content-length") or 0))
        host = self.headers.get("host", "127.0.0.1")
        method = "GET" if self.command == "HEAD" else self.command
        return httpx.Request(
            method, f"{self.server.scheme}://{host}{self.path}", headers=self.headers.items(), content=content
        )

    def _send(self, response: httpx.Response) -> None:
        # `response.content` is decoded; the stream still holds the bytes as they were compressed.
        content = b"".join(response.stream) if isinstance(response.stream, httpx.ByteStream) else response.content
        self.send_response(response.status_code)
        for name, value in response.headers.multi_items():
            if name != "content-length":
                self.send_header(name, value)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name http.server gives it
        if self.server.log is not None:
            self.server.log(format % args)
