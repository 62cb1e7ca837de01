"""The bytes of a file → its lines, or an error that says what the bytes are."""

import io
import re
from collections.abc import Iterator
from typing import BinaryIO

from linkwatch.errors import ListError

_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_LINE_END = re.compile(rb"\r\n|\r|\n")


def decoded_lines(stream: BinaryIO, file: str) -> Iterator[str]:
    r"""Yield the lines of UTF-8 text, each but the last ending in `\n`, without a byte order mark.

    `\n`, `\r\n` and a lone `\r` end a line; form feeds and Unicode's separators don't, as in editors.

    Args:
        stream: Seekable, at its start; the caller closes it.
        file: The list's name, for errors.

    Raises:
        ListError: The bytes are not UTF-8, or not text.
    """
    start = stream.read(2)
    if start in _UTF16:
        raise _wrong_encoding("is UTF-16, not UTF-8", file, 1, "UTF-16")
    stream.seek(0)
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline=None)
    try:
        for number, line in enumerate(text, start=1):
            if "\0" in line:
                raise _not_text(file, number)
            yield line
    except UnicodeDecodeError:
        text.seek(0)
        raise _why_not_utf8(text.buffer.read(), file) from None
    finally:
        if not text.closed:
            text.detach()


def _why_not_utf8(content: bytes, file: str) -> ListError:
    """The decoder counts from its last chunk: decode once more to know the line."""
    try:
        content.decode()
    except UnicodeDecodeError as error:
        line = len(_LINE_END.findall(content, 0, error.start)) + 1
        # The NUL may stand just after the bad byte: a PNG begins 89 50 4E 47 … 00.
        if b"\0" in content[: error.start + 512]:
            return _not_text(file, line)
    return _wrong_encoding("is not UTF-8", file, line, "WINDOWS-1252")


def _wrong_encoding(message: str, file: str, line: int, encoding: str) -> ListError:
    remedy = f"Save it as UTF-8, for example: iconv -f {encoding} -t UTF-8 '{file}' > list-in-utf8"
    return ListError(message, file=file, line=line, remedy=remedy)


def _not_text(file: str, line: int) -> ListError:
    return ListError(
        "is not text", file=file, line=line, remedy="Name a list: CSV, Markdown, HTML, JSON or plain text."
    )
