"""Over documents of every format: each link stands at its place, and none of them is invented."""

import io
import re
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from unit.sources.documents import Document, documents

from linkwatch.errors import ListError
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


@given(
    documents(),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "cp1252"]),
    st.integers(0, 300),
    st.sampled_from([b"", b"\xff", b"\0", b"\xed\xa0\x80", b'"', b"\xef\xbb\xbf", b"{", b"-->"]),
)
def test_a_damaged_document_is_read_or_refused(document: Document, encoding: str, cut: int, damage: bytes) -> None:
    content = document.text.encode(encoding, "replace")
    file = ListFile(document.name, None, document.kind, named=True)
    for damaged in (content[:cut] + damage, content[:cut] + damage + content[cut:]):
        links: list[Link] = []
        refusal: ListError | None = None
        try:
            links += read_file(file, stdin=io.BytesIO(damaged))
        except ListError as error:
            refusal = error
        assert refusal is None or (refusal.file, bool(refusal.remedy)) == (document.name, True)
        assert all(link.line >= 1 and link.column >= 1 for link in links)
