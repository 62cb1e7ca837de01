"""What is left unread in folders: files of kinds that have no reader, counted by kind with the links in them."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from linkwatch.errors import ListError
from linkwatch.sources.content import is_spreadsheet, open_list
from linkwatch.text import counted

_LINK = re.compile(rb"\b(?:youtube(?:-nocookie|kids)?\.com|youtu\.be)/\w", re.IGNORECASE)
_LONGEST_SEARCHED = 16_000_000
_HEAD = 8192


def unread_remarks(paths: Iterable[Path]) -> Iterator[str]:
    """Yield a sentence on what is not read, if there is anything.

    Args:
        paths: Files of a folder whose kind has no reader.
    """
    files: Counter[str] = Counter()
    links: Counter[str] = Counter()
    spreadsheets = 0
    for path in paths:
        if is_spreadsheet(path.name):
            spreadsheets += 1
        elif number := _count_links(path):
            kind = path.suffix.lower()
            files[kind] += 1
            links[kind] += number
    if links:
        kinds = sorted(links, key=lambda kind: (-links[kind], kind))
        if len(kinds) == 1:
            what = f"{counted(links.total(), 'YouTube link')} in {_files(files[kinds[0]], kinds[0])}"
        else:
            parts = ", ".join(f"{links[kind]:,} in {_files(files[kind], kind)}" for kind in kinds)
            what = f"{counted(links.total(), 'YouTube link')} ({parts})"
        is_are = "is" if links.total() == 1 else "are"
        yield f"{what} {is_are} not read; a file that is named is searched as plain text"
    if spreadsheets:
        is_are = "is" if spreadsheets == 1 else "are"
        yield f"{counted(spreadsheets, 'spreadsheet')} {is_are} not read: save the sheet with the links as CSV (UTF-8)"


def _files(number: int, kind: str) -> str:
    return counted(number, f"{kind} file") if kind else f"{counted(number, 'file')} without an extension"


def _count_links(path: Path) -> int:
    """The links of a text; 0 for a file that is none, is very long, or can't be read."""
    try:
        with open_list(path, path.name) as stream:
            head = stream.read(_HEAD)
            if b"\0" in head:
                return 0
            rest = stream.read(_LONGEST_SEARCHED - len(head) + 1)
    except (OSError, ListError):
        return 0
    content = head + rest
    return 0 if len(content) > _LONGEST_SEARCHED or b"youtu" not in content.lower() else len(_LINK.findall(content))
