"""Better URLs in the place of those that a list has, each where its reader found it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from linkwatch.catalogue.ignore import IgnoreRules
from linkwatch.fix.canonical import improved, swallows_prose
from linkwatch.fix.escaping import EscapedUrl, respelled, written_at
from linkwatch.fix.markdown_definitions import definitions
from linkwatch.models.link import Link
from linkwatch.sources.formats import Format
from linkwatch.urls.parse import parse_url

_REACH = 300
"""How far from its URL a link's text may end that is the URL again, in code points: a line may be megabytes long."""


@dataclass(frozen=True, slots=True)
class Source:
    """A list, and all that is needed to know what to do with it."""

    file: str
    kind: Format
    lines: tuple[str, ...]
    """As they are, with their ends and the byte order mark: `lines_of`."""

    read: Callable[[Iterable[str], str], Iterator[Link]]
    """The reader of its format."""


@dataclass(frozen=True, slots=True)
class Left:
    """A link whose URL could be better, and is left to a person."""

    link: Link
    better: str
    why: str


@dataclass(frozen=True, slots=True)
class _Edit:
    """A URL in a line, and what is written in its place."""

    start: int
    end: int
    text: str


def is_ignored(link: Link, rule: str, ignoring: IgnoreRules) -> bool:
    """Whether a comment or the settings take a YouTube link out, or switch this rule off for it."""
    parsed = parse_url(link.url)
    kept = ignoring.kept(link, parsed.resources if parsed else ())
    return kept is None or rule in (kept.ignored or ())


class Editor:
    """Takes the links of a list one by one, and notes what is written in place of their URLs."""

    def __init__(self, source: Source, handles: Mapping[str, str], ignoring: IgnoreRules) -> None:
        self.left: list[Left] = []
        self._source = source
        self._handles = handles
        self._ignoring = ignoring
        self._ascii_only = all(line.isascii() for line in source.lines)
        self._edits: dict[int, dict[int, _Edit]] = {}
        """By 0-based line, then by start."""
        self._definitions: Mapping[str, list[tuple[int, int]]] | None = None

    def put(self, link: Link) -> str:
        """Note what to do about a link; return the URL that it then has."""
        better = improved(link.url, self._handles)
        if better is None or is_ignored(link, "uncanonical", self._ignoring):
            return link.url
        places = list(self._places(link))
        edits = [(number, edit) for number, written in places if (edit := self._edit(written, better))]
        if why := self._why_not(link.url, better, [written for _, written in places], len(edits)):
            self.left.append(Left(link, better, why))
            return link.url
        for number, edit in edits:
            self._edits.setdefault(number, {})[edit.start] = edit
        return better

    def edited(self) -> tuple[str, ...]:
        """The lines with the better URLs."""
        lines = list(self._source.lines)
        for number, edits in self._edits.items():
            lines[number] = _with_edits(lines[number], sorted(edits.values(), key=lambda edit: edit.start))
        return tuple(lines)

    def _places(self, link: Link) -> Iterator[tuple[int, EscapedUrl]]:
        """Where a link's URL is written, each with its 0-based line."""
        number = link.line - 1
        line = self._source.lines[number]
        start = link.column - 1 + (number == 0 and line.startswith("\ufeff"))
        if written := written_at(line, start, link.url, self._source.kind):
            yield number, written
            if link.label is None:
                yield from ((number, text) for text in _texts(line, written))
        elif self._source.kind is Format.MARKDOWN:
            if self._definitions is None:
                self._definitions = definitions(self._source.lines)
            for at, begin in self._definitions.get(link.url, ()):
                if written := written_at(self._source.lines[at], begin, link.url, Format.MARKDOWN):
                    yield at, written

    def _edit(self, written: EscapedUrl, better: str) -> _Edit | None:
        text = respelled(written, better, self._source.kind, ascii_only=self._ascii_only)
        return None if text is None else _Edit(written.start, written.end, text)

    def _why_not(self, url: str, better: str, places: Sequence[EscapedUrl], edits: int) -> str:
        """Why a URL is left to a person; empty when it is not."""
        if not places:
            return "it is written in a way that is not understood with certainty"
        if edits < len(places):
            return "the better one would not be read as one URL here"
        is_cell = self._source.kind is Format.CSV
        if not is_cell and swallows_prose(url, better) and not all(written.is_delimited for written in places):
            return "its end may be text that goes on behind it without a space"
        return ""


def _texts(line: str, link: EscapedUrl) -> Iterator[EscapedUrl]:
    """The link's own text where it is the URL again: `[URL](URL)`, `<a href="URL">URL</a>`."""
    at, until = max(0, link.start - len(link.raw) - 3), link.end + len(link.raw) + _REACH
    while (at := line.find(link.raw, at, until)) >= 0:
        end = at + len(link.raw)
        if line[max(0, at - 1) : at] + line[end : end + 1] in {"[]", "><"}:
            yield EscapedUrl(link.url, at, end, link.text, link.raw, link.before, link.after)
        at = end


def _with_edits(line: str, edits: Iterable[_Edit]) -> str:
    pieces, done = [], 0
    for edit in edits:
        pieces += [line[done : edit.start], edit.text]
        done = edit.end
    return "".join([*pieces, line[done:]])
