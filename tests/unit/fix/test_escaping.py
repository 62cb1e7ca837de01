"""A better URL is written as the one before it was, whatever the format escapes."""

from xml.etree import ElementTree

import pytest
from unit.fix.fixed_text import fixed_text

from linkwatch.fix.escaping import find_escaped_url
from linkwatch.sources.formats import Format

LIST = "list=PL00000000000000000000000000COURSE"
HTTP = f"http://youtube.com/watch?v=jNQXAC9IVRw&{LIST}"
HTTPS = f"https://youtube.com/watch?v=jNQXAC9IVRw&{LIST}"
WRAPPED = "https://www.youtube.com/redirect?q=https%3A%2F%2Fwww.youtube.com%2Fwatch%3Fv%3DjNQXAC9IVRw%26"


def amp(url: str, ampersand: str = "&amp;") -> str:
    return url.replace("&", ampersand)


@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [
        pytest.param(Format.HTML, f'<a href="{amp(HTTP)}">x</a>', f'<a href="{amp(HTTPS)}">x</a>', id="entity"),
        pytest.param(Format.HTML, f"<a href='{HTTP}'>x</a>", f"<a href='{HTTPS}'>x</a>", id="bare ampersand"),
        pytest.param(Format.HTML, f"<a href={amp(HTTP, '&#38;')}>x</a>", f"<a href={amp(HTTPS)}>x</a>", id="number"),
        pytest.param(
            Format.HTML,
            f'<a href="{WRAPPED}{LIST.replace("=", "%3D")}">x</a>',
            f'<a href="{amp(HTTPS).replace("//", "//www.")}">x</a>',
            id="an ampersand that was none",
        ),
        pytest.param(Format.HTML, f"<p>{amp(HTTP)}</p>", f"<p>{amp(HTTPS)}</p>", id="text of HTML"),
        pytest.param(
            Format.HTML,
            f'<a href="{amp(HTTP)}">{amp(HTTP)}</a>',
            f'<a href="{amp(HTTPS)}">{amp(HTTPS)}</a>',
            id="label",
        ),
        pytest.param(Format.MARKDOWN, f"[x]({amp(HTTP)})", f"[x]({amp(HTTPS)})", id="entity in Markdown"),
        pytest.param(Format.MARKDOWN, f'[x](<{HTTP}> "t")', f'[x](<{HTTPS}> "t")', id="destination in brackets"),
        pytest.param(Format.MARKDOWN, f"<{HTTP}> {HTTP}", f"<{HTTPS}> {HTTPS}", id="autolink and bare"),
        pytest.param(Format.MARKDOWN, f"[{HTTP}]({HTTP})", f"[{HTTPS}]({HTTPS})", id="label in Markdown"),
        pytest.param(
            Format.MARKDOWN,
            "[x](http://youtu.be/a\\_b-c\\_d-e\\_g)",
            "[x](https://youtu.be/a\\_b-c\\_d-e\\_g)",
            id="backslash",
        ),
        pytest.param(
            Format.MARKDOWN,
            f"[x][r], [y][R]\n\n[r]: {HTTP} 'Title'\n",
            f"[x][r], [y][R]\n\n[r]: {HTTPS} 'Title'\n",
            id="reference",
        ),
        pytest.param(
            Format.MARKDOWN,
            f"\ufeff[r]: {HTTP}\n\n[x][r]\n",
            f"\ufeff[r]: {HTTPS}\n\n[x][r]\n",
            id="definition behind a byte order mark",
        ),
        pytest.param(
            Format.MARKDOWN,
            f"[x]({WRAPPED}copy%3B%3D1)",
            "[x](https://www.youtube.com/watch?v=jNQXAC9IVRw&amp;copy;=1)",
            id="an ampersand that would begin an entity",
        ),
        pytest.param(Format.MARKDOWN, f"> [r]: <{HTTP}>\n", f"> [r]: <{HTTPS}>\n", id="definition without use"),
        pytest.param(
            Format.TEXT,
            f"\\href{{{amp(HTTP, chr(92) + '&')}}}{{x}}",
            f"\\href{{{amp(HTTPS, chr(92) + '&')}}}{{x}}",
            id="TeX",
        ),
        pytest.param(Format.CSV, f'url;l\n"{HTTP}";"a ""b"""', f'url;l\n"{HTTPS}";"a ""b"""', id="quoted cell"),
        pytest.param(Format.CSV, f"l\turl\na\t {HTTP} ", f"l\turl\na\t {HTTPS} ", id="cell with spaces"),
        pytest.param(
            Format.CSV,
            f"url,l\n{WRAPPED}t%3D1%2C2,x\n",
            'url,l\n"https://www.youtube.com/watch?v=jNQXAC9IVRw&t=1,2",x\n',
            id="a cell that now needs quotes",
        ),
        pytest.param(
            Format.CSV,
            f'url,l\n"{WRAPPED}t%3D1%222",x\n',
            'url,l\n"https://www.youtube.com/watch?v=jNQXAC9IVRw&t=1""2",x\n',
            id="a quote in a quoted cell",
        ),
        pytest.param(
            Format.JSON,
            '["' + HTTP.replace("/", "\\/").replace("&", "\\u0026") + '"]',
            '["' + HTTPS.replace("/", "\\/") + '"]',
            id="JSON",
        ),
        pytest.param(Format.JSON_LINES, f'"{HTTP}"\n"{HTTP}"\n', f'"{HTTPS}"\n"{HTTPS}"\n', id="JSON Lines"),
        pytest.param(
            Format.NOTEBOOK,
            f'{{"cells": [{{"cell_type": "markdown", "source": ["<a href=\\"{amp(HTTP)}\\">x</a>\\n", "{HTTP}"]}}]}}',
            f'{{"cells": [{{"cell_type": "markdown", "source": ["<a href=\\"{amp(HTTPS)}\\">x</a>\\n", "{HTTPS}"]}}]}}',
            id="notebook",
        ),
    ],
)
def test_only_the_url_is_replaced_and_in_the_same_spelling(kind: Format, before: str, after: str) -> None:
    assert fixed_text(before, kind) == after
    assert fixed_text(after, kind) == after


@pytest.mark.parametrize("name", ["a.xml", "a.opml", "a.rss", "a.atom", "a.ptx", "a.webloc"])
@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f'<a url="{amp(HTTP)}"/>', f'<a url="{amp(HTTPS)}"/>'),
        (f"<a>{amp(HTTP, '&#38;')}</a>", f"<a>{amp(HTTPS)}</a>"),
        (f"<![CDATA[{HTTP}]]>", f"<![CDATA[{HTTPS}]]>"),
        (f'<a url="{WRAPPED}{LIST.replace("=", "%3D")}"/>', f'<a url="{amp(HTTPS).replace("//", "//www.")}"/>'),
        (f"<a>&lt;b href=&quot;{amp(HTTP)}&quot;&gt;</a>", f"<a>&lt;b href=&quot;{amp(HTTPS)}&quot;&gt;</a>"),
        (f"<a>{amp(HTTP, '&amp;amp;')}</a>", f"<a>{amp(HTTPS)}</a>"),
        (
            f"<a>https://youtu.be/jNQXAC9IVRw?si=a&amp;t=9 {HTTPS.replace('&', '&amp;')}</a>",
            f"<a>https://youtu.be/jNQXAC9IVRw?t=9 {amp(HTTPS)}</a>",
        ),
    ],
)
def test_xml_keeps_its_entities_and_stays_well_formed(name: str, before: str, after: str) -> None:
    assert fixed_text(before, Format.TEXT, name=name) == after
    assert fixed_text(after, Format.TEXT, name=name) == after
    assert ElementTree.fromstring(f"<a>{after}</a>") is not None  # noqa: S314  (a text of this file)


@pytest.mark.parametrize("name", ["a.vue", "a.svelte", "a.wiki"])
def test_markup_that_needs_no_entities_keeps_those_it_has(name: str) -> None:
    before, after = (f'<a href="{amp(url)}">x</a> {url}' for url in (HTTP, HTTPS))
    assert fixed_text(before, Format.TEXT, name=name) == after


@pytest.mark.parametrize(
    ("around", "handle"), [("é", "Łódź"), ("e", "\\u0141\\u00f3d\\u017a")], ids=["Unicode list", "ASCII list"]
)
def test_json_that_is_ascii_stays_so(around: str, handle: str) -> None:
    before = f'["{around}", "https://www.youtube.com/user/lodz/videos"]'
    after = f'["{around}", "https://www.youtube.com/@{handle}/videos"]'
    assert fixed_text(before, Format.JSON, {"user/lodz": "@Łódź"}) == after


@pytest.mark.parametrize(
    ("text", "url", "end"),
    [
        ("http://x/?a&amp;", "http://x/?a&", 16),
        ("http://x/&#x61;b", "http://x/ab", 16),
        ("http://x/\\(b", "http://x/(b", 12),
        ("http://y/", "http://x/", None),
        ("[x][r]", "http://x/", None),
    ],
)
def test_a_url_ends_where_all_its_spelling_ends(text: str, url: str, end: int | None) -> None:
    written = find_escaped_url(f"- {text}", 2, url, Format.MARKDOWN)
    assert (written and written.end) == (end and end + 2)


def test_a_pair_of_surrogates_is_one_character() -> None:
    written = find_escaped_url('"http://x/\\ud83d\\ude00y"', 1, "http://x/\U0001f600y", Format.JSON)
    assert written is not None
    assert written.raw == "http://x/\\ud83d\\ude00y"
