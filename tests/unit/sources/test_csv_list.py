"""The text of a stored list: what is added, changed, paused and removed is there afterwards, and all else as before."""

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkwatch.errors import ListError
from linkwatch.models.link import Link
from linkwatch.sources.csv_list import CsvList, csv_line, new_csv_list, parse_csv_list
from linkwatch.sources.csv_reader import read

VIDEO = "https://youtu.be/jNQXAC9IVRw"


def lines_of(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def list_of(text: str) -> CsvList:
    parsed = parse_csv_list(lines_of(text), "a.csv")
    assert parsed is not None
    return parsed


cells = st.text(st.characters(blacklist_categories=("Cs", "Cc", "Zl", "Zp")) | st.sampled_from(',;"\n'), max_size=20)


@given(st.lists(st.tuples(cells, cells), min_size=1, max_size=6))
def test_whatever_cells_a_csv_has_are_kept(rows: list[tuple[str, str]]) -> None:
    # A single column of blank cells is a blank line, which is left out.
    text = "".join(map(csv_line, [("url", "label", "note"), *((VIDEO, *row) for row in rows)]))
    kept = list_of(text)
    expected = [[cell.lstrip(" ") if not cell.strip(" ") else cell for cell in (VIDEO, *row)] for row in rows]
    assert list(csv.reader(lines_of(kept.text)))[1:] == [list(row.cells) for row in kept.rows]
    assert [[cell.strip() for cell in row.cells] for row in kept.rows] == [
        [cell.strip() for cell in row] for row in expected
    ]
    assert list_of(kept.text).text == kept.text


def test_links_become_rows_with_the_columns_that_they_need() -> None:
    links = list_of("URL;Note\n" + f"{VIDEO};first\n")
    links.add(
        [Link("https://youtu.be/dQw4w9WgXcQ", "x", 1, 1, "A, b", "Maths", None, ()), Link("https://x.y", "x", 2, 1)]
    )
    assert links.text == (
        "URL,Note,label,section,paused\n"
        f"{VIDEO},first,,,\n"
        'https://youtu.be/dQw4w9WgXcQ,,"A, b",Maths,linkwatch: ignore\n'
        "https://x.y,,,,\n"
    )


def test_a_paused_row_is_ignored_by_the_reader_and_a_resumed_one_is_not() -> None:
    links = new_csv_list()
    links.add([Link(VIDEO, "x", 1, 1), Link("https://youtu.be/dQw4w9WgXcQ", "x", 2, 1)])
    links = list_of(links.text)
    (first, second), before = links.rows, links.text
    links.pause(second, paused=True)
    assert [link.ignored for link in read(lines_of(links.text), "a.csv")] == [None, ()]
    assert [row.is_paused for row in links.rows] == [False, True]
    links.pause(second, paused=False)
    assert [link.ignored for link in read(lines_of(links.text), "a.csv")] == [None, None]
    assert links.text == before.replace("section\n", "section,paused\n").replace(",,,\n", ",,,,\n")
    assert not first.is_paused


def test_a_row_is_changed_by_the_names_of_columns_and_on_one_line() -> None:
    links = list_of(f"url,Label\n{VIDEO},a\n\n{VIDEO},b\n")
    row = links.row(4)
    assert row is not None
    links.change(row, {"Label": " new\r\n text ", "other": "x"})
    assert links.text == f"url,Label\n{VIDEO},a\n{VIDEO},new text\n"
    assert links.row(3) is None
    assert (links.cell(row, "label"), links.cell(row, "owner")) == ("new text", "")


@pytest.mark.parametrize(
    ("text", "line"),
    [('url\n"x\n', 2), (f"url,label\n{VIDEO},a\n{VIDEO},a,b\n", 3), ("", 1)],
)
def test_a_row_that_cannot_be_read_is_named(text: str, line: int) -> None:
    with pytest.raises(ListError) as caught:
        parse_csv_list(lines_of(text), "a.csv")
    assert caught.value.line == line


def test_another_csv_is_no_such_list() -> None:
    assert parse_csv_list(["Video ID,Title\n", "jNQXAC9IVRw,Zoo\n"], "a.csv") is None
