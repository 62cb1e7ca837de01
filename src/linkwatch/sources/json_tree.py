"""JSON as a tree whose strings know their positions, which the module `json` does not give.

The tree is an index of the text: three numbers a value, while an object for each takes ten times the memory of the
text. Its nodes are made when they are asked for.
"""

import json
import re
from array import array
from bisect import bisect_right
from collections.abc import Container, Iterator
from dataclasses import dataclass, field
from operator import itemgetter

import msgspec

from linkwatch.errors import ListError

_STRING = re.compile(r'"([^"\\]*+(?:\\.[^"\\]*+)*+)"')
_TOKEN = re.compile(rf"{_STRING.pattern}(\s*:)?|[\[\]{{}}]")
_ESCAPE = re.compile(r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.)")
_UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class JsonString:
    """A string of the document."""

    value: str
    """Decoded; a lone surrogate, which no text can hold, is U+FFFD, and so is a NUL, which PostgreSQL can't keep."""

    start: int
    """Of its first character, behind the quote, in code points from the start of the document."""

    escapes: tuple[tuple[int, int], ...] = ()
    """For each escape: the offset behind it in the value, and in the document."""

    def offset(self, index: int) -> int:
        """Where a character of the value stands in the document."""
        nearest = bisect_right(self.escapes, index, key=itemgetter(0))
        value_end, written_end = self.escapes[nearest - 1] if nearest else (0, self.start)
        return written_end + index - value_end


@dataclass(frozen=True, slots=True)
class JsonArray:
    """An array."""

    _tree: "JsonTree"
    _first: int
    _end: int

    @property
    def items(self) -> Iterator["Node"]:
        """Its strings, arrays and objects."""
        for at in self._tree.siblings(self._first, self._end):
            yield self._tree.node(at)


@dataclass(slots=True)
class JsonObject:
    """An object."""

    _tree: "JsonTree"
    _first: int
    _end: int
    _by_name: dict[str, "Node"] | None = field(default=None, compare=False, repr=False)

    @property
    def members(self) -> Iterator[tuple[JsonString, "Node"]]:
        """Its members that are strings, arrays and objects."""
        for at in self._tree.siblings(self._first, self._end):
            yield self._tree.key(at), self._tree.node(at)

    @property
    def by_name(self) -> dict[str, "Node"]:
        """The members by their names; of two with one name the first."""
        if self._by_name is None:
            self._by_name = {}
            for key, node in self.members:
                self._by_name.setdefault(key.value, node)
        return self._by_name

    def strings_named(self, names: Container[str]) -> dict[str, JsonString]:
        """Those of the named members that are strings, by their names in lower case; of two with one name the first."""
        named: dict[str, JsonString] = {}
        for at in self._tree.siblings(self._first, self._end):
            name = (self._tree.written_key(at) or "").lower()
            if name in names and name not in named and isinstance(node := self._tree.node(at), JsonString):
                named[name] = node
        return named


Node = JsonString | JsonArray | JsonObject | None
"""None stands for numbers, booleans and nulls. There is no URL in them: only those whose key may be one are kept."""


class JsonTree:
    """The values of a valid document, or of several that follow each other, in the order of the text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._starts = array("I")
        """Of each value: the offset of its quote or bracket; that of the key for a number, boolean or null."""
        self._keys = array("I")
        """The offset of its key's quote; 0 for a value without one."""
        self._ends = array("I")
        """The number of the first value that is neither it nor in it."""
        self._read()

    def _read(self) -> None:
        starts, ends = self._starts, self._ends
        open_values: list[int] = []

        def add(start: int, key: int) -> None:
            starts.append(start)
            self._keys.append(key)
            ends.append(len(starts))

        key, key_text = 0, ""
        for token in _TOKEN.finditer(self.text):
            start = token.start()
            if token[2] is not None or (token[1] is None and self.text[start] in "]}"):
                if "/" in key_text or "\\" in key_text:
                    add(key, key)
                key, key_text = (0, "") if token[2] is None else (start, token[1])
                if not key:
                    ends[open_values.pop()] = len(starts)
                continue
            if token[1] is None:
                open_values.append(len(starts))
            add(start, key)
            key, key_text = 0, ""

    def __len__(self) -> int:
        return len(self._starts)

    @property
    def items(self) -> Iterator[Node]:
        """The outermost values."""
        for at in self.siblings(0, len(self)):
            yield self.node(at)

    def siblings(self, first: int, end: int) -> Iterator[int]:
        """The numbers of the values from one up to an end, without those that are in them."""
        while first < end:
            yield first
            first = self._ends[first]

    def node(self, at: int) -> Node:
        """The value with a number."""
        if self._is_scalar(at):
            return None
        match self.text[self._starts[at]]:
            case "[":
                return JsonArray(self, at + 1, self._ends[at])
            case "{":
                return JsonObject(self, at + 1, self._ends[at])
            case _:
                return self.string(at)

    def string(self, at: int) -> JsonString:
        """The string with a number."""
        return self._string(self._starts[at])

    def written(self, at: int) -> str | None:
        """A string with its escapes; None for any other value."""
        string = None if self._is_scalar(at) else _STRING.match(self.text, self._starts[at])
        return None if string is None else string[1]

    def end(self, at: int) -> int:
        """The number of the first value that is neither this one nor in it."""
        return self._ends[at]

    def key(self, at: int) -> JsonString:
        """The key of an object's member."""
        return self._string(self._keys[at])

    def written_key(self, at: int) -> str | None:
        """The key of an object's member, with its escapes; None for a value that has none."""
        string = _STRING.match(self.text, self._keys[at]) if self._keys[at] else None
        return None if string is None else string[1]

    def _is_scalar(self, at: int) -> bool:
        return self._starts[at] == self._keys[at] > 0

    def _string(self, start: int) -> JsonString:
        string = _STRING.match(self.text, start)
        start += 1
        written = string[1] if string else ""
        if "\\" not in written:
            return JsonString(written, start)
        value = _UNSTORABLE.sub("\ufffd", json.loads(f'"{written}"'))
        shrunk, escapes = 0, []
        for escape in _ESCAPE.finditer(written):
            shrunk += len(escape[0]) - 1
            escapes.append((escape.end() - shrunk, start + escape.end()))
        return JsonString(value, start, tuple(escapes))


def parse(text: str, file: str) -> JsonTree:
    """The document's value.

    Raises:
        ListError: The text is not JSON, or nested beyond what `json` reads.
    """
    _validate(text, file, 1)
    return JsonTree(text)


def parse_lines(text: str, file: str) -> JsonTree:
    """The values of JSON Lines, one a line.

    Raises:
        ListError: A line is not JSON, or nested beyond what `json` reads.
    """
    number = start = 0
    while start < len(text):
        end = text.find("\n", start)
        line = text[start : end if end >= 0 else len(text)]
        number, start = number + 1, start + len(line) + 1
        if line.strip():
            _validate(line, file, number)
    return JsonTree(text)


def _validate(text: str, file: str, first_line: int) -> None:
    """Leave the grammar and its messages to `json`; numbers stay text, since it refuses to convert very long ones."""
    if _is_plainly_valid(text):
        return
    try:
        json.loads(text, parse_int=str, parse_float=str)
    except json.JSONDecodeError as error:
        line = first_line + error.lineno - 1
        message = f"is not valid JSON: {error.msg} (column {error.colno})"
        raise ListError(message, file=file, line=line, remedy="Correct the JSON, or name the file .txt.") from None
    except RecursionError:
        remedy = "Name the file .txt: its URLs are then found as text."
        raise ListError("is nested too deeply", file=file, line=first_line, remedy=remedy) from None


def _is_plainly_valid(text: str) -> bool:
    """Whether `msgspec` passes over all of it, which makes no values; what it refuses `json` may read."""
    try:
        # A text that is not ASCII would keep its UTF-8 beside it.
        msgspec.json.decode(text if text.isascii() else text.encode(), type=msgspec.Raw)
    except (msgspec.DecodeError, RecursionError):
        return False
    return True
