"""What several benchmarks share: the installed command, a Data API on loopback, and a long list."""

import random
import string
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]
LINKWATCH = str(Path(sys.executable).with_name("linkwatch"))


@contextmanager
def loopback() -> Iterator[str]:
    """The Data API of bench/loopback.py; yields its root."""
    server = subprocess.Popen(  # a command of this file
        [sys.executable, "-m", "bench.loopback"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    if server.stdin is None or server.stdout is None:
        raise SystemExit("the loopback Data API has no pipes")
    try:
        yield f"http://127.0.0.1:{int(server.stdout.readline())}/"
    finally:
        server.stdin.close()
        server.wait()


def settings_of(api: str, database: str) -> dict[str, str]:
    """The environment of a linkwatch that asks a Data API on loopback, with a key and a very large quota."""
    return {
        "LINKWATCH_DATA_API_URL": api,
        "LINKWATCH_OEMBED_URL": f"{api}oembed",
        "YOUTUBE_API_KEY": "bench",
        "LINKWATCH_INSIDE": "off",  # the loopback API has no playlist items
        "LINKWATCH_QUOTA_PER_DAY": "1000000000",
        "LINKWATCH_DATABASE_URL": database,
    }


def write_list(file: Path, resources: int) -> Path:
    """Write a list of this number of playlists, each with a label, an owner and a section."""
    rng = random.Random(1)  # noqa: S311  # the same list every time
    letters = string.ascii_letters + string.digits + "-_"
    with file.open("w", encoding="utf-8") as rows:
        rows.write("url,label,owner,section\n")
        for number in range(resources):
            playlist = "PL" + "".join(rng.choices(letters, k=32))
            url = f"https://www.youtube.com/playlist?list={playlist}"
            rows.write(f"{url},Lecture course {playlist[-6:]},Channel {playlist[-4:]},Section {number // 100}\n")
    return file
