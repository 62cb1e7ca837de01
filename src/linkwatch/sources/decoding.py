"""The bytes of a list → its lines."""

import io
from collections.abc import Iterator
from typing import BinaryIO

from linkwatch.sources.content import examine_content


def decoded_lines(stream: BinaryIO, file: str, encoding: str | None = None) -> Iterator[str]:
    r"""Yield the lines of a text, each but the last ending in `\n`, without a byte order mark.

    `\n`, `\r\n` and a lone `\r` end a line; form feeds and Unicode's separators don't, as in editors.

    Args:
        stream: Seekable, at its start; the caller closes it.
        file: The list's name, for errors.
        encoding: As `examine_content` gives it, which is called when it is None.

    Raises:
        ListError: The bytes are not text.
    """
    text = io.TextIOWrapper(stream, encoding=encoding or examine_content(stream, file).encoding, newline=None)
    try:
        if first := text.readline().removeprefix("\ufeff"):
            yield first
        yield from text
    finally:
        if not text.closed:
            text.detach()
