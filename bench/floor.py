"""The floor under a check: `python -m bench.floor LIST DATABASE API_URL`.

The work that cannot be avoided: read the list, fetch the same responses with httpx in eight threads, decode them with
msgspec into the same fields, and store the same rows with `sqlite3.executemany`. It evaluates nothing.
"""

import csv
import sqlite3
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path

import httpx
import msgspec

THREADS = 8
PER_CALL = 50
PER_COMMIT = 1000


class Snippet(msgspec.Struct, rename="camel"):
    """The fields that linkwatch uses too."""

    title: str
    channel_id: str
    channel_title: str


class Details(msgspec.Struct, rename="camel"):
    """As above."""

    item_count: int


class Item(msgspec.Struct, rename="camel"):
    """As above."""

    id: str
    snippet: Snippet
    content_details: Details


class Page(msgspec.Struct):
    """As above."""

    items: list[Item]


decode = msgspec.json.Decoder(Page).decode
local = threading.local()


def fetch(url: str, ids: list[str]) -> list[Item]:
    """One call."""
    if not hasattr(local, "client"):
        local.client = httpx.Client()
    parameters = {"part": "snippet,contentDetails,status", "id": ",".join(ids), "maxResults": "50", "alt": "json"}
    headers = {"X-Goog-Api-Key": "bench"}
    return decode(local.client.get(f"{url}youtube/v3/playlists", params=parameters, headers=headers).content).items


def batches(ids: list[str], size: int) -> Iterator[list[str]]:
    """The ids in pieces."""
    source = iter(ids)
    while batch := list(islice(source, size)):
        yield batch


def main(listed: Path, database: str, url: str) -> None:
    """Fetch and store."""
    with listed.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    ids = [row["url"].partition("list=")[2] for row in rows]
    now = int(time.time())
    connection = sqlite3.connect(database)
    connection.executescript(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
        "CREATE TABLE resources (id INTEGER PRIMARY KEY, kind TEXT, youtube_id TEXT, state TEXT,"
        " state_since_at INTEGER, reason TEXT, first_seen_at INTEGER, last_checked_at INTEGER,"
        " last_available_at INTEGER, strikes INTEGER, last_strike_at INTEGER, api TEXT, oembed TEXT, title TEXT,"
        " owner_id TEXT, owner_title TEXT, item_count INTEGER, restrictions TEXT, UNIQUE (kind, youtube_id));"
        "CREATE TABLE links (id INTEGER PRIMARY KEY, list_id INTEGER, resource_id INTEGER, line INTEGER,"
        ' "column" INTEGER, url TEXT, label TEXT, section TEXT, owner TEXT, first_seen_at INTEGER);'
        "CREATE INDEX links_list ON links (list_id); CREATE INDEX links_resource ON links (resource_id);"
    )
    with ThreadPoolExecutor(THREADS) as pool:
        pending = []
        for items in pool.map(lambda batch: fetch(url, batch), batches(ids, PER_CALL)):
            pending += [
                (
                    i.id,
                    now,
                    now,
                    now,
                    i.snippet.title,
                    i.snippet.channel_id,
                    i.snippet.channel_title,
                    i.content_details.item_count,
                )
                for i in items
            ]
            if len(pending) >= PER_COMMIT:
                store(connection, pending)
                pending = []
        store(connection, pending)
    row_ids = dict(connection.execute("SELECT youtube_id, id FROM resources"))
    with connection:
        connection.executemany(
            'INSERT INTO links (list_id, resource_id, line, "column", url, label, section, owner, first_seen_at)'
            " VALUES (1, ?, ?, 1, ?, ?, ?, ?, ?)",
            [
                (row_ids[id_], line, row["url"], row["label"], row["section"], row["owner"], now)
                for line, (id_, row) in enumerate(zip(ids, rows, strict=True), 2)
            ],
        )


def store(connection: sqlite3.Connection, rows: Sequence[tuple[object, ...]]) -> None:
    """One commit."""
    with connection:
        connection.executemany(
            "INSERT INTO resources (kind, youtube_id, state, state_since_at, first_seen_at, last_checked_at, strikes,"
            " api, title, owner_id, owner_title, item_count)"
            " VALUES ('playlist', ?, 'available', ?, ?, ?, 0, 'present', ?, ?, ?, ?)",
            rows,
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
