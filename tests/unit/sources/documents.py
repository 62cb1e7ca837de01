"""Documents of every format for properties: links in every shape and embedded ids, among text of all kinds."""

from typing import NamedTuple

from hypothesis import strategies as st

from linkwatch.sources.embeds import SYNTAXES
from linkwatch.sources.formats import Format, format_by_extension

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
VIDEOS = st.builds(str.__add__, st.text(_LETTERS, min_size=10, max_size=10), st.sampled_from("AEIMQUYcgkosw048"))
PLAYLISTS = st.builds("PL{}".format, st.text(_LETTERS, min_size=32, max_size=32))
CHANNELS = st.builds("UC{}{}".format, st.text(_LETTERS, min_size=21, max_size=21), st.sampled_from("AQgw"))

VIDEO_URLS = (
    "https://youtu.be/{}", "https://youtu.be/{}?si=x_y&t=90s", "http://www.youtube.com/watch?v={}&feature=share",
    "https://m.youtube.com/watch?app=desktop&v={}&t=1m30s", "https://www.youtube.com/embed/{}?rel=0&start=30",
    "https://www.youtube-nocookie.com/embed/{}", "https://www.youtube.com/shorts/{}", "//www.youtube.com/v/{}",
    "www.youtube.com/live/{}?feature=share", "https://youtu.be/{}&t=40", "https://www.youtube.com/watch?v={}&t&t=230",
)  # fmt: skip
PLAYLIST_URLS = (
    "https://www.youtube.com/playlist?list={}&si=1", "https://youtube.com/embed/videoseries?list={}&index=2",
    "https://www.youtube.com/course?list={}",
)  # fmt: skip
CHANNEL_URLS = ("https://www.youtube.com/channel/{}", "https://m.youtube.com/channel/{}/videos?view=0")
URLS = st.one_of(
    st.builds(str.format, st.sampled_from(VIDEO_URLS), VIDEOS),
    st.builds(str.format, st.sampled_from(PLAYLIST_URLS), PLAYLISTS),
    st.builds(str.format, st.sampled_from(CHANNEL_URLS), CHANNELS),
)

TEXTS = (
    "", "text", "é 漢字 😀 ", "\ttab", "a\tb 𝔘", "# Heading", "Heading\n-------", "= Title", "* Heading",
    "> quote", "```", "<!-- remark -->", "// remark", "# remark: https://example.org", "| a | b |",
    "{{ page.id }}", "youtube: soon", "“”", "https://www.youtube.com/watch?v={{ id }}", "<div>", "</div>",
    "\\section{é}", "%", "'", "[x", ".. note::", "  - item",
)  # fmt: skip
MARKUP = {
    Format.MARKDOWN: (
        "[x]({})", "- {}", "<{}>", "é {} 漢", '<a href="{}">x</a>', "![x]({})", "| {} | x |", "**x**: [y]({}).", "{}",
        "\t- [é😀]({})",
        '!!! note\n\n    [x]({})', "```{{note}}\n{}\n```", "`{}`",
    ),
    Format.HTML: ('<a href="{}">é</a>', "<p>漢 {}</p>", "<iframe\n\tsrc='{}'></iframe>",
                  "<a href={}>{}</a>", "<b>{}</b>"),
    Format.TEXT: (
        "{}", "- {}", "[[{}][x]]", "`é <{}>`_", "\\href{{{}}}{{x}}", "({}), {}.", "url: {}", 'url = "{}"', "{}[x]",
        "<{}>", '<a href="{}">x</a>', "漢字 {}", "\turl: '{}'", "video = `{}`;",
    ),
    Format.JSON: ('"{}"', '{{"url": "{}", "title": "é"}}', '{{"{}": ["see {}"]}}', '["\\u00e9 {}", null, 1]'),
    Format.CSV: ("{},x", '"{}",x', ' {} ,"é\nx"'),
}  # fmt: skip


def _template(example: str) -> str:
    """An example of the table of syntaxes with places for the ids of a video, a playlist and a channel."""
    braces = example.replace("{", "{{").replace("}", "}}")
    return braces.replace("PLAYLIST", "{1}").replace("CHANNEL", "{2}").replace("ID", "{0}")


EXAMPLES = tuple(
    example.replace("{", "{{")
    .replace("}", "}}")
    .replace("PLAYLIST", "{1}")
    .replace("CHANNEL", "{2}")
    .replace("ID", "{0}")
    for syntax in SYNTAXES
    for example in syntax.examples
)
EXTENSIONS = (
    ".md", ".mdx", ".qmd", ".html", ".astro", ".json", ".jsonl", ".ipynb", ".csv", ".tsv", ".txt", ".rst", ".org",
    ".adoc", ".tex", ".bib", ".typ", ".wiki", ".yaml", ".toml", ".opml", ".xml", ".ptx", ".rss", ".atom", ".vue",
    ".svelte", ".webc", ".js", ".ts", ".tsx", ".py", ".m3u8",
)  # fmt: skip


class Document(NamedTuple):
    """A list of one format."""

    name: str
    kind: Format
    text: str


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """A document of any kind of file, with any line ends, with a byte order mark or without."""
    extension = draw(st.sampled_from(EXTENSIONS))
    kind = format_by_extension(f"a{extension}")
    assert isinstance(kind, Format)
    end = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    mark = draw(st.sampled_from(["", "\ufeff"]))
    rows = draw(st.lists(_rows(kind), max_size=12))
    match kind:
        case Format.CSV:
            text = "\n".join(["url\tlabel" if extension == ".tsv" else "url,label", *rows])
            text = text.replace(",", "\t") if extension == ".tsv" else text
        case Format.JSON:
            text = "[" + ",\n".join([*rows, "{}"]) + "]"
        case Format.NOTEBOOK:
            text = '{"cells": [\n' + ",\n".join(rows) + "\n]}"
        case _:
            text = "\n".join(rows)
    return Document(f"a{extension}", kind, mark + text.replace("\n", end) + draw(st.sampled_from(["", end])))


def _rows(kind: Format) -> st.SearchStrategy[str]:
    if kind is Format.NOTEBOOK:
        cells = st.sampled_from(
            ['{{"cell_type": "markdown", "source": ["{}"]}}', '{{"cell_type": "code", "source": "{}"}}']
        )
        lines = st.one_of(_links(Format.MARKDOWN), _links(Format.TEXT), _embeds(), st.sampled_from(TEXTS)).map(_in_json)
        return st.builds(str.format, cells, lines)
    if kind in {Format.JSON, Format.JSON_LINES}:
        prose = st.one_of(_links(Format.TEXT), _embeds(), st.sampled_from(TEXTS)).map(_in_json).map('"{}"'.format)
        return st.one_of(_links(Format.JSON).map(lambda row: row.replace("\n", " ")), prose)
    if kind is Format.CSV:
        return _links(kind)
    return st.one_of(_links(kind), _embeds(), st.sampled_from(TEXTS))


def _links(kind: Format) -> st.SearchStrategy[str]:
    return st.builds(str.format, st.sampled_from(MARKUP[kind]), URLS, URLS)


def _embeds() -> st.SearchStrategy[str]:
    return st.builds(str.format, st.sampled_from(EXAMPLES), VIDEOS, PLAYLISTS, CHANNELS)


def _in_json(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
