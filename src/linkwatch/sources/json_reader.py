"""JSON: every string that holds a URL, with what the objects around it say of it.

A string that is a URL, or an id, has the label of the nearest object around it that has one; a list of several ends
that, for what is beyond it is about all of them: it gives the section. A URL in the middle of a sentence has no label.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice

from linkwatch.models.filler import is_name
from linkwatch.models.link import Link
from linkwatch.sources.document import (
    AROUND_NAMES,
    DEEPEST,
    LABEL_NAMES,
    OWNER_NAMES,
    SECTION_NAMES,
    LineIndex,
    LinkItem,
    embedded_items,
    joined,
    label_from_text,
    one_line,
)
from linkwatch.sources.embeds import KEYS, OWN, SYNTAXES, Syntax, is_id, url_of
from linkwatch.sources.json_ids import find_ids
from linkwatch.sources.json_tree import JsonArray, JsonObject, JsonString, JsonTree, parse, parse_lines
from linkwatch.sources.urls import find_urls

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
    for string, label, around in _strings(tree, ids):
        parent = around[-1].node if around and isinstance(around[-1].node, JsonObject) else None
        kind = ids.get(string.start)
        if not (items := sorted(_items(string, parent, syntaxes, own, kind), key=lambda item: item.offset)):
            continue
        is_alone = len(items) == 1 and (items[0].syntax != "url" or _is_url(string.value))
        label_text, is_inferred = (label, False) if label or not is_alone else _label(around, string)
        owner, section = _nearest(around, OWNER_NAMES, string), _section(around, string)
        for item in items:
            line, column = positions.at(string.offset(item.offset))
            beside = item.label or label_from_text(label_text, item.url)
            inferred = ("label",) if is_inferred and not item.label else ()
            yield Link(item.url, file, line, column, beside, section, owner, syntax=item.syntax, inferred=inferred)


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


class _Container:
    """An array or object around a string, with what it says."""

    def __init__(self, node: JsonArray | JsonObject, end: int, key: str | None) -> None:
        self.node = node
        self.key = key
        """The name of the member that it is; None in an array."""

        self.end = end
        """The number of the first value behind it."""

    @cached_property
    def is_list(self) -> bool:
        """Whether it is an array of more than one value, or one whose name says that it may have more."""
        return isinstance(self.node, JsonArray) and (self.key in _LISTS or len(list(islice(self.node.items, 2))) > 1)

    @cached_property
    def _strings(self) -> dict[str, JsonString]:
        """The members that may describe what is in it; of an object with very many, others are not made."""
        if not isinstance(self.node, JsonObject):
            return {}
        return self.node.strings_named(_DESCRIBING)

    def text(self, names: Iterable[str], but: JsonString) -> str | None:
        """The first of the named members that is a non-empty string, other than the one that holds the URL."""
        strings = self._strings
        for name in names if strings else ():
            value = strings.get(name)
            if value is not None and value.start != but.start and (text := one_line(value.value)):
                return text
        return None


_LISTS = frozenset({"entries", "items", "playlists", "videos"})
"""Names of what is about each of its values, though it may have only one: what has it is no name of that one."""

_DESCRIBING = frozenset((*LABEL_NAMES, *OWNER_NAMES, *SECTION_NAMES))


def _label(around: Sequence[_Container], string: JsonString) -> tuple[str | None, bool]:
    """The label of the nearest object around a string, on this side of a list of several.

    One that would fit any link is replaced by that of the object around it: then it is an inferred one.
    """
    outward = list(reversed(around[-DEEPEST:]))
    for at, container in enumerate(outward):
        if container.is_list:
            break
        if text := container.text(LABEL_NAMES, string):
            is_filler = not is_name(text) and text != container.text(("text",), string)
            beyond = () if not is_filler else (one for one in outward[at + 1 :] if isinstance(one.node, JsonObject))
            other = next((one.text(AROUND_NAMES, string) for one in beyond), None)
            if other and is_name(other):
                return other, True
            return (None if any(find_urls(text)) else text), False
    return None, False


def _section(around: Sequence[_Container], string: JsonString) -> str | None:
    """The section that an object around a string names, or else the name of what the list belongs to that it is in."""
    in_list = False
    for container in reversed(around[-DEEPEST:]):
        names = (*SECTION_NAMES, *LABEL_NAMES) if in_list else SECTION_NAMES
        if text := container.text(names, string):
            return text
        in_list = in_list or container.is_list
    return None


def _nearest(around: Sequence[_Container], names: Iterable[str], string: JsonString) -> str | None:
    return next((text for container in reversed(around[-DEEPEST:]) if (text := container.text(names, string))), None)


def _strings(tree: JsonTree, ids: Mapping[int, str]) -> Iterator[tuple[JsonString, str | None, Sequence[_Container]]]:
    """Yield every string that may hold a URL, in the document's order, with its label if it is a key.

    The label of a key is its value, when that is a string. The last is what it is in, from the outside in.
    """
    around: list[_Container] = []
    for at in range(len(tree)):
        while around and at >= around[-1].end:
            around.pop()
        key, written = tree.written_key(at), tree.written(at)
        if key is not None and ("/" in key or "\\" in key) and _is_url((string := tree.key(at)).value):
            value = tree.node(at)
            yield string, value.value if isinstance(value, JsonString) else None, around
        if written is None:
            node = tree.node(at)
            if isinstance(node, JsonArray | JsonObject):
                around.append(_Container(node, tree.end(at), key))
        elif _may_hold_link(written) or (ids and tree.string(at).start in ids):
            string = tree.string(at)
            if "\\" not in written or string.start in ids or _may_hold_link(string.value):
                yield string, None, around


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
