"""What the readers of structured texts share: headings and links, their sections and owners, and their positions."""

import re
from array import array
from bisect import bisect_right
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import NamedTuple, TypeVar

from linkwatch.models.filler import is_filler, is_name
from linkwatch.models.link import Link
from linkwatch.sources.embeds import Syntax, find_embedded_ids, is_id

Remark = Callable[[str], None]
"""Takes a sentence about a file that was skipped, or was not read as its kind says, or about a row of it."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the document."""

    level: int
    """1 for the outermost."""

    text: str
    """Empty: the sections from this level on end here."""

    offset: int
    """Where it begins, in code points from the start of the text."""


@dataclass(frozen=True, slots=True)
class LinkItem:
    """A link of the document, without its section."""

    url: str

    offset: int
    """The URL's first character, in code points from the start of the text."""

    label: str | None = None
    owner: str | None = None
    inferred: tuple[str, ...] = ()
    """As in `Link`."""

    ignored: tuple[str, ...] | None = None
    """As in `Link`."""

    syntax: str = "url"
    """As in `Link`."""

    section: str | None = None
    """What a mapping says that it is in; None: the headings above."""

    start: int | None = None
    """Where its markup begins; None: at the URL."""

    end: int | None = None
    """Where its markup ends; None: with the URL."""

    beside: str | None = None
    """What its list item, its line or the row of its table calls it; see `line_labels`."""

    above: tuple[int, str] | None = None
    """The list item that its own is in: where that stands, and its text."""


DocumentItem = Heading | LinkItem

DEEPEST = 20
"""Headings of a section, the innermost ones: a file may nest thousands."""

Item = TypeVar("Item", bound=DocumentItem)

LABEL_NAMES = ("label", "title", "name", "text")
"""Members of an object of JSON, YAML or TOML that say what the URL beside them is, the best first."""

AROUND_NAMES = (*LABEL_NAMES, "topic")
"""Of an object around a list of links none of which says what it is: "video", "slides"."""

OWNER_NAMES = ("owner", "channel", "author", "creator")
SECTION_NAMES = ("section", "category", "topic", "group")


@dataclass(slots=True, eq=False)
class TextBuffer:
    """The text of a heading, a link or a bold run while it is being read."""

    text: list[str] = field(default_factory=list)
    images: list[str] = field(default_factory=list)
    """The alternative texts of images; they count where there is no other text."""

    def collapsed(self) -> str | None:
        """The text on one line; None when there is none."""
        return one_line("".join(self.text)) or one_line(" ".join(self.images))


def one_line(text: str | None) -> str | None:
    """The text with its white space collapsed; None when nothing is left."""
    return " ".join(text.split()) or None if text else None


class OwnerRange(NamedTuple):
    """The owner of the links in a range: the bold text that begins a list item, for the rest of the item."""

    start: int
    end: int
    name: str


def with_owners(items: Iterable[DocumentItem], owners: Iterable[OwnerRange]) -> Iterator[DocumentItem]:
    """Give each link the owner of the innermost range around it; ranges nest as list items do."""
    ahead = sorted(owners, reverse=True)
    around: list[OwnerRange] = []
    for item in items:
        while ahead and ahead[-1].start <= item.offset:
            around = [owner for owner in around if owner.end > ahead[-1].start] + [ahead.pop()]
        around = [owner for owner in around if owner.end > item.offset]
        if around and isinstance(item, LinkItem):
            yield replace(item, owner=around[-1].name, inferred=("owner",))
        else:
            yield item


def embedded_items(text: str, syntaxes: Sequence[Syntax], code: Iterable[tuple[int, int]] = ()) -> Iterator[LinkItem]:
    """Yield the ids that stand without a URL; those in ranges of code only where they are directives."""
    ranges = sorted(code)
    for found in find_embedded_ids(text, syntaxes):
        at = bisect_right(ranges, (found.offset, len(text))) - 1
        if found.in_code or at < 0 or found.offset >= ranges[at][1]:
            yield LinkItem(found.url, found.offset, one_line(found.label), syntax=found.syntax)


def outside(items: Iterable[Item], ranges: Iterable[tuple[int, int]]) -> Iterator[Item]:
    """Yield the items that are in none of the ranges; both in the order of the text."""
    ahead = deque(ranges)
    for item in items:
        while ahead and ahead[0][1] <= item.offset:
            ahead.popleft()
        if not ahead or item.offset < ahead[0][0]:
            yield item


_SCHEME = re.compile(r"\A(?:https?:)?//", re.IGNORECASE)


def label_from_text(text: str | None, url: str) -> str | None:
    """The label that a link's text gives it; None for an empty text, or one that repeats the URL or its id."""
    label = one_line(text)
    if label is None or (is_id(label) and label in url):
        return None
    if _SCHEME.sub("", label).rstrip("/") == _SCHEME.sub("", url).rstrip("/"):
        return None
    return label


def needs_label(link: LinkItem) -> bool:
    """Whether a link has no label of its own, or one that would fit any link."""
    return link.label is None or is_filler(link.label)


def links_with_sections(
    items: Iterable[DocumentItem], file: str, position: Callable[[int], tuple[int, int]]
) -> Iterator[Link]:
    """Yield the links with their sections, in the order of the text.

    A link whose own label would fit any link has that of its item or row; else that of the item or heading above, if
    it is the only such link to its site there.

    Args:
        items: Headings and links, in any order.
        file: The list's name.
        position: Line and column of an offset.
    """
    ordered = sorted(items, key=lambda item: item.offset)
    title = _title(ordered)
    alone = _links_by_context(ordered)
    path: list[Heading] = []
    section: str | None = None
    is_known = True
    for item in ordered:
        if isinstance(item, Heading):
            while path and path[-1].level >= item.level:
                path.pop()
            path += [item] if item.text else []
            is_known = False
            continue
        if not is_known:
            section = " > ".join(heading.text for heading in path[-DEEPEST:] if heading is not title) or None
            is_known = True
        line, column = position(item.offset)
        label, is_inferred = item.label, False
        if needs_label(item):
            # A URL without a text may be anything below a heading.
            below_heading = path and item.label is not None and path[-1] is not title
            contexts = [item.above, (path[-1].offset, path[-1].text)] if below_heading else [item.above]
            texts = (text for at, text in filter(None, contexts) if alone[at, _site(item.url)] == 1)
            inferred = item.beside or next(filter(is_name, texts), None)
            if inferred:
                label, is_inferred = label_from_text(inferred, item.url), True
        fields = ("label", *item.inferred) if is_inferred else item.inferred
        within = item.section or section
        yield Link(item.url, file, line, column, label, within, item.owner, item.ignored, item.syntax, fields)


def _links_by_context(items: Iterable[DocumentItem]) -> Counter[tuple[int, str]]:
    """How many links to one site that need a label are below each heading and list item."""
    counted: Counter[tuple[int, str]] = Counter()
    heading: Heading | None = None
    for item in items:
        if isinstance(item, Heading):
            heading = item
        elif needs_label(item) and item.beside is None:
            site = _site(item.url)
            counted.update(
                (at, site) for at in {*([heading.offset] if heading else []), *([item.above[0]] if item.above else [])}
            )
    return counted


def _site(url: str) -> str:
    """The host, without what stands before it on phones; short addresses are another host."""
    host = _SCHEME.sub("", url).partition("/")[0].lower()
    return "youtube.com" if host == "youtu.be" else host.removeprefix("www.").removeprefix("m.")


def _title(items: Iterable[DocumentItem]) -> Heading | None:
    """The only heading of level 1, which names the document and not a section of it."""
    top = [item for item in items if isinstance(item, Heading) and item.level == 1 and item.text]
    return top[0] if len(top) == 1 else None


def joined(lines: Iterable[str]) -> str:
    """The text of lines; some at a time, since each that is kept takes 50 bytes beside its text."""
    remaining = iter(lines)
    return "".join(iter(lambda: "".join(islice(remaining, 1000)), ""))


class LineIndex:
    r"""Converts between offsets in a text and lines and columns; lines end in `\n`."""

    def __init__(self, text: str) -> None:
        self._length = len(text)
        self._starts = array("Q", [0])  # a list of as many numbers takes five times the memory
        end = text.find("\n")
        while end >= 0:
            self._starts.append(end + 1)
            end = text.find("\n", end + 1)

    def at(self, offset: int) -> tuple[int, int]:
        """The 1-based line and column (both in code points) of an offset."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def line_start(self, offset: int) -> int:
        """Where the line of an offset begins."""
        return self._starts[bisect_right(self._starts, offset) - 1]

    def line_end(self, offset: int) -> int:
        """Where the line of an offset ends, before its line feed."""
        following = bisect_right(self._starts, offset)
        return self._starts[following] - 1 if following < len(self._starts) else self._length

    def offset(self, line: int, column: int) -> int:
        """The offset of a 1-based line and a 0-based column, as `html.parser` counts them."""
        return self._starts[line - 1] + column


def code_point_offsets(encoded: bytes, offsets: Iterable[int]) -> dict[int, int]:
    """The code point of each UTF-8 byte offset, by offset; takes one pass over the bytes."""
    found: dict[int, int] = {}
    last, points = 0, 0
    for offset in sorted(set(offsets)):
        points += len(encoded[last:offset].decode())
        last = offset
        found[offset] = points
    return found
