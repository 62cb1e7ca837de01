"""Replace URLs in a list, each at the place where the reader found it."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import unescape

from linkwatch.catalogue.ignore import IgnoreRules
from linkwatch.fix.canonical import improved_url, may_end_in_prose
from linkwatch.fix.escaping import BACKSLASH_ESCAPE, EscapedUrl, escape_url, find_escaped_url
from linkwatch.models.link import Link
from linkwatch.sources.formats import Format
from linkwatch.urls.parse import parse_url

_DEFINITION = re.compile(r"\ufeff?[ \t>]*\[(?:[^\[\]\\]|\\.)+\]:[ \t]*<?([^\s<>]+)")
_REACH = 300
"""Code points after its URL within which a link text that repeats the URL may end: lines may be megabytes long."""


@dataclass(frozen=True, slots=True)
class Source:
    """A list with its format and its reader."""

    file: str
    kind: Format
    lines: tuple[str, ...]
    """With their line ends and the byte order mark, as `lines_of` returns them."""

    read: Callable[[Iterable[str], str], Iterator[Link]]
    """The reader of its format."""


@dataclass(frozen=True, slots=True)
class UnfixedLink:
    """A link whose URL is not canonical, and is left to a person."""

    link: Link
    better: str
    why: str


@dataclass(frozen=True, slots=True)
class _Edit:
    """The replacement of a URL in a line."""

    start: int
    end: int
    text: str


def is_ignored(link: Link, rule: str, ignore_rules: IgnoreRules) -> bool:
    """Whether a comment or the settings ignore a YouTube link, or this rule for it."""
    parsed = parse_url(link.url)
    kept = ignore_rules.kept(link, parsed.resources if parsed else ())
    return kept is None or rule in (kept.ignored or ())


class Editor:
    """Collects the edits of a list, link by link."""

    def __init__(self, source: Source, handles: Mapping[str, str], ignore_rules: IgnoreRules) -> None:
        self.left: list[UnfixedLink] = []
        self._source = source
        self._handles = handles
        self._ignore_rules = ignore_rules
        self._ascii_only = all(line.isascii() for line in source.lines)
        self._edits: dict[int, dict[int, _Edit]] = {}
        """By 0-based line, then by start."""
        self._definitions: Mapping[str, list[tuple[int, int]]] | None = None

    def add(self, link: Link) -> str:
        """Add the edits for a link; return the URL that it has afterwards."""
        better = improved_url(link.url, self._handles) if link.syntax == "url" else None
        if better is None or is_ignored(link, "uncanonical", self._ignore_rules):
            return link.url
        places = list(self._places(link))
        edits = [(number, edit) for number, written in places if (edit := self._edit(written, better))]
        if why := self._reason_to_leave(link.url, better, [written for _, written in places], len(edits)):
            self.left.append(UnfixedLink(link, better, why))
            return link.url
        for number, edit in edits:
            self._edits.setdefault(number, {})[edit.start] = edit
        return better

    def edited(self) -> tuple[str, ...]:
        """The lines with the edits."""
        lines = list(self._source.lines)
        for number, edits in self._edits.items():
            lines[number] = _with_edits(lines[number], sorted(edits.values(), key=lambda edit: edit.start))
        return tuple(lines)

    def _places(self, link: Link) -> Iterator[tuple[int, EscapedUrl]]:
        """The places where a link's URL is written, each with its 0-based line."""
        number = link.line - 1
        line = self._source.lines[number]
        start = link.column - 1 + (number == 0 and line.startswith("\ufeff"))
        if written := find_escaped_url(line, start, link.url, self._source.kind):
            yield number, written
            if link.label is None:
                yield from ((number, text) for text in _repeated_in_text(line, written))
        elif self._source.kind is Format.MARKDOWN:
            if self._definitions is None:
                self._definitions = _definition_places(self._source.lines)
            for at, begin in self._definitions.get(link.url, ()):
                if written := find_escaped_url(self._source.lines[at], begin, link.url, Format.MARKDOWN):
                    yield at, written

    def _edit(self, written: EscapedUrl, better: str) -> _Edit | None:
        text = escape_url(written, better, self._source.kind, self._source.file, ascii_only=self._ascii_only)
        return None if text is None else _Edit(written.start, written.end, text)

    def _reason_to_leave(self, url: str, better: str, places: Sequence[EscapedUrl], edits: int) -> str:
        """Why a URL is left to a person; empty when it is replaced."""
        if not places:
            return "its place in the list is uncertain"
        if edits < len(places):
            return "the canonical one would not be read as one URL here"
        is_cell = self._source.kind is Format.CSV and all(written.is_cell for written in places)
        if not is_cell and may_end_in_prose(url, better) and not all(written.is_delimited for written in places):
            return "its end may be text that follows it without a space"
        return ""


def _repeated_in_text(line: str, link: EscapedUrl) -> Iterator[EscapedUrl]:
    """The link text where it repeats the URL: `[URL](URL)`, `<a href="URL">URL</a>`."""
    at, until = max(0, link.start - len(link.raw) - 3), link.end + len(link.raw) + _REACH
    while (at := line.find(link.raw, at, until)) >= 0:
        end = at + len(link.raw)
        if line[max(0, at - 1) : at] + line[end : end + 1] in {"[]", "><"}:
            yield EscapedUrl(link.url, at, end, link.text, link.raw, link.before, link.after)
        at = end


def _definition_places(lines: Sequence[str]) -> Mapping[str, list[tuple[int, int]]]:
    """The URLs of Markdown's link definitions, `[name]: https://…`, each with its places: 0-based line and offset.

    Args:
        lines: Of a Markdown document, as they are.
    """
    found: dict[str, list[tuple[int, int]]] = {}
    for number, line in enumerate(lines):
        if "]:" in line and (definition := _DEFINITION.match(line)):
            url = unescape(BACKSLASH_ESCAPE.sub(r"\1", definition[1]))
            found.setdefault(url, []).append((number, definition.start(1)))
    return found


def _with_edits(line: str, edits: Iterable[_Edit]) -> str:
    pieces, done = [], 0
    for edit in edits:
        pieces += [line[done : edit.start], edit.text]
        done = edit.end
    return "".join([*pieces, line[done:]])
