"""Plain text: every URL, with the label of the markups that put one beside it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkwatch.sources.text_reader import read

URL = "https://youtu.be/haHLRD0QZ08"


@pytest.mark.parametrize(
    ("line", "label", "column"),
    [
        pytest.param(f"* [[{URL}][The label]]", "The label", 5, id="org"),
        pytest.param(f"* [[{URL}]]", None, 5, id="org without a label"),
        pytest.param(f"* [[{URL}][{URL}]]", None, 5, id="org whose label is the url"),
        pytest.param(f"see `The label <{URL}>`_", "The label", 17, id="rst"),
        pytest.param(f"* {URL}[The label]", "The label", 3, id="asciidoc"),
        pytest.param(rf"\href{{{URL}}}{{The label}}", "The label", 7, id="latex"),
        pytest.param(f"[The label]({URL})", "The label", 13, id="markdown"),
        pytest.param(f'<a class="x" href="{URL}" target="_blank">The label</a>', "The label", 20, id="a component"),
        pytest.param(f"<Link to='{URL}'>{{title}}</Link>", None, 11, id="a component whose text is made"),
        pytest.param(f'url: "{URL}"', None, 7, id="yaml"),
        pytest.param(f"<{URL}>", None, 2, id="angle brackets"),
    ],
)
def test_the_label_is_what_the_markup_says(line: str, label: str | None, column: int) -> None:
    [link] = read(["first\n", line], "f.txt")
    assert (link.url, link.line, link.column, link.label) == (URL, 2, column, label)


@pytest.mark.parametrize(
    "beginning", ["youtu.be/", "www.youtube.com/embed/", "youtube-nocookie.com/embed/", "m.youtube.com/watch?v="]
)
def test_the_beginning_of_a_url_that_a_program_completes_is_none(beginning: str) -> None:
    assert list(read([f'prefix = "https://{beginning}"\n'], "f.toml")) == []
    [link] = read([f"See https://{beginning} for more.\n"], "f.txt")
    assert link.url == f"https://{beginning}"


@pytest.mark.parametrize(
    "name", ["a.xml", "a.OPML", "a.rss", "a.atom", "a.ptx", "a.webloc", "a.vue", "a.svelte", "a.wiki"]
)
@pytest.mark.parametrize("ampersand", ["&amp;", "&#38;", "&#x26;", "&"])
def test_entities_of_markup_are_decoded(name: str, ampersand: str) -> None:
    text = f'<a b="é https://youtu.be/haHLRD0QZ08?a=1{ampersand}list=x"/>'
    [link] = read([text], name)
    assert (link.url, link.column) == ("https://youtu.be/haHLRD0QZ08?a=1&list=x", text.index("https") + 1)


@pytest.mark.parametrize("name", ["a.txt", "a.yaml", "a.js", "a.py"])
def test_entities_of_other_texts_are_left(name: str) -> None:
    [link] = read(['"https://youtu.be/haHLRD0QZ08?a=1&amp;list=x"'], name)
    assert link.url == "https://youtu.be/haHLRD0QZ08?a=1&amp;list=x"


IDS = st.text(alphabet="abcXYZ019_-", min_size=1, max_size=11)


@given(st.lists(st.tuples(st.sampled_from(["", "é ", "(", "x: ", '"']), IDS, st.sampled_from(["", " ", ").", '"']))))
def test_the_url_stands_where_the_link_says(parts: list[tuple[str, str, str]]) -> None:
    text = [f"{before}https://youtu.be/{name}{after}\n" for before, name, after in parts]
    links = list(read(text, "f.txt"))
    assert [link.url for link in links] == [f"https://youtu.be/{name}" for _, name, _ in parts]
    assert all(text[link.line - 1][link.column - 1 :].startswith(link.url) for link in links)
