"""Services on 127.0.0.1 that messages are sent to: a webhook, with faults, and a mail server."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import StreamRequestHandler, ThreadingTCPServer
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


class MailServer:
    """A mail server on 127.0.0.1 that keeps what it is sent."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        mails = self.mails

        class Session(StreamRequestHandler):
            def handle(self) -> None:
                self.wfile.write(b"220 ready\r\n")
                for line in self.rfile:
                    match line[:4].upper():
                        case b"DATA":
                            self.wfile.write(b"354 go on\r\n")
                            data = b"".join(iter(self.rfile.readline, b".\r\n"))
                            mail = message_from_bytes(data, policy=default)
                            assert isinstance(mail, EmailMessage)
                            mails.append(mail)
                        case b"QUIT":
                            self.wfile.write(b"221 bye\r\n")
                            return
                    self.wfile.write(b"250 ok\r\n")

        self._server = ThreadingTCPServer(("127.0.0.1", 0), Session)
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def place(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self._server.server_address[1]}"
