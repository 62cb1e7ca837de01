r"""The text of a list that is stored in the database: CSV with a header, commas and `\n`, and what changes its rows."""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from linkwatch.errors import ListError
from linkwatch.models.link import Link
from linkwatch.sources.comments import parse_ignore_comment
from linkwatch.sources.csv_columns import columns_of_list
from linkwatch.sources.csv_reader import read_records
from linkwatch.sources.csv_records import BadRow
from linkwatch.sources.document import one_line

COLUMNS = ("url", "label", "owner", "section")
"""Of a list that is made from links."""

PAUSE_COLUMN = "paused"
PAUSED = "linkwatch: ignore"
"""The cell of a row whose links are not checked."""


def csv_line(cells: Iterable[str]) -> str:
    """A row as it is written."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(cells)
    return text.getvalue()


def link_cells(link: Link) -> tuple[str, ...]:
    """The cells of `COLUMNS`."""
    return (link.url, link.label or "", link.owner or "", link.section or "")


class Row(NamedTuple):
    """A row of a list."""

    line: int
    """1-based."""

    cells: list[str]
    """As many as the header has."""

    @property
    def is_paused(self) -> bool:
        """Whether its links are not checked."""
        return any(parse_ignore_comment(cell) == () for cell in self.cells)


@dataclass(slots=True)
class CsvList:
    """A list to be changed; its lines are those of the text that it was read from."""

    names: list[str]
    """Of the columns; one of them is `url`."""

    rows: list[Row]

    @property
    def text(self) -> str:
        """The list as it is stored: UTF-8 without NULs, which no database takes."""
        text = "".join(map(csv_line, [self.names, *(row.cells for row in self.rows)]))
        return text.replace("\0", "").encode("utf-8", "replace").decode()

    def row(self, line: int) -> Row | None:
        """The row that begins on a line."""
        return next((row for row in self.rows if row.line == line), None)

    def cell(self, row: Row, name: str) -> str:
        """The cell of a row in a column; empty where there is no such column."""
        return next((cell for at, cell in zip(self.names, row.cells, strict=True) if _plain(at) == name), "")

    def add(self, links: Iterable[Link]) -> None:
        """Add a row for each link, and the columns that are lacking."""
        for link in links:
            cells = dict(zip(COLUMNS, link_cells(link), strict=True))
            if link.ignored is not None:
                cells[PAUSE_COLUMN] = " ".join([PAUSED, *link.ignored])
            for name, cell in cells.items():
                if cell:
                    self._require(name)
            self.rows.append(Row(0, [cells.get(_plain(name), "") for name in self.names]))

    def change(self, row: Row, cells: Mapping[str, str]) -> None:
        """Replace cells of a row, by the names of their columns."""
        row.cells[:] = [
            one_line(cells[name]) or "" if name in cells else cell
            for name, cell in zip(self.names, row.cells, strict=True)
        ]

    def pause(self, row: Row, *, paused: bool) -> None:
        """Have the links of a row not checked, or checked again."""
        if paused:
            self._require(PAUSE_COLUMN)
            row.cells[[_plain(name) for name in self.names].index(PAUSE_COLUMN)] = PAUSED
        else:
            row.cells[:] = ["" if parse_ignore_comment(cell) == () else cell for cell in row.cells]

    def _require(self, name: str) -> None:
        if name not in map(_plain, self.names):
            self.names.append(name)
            for row in self.rows:
                row.cells.append("")


def new_csv_list() -> CsvList:
    """A list without a row."""
    return CsvList(list(COLUMNS), [])


def parse_csv_list(lines: Iterable[str], file: str) -> CsvList | None:
    r"""Read any CSV with a column `url`, all its columns; None for other texts.

    Args:
        lines: Each but the last ending in `\n`.
        file: For errors.

    Raises:
        ListError: It is empty, or a row can't be read, or has more cells than the header.
    """
    names: list[str] | None = None
    rows = []
    for record in read_records(lines, file):
        if isinstance(record, BadRow):
            raise ListError(record.why, file=file, line=record.line, remedy=record.remedy)
        if record.is_blank:
            continue
        if names is None:
            if columns_of_list(record.cells) is None:
                return None
            names = list(record.cells)
            continue
        more = [cell for cell in record.cells[len(names) :] if cell.strip()]
        if more:
            message = f"this row has {len(record.cells)} cells, the header {len(names)}"
            remedy = 'Put the cell that holds the delimiter in quotes: "like, this".'
            raise ListError(message, file=file, line=record.line, remedy=remedy)
        rows.append(Row(record.line, [*record.cells[: len(names)], *[""] * (len(names) - len(record.cells))]))
    return None if names is None else CsvList(names, rows)


def _plain(name: str) -> str:
    return name.strip().lower()
