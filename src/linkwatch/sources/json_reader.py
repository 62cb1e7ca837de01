"""JSON: every string that holds a URL, with the label, owner and section of its object."""

from collections.abc import Iterable, Iterator

from linkwatch.models.link import Link
from linkwatch.sources.document import LineIndex, label_from_text, one_line
from linkwatch.sources.json_tree import JsonArray, JsonObject, JsonString, Node, parse, parse_lines
from linkwatch.sources.urls import find_urls

_LABELS = ("label", "title", "name", "text")
_OWNERS = ("owner", "channel", "author", "creator")
_SECTIONS = ("section", "category", "topic", "group")
_NO_OBJECT = JsonObject()


def read(lines: Iterable[str], file: str) -> Iterator[Link]:
    """Yield the links of a JSON document in its order.

    Raises:
        ListError: The text is not JSON.
    """
    text = "".join(lines)
    yield from _links(parse(text, file), text, file)


def read_json_lines(lines: Iterable[str], file: str) -> Iterator[Link]:
    """Yield the links of a text that has a JSON value on each line.

    Raises:
        ListError: A line is not JSON.
    """
    text = "".join(lines)
    yield from _links(parse_lines(text, file), text, file)


def _links(root: JsonArray, text: str, file: str) -> Iterator[Link]:
    positions = LineIndex(text)
    for string, label, parent in _strings(root):
        label_text = label or _named(parent, _LABELS, string)
        owner, section = _named(parent, _OWNERS, string), _named(parent, _SECTIONS, string)
        for url in find_urls(string.value):
            line, column = positions.at(string.offset(url.start))
            yield Link(url.url, file, line, column, label_from_text(label_text, url.url), section, owner)


def _strings(root: JsonArray) -> Iterator[tuple[JsonString, str | None, JsonObject]]:
    """Yield every string that may hold a URL, in the document's order, with its label if it is a key, and its object.

    The label of a key is its value, when that is a string. Without recursion: documents nest deeply.
    """
    ahead: list[tuple[Node, str | None, JsonObject]] = [(root, None, _NO_OBJECT)]
    while ahead:
        node, label, parent = ahead.pop()
        match node:
            case JsonString():
                if "/" in node.value:
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


def _is_url(text: str) -> bool:
    return any(url.end - url.start == len(text) for url in find_urls(text))


def _named(parent: JsonObject, names: Iterable[str], but: JsonString) -> str | None:
    """The first of the named members that is a non-empty string, other than the one that holds the URL."""
    for name in names:
        value = parent.by_name.get(name)
        if isinstance(value, JsonString) and value is not but and (text := one_line(value.value)):
            return text
    return None
