"""A service on 127.0.0.1 that messages are sent to, as Apprise's `json://` sends them, with faults."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any, Self

NEVER = 0
"""In place of a status: no answer until the hook is closed."""


class Webhook:
    """Notes what it is sent, and answers with the next of its statuses, then with 200."""

    def __init__(self) -> None:
        self.statuses: list[int] = []
        self.location = ""
        """Where answers of 302 lead to."""

        self.paths: list[str] = []
        self.received: list[dict[str, Any]] = []
        """Every message, the refused ones too, as JSON."""

        self.reached = Event()
        """Set when somebody waits for an answer."""

        self._closing = Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def place(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self._server.server_port}"

    @property
    def titles(self) -> list[str]:
        """The titles of all messages."""
        return [message["title"] for message in self.received]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                hook.received.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.do_GET()

            def do_GET(self) -> None:
                hook.paths.append(self.path)
                status = hook.statuses.pop(0) if hook.statuses else 200
                if status == NEVER:
                    hook.reached.set()
                    hook._closing.wait(30)
                    return
                self.send_response(status)
                if status == 302:
                    self.send_header("Location", hook.location)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        return Handler


@contextmanager
def closed_address() -> Iterator[str]:
    """Host and port where nobody answers any more."""
    with Webhook() as gone:
        place = gone.place
    yield place
