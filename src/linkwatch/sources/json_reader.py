"""JSON: every string that holds a URL, with the label, owner and section of its object."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from linkwatch.models.link import Link
from linkwatch.sources.document import LineIndex, LinkItem, embedded_items, joined, label_from_text, one_line
from linkwatch.sources.embeds import KEYS, OWN, SYNTAXES, Syntax, is_id, url_of
from linkwatch.sources.json_ids import find_ids
from linkwatch.sources.json_tree import JsonObject, JsonString, JsonTree, Node, parse, parse_lines
from linkwatch.sources.urls import find_urls

_LABELS = ("label", "title", "name", "text")
_OWNERS = ("owner", "channel", "author", "creator")
_SECTIONS = ("section", "category", "topic", "group")
_ID_LENGTH = 11
"""Of a video."""


def read(lines: Iterable[str], file: str, syntaxes: Sequence[Syntax] = SYNTAXES) -> Iterator[Link]:
    """Yield the links of a JSON document in its order.

    Raises:
        ListError: The text is not JSON.
    """
    text = joined(lines)
    yield from _links(parse(text, file), text, file, syntaxes)


def read_json_lines(lines: Iterable[str], file: str, syntaxes: Sequence[Syntax] = SYNTAXES) -> Iterator[Link]:
    """Yield the links of a text that has a JSON value on each line.

    Raises:
        ListError: A line is not JSON.
    """
    text = joined(lines)
    yield from _links(parse_lines(text, file), text, file, syntaxes)


def _links(tree: JsonTree, text: str, file: str, syntaxes: Sequence[Syntax]) -> Iterator[Link]:
    positions = LineIndex(text)
    own = [syntax for syntax in syntaxes if syntax.name == OWN]
    ids = find_ids(tree)
    for string, label, parent in _strings(tree, ids):
        kind = ids.get(string.start)
        if not (items := sorted(_items(string, parent, syntaxes, own, kind), key=lambda item: item.offset)):
            continue
        label_text = label or _named(parent, _LABELS, string)
        owner, section = _named(parent, _OWNERS, string), _named(parent, _SECTIONS, string)
        for item in items:
            line, column = positions.at(string.offset(item.offset))
            beside = item.label or label_from_text(label_text, item.url)
            yield Link(item.url, file, line, column, beside, section, owner, syntax=item.syntax)


def _items(
    string: JsonString,
    parent: JsonObject | None,
    syntaxes: Sequence[Syntax],
    own: Sequence[Syntax],
    kind: str | None,
) -> Iterator[LinkItem]:
    """Yield the URLs and ids of a string, with their offsets in it; `kind` is that of a string that is an id."""
    is_url = False
    for url in find_urls(string.value):
        yield LinkItem(url.url, url.start)
        is_url = url.end - url.start == len(string.value)
    if kind or _is_embedded(parent, string):
        yield LinkItem(url_of(string.value, kind or "video"), 0, syntax="key")
    elif len(string.value) > _ID_LENGTH:
        # No syntax of the table is a part of a URL.
        yield from embedded_items(string.value, own if is_url else syntaxes)


def _strings(tree: JsonTree, ids: Mapping[int, str]) -> Iterator[tuple[JsonString, str | None, JsonObject | None]]:
    """Yield every string that may hold a URL, in the document's order, with its label if it is a key, and its object.

    The label of a key is its value, when that is a string.
    """
    around: list[tuple[int, Node]] = []
    """The arrays and objects that we are in, each with its end."""
    for at in range(len(tree)):
        while around and at >= around[-1][0]:
            around.pop()
        parent = around[-1][1] if around else None
        parent = parent if isinstance(parent, JsonObject) else None
        key, written = tree.written_key(at), tree.written(at)
        if key is not None and ("/" in key or "\\" in key) and _is_url((string := tree.key(at)).value):
            value = tree.node(at)
            yield string, value.value if isinstance(value, JsonString) else None, parent
        if written is None:
            around.append((tree.end(at), tree.node(at)))
        elif _may_hold_link(written) or (ids and tree.string(at).start in ids):
            string = tree.string(at)
            if "\\" not in written or string.start in ids or _may_hold_link(string.value):
                yield string, None, parent


def _may_hold_link(text: str) -> bool:
    """Whether a string may; one with its escapes may when it has any."""
    return "/" in text or "\\" in text or len(text) == _ID_LENGTH or "youtube" in text.lower()


def _is_embedded(parent: JsonObject | None, string: JsonString) -> bool:
    """Whether a string is the id of a video by the name of its member."""
    if parent is None or len(string.value) != _ID_LENGTH or not is_id(string.value):
        return False
    names = {key.value.lower() for key, value in parent.members if value == string}
    if names & KEYS:
        return True
    siblings = (value.value.lower() for _, value in parent.members if isinstance(value, JsonString))
    return bool(names & {"video_id", "id"}) and any(value == "youtube" for value in siblings)


def _is_url(text: str) -> bool:
    return any(url.end - url.start == len(text) for url in find_urls(text))


def _named(parent: JsonObject | None, names: Iterable[str], but: JsonString) -> str | None:
    """The first of the named members that is a non-empty string, other than the one that holds the URL."""
    if parent is None:
        return None
    for name in names:
        value = parent.by_name.get(name)
        if isinstance(value, JsonString) and value != but and (text := one_line(value.value)):
            return text
    return None
