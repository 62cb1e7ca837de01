"""JSON as a tree whose strings know their positions, which the module `json` does not give."""

import json
import re
from bisect import bisect_right
from dataclasses import dataclass, field
from operator import itemgetter

from linkwatch.errors import ListError

_TOKEN = re.compile(r'("[^"\\]*+(?:\\.[^"\\]*+)*+")(\s*:)?|[\[\]{}]|[^\s,:"\[\]{}]+')
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


@dataclass(slots=True, eq=False)
class JsonArray:
    """An array."""

    items: list["Node"] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class JsonObject:
    """An object."""

    members: list[tuple[JsonString, "Node"]] = field(default_factory=list)
    by_name: dict[str, "Node"] = field(default_factory=dict)


Node = JsonString | JsonArray | JsonObject | None
"""None stands for numbers, booleans and nulls: there is no URL in them."""


def parse(text: str, file: str) -> JsonArray:
    """The document's value, in an array: it may be a number.

    Raises:
        ListError: The text is not JSON, or nested beyond what `json` reads.
    """
    _validate(text, file, 1)
    return _tree(text)


def parse_lines(text: str, file: str) -> JsonArray:
    """The values of JSON Lines, one a line.

    Raises:
        ListError: A line is not JSON, or nested beyond what `json` reads.
    """
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            _validate(line, file, number)
    return _tree(text)


def _validate(text: str, file: str, first_line: int) -> None:
    """Leave the grammar and its messages to `json`; numbers stay text, since it refuses to convert very long ones."""
    try:
        json.loads(text, parse_int=str, parse_float=str)
    except json.JSONDecodeError as error:
        line = first_line + error.lineno - 1
        message = f"is not valid JSON: {error.msg} (column {error.colno})"
        raise ListError(message, file=file, line=line, remedy="Correct the JSON, or name the file .txt.") from None
    except RecursionError:
        remedy = "Name the file .txt: its URLs are then found as text."
        raise ListError("is nested too deeply", file=file, line=first_line, remedy=remedy) from None


def _tree(text: str) -> JsonArray:
    """Build the tree of valid JSON."""
    root = JsonArray()
    open_nodes: list[JsonArray | JsonObject] = [root]
    key = JsonString("", 0)
    for token in _TOKEN.finditer(text):
        match token[0][0]:
            case "]" | "}":
                open_nodes.pop()
            case '"' if token[2]:
                key = _string(token)
            case '"':
                _attach(open_nodes[-1], key, _string(token))
            case "[" | "{" as bracket:
                opened = JsonArray() if bracket == "[" else JsonObject()
                _attach(open_nodes[-1], key, opened)
                open_nodes.append(opened)
            case _:
                _attach(open_nodes[-1], key, None)
    return root


def _attach(parent: JsonArray | JsonObject, key: JsonString, node: Node) -> None:
    if isinstance(parent, JsonObject):
        parent.members.append((key, node))
        parent.by_name.setdefault(key.value, node)
    else:
        parent.items.append(node)


def _string(token: re.Match[str]) -> JsonString:
    start = token.start(1) + 1
    written = token[1][1:-1]
    if "\\" not in written:
        return JsonString(written, start)
    value = _UNSTORABLE.sub("\ufffd", json.loads(token[1]))
    shrunk, escapes = 0, []
    for escape in _ESCAPE.finditer(written):
        shrunk += len(escape[0]) - 1
        escapes.append((escape.end() - shrunk, start + escape.end()))
    return JsonString(value, start, tuple(escapes))
