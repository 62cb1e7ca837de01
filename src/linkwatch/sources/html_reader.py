"""HTML: the links of every tag, and the URLs of the text outside of links."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from html import unescape
from html.parser import HTMLParser

from linkwatch.models.filler import is_filler
from linkwatch.models.link import Link
from linkwatch.sources.comments import IgnoreComment, apply_ignore_comments, parse_ignore_comment
from linkwatch.sources.comments_and_code import comments_and_code
from linkwatch.sources.document import (
    DocumentItem,
    Heading,
    LineIndex,
    LinkItem,
    TextBuffer,
    embedded_items,
    joined,
    label_from_text,
    links_with_sections,
    needs_label,
    outside,
)
from linkwatch.sources.embeds import SYNTAXES, Syntax
from linkwatch.sources.line_labels import Span, nearby_texts
from linkwatch.sources.mappings import with_front_matter_labels
from linkwatch.sources.urls import find_urls

_ATTRIBUTE = re.compile(r"""([^\s=>"'/]+)\s*=\s*+(?:"([^"]*)"|'([^']*)'|([^\s>"']+))""")
_LINKS = frozenset({"href", "src", "data", "cite", "url"})
_LINKS_IF_ABSOLUTE = frozenset({"id", "link", "to", "video", "videoid", "video-id", "youtube"})
"""Attributes of components, which take an id, a path or a URL."""

_PICTURES = frozenset({"img", "script", "image", "picture", "track"})
"""Tags whose URLs are shown or run, not linked to."""

_UNSEEN = frozenset({"script", "style", "template"})
_HEADING = re.compile(r"h[1-6]")
_CAPTION_LEVEL = 7
"""Of a table's caption, which is a heading up to the end of the table."""

_TAG_NAME = re.compile(r"<([a-z][^\s/>]*)", re.IGNORECASE)
_ABSOLUTE = ("http://", "https://", "//")


@dataclass(frozen=True, slots=True)
class TagLink:
    """A URL in a start tag."""

    url: str

    offset: int
    """The URL's first character, in code points from the tag's `<`."""

    label: str | None
    """The tag's title."""


COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)


def read(lines: Iterable[str], file: str, syntaxes: Sequence[Syntax] = SYNTAXES) -> Iterator[Link]:
    """Yield the links of an HTML document in its order."""
    text = joined(lines)
    items = outside(find_items(text, syntaxes), comments_and_code(text, file))
    yield from links_with_sections(items, file, LineIndex(text).at)


def find_items(text: str, syntaxes: Sequence[Syntax] = SYNTAXES) -> list[DocumentItem]:
    """The headings and links of a document, with what its comments ignore."""
    items, comments = parse(text)
    items += embedded_items(text, syntaxes, (one.span() for one in COMMENT.finditer(text)))
    items.sort(key=lambda item: item.offset)
    items = with_front_matter_labels(items, text)
    return apply_ignore_comments(items, comments, text)


def parse(text: str) -> tuple[list[DocumentItem], list[IgnoreComment]]:
    """The headings, links and comments of a document or a part of one; broken HTML is read as far as possible."""
    document = _Document(text)
    # Behind the last `>` there is no tag; `html.parser` would look for its end from each `<` again.
    document.feed(text[: text.rfind(">") + 1])
    document.close()
    document.finish()
    return document.items, document.comments


def tag_links(tag: str) -> list[TagLink]:
    """The links in the attributes of one start tag, given as written."""
    name = _TAG_NAME.match(tag)
    if name is None or name[1].lower() in _PICTURES:
        return []
    attributes = [(match[1].lower(), match) for match in _ATTRIBUTE.finditer(tag, name.end())]
    title = next((_value(match)[0] for attribute, match in attributes if attribute in {"title", "aria-label"}), None)
    links = []
    for attribute, match in attributes:
        url, offset = _value(match)
        may_be_url = attribute in _LINKS_IF_ABSOLUTE or attribute.startswith("data-")
        if url and (attribute in _LINKS or (may_be_url and url.lower().startswith(_ABSOLUTE))):
            links.append(TagLink(url, offset, label_from_text(title, url)))
    return links


def _value(attribute: re.Match[str]) -> tuple[str, int]:
    """An attribute's value without the white space around it, and where it begins."""
    group = attribute.lastindex or 0
    raw = attribute[group]
    return unescape(raw).strip(), attribute.start(group) + len(raw) - len(raw.lstrip())


@dataclass(slots=True)
class _Anchor:
    """An `<a>` that is open."""

    links: list[TagLink]
    start: int
    words: TextBuffer
    outline: int
    """Where it begins in the outline."""


def anchor_label(text: str | None, link: TagLink) -> str | None:
    """The label of an `<a>`: its text, or the tag's title where that would fit any link."""
    label = label_from_text(text, link.url)
    return link.label or label if label is None or is_filler(label) else label


_LISTS = frozenset({"ul", "ol", "dl", "menu"})
_CELLS = frozenset({"td", "th"})
_BLOCKS = frozenset(
    re.findall(r"\w+", "p div section article header footer main nav aside br hr table figure figcaption dd blockquote")
)
_REACH = 100_000
"""How far behind the beginning of its text a URL is looked for, in code points."""


class _Outline:
    """The text as `line_labels` reads it: a line for each block, `- ` before list items, bars between cells."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._depth = 0
        """Lists that we are in."""

        self._rows = 0
        """Rows of tables that we are in."""

        self._spans: list[tuple[int, int, int]] = []
        """Of links in tags: the number of the item, and where it begins and ends."""

        self._bare: list[tuple[int, int]] = []
        """Of URLs in the text: the number of the item, and from where on it stands."""

    def __len__(self) -> int:
        return self._length

    def add(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)

    def add_data(self, data: str) -> None:
        text = data.replace("\n", " ").replace("\r", " ")
        self.add(text.replace("|", "/") if self._rows else text)

    def start(self, tag: str) -> None:
        if tag in _LISTS:
            self._depth += 1
        elif tag == "tr":
            self._rows += 1
            self.add("\n")
        elif tag in _CELLS and self._rows:
            self.add(" | ")
        elif tag in {"li", "dt"} and not self._rows:
            self.add("\n" + "  " * min(self._depth, 20) + "- ")
        elif _HEADING.fullmatch(tag):
            self.add("\n\n# ")
        elif tag in _BLOCKS:
            self._end_line()

    def end(self, tag: str) -> None:
        if tag in _LISTS:
            self._depth = max(0, self._depth - 1)
        elif tag == "tr":
            self._rows = max(0, self._rows - 1)
            self.add(" |\n")
        elif tag == "table":
            self._rows = 0
        if tag in _BLOCKS or tag in _LISTS or _HEADING.fullmatch(tag):
            self._end_line()

    def _end_line(self) -> None:
        if not self._rows:
            self.add("\n" + "  " * min(self._depth + 1, 21) if self._depth else "\n\n")

    def add_link(self, number: int, start: int, end: int) -> None:
        self._spans.append((number, start, end))

    def add_bare_url(self, number: int, start: int) -> None:
        self._bare.append((number, start))

    def add_nearby(self, items: list[DocumentItem]) -> None:
        """Add to the links what the text around them calls them."""
        text = "".join(self._parts)
        spans = []
        for number, start, end in self._spans:
            if isinstance(link := items[number], LinkItem):
                spans.append((Span(start, end, link.label is None, needs_label(link)), number))
        done = 0
        for number, start in self._bare:
            done = max(done, start)
            if isinstance(link := items[number], LinkItem) and (at := text.find(link.url, done, done + _REACH)) >= 0:
                done = at + len(link.url)
                spans.append((Span(at, done, is_bare=True, needs_label=True), number))
        spans.sort()
        for (_, number), nearby in zip(spans, nearby_texts(text, [span for span, _ in spans]), strict=True):
            if isinstance(link := items[number], LinkItem):
                items[number] = replace(link, beside=nearby.beside, above=nearby.above)


class _Document(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self._outline = _Outline()
        self._prose_outline = 0
        """Where in the outline the text begins that is searched next."""

        self._folders: int | None = None
        """In bookmarks, how deep the folder is that we are in."""

        self._has_caption = False
        self.items: list[DocumentItem] = []
        self.comments: list[IgnoreComment] = []
        self._source = text
        self._lines = LineIndex(text)
        self._unseen = 0
        self._anchor: _Anchor | None = None
        self._heading: tuple[Heading, TextBuffer] | None = None
        self._prose_start: int | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        start = self._end_prose()
        if tag in _UNSEEN:
            self._unseen += 1
            return
        if self._unseen:
            return
        self._outline.start(tag)
        if _HEADING.fullmatch(tag) or tag == "caption":
            self._close_heading()
            self._has_caption = self._has_caption or tag == "caption"
            self._heading = Heading(self._level(tag), "", start), TextBuffer()
        elif tag == "dl" and self._folders is not None:
            self._folders += 1
        elif tag == "img":
            alternative = dict(attrs).get("alt") or ""
            for words in self._open_words():
                words.images.append(alternative)
        else:
            self._add_links(tag, start)

    def handle_endtag(self, tag: str) -> None:
        self._end_prose()
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        elif tag == "a":
            self._close_anchor()
        elif _HEADING.fullmatch(tag) or tag == "caption":
            self._close_heading()
        elif tag == "dl" and self._folders:
            self.items.append(Heading(self._folders, "", self._offset()))
            self._folders -= 1
        elif tag == "table" and self._has_caption:
            self._has_caption = False
            self.items.append(Heading(_CAPTION_LEVEL, "", self._offset()))
        if not self._unseen:
            self._outline.end(tag)

    def _level(self, tag: str) -> int:
        """The level of a heading; of a folder of bookmarks by the lists around it, for all of them are `h3`."""
        if tag == "caption":
            return _CAPTION_LEVEL
        return 1 + self._folders if self._folders is not None and tag != "h1" else int(tag[1])

    def handle_data(self, data: str) -> None:
        if self._prose_start is None:
            self._prose_start = self._offset()
            self._prose_outline = len(self._outline)
        if not self._unseen:
            self._outline.add_data(data)
            for words in self._open_words():
                words.text.append(data)

    def handle_comment(self, data: str) -> None:
        start = self._end_prose()
        if (rules := parse_ignore_comment(data)) is not None:
            self.comments.append(IgnoreComment(start, rules))

    def handle_decl(self, decl: str) -> None:
        self._end_prose()
        if "netscape-bookmark" in decl.lower():
            self._folders = 0

    def handle_pi(self, data: str) -> None:
        self._end_prose()

    def parse_marked_section(self, i: int, report: bool = True) -> int:
        """`<![…` is a comment to browsers; the base class asserts that it is one of a few words."""
        return self.parse_bogus_comment(i, report)

    def finish(self) -> None:
        """End what the document left open."""
        if self._prose_start is None:
            self._prose_start = self._source.rfind(">") + 1
            self._prose_outline = len(self._outline)
            self._outline.add_data(self._source[self._prose_start :])
        self._end_prose(len(self._source))
        self._close_anchor()
        self._close_heading()
        self._outline.add_nearby(self.items)

    def _offset(self) -> int:
        return self._lines.offset(*self.getpos())

    def _open_words(self) -> list[TextBuffer]:
        anchor = [self._anchor.words] if self._anchor else []
        return [*anchor, self._heading[1]] if self._heading else anchor

    def _add_links(self, tag: str, start: int) -> None:
        links = tag_links(self.get_starttag_text() or "")
        if tag == "a":
            self._close_anchor()
            self._anchor = _Anchor(links, start, TextBuffer(), len(self._outline))
            self._outline.add("[")
        else:
            for link in links:
                self._outline.add_link(len(self.items), len(self._outline), len(self._outline))
                self.items.append(LinkItem(link.url, start + link.offset, link.label))

    def _close_anchor(self) -> None:
        if self._anchor:
            label_text, start = self._anchor.words.collapsed(), self._anchor.start
            self._outline.add("](x)")
            for link in self._anchor.links:
                self._outline.add_link(len(self.items), self._anchor.outline, len(self._outline))
                self.items.append(LinkItem(link.url, start + link.offset, anchor_label(label_text, link)))
        self._anchor = None

    def _close_heading(self) -> None:
        if self._heading and (heading_text := self._heading[1].collapsed()):
            self.items.append(Heading(self._heading[0].level, heading_text, self._heading[0].offset))
        self._heading = None

    def _end_prose(self, end: int | None = None) -> int:
        """Search the text since the last tag, as it is written, for URLs; return the offset of what ends it."""
        end = self._offset() if end is None else end
        start, self._prose_start = self._prose_start, None
        if start is not None and not self._unseen and (self._anchor is None or not self._anchor.links):
            for url in find_urls(self._source[start:end]):
                self._outline.add_bare_url(len(self.items), self._prose_outline)
                self.items.append(LinkItem(unescape(url.url), start + url.start))
        return end
