"""Pages: every row is on one of them, and a number that makes no sense is some page."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkwatch.web.paging import paginate, parse_page_number


@given(st.integers(0, 40), st.integers(1, 7))
def test_the_pages_hold_every_row_once_and_in_order(rows: int, size: int) -> None:
    first = paginate(range(rows), 1, size)
    pages = [paginate(range(rows), number, size) for number in range(1, first.pages + 1)]
    assert [row for page in pages for row in page.rows] == list(range(rows))
    assert all(page.total == rows for page in pages)
    assert [(page.first, page.last) for page in pages if page.rows] == [
        (page.rows[0] + 1, page.rows[-1] + 1) for page in pages if page.rows
    ]


def test_a_number_beyond_the_last_is_the_last() -> None:
    assert paginate(range(120), 99).number == 3
    assert paginate([], 5).number == 1
    assert (paginate([], 5).first, paginate([], 5).last) == (0, 0)


@pytest.mark.parametrize(
    ("text", "number"), [("3", 3), ("0", 1), ("", 1), ("-1", 1), ("x", 1), ("²", 1), ("٣", 1), ("9" * 5_000, 1)]
)
def test_the_number_of_a_page_is_read_from_whatever_stands_there(text: str, number: int) -> None:
    assert parse_page_number(text) == number
