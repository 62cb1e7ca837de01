"""Bytes to lines: any encoding that says what it is, any line end, and an error for what is no text."""

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
        pytest.param("é\nb".encode("utf-16"), ["é\n", "b"], id="utf-16"),
        pytest.param("é https://youtu.be/x".encode("utf-16-le"), ["é https://youtu.be/x"], id="utf-16 without a mark"),
        pytest.param("é\n".encode("utf-32"), ["é\n"], id="utf-32"),
        pytest.param(b"Caf\xe9 \x96 \xabx\xbb\r\n", ["Café – «x»\n"], id="windows-1252"),
        pytest.param('<meta charset="koi8-r">слова'.encode("koi8-r"), ['<meta charset="koi8-r">слова'], id="declared"),
        pytest.param("<meta charset=latin1>é".encode(), ["<meta charset=latin1>é"], id="declared wrongly"),
    ],
)
def test_text_is_read_line_by_line(content: bytes, read: list[str]) -> None:
    assert list(decoded_lines(io.BytesIO(content), "f")) == read


@pytest.mark.parametrize(
    ("content", "line", "message", "remedy"),
    [
        pytest.param("a\rb\r\nдругие слова\n".encode("koi8-r"), 3, "is neither UTF-8 nor", "iconv -f", id="koi8-r"),
        pytest.param(b"\n" * 70_000 + b"\x81", 70_001, "is neither UTF-8 nor", "iconv", id="behind the first chunk"),
        pytest.param(b"\xff\xfea\x00b", 1, "is not UTF-16, as it says", "iconv -f UTF-16", id="utf-16 cut short"),
        pytest.param(
            b"version https://git-lfs.github.com/spec/v1\n", 1, "is a pointer of Git LFS", "git lfs", id="lfs"
        ),
        pytest.param(b"\x89PNG\r\n\x1a\n\x00\x00", 1, "is not text", "Name a list", id="a picture"),
        pytest.param(b"a\nb\0", 2, "is not text", "Name a list", id="a NUL"),
        pytest.param("é\né".encode()[:-1], 2, "is neither UTF-8 nor", "iconv", id="a character cut short"),
    ],
)
def test_other_bytes_are_named_with_their_line(content: bytes, line: int, message: str, remedy: str) -> None:
    with pytest.raises(ListError, match=message) as raised:
        list(decoded_lines(io.BytesIO(content), "f"))
    assert raised.value.line == line
    assert remedy in raised.value.remedy
