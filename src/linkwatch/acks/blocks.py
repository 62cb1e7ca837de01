"""Where each `[[ack]]` stands in the text: tomllib tells no places, and tomlkit takes comments for the entry above."""

import re
from itertools import pairwise

_HEADER = re.compile(r"""\s*\[\[\s*(ack|"ack"|'ack')\s*\]\]""")


def blocks_of(lines: list[str]) -> list[range]:
    """The lines of each entry, from its header to its last value.

    Comments and empty lines after that belong to nobody: what people write above a header is about what follows.
    """
    heads = [number for number, line in enumerate(lines) if _HEADER.match(line)]
    return [range(head, _end(lines, head, until)) for head, until in pairwise([*heads, len(lines)])]


def _end(lines: list[str], head: int, until: int) -> int:
    while until > head + 1 and (not lines[until - 1].strip() or lines[until - 1].lstrip().startswith("#")):
        until -= 1
    return until


def line_of(text: str, number: int, key: str | None = None) -> int:
    """1-based line of an entry, or of a key in it; 1 when the entries are not written as `[[ack]]`."""
    lines = text.split("\n")
    blocks = blocks_of(lines)
    if number >= len(blocks):
        return 1
    block = blocks[number]
    pattern = re.compile(rf"""\s*["']?{re.escape(key or "")}["']?\s*[=.]""")
    return next((at for at in block if key and pattern.match(lines[at])), block[0]) + 1
