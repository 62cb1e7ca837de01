"""Bytes to lines: UTF-8 with or without a mark, any line end, and a plain word for what is neither."""

import io

import pytest

from linkwatch.errors import ListError
from linkwatch.sources.decoding import decoded_lines


@pytest.mark.parametrize(
    ("content", "read"),
    [
        pytest.param(b"a\r\nb\rc\nd", ["a\n", "b\n", "c\n", "d"], id="every line end"),
        pytest.param(b"\xef\xbb\xbfa", ["a"], id="a byte order mark"),
        pytest.param("a\x0bb\x0c\u2028\u0085c".encode(), ["a\x0bb\x0c\u2028\u0085c"], id="separators that end no line"),
        pytest.param(b"", [], id="nothing"),
    ],
)
def test_text_is_read_line_by_line(content: bytes, read: list[str]) -> None:
    assert list(decoded_lines(io.BytesIO(content), "f")) == read


@pytest.mark.parametrize(
    ("content", "line", "message", "remedy"),
    [
        pytest.param(b"a\rb\r\n\xe9\n", 3, "is not UTF-8", "iconv -f WINDOWS-1252 -t UTF-8 'f'", id="windows-1252"),
        pytest.param(b"\n" * 70_000 + b"\xe9", 70_001, "is not UTF-8", "iconv", id="behind the first chunk"),
        pytest.param("a".encode("utf-16"), 1, "is UTF-16", "iconv -f UTF-16", id="utf-16"),
        pytest.param(b"\x89PNG\r\n\x1a\n\x00\x00", 1, "is not text", "Name a list", id="a picture"),
        pytest.param(b"a\nb\0", 2, "is not text", "Name a list", id="a NUL"),
        pytest.param(b"a\n\xc3", 2, "is not UTF-8", "iconv", id="a character cut short"),
    ],
)
def test_other_bytes_are_named_with_their_line(content: bytes, line: int, message: str, remedy: str) -> None:
    with pytest.raises(ListError, match=message) as raised:
        list(decoded_lines(io.BytesIO(content), "f"))
    assert raised.value.line == line
    assert remedy in raised.value.remedy
