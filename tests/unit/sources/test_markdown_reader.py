"""Markdown: every link as CommonMark sees it and every bare URL, where it stands, and whose it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkwatch.models.link import Link
from linkwatch.sources.markdown_reader import read

URL = "https://youtu.be/a_b__c-_d"


def links(text: str) -> list[Link]:
    return list(read(text.splitlines(keepends=True), "f.md"))


@pytest.mark.parametrize(
    ("text", "line", "column", "label"),
    [
        pytest.param(f'é [The *l*  `x`\nlabel]({URL} "t")', 2, 8, "The l x label", id="inline"),
        pytest.param(f"[a]( <{URL}> )", 1, 7, "a", id="inline in angle brackets"),
        pytest.param(f"[a\\]]({URL})", 1, 7, "a]", id="an escaped bracket in the label"),
        pytest.param(f"[]({URL})", 1, 4, None, id="no text"),
        pytest.param(f"[{URL}]({URL})", 1, 30, None, id="the text is the url"),
        pytest.param(f"> [a\n> b](\n> {URL})", 3, 3, "a b", id="over the lines of a quote"),
        pytest.param(f"x [The label][REF]\n\n[ref]: {URL}", 1, 3, "The label", id="reference"),
        pytest.param(f"[unused]: {URL}", 1, 11, None, id="a definition nothing uses"),
        pytest.param(f"é <{URL}>", 1, 4, None, id="autolink"),
        pytest.param(f"é {URL}.", 1, 3, None, id="bare"),
        pytest.param(f"**{URL}**", 1, 3, None, id="bare and bold"),
        pytest.param(f"~~{URL}~~", 1, 3, None, id="bare and struck out"),
        pytest.param(f"| a | b |\n|---|---|\n| x | {URL} |", 3, 7, "x", id="bare in a table"),
        pytest.param(f"a[^1]\n\n[^1]: see {URL}", 3, 11, None, id="in a footnote"),
        pytest.param(f"---\ntitle: a\n\nvideo: {URL}\n---\n", 4, 8, "a", id="in front matter"),
        pytest.param(
            f"![The ![label](https://img/x)]({URL})", 1, 32, "The label", id="a player with a picture in its text"
        ),
        pytest.param(f"![The label]({URL})", 1, 14, "The label", id="a player"),
        pytest.param(f"text\n\n![]({URL} 'x')", 3, 5, None, id="a player without a label"),
        pytest.param(f"![The label][ref]\n\n[ref]: {URL}", 1, 1, "The label", id="a player by reference"),
        pytest.param(f"[![The label](https://youtu.be/x)]({URL})", 1, 36, "The label", id="a player that links"),
        pytest.param(f"[![The label](https://img/x)]({URL})", 1, 31, "The label", id="a picture that links"),
        pytest.param(f'é <a class=x href="{URL}">The *label*</a>', 1, 20, "The label", id="inline html"),
        pytest.param(f'<p>é\n<a href="{URL}">The label</a></p>', 2, 10, "The label", id="block of html"),
        pytest.param(f"{{{{< video {URL} >}}}}", 1, 11, None, id="shortcode"),
    ],
)
def test_a_link_is_found_where_its_url_stands(text: str, line: int, column: int, label: str | None) -> None:
    assert [(link.url, link.line, link.column, link.label) for link in links(text)] == [(URL, line, column, label)]


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ('=== "Tab"\n\n    [The label]({})', 3, 17),
        ("!!! note\n    text\n\n    é [The label]({})", 4, 19),
        ("??? note 'Title'\n\n    - item\n    - [The label]({})", 4, 19),
        ('???+ note\n\n    === "Tab"\n\n        *x* [The label]({})', 5, 25),
        ("!!! note\n\n      [The label]({})", 3, 19),
        ("1. item\n\n    !!! note\n\n        [The label]({})", 5, 21),
        ("- item\n\n    !!! note\n\n        [The label]({})", 5, 21),
        ('=== "Tab"\n\n    ```\n    code\n    ```\n    [The label]({})', 6, 17),
        ('=== "Tab"\n\n    1. Step\n\n        é [The label]({})', 5, 23),
        ("!!! note\n    10. Step\n\n        text\n\n        [The label]({})", 6, 21),
        ("!!! note\n\n    1. Step\n\n        - item\n\n            [The label]({})", 7, 25),
        ("1. Step\n\n    !!! note\n\n        - item\n\n            text\n            [The label]({})", 8, 25),
        ("!!! note\n\n    - item\n      - item\n\n    [The label]({})", 6, 17),
        (f"!!! note\n\n    ```\n    é\n\n    {URL}\n    ```\n\n    [The label]({{}})", 9, 17),
    ],
)
def test_links_in_admonitions_and_tabs_are_found(text: str, line: int, column: int) -> None:
    found = [(link.url, link.line, link.column, link.label) for link in links(text.format(URL))]
    assert found == [(URL, line, column, "The label")]


@pytest.mark.parametrize(
    "text",
    [
        f'=== "Tab"\n\n        {URL}',
        f'=== "Tab"\n\n    ```\n    {URL}\n    ```',
        f'=== "Tab"\n\n    ```\n    code\n\n    {URL}\n    ```',
        f'=== "Tab"\n\n    1. Step\n\n        ~~~ sh\n\n        {URL}',
        f'=== "Tab"\n\n    1. Step\n\n            {URL}',
        f"```\n!!! note\n\n    {URL}\n```",
        f"!!! note\n\n    text\n\ntext\n\n    {URL}",
        f"`{URL}`",
        f"```\n{URL}\n```",
        f"    {URL}",
        f"<!-- {URL} -->",
        f"a <!-- {URL} --> b",
        "![a](https://img.youtube.com/vi/a_b__c-_d/0.jpg)",
        "![a](https://i.ytimg.com/vi/a_b__c-_d/hqdefault.jpg)",
        "<me@example.com>",
    ],
)
def test_code_comments_pictures_and_mail_are_no_links(text: str) -> None:
    assert links(text) == []


@pytest.mark.parametrize(
    ("text", "urls"),
    [
        (r"https://a/x\_y https://a/b*c https://a/?x&amp;y", ["https://a/x_y", "https://a/b*c", "https://a/?x&y"]),
        ("https://youtu.be/-_abc and https://youtu.be/def_", ["https://youtu.be/-_abc", "https://youtu.be/def_"]),
        (r"[a](https://a/?x&amp;y\_z)", ["https://a/?x&y_z"]),
        ("_see https://a/b_ and __https://c/d__ and _https://e/f_.", ["https://a/b", "https://c/d", "https://e/f"]),
        ("[r] [r][]\n\n[r]: https://a/b", ["https://a/b", "https://a/b"]),
        ("a\n\n---\n[x](https://a/b)\n\n---\n[y](https://c/d)", ["https://a/b", "https://c/d"]),
    ],
)
def test_urls_lose_only_what_markdown_escapes(text: str, urls: list[str]) -> None:
    assert [link.url for link in links(text)] == urls


@pytest.mark.parametrize(
    ("text", "section"),
    [
        pytest.param(f"# T\n## A *b*\n### C\n{URL}", "A b > C", id="without the only title"),
        pytest.param(f"# T\n## A\n{URL}\n# U", "T > A", id="two titles are parts"),
        pytest.param(f"# T\n{URL}", None, id="below the title"),
        pytest.param(f"## A\n### B\n## C\n{URL}", "C", id="a section ends with the next"),
        pytest.param(f"A\n---\n{URL}", "A", id="underlined"),
        pytest.param(f"<h2>A</h2>\n\n{URL}", "A", id="of html"),
        pytest.param(f"### A\n## B\n{URL}", "B", id="out of order"),
    ],
)
def test_the_section_is_the_path_of_headings(text: str, section: str | None) -> None:
    assert [link.section for link in links(text)] == [section]


@pytest.mark.parametrize(
    ("text", "owners"),
    [
        pytest.param(
            f"1. **A:**\n   * [x]({URL})\n   * {URL}\n2. b\n   * {URL}", ["A", "A", None], id="the item above"
        ),
        pytest.param(f"- **A** – [x]({URL})\n- [y]({URL})", ["A", None], id="the item itself, before the link"),
        pytest.param(f"- **[A]({URL})**\n  - [y]({URL})", [None, "A"], id="a bold link owns what is below, not itself"),
        pytest.param(f"- **A**\n  - **B**\n    - {URL}\n  - {URL}", ["B", "A"], id="the innermost"),
        pytest.param(f"- see **A**\n  - {URL}\n\n**B**\n\n{URL}", [None, None], id="bold that begins no item"),
        pytest.param(f"1. **A**\n\n   text\n\n   * <a href='{URL}'>x</a>", ["A"], id="a loose list"),
        pytest.param(f"- [ ] **A**\n  - {URL}", ["A"], id="a task"),
    ],
)
def test_the_owner_is_the_bold_text_that_begins_the_item(text: str, owners: list[str | None]) -> None:
    assert [link.owner for link in links(text)] == owners


IDS = st.text(alphabet="abcXYZ019_-", min_size=1, max_size=11).map(lambda name: f"https://youtu.be/{name}")
FORMS = st.sampled_from(["{}", "[l]({})", "<{}>", "* é {}", "> [é]({}) x", "- **o** [_l_]({})", "| {} |", "(see {})."])


@given(st.lists(st.tuples(FORMS, IDS), max_size=8), st.sampled_from(["\n", "\n\n"]))
def test_the_url_stands_where_the_link_says(parts: list[tuple[str, str]], between: str) -> None:
    text = between.join(form.format(url) for form, url in parts)
    found = links(text)
    assert [link.url for link in found] == [url for _, url in parts]
    rows = text.split("\n")
    assert all(rows[link.line - 1][link.column - 1 :].startswith(link.url) for link in found)


@pytest.mark.parametrize(
    "text",
    [
        "```{note}\n[x](https://a.example/1)\n```\n",
        "```{admonition} Watch\n:class: tip\n\n- [x](https://a.example/1)\n```\n",
        "````{grid} 2\n```{grid-item-card} One\n[x](https://a.example/1)\n```\n````\n",
        "~~~{margin}\n---\nclass: wide\n---\n[x](https://a.example/1)\n~~~\n",
        "- item\n\n  ```{tip}\n  [x](https://a.example/1)\n  ```\n",
        "> ```{tip}\n> [x](https://a.example/1)\n> ```\n",
    ],
)
def test_the_content_of_a_directive_is_markdown(text: str) -> None:
    (link,) = links(text)
    assert (link.url, link.label) == ("https://a.example/1", "x")
    assert text.split("\n")[link.line - 1][link.column - 1 :].startswith(link.url)
    assert link.section is None


@pytest.mark.parametrize(
    "text",
    [
        "```{code-block} python\n[x](https://a.example/1)\n```\n",
        "```{mermaid}\n[x](https://a.example/1)\n```\n",
        "````markdown\n```{note}\n[x](https://a.example/1)\n```\n````\n",
        "```{.python}\n# https://a.example/1\n```\n",
        '```{r, eval=FALSE}\nurl("https://a.example/1")\n```\n',
        "```{python}\n#| eval: false\nget('https://a.example/1')\n```\n",
        "```{r}\n# https://a.example/1\n```\n",
        "```r\nurl('https://a.example/1')\n```\n",
    ],
)
def test_the_code_of_a_directive_is_none(text: str) -> None:
    assert links(f"```{{note}}\n```\n\n{text}") == []


@pytest.mark.parametrize(
    "text",
    [
        '```{r, echo=FALSE}\nknitr::include_url("https://a.example/1")\n```\n',
        "```{code-cell} python\n:tags: [hide]\n\nIFrame('https://a.example/1', 560, 315)\n```\n",
        '```{python}\nget("https://a.example/1")  # https://a.example/2\n```\n',
        'See `r url("https://a.example/1")`.\n',
        "```{video} https://a.example/1\n:width: 560\n```\n",
    ],
)
def test_a_chunk_that_is_run_has_links(text: str) -> None:
    (link,) = links(text)
    assert link.url == "https://a.example/1"
    assert text.split("\n")[link.line - 1][link.column - 1 :].startswith(link.url)
