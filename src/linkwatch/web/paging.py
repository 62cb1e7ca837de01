"""Pagination: rows → pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")

PAGE_SIZE = 50
"""Rows on a page."""


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """The rows of one page."""

    rows: Sequence[T]
    number: int
    """From 1."""

    total: int
    """Rows on all pages."""

    size: int = PAGE_SIZE

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return page_count(self.total, self.size)

    @property
    def near(self) -> list[int | None]:
        """The numbers of the first and the last page and of those around this one; None: some are left out."""
        numbers = sorted({1, self.pages} | set(range(max(1, self.number - 2), min(self.pages, self.number + 2) + 1)))
        shown: list[int | None] = []
        for before, number in zip([0, *numbers], numbers, strict=False):
            if number > before + 1:
                shown.append(None)
            shown.append(number)
        return shown

    @property
    def first(self) -> int:
        """Number of the first row, from 1; 0 when there is none."""
        return (self.number - 1) * self.size + 1 if self.rows else 0

    @property
    def last(self) -> int:
        """Number of the last row."""
        return self.first + len(self.rows) - 1 if self.rows else 0


def paginate(rows: Sequence[T], number: int, size: int = PAGE_SIZE) -> Page[T]:
    """One page of the rows; a number beyond the last page gives the last page."""
    at = min(number, page_count(len(rows), size))
    return Page(rows[(at - 1) * size : at * size], at, len(rows), size)


def page_count(total: int, size: int = PAGE_SIZE) -> int:
    """The number of pages for so many rows, at least one."""
    return max(1, -(-total // size))


def parse_page_number(text: str) -> int:
    """The page number of a query; 1 if it is not a positive number."""
    return max(1, int(text)) if text.isascii() and text.isdecimal() and len(text) < 10 else 1
