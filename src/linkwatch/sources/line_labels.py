"""Labels from the text around a link: its list item, its line, the row of its table.

`- Keynote: URL`, `- Keynote ([video](URL))`, `| Keynote | [Link](URL) |`. For links that have no label of their own, or
one that would fit any link. What is taken for a label is rather nothing than a date, a number or a sentence.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from linkwatch.models.filler import is_filler, is_name
from linkwatch.sources.document import DocumentItem, LineIndex, LinkItem, needs_label, one_line

_REACH = 300
"""How far around a link is looked, in code points: a line may be megabytes long."""

_LONGEST = 100
_MOST_WORDS = 14
_MOST_WORDS_OF_A_LINE = 8
"""Of what is no list item, and so may be a sentence."""

_BOX = r"(?:\[[ xX-]\][ \t]++)?"


def _item(marks: str) -> re.Pattern[str]:
    """What begins a list item; several marks in one line begin items in items."""
    return re.compile(rf"(?P<indent>[ \t>]*+)(?P<marks>(?:(?:{marks})(?=[ \t])[ \t]*+)++){_BOX}")


_ITEMS = {
    "": _item(r"[-+*•‣◦]|\d{1,9}[.)]|\(?[a-z]\)"),
    ".rst": _item(r"[-+*•‣◦]|[\d#]{1,9}[.)]|\(?[a-z]\)"),
    ".wiki": _item(r"[*#:;]{1,6}"),
    ".adoc": _item(r"\*{1,5}|\.{1,5}|-|\d{1,9}\."),
    ".org": _item(r"[-+]|(?<=[ \t])\*|\d{1,9}[.)]"),
    ".tex": re.compile(rf"(?P<indent>[ \t]*+)(?P<marks>\\item\b(?:\[[^\]\n]{{0,80}}\])?[ \t]*+){_BOX}"),
}
_HEADINGS = {
    "": re.compile(r"#{1,6}[ \t]+"),
    ".org": re.compile(r"\*+[ \t]+"),
    ".adoc": re.compile(r"={1,6}[ \t]+"),
    ".wiki": re.compile(r"={1,6}[ \t]*"),
    ".tex": re.compile(r"[ \t]*\\(?:part|chapter|(?:sub)*section|paragraph)\b"),
}
_ROW = re.compile(r"[ \t>]*[|!](?![|!-]*\s*$)")
_RULE = re.compile(r"[ \t>]*(?:\|-|\|===|[|+]?[ \t]*:?[-=]{2,}[-=+|: \t]*$)")
_CELL = re.compile(r"(?<!\\)\|\|?|!!")
_TEX_CELL = re.compile(r"(?<=\s)&(?=\s)")
_MARKUP = (
    (re.compile(r"<!--.*?(?:-->|\Z)|<[/a-zA-Z!][^<>\n]*>"), " "),
    (re.compile(r"\[\[[^\[\]\n|]*\]\[([^\[\]\n]*)\]\]"), r"\1"),  # Org
    (re.compile(r"\[\[(?:[^\[\]\n|]*\|)?([^\[\]\n|]*)\]\]"), r"\1"),  # wiki
    (re.compile(r"!?\[([^\[\]\n]*)\](?:\([^()\n]*(?:\([^()\n]*\)[^()\n]*)?\)|\[[^\[\]\n]*\])(?:\{[^{}\n]*\})?"), r"\1"),
    (re.compile(r"`([^`<>\n]*)<[^<>\n]*>`__?"), r"\1"),  # RST
    (re.compile(r"\[\w+://[^\s\]]* ([^\[\]\n]*)\]"), r"\1"),  # wiki
    (re.compile(r"(?:link:)?\w+://[^\s\[\]<>]*\[([^\[\]\n]*)\]"), r"\1"),  # AsciiDoc
    (re.compile(r"\\href\{[^{}\n]*\}\{([^{}\n]*)\}"), r"\1"),
    (re.compile(r"<?\w+://[^\s<>|]*>?|\\url\{[^{}\n]*\}?"), " "),
    (re.compile(r"\\[a-zA-Z]+\*?(?:\[[^\]\n]*\])?\{?|:[a-z_+-]+:(?=\s|$)|\{[.#:][^{}\n]*\}"), " "),
    (re.compile(r"\*{1,3}|__|`|~~|[{}]|(?<![\w])_|_(?![\w])|'{2,5}|\\(?=[^\w\s])"), ""),
)
_MARKED = re.compile(r"[<\[\]*_`\\{}~]|:\w|''|://")
_AROUND = ' \t\r\n:;,.|/·•→–—-=>&!()[]\\"“”„«»*~#+'
_SEPARATED = re.compile(r"(?:[:|–—→=]|\s-+|::|\s{2,}|\t|[(\[])\s*[\[(<\"'`{*_]*\s*\Z")
"""What stands before a link that the text before it names."""

_CALL = re.compile(r"(?:\\[a-z]+\{|#link\(\")\Z")
"""What TeX and Typst write before a URL."""

_SENTENCE = re.compile(r"[a-z]{4,}[.!?]\s+\S|[.!?]\s*\Z(?<=[a-z]{4}[.!?])|,\s.*,\s.*,\s")
_UNFINISHED = frozenset(
    re.findall(
        r"\w+",
        """
        a an and are as at be by for from here in is it like of on or see that the this to under via visit was watch
        with you your au auf aus bei bzw das der die durch ein eine für hier im ist mit siehe und unter von vor zu zum
        zur avec de des du en est et ici la le les ou par pour sur voir con del el es las los o para por ver y
        """,
    )
)
_LETTER = re.compile(r"[^\W\d_]")
_CODE = re.compile(r"[{}<>;=\\$]|%\}|://|\A\w+(?:_\w+)+\Z")
_QUOTES = frozenset("\"'`")
_DIRECTIVE = re.compile(r"[ \t>]*(?::[\w-]+:|#\+|\.\.[ \t]|:::|@|//|%)")
"""Lines of Org, reStructuredText and others that are no text."""

_NAMING = frozenset(
    re.findall(
        r"\w+",
        """
        title talk name topic subject lecture lesson session course description content contents item resource theme
        presentation seminar episode series playlist chapter titel thema vortrag vorlesung inhalt titre sujet nom cours
        título titulo tema nombre charla clase titolo argomento
        标题 主题 名称 课程 題目 タイトル 内容 제목 название тема
        """,
    )
)
"""Names of the column of a table that says what is linked in the others."""


class Span(NamedTuple):
    """A link in a text, with its markup."""

    start: int
    end: int
    is_bare: bool
    """It has no label at all: only what is set off by a separator names it."""

    needs_label: bool


class Nearby(NamedTuple):
    """What the text around a link calls it."""

    beside: str | None
    """Its list item, line or row."""

    above: tuple[int, str] | None
    """The list item that its own is in: where that stands, and its text. It may be about several links."""


_NOTHING = Nearby(None, None)


def with_line_labels(items: Sequence[DocumentItem], text: str, kind: str = "") -> list[DocumentItem]:
    """Add to the links what the text around them calls them; items are in the order of the text."""
    links = [item for item in items if isinstance(item, LinkItem)]
    nearby = iter(nearby_texts(text, [_span(link) for link in links], kind))
    return [_with_nearby(item, next(nearby)) if isinstance(item, LinkItem) else item for item in items]


def _span(link: LinkItem) -> Span:
    start = link.offset if link.start is None else link.start
    end = link.offset + len(link.url) if link.end is None else link.end
    # Where the markup around an id begins nobody has noted.
    is_wanted = link.syntax == "url" and link.beside is None and needs_label(link)
    return Span(start, end, link.label is None, is_wanted)


def _with_nearby(link: LinkItem, nearby: Nearby) -> LinkItem:
    if nearby.beside is None and nearby.above is None:
        return link
    return replace(link, beside=nearby.beside, above=nearby.above)


def nearby_texts(text: str, spans: Sequence[Span], kind: str = "") -> list[Nearby]:
    """What the text around each link calls it.

    Args:
        text: Lines as Markdown and its like write them: list items begin with a mark, rows of tables with a bar.
        spans: The links, in the order of the text.
        kind: The extension of a markup with marks of its own, with the dot.
    """
    kind = ".adoc" if kind == ".asciidoc" else kind
    if not any(span.needs_label for span in spans):
        return [_NOTHING] * len(spans)
    lines = _Lines(text, spans, kind)
    return [lines.nearby(at) if span.needs_label else _NOTHING for at, span in enumerate(spans)]


class _Block(NamedTuple):
    """What a line is part of."""

    start: int
    """Of the item's first line, behind its mark, or of the line."""

    is_item: bool
    parent: "_Block | None"
    row: int
    """Where the row of the table begins; -1 outside of tables."""

    head: tuple[int, int] | None
    """The first row of the table."""


class _Outline:
    """The list items and the table that we are in, line by line."""

    def __init__(self, kind: str) -> None:
        self._item_begins = _ITEMS.get(kind, _ITEMS[""])
        self._heading = _HEADINGS.get(kind, _HEADINGS[""])
        self._items: list[tuple[int, _Block]] = []
        """Those we are in, from the outside in, each with its depth."""

        self._is_blank = True
        self._row = -1
        self._head: tuple[int, int] | None = None

    def take(self, line: str, start: int, end: int) -> _Block:
        """Read a line, given with where it starts and ends; returns what it is part of."""
        heading = self._heading.match(line)
        item = None if heading or _RULE.match(line) else self._item_begins.match(line)
        is_blank = not line.strip(" \t>")
        self._take_row(line, start, end, is_item=item is not None)
        if is_blank:
            block = _Block(start, False, None, -1, None)
        elif heading:
            self._items.clear()
            block = _Block(start + heading.end(), True, None, -1, None)
        elif item and self._row != start:
            block = self._open_item(item, start)
        else:
            block = self._continue(line, start)
        self._is_blank = is_blank
        return block

    def _take_row(self, line: str, start: int, end: int, *, is_item: bool) -> None:
        if not line.strip(" \t>"):
            self._row, self._head = -1, None
        elif _RULE.match(line) and ("|" in line or "+" in line):
            self._row = -1
        elif _is_row(line, in_table=self._row >= 0, is_item=is_item):
            # A row begins after an empty line or a rule, or has cells of its own.
            self._row = start if self._row < 0 or len(_CELL.findall(line)) > 1 else self._row
            self._head = self._head or (start, end)
        elif self._row < 0 or is_item:
            self._row = -1

    def _open_item(self, item: re.Match[str], start: int) -> _Block:
        block = _Block(start, True, None, -1, None)
        for mark in re.finditer(r"\S+[ \t]*", item["marks"]):
            column = item.end("indent") + mark.start()
            depth = column * 8 + (len(mark[0].strip()) if mark[0][:1] in "*#:;." else 0)
            while self._items and self._items[-1][0] >= depth:
                self._items.pop()
            parent = self._items[-1][1] if self._items else None
            block = _Block(start + item.end("indent") + mark.end(), True, parent, -1, None)
            self._items.append((depth, block))
        block = block._replace(start=start + item.end())
        self._items[-1] = (self._items[-1][0], block)
        return block

    def _continue(self, line: str, start: int) -> _Block:
        indent = len(line) - len(line.lstrip(" \t>"))
        is_row = self._row == start
        if self._items and (indent * 8 > self._items[-1][0] or not (self._is_blank or is_row)):
            around = self._items[-1][1]
            return _Block(start, True, around, self._row, self._head) if self._is_blank or is_row else around
        self._items.clear()
        return _Block(start, False, None, self._row, self._head)


class _Lines:
    def __init__(self, text: str, spans: Sequence[Span], kind: str) -> None:
        self._text = text
        self._spans = spans
        self._index = LineIndex(text)
        self._ends = [0, *(min(span.end, len(text)) for span in spans)]
        """Where the link before each one ends."""

        self._columns: tuple[tuple[int, int] | None, int | None] = None, None
        self._blocks = self._read(kind)

    def _read(self, kind: str) -> dict[int, _Block]:
        """The blocks of the lines with links that need a label, by where the line starts."""
        wanted = iter(sorted({self._index.line_start(span.start) for span in self._spans if span.needs_label}))
        next_ = next(wanted, None)
        blocks: dict[int, _Block] = {}
        outline = _Outline(kind)
        start = 0
        while next_ is not None and start <= len(self._text):
            end = self._index.line_end(start)
            block = outline.take(self._text[start : min(end, start + _REACH)], start, end)
            if next_ == start:
                blocks[start] = block
                next_ = next(wanted, None)
            start = end + 1
        return blocks

    def nearby(self, at: int) -> Nearby:
        """What the text around a link calls it."""
        span = self._spans[at]
        line = self._index.line_start(span.start)
        block = self._blocks[line]
        is_quoted = span.is_bare and self._text[span.start - 1 : span.start] in _QUOTES
        if is_quoted or _DIRECTIVE.match(self._text, line, line + _REACH):
            return _NOTHING
        if block.row >= 0:
            return Nearby(self._of_row(at, block), None)
        beside = self._before(at, block) or self._after(at, block, self._index.line_end(span.end))
        if beside or not block.is_item or block.parent is None:
            return Nearby(beside, None)
        return Nearby(None, self._above(block.parent, span))

    def _before(self, at: int, block: _Block, begin: int | None = None) -> str | None:
        span = self._spans[at]
        start = block.start if begin is None else begin
        if span.start - start > _REACH:
            return None
        # Behind the link before this one, if there is a text, else in its line, else all that is before it.
        own_line = max(start, self._index.line_start(span.start))
        for first in dict.fromkeys((max(own_line, self._ends[at]), own_line, start)):
            written = _CALL.sub("", self._text[first : span.start])
            if not (plain := _plain(written)):
                continue
            is_separated = bool(_SEPARATED.search(written))
            most = _MOST_WORDS if block.is_item or begin is not None else _MOST_WORDS_OF_A_LINE
            if is_separated or (first == start and ((block.is_item and not span.is_bare) or begin is not None)):
                if not block.is_item and begin is None and plain[0].islower():
                    return None
                return _name(plain, most)
        return None

    def _after(self, at: int, block: _Block, line_end: int) -> str | None:
        span = self._spans[at]
        if _plain(self._text[max(block.start, span.start - _REACH) : span.start]):
            return None
        following = self._spans[at + 1].start if at + 1 < len(self._spans) else line_end
        end = min(line_end, following)
        if end - span.end > _REACH:
            return None
        written = self._text[span.end : end].lstrip("])>\"'`}*_ \t")
        if not re.match(r"[-–—:|(]", written) and (span.is_bare or not block.is_item or not written[:1].isupper()):
            return None
        return _name(_plain(written), _MOST_WORDS_OF_A_LINE)

    def _above(self, parent: _Block, span: Span) -> tuple[int, str] | None:
        end = min(self._index.line_end(parent.start), span.start)
        if end - parent.start > _REACH:
            return None
        name = _name(_plain(self._text[parent.start : end]), _MOST_WORDS)
        if name:
            return parent.start, name
        return self._above(parent.parent, span) if parent.parent else None

    def _of_row(self, at: int, block: _Block) -> str | None:
        span = self._spans[at]
        if span.start - block.row > 4 * _REACH:
            return None
        row_end = self._index.line_end(span.end)
        cells = self._cells(block.row, row_end)
        own = bisect_right([start for start, _ in cells], span.start) - 1
        if own < 0:
            return None
        if beside := self._before(at, block, cells[own][0]):
            return beside
        head = self._head(block)
        order = sorted(range(len(cells)), key=lambda number: number != head)
        return next((name for number in order if number != own and (name := self._cell(cells[number]))), None)

    def _cell(self, cell: tuple[int, int]) -> str | None:
        if cell[1] - cell[0] > _REACH:
            return None
        return _name(_plain(self._text[cell[0] : cell[1]]), _MOST_WORDS)

    def _cells(self, start: int, end: int) -> list[tuple[int, int]]:
        """The cells of a row, but not the empty one before the first bar."""
        end = min(end, start + 4 * _REACH)
        mark = _CELL if _CELL.search(self._text, start, end) else _TEX_CELL
        bounds = [match.span() for match in mark.finditer(self._text, start, end)]
        first = [] if bounds and not self._text[start : bounds[0][0]].strip(" \t>") else [(start, start)]
        return [(one[1], other[0]) for one, other in pairwise([*first, *bounds, (end, end)])]

    def _head(self, block: _Block) -> int | None:
        """The column whose name says that it names what is linked."""
        if block.head is None or block.head[0] == block.row:
            return None
        if self._columns[0] != block.head:
            cells = self._cells(*block.head)
            names = [_plain(self._text[start:end][:_LONGEST]).casefold() for start, end in cells]
            self._columns = block.head, next((at for at, name in enumerate(names) if name in _NAMING), None)
        return self._columns[1]


def _is_row(line: str, *, in_table: bool, is_item: bool) -> bool:
    """Whether a line is a row of a table, or more of one."""
    if _ROW.match(line):
        return True
    if is_item:
        return False
    return (in_table and "|" in line) or " | " in line or (" & " in line and line.rstrip().endswith("\\\\"))


def _plain(written: str) -> str:
    """A text without its markup, its URLs, and the texts of links that would fit any link."""
    for pattern, by in _MARKUP if _MARKED.search(written) else ():
        if by == r"\1":
            written = pattern.sub(lambda match: "" if is_filler(match[1]) else match[1], written)
        else:
            written = pattern.sub(by, written)
    text = one_line(written) or ""
    plain = text.strip(_AROUND)
    is_cut = plain.count("(") > plain.count(")") and text.startswith(")", text.find(plain) + len(plain))
    return f"{plain})" if is_cut else plain


def _name(plain: str, most_words: int) -> str | None:
    """A text, if it can name something: it is no sentence, no date and no number."""
    words = plain.split()
    if (
        not words
        or len(plain) > _LONGEST
        or len(words) > most_words
        or not _LETTER.search(plain)
        or _CODE.search(plain)
        or _SENTENCE.search(plain)
        or words[-1].casefold().strip(_AROUND) in _UNFINISHED
        or not is_name(plain)
    ):
        return None
    return plain
