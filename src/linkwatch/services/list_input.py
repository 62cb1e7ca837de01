"""What a person gives for a list in the database: typed or pasted links, an upload, files of any format."""

import io
import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from linkwatch.errors import ListError, UsageError
from linkwatch.models.link import Link
from linkwatch.services.lists import check_comments, find_lists
from linkwatch.services.stored_lists import ReadList
from linkwatch.settings import Settings
from linkwatch.sources import Format, ListFile, read_file
from linkwatch.sources.csv_list import CsvList, new_csv_list, parse_csv_list
from linkwatch.sources.decoding import decoded_lines
from linkwatch.sources.document import one_line
from linkwatch.sources.embeds import own_syntaxes
from linkwatch.sources.formats import ListFormat, format_by_content
from linkwatch.sources.read import open_content
from linkwatch.sources.urls import UrlMatch, find_urls
from linkwatch.text import shortened, visible
from linkwatch.urls.parse import parse_reference, parse_url

_LINE_END = re.compile(r"\r\n|\r|\n")
_LINKED = re.compile(r"\[([^\[\]]*)\]\(<?$")
"""What stands before the URL of a Markdown link."""

_AROUND = ' \t-–—•*+:|,;<>()[]"'
"""What parts a label from a URL, or begins an item of a list."""


def read_content(content: bytes, name: str, settings: Settings, format_: ListFormat | None = None) -> ReadList:
    """Read the content of a file of any format.

    Args:
        content: Its bytes.
        name: What errors call it.
        settings: How lists are read.
        format_: None: the content says.

    Raises:
        ListError: It can't be read.
        UsageError: It has no YouTube link.
    """
    file = ListFile(name, None, format_, named=True)
    read = read_file(
        file, stdin=io.BytesIO(content), max_size=settings.max_file, syntaxes=own_syntaxes(settings.embeds)
    )
    links = tuple(link for link in read if parse_url(link.url) is not None)
    check_comments(links)
    if not links:
        raise UsageError(f"no YouTube link found in {name}", remedy="Give a list that has one.")
    lines = list(decoded_lines(io.BytesIO(content), name))
    is_csv = (format_ or format_by_content("".join(lines))) is Format.CSV
    csv = parse_csv_list(lines, name) if is_csv else None
    if csv is None:
        csv = new_csv_list()
        csv.add(links)
    return ReadList(csv, links)


def read_locations(locations: Iterable[str], stdin: BinaryIO, settings: Settings) -> Iterator[ReadList]:
    """Read files, folders, globs, stored lists and `-`, one after the other.

    Raises:
        UsageError: One can't be read, or has no YouTube link.
    """
    for file in find_lists(list(locations), settings).files:
        name = "standard input" if file.is_stdin else file.name
        with open_content(file, stdin, settings.max_file) as content:
            yield read_content(content.read(settings.max_file + 1), name, settings, file.format)


def read_typed(text: str, settings: Settings, before: CsvList | None = None) -> ReadList:
    """Read links that a person typed or pasted: one on each line, with its label beside it, below headings with `#`.

    A CSV with a header keeps its columns; of HTML and JSON the links are read.

    Args:
        text: As it was typed.
        settings: How lists are read.
        before: The list that the text takes the place of: what its cells `url` hold may stay.

    Raises:
        UsageError: A line has no YouTube link, or one that names nothing; the message has its number.
    """
    lines = _LINE_END.split(text)
    format_ = format_by_content("\n".join(lines))
    if format_ is Format.MARKDOWN:
        links = tuple(_typed_links(lines))
        if not links:
            raise UsageError("there is no link", remedy="Give at least one link to YouTube.")
        csv = new_csv_list()
        csv.add(links)
        return ReadList(csv, links)
    try:
        read = read_content("\n".join(lines).encode("utf-8", "replace"), "the text", settings, format_)
    except ListError as error:
        raise UsageError(_without_name(error), remedy=error.remedy) from None
    if format_ is Format.CSV:
        _check_new_urls(read.csv, before)
    return read


def _typed_links(lines: Iterable[str]) -> Iterator[Link]:
    section: str | None = None
    for number, line in enumerate(map(str.strip, lines), start=1):
        if line.startswith("#"):
            section = one_line(line.strip("#"))
            continue
        if not line:
            continue
        urls = [each for each in find_urls(line) if parse_url(each.url) is not None]
        resource = None if urls else parse_reference(line)
        if resource is not None:
            yield Link(resource.url, "", number, 1, section=section)
        elif not urls:
            remedy = "Give one link on each line, with its label beside it; a heading begins with #."
            raise UsageError(f"line {number} has no YouTube link: {_quoted(line)}", remedy=remedy)
        for each in urls:
            check_url(each.url, f"line {number}: ")
            yield Link(each.url, "", number, 1, _label_beside(line, each, alone=len(urls) == 1), section)


def _label_beside(line: str, url: UrlMatch, *, alone: bool) -> str | None:
    """The text of a Markdown link, or else what stands beside the only URL of a line."""
    if linked := _LINKED.search(line[: url.start]):
        return one_line(linked[1])
    return one_line(f"{line[: url.start]} {line[url.end :]}".strip(_AROUND)) if alone else None


def _without_name(error: ListError) -> str:
    message = error.message.removeprefix(error.file).lstrip(":")
    return message.strip() if error.line is None else f"line {message}"


def _check_new_urls(csv: CsvList, before: CsvList | None) -> None:
    """See that the cells `url` that are new name something on YouTube.

    Raises:
        UsageError: One does not; the message has its line.
    """
    known = set() if before is None else {before.cell(row, "url") for row in before.rows}
    for row in csv.rows:
        if csv.cell(row, "url") not in known:
            check_url(csv.cell(row, "url"), f"line {row.line}: ")


def check_url(url: str, place: str = "") -> None:
    """See that a URL names something on YouTube.

    Raises:
        UsageError: It does not.
    """
    parsed = parse_url(url.strip())
    if parsed is None:
        raise UsageError(f"{place}{_quoted(url)} is not a link to YouTube", remedy="Correct or remove it.")
    if not parsed.resources:
        message = f"{place}{_quoted(url)} is malformed: {parsed.problem}"
        raise UsageError(message, remedy="Correct or remove it.")


def _quoted(text: str) -> str:
    return f"“{shortened(visible(text), 100)}”"
