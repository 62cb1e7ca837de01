"""Lists → their links: the entry point of the stage."""

import io
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from linkwatch.models.link import Link
from linkwatch.sources.decoding import decoded_lines
from linkwatch.sources.files import ListFile, list_files, unreadable_error
from linkwatch.sources.formats import Format, format_by_content, is_csv_list, reader_for


def read_lists(locations: Sequence[str], *, stdin: BinaryIO) -> Iterator[Link]:
    """Yield every link of the lists, file by file, each file in its own order.

    Args:
        locations: Files, folders, globs and `-`, as `list_files` expands them.
        stdin: The bytes of `-`; not read when it isn't named.

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
    """The format of a list, by its name or else by its content.

    Args:
        file: The list.
        content: Its bytes, seekable, at their start.

    Raises:
        ListError: They are no text.
    """
    if file.format is None:
        return format_by_content("".join(decoded_lines(content, file.name)))
    if file.format is Format.CSV and not file.chosen and not is_csv_list(decoded_lines(content, file.name)):
        return Format.TEXT  # some other data that happens to be in the folder
    return file.format
