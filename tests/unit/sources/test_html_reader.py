"""HTML: the links of every tag and the URLs of its text, where they stand."""

import pytest

from linkwatch.models.link import Link
from linkwatch.sources.html_reader import read

URL = "https://youtu.be/x"


def links(text: str) -> list[Link]:
    return list(read([text], "f.html"))


@pytest.mark.parametrize(
    ("text", "line", "column", "label"),
    [
        pytest.param(f'é <A title="t"\n HREF = " {URL} ">The <b>label</b>\n x</A>', 2, 11, "The label x", id="a"),
        pytest.param(f"<a href={URL}>&lt;x&gt;</a>", 1, 9, "<x>", id="unquoted"),
        pytest.param(f"<a href='{URL}'><img src=https://i/x alt=Alt></a>", 1, 10, "Alt", id="a picture that links"),
        pytest.param(f'<a href="{URL}" title="Title"></a>', 1, 10, "Title", id="a title"),
        pytest.param(f'<a href="{URL}">{URL}</a>', 1, 10, None, id="the text is the url"),
        pytest.param(f'<iframe title="Title" src="{URL}"></iframe>', 1, 28, "Title", id="iframe"),
        pytest.param(f'<object data="{URL}"></object>', 1, 15, None, id="object"),
        pytest.param(f'<div data-video="{URL}">', 1, 18, None, id="a data attribute"),
        pytest.param(f'<YouTube id="{URL}" title="A talk" />', 1, 14, "A talk", id="a component"),
        pytest.param(f'<noscript><embed src="{URL}"/></noscript>', 1, 23, None, id="noscript"),
        pytest.param(f"<p>a &amp; b\n{URL}</p>", 2, 1, None, id="bare"),
        pytest.param(f'<![if !IE]><a href="{URL}">', 1, 21, None, id="broken, and not closed"),
    ],
)
def test_a_link_is_found_where_its_url_stands(text: str, line: int, column: int, label: str | None) -> None:
    assert [(link.url, link.line, link.column, link.label) for link in links(text)] == [(URL, line, column, label)]


@pytest.mark.parametrize(
    "text",
    [
        f"<script>x = '{URL}'</script>",
        f"<style>{URL}</style>",
        f"<template><a href='{URL}'>x</a></template>",
        f"<!-- {URL} -->",
        f"<img src='{URL}' data-src='{URL}'>",
        f"<p class='{URL}'>",
    ],
)
def test_what_is_not_shown_or_not_linked_is_no_link(text: str) -> None:
    assert links(text) == []


def test_character_references_are_decoded_in_tags_and_text() -> None:
    assert [link.url for link in links("<a href='https://a/?x&amp;y'>a</a> https://b/?x&amp;y")] == [
        "https://a/?x&y",
        "https://b/?x&y",
    ]


def test_the_section_is_the_path_of_headings_without_the_only_title() -> None:
    text = f"<h1>T</h1><h2>A <i>b</i></h2>{URL} <h3>C</h3><a href='{URL}'>x</a><h2>D</h2>{URL}"
    assert [link.section for link in links(text)] == ["A b", "A b > C", "D"]
