"""Where a key stands in the text of a settings file: tomllib tells no places."""

import re
from collections.abc import Sequence
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


def line_of(text: str, *names: str) -> int:
    """1-based line where a key stands, looked for below the tables that it is in."""
    lines, at = text.split("\n"), 0
    for name in names:
        key = re.escape(name)
        pattern = re.compile(rf"""\s*(?:\[[^\]]*(?<![\w-]){key}(?![\w-])[^\]]*\]|["']?{key}["']?\s*[=.])""")
        at = next((number for number, line in enumerate(lines[at:], at) if pattern.match(line)), at)
    return at + 1


def line_in_array(text: str, table: Sequence[str], number: int, key: str | None = None) -> int:
    """1-based line of one table of an array of tables, or of a key in it.

    Args:
        text: The file.
        table: The names in its header, `[[tool.linkwatch.ignore]]`.
        number: Which of them, from 0.
        key: None: its header.
    """
    names = r"\s*\.\s*".join(rf"""(?:{re.escape(name)}|"{re.escape(name)}"|'{re.escape(name)}')""" for name in table)
    header = re.compile(rf"\s*\[\[\s*{names}\s*\]\]")
    lines = text.split("\n")
    heads = [at for at, line in enumerate(lines) if header.match(line)]
    if number >= len(heads):  # They are written in one value: `ignore = [{…}, {…}]`.
        return line_of(text, *table)
    head, until = heads[number], [*heads, len(lines)][number + 1]
    pattern = re.compile(rf"""\s*["']?{re.escape(key or "")}["']?\s*[=.]""")
    return next((at for at in range(head, until) if key and pattern.match(lines[at])), head) + 1
