"""Markdown: CommonMark with tables and footnotes, its raw HTML, and the bare URLs of its text.

The parser counts in UTF-8 bytes, and so does everything here until `find_items` hands out code points.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, cast

from pyromark import Options, events_with_range, reference_definitions

from linkwatch.models.link import Link
from linkwatch.sources import html_reader
from linkwatch.sources.comments import IgnoreComment, apply_ignore_comments, parse_ignore_comment
from linkwatch.sources.comments_and_code import comments_and_code
from linkwatch.sources.document import (
    DocumentItem,
    Heading,
    LineIndex,
    LinkItem,
    OwnerRange,
    TextBuffer,
    code_point_offsets,
    embedded_items,
    joined,
    label_from_text,
    links_with_sections,
    outside,
    with_owners,
)
from linkwatch.sources.embeds import SYNTAXES, Syntax
from linkwatch.sources.line_labels import with_line_labels
from linkwatch.sources.mappings import front_matter_end, with_front_matter_labels
from linkwatch.sources.urls import find_urls, without_entities

_TEX_LINK = "\\href{"
_TEX_LABEL = re.compile(r"\}\{([^{}\n]*)\}")
"""Behind the URL of `\\href{URL}{label}`, which R Markdown passes to LaTeX."""

_VIDEO_HOST = re.compile(
    r"(?:https?:)?//(?:(?:www|m|music)\.)?(?:youtube(?:-nocookie)?\.com|youtu\.be)/", re.IGNORECASE
)
"""Of what is written like a picture, and shown as a player; pictures are on other hosts."""


class Emphasis(NamedTuple):
    """A run of text between underscores."""

    start: int
    """In bytes from the start of the document."""

    width: int
    """Underscores on each side: 1, or 2 when it is bold."""


def bare_urls(encoded: bytes, start: int, end: int, underscored: Mapping[int, Emphasis]) -> Iterator[LinkItem]:
    """Yield the URLs of a stretch of prose, with offsets in bytes.

    The source is searched, not the parser's text, which breaks at `_`, `*` and `&amp;`: URLs hold them.

    Args:
        encoded: The document.
        start: Where the stretch begins, in bytes.
        end: Where it ends.
        underscored: Emphasis by `_`, by its end.
    """
    text = encoded[start:end].decode()
    done = 0
    for url in find_urls(text):
        start += len(text[done : url.start].encode())
        done = url.start
        written = text[url.start : url.end]
        markup = len(written) - len(_without_emphasis(written, start, underscored))
        bare = url.url[: len(url.url) - markup]
        tex = _TEX_LABEL.match(text, url.end) if text.endswith(_TEX_LINK, 0, url.start) else None
        label = label_from_text(tex[1], bare) if tex else None
        yield LinkItem(without_entities(bare), start, label)


def _without_emphasis(written: str, start: int, underscored: Mapping[int, Emphasis]) -> str:
    """The URL without the underscores that end an emphasis begun before it."""
    end = start + len(written.encode())
    while (emphasis := underscored.get(end)) and emphasis.start < start and written.endswith("_"):
        end -= emphasis.width
        written = written[: -emphasis.width]
    return written


# Without strikethrough: `~` is a letter of URLs, and nothing is lost when it stays text.
_OPTIONS = Options.ENABLE_TABLES | Options.ENABLE_FOOTNOTES | Options.ENABLE_TASKLISTS
_CONTAINER = re.compile(r"^ *(?:!!!|\?\?\?\+?|===[!+]?) +[\w\"']", re.MULTILINE)
"""What begins an admonition (`!!! note`, `??? note`) or a tab (`=== "Tab"`) of Python-Markdown, as in MkDocs."""

_LIST_ITEM = re.compile(r"(?:[-*+]|[0-9]{1,9}[.)]) +(?! )")

_FENCE = re.compile(r"`{3,}(?=[^`]*\Z)|~{3,}")

_ANY_FENCE = re.compile(
    r"(?P<before>[ \t>]*)(?P<fence>`{3,}|~{3,})[ \t]*(?P<name>\{[a-z][\w:+-]*\})?(?P<rest>[^`\n]*)", re.IGNORECASE
)
_DIRECTIVE = re.compile(r"^[ \t>]*(?:`{3,}|~{3,})[ \t]*\{[a-z]", re.MULTILINE | re.IGNORECASE)
_CODE_DIRECTIVES = re.compile(
    r"code|code-block|code-cell|sourcecode|literalinclude|highlight|parsed-literal|doctest|testcode|verbatim|asis"
    r"|math|mermaid|graphviz|digraph|dot|tikz|svg|d3|bash|sh|zsh|powershell|c|cpp|css|fortran|go|groovy|haskell|html"
    r"|java|javascript|js|json|julia|mysql|psql|sql|node|octave|ojs|perl|php|python|r|rcpp|ruby|rust|sas|sass|scala"
    r"|scss|stan|stata|toml|ts|typescript|webr|webr-r|pyodide|pyodide-python|xml|yaml",
    re.IGNORECASE,
)
"""Directives of MyST and engines of knitr whose content is code; that of others, as of `{note}`, is Markdown."""

_RUN = re.compile(r"\{(?:r|python|julia|ojs|webr|webr-r|pyodide|pyodide-python|code-cell)(?=[\s,}])", re.IGNORECASE)
"""The engine of a chunk that is run, so that what it links to or plays is in the page."""

_NOT_RUN = re.compile(r"\beval\s*[=:]\s*f(?:alse)?\b", re.IGNORECASE)
_RUN_IN_TEXT = re.compile(r"(?:r|python|julia)\s+[\w.:]+\(")
_CHUNK_COMMENT = re.compile(rb"(?:^|[ \t])#(?!\|)[ \t][^\n]*", re.MULTILINE)

_QUOTE = b" >  "
"""With a space on both sides: in a list, too, neither the quote nor what it holds is indented like code."""
_DESTINATION = re.compile(rb"[\s>]*\]\([\s>]*<?")
"""From the end of a link's text to its URL; in a block quote a `>` may stand between them."""

_ATTRIBUTES = re.compile(r"\s*\{(?::\s*\S[^{}]*|\s*[#.][a-zA-Z_][^{}]*|-|[\w-]+=[^{}]*|\s*/\*[^{}]*\*/\s*)\}[\s#]*\Z")
"""Behind a heading's text: `{#id .class}` (Pandoc, Hugo, kramdown), `{: .class}`, `{-}`, `{/* #id */}` (Docusaurus)."""

_MEDIA_TYPE = re.compile(r"type:\w+\Z")
"""In place of a player's text in MkDocs: `![type:video](URL)`."""

_TAG = re.compile(r"</?[a-z][^\s/>]*", re.IGNORECASE)
_AROUND_OWNER = " \t:-–—"
_BEFORE_EMPHASIS = frozenset({b"", b" ", b"\t", b"\n", b"(", b"[", b"*", b"|", b">"})


@dataclass(slots=True, eq=False)
class _Anchor:
    """An `<a>` of inline HTML that is open."""

    links: list[html_reader.TagLink]
    start: int
    words: TextBuffer


def read(lines: Iterable[str], file: str, syntaxes: Sequence[Syntax] = SYNTAXES) -> Iterator[Link]:
    """Yield the links of a Markdown document in its order."""
    text = joined(lines)
    items = outside(find_items(text, syntaxes), comments_and_code(text, file))
    yield from links_with_sections(items, file, LineIndex(text).at)


def find_items(text: str, syntaxes: Sequence[Syntax] = SYNTAXES) -> list[DocumentItem]:
    """The headings and links of a document, in its order.

    A link by reference has the position of its use; a definition that nothing uses has its own.
    """
    document = _Document(text)
    items = sorted(document.items(), key=lambda item: item.offset)
    found, comments = list(with_owners(items, document.owners)), document.comments
    if not text.isascii():
        bounds = (at for item in found if isinstance(item, LinkItem) for at in (item.start, item.end) if at is not None)
        offsets = (*(each.offset for each in (*found, *comments)), *bounds)
        points = code_point_offsets(document.encoded, offsets)
        found = [_in_code_points(item, points) for item in found]
        comments = [replace(comment, offset=points[comment.offset]) for comment in comments]
    found += embedded_items(text, syntaxes, document.code(text))
    found.sort(key=lambda item: item.offset)
    found = with_line_labels(with_front_matter_labels(found, text), text)
    return apply_ignore_comments(found, comments, text)


def _moved(item: DocumentItem, html: str, start: int) -> DocumentItem:
    """An item of a block of HTML, with its offset in the document; both in bytes."""
    moved = replace(item, offset=start + len(html[: item.offset].encode()))
    if isinstance(moved, Heading):
        return moved
    return replace(moved, above=moved.above and (start + moved.above[0], moved.above[1]))


def _in_code_points(item: DocumentItem, points: Mapping[int, int]) -> DocumentItem:
    """An item whose places are in bytes."""
    if isinstance(item, Heading) or item.start is None or item.end is None:
        return replace(item, offset=points[item.offset])
    return replace(item, offset=points[item.offset], start=points[item.start], end=points[item.end])


def _without_front_matter(text: str) -> str:
    """The text with empty lines for its front matter, which to CommonMark is a rule and a heading."""
    end = front_matter_end(text)
    return "\n" * len(text[:end].encode()) + text[end:] if end else text


def _with_quoted_containers(text: str) -> tuple[str, list[tuple[int, int]]]:
    """The text with quotes, which CommonMark knows, for the indented content of admonitions and tabs.

    To CommonMark it is code after an empty line. A quote's mark is as wide as the indentation: nothing moves.

    Returns:
        The text, and the ranges of the fenced code in containers, in bytes: it is taken out, as an empty line in it
        would end the quote, and the code with it.
    """
    if not _CONTAINER.search(text):
        return text, []
    lines = text.split("\n")
    columns: list[int] = []
    """Where the content begins of each container that we are in, and of each list item in one."""
    quotes = 0
    """How many of them need a quote: an item only after an empty line, which ends the quote around its list."""
    is_after_empty_line = False
    fence, code, start, end = "", [], 0, 0
    for number, line in enumerate(lines):
        start, end = end, end + len(line.encode()) + 1
        content = line.lstrip(" ")
        indentation = len(line) - len(content)
        if not content:
            is_after_empty_line = True
            continue
        if fence and columns and indentation >= columns[0]:
            code.append((start, end))
            lines[number] = " " * (end - start - 1)
            fence = "" if content.startswith(fence) and not content.strip(fence[0] + " \t") else fence
            continue
        fence = ""
        while columns and indentation < columns[-1]:
            columns.pop()
        quotes = len(columns) if is_after_empty_line else min(quotes, len(columns))
        is_after_empty_line = False
        if columns and (opened := _FENCE.match(content)):
            fence = opened[0]
            code.append((start, end))
            lines[number] = " " * (end - start - 1)
        elif quotes:
            lines[number] = _quotes(indentation, columns[:quotes]) + content
        if _CONTAINER.match(content):
            columns.append(indentation + len(_QUOTE))
            quotes = len(columns)
        elif columns and (item := _LIST_ITEM.match(content)):
            columns.append(indentation + min(len(item[0]), len(_QUOTE)))
    return "\n".join(lines), code


def _quotes(indentation: int, columns: Iterable[int]) -> str:
    """The marks of the quotes whose content begins at the columns, as wide as the indentation."""
    marks = bytearray(b" " * indentation)
    for column in columns:
        marks[column - len(_QUOTE) : column] = _QUOTE
    return marks.decode()


def _with_open_directives(text: str) -> str:
    """The text with comments and empty lines for the fences of MyST's directives that hold Markdown.

    To CommonMark all of it is code: in ```` ```{note} ```` also the links. Nothing moves.
    """
    if not _DIRECTIVE.search(text):
        return text
    lines = text.split("\n")
    fences: list[tuple[str, bool]] = []
    """Those we are in, each with whether it is a directive that holds Markdown."""
    rules = 0
    """Lines `---` ahead, between which a directive has its options."""
    for number, line in enumerate(lines):
        fence = _ANY_FENCE.fullmatch(line)
        if rules:
            rules -= line.strip(" \t>") == "---"
            lines[number] = " " * len(line.encode())
        elif fence is None:
            continue
        elif fences and _closes(fence, fences[-1][0]):
            if fences.pop()[1]:
                lines[number] = fence["before"] + " " * (len(line) - len(fence["before"]))
        elif not fences or fences[-1][1]:
            is_open = bool(fence["name"]) and not _CODE_DIRECTIVES.fullmatch(fence["name"][1:-1])
            fences.append((fence["fence"], is_open))
            if is_open:
                width = fence.start("rest") - len(fence["before"])
                lines[number] = fence["before"] + f"<!--{' ' * (width - 7)}-->" + fence["rest"]
                rules = 2 if number + 1 < len(lines) and lines[number + 1].strip(" \t>") == "---" else 0
    return "\n".join(lines)


def _closes(fence: re.Match[str], opening: str) -> bool:
    """Whether a fence ends the code that began with an opening one."""
    return not fence["name"] and not fence["rest"].strip() and fence["fence"].startswith(opening)


def _reference(name: str) -> str:
    """The name of a reference definition as it is compared."""
    return " ".join(name.split()).casefold()


class _Document:
    """One pass over the parser's events, then one over the text between links, code and HTML."""

    def __init__(self, text: str) -> None:
        self.encoded = text.encode()
        self.owners: list[OwnerRange] = []
        self.comments: list[IgnoreComment] = []
        self._markdown, fenced = _with_quoted_containers(_with_open_directives(_without_front_matter(text)))
        self._items: list[DocumentItem] = []
        self._not_prose: list[tuple[int, int]] = list(fenced)
        """Links, images, code and HTML: no bare URL is looked for in them."""
        self._code: list[tuple[int, int]] = list(fenced)
        """Code and comments: no id is looked for in them."""
        self._underscored: dict[int, Emphasis] = {}
        """Emphasis by `_`, by its end."""
        self._used: set[str] = set()
        """Names of the reference definitions that something uses."""
        self._words: list[TextBuffer] = []
        """Of everything whose text is being read: a heading, a bold run, a link."""
        self._heading = self._link_words = TextBuffer()
        self._link: dict[str, str] = {}
        self._anchor: _Anchor | None = None
        self._images: list[tuple[dict[str, str], TextBuffer]] = []
        """Those we are in, and their text."""
        self._item_begins = False
        self._list_items: list[tuple[int, str] | None] = []
        """For each list item we are in, the end of the bold text it begins with, and that text."""
        self._bold: list[TextBuffer | None] = []
        """One for each bold run we are in; None for one that doesn't begin a list item."""
        self._text_end = 0
        """Where the last event ended: at the end of a link, where its text ended."""

    def items(self) -> list[DocumentItem]:
        """Everything that was found, in no particular order."""
        for event, span in events_with_range(self._markdown, options=_OPTIONS):
            if isinstance(event, str):
                self._add_text(" ")
            else:
                self._take(cast("dict[str, Any]", event), span["start"], span["end"])
        self._close_anchor(len(self.encoded))
        for start, end in self._prose():
            self._items += bare_urls(self.encoded, start, end, self._underscored)
        return self._items

    def _take(self, event: dict[str, Any], start: int, end: int) -> None:
        [(kind, value)] = event.items()
        if kind == "Text":
            self._item_begins = False
            self._add_text(value)
        elif kind in {"Start", "End"}:
            name = value if isinstance(value, str) else next(iter(value))
            if handler := _HANDLERS.get((kind, name)):
                handler(self, value, start, end)
        elif kind == "InlineHtml":
            self._inline_html(value, start, end)
        elif kind == "Code":
            self._item_begins = False
            if not _RUN_IN_TEXT.match(value):
                self._pass_over(value, start, end)
            self._add_text(value)
        self._text_end = start + 1 if kind == "Start" else end

    def _add_text(self, text: str) -> None:
        for words in self._words:
            (words.images if self._images else words.text).append(text)

    def _read_words(self) -> TextBuffer:
        words = TextBuffer()
        self._words.append(words)
        return words

    def _start_item(self, _value: object, _start: int, _end: int) -> None:
        self._list_items.append(None)
        self._item_begins = True

    def _end_item(self, _value: object, _start: int, end: int) -> None:
        self._close_anchor(end)
        if owner := self._list_items.pop():
            self.owners.append(OwnerRange(owner[0], end, owner[1]))
        self._item_begins = False

    def _end_block(self, _value: object, _start: int, end: int) -> None:
        self._close_anchor(end)

    def _start_heading(self, _value: object, _start: int, _end: int) -> None:
        self._item_begins = False
        self._heading = self._read_words()

    def _end_heading(self, value: dict[str, str], start: int, end: int) -> None:
        self._close_anchor(end)
        self._words.remove(self._heading)
        if heading_text := self._heading.collapsed():
            text = _ATTRIBUTES.sub("", heading_text) or heading_text
            self._items.append(Heading(int(value["Heading"][1]), text, start))

    def _start_emphasis(self, value: object, start: int, end: int) -> None:
        # `-_a b_` is emphasis to CommonMark, though both underscores may belong to ids.
        if self.encoded.startswith(b"_", start) and self.encoded[max(0, start - 1) : start] in _BEFORE_EMPHASIS:
            self._underscored[end] = Emphasis(start, 2 if value == "Strong" else 1)

    def _start_bold(self, value: object, start: int, end: int) -> None:
        self._start_emphasis(value, start, end)
        self._bold.append(self._read_words() if self._item_begins else None)
        self._item_begins = False

    def _end_bold(self, _value: object, _start: int, end: int) -> None:
        if words := self._bold.pop():
            self._words.remove(words)
            if name := (words.collapsed() or "").strip(_AROUND_OWNER):
                self._list_items[-1] = (end, name)

    def _start_link(self, value: dict[str, dict[str, str]], _start: int, _end: int) -> None:
        self._item_begins = False
        self._link = value["Link"]
        self._used.add(_reference(self._link["id"]))
        self._link_words = self._read_words()

    def _end_link(self, _value: object, start: int, end: int) -> None:
        self._not_prose.append((start, end))
        self._words.remove(self._link_words)
        url, kind = self._link["dest_url"], self._link["link_type"]
        if not url or kind == "Email":
            return
        whole = start
        if kind == "Inline" and (destination := _DESTINATION.match(self.encoded, self._text_end, end)):
            start = destination.end()
        elif kind == "Autolink":
            start += 1
        label = label_from_text(self._link_words.collapsed(), url)
        self._items.append(LinkItem(url, start, label, start=whole, end=end))

    def _start_image(self, value: dict[str, dict[str, str]], start: int, end: int) -> None:
        self._item_begins = False
        self._used.add(_reference(value["Image"]["id"]))
        self._not_prose.append((start, end))
        self._images.append((value["Image"], self._read_words()))

    def _end_image(self, _value: object, start: int, end: int) -> None:
        image, words = self._images.pop()
        self._words.remove(words)
        url = image["dest_url"]
        if self._images or self._link_words in self._words or not _VIDEO_HOST.match(url):
            return
        whole, text_end = start, max(self._text_end, start + len("!["))
        if image["link_type"] == "Inline" and (destination := _DESTINATION.match(self.encoded, text_end, end)):
            start = destination.end()
        label = None if _MEDIA_TYPE.match(words.collapsed() or "") else label_from_text(words.collapsed(), url)
        self._items.append(LinkItem(url, start, label, start=whole, end=end))

    def code(self, text: str) -> list[tuple[int, int]]:
        """The ranges of code and comments, in code points."""
        if text.isascii():
            return self._code
        points = code_point_offsets(self.encoded, (offset for range_ in self._code for offset in range_))
        return [(points[start], points[end]) for start, end in self._code]

    def _pass_over(self, _value: object, start: int, end: int) -> None:
        self._not_prose.append((start, end))
        self._code.append((start, end))

    def _code_block(self, value: dict[str, Any], start: int, end: int) -> None:
        kind = value["CodeBlock"]
        info = kind["Fenced"] if isinstance(kind, dict) else ""
        if _RUN.match(info) and not _NOT_RUN.search(self.encoded[start:end].decode()):
            for comment in _CHUNK_COMMENT.finditer(self.encoded, start, end):
                self._pass_over(value, *comment.span())
        else:
            self._pass_over(value, start, end)

    def _html_block(self, _value: object, start: int, end: int) -> None:
        self._not_prose.append((start, end))
        html = self.encoded[start:end].decode()
        self._code += (
            (start + len(html[: one.start()].encode()), start + len(html[: one.end()].encode()))
            for one in html_reader.COMMENT.finditer(html)
        )
        items, comments = html_reader.parse(html)
        self._items += (_moved(item, html, start) for item in items)
        self.comments += (replace(one, offset=start + len(html[: one.offset].encode())) for one in comments)

    def _inline_html(self, tag: str, start: int, end: int) -> None:
        self._not_prose.append((start, end))
        if (rules := parse_ignore_comment(tag.removeprefix("<!--").removesuffix("-->"))) is not None:
            self.comments.append(IgnoreComment(start, rules))
        name = _TAG.match(tag)
        if name and name[0].lower() in {"<a", "</a"}:
            self._close_anchor(end)
        links = [replace(link, offset=len(tag[: link.offset].encode())) for link in html_reader.tag_links(tag)]
        if links and name and name[0].lower() == "<a":
            self._anchor = _Anchor(links, start, self._read_words())
        else:
            self._items += (LinkItem(link.url, start + link.offset, link.label) for link in links)

    def _close_anchor(self, end: int) -> None:
        if anchor := self._anchor:
            self._anchor = None
            self._words.remove(anchor.words)
            self._not_prose.append((anchor.start, end))
            for link in anchor.links:
                label = html_reader.anchor_label(anchor.words.collapsed(), link)
                item = LinkItem(link.url, anchor.start + link.offset, label, start=anchor.start, end=end)
                self._items.append(item)

    def _prose(self) -> Iterator[tuple[int, int]]:
        """The text between links, code and HTML, with the definitions nothing uses, lest their links be lost."""
        definitions = reference_definitions(self._markdown, options=_OPTIONS)
        used = [item["span"] for name, item in definitions.items() if _reference(name) in self._used]
        prose = 0
        for start, end in sorted(self._not_prose + [(span["start"], span["end"]) for span in used]):
            if start > prose:
                yield prose, start
            prose = max(prose, end)
        yield prose, len(self.encoded)


_HANDLERS: dict[tuple[str, str], Callable[[_Document, Any, int, int], None]] = {
    ("Start", "Item"): _Document._start_item,
    ("End", "Item"): _Document._end_item,
    ("Start", "Heading"): _Document._start_heading,
    ("End", "Heading"): _Document._end_heading,
    ("Start", "Emphasis"): _Document._start_emphasis,
    ("Start", "Strong"): _Document._start_bold,
    ("End", "Strong"): _Document._end_bold,
    ("Start", "Link"): _Document._start_link,
    ("End", "Link"): _Document._end_link,
    ("Start", "Image"): _Document._start_image,
    ("End", "Image"): _Document._end_image,
    ("Start", "CodeBlock"): _Document._code_block,
    ("Start", "HtmlBlock"): _Document._html_block,
    ("End", "Paragraph"): _Document._end_block,
    ("End", "TableCell"): _Document._end_block,
}
