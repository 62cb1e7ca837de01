"""A Data API on loopback that adds nothing to the cost of its client: `python -m bench.loopback`.

Plain asyncio, bodies as large as YouTube's (76 KB for 50 playlists, gzipped), in a process of its own, so that its CPU
is counted apart. It prints its port and serves until its standard input closes.
"""

import asyncio
import gzip
import json
import sys
from urllib.parse import parse_qs, urlsplit


def item(playlist_id: str) -> bytes:
    """One playlist as `playlists.list` returns it, some 1,500 bytes."""
    title = f"Lecture course {playlist_id[-6:]}"
    thumbnail = {"url": f"https://i.ytimg.com/vi/{playlist_id[:11]}/hqdefault.jpg", "width": 480, "height": 360}
    return json.dumps(
        {
            "kind": "youtube#playlist",
            "etag": playlist_id[::-1],
            "id": playlist_id,
            "snippet": {
                "publishedAt": "2020-01-01T00:00:00Z",
                "channelId": "UC" + playlist_id[-22:],
                "title": title,
                "description": f"All about {playlist_id}. " * 15,
                "thumbnails": dict.fromkeys(("default", "medium", "high", "standard"), thumbnail),
                "channelTitle": f"Channel {playlist_id[-4:]}",
                "localized": {"title": title, "description": "Localized."},
            },
            "status": {"privacyStatus": "public"},
            "contentDetails": {"itemCount": 10 + ord(playlist_id[-1])},
        }
    ).encode()


def body_for(ids: list[str]) -> bytes:
    """The gzipped response to one call."""
    items = b",".join(map(item, ids))
    page = b'{"totalResults":%d,"resultsPerPage":%d}' % (len(ids), len(ids))
    whole = b'{"kind":"youtube#playlistListResponse","etag":"x","pageInfo":' + page + b',"items":[' + items + b"]}"
    return gzip.compress(whole, 1)


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Serve one connection, request after request."""
    while head := await reader.readuntil(b"\r\n\r\n") if not reader.at_eof() else b"":
        query = parse_qs(urlsplit(head.split(b" ", 2)[1].decode()).query)
        body = body_for(",".join(query["id"]).split(","))
        writer.write(
            b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-encoding: gzip\r\n"
            b"content-length: %d\r\n\r\n" % len(body) + body
        )
        await writer.drain()


async def serve() -> None:
    """Serve until standard input closes."""

    async def quietly(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await answer(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(quietly, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)  # noqa: T201  # how its parent learns the port
    async with server:
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(serve())
