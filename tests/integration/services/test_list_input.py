"""What people paste: each line with its link and label, or an error that names the line."""

import pytest

from linkwatch.errors import UsageError
from linkwatch.services.list_input import read_content, read_typed
from linkwatch.settings import Settings

VIDEO, OTHER = "https://youtu.be/jNQXAC9IVRw", "https://www.youtube.com/watch?v=dQw4w9WgXcQ"
PLAYLIST = "PL49CF3715CB9EF31D"


@pytest.mark.parametrize(
    ("text", "row"),
    [
        (VIDEO, [VIDEO, "", "", ""]),
        (f"  {VIDEO}\r", [VIDEO, "", "", ""]),
        (f"Zoo {VIDEO}", [VIDEO, "Zoo", "", ""]),
        (f"- {VIDEO} — Zoo, the first", [VIDEO, "Zoo, the first", "", ""]),
        (f"{VIDEO}\tZoo", [VIDEO, "Zoo", "", ""]),
        (f"* [Zoo]({VIDEO}) with elephants", [VIDEO, "Zoo", "", ""]),
        (f"# Animals\n\n{VIDEO}", [VIDEO, "", "", "Animals"]),
        ("youtube.com/watch?v=dQw4w9WgXcQ", ["youtube.com/watch?v=dQw4w9WgXcQ", "", "", ""]),
        (PLAYLIST, [f"https://www.youtube.com/playlist?list={PLAYLIST}", "", "", ""]),
        (f"url,label\n{VIDEO},Zoo", [VIDEO, "Zoo"]),
    ],
)
def test_a_line_is_read_as_it_is_meant(text: str, row: list[str]) -> None:
    assert [each.cells for each in read_typed(text, Settings()).csv.rows] == [row]


def test_several_links_of_a_line_are_rows_without_a_label() -> None:
    read = read_typed(f"see {VIDEO} and {OTHER}", Settings())
    assert [each.cells[:2] for each in read.csv.rows] == [[VIDEO, ""], [OTHER, ""]]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f"{VIDEO}\n\nfoo bar\n{OTHER}", "line 3 has no YouTube link: “foo bar”"),
        (f"{VIDEO}\nhttps://vimeo.com/1", "line 2 has no YouTube link: “https://vimeo.com/1”"),
        (
            f"{VIDEO}\nhttps://youtu.be/short",
            "line 2: “https://youtu.be/short” is malformed: `short` has 5 characters; a video id has 11",
        ),
        (f"url,label\n{VIDEO},a\nhttps://vimeo.com/1,b", "line 3: “https://vimeo.com/1” is not a link to YouTube"),
        (f'url\n{VIDEO}\n"{OTHER}', "line 3: the row that begins here has a quote that is never closed"),
        ("", "there is no link"),
        (" \n \n", "there is no link"),
        ("# Heading", "there is no link"),
        ('{"url": "https://vimeo.com/1"}', "no YouTube link found in the text"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(text: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_typed(text, Settings())
    assert caught.value.message == message
    assert caught.value.remedy


def test_an_upload_may_have_any_format_and_encoding() -> None:
    page = f'<meta charset="utf-8"><h2>Tiere</h2><a href="{VIDEO}">Zöö</a>'
    for content in (page.encode(), page.encode("utf-16")):
        read = read_content(content, "page.html", Settings())
        assert [each.cells for each in read.csv.rows] == [[VIDEO, "Zöö", "", "Tiere"]]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0", "a.csv:1: is not text"),
        (b"url\nhttps://vimeo.com/1\n", "no YouTube link found in a.csv"),
        (b"url\nhttps://youtu.be/jNQXAC9IVRw\n" * 40_000, "a.csv: has more than 1 MB"),
    ],
)
def test_an_upload_that_is_no_list_is_refused(content: bytes, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_content(content, "a.csv", Settings(max_file=1_000_000))
    assert caught.value.message == message
