"""The proxy through which every tool reaches the simulated YouTube: `https_proxy`, which all of them support.

It accepts `CONNECT host:port` and forwards YouTube's hosts to the simulated one and this machine's to itself
(linkinator serves the list that it reads over HTTP); it refuses all others. So no tool needs another name for YouTube,
the lists have the URLs that people write, TLS is from end to end, and nothing leaves the machine.
"""

import asyncio
from asyncio import StreamReader, StreamWriter
from collections.abc import Callable
from contextlib import suppress
from threading import Event, Thread
from types import TracebackType
from typing import Self

_YOUTUBE = ("youtube.com", "youtu.be", "youtube-nocookie.com", "googleapis.com")
_HERE = ("localhost", "127.0.0.1")
_CHUNK = 65_536


def destination(target: str, youtube: int) -> int | None:
    """The port on this machine that `host:port` is forwarded to; None: it is refused.

    Args:
        target: As `CONNECT` names it.
        youtube: The port of the simulated YouTube.
    """
    host, _, port = target.rpartition(":")
    if host in _HERE:
        return int(port) if port.isdecimal() else None
    return youtube if any(host == name or host.endswith(f".{name}") for name in _YOUTUBE) else None


class Front:
    """The proxy, in a thread of its own while the `with` block lasts.

    Args:
        youtube: The port of the simulated YouTube, which speaks TLS.
    """

    def __init__(self, youtube: int) -> None:
        self._youtube = youtube
        self._ready = Event()
        self._stop: Callable[[], object] = lambda: None
        self._thread = Thread(target=lambda: asyncio.run(self._serve()), daemon=True)
        self.url = ""
        """For `https_proxy`."""

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()
        self._thread.join()

    async def _serve(self) -> None:
        loop, stopped = asyncio.get_running_loop(), asyncio.Event()
        self._stop = lambda: loop.call_soon_threadsafe(stopped.set)
        server = await asyncio.start_server(self._answer, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        self._ready.set()
        await stopped.wait()
        server.close()

    async def _answer(self, reader: StreamReader, writer: StreamWriter) -> None:
        # Either side hangs up, or the proxy stops and cancels what is still open.
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            method, target, _ = head.split(" ", 2)
            port = destination(target, self._youtube) if method == "CONNECT" else None
            if port is None:
                writer.write(b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
            else:
                await _join(reader, writer, port)
        writer.close()


async def _join(reader: StreamReader, writer: StreamWriter, port: int) -> None:
    """Forward the bytes both ways, until one side hangs up."""
    far_reader, far_writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
    ways = [asyncio.create_task(_copy(reader, far_writer)), asyncio.create_task(_copy(far_reader, writer))]
    try:
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
    finally:
        writer.close()
        far_writer.close()
    await asyncio.gather(*ways)


async def _copy(reader: StreamReader, writer: StreamWriter) -> None:
    with suppress(OSError):
        while chunk := await reader.read(_CHUNK):
            writer.write(chunk)
            await writer.drain()
