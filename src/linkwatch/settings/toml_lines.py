"""The line of a key, or of an error, in the text of a TOML file; tomllib doesn't say the former."""

import re
import tomllib
from collections.abc import Sequence
from itertools import pairwise

from linkwatch.errors import SettingsError


def toml_error(file: str, text: str, error: tomllib.TOMLDecodeError) -> SettingsError:
    """The error of a file that is not TOML: at its line, or at the last one for what is never closed."""
    at = re.search(r" \(at (?:line (\d+)|end of document)", str(error))
    line = at[1] if at and at[1] else len(text.splitlines()) or 1
    return SettingsError(f"{file}:{line}: not TOML: {error}", remedy="Correct that line, or what begins before it.")


def line_of(text: str, *path: str | int) -> int:
    """The 1-based line of a key, a table, or a table of an array of tables.

    A key that can't be found (an element of an array, a table in one line) has the line of what it is in.

    Args:
        text: The file.
        path: Names, and after that of an array of tables the number of the table, from 0:
            `"tool", "linkwatch", "ignore", 1, "rules"`.
    """
    lines = text.split("\n")
    number = next((at for at, part in enumerate(path) if isinstance(part, int)), None)
    if number is None:
        return _line_of_key(lines, [str(name) for name in path]) + 1
    table = [str(name) for name in path[:number]]
    heads = _headers(lines, table)
    index = int(path[number])
    if index >= len(heads):  # They are written as one value: `ignore = [{…}, {…}]`.
        return _line_of_key(lines, table) + 1
    head, end = heads[index], [*heads, len(lines)][index + 1]
    if number + 1 == len(path):
        return head + 1
    pattern = re.compile(rf"""\s*["']?{re.escape(str(path[number + 1]))}["']?\s*[=.]""")
    return next((at for at in range(head, end) if pattern.match(lines[at])), head) + 1


def _line_of_key(lines: list[str], names: Sequence[str]) -> int:
    """0-based; each name is looked for below the one before."""
    at = 0
    for name in names:
        key = re.escape(name)
        pattern = re.compile(rf"""\s*(?:\[[^\]]*(?<![\w-]){key}(?![\w-])[^\]]*\]|["']?{key}["']?\s*[=.])""")
        at = next((number for number, line in enumerate(lines[at:], at) if pattern.match(line)), at)
    return at


def _headers(lines: list[str], table: Sequence[str]) -> list[int]:
    """The 0-based lines of `[[tool.linkwatch.ignore]]`, in all the ways it can be written."""
    names = r"\s*\.\s*".join(rf"""(?:{re.escape(name)}|"{re.escape(name)}"|'{re.escape(name)}')""" for name in table)
    header = re.compile(rf"\s*\[\[\s*{names}\s*\]\]")
    return [at for at, line in enumerate(lines) if header.match(line)]


def blocks_of(lines: list[str], *table: str) -> list[range]:
    """The 0-based lines of each table of an array of tables, from its header to its last value.

    Comments and empty lines after the last value belong to no table: people write a comment above what it is about.
    """
    heads = _headers(lines, table)
    return [range(head, _end(lines, head, until)) for head, until in pairwise([*heads, len(lines)])]


def _end(lines: list[str], head: int, until: int) -> int:
    while until > head + 1 and (not lines[until - 1].strip() or lines[until - 1].lstrip().startswith("#")):
        until -= 1
    return until
