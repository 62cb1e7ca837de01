"""What the bytes of a list are: whether they may hold a YouTube link at all, and in which encoding they are text.

One pass over the bytes, before anything is parsed: most files of a folder have no link, and a search for a word takes a
hundredth of the time of a parser.
"""

import codecs
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from linkwatch.errors import ListError

NEEDLES = ("youtu", "videoid", "videobyid", "channelid", "data-yt", '"watch_history"', '"subscriptions"')
"""A text without any of these, in either case, holds nothing that a reader finds: no link, and no id without a URL.

A syntax whose ids stand beside another word has that word here, in lower case."""

MAX_FILE = 256_000_000
"""Bytes of a file beyond which it is no list; the setting `max_file`."""

_CHUNK = 1 << 20
_HEAD = 4096
_LONGEST_NEEDLE = max(map(len, NEEDLES))
_NEEDLES_IN_BYTES = tuple(needle.encode() for needle in NEEDLES)
_LINE_END = re.compile(rb"\r\n|\r|\n")
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""Byte order marks; that of UTF-32 begins with that of UTF-16."""

_DECLARED = re.compile(rb"""(?:charset|encoding|coding)\s*[=:]\s*["']?([\w.:-]+)""", re.IGNORECASE)
"""`<meta charset="…">`, `<?xml encoding="…"?>`, `-*- coding: … -*-`."""

_LFS_POINTER = b"version https://git-lfs.github.com/spec/"
_WINDOWS = "windows-1252"
_NOT_IN_WINDOWS = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f\x81\x8d\x8f\x90\x9d]")
"""Bytes that no text in Windows-1252 has."""

_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
_LONGEST_ACCENTED = 3
"""Letters beyond ASCII that follow each other in a language that Windows-1252 is for; Cyrillic has words of them."""


@dataclass(frozen=True, slots=True)
class Content:
    """What the bytes of a list are."""

    encoding: str
    """A codec of Python's that leaves a byte order mark in the text, so that what is read can be written back."""

    may_hold_links: bool
    """False: nothing that a reader would find is in it."""


def open_list(path: Path, file: str) -> BinaryIO:
    """Open a list to read its bytes. A pipe or a device may be without an end, or never answer.

    Args:
        path: The list.
        file: Its name, for errors.

    Raises:
        ListError: It is no regular file.
        OSError: It can't be opened.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        return open(descriptor, "rb")  # noqa: PTH123  (a descriptor has no path)
    os.close(descriptor)
    remedy = "Name a file, or `-` to read what another program writes from standard input."
    raise ListError("is no regular file, but a pipe or a device, which may have no end", file=file, remedy=remedy)


def examine_content(stream: BinaryIO, file: str, max_size: int = MAX_FILE) -> Content:
    """Examine a list's bytes.

    Args:
        stream: Seekable, at its start; it is there again afterwards.
        file: The list's name, for errors.
        max_size: The most bytes that it may have.

    Raises:
        ListError: It is too large, or no text.
    """
    if stream.seek(0, os.SEEK_END) > max_size:
        raise too_large_error(file, max_size)
    stream.seek(0)
    head = stream.read(_HEAD)
    stream.seek(0)
    if head.startswith(_LFS_POINTER):
        remedy = "Fetch what it stands for: git lfs pull"
        raise ListError("is a pointer of Git LFS, not the list", file=file, line=1, remedy=remedy)
    try:
        if wide := _wide_encoding(head):
            return Content(wide, _may_hold_links_in_text(stream, wide, file))
        return Content("utf-8", _may_hold_links(stream, file))
    except UnicodeDecodeError:
        stream.seek(0)
        return _content_of_8_bits(stream.read(), file, "UTF-16" if wide else None)
    finally:
        stream.seek(0)


def too_large_error(file: str, max_size: int) -> ListError:
    """The error for a list beyond the setting `max_file`."""
    remedy = "Set max_file in linkwatch.toml to read it all the same, or leave it out with exclude."
    return ListError(f"has more than {max_size // 1_000_000} MB", file=file, remedy=remedy)


def _wide_encoding(head: bytes) -> str | None:
    """UTF-16 or UTF-32, by its mark, or by the NULs in every other byte of what is mostly Latin."""
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding
    even, odd = head[::2], head[1::2]
    if len(odd) > 1 and not even.count(0) and odd.count(0) * 2 > len(odd):
        return "utf-16-le"
    if len(odd) > 1 and not odd.count(0) and even.count(0) * 2 > len(even):
        return "utf-16-be"
    return None


def _chunks(stream: BinaryIO) -> Iterator[bytes]:
    while chunk := stream.read(_CHUNK):
        yield chunk


def _may_hold_links(stream: BinaryIO, file: str) -> bool:
    """Whether UTF-8 text holds a needle; the rest is only decoded, to know that it is UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    is_found, tail, lines = False, b"", 0
    for chunk in _chunks(stream):
        decoder.decode(chunk)
        if b"\0" in chunk:
            raise _not_text_error(file, lines + 1 + len(_LINE_END.findall(chunk, 0, chunk.index(b"\0"))))
        lines += chunk.count(b"\n")
        if not is_found:
            lower = (tail + chunk).lower()
            is_found = any(needle in lower for needle in _NEEDLES_IN_BYTES)
            tail = lower[1 - _LONGEST_NEEDLE :]
    decoder.decode(b"", final=True)
    return is_found


def _may_hold_links_in_text(stream: BinaryIO, encoding: str, file: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    is_found, tail = False, ""
    for chunk in (*_chunks(stream), b""):
        text = decoder.decode(chunk, final=not chunk)
        if "\0" in text:
            raise _not_text_error(file, 1)
        lower = (tail + text).lower()
        is_found = is_found or any(needle in lower for needle in NEEDLES)
        tail = lower[1 - _LONGEST_NEEDLE :]
    return is_found


def _content_of_8_bits(content: bytes, file: str, claimed: str | None) -> Content:
    """The encoding of what is not UTF-8: the one that it declares, or else Windows-1252 if it plainly is that."""
    lower = content.lower()
    may_hold_links = any(needle in lower for needle in _NEEDLES_IN_BYTES)
    if claimed is None:
        declared = _DECLARED.search(content, 0, _HEAD)
        if declared and (encoding := _codec(declared[1])) and _is_text_in(content, encoding):
            return Content(encoding, may_hold_links)
        if _is_plainly_windows(content):
            return Content(_WINDOWS, may_hold_links)
    raise _wrong_encoding_error(content, file, claimed)


def _codec(name: bytes) -> str | None:
    """A declared encoding of 8 bits, as Python knows it: browsers, too, read Latin-1 as Windows-1252."""
    try:
        found = codecs.lookup(name.decode("ascii"))
    except (LookupError, UnicodeError):
        return None
    if not found._is_text_encoding or found.name.startswith(
        ("utf-", "utf_", "unicode", "raw_unicode", "idna", "punycode")
    ):
        return None
    return _WINDOWS if found.name in {"iso8859-1", "ascii"} else found.name


def _is_text_in(content: bytes, encoding: str) -> bool:
    """Whether bytes are text of an encoding, and the same bytes when it is written again."""
    try:
        text = content.decode(encoding)
        return "\0" not in text and text.encode(encoding) == content
    except UnicodeError:
        return False


def _is_plainly_windows(content: bytes) -> bool:
    """Whether the letters beyond ASCII stand alone or in twos and threes, and are not UTF-8 that was damaged."""
    if _NOT_IN_WINDOWS.search(content):
        return False
    total = damaged = long = 0
    for run in _HIGH_RUN.finditer(content):
        total += 1
        long += len(run[0]) > _LONGEST_ACCENTED
        damaged += _is_utf8(run[0])
    return long * 10 <= total and damaged * 2 < total


def _is_utf8(run: bytes) -> bool:
    try:
        run.decode()
    except UnicodeDecodeError:
        return False
    return True


def _wrong_encoding_error(content: bytes, file: str, claimed: str | None) -> ListError:
    line = 1
    if claimed is None:
        try:
            content.decode()
        except UnicodeDecodeError as error:
            line = len(_LINE_END.findall(content, 0, error.start)) + 1
            # The NUL may stand just after the bad byte: a PNG begins 89 50 4E 47 … 00.
            if b"\0" in content[: error.start + 512]:
                return _not_text_error(file, line)
    remedy = f"Save it as UTF-8, for example: iconv -f {claimed or 'ENCODING'} -t UTF-8 '{file}' > list-in-utf8"
    what = f"is not {claimed}, as it says" if claimed else "is neither UTF-8 nor in an encoding that it declares"
    return ListError(what, file=file, line=line, remedy=remedy)


_SPREADSHEETS = (".xlsx", ".xlsm", ".xls", ".ods", ".numbers")


def is_spreadsheet(name: str) -> bool:
    """Whether a file is a spreadsheet, by its extension."""
    return name.lower().endswith(_SPREADSHEETS)


def _not_text_error(file: str, line: int) -> ListError:
    remedy = "Name a list: CSV, Markdown, HTML, JSON or plain text."
    if is_spreadsheet(file):
        remedy = "Save the sheet with the links as CSV (UTF-8), and name that."
    return ListError("is not text", file=file, line=line, remedy=remedy)
