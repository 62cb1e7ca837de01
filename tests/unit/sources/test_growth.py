"""The time of a reader grows with the list, not with its square."""

import time

import pytest

from linkwatch.sources.comments_and_code import comments_and_code
from linkwatch.sources.formats import Format, format_by_extension, reader_for

LINK = "https://youtu.be/haHLRD0QZ08"
PIECES = (
    "<!-- linkwatch:", "<!-- linkwatch: ignore -->", "<!-- linkwatch: ignore dead", "-->", "# linkwatch: ignore a",
    "<h1>", "<h1>x", "<h1>\n", f"<h1><a href={LINK}>x", "<div><h1>", "# x\n", f"<a href={LINK}>", f"({LINK}", "[", ">",
    "!!! a\n\n    ", "!!! a\n\n    1. b\n\n        ", "!!! a\n\n    ```\n", "- **a** ", "&amp;", f"{LINK}&quot;",
    "<youtube ", "{{< youtube ", "{% include youtube ", "youtube:\n  - a\n", "provider: youtube\n", "id: jNQXAC9IVRw\n",
)  # fmt: skip


BY_EXTENSION = {
    "a.yml": ("- a: b\n", "- - - a\n", "a:\n ", "a: |\n", f"- u: {LINK}\n", f"{{a: {LINK}, ", "{", "title: x\n"),
    "a.toml": ("[[a]]\n", f'u = "{LINK}"\n', 'a = { b = "', "["),
    "a.org": ("* a\n", "- a\n", f"- a: {LINK} ", "| a ", f"| {LINK} |\n", "  - a\n", "[[", "*"),
    "a.rst": ("=\n", "a\n=\n", "* - a\n", f"`a <{LINK}>`_ ", "| a |\n", "=" * 9, "`"),
    "a.adoc": ("== a\n", "|a\n", f"* a: {LINK}[x] ", "=", f"|{LINK}\n", "[", ".", "*"),
    "a.tex": ("\\section{", "\\section{a}\n", f"\\item {LINK} & ", "{", "\\item[", "\\href{"),
    "a.wiki": ("== a ==\n", "=", "a=", f"[{LINK} ", "| a || ", "[["),
    "a.opml": ("<outline text='a'>", "<outline a='", "</outline>", "<a>", "<", "<title>", f"<item>{LINK}", "<url>"),
    "a.bib": ("@a{", "title = {", "@misc{a, title = {x {y}}, url = {" + LINK + "}}\n", "{"),
    "a.js": ("{", f"{{u: '{LINK}'}}, ", f"'{LINK}', ", "title: '", "}"),
    "a.html": ("<li>", f"<li>a: {LINK}", "<tr><td>", f"<td>{LINK}", "<dl><dt><h3>a</h3>", "<caption>", f"<p>{LINK} "),
    "a.md": ("| a ", f"| {LINK} |\n", f"- a: {LINK}\n", "  - a\n", f"[x]({LINK}) ", f"- [x]({LINK}) ", "{#", "## a {#"),
}  # fmt: skip


def cpu_seconds(kind: Format, text: str, name: str = "list") -> float:
    """The least of three."""
    lines = text.splitlines(keepends=True)
    seconds = []
    for _ in range(3):
        start = time.process_time()
        for _link in reader_for(kind)(lines, name):
            pass
        seconds.append(time.process_time() - start)
    return min(seconds)


ROWS = (
    '"', '"\n', '"""', '"a"b\n', '""\n', ",", ",\n", f"{LINK},", f"{LINK} ", f'"{LINK}\n', f'"a\n{LINK}",\n',
    "\n\na,b\n",
    "Video ID,x\nhaHLRD0QZ08,y\n", "[", "[x](", '=HYPERLINK("', f'"=HYPERLINK(""{LINK}"")",', " ", "sep=;\n",
    f'""{LINK}""',
)  # fmt: skip


@pytest.mark.long
@pytest.mark.parametrize("begin", ["url,x\n", "a,b\n", '"', "Link\n", "Video ID\n"])
@pytest.mark.parametrize("piece", ROWS)
def test_eight_times_the_csv_takes_no_sixty_four_times_the_time(piece: str, begin: str) -> None:
    short, long = (f"{begin}{piece * (size // len(piece))}\n{LINK}\n" for size in (25_000, 200_000))
    assert cpu_seconds(Format.CSV, long) < 24 * cpu_seconds(Format.CSV, short) + 0.05


@pytest.mark.long
@pytest.mark.parametrize("piece", PIECES)
@pytest.mark.parametrize("kind", [Format.MARKDOWN, Format.HTML, Format.TEXT])
def test_eight_times_the_list_takes_no_sixty_four_times_the_time(kind: Format, piece: str) -> None:
    short, long = (f"{piece * (size // len(piece))}\n{LINK}\n" for size in (25_000, 200_000))
    assert cpu_seconds(kind, long) < 24 * cpu_seconds(kind, short) + 0.05


@pytest.mark.long
@pytest.mark.parametrize(
    "piece", ["'", "'\\'", "`\\`", "/*", "<!--", "----\n", "a\n....\n", "a::\n\n  b\n", "..\n", ": |\n  #\n"]
)
@pytest.mark.parametrize(
    "name", ["a.adoc", "a.rst", "a.py", "a.ts", "a.vue", "a.typ", "a.wiki", "a.tex", "a.yaml", "a.toml"]
)
def test_comments_are_found_in_linear_time(name: str, piece: str) -> None:
    def seconds(size: int) -> float:
        text = piece * (size // len(piece))
        start = time.process_time()
        comments_and_code(text, name)
        return time.process_time() - start

    short, long = (min(seconds(size) for _ in range(3)) for size in (25_000, 200_000))
    assert long < 24 * short + 0.05


@pytest.mark.long
@pytest.mark.parametrize(
    ("name", "piece"), [(name, piece) for name, pieces in BY_EXTENSION.items() for piece in pieces]
)
def test_what_stands_around_links_is_read_in_linear_time(name: str, piece: str) -> None:
    kind = format_by_extension(name)
    assert isinstance(kind, Format)
    short, long = (f"{piece * (size // len(piece))}\n{LINK}\n" for size in (6_000, 48_000))
    assert cpu_seconds(kind, long, name) < 24 * cpu_seconds(kind, short, name) + 0.05


@pytest.mark.long
@pytest.mark.parametrize("template", ['"k{0}": "{0:010d}A"', '"videoId": "{0:010d}A"', '"id": "{0:010d}A"'])
def test_an_object_with_many_members_is_read_in_linear_time(template: str) -> None:
    short, long = (
        cpu_seconds(Format.JSON, f"{{{', '.join(template.format(n) for n in range(count))}}}") for count in (500, 4000)
    )
    assert long < 24 * short + 0.05
