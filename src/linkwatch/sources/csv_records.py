"""CSV as records: those that can be read, the rows that can't, and where each character of a cell stands."""

import csv
import re
from bisect import bisect_left
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from linkwatch.sources.document import LineIndex

_MEGABYTES = 16
"""The longest cell that is read. Beyond it, somebody forgot to close a quote."""

_QUOTED = re.compile(r'"[^"]*+(?:""[^"]*+)*+"')


class _Cell(NamedTuple):
    """A cell as it is written."""

    start: int
    """Of its first character in the record, behind its quote."""

    end: int
    is_quoted: bool


@dataclass(slots=True, eq=False)
class Record:
    """A record, which may be several lines long."""

    line: int
    """1-based line that it begins on."""

    written: str
    """As it is written, with its line ends."""

    cells: Sequence[str]
    delimiter: str
    _as_written: list[_Cell] | None = field(default=None, init=False)
    _doubled: dict[int, list[int]] = field(default_factory=dict, init=False)
    _lines: LineIndex | None = field(default=None, init=False)

    @property
    def is_blank(self) -> bool:
        """Whether every cell is empty."""
        return not any(map(str.strip, self.cells))

    def place(self, column: int, index: int) -> tuple[int, int]:
        """The 1-based line and column of a character.

        Args:
            column: 0-based number of its cell.
            index: Where it stands in the cell's value.
        """
        offset = self._offset(column, index)
        if self.written.find("\n", 0, -1) < 0:
            return self.line, offset + 1
        if self._lines is None:
            self._lines = LineIndex(self.written)
        line, position = self._lines.at(offset)
        return self.line + line - 1, position

    def _offset(self, column: int, index: int) -> int:
        if column == 0 and self.written[:1] not in {" ", '"'}:
            return index
        if self._as_written is None:
            self._as_written = list(_cells_as_written(self.written, self.delimiter))
        cell = self._as_written[column]
        if not cell.is_quoted or cell.end - cell.start == len(self.cells[column]):
            return cell.start + index
        if column not in self._doubled:
            quotes = re.finditer('""', self.written[cell.start : cell.end])
            self._doubled[column] = [quote.start() - number for number, quote in enumerate(quotes)]
        return cell.start + index + bisect_left(self._doubled[column], index)


class BadRow(NamedTuple):
    """A line that begins no record that can be read."""

    line: int
    written: str
    why: str
    remedy: str


def _cells_as_written(written: str, delimiter: str) -> Iterator[_Cell]:
    end = -1
    while end < len(written) and (end < 0 or written[end] == delimiter):
        start = end + 1
        while written.startswith(" ", start):  # `csv` skips no other white space
            start += 1
        if quoted := _QUOTED.match(written, start):
            end = quoted.end()
            yield _Cell(start + 1, end - 1, is_quoted=True)
        else:
            end = written.find(delimiter, start)
            end = len(written) if end < 0 else end
            yield _Cell(start, end, is_quoted=False)


def records(lines: Iterable[str], delimiter: str, first_line: int) -> Iterator[Record | BadRow]:
    """Yield the records of a CSV. A row that can't be read costs the line that it begins on.

    Args:
        lines: Each but the last ending in a line feed.
        delimiter: Between cells.
        first_line: 1-based number of the first of the lines.
    """
    csv.field_size_limit(_MEGABYTES * 1_000_000)
    remaining = iter(lines)
    again: deque[str] = deque()
    line = first_line
    while True:
        written: list[str] = []
        rows = csv.reader(_kept(again, remaining, written), delimiter=delimiter, skipinitialspace=True, strict=True)
        try:
            for cells in rows:
                yield Record(line, "".join(written), cells, delimiter)
                line += len(written)
                written.clear()
        except csv.Error as error:
            yield BadRow(line, written[0], *_reason(error))
            # What an open quote swallowed is read again, once: a later quote would have closed it.
            again.extendleft(reversed(written[1:]))
            line += 1
        else:
            return


def _kept(again: deque[str], remaining: Iterator[str], written: list[str]) -> Iterator[str]:
    while again:
        written.append(again.popleft())
        yield written[-1]
    for line in remaining:
        written.append(line)
        yield line


def _reason(error: csv.Error) -> tuple[str, str]:
    if "unexpected end of data" in str(error):
        return (
            "the row that begins here has a quote that is never closed",
            'Close it; write a quote within a cell as "".',
        )
    if "field larger than" in str(error):
        why = f"the row that begins here has a cell of more than {_MEGABYTES} million characters"
        return why, "See whether a quote is left open."
    return f"the row that begins here is not CSV ({error})", 'Write a quote within a quoted cell as "".'
