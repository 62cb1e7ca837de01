"""A server whose answers don't end, are too long, or come too slowly."""

import socket
import threading
from contextlib import suppress
from typing import Self

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
SILENCE = b"\0silence"
"""In place of further bytes: none, and the connection stays open."""

CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"


class Endless:
    """A server on loopback that answers every connection with the same bytes, and then with more until it is closed."""

    def __init__(self, first: bytes, then: bytes, *, pause: float = 0.0) -> None:
        self._first, self._then, self._pause = first, then, pause
        self._ended = threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}/"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._socket.accept()
                threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.recv(65536)
            connection.sendall(self._first)
            while self._then and not self._ended.wait(self._pause):
                if self._then != SILENCE:
                    connection.sendall(self._then)

    def close(self) -> None:
        self._ended.set()
        self._socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
