"""JSON: every string that holds a URL, with what the objects around it say of it.

A string that is a URL, or an id, has the label of the nearest object around it that has one; a list of several ends
that, for what is beyond it is about all of them: it gives the section. A URL in the middle of a sentence has no label.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
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
from linkwatch.sources.embeds import OWN, SYNTAXES, Syntax, kind_of_member, url_of
from linkwatch.sources.json_ids import find_ids
from linkwatch.sources.json_tree import JsonArray, JsonObject, JsonString, JsonTree, parse, parse_lines
from linkwatch.sources.urls import find_urls

_ID_LENGTH = 11
"""Of a video."""

_ID_BEGINNINGS = frozenset({"PL", "UU", "FL", "EC", "SP", "OL", "UC"})
"""How the ids of playlists and channels begin."""


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
    for string, label, key, around in _strings(tree, ids):
        kind = ids.get(string.start) or _kind(string, key, around)
        if not (items := sorted(_items(string, kind, syntaxes, own), key=lambda item: item.offset)):
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
    string: JsonString, kind: str | None, syntaxes: Sequence[Syntax], own: Sequence[Syntax]
) -> Iterator[LinkItem]:
    """Yield the URLs and ids of a string, with their offsets in it; `kind` is that of a string that is an id."""
    is_url = False
    for url in find_urls(string.value):
        yield LinkItem(url.url, url.start)
        is_url = url.end - url.start == len(string.value)
    if kind:
        yield LinkItem(url_of(string.value, kind), 0, syntax="key")
    elif len(string.value) > _ID_LENGTH:
        # No syntax of the table is a part of a URL.
        yield from embedded_items(string.value, own if is_url else syntaxes)


class _Container:
    """An array or object around a string, with what it says."""

    def __init__(self, node: JsonArray | JsonObject, end: int, key: str | None, name: str) -> None:
        self.node = node
        self.key = key
        """The name of the member that it is; None in an array."""

        self.name = name
        """Its key, or that of the array that it is in."""

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


_FoundString = tuple[JsonString, str | None, str | None, Sequence[_Container]]
"""A string; its label, when it is a key: its value, if that is a string; the name of its member, when it is none; what
it is in, from the outside in."""


def _strings(tree: JsonTree, ids: Mapping[int, str]) -> Iterator[_FoundString]:
    """Yield every string that may hold a URL or be an id, in the document's order."""
    around: list[_Container] = []
    for at in range(len(tree)):
        while around and at >= around[-1].end:
            around.pop()
        key, written = tree.written_key(at), tree.written(at)
        if key is not None and ("/" in key or "\\" in key) and _is_url((string := tree.key(at)).value):
            value = tree.node(at)
            yield string, value.value if isinstance(value, JsonString) else None, None, around
        if written is None:
            node = tree.node(at)
            if isinstance(node, JsonArray | JsonObject):
                around.append(_Container(node, tree.end(at), key, _name(key, around)))
        elif _may_hold_link(written) or (ids and tree.string(at).start in ids):
            string = tree.string(at)
            if "\\" not in written or string.start in ids or _may_hold_link(string.value):
                yield string, None, _name(key, around), around


def _may_hold_link(text: str) -> bool:
    """Whether a string may; one with its escapes may when it has any."""
    return (
        "/" in text
        or "\\" in text
        or len(text) == _ID_LENGTH
        or text[:2] in _ID_BEGINNINGS
        or "youtube" in text.lower()
    )


def _name(key: str | None, around: Sequence[_Container]) -> str:
    """The name of a value: its key, or that of the array that it is in."""
    return key if key is not None else around[-1].name if around else ""


def _kind(string: JsonString, key: str | None, around: Sequence[_Container]) -> str | None:
    """What a string names that is an id by the name of its member; None for others."""
    if key is None:
        return None
    return kind_of_member(string.value, key, around[-1].name if around else "", partial(_siblings, around))


def _siblings(around: Sequence[_Container]) -> dict[str, str | None]:
    """The members of the object around a string, with their strings."""
    parent = around[-1].node if around else None
    members = parent.by_name if isinstance(parent, JsonObject) else {}
    return {key: value.value if isinstance(value, JsonString) else None for key, value in members.items()}


def _is_url(text: str) -> bool:
    return any(url.end - url.start == len(text) for url in find_urls(text))
