"""JSON: every string that holds a URL, with the label, owner and section of its object."""

from collections.abc import Iterable, Iterator, Sequence

from linkwatch.models.link import Link
from linkwatch.sources.document import LineIndex, label_from_text, one_line
from linkwatch.sources.embeds import KEYS, SYNTAXES, Syntax, find_embedded_ids, is_id, url_of
from linkwatch.sources.json_tree import JsonArray, JsonObject, JsonString, Node, parse, parse_lines
from linkwatch.sources.urls import find_urls

_LABELS = ("label", "title", "name", "text")
_OWNERS = ("owner", "channel", "author", "creator")
_SECTIONS = ("section", "category", "topic", "group")
_NO_OBJECT = JsonObject()
_ID_LENGTH = 11
"""Of a video."""


def read(lines: Iterable[str], file: str, syntaxes: Sequence[Syntax] = SYNTAXES) -> Iterator[Link]:
    """Yield the links of a JSON document in its order.

    Raises:
        ListError: The text is not JSON.
    """
    text = "".join(lines)
    yield from _links(parse(text, file), text, file, syntaxes)


def read_json_lines(lines: Iterable[str], file: str, syntaxes: Sequence[Syntax] = SYNTAXES) -> Iterator[Link]:
    """Yield the links of a text that has a JSON value on each line.

    Raises:
        ListError: A line is not JSON.
    """
    text = "".join(lines)
    yield from _links(parse_lines(text, file), text, file, syntaxes)


def _links(root: JsonArray, text: str, file: str, syntaxes: Sequence[Syntax]) -> Iterator[Link]:
    positions = LineIndex(text)
    for string, label, parent in _strings(root):
        label_text = label or _named(parent, _LABELS, string)
        owner, section = _named(parent, _OWNERS, string), _named(parent, _SECTIONS, string)
        for url in find_urls(string.value):
            line, column = positions.at(string.offset(url.start))
            yield Link(url.url, file, line, column, label_from_text(label_text, url.url), section, owner)
        if _is_embedded(parent, string):
            line, column = positions.at(string.offset(0))
            yield Link(url_of(string.value), file, line, column, label_text, section, owner, syntax="key")
        for found in find_embedded_ids(string.value, syntaxes) if len(string.value) > _ID_LENGTH else ():
            line, column = positions.at(string.offset(found.offset))
            yield Link(found.url, file, line, column, found.label or label_text, section, owner, syntax=found.syntax)


def _strings(root: JsonArray) -> Iterator[tuple[JsonString, str | None, JsonObject]]:
    """Yield every string that may hold a URL, in the document's order, with its label if it is a key, and its object.

    The label of a key is its value, when that is a string. Without recursion: documents nest deeply.
    """
    ahead: list[tuple[Node, str | None, JsonObject]] = [(root, None, _NO_OBJECT)]
    while ahead:
        node, label, parent = ahead.pop()
        match node:
            case JsonString():
                if "/" in node.value or len(node.value) == _ID_LENGTH or "youtube" in node.value.lower():
                    yield node, label, parent
            case JsonArray():
                ahead += ((item, None, _NO_OBJECT) for item in reversed(node.items))
            case None:
                pass
            case JsonObject():
                for key, value in reversed(node.members):
                    ahead.append((value, None, node))
                    if _is_url(key.value):
                        ahead.append((key, value.value if isinstance(value, JsonString) else None, node))


def _is_embedded(parent: JsonObject, string: JsonString) -> bool:
    """Whether a string is the id of a video by the name of its member."""
    if len(string.value) != _ID_LENGTH or not is_id(string.value):
        return False
    names = {key.value.lower() for key, value in parent.members if value is string}
    if names & KEYS:
        return True
    siblings = (value.value.lower() for _, value in parent.members if isinstance(value, JsonString))
    return bool(names & {"video_id", "id"}) and any(value == "youtube" for value in siblings)


def _is_url(text: str) -> bool:
    return any(url.end - url.start == len(text) for url in find_urls(text))


def _named(parent: JsonObject, names: Iterable[str], but: JsonString) -> str | None:
    """The first of the named members that is a non-empty string, other than the one that holds the URL."""
    for name in names:
        value = parent.by_name.get(name)
        if isinstance(value, JsonString) and value is not but and (text := one_line(value.value)):
            return text
    return None
