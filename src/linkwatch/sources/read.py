"""Lists → their links: the entry point of the stage."""

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import BinaryIO

from linkwatch.errors import ListError
from linkwatch.models.link import Link
from linkwatch.sources.content import MAX_FILE, NEEDLES, examine_content, open_list, too_large_error
from linkwatch.sources.decoding import decoded_lines
from linkwatch.sources.document import Remark
from linkwatch.sources.embeds import SYNTAXES, Syntax
from linkwatch.sources.files import ListFile, list_files, unreadable_error
from linkwatch.sources.formats import Format, ListFormat, format_by_content, reader_for

_WITHOUT_ERRORS = frozenset({Format.MARKDOWN, Format.HTML, Format.TEXT})
"""Formats whose readers take any text."""

_OURS = frozenset(map(id, SYNTAXES))
"""The syntaxes that `NEEDLES` is made for."""


def read_lists(locations: Sequence[str], *, stdin: BinaryIO, syntaxes: Sequence[Syntax] = SYNTAXES) -> Iterator[Link]:
    """Yield every link of the lists, file by file, each file in its own order.

    Args:
        locations: Files, folders, globs and `-`, as `list_files` expands them.
        stdin: The bytes of `-`; not read when it isn't named.
        syntaxes: Those in which an id without a URL is a link; see `own_syntaxes`.

    Raises:
        ListError: A location or a file that is named can't be read; it has the file, the line and a remedy.
    """
    return read_files(list_files(locations), stdin=stdin, remark=lambda _: None, syntaxes=syntaxes)


def read_files(
    files: Sequence[ListFile],
    *,
    stdin: BinaryIO,
    remark: Remark,
    max_size: int = MAX_FILE,
    syntaxes: Sequence[Syntax] = SYNTAXES,
) -> Iterator[Link]:
    """Yield every link of files. One that was met in a folder, and can't be read, costs itself alone.

    Args:
        files: As `list_files` gives them.
        stdin: The bytes of `-`.
        remark: Called with a sentence about what was skipped, and what was read as plain text.
        max_size: The most bytes of a file.
        syntaxes: Those in which an id without a URL is a link.

    Raises:
        ListError: A file that is named can't be read.
    """
    for file in files:
        if file.named:
            yield from read_file(file, stdin=stdin, max_size=max_size, syntaxes=syntaxes, remark=remark)
        else:
            yield from read_met_file(file, remark=remark, max_size=max_size, syntaxes=syntaxes)


def read_file(
    file: ListFile,
    *,
    stdin: BinaryIO,
    max_size: int = MAX_FILE,
    syntaxes: Sequence[Syntax] = SYNTAXES,
    remark: Remark | None = None,
) -> Iterator[Link]:
    """Yield every link of one list, in its order.

    Raises:
        ListError: It can't be read, whether it was named or met.
    """
    with open_content(file, stdin, max_size) as content:
        examined = examine_content(content, file.name, max_size)
        may_hold_links = examined.may_hold_links or not (
            (file.format is None or isinstance(file.format, Format)) and all(map(_is_examined, syntaxes))
        )
        if not may_hold_links and (not file.named or file.format in _WITHOUT_ERRORS):
            if file.format is not Format.CSV or not _has_columns_of_ids(file, content, examined.encoding):
                return
            content.seek(0)
        kind = detect_format(file, content, examined.encoding)
        content.seek(0)
        yield from reader_for(kind, remark)(decoded_lines(content, file.name, examined.encoding), file.name, syntaxes)


def read_met_file(
    file: ListFile, *, remark: Remark, max_size: int = MAX_FILE, syntaxes: Sequence[Syntax] = SYNTAXES
) -> Iterator[Link]:
    """Yield every link of a list that was met in a folder; what is not of its format is searched as plain text."""
    try:
        yield from read_file(file, stdin=io.BytesIO(), max_size=max_size, syntaxes=syntaxes, remark=remark)
    except ListError as error:
        as_text = ListFile(file.name, file.path, Format.TEXT, named=False)
        try:
            links = list(read_file(as_text, stdin=io.BytesIO(), max_size=max_size, syntaxes=syntaxes))
        except ListError:
            links = []
        remark(f"{error.message}; {'it is searched as plain text' if links else 'it is skipped'}")
        yield from links


def _is_examined(syntax: Syntax) -> bool:
    """Whether a text that has ids in this syntax also has one of the words that say that it may hold links."""
    return id(syntax) in _OURS or any(word in syntax.needle for word in NEEDLES)


def _has_columns_of_ids(file: ListFile, content: BinaryIO, encoding: str) -> bool:
    """Whether a CSV without a link has columns of ids; the exports of Google have no other word of YouTube."""
    from linkwatch.sources import csv_reader  # noqa: PLC0415  # as with the readers

    return csv_reader.recognises(decoded_lines(content, file.name, encoding))


@contextmanager
def open_content(file: ListFile, stdin: BinaryIO, max_size: int = MAX_FILE) -> Iterator[BinaryIO]:
    """Open the bytes of a list, seekable.

    Raises:
        ListError: It can't be opened, is no regular file, or standard input is too long.
    """
    try:
        if file.stored is not None:
            yield io.BytesIO(file.stored.load().encode())
        elif file.path is None:
            text = stdin.read(max_size + 1)
            if len(text) > max_size:
                raise too_large_error(file.name, max_size)
            yield io.BytesIO(text)
        else:
            with open_list(file.path, file.name) as stream:
                yield stream
    except OSError as error:
        raise unreadable_error(error, file.name) from None


def detect_format(file: ListFile, content: BinaryIO, encoding: str) -> ListFormat:
    """The format of a list, by its name or else by its content, which is read from its start.

    Args:
        file: The list.
        content: Its bytes, seekable.
        encoding: Of the bytes.
    """
    content.seek(0)
    if file.format is None:
        return format_by_content("".join(decoded_lines(content, file.name, encoding)))
    return file.format
