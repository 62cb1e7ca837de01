"""CSV: any delimiter, any order of columns, exact places, and no row that silently loses its link."""

import pytest

from linkwatch.errors import ListError
from linkwatch.models.link import Link
from linkwatch.sources.csv_reader import read

URL = "https://youtu.be/x"


def links(text: str) -> list[Link]:
    return list(read(text.splitlines(keepends=True), "f.csv"))


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        pytest.param(f"url,label\n{URL},L\n", 2, 1, id="comma"),
        pytest.param(f"label;note; URL \nL;1,2;{URL}", 2, 7, id="semicolon"),
        pytest.param(f"label\turl\nL\t{URL}", 2, 3, id="tab"),
        pytest.param(f"label|url\nL|{URL}", 2, 3, id="bar"),
        pytest.param(f"sep=;\nlabel;url\nL;{URL}", 3, 3, id="Excel's first line"),
        pytest.param(f'"label","url"\n"L","{URL}"', 2, 6, id="quoted"),
        pytest.param(f'label, url\nL, "{URL}"', 2, 5, id="a space before the quote"),
        pytest.param(f'note,label,url\n"a ""b"",\nc",L,"{URL}"', 3, 7, id="a record of two lines"),
        pytest.param(f'url,label\n,"two\nlines"\n{URL},L', 4, 1, id="below a record of two lines"),
        pytest.param(f"\nurl,label\n\n,no url\n{URL},L,,\n", 5, 1, id="blank rows and empty cells at the end"),
    ],
)
def test_the_place_is_the_first_character_of_the_url(text: str, line: int, column: int) -> None:
    assert links(text) == [Link(URL, "f.csv", line, column, "L")]


def test_owner_and_section_are_read_and_other_columns_are_not() -> None:
    [link] = links(f"owner,x,section,url,label\nO,1,S,{URL},\n")
    assert (link.owner, link.section, link.label) == ("O", "S", None)


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        pytest.param("", 1, "is empty: it has no header", id="empty"),
        pytest.param("\na,b\n", 2, "has no `url` column; its columns are: `a`, `b`", id="no url column"),
        pytest.param("url,a,URL\n", 1, "has 2 columns named `url`", id="two url columns"),
        pytest.param(f'url\n{URL}\n"{URL}\n\n', 3, "a quote that is never closed", id="open quote"),
        pytest.param(f'url\n"{URL}"x\n', 2, "is not CSV", id="text behind a quote"),
        pytest.param(f"label,url\nL,{URL}\na, b,{URL}\n", 3, "has 3 cells, the header 2", id="an unquoted comma"),
        pytest.param('url\n"' + "x" * 16_000_001, 2, "more than 16 million characters", id="a huge cell"),
    ],
)
def test_what_is_wrong_is_reported_with_its_line_and_a_remedy(text: str, line: int, message: str) -> None:
    with pytest.raises(ListError, match=message) as raised:
        links(text)
    assert raised.value.line == line
    assert raised.value.remedy


def test_a_header_alone_yields_nothing() -> None:
    assert links("url,label\n") == []


def test_a_cell_of_a_megabyte_is_read() -> None:
    [link] = links(f"url,label\n{URL},{'x' * 1_000_000}")
    assert len(link.label or "") == 1_000_000
