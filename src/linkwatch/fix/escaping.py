"""The escapes of URLs in lists: readers remove them, and a replacement needs the same ones."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import PurePath

from linkwatch.sources.formats import Format
from linkwatch.sources.text_reader import WITH_ENTITIES, XML
from linkwatch.sources.urls import ENTITY, find_urls

_MARKUP = frozenset({Format.HTML, Format.MARKDOWN, Format.NOTEBOOK})
_IN_JSON = frozenset({Format.JSON, Format.JSON_LINES, Format.NOTEBOOK})
BACKSLASH_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
"""Punctuation with a backslash that makes it plain text, in Markdown and TeX."""

_JSON_UNIT = re.compile(r'\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|[^"\\\n]')
_LONGEST_ESCAPE = 12
"""Characters of JSON that stand for one of a URL: a surrogate pair."""

_TAG_ESCAPES = str.maketrans({'"': "&quot;", "'": "&#39;", "<": "&lt;", ">": "&gt;"})
_CELL_ENDS = frozenset({*',;\t| "\r\n', ""})
_CSV_SPECIAL = frozenset(',;\t|"')


@dataclass(frozen=True, slots=True)
class EscapedUrl:
    """A URL at its place in a line, with its escapes."""

    url: str
    """As the reader returns it, without escapes."""

    start: int
    """Offset of its first character in the line, in code points."""

    end: int

    text: str
    """The text of the line; in JSON the content of the string, without JSON's own escapes."""

    raw: str
    """The text of the line."""

    before: str
    """The two characters before it, or fewer at the beginning of the line."""

    after: str
    """The character after it; empty at the end of the list."""

    @property
    def is_delimited(self) -> bool:
        """Whether markup marks its end, and not only a space."""
        return (self.before[-1:], self.after) in {('"', '"'), ("'", "'"), ("<", ">")} or self.before == "]("

    @property
    def is_cell(self) -> bool:
        """Whether it is all of a CSV's cell."""
        return self.before[-1:] in _CELL_ENDS and self.after in _CELL_ENDS


def find_escaped_url(line: str, start: int, url: str, kind: Format) -> EscapedUrl | None:
    """Find the escaped form of a URL.

    Args:
        line: Of the list, as it is.
        start: Where the reader found the URL, 0-based, in code points.
        url: As the reader returned it.
        kind: The list's format.

    Returns:
        None when the URL is not there, as with a link by reference.
    """
    if line.startswith(url, start) and not url.endswith("&") and "\\" not in url:
        return _written(line, start, start + len(url), url, url)
    text, ends = line[start:], None
    if kind in _IN_JSON:
        text, ends = _json_text(line[start : start + _LONGEST_ESCAPE * (len(url) + 1)])
    end = _end(text, url)
    if end is None:
        return None
    return _written(line, start, start + (end if ends is None else ends[end]), url, text[:end])


def _written(line: str, start: int, end: int, url: str, text: str) -> EscapedUrl:
    return EscapedUrl(url, start, end, text, line[start:end], line[max(0, start - 2) : start], line[end : end + 1])


def _json_text(raw: str) -> tuple[str, list[int]]:
    """The content of a JSON string from here on, and for each length of it the length of its escaped form."""
    held, ends, end = [], [0], 0
    while unit := _JSON_UNIT.match(raw, end):
        end = unit.end()
        held.append(json.loads(f'"{unit[0]}"', strict=False))
        ends.append(end)
    return "".join(held), ends


def _end(text: str, url: str) -> int | None:
    """The end of the URL at the beginning of a text; each character may be escaped in several ways."""
    reached = {0}
    for character in url:
        reached = {end for at in reached for end in _ends(text, at, character)}
    return max(reached, default=None)


def _ends(text: str, at: int, character: str) -> Iterator[int]:
    """The ends of all ways to escape one character."""
    if text.startswith(character, at):
        yield at + 1
    if text.startswith(("\\" + character, '""') if character == '"' else "\\" + character, at):
        yield at + 2
    if text.startswith("&", at) and (entity := ENTITY.match(text, at)) and unescape(entity[0]) == character:
        yield entity.end()


def escape_url(written: EscapedUrl, better: str, kind: Format, file: str, *, ascii_only: bool) -> str | None:
    """Escape a URL like the one that it replaces.

    Args:
        written: What it replaces.
        better: The URL.
        kind: The list's format.
        file: The list's name.
        ascii_only: The list has no character beyond ASCII, so JSON escapes those of the URL.

    Returns:
        None when it would not be read as one URL there: the target of a redirect may contain anything.
    """
    if kind is not Format.CSV and [found.url for found in find_urls(better)] != [better]:
        return None
    extension = PurePath(file).suffix.lower() if kind is Format.TEXT else ""
    text = better
    if kind in _MARKUP or extension in WITH_ENTITIES:
        text = _with_entities(written, better, is_required=kind is Format.HTML or extension in XML)
    if "\\" not in written.url:
        for escaped in set(BACKSLASH_ESCAPE.findall(written.text)):
            text = text.replace(escaped, "\\" + escaped)
    if kind in _IN_JSON:
        text = json.dumps(text, ensure_ascii=ascii_only)[1:-1]
        return text.replace("/", "\\/") if "\\/" in written.raw else text
    return _csv_cell(written, text) if kind is Format.CSV else text


def _with_entities(written: EscapedUrl, better: str, *, is_required: bool) -> str:
    """With `&` as it was written; where there was none, as the format requires it."""
    used = "&" in written.url and any(unescape(entity) == "&" for entity in ENTITY.findall(written.text))
    is_new = is_required and "&" not in written.url
    text = better
    if (used and (is_required or not ENTITY.search(written.url))) or is_new or unescape(better) != better:
        text = better.replace("&", "&amp;")
    return text.translate(_TAG_ESCAPES) if is_required else text


def _csv_cell(written: EscapedUrl, text: str) -> str | None:
    if written.before.endswith('"'):
        return text.replace('"', '""')
    if any(character in _CSV_SPECIAL or character in {written.before[-1:], written.after} for character in text):
        # No space may follow a closing quote, and it can't be quoted within a cell.
        return None if written.after in {" ", "\t"} or not written.is_cell else '"' + text.replace('"', '""') + '"'
    return text
