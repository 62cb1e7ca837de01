"""The stage's door: links out of any mixture of files, and an error with a remedy for what can't be read."""

import io
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkwatch.errors import ListError
from linkwatch.models.link import Link
from linkwatch.sources import list_files, read_files, read_lists
from linkwatch.sources.decoding import decoded_lines
from linkwatch.sources.formats import Format, reader_for
from linkwatch.sources.unread_files import unread_remarks

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


def test_a_csv_without_a_column_of_links_is_searched_whether_it_is_met_or_named(tmp_path: Path) -> None:
    (tmp_path / "data.csv").write_text(f"a,b,c\n1,{LINK},2\n")
    for location in (tmp_path, tmp_path / "data.csv"):
        assert [(link.url, link.line, link.column) for link in read(str(location))] == [(LINK, 2, 3)]


def test_columns_of_ids_are_read_in_folders_without_a_word_of_youtube(tmp_path: Path) -> None:
    (tmp_path / "items.csv").write_text("Video ID,Time\nhaHLRD0QZ08,2024\n")
    (tmp_path / "data.csv").write_text("Id,Time\n1,2024\n")
    [link] = read(str(tmp_path))
    assert (link.file, link.url) == (str(tmp_path / "items.csv"), "https://www.youtube.com/watch?v=haHLRD0QZ08")


@pytest.mark.parametrize(
    ("text", "remark"),
    [
        (f"label,url\na, b,{LINK}\n", "a.csv:2: this row has 3 cells"),
        (f'url,label\n{LINK},"a\n', "a.csv:2: the row that begins here has a quote that is never closed"),
    ],
)
def test_a_bad_row_is_told_and_the_rest_is_read_whether_it_is_met_or_named(
    tmp_path: Path, text: str, remark: str
) -> None:
    (tmp_path / "a.csv").write_text(f"{text}x,{LINK}\n" if text.startswith("label") else f"{text}{LINK},x\n")
    for location in (tmp_path, tmp_path / "a.csv"):
        remarks: list[str] = []
        links = list(read_files(list_files([str(location)]), stdin=io.BytesIO(), remark=remarks.append))
        assert [(link.url, link.label) for link in links] == [(LINK, None), (LINK, "x")]
        [sentence] = remarks
        assert remark in sentence


def test_files_are_read_only_as_links_are_asked_for(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(LINK)
    (tmp_path / "b.txt").write_bytes(b"\xff\xfea")
    links = read_lists([str(tmp_path / "a.txt"), str(tmp_path / "b.txt")], stdin=io.BytesIO())
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


@pytest.mark.parametrize(
    ("name", "content", "remark"),
    [
        ("a.json", f'// notes\n{{"u": "{LINK}"}}'.encode(), "is not valid JSON"),
        ("a.json", f'---\ntitle: x\n---\n["{LINK}"]'.encode(), "is not valid JSON"),
        ("a.json", f'{{% for x in y %}}["{LINK}"]'.encode(), "is not valid JSON"),
        ("a.ipynb", f'{{"u": "{LINK}"}}'.encode(), "is not a notebook"),
    ],
)
def test_what_is_met_and_not_of_its_format_is_searched_as_text(
    tmp_path: Path, name: str, content: bytes, remark: str
) -> None:
    (tmp_path / name).write_bytes(content)
    (tmp_path / "z.txt").write_text(LINK)
    for location in (str(tmp_path), str(tmp_path / "*")):
        remarks: list[str] = []
        links = list(read_files(list_files([location]), stdin=io.BytesIO(), remark=remarks.append))
        assert [link.url for link in links] == [LINK, LINK]
        [sentence] = remarks
        assert remark in sentence
        assert sentence.endswith("; it is searched as plain text")
    with pytest.raises(ListError, match=remark):
        read(str(tmp_path / name))


@pytest.mark.parametrize(
    ("content", "remark"),
    [
        (f"{LINK} \0".encode(), "is not text"),
        (f"{LINK} другие слова".encode("koi8-r"), "is neither UTF-8 nor"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:1\n", "is a pointer of Git LFS"),
        (b"x" * 2_000_001, "has more than 2 MB"),
        (None, "does not exist"),
        ("/dev/zero", "is no regular file"),
    ],
)
def test_what_is_met_and_can_not_be_read_is_skipped(tmp_path: Path, content: bytes | str | None, remark: str) -> None:
    met = tmp_path / "a.json"
    if isinstance(content, bytes):
        met.write_bytes(content)
    else:
        met.symlink_to(content or "nowhere")
    (tmp_path / "z.txt").write_text(LINK)
    remarks: list[str] = []
    files = list_files([str(tmp_path)])
    [link] = read_files(files, stdin=io.BytesIO(), remark=remarks.append, max_size=2_000_000)
    assert link.url == LINK
    [sentence] = remarks
    assert remark in sentence
    assert sentence.endswith("; it is skipped")


def test_a_pipe_that_nobody_writes_to_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.md")
    with pytest.raises(ListError, match="is no regular file"):
        read(str(tmp_path / "a.md"))


def test_standard_input_has_the_same_limit(tmp_path: Path) -> None:
    with pytest.raises(ListError, match="-: has more than 1 MB"):
        list(read_files(list_files(["-"]), stdin=io.BytesIO(b"x" * 1_000_001), remark=print, max_size=1_000_000))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "windows-1252"])
@pytest.mark.parametrize("at", [(1 << 20) - 30, 1 << 20, 5])
def test_a_link_is_seen_in_any_encoding_and_across_chunks(tmp_path: Path, encoding: str, at: int) -> None:
    (tmp_path / "a.txt").write_bytes(f"é{'x' * at} HTTPS://YOUTU.BE/haHLRD0QZ08\n".encode(encoding))
    [link] = read(str(tmp_path))
    assert (link.url, link.column) == ("HTTPS://YOUTU.BE/haHLRD0QZ08", at + 3)


def test_what_can_hold_no_link_is_not_parsed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a.md", "b.html", "c.json", "d.csv"):
        (tmp_path / name).write_text("https://example.org/x {")
    monkeypatch.setattr("linkwatch.sources.read.reader_for", lambda kind: pytest.fail(f"{kind} is parsed"))
    assert read(str(tmp_path)) == []
    assert read(str(tmp_path / "a.md")) == []


def test_what_has_no_reader_is_counted(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_text(f"{LINK}\nwww.YouTube.com/watch?v=x\nyoutube.com\n")
    assert list(unread_remarks([tmp_path / "a.log"])) == [
        "2 YouTube links in 1 .log file are not read; a file that is named is searched as plain text"
    ]
    (tmp_path / "LICENSE").write_text(LINK)
    (tmp_path / "b.bin").write_bytes(b"\0" + LINK.encode())
    (tmp_path / "c.xlsx").write_bytes(b"PK\0")
    assert list(unread_remarks([*sorted(tmp_path.iterdir()), tmp_path / "missing"])) == [
        "3 YouTube links (2 in 1 .log file, 1 in 1 file without an extension) are not read; a file that is named is "
        "searched as plain text",
        "1 spreadsheet is not read: save the sheet with the links as CSV (UTF-8)",
    ]
