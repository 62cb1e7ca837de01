"""From an offset in a text to the line and column a person counts."""

from bisect import bisect_right
from collections.abc import Iterable


class LineIndex:
    r"""The line starts of a text whose lines end in `\n`."""

    def __init__(self, text: str) -> None:
        self._starts = [0]
        end = text.find("\n")
        while end >= 0:
            self._starts.append(end + 1)
            end = text.find("\n", end + 1)

    def at(self, offset: int) -> tuple[int, int]:
        """The 1-based line and column (both in code points) of an offset."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def offset(self, line: int, column: int) -> int:
        """The offset of a 1-based line and a 0-based column, as `html.parser` counts them."""
        return self._starts[line - 1] + column


def code_point_offsets(encoded: bytes, offsets: Iterable[int]) -> dict[int, int]:
    """Where UTF-8 byte offsets are in the decoded text.

    One sweep over the bytes, whatever the number of offsets and the length of the lines.
    """
    found: dict[int, int] = {}
    last, points = 0, 0
    for offset in sorted(set(offsets)):
        points += len(encoded[last:offset].decode())
        last = offset
        found[offset] = points
    return found
