"""Deletes all discovery documents of google-api-python-client except YouTube's: of some six hundred, one is used.

Run it with the Python of the installation to be made smaller.
"""

import sys
from importlib.util import find_spec
from pathlib import Path

KEPT = "youtube.v3.json"


def documents() -> Path:
    """The folder of the documents."""
    found = find_spec("googleapiclient")
    if found is None or found.origin is None:
        sys.exit("google-api-python-client is not installed here")
    return Path(found.origin).parent / "discovery_cache" / "documents"


def keep_youtube(folder: Path) -> tuple[int, int]:
    """Delete the others; returns how many there were, and their bytes."""
    if not (folder / KEPT).is_file():
        sys.exit(f"{folder / KEPT} is not there: nothing was deleted")
    others = [file for file in folder.glob("*.json") if file.name != KEPT]
    size = sum(file.stat().st_size for file in others)
    for file in others:
        file.unlink()
    return len(others), size


if __name__ == "__main__":
    count, size = keep_youtube(documents())
    sys.stdout.write(f"deleted {count} discovery documents, {size:,} bytes\n")
