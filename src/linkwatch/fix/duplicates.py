"""The rows of a list that repeat an earlier row of the same section, and can be removed without a loss."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from linkwatch.sources import csv_reader
from linkwatch.sources.csv_records import BadRow

_ITEM = re.compile(r"(?:[-*+]|[0-9]{1,9}[.)])[ \t]")
_HEADING = re.compile(r"#{1,6}[ \t]")


class _Shape(StrEnum):
    BLANK = "blank"
    HEADING = "heading"

    ITEM = "item"
    """Of a list."""

    ROW = "row"
    """Of a table."""

    PLAIN = "plain"
    """Prose, markup, or a URL on a line of its own."""


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    """Without trailing white space."""

    shape: _Shape
    indent: int
    """Width of the white space before it, in columns."""

    linked: bool
    """Whether it has a link."""

    @property
    def depth(self) -> int:
        """Nesting depth; a line that may head a section is one step above the lines of its indent."""
        rank = 2 if self.shape is _Shape.HEADING or not self.linked else self.shape is _Shape.PLAIN
        return 3 * self.indent - rank


def duplicate_csv_lines(lines: Sequence[str], removable: Collection[int], file: str) -> Iterator[int]:
    """Yield the 1-based lines of each CSV record whose cells all equal those of an earlier one.

    Args:
        lines: As the readers take them.
        removable: Lines whose links may be removed.
        file: The list's name.
    """
    seen = set()
    for record in csv_reader.read_records(lines, file):
        if isinstance(record, BadRow):
            continue
        rows = range(record.line, record.line + record.written.count("\n") + (not record.written.endswith("\n")))
        if any(row in removable for row in rows):
            if tuple(record.cells) in seen:
                yield from rows
            seen.add(tuple(record.cells))


def duplicate_lines(
    lines: Sequence[str], linked: Collection[int], removable: Collection[int], *, markdown: bool
) -> Iterator[int]:
    """Yield the 1-based lines of list items, table rows and single lines that repeat an earlier one.

    Both must be below the same line (a heading, a paragraph, the item that they are part of), and nothing may belong
    to the one that is removed.

    Args:
        lines: As the readers take them.
        linked: Those with a link.
        removable: Those whose links may be removed.
        markdown: The end of an item or a row is certain; in other texts a link has to follow it.
    """
    rows = [_line(line, linked=number in linked) for number, line in enumerate(lines, start=1)]
    following = _following(rows)
    above: list[tuple[int, int]] = []
    seen = set()
    for at, row in enumerate(rows):
        if row.shape is _Shape.BLANK:
            continue
        while above and above[-1][0] >= row.depth:
            above.pop()
        if at + 1 in removable and _stands_alone(rows, at, following[at], markdown=markdown):
            key = (above[-1][1] if above else None, row.text)
            if key in seen:
                yield at + 1
            seen.add(key)
        above.append((row.depth, at))


def _line(line: str, *, linked: bool) -> _Line:
    text = line.expandtabs(4).rstrip()
    bare = text.lstrip()
    return _Line(text, _shape(bare), len(text) - len(bare), linked)


def _shape(text: str) -> _Shape:
    if not text:
        return _Shape.BLANK
    if _ITEM.match(text):
        return _Shape.ITEM
    if text.startswith("|"):
        return _Shape.ROW
    return _Shape.HEADING if _HEADING.match(text) else _Shape.PLAIN


def _following(rows: Sequence[_Line]) -> list[int]:
    """For each line the next one that isn't blank; the number of lines when there is none."""
    following, upcoming = [], len(rows)
    for at in reversed(range(len(rows))):
        following.append(upcoming)
        if rows[at].shape is not _Shape.BLANK:
            upcoming = at
    return following[::-1]


def _stands_alone(rows: Sequence[_Line], at: int, following: int, *, markdown: bool) -> bool:
    """Whether the line is a whole item, row or paragraph; when in doubt it is not."""
    row = rows[at]
    if row.shape is _Shape.HEADING or (row.shape is _Shape.PLAIN and not _begins_alone(rows, at)):
        return False
    if following == len(rows):
        return True
    below = rows[following]
    if below.indent > row.indent:
        return False
    if markdown and below.shape is _Shape.HEADING:
        return True
    is_ended = below.linked or (markdown and row.shape is not _Shape.PLAIN)
    return is_ended and (following > at + 1 or below.shape is row.shape)


def _begins_alone(rows: Sequence[_Line], at: int) -> bool:
    """Whether a single line is neither HTML nor the continuation of the line above."""
    text = rows[at].text.lstrip()
    if text.startswith("<") and not text.lower().startswith("<http"):
        return False
    above = rows[at - 1] if at else None
    return (
        above is None or above.shape in {_Shape.BLANK, _Shape.HEADING} or (above.shape is _Shape.PLAIN and above.linked)
    )
