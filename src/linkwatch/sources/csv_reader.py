"""CSV with a header: the column `url`, and `label`, `owner` and `section` if there are any."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce

from linkwatch.errors import ListError
from linkwatch.models.link import Link
from linkwatch.sources.comments import COMMENT_MARK, merge_ignored, parse_ignore_comment
from linkwatch.sources.document import one_line
from linkwatch.sources.embeds import SYNTAXES, Syntax

_DELIMITERS = ",;\t|"
_MEGABYTES = 16
"""The longest cell that is read. Beyond it, somebody forgot to close a quote."""

_EXCEL = re.compile(r'sep=([^\w\s"]|\t)\s*', re.IGNORECASE)
"""The line before the header in which Excel names the delimiter."""

_QUOTED = re.compile(r'"[^"]*+(?:""[^"]*+)*+"')
_HEADER_REMEDY = (
    "Begin with a header row that names the column with the links `url`, for example: url,label,owner,section"
)


@dataclass(frozen=True, slots=True)
class Header:
    """The first row."""

    delimiter: str
    columns: tuple[str, ...]
    """Names in lower case, stripped."""

    line: int


def read(lines: Iterable[str], file: str, syntaxes: Sequence[Syntax] = SYNTAXES) -> Iterator[Link]:
    """Yield the links of a CSV, row by row.

    Raises:
        ListError: The header lacks its one `url` column, a quote is left open, or a row has more cells than the header.
    """
    remaining = iter(lines)
    header = read_header(remaining, file)
    url, label, section, owner = (_index(header, name) for name in ("url", "label", "section", "owner"))
    above = by = None
    for line, written, cells in records(remaining, header, file):
        if len(cells) > len(header.columns) and any(cell.strip() for cell in cells[len(header.columns) :]):
            raise _too_many_cells(len(cells), len(header.columns), file, line)
        address = cells[url].strip() if url < len(cells) else ""
        if address:
            offset = _cell_offset(written, header.delimiter, url)
            # A thousand entries of one section or owner share its text.
            above, by = _same(above, _cell(cells, section)), _same(by, _cell(cells, owner))
            yield Link(
                address,
                file,
                line + written.count("\n", 0, offset),
                offset - written.rfind("\n", 0, offset),
                _cell(cells, label),
                above,
                by,
                _ignored(cells) if COMMENT_MARK in written else None,
            )


def _ignored(cells: Iterable[str]) -> tuple[str, ...] | None:
    """The rules that cells with `linkwatch: ignore` ignore; None when there is no such cell."""
    return reduce(merge_ignored, map(parse_ignore_comment, cells), None)


def _same(last: str | None, text: str | None) -> str | None:
    return last if last == text else text


def _index(header: Header, name: str) -> int:
    """The index of a column; that after the last one when there is none."""
    return header.columns.index(name) if name in header.columns else len(header.columns)


def _cell(cells: Sequence[str], index: int) -> str | None:
    """A cell on one line; None when it is empty, or the row is too short to have it."""
    return one_line(cells[index]) if index < len(cells) else None


def is_list(lines: Iterable[str]) -> bool:
    """Whether the text begins with a header that has a `url` column; any other CSV is data, and no list."""
    try:
        read_header(iter(lines), "")
    except ListError:
        return False
    return True


def read_header(lines: Iterator[str], file: str) -> Header:
    """Take the header off the lines; its delimiter is the one that gives the most columns, with `url` among them."""
    delimiters = _DELIMITERS
    for number, line in enumerate(lines, start=1):
        if number == 1 and (excel := _EXCEL.fullmatch(line)):
            delimiters = excel[1]
        elif line.strip():
            rows = [Header(delimiter, _columns(line, delimiter), number) for delimiter in delimiters]
            rows.sort(key=lambda row: ("url" in row.columns, len(row.columns)), reverse=True)
            return _checked(rows[0], file)
    raise ListError("is empty: it has no header", file=file, line=1, remedy=_HEADER_REMEDY)


def _columns(line: str, delimiter: str) -> tuple[str, ...]:
    try:
        row = next(csv.reader([line], delimiter=delimiter, skipinitialspace=True, strict=True))
    except csv.Error:
        return ()
    return tuple(name.strip().lower() for name in row)


def _checked(header: Header, file: str) -> Header:
    named = header.columns.count("url")
    if named == 0:
        columns = ", ".join(f"`{name[:40]}`" for name in header.columns[:20] if name) or "none"
        message = f"has no `url` column; its columns are: {columns}"
        raise ListError(message, file=file, line=header.line, remedy=_HEADER_REMEDY)
    if named > 1:
        remedy = "Keep one `url` column and give the others another name."
        raise ListError(f"has {named} columns named `url`", file=file, line=header.line, remedy=remedy)
    return header


def records(lines: Iterator[str], header: Header, file: str) -> Iterator[tuple[int, str, Sequence[str]]]:
    """Yield the line each record begins on, the record as written, and its cells."""
    written: list[str] = []

    def kept() -> Iterator[str]:
        for line in lines:
            written.append(line)
            yield line

    csv.field_size_limit(_MEGABYTES * 1_000_000)
    rows = csv.reader(kept(), delimiter=header.delimiter, skipinitialspace=True, strict=True)
    line = header.line + 1
    try:
        for cells in rows:
            yield line, "".join(written), cells
            line += len(written)
            written.clear()
    except csv.Error as error:
        raise _unreadable(error, file, line) from None


def _cell_offset(written: str, delimiter: str, index: int) -> int:
    """Where the first character of a record's cell stands, behind its quote and white space."""
    if index == 0 and written[:1] not in {" ", "\t", '"'}:
        return 0
    start = 0
    for _ in range(index):
        start = _skip_spaces(written, start)
        quoted = _QUOTED.match(written, start)
        start = written.index(delimiter, quoted.end() if quoted else start) + 1
    start = _skip_spaces(written, start)
    start += written.startswith('"', start)
    return start + len(written[start:]) - len(written[start:].lstrip())


def _skip_spaces(written: str, start: int) -> int:
    """`csv` skips spaces before a cell, but no other white space."""
    while written.startswith(" ", start):
        start += 1
    return start


def _too_many_cells(cells: int, columns: int, file: str, line: int) -> ListError:
    message = f"this row has {cells} cells, the header {columns}: a delimiter in a cell shifts what follows"
    return ListError(
        message, file=file, line=line, remedy='Put the cell that holds the delimiter in quotes: "like, this".'
    )


def _unreadable(error: csv.Error, file: str, line: int) -> ListError:
    if "unexpected end of data" in str(error):
        message, remedy = (
            "the row that begins here has a quote that is never closed",
            'Close it; write a quote within a cell as "".',
        )
    elif "field larger than" in str(error):
        message = f"the row that begins here has a cell of more than {_MEGABYTES} million characters"
        remedy = "See whether a quote is left open."
    else:
        message, remedy = f"the row that begins here is not CSV ({error})", 'Write a quote within a quoted cell as "".'
    return ListError(message, file=file, line=line, remedy=remedy)
