"""Titles of the elements of XML: entries of feeds, outlines (OPML), divisions (PreTeXt), and tags around a text.

No parser of XML is used: one refuses a whole file that is not well-formed, and gives no places of attributes.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from html import unescape

from linkwatch.sources.document import DocumentItem, Heading, LinkItem, label_from_text, one_line

_TAG = re.compile(
    r"<!--.*?(?:-->|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)"
    r"|<(?P<close>/)?(?P<name>[a-zA-Z][\w:.-]*)(?P<attributes>(?:[^<>\"'/]|/(?!>)|\"[^\"]*\"|'[^']*')*+)(?P<empty>/)?>",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r"([\w:-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_MARKUP = re.compile(r"<[^<>]*>")

_ENTRIES = frozenset({"item", "entry", "video", "figure"})
"""Elements whose title is the label of what is in them."""

_DIVISIONS = frozenset(re.findall(r"\w+", "part chapter section subsection subsubsection appendix preface worksheet"))
"""Elements whose title is a section."""

_NAMED = frozenset({"title", "caption"})
_LINKED = frozenset({"url", "a"})
_VOID = frozenset({"br", "img", "hr", "meta"})
_LONGEST_TITLE = 300


@dataclass(slots=True, eq=False)
class _Element:
    name: str
    title: str | None = None
    links: list[int] = field(default_factory=list)
    """Those in an entry, by their number."""


class _Elements:
    """The elements that we are in, and what they say of the links."""

    def __init__(self, links: Sequence[LinkItem], text: str) -> None:
        self.labels: list[str | None] = [link.label for link in links]
        self.headings: list[Heading] = []
        self._links = links
        self._text = text
        self._open: list[_Element] = []
        self._depth = 1
        """Divisions that we are in, and the document."""

        self._next = 0

    def read(self) -> None:
        """Read the text."""
        for tag in _TAG.finditer(self._text):
            if tag["name"] is None:
                continue
            name = tag["name"].lower()
            self._take_links(tag.start())
            if tag["close"]:
                self._close(name, tag.start())
            else:
                self._start(name, tag)
        self._take_links(len(self._text) + 1)
        while self._open:
            self._end(self._open.pop(), len(self._text))

    def _take_links(self, until: int) -> range:
        """Give the links up to an offset to the entry that they are in."""
        first = self._next
        while self._next < len(self._links) and self._links[self._next].offset < until:
            self._next += 1
        taken = range(first, self._next)
        if taken and (entry := next((one for one in reversed(self._open) if one.name in _ENTRIES), None)):
            entry.links += taken
        return taken

    def _start(self, name: str, tag: re.Match[str]) -> None:
        if not tag["empty"] and name not in _VOID:
            self._open.append(_Element(name))
            self._depth += name in _DIVISIONS or name == "outline"
        links = self._take_links(tag.end())
        if name == "outline":
            self._outline(tag, links)
        elif name in _LINKED and len(links) == 1 and not tag["empty"]:
            self.labels[links[0]] = self.labels[links[0]] or self._inner_text(tag.end(), name)
        elif name in _NAMED and len(self._open) > 1 and (title := self._inner_text(tag.end(), name)):
            around = self._open[-2]
            if around.name in _DIVISIONS and name == "title":
                self.headings.append(Heading(self._depth, title, tag.start()))
            elif around.name in _ENTRIES:
                around.title = around.title or title

    def _outline(self, tag: re.Match[str], links: range) -> None:
        attributes = {one[1].lower(): one[2] or one[3] or "" for one in _ATTRIBUTE.finditer(tag["attributes"])}
        title = one_line(unescape(attributes.get("title") or attributes.get("text") or ""))
        for number in links:
            self.labels[number] = self.labels[number] or title
        if title and not tag["empty"]:
            self.headings.append(Heading(self._depth, title, tag.end()))

    def _close(self, name: str, offset: int) -> None:
        if not any(one.name == name for one in self._open[-50:]):
            return
        while self._open:
            element = self._open.pop()
            self._end(element, offset)
            if element.name == name:
                break

    def _end(self, element: _Element, offset: int) -> None:
        if element.name in _DIVISIONS or element.name == "outline":
            self.headings.append(Heading(self._depth, "", offset))
            self._depth -= 1
        for number in element.links if element.title else ():
            self.labels[number] = self.labels[number] or element.title

    def _inner_text(self, start: int, name: str) -> str | None:
        """The text of an element up to its end tag."""
        end = self._text.find(f"</{name}", start, start + _LONGEST_TITLE)
        return one_line(unescape(_MARKUP.sub("", _CDATA.sub(r"\1", self._text[start:end])))) if end >= 0 else None


def with_element_titles(links: Sequence[LinkItem], text: str) -> list[DocumentItem]:
    """Give the links of XML the titles of their elements, and add the sections that they are in."""
    elements = _Elements(links, text)
    elements.read()
    labelled = zip(links, elements.labels, strict=True)
    return [*elements.headings, *(replace(link, label=label_from_text(label, link.url)) for link, label in labelled)]
