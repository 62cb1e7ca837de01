"""What YAML, TOML and objects of JavaScript say of the URLs in them, line by line, without a parser of either.

A parser gives no places, and refuses a file that is a template (`{% for … %}`, `{{ … }}`) whole. Read are the
indentation of `key: value` and `- item`, the headers of TOML's tables, and braces on a few lines; any other line says
nothing, and costs itself alone.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from linkwatch.models.filler import is_name
from linkwatch.sources.comments_and_code import comments_and_code
from linkwatch.sources.document import (
    AROUND_NAMES,
    LABEL_NAMES,
    OWNER_NAMES,
    SECTION_NAMES,
    DocumentItem,
    LinkItem,
    label_from_text,
    one_line,
    outside,
)

_FRONT_MATTER = re.compile(r"\A(---|\+\+\+)[ \t]*\n(?:.*\n)*?(?:\1|\.\.\.)[ \t]*(?:\n|\Z)")
_LINE = re.compile(
    r"(?P<indent>[ ]*+)(?P<dashes>(?:-[ \t]++)*+)"
    r"(?:(?P<quote>[\"']?)(?P<key>[^\s\"'#\[\]{}&*!|>%@`,:=-][^\"'#\n:=]{0,80}?)(?P=quote)[ \t]*(?P<sign>:(?=\s|$)|=))?"
    r"[ \t]*+(?P<value>[^\n]*)"
)
_TABLE = re.compile(r"[ \t]*(\[\[?)[ \t]*[\w.\"' -]+\]\]?[ \t]*(?:#.*)?$")
_BLOCK = re.compile(r"[|>][+-]?\d?[+-]?[ \t]*(?:#.*)?$")
"""What begins a text of several lines, which are indented more than its key."""

_SCALAR = re.compile(r"\"((?:[^\"\\\n]|\\.)*)\"|'((?:[^'\n]|'')*)'|([^\n]*?)[ \t]*(?:,?[ \t]+#[^\n]*)?,?$")
_MEMBER = re.compile(
    rf"(?<![\w-])[\"']?({'|'.join((*LABEL_NAMES, *OWNER_NAMES, *SECTION_NAMES))})[\"']?\s*[:=]\s*"
    r"(?:\"((?:[^\"\\\n]|\\.)*)\"|'((?:[^'\\\n]|\\.)*)'|`([^`\\$\n]*)`|([^\s\"'`,{}\[\]][^,{}\[\]\n]*))",
    re.IGNORECASE,
)
_BRACES = re.compile(r"[{}]")
_NAMES = frozenset((*LABEL_NAMES, *OWNER_NAMES, *SECTION_NAMES))
_WRITTEN_NAME = re.compile(r"[A-Z\s]|[^\x00-\x7f]")
_LONGEST = 200
"""Of a label; what is longer is a description."""

_REACH = 600
"""How far from a link the braces around it may be, in code points."""


@dataclass(slots=True, eq=False)
class _List:
    items: int = 0


@dataclass(slots=True, eq=False)
class _Mapping:
    """A mapping that is being read."""

    column: int
    """Of its keys; -1 for the document."""

    parent: "_Mapping | None"
    within: _List | None = None
    """The list that it is an item of."""

    keys: int = 0
    texts: dict[str, str] = field(default_factory=dict)
    current: _List = field(default_factory=_List)
    """The list below its last key."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a link stands."""

    mapping: _Mapping
    key: str | None
    in_list: _List | None
    """The list whose item it is itself."""

    is_alone: bool
    """Nothing else is in the value."""


def with_mapping_labels(items: Iterable[DocumentItem], text: str, *, toml: bool = False) -> list[DocumentItem]:
    """Give links the labels, sections and owners of the mappings that they are in; they keep a label of their own.

    Args:
        items: In the order of the text.
        text: YAML or TOML.
        toml: Which of them.
    """
    items = list(items)
    links = [item for item in items if isinstance(item, LinkItem)]
    places = dict(zip((link.offset for link in links), _places(text, links, toml=toml), strict=True))
    return [_described(item, places[item.offset], text) if isinstance(item, LinkItem) else item for item in items]


def front_matter_end(text: str) -> int:
    """Where the front matter of a document ends; 0 when it has none."""
    matter = _FRONT_MATTER.match(text)
    return matter.end() if matter else 0


def with_front_matter_labels(items: Sequence[DocumentItem], text: str) -> list[DocumentItem]:
    """Give the links of front matter the labels that it has for them, and leave out those of its comments."""
    end = front_matter_end(text)
    inside = [item for item in items if item.offset < end]
    if not inside:
        return list(items)
    matter, toml = text[:end], text.startswith("+")
    shown = outside(inside, comments_and_code(matter, "front.toml" if toml else "front.yaml"))
    return [*with_mapping_labels(shown, matter, toml=toml), *(item for item in items if item.offset >= end)]


def with_object_labels(items: Iterable[DocumentItem], text: str) -> list[DocumentItem]:
    """Give links the labels of the objects of JavaScript, `{title: "…", url: "…"}`, that they are in."""
    return [
        replace(item, label=label_from_text(_object_text(text, item, LABEL_NAMES), item.url))
        if isinstance(item, LinkItem) and item.label is None and _is_whole(text, item)
        else item
        for item in items
    ]


def _described(link: LinkItem, place: _Place, text: str) -> LinkItem:
    in_braces = {
        name: _object_text(text, link, names)
        for name, names in (("label", LABEL_NAMES), ("owner", OWNER_NAMES), ("section", SECTION_NAMES))
    }
    if not place.is_alone and not (_is_whole(text, link) and any(in_braces.values())):
        return link
    label, is_inferred = (in_braces["label"], False) if in_braces["label"] or not place.is_alone else _label(place)
    label = link.label or label_from_text(label, link.url)
    inferred = ("label",) if is_inferred and label != link.label else ()
    owner = in_braces["owner"] or _nearest(place, OWNER_NAMES)
    section = in_braces["section"] or _section(place)
    return replace(link, label=label, owner=link.owner or owner, inferred=inferred, section=section)


def _label(place: _Place) -> tuple[str | None, bool]:
    """The label of the nearest mapping, on this side of a list of several; or the key, `- Keynote: URL`.

    One that would fit any link is replaced by that of the mapping around it: then it is an inferred one.
    """
    mapping: _Mapping | None = place.mapping
    if place.key and place.in_list is None and mapping and mapping.within and mapping.keys == 1:
        name = place.key.strip()
        is_label = _WRITTEN_NAME.search(name) and name.lower() not in _NAMES and is_name(name)
        return (name if is_label else None), False
    if place.in_list is not None and place.in_list.items > 1:
        return None, False
    while mapping is not None:
        if text := _text(mapping, LABEL_NAMES, place):
            is_filler = mapping.parent is not None and not is_name(text) and mapping.texts.get("text") != text
            around = _text(mapping.parent, AROUND_NAMES, place) if mapping.parent and is_filler else None
            return (around, True) if around and is_name(around) else (text, False)
        if mapping.within is not None and mapping.within.items > 1:
            break
        mapping = mapping.parent
    return None, False


def _text(mapping: _Mapping, names: Iterable[str], place: _Place) -> str | None:
    return next((mapping.texts[name] for name in names if name in mapping.texts and name != place.key), None)


def _section(place: _Place) -> str | None:
    return _nearest(place, SECTION_NAMES)


def _nearest(place: _Place, names: Iterable[str]) -> str | None:
    mapping: _Mapping | None = place.mapping
    while mapping is not None:
        if text := _text(mapping, names, place):
            return text
        mapping = mapping.parent
    return None


def _places(text: str, links: Sequence[LinkItem], *, toml: bool) -> Iterator[_Place]:
    """Yield where each link stands; the texts of its mappings are complete when all were yielded."""
    reader = _Reader(toml=toml)
    places: list[_Place] = []
    start, at = 0, 0
    while at < len(links) or start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        line = text[start : min(end, start + 10_000)]
        mapping, key, in_list, value_at = reader.take(line)
        value = line[value_at:] if value_at >= 0 else ""
        while at < len(links) and links[at].offset <= end:
            inside = links[at].offset - start
            places.append(
                _Place(mapping, key, in_list, value_at >= 0 and _is_alone(value, inside - value_at, links[at]))
            )
            at += 1
        if start >= len(text):
            break
        start = end + 1
    return iter(places)


def _is_alone(value: str, inside: int, link: LinkItem) -> bool:
    """Whether a value is the link, perhaps in quotes and before a comment."""
    if not 0 <= inside <= 1:
        return False
    if link.syntax != "url":
        return True
    scalar = _SCALAR.match(value)
    return scalar is not None and link.url in scalar.groups()


class _Reader:
    """Reads the lines of YAML or TOML, one after the other."""

    def __init__(self, *, toml: bool) -> None:
        self._toml = toml
        self._root = _Mapping(-1, None)
        self._open = [self._root]
        self._block_column: int | None = None
        """Of the key whose text of several lines we are in."""

        self._tables = _List()

    def take(self, line: str) -> tuple[_Mapping, str | None, _List | None, int]:
        """Read a line: its mapping, its key, the list whose item it is, and where its value begins; -1 in a text."""
        content = line.lstrip(" ")
        indent = len(line) - len(content)
        if self._block_column is not None:
            if not content or indent > self._block_column:
                return self._open[-1], None, None, -1
            self._block_column = None
        if not content or content.startswith(("#", "{%", "{{")):
            return self._open[-1], None, None, -1
        if content.startswith(("---", "+++")):
            self._open = [self._root]
            return self._root, None, None, -1
        if self._toml and _TABLE.match(line):
            self._tables.items += 1
            self._root = _Mapping(-1, None, self._tables)
            self._open = [self._root]
            return self._root, None, None, -1
        match = _LINE.match(line)
        if match is None:
            return self._open[-1], None, None, -1
        return self._take(match)

    def _take(self, match: re.Match[str]) -> tuple[_Mapping, str | None, _List | None, int]:
        column = match.end("indent")
        in_list, is_item = None, False
        for dash in re.finditer("-", match["dashes"]):
            self._close(match.start("dashes") + dash.start())
            in_list = self._open[-1].current
            in_list.items += 1
            is_item = True
        key, value_at = match["key"], match.start("value")
        if key is None:
            if is_item and _BLOCK.match(match["value"]):
                self._block_column = column
            return self._open[-1], None, in_list, value_at
        column = match.start("quote") if not self._toml else 0
        self._close(column if not is_item else column - 1)
        if is_item or self._open[-1].column != column:
            parent = self._open[-1]
            if self._toml:
                self._root.column = 0
            else:
                self._open.append(_Mapping(column, parent, in_list))
        mapping = self._open[-1]
        mapping.keys += 1
        mapping.current = _List()
        if _BLOCK.match(match["value"]):
            self._block_column = column
        elif (name := key.strip().lower()) in _NAMES and name not in mapping.texts:
            scalar = _SCALAR.match(match["value"])
            text = one_line(next((group for group in scalar.groups() if group is not None), "")) if scalar else None
            if text and len(text) <= _LONGEST and text[0] not in "{[&*!|>" and "://" not in text and "{{" not in text:
                mapping.texts[name] = text
        return mapping, key, None, value_at

    def _close(self, column: int) -> None:
        """Leave the mappings whose keys stand to the right of a column."""
        while len(self._open) > 1 and self._open[-1].column > column:
            self._open.pop()


def _object_text(text: str, link: LinkItem, names: Iterable[str]) -> str | None:
    """The first of the named members of the braces around a link."""
    low, high = max(0, link.offset - _REACH), min(len(text), link.offset + _REACH)
    start = _brace(text, low, link.offset, reverse=True)
    end = _brace(text, link.offset, high, reverse=False)
    if start is None or end is None:
        return None
    members: dict[str, str | None] = {}
    for match in _MEMBER.finditer(text, start, end):
        if match.start() <= link.offset <= match.end() or _depth(text, start + 1, match.start()):
            continue
        members.setdefault(match[1].lower(), one_line(next(filter(None, match.groups()[1:]), None)))
    return next((found for name in names if (found := members.get(name)) and "://" not in found), None)


def _brace(text: str, start: int, end: int, *, reverse: bool) -> int | None:
    """The brace that opens what surrounds a link, or the one that closes it."""
    depth = 0
    braces = list(_BRACES.finditer(text, start, end))
    for brace in reversed(braces) if reverse else braces:
        depth += 1 if (brace[0] == "{") is reverse else -1
        if depth > 0:
            return brace.start()
    return None


def _depth(text: str, start: int, end: int) -> int:
    return text.count("{", start, end) - text.count("}", start, end)


def _is_whole(text: str, link: LinkItem) -> bool:
    """Whether a link is all of a value; an id stands where its syntax says."""
    if link.syntax != "url":
        return True
    before = text[max(0, link.offset - 20) : link.offset].rstrip(" ")[-1:]
    end = link.offset + len(link.url)
    after = text[end : end + 1]
    return (before == after and before in {'"', "'", "`"}) or (before == ":" and after in {",", "}", " "})
