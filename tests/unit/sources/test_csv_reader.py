"""CSV: any delimiter, any columns of links and ids, exact places, no row that loses its link, and none invented."""

import csv
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkwatch.errors import ListError
from linkwatch.models.link import Link
from linkwatch.sources.csv_reader import read
from linkwatch.sources.decoding import decoded_lines

URL = "https://youtu.be/x"


VIDEOS = "aB3dE5gH7jI", "-0cjNmKWVbQ", "xY_9kLmN0pQ"
PLAYLIST = "PL0123456789abcdefghijABCDEFGHIJ_-x"
CHANNEL = "UCYO_jab_esuFRV4b17AJtAw"
VIDEO_URL = "https://www.youtube.com/watch?v="
LIST_URL = f"https://www.youtube.com/playlist?list={PLAYLIST}"
CHANNEL_URL = f"https://www.youtube.com/channel/{CHANNEL}"


def links(text: str) -> list[Link]:
    return list(read(text.splitlines(keepends=True), "f.csv"))


def found(text: str) -> list[tuple[str, str | None]]:
    return [(link.url, link.label) for link in links(text)]


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


def test_an_empty_text_is_an_error_with_a_remedy() -> None:
    for text in ("", "\n\n", "sep=;\n"):
        with pytest.raises(ListError, match="is empty: it has no header") as raised:
            links(text)
        assert raised.value.line == 1
        assert raised.value.remedy


@pytest.mark.parametrize(
    ("text", "remark"),
    [
        pytest.param(f'url\n"{URL}\n{URL}\n\n', "f.csv:2: the row that begins here has a quote", id="open"),
        pytest.param(f'url\n"{URL}"x\n{URL}\n', "f.csv:2: the row that begins here is not CSV", id="behind a quote"),
        pytest.param(f"label,url\na, b,{URL}\nL,{URL}\n", "f.csv:2: this row has 3 cells, the header 2", id="ragged"),
        pytest.param(
            f'url\n"{URL} {"x" * 16_000_001}\n{URL}', "f.csv:2: the row that begins here has a cell of more", id="huge"
        ),
    ],
)
def test_a_row_that_can_not_be_read_costs_its_label_alone(text: str, remark: str) -> None:
    remarks: list[str] = []
    read_links = list(read(text.splitlines(keepends=True), "f.csv", remark=remarks.append))
    assert [(link.url, link.line) for link in read_links] == [(URL, 2), (URL, 3)]
    assert read_links[0].label is None
    [sentence] = remarks
    assert sentence.startswith(remark)
    for link in read_links:
        line = text.splitlines()[link.line - 1]
        assert line.startswith(URL, link.column - 1)


def test_many_bad_rows_are_counted() -> None:
    remarks: list[str] = []
    list(read(["url\n", *['"x"y\n'] * 1002], "f.csv", remark=remarks.append))
    assert len(remarks) == 11
    assert remarks[-1] == "f.csv: 992 more rows can't be read as the header says"


def test_a_header_alone_yields_nothing() -> None:
    assert links("url,label\n") == []


def test_a_cell_of_a_megabyte_is_read() -> None:
    [link] = links(f"url,label\n{URL},{'x' * 1_000_000}")
    assert len(link.label or "") == 1_000_000


@pytest.mark.parametrize(
    ("cell", "items"),
    [
        (f'=HYPERLINK("{URL}","L")', [(URL, "L", 12)]),
        (f"=HYPERLINK('{URL}')", [(URL, None, 12)]),
        (f'=HIPERVÍNCULO("{URL}";"A ""b"" c")', [(URL, 'A "b" c', 15)]),
        (f'=LIEN_HYPERTEXTE("{URL}")', [(URL, None, 18)]),
        (f'=HYPERLINK("{URL}"&A2,"L")', []),
        (f"[L]({URL})", [(URL, "L", 4)]),
        (f"[L]({URL}) and [M]({URL}y)", [(URL, "L", 4), (f"{URL}y", "M", 32)]),
        (f"{URL}, {URL}y", [(URL, None, 0), (f"{URL}y", None, 20)]),
        (f"{URL}\n{URL}y", [(URL, None, 0), (f"{URL}y", None, 19)]),
        (f" {URL} (new)", [(URL, None, 1)]),
        (PLAYLIST, [(LIST_URL, None, 0)]),
        (CHANNEL, [(CHANNEL_URL, None, 0)]),
        (VIDEOS[0], [(VIDEO_URL + VIDEOS[0], None, 0)]),
        ("@3blue1brown", [("https://www.youtube.com/@3blue1brown", None, 0)]),
    ],
)
@pytest.mark.parametrize("header", ["url", "Link", "youtube_url", "YouTubeURL", "Video Link", "YouTube"])
def test_what_a_cell_of_links_may_hold(header: str, cell: str, items: list[tuple[str, str | None, int]]) -> None:
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerows([["no", header], ["1", cell], ["2", f"{URL}ou"], ["3", "https://youtu.be/z"]])
    in_cell = [link for link in links(text.getvalue()) if link.url not in {f"{URL}ou", "https://youtu.be/z"}]
    in_cell = [link for link in in_cell if link.url != cell]  # all of a cell of a list is its link
    assert [(link.url, link.label) for link in in_cell] == [(url, label) for url, label, _ in items]
    lines = text.getvalue().splitlines()
    for link in in_cell:
        written = link.url if link.syntax == "url" else cell
        assert lines[link.line - 1].startswith(written, link.column - 1)


@pytest.mark.parametrize(
    ("header", "labels"),
    [
        ("label,title,url", "A"),
        ("name,x,url", "A"),
        ("x,TITLE,url", "B"),
        ("Song Title,Artist Name,Link", "A"),
        ("File Name,Video Title,Link", "B"),
        ("Video,Notes,Link", "A"),
        ("Titel,Sprache,Link", "A"),
        ("notes,user name,Link", None),
        ("Channel Title,Title,Video Link", "B"),
        ("Channel Title,Title,Channel Url", "A"),
        ("Playlist Title (Original),Playlist Title (Original) Language,Playlist Url", "A"),
    ],
)
def test_the_label_is_the_column_that_the_header_names(header: str, labels: str | None) -> None:
    assert found(f"{header}\nA,B,{URL}\n") == [(URL, labels)]


def test_several_columns_of_links_are_read_each() -> None:
    text = f"Title,Playlist Link,Video Link\nA,{LIST_URL},{URL}\nB,,{URL}y\n"
    assert found(text) == [(LIST_URL, None), (URL, "A"), (f"{URL}y", "B")]
    assert [link.url for link in links(f"url,url\n{URL},{URL}y\n")] == [URL, f"{URL}y"]


def test_other_columns_of_a_list_are_kept_and_not_read() -> None:
    assert [link.url for link in links(f"url,channel url,note\n{URL},{CHANNEL_URL},{URL}y\n")] == [URL]


def test_without_a_column_of_links_they_are_found_where_they_stand() -> None:
    text = f'a,b\n1,"see\n""{URL}"", and {URL}y"\n{URL}z,2 {URL}\n'
    assert [(link.url, link.line, link.column) for link in links(text)] == [
        (URL, 3, 3), (f"{URL}y", 3, 29), (f"{URL}z", 4, 1), (URL, 4, 23),
    ]  # fmt: skip


def test_a_text_without_a_header_is_read_too() -> None:
    assert found(f"{URL}\n{URL}y\n") == [(URL, None), (f"{URL}y", None)]
    assert found(f"{URL},One,1\n{URL}y,Two,2\n") == [(URL, "One"), (f"{URL}y", "Two")]
    assert [url for url, _ in found("\n".join(VIDEOS))] == [VIDEO_URL + id_ for id_ in VIDEOS]


@pytest.mark.parametrize(
    ("header", "cell", "url"),
    [
        *((name, VIDEOS[1], VIDEO_URL + VIDEOS[1]) for name in (
            "video_id", "Video ID", "videoId", "youtube id", "YouTubeID", "yt_id", "ID vidéo", "動画 ID",
        )),
        ("Playlist ID", PLAYLIST, LIST_URL),
        ("Channel Id", CHANNEL, CHANNEL_URL),
        ("ID de canal", CHANNEL, CHANNEL_URL),
        ("Channel Handle", "@3blue1brown", "https://www.youtube.com/@3blue1brown"),
    ],
)  # fmt: skip
def test_a_column_that_is_called_ids_holds_links(header: str, cell: str, url: str) -> None:
    [link] = links(f"title,x,{header}\nA, ,{cell} \n")
    assert (link.url, link.label, link.syntax) == (url, "A", "cell")
    assert (link.line, link.column) == (2, 5)


def test_a_column_in_which_nearly_all_are_ids_holds_links() -> None:
    rows = "".join(
        f"{id_},x\n" for id_ in (*VIDEOS, *VIDEOS[::-1], "", "jNQXAC9IVRw", "dQw4w9WgXcQ", "kJQP7kiw5Fk", "?")
    )
    assert len(links(f"vid,y\n{rows}")) == 9
    assert len(links(f"clip,y\n{rows}")) == 9


@pytest.mark.parametrize(
    "cells",
    [
        pytest.param(["programming", "translators", "introducing", "cheesecakes"], id="words"),
        pytest.param(["Programming", "TRANSLATORS", "JavaScripts", "PowerPoints"], id="names"),
        pytest.param(["04-Jan-2024", "05-Feb-2024", "16-Mar-2024", "07-Apr-2024"], id="dates"),
        pytest.param(["Serial-0004", "Serial-0008", "Serial-0010", "Serial-0014"], id="serial numbers"),
        pytest.param(["12345678904", "12345678908", "22345678900", "32345678904"], id="numbers"),
        pytest.param(["a1b2c3d4e50", "a1b2c3d4e54", "a1b2c3d4e58", "0a1b2c3d4e0"], id="hexadecimal"),
        pytest.param(["@anna", "@bert", "@carl", "@dora"], id="handles of nobody knows where"),
        pytest.param(["aB3dE5gH7jI", "no id", "neither", "nor this"], id="one among others"),
    ],
)
@pytest.mark.parametrize("header", ["id", "x", "handle", "word"])
def test_what_only_looks_like_an_id_is_none(header: str, cells: list[str]) -> None:
    assert links("".join(f"{cell},y\n" for cell in [header, *cells])) == []


@pytest.mark.parametrize("header", ["hash", "sha256", "Token", "session_key", "etag", "user id"])
def test_a_column_that_is_called_something_else_holds_no_ids(header: str) -> None:
    assert links("".join(f"{cell},y\n" for cell in [header, *VIDEOS, "jNQXAC9IVRw"])) == []


def test_a_column_called_ids_that_holds_mostly_others_is_no_column_of_links() -> None:
    assert links("video_id\nprogramming\nx1\nx2\nx3\n") == []
    assert len(links("youtube_id\nprogramming\nx1\nx2\nx3\n")) == 1


def test_an_id_beside_its_url_is_no_second_link_and_a_channel_beside_videos_one() -> None:
    assert found(f"Channel Id,Channel Url,Channel Title\n{CHANNEL},{CHANNEL_URL},T\n") == [(CHANNEL_URL, "T")]
    rows = "".join(f"{id_},{CHANNEL},T {id_}\n" for id_ in VIDEOS)
    assert found(f"video_id,channel_id,title\n{rows}") == [
        (VIDEO_URL + VIDEOS[0], f"T {VIDEOS[0]}"), (CHANNEL_URL, None),
        (VIDEO_URL + VIDEOS[1], f"T {VIDEOS[1]}"), (VIDEO_URL + VIDEOS[2], f"T {VIDEOS[2]}"),
    ]  # fmt: skip


CELLS = st.one_of(
    st.text(max_size=12),
    st.from_regex(r"[A-Za-z0-9_-]{9,12}", fullmatch=True),
    st.sampled_from(
        [*VIDEOS, PLAYLIST, CHANNEL, "@handle", URL, f"[x]({URL})", f'=HYPERLINK("{URL}")', "url", "Video ID"]
    ),
)


@given(
    rows=st.lists(st.lists(CELLS, min_size=1, max_size=4), min_size=1, max_size=8),
    delimiter=st.sampled_from(",;\t|"),
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
    header=st.sampled_from(["", "url", "Video ID", "Link", "x", "Channel Id", "youtube"]),
)
def test_no_id_is_invented_and_each_stands_at_its_place(
    rows: list[list[str]], delimiter: str, quoting: int, header: str
) -> None:
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=delimiter, quoting=quoting, lineterminator="\n")  # type: ignore[arg-type]
    writer.writerows([[header, "title"], *rows])
    lines = list(decoded_lines(io.BytesIO(buffer.getvalue().replace("\0", "").encode(errors="replace")), "f.csv"))
    for link in read(lines, "f.csv"):
        written = link.url if link.syntax == "url" else re.split("[=/]", link.url)[-1]
        first = written.split("\n")[0]
        there = lines[link.line - 1][link.column - 1 :]
        assert there.startswith((first, first.replace('"', '""'))), link
