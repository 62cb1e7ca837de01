"""The stage's one door: locations in, links out."""

import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from importlib import import_module
from typing import BinaryIO

from linkwatch.errors import ListError
from linkwatch.models.link import Link
from linkwatch.sources.decoding import decoded_lines
from linkwatch.sources.files import ListFile, list_files, unreadable_error
from linkwatch.sources.formats import Format

Reader = Callable[[Iterable[str], str], Iterator[Link]]
"""Takes a list's lines, ending in `\\n`, and its name; raises ListError."""

_READERS = {
    Format.CSV: ("csv_reader", "read"),
    Format.MARKDOWN: ("markdown_reader", "read"),
    Format.HTML: ("html_reader", "read"),
    Format.JSON: ("json_reader", "read"),
    Format.JSON_LINES: ("json_reader", "read_json_lines"),
    Format.NOTEBOOK: ("notebook_reader", "read"),
    Format.TEXT: ("text_reader", "read"),
}
"""Module and function; loaded when a list is of that format: all of them take a tenth of the time of a small report."""


def reader_for(kind: Format) -> Reader:
    """The reader of a format."""
    module, function = _READERS[kind]
    reader: Reader = getattr(import_module(f"linkwatch.sources.{module}"), function)
    return reader


def read_lists(locations: Sequence[str], *, stdin: BinaryIO) -> Iterator[Link]:
    """Yield every link of the lists, file by file, each file in its own order.

    Args:
        locations: Files, folders, globs and `-`, as `list_files` expands them.
        stdin: The bytes of `-`; not touched when it isn't named.

    Raises:
        ListError: A location or a file can't be read; it has the file, the line and a remedy.
    """
    for file in list_files(locations):
        yield from read_file(file, stdin=stdin)


def read_file(file: ListFile, *, stdin: BinaryIO) -> Iterator[Link]:
    """Yield every link of one list, in its order.

    Raises:
        ListError: As `read_lists`.
    """
    try:
        stream = file.path.open("rb") if file.path else io.BytesIO(stdin.read())
        with stream if stream.seekable() else io.BytesIO(stream.read()) as content:
            reader = reader_for(detect_format(file, content))
            content.seek(0)
            yield from reader(decoded_lines(content, file.name), file.name)
    except OSError as error:
        raise unreadable_error(error, file.name) from None


def detect_format(file: ListFile, content: BinaryIO) -> Format:
    """How a list is read, by its name or else by what is in it."""
    if file.format is None:
        return sniff_format("".join(decoded_lines(content, file.name)))
    if file.format is Format.CSV and not file.chosen and not _is_csv_list(decoded_lines(content, file.name)):
        return Format.TEXT  # Somebody's data, which happened to be in the folder.
    return file.format


def sniff_format(text: str) -> Format:
    """The format of a text without a name; Markdown, which finds bare URLs too, unless it is plainly another."""
    begin = text.lstrip()[:1]
    if begin == "<":
        return Format.HTML
    if begin and begin in "{[":
        from linkwatch.sources import json_tree, notebook_reader  # noqa: PLC0415  # as with the readers

        with suppress(ListError):
            return Format.NOTEBOOK if notebook_reader.is_notebook(json_tree.parse(text, "")) else Format.JSON
    if _is_csv_list(text.split("\n", 2)[:2]):
        return Format.CSV
    return Format.MARKDOWN


def _is_csv_list(beginning: Iterable[str]) -> bool:
    from linkwatch.sources import csv_reader  # noqa: PLC0415  # as with the readers

    return csv_reader.is_list(beginning)
