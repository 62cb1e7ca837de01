"""CSV: the links of its columns of links and of ids, with their labels; row by row, so that a bad row costs itself.

A header with a column `url` makes it a list, read as the documentation says. In any other, `csv_columns` finds out what
the columns hold. A text may hold several tables: the exports of Google have one of several before the items.
"""

import csv
import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from itertools import chain, islice

from linkwatch.errors import ListError
from linkwatch.models.link import Link
from linkwatch.sources.comments import COMMENT_MARK, merge_ignored, parse_ignore_comment
from linkwatch.sources.csv_columns import Columns, bare_ids, columns_of_list, names_columns, plain_id, survey
from linkwatch.sources.csv_records import BadRow, Record, records
from linkwatch.sources.document import LinkItem, Remark, one_line
from linkwatch.sources.embeds import SYNTAXES, Syntax, url_of
from linkwatch.sources.text_reader import find_links
from linkwatch.sources.urls import find_urls
from linkwatch.text import counted

SYNTAX = "cell"
"""Of an id that is a cell."""

_DELIMITERS = ",;\t|"
_EXCEL = re.compile(r'sep=([^\w\s"]|\t)\s*', re.IGNORECASE)
"""The line before the header in which Excel names the delimiter."""

_FORMULA = re.compile(
    r"\s*=\s*(?!image|import|webservice)[^\W\d][\w.]*\(\s*\"([^\"]*)\"\s*(?:[;,]\s*(?:\"((?:[^\"]|\"\")*)\"|[^()\"]*))?\)\s*",
    re.IGNORECASE,
)
"""`=HYPERLINK("url","label")`, in the languages of spreadsheets."""

_URL_ALONE = re.compile(r"\s*(https?://[A-Za-z0-9._~:/?#@!$&*+=%-]+[A-Za-z0-9/_-])\s*", re.IGNORECASE)
"""A cell that is one URL, as most are: there is nothing to search for."""

_HEAD = 50
"""Lines that show the delimiter, and records within which a preamble ends."""

_SAMPLE = 1000
"""Records that show what the columns hold."""

_MAX_REMARKS = 10
_REMEDY = "Begin with a header row that names the column with the links `url`, for example: url,label,owner,section"


def read(
    lines: Iterable[str], file: str, syntaxes: Sequence[Syntax] = SYNTAXES, remark: Remark = lambda _: None
) -> Iterator[Link]:
    """Yield the links of a CSV, row by row.

    Args:
        lines: As of every reader.
        file: The list's name.
        syntaxes: Those in which an id is a link.
        remark: Called with a sentence about the rows that can't be read, or not as the header says.

    Raises:
        ListError: There is nothing in it.
    """
    rows = _Rows(file, syntaxes, remark)
    for columns, record in _with_columns(read_records(lines, file)):
        yield from rows.links(columns, record)
    rows.finish()


def recognises(lines: Iterable[str]) -> bool:
    """Whether the beginning of a text is that of a CSV with columns of links or of ids."""
    head = list(islice(lines, 2 * _HEAD))
    try:
        columns = next((columns for columns, _ in _with_columns(read_records(head, "")) if columns.is_recognised), None)
    except ListError:
        return False
    return columns is not None


def is_list(lines: Iterable[str]) -> bool:
    """Whether a text without a name begins as a CSV: with a header that names a column of links or of ids."""
    head = list(islice(lines, _HEAD))
    try:
        first = next((record for record in read_records(head, "") if isinstance(record, Record) and record.cells), None)
    except ListError:
        return False
    if first is None:
        return False
    if columns_of_list(first.cells):
        return True
    return (
        len(first.cells) > 1
        and names_columns(first.cells)
        and all(len(cell) < 60 for cell in first.cells)
        and (recognises(head))
    )


def read_records(lines: Iterable[str], file: str) -> Iterator[Record | BadRow]:
    """Yield every record of a CSV, the header too.

    Raises:
        ListError: There is nothing in it.
    """
    remaining = iter(lines)
    head = list(islice(remaining, _HEAD))
    excel = _EXCEL.fullmatch(head[0]) if head else None
    begin = 1 if excel else 0
    while begin < len(head) and not head[begin].strip():
        begin += 1
    while begin == len(head) and (more := next(remaining, None)) is not None:
        head.append(more)
        begin += not more.strip()
    if begin == len(head):
        raise ListError("is empty: it has no header", file=file, line=1, remedy=_REMEDY)
    delimiter = excel[1] if excel else _delimiter(head[begin:])
    yield from records(chain(head[begin:], remaining), delimiter, begin + 1)


def _delimiter(lines: Sequence[str]) -> str:
    """The one with which the header names columns, else that which parts most rows into as many cells."""
    if len(lines[0]) > 100_000:
        return _DELIMITERS[0]
    best = max(_DELIMITERS, key=lambda delimiter: _fitness(lines, delimiter))
    if len(_cells(lines[0], best)) > 1:
        return best
    # A single column: the delimiter that parts nothing of it.
    return min(_DELIMITERS, key=lambda delimiter: sum(line.count(delimiter) for line in lines))


def _fitness(lines: Sequence[str], delimiter: str) -> tuple[bool, bool, int, int]:
    header = _cells(lines[0], delimiter)
    widths = Counter(len(cells) for line in lines if line.strip() and (cells := _cells(line[:10_000], delimiter)))
    width, rows = max(((width, rows) for width, rows in widths.items() if width > 1), key=_by_rows, default=(0, 0))
    if columns_of_list(header):
        return True, True, len(header), 0
    return False, len(header) > 1 and names_columns(header), rows, width


def _by_rows(counted_width: tuple[int, int]) -> tuple[int, int]:
    width, rows = counted_width
    return rows, width


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter, skipinitialspace=True, strict=True), [])
    except csv.Error:
        return []


def _with_columns(rows: Iterable[Record | BadRow]) -> Iterator[tuple[Columns, Record | BadRow]]:
    """Yield the rows below the headers, each with the columns of its table."""
    remaining = iter(rows)
    ahead: deque[Record | BadRow] = deque()
    columns: Columns | None = None
    width = number = 0
    is_after_blank = False
    while (row := ahead.popleft() if ahead else next(remaining, None)) is not None:
        if isinstance(row, BadRow):
            yield columns or Columns(), row
            continue
        if row.is_blank:
            is_after_blank = True
            continue
        number += 1
        if columns is None or _begins_table(row, columns, width, number, is_after_blank=is_after_blank):
            width = len(row.cells)
            columns = columns_of_list(row.cells) if number == 1 else None
            if columns is None:
                ahead.extend(islice(remaining, max(0, _SAMPLE - len(ahead))))
                columns = survey(row.cells, _sample(ahead, width, number))
            if columns.names:
                is_after_blank = False
                continue
        is_after_blank = False
        yield columns, row


def _begins_table(row: Record, columns: Columns, width: int, number: int, *, is_after_blank: bool) -> bool:
    """Whether a row is the header of another table: it names columns, or has another width below a blank line."""
    if columns.is_list or not (is_after_blank or number <= _HEAD):
        return False
    if names_columns(row.cells):
        return is_after_blank or not columns.is_recognised
    is_other = is_after_blank and len(row.cells) != width
    return is_other and not any("/" in cell or cell.strip().isdigit() for cell in row.cells)


def _sample(ahead: Iterable[Record | BadRow], width: int, number: int) -> list[Sequence[str]]:
    """The cells of the rows up to the next table."""
    sample: list[Sequence[str]] = []
    is_after_blank = False
    for row in ahead:
        if isinstance(row, BadRow):
            continue
        if row.is_blank:
            is_after_blank = True
            continue
        number += 1
        if _begins_table(row, Columns(), width, number, is_after_blank=is_after_blank):
            break
        is_after_blank = False
        sample.append(row.cells)
    return sample


class _Rows:
    """Reads the links of rows."""

    def __init__(self, file: str, syntaxes: Sequence[Syntax], remark: Remark) -> None:
        self._file = file
        self._syntaxes = syntaxes
        self._remark = remark
        self._remarks = 0
        self._section: str | None = None
        self._owner: str | None = None
        self._channels: set[str] = set()

    def links(self, columns: Columns, row: Record | BadRow) -> Iterator[Link]:
        """Yield the links of a row."""
        if isinstance(row, BadRow):
            self._tell(row.line, f"{row.why}; its links are read without labels. {row.remedy}")
            yield from self._links_of_bad_row(row)
            return
        cells = row.cells
        width = len(columns.names)
        is_ragged = width > 0 and len(cells) > width and any(cell.strip() for cell in cells[width:])
        if is_ragged and columns.is_recognised:
            self._tell(
                row.line,
                f"this row has {len(cells)} cells, the header {width}: a delimiter in a cell shifts what follows; its "
                'links are read without labels. Put the cell that holds the delimiter in quotes: "like, this".',
            )
        ignored = _ignored(cells) if COMMENT_MARK in row.written else None
        section = owner = None
        if not is_ragged:
            # A thousand entries of one section or owner share its text.
            section = self._section = _same(self._section, _cell(cells, columns.section))
            owner = self._owner = _same(self._owner, _cell(cells, columns.owner))
        for at, item, is_labelled in self._items(columns, cells, is_ragged=is_ragged):
            label = None
            if not is_ragged:
                beside = _cell(cells, columns.labels.get(at))
                label = (item.label or beside) if is_labelled else (beside or item.label)
            line, column = row.place(at, item.offset)
            yield Link(item.url, self._file, line, column, label, section, owner, ignored, item.syntax)

    def finish(self) -> None:
        """Say how many more rows there are than remarks."""
        if (more := self._remarks - _MAX_REMARKS) > 0:
            self._remark(f"{self._file}: {counted(more, 'more row')} can't be read as the header says")

    def _tell(self, line: int, what: str) -> None:
        self._remarks += 1
        if self._remarks <= _MAX_REMARKS:
            self._remark(f"{self._file}:{line}: {what}")

    def _items(
        self, columns: Columns, cells: Sequence[str], *, is_ragged: bool
    ) -> Iterator[tuple[int, LinkItem, bool]]:
        """Yield the links of a record with their cells, and whether each has a label of its own beside others."""
        anywhere = columns.links is None or is_ragged
        is_certain = columns.is_list and not is_ragged
        items: list[tuple[int, LinkItem, bool]] = []
        for at in range(len(cells)) if anywhere else columns.read:
            cell = cells[at] if at < len(cells) else ""
            if (anywhere or at not in columns.ids) and cell and not cell.isspace():
                in_cell = _links_of_cell(cell, self._syntaxes, is_list=is_certain, is_named=columns.is_recognised)
                items += ((at, item, len(in_cell) > 1) for item in in_cell)
            if at in columns.ids:
                for kind, id_, offset in bare_ids(cell, columns.ids[at]):
                    items.append((at, LinkItem(url_of(id_, kind), offset, syntax=SYNTAX), False))
        if columns.ids and len(items) > 1:
            items = self._without_repeats(items)
        return iter(items)

    def _without_repeats(self, items: Sequence[tuple[int, LinkItem, bool]]) -> list[tuple[int, LinkItem, bool]]:
        """Leave out the id of what a URL of the row names, and the channel that other rows have named already.

        A column of channels beside videos says whose they are: a link a row would be a duplicate a row.
        """
        urls = [item.url for _, item, _ in items if item.syntax == "url"]
        kept, seen = [], set()
        for at, item, is_labelled in items:
            id_ = re.split("[=/]", item.url)[-1]
            if item.syntax == SYNTAX and (id_ in seen or any(id_ in url for url in urls)):
                continue
            if item.syntax == SYNTAX and item.url == url_of(id_, "channel"):
                if id_ in self._channels:
                    continue
                self._channels.add(id_)
            seen.add(id_)
            kept.append((at, item, is_labelled))
        return kept

    def _links_of_bad_row(self, row: BadRow) -> Iterator[Link]:
        # The delimiters become spaces, which end a URL.
        text = re.sub(r'[,;\t|"]', " ", row.written)
        for url in find_urls(text):
            yield Link(url.url, self._file, row.line, url.start + 1)


def _links_of_cell(cell: str, syntaxes: Sequence[Syntax], *, is_list: bool, is_named: bool) -> list[LinkItem]:
    """The links of a cell of a column of links."""
    if url := _URL_ALONE.fullmatch(cell):
        return [LinkItem(url[1], url.start(1))]
    if formula := _FORMULA.fullmatch(cell):
        label = formula[2].replace('""', '"') if formula[2] else None
        in_formula = list(find_urls(formula[1]))
        return [LinkItem(url.url, formula.start(1) + url.start, one_line(label)) for url in in_formula]
    if not is_list and "/" not in cell and "youtu" not in cell.lower():
        return _plain_ids(cell) if is_named else []
    items = find_links(cell, syntaxes)
    if cell.lstrip().startswith("="):
        # A formula that puts the URL together from other cells.
        items = [item for item in items if not re.match(r'"\s*&', cell[item.offset + len(item.url) :][:9])]
    text = cell.strip()
    if not is_list or text.startswith("=") or len(items) > 1 or (items and items[0].label):
        return items
    start = len(cell) - len(cell.lstrip())
    if items and (items[0].offset > start or any(map(str.isspace, text))):
        return items
    return (not items and _plain_ids(cell)) or [LinkItem(text, start)]


def _plain_ids(cell: str) -> list[LinkItem]:
    return [LinkItem(url_of(id_, kind), offset, syntax=SYNTAX) for kind, id_, offset in plain_id(cell)]


def _ignored(cells: Iterable[str]) -> tuple[str, ...] | None:
    """The rules that cells with `linkwatch: ignore` ignore; None when there is no such cell."""
    return reduce(merge_ignored, map(parse_ignore_comment, cells), None)


def _same(last: str | None, text: str | None) -> str | None:
    return last if last == text else text


def _cell(cells: Sequence[str], index: int | None) -> str | None:
    """A cell on one line; None when it is empty, or the row is too short to have it."""
    return one_line(cells[index]) if index is not None and index < len(cells) else None
