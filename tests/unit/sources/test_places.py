"""Over documents of every format: each link stands at its place, and none of them is invented."""

import io
import re
from itertools import pairwise

from hypothesis import given
from unit.sources.documents import Document, documents

from linkwatch.fix.escaping import find_escaped_url
from linkwatch.models.link import Link
from linkwatch.models.resource import Kind
from linkwatch.sources.embeds import is_id
from linkwatch.sources.files import ListFile
from linkwatch.sources.read import read_file
from linkwatch.urls.parse import parse_url


def links_of(document: Document) -> list[Link]:
    file = ListFile(document.name, None, document.kind, named=True)
    return list(read_file(file, stdin=io.BytesIO(document.text.encode())))


def lines_of(text: str) -> list[str]:
    text = text.removeprefix("\ufeff")
    starts = [0, *(end.end() for end in re.finditer(r"\r\n|\r|\n", text)), len(text)]
    return [text[start:end] for start, end in pairwise(starts)]


@given(documents())
def test_a_link_stands_where_its_line_and_column_say(document: Document) -> None:
    lines = lines_of(document.text)
    for link in links_of(document):
        line = lines[link.line - 1]
        if link.syntax == "url":
            assert find_escaped_url(line, link.column - 1, link.url, document.kind), link
        else:
            id_ = re.split("[=/]", link.url)[-1]
            assert line.startswith(id_, link.column - 1), link


@given(documents())
def test_no_link_names_what_is_not_in_the_text(document: Document) -> None:
    for link in links_of(document):
        parsed = parse_url(link.url)
        for resource in parsed.resources if parsed else ():
            assert resource.id in document.text
            assert resource.kind is not Kind.VIDEO or is_id(resource.id)
