"""The stage's door: links out of any mixture of files, and an error with a remedy for what can't be read."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkwatch.errors import ListError
from linkwatch.models.link import Link
from linkwatch.sources import read_lists
from linkwatch.sources.decoding import decoded_lines
from linkwatch.sources.formats import Format, reader_for

SEED = Path(__file__).parents[2] / "lists" / "learning-math-for-ml.md"
LINK = "https://youtu.be/haHLRD0QZ08"

PIECES = st.sampled_from(
    rb"""url,label~ https://youtu.be/x ~[a](https://y/z)~[b][c]~[c]: https://c/d~<a href='//h/x'>~</a>~<!--~<![~<h1>~"
~\~\ud800~{~}~[~]~:~,~"cells"~{"cells": [{"cell_type": "markdown", "source": ["~# h~1. **o**~  * ~> ~`~_~*~---~&amp;
~sep=;~|""".split(b"~")
)
BYTES = st.sampled_from([b"\n", b"\r", b"\xff", b"\xc3\xa9", b"\0"])
CONTENT = st.one_of(st.binary(), st.lists(st.one_of(PIECES, PIECES, BYTES), max_size=30).map(b"".join))


def read(*locations: str, stdin: bytes = b"") -> list[Link]:
    return list(read_lists(locations, stdin=io.BytesIO(stdin)))


def test_the_seed_list_has_34_links_with_label_section_and_owner(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(SEED.parents[2])
    links = read(str(SEED))
    assert len(links) == 34
    assert {link.file for link in links} == {"tests/lists/learning-math-for-ml.md"}
    by_line = {link.line: (link.label, link.section, link.owner, link.column) for link in links}
    assert by_line[8] == ("Essence of Linear Algebra", "General Mathematics for ML", "3Blue1Brown", 34)
    assert by_line[53] == ("Probability and Statistics", "Probability and Statistics", "jbstatistics", 35)
    assert by_line[65][1:3] == ("Optimization", "Aurélien Géron")
    assert by_line[93][:3] == ("Mathematics for Machine Learning", "Specific ML Math Courses", "IIT Madras - NPTEL")
    assert all(link.label and link.section and link.owner for link in links)
    rows = SEED.read_text(encoding="utf-8").split("\n")
    assert all(rows[link.line - 1][link.column - 1 :] == f"{link.url})" for link in links)


@pytest.mark.parametrize(
    ("text", "label", "column"),
    [
        pytest.param(f'\n <p><a href="{LINK}">A</a>', "A", 14, id="html"),
        pytest.param(f'{{"u": "{LINK}", "title": "A"}}', "A", 8, id="json"),
        pytest.param(f'{{"cells": [{{"cell_type": "markdown", "source": "[A]({LINK})"}}]}}', "A", 53, id="notebook"),
        pytest.param(f"label;URL\nA;{LINK}", "A", 3, id="csv"),
        pytest.param(f"[A]({LINK})", "A", 5, id="markdown that begins like json"),
        pytest.param(f"# T\nsee {LINK}.", None, 5, id="bare url"),
    ],
)
def test_standard_input_is_read_as_what_it_looks_like(text: str, label: str | None, column: int) -> None:
    [link] = read("-", "-", stdin=text.encode())
    assert (link.url, link.file, link.label, link.column) == (LINK, "-", label, column)


def test_a_csv_without_urls_in_a_folder_is_data_and_a_named_one_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "data.csv").write_text(f"a,b\n1,{LINK}\n")
    assert [(link.url, link.line, link.column) for link in read(str(tmp_path))] == [(LINK, 2, 3)]
    with pytest.raises(ListError, match="has no `url` column; its columns are: `a`, `b`"):
        read(str(tmp_path / "data.csv"))


def test_files_are_read_only_as_links_are_asked_for(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(LINK)
    (tmp_path / "b.txt").write_bytes(b"\xff\xfe")
    links = read_lists([str(tmp_path)], stdin=io.BytesIO())
    assert next(links).url == LINK
    with pytest.raises(ListError, match="UTF-16"):
        next(links)


def explained(links: Iterator[Link], file: str) -> bool:
    """Whether the links are all well placed, or else the error says where and what to do."""
    try:
        return all(link.line >= 1 and link.column >= 1 and link.url for link in links)
    except ListError as error:
        return error.file == file and error.line is not None and bool(error.remedy)


@pytest.mark.parametrize("kind", Format)
@given(content=CONTENT)
def test_any_bytes_give_links_or_an_explained_error(kind: Format, content: bytes) -> None:
    assert explained(reader_for(kind)(decoded_lines(io.BytesIO(content), "f"), "f"), "f")


@given(content=CONTENT)
def test_any_standard_input_gives_links_or_an_explained_error(content: bytes) -> None:
    assert explained(read_lists(["-"], stdin=io.BytesIO(content)), "-")
