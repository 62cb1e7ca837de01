"""Comments that take links out: those of their own line, and those of the next when they stand alone."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkwatch.models.link import Link
from linkwatch.sources import csv_reader, html_reader, markdown_reader, notebook_reader, text_reader
from linkwatch.sources.comments import merge_ignored, parse_ignore_comment
from linkwatch.sources.formats import Reader

COMMENT = "<!-- linkwatch: ignore -->"
FOR_SOME = "<!-- linkwatch: ignore dead duplicate -->"
SOME = ("dead", "duplicate")

Ignored = tuple[str, ...] | None


def ignored(read: Reader, text: str) -> dict[str, Ignored]:
    """The last letters of the URLs (`https://a/x`), and what is ignored of them."""
    return {link.url.rsplit("/", 1)[-1]: link.ignored for link in links(read, text)}


def links(read: Reader, text: str) -> list[Link]:
    return list(read(text.splitlines(keepends=True), "f"))


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("linkwatch: ignore", ()),
        (" linkwatch: ignore ", ()),
        ("linkwatch:ignore", ()),
        ("# linkwatch: ignore", ()),
        ("linkwatch: ignore dead", ("dead",)),
        ("linkwatch: ignore  dead, owner-changed,stale ", ("dead", "owner-changed", "stale")),
        ("linkwatch: ignore because I say so", ("because", "I", "say", "so")),
        ("linkwatch: ignored", None),
        ("linkwatch: check", None),
        ("see linkwatch: ignore", None),
        ("linkwatch:\nignore", None),
        ("", None),
    ],
)
def test_what_a_comment_or_cell_says(text: str, rules: Ignored) -> None:
    assert parse_ignore_comment(text) == rules


def test_of_two_that_ignore_the_wider_counts() -> None:
    assert merge_ignored(None, None) is None
    assert merge_ignored(None, SOME) == merge_ignored(SOME, None) == merge_ignored(SOME, ("dead",)) == SOME
    assert merge_ignored((), SOME) == merge_ignored(SOME, ()) == merge_ignored(None, ()) == ()


# Markdown.


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(f"- [x](https://a/x) {COMMENT}\n- [y](https://a/y)", {"x": (), "y": None}, id="behind the link"),
        pytest.param(f"- [x](https://a/x) {FOR_SOME}", {"x": SOME}, id="rules"),
        pytest.param(f"- {COMMENT} [x](https://a/x)\n- https://a/y", {"x": (), "y": None}, id="before the link"),
        pytest.param(f"https://a/x <https://a/y> {COMMENT}", {"x": (), "y": ()}, id="all links of the line"),
        pytest.param(f"- a\n{COMMENT}\n- [x](https://a/x)\n- [y](https://a/y)", {"x": (), "y": None}, id="on its own"),
        pytest.param(f"{COMMENT}\nhttps://a/x", {"x": ()}, id="at the beginning"),
        pytest.param(f"{COMMENT}\n\nhttps://a/x", {"x": None}, id="an empty line between"),
        pytest.param(f"text {COMMENT}\nhttps://a/x", {"x": None}, id="not alone on the line above"),
        pytest.param(f"> {COMMENT}\n> https://a/x", {"x": ()}, id="in a quote"),
        pytest.param(f"- **O**\n  {COMMENT}\n  - https://a/x", {"x": ()}, id="indented"),
        pytest.param(f"| a | b |\n|-|-|\n| https://a/x | {COMMENT} |", {"x": ()}, id="in a cell of a table"),
        pytest.param(f'<p>\n{COMMENT}\n<a href="https://a/x">x</a></p>', {"x": ()}, id="in a block of html"),
        pytest.param(
            f"{'é' * 99} {COMMENT} é https://a/x\n\n{FOR_SOME}\ny https://a/y", {"x": (), "y": SOME}, id="not ASCII"
        ),
        pytest.param(f"{FOR_SOME}\nhttps://a/x <!-- linkwatch: ignore grown -->", {"x": (*SOME, "grown")}, id="two"),
        pytest.param(f"[x][r] {COMMENT}\n\n[r]: https://a/x", {"x": ()}, id="where a reference is used"),
        pytest.param(f"# {COMMENT} A\nhttps://a/x", {"x": None}, id="beside a heading"),
    ],
)
def test_a_comment_of_markdown(text: str, expected: dict[str, Ignored]) -> None:
    assert ignored(markdown_reader.read, text) == expected


@pytest.mark.parametrize(
    "text",
    [
        f"Write `{COMMENT}` beside https://a/x",
        f"```\n{COMMENT}\n```\nhttps://a/x",
        f"a\n\n    {COMMENT}\nhttps://a/x",
        r"\<!-- linkwatch: ignore --> https://a/x",
        "<!-- linkwatch: ignored --> https://a/x",
        "linkwatch: ignore https://a/x",
    ],
)
def test_what_only_looks_like_a_comment_hides_no_link(text: str) -> None:
    assert ignored(markdown_reader.read, text) == {"x": None}


LINES = st.sampled_from(["- [l](https://a/{})", "é https://a/{}", "> https://a/{}", '<a href="https://a/{}">x</a>'])


@given(st.lists(st.tuples(LINES, st.booleans()), max_size=6))
def test_exactly_the_links_beside_a_comment_are_taken_out(lines: list[tuple[str, bool]]) -> None:
    text = "\n\n".join(line.format(n) + f" {COMMENT}" * out for n, (line, out) in enumerate(lines))
    expected = {str(n): () if out else None for n, (_, out) in enumerate(lines)}
    assert ignored(markdown_reader.read, text) == expected


# The others.


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("url,note\nhttps://a/x,linkwatch: ignore\nhttps://a/y,", {"x": (), "y": None}, id="its row"),
        pytest.param("url,note\nhttps://a/x,# linkwatch: ignore dead duplicate", {"x": SOME}, id="with a hash"),
        pytest.param('note;url\n"linkwatch: ignore dead, duplicate";https://a/x', {"x": SOME}, id="quoted, in front"),
        pytest.param("url,a,b\nhttps://a/x,linkwatch: ignore dead,linkwatch: ignore duplicate", {"x": SOME}, id="two"),
        pytest.param(
            'url,note\n"https://a/x","two\nlines"\nhttps://a/y,linkwatch: ignore', {"x": None, "y": ()}, id="y"
        ),
        pytest.param("url,note\nhttps://a/x,see linkwatch: ignore", {"x": None}, id="a cell that says more"),
    ],
)
def test_a_cell_takes_its_row_out(text: str, expected: dict[str, Ignored]) -> None:
    assert ignored(csv_reader.read, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(f'<a href="https://a/x">x</a> {COMMENT}\n<b>https://a/y</b>', {"x": (), "y": None}, id="behind"),
        pytest.param(f"<ul>\n  {FOR_SOME}\n<li>https://a/x\n<li>https://a/y</ul>", {"x": SOME, "y": None}, id="alone"),
        pytest.param(f"<script>'{COMMENT}'</script> <i>https://a/x</i>", {"x": None}, id="a script's text"),
        pytest.param(f'<i title="{COMMENT}">https://a/x</i>', {"x": None}, id="an attribute"),
    ],
)
def test_a_comment_of_html(text: str, expected: dict[str, Ignored]) -> None:
    assert ignored(html_reader.read, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("- https://a/x  # linkwatch: ignore\n- https://a/y\n", {"x": (), "y": None}, id="yaml"),
        pytest.param(r"\url{https://a/x} % linkwatch: ignore dead duplicate", {"x": SOME}, id="tex"),
        pytest.param("https://a/x[X] // linkwatch: ignore", {"x": ()}, id="asciidoc"),
        pytest.param(f'<outline url="https://a/x"/> {FOR_SOME}', {"x": SOME}, id="opml"),
        pytest.param("linkwatch: ignore https://a/x", {"x": None}, id="no comment"),
    ],
)
def test_a_comment_that_ends_the_line_of_a_text(text: str, expected: dict[str, Ignored]) -> None:
    assert ignored(text_reader.read, text) == expected


def test_a_comment_in_a_notebook_holds_in_its_cell_for_its_line() -> None:
    cells = [
        ("markdown", f"https://a/v {COMMENT}\n\nhttps://a/w"),
        ("code", ["show('https://a/x')  # linkwatch: ignore dead duplicate\n", "show('https://a/y')"]),
        ("markdown", COMMENT),
        ("markdown", "https://a/z"),
    ]
    text = json.dumps({"cells": [{"cell_type": kind, "source": source} for kind, source in cells]})
    found = ignored(notebook_reader.read, text)
    assert found == {"v": (), "w": None, "x": SOME, "y": None, "z": None}
