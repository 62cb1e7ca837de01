"""Which reader a kind of file has: every link is found in it, where it is written."""

import pytest

from linkwatch.sources.formats import format_by_extension, reader_for

URL = "https://www.youtube.com/watch?v=haHLRD0QZ08"


@pytest.mark.parametrize(
    ("name", "text", "labels"),
    [
        pytest.param("a.m3u8", f"#EXTM3U\n#EXTINF:-1,Talk, live\n{URL}\n{URL}\n", ["Talk, live", None], id="m3u8"),
        pytest.param("a.m3u", f"{URL}\n{URL}\n", [None, None], id="m3u"),
        pytest.param("a.rss", f"<item><link>{URL}</link><d><![CDATA[<a href='{URL}'>x</a>]]></d></item>", [None, "x"]),
        pytest.param("a.atom", f'<entry><title>T</title><link rel="alternate" href="{URL}"/></entry>', ["T"]),
        pytest.param("a.webloc", f"<dict><key>URL</key><string>{URL}</string></dict>", [None], id="webloc"),
        pytest.param("a.url", f"[InternetShortcut]\nURL={URL}\n", [None], id="url"),
        pytest.param("a.ptx", f'<url href="{URL}">Talk</url>', ["Talk"], id="ptx"),
        pytest.param("a.wiki", f"* [{URL} Talk]\n", ["Talk"], id="wiki"),
        pytest.param("a.typ", f'#link("{URL}")[Talk]\n', ["Talk"], id="typst"),
        pytest.param("a.njk", f'{{% if a %}}\n<a href="{URL}">Talk</a>\n{{% endif %}}\n', ["Talk"], id="njk"),
        pytest.param("a.astro", f'---\nconst a = "{URL}"\n---\n<a href="{URL}">Talk</a>\n', [None, "Talk"], id="astro"),
        pytest.param("a.vue", f'<template>\n<a href="{URL}">x</a>\n</template>\n<script>\nf("{URL}")\n', ["x", None]),
        pytest.param("a.svelte", f'<script>\nlet a = "{URL}"\n</script>\n<a href="{URL}">x</a>\n', [None, "x"]),
        pytest.param("a.webc", f'<template webc:if="a">\n<a href="{URL}">x</a>\n</template>\n', ["x"], id="webc"),
        pytest.param("a.js", f"const talks = ['{URL}'];\n", [None], id="js"),
        pytest.param("a.ts", f"const talk: string = `{URL}`;\n", [None], id="ts"),
        pytest.param("a.tsx", f'const a = <A href={{"{URL}"}} />;\n', [None], id="tsx"),
        pytest.param("a.py", f'TALK = "{URL}"\n', [None], id="py"),
        pytest.param("a.mdx", f"[Talk]({URL})\n", ["Talk"], id="mdx"),
        pytest.param("a.Rmd", f"[Talk]({URL})\n", ["Talk"], id="Rmd"),
        pytest.param("a.qmd", f"[Talk]({URL})\n", ["Talk"], id="qmd"),
        pytest.param("a.bib", f"url = {{{URL}}}\n", [None], id="bib"),
        pytest.param("a.tex", rf"\href{{{URL}}}{{Talk}}", ["Talk"], id="tex"),
    ],
)
def test_a_kind_of_file_is_read_with_all_its_links(name: str, text: str, labels: list[str | None]) -> None:
    kind = format_by_extension(name)
    assert kind is not None
    lines = text.splitlines(keepends=True)
    links = list(reader_for(kind)(lines, name))
    assert [(link.url, link.label) for link in links] == [(URL, label) for label in labels]
    assert all(lines[link.line - 1].startswith(URL, link.column - 1) for link in links)


@pytest.mark.parametrize(
    ("name", "text", "linked"),
    [
        pytest.param("a.adoc", "// {0}\n////\n{0}\n////\n----\n{0}\n----\n{1}[Talk]\n", 1, id="asciidoc"),
        pytest.param("a.adoc", "Title\n-----\n{1}\n\nMore\n-----\n[source]\n----\n{0}\n----\n", 1, id="underlined"),
        pytest.param("a.tex", "% {0}\nText % {0}\n\\url{{{1}}} 5\\% {1}\n", 2, id="tex"),
        pytest.param("a.org", "# {0}\n#+BEGIN_SRC sh\n{0}\n#+END_SRC\n* [[{1}]]\n#+LINK: {1}\n", 2, id="org"),
        pytest.param("a.yaml", "# {0}\na: b # {0}\nurl: {1}#x\n", 1, id="yaml"),
        pytest.param("a.toml", '# {0}\nurl = "{1}"\n', 1, id="toml"),
        pytest.param("a.rst", ".. {0}\n   {0}\n\n{1}\n", 1, id="rst comment"),
        pytest.param("a.rst", ".. code-block:: sh\n\n   {0}\n\n   {0}\n\n{1}\n", 1, id="rst code"),
        pytest.param("a.rst", ".. _a: {1}\n.. note:: {1}\n   {1}\n.. [1] {1}\n", 4, id="rst markup that is read"),
        pytest.param("a.txt", "# {1}\n// {1}\n", 2, id="plain text has no comments"),
        pytest.param("a.adoc", "////\n{0}\n", 0, id="a comment that does not end"),
    ],
)
def test_comments_and_code_have_no_links(name: str, text: str, linked: int) -> None:
    kind = format_by_extension(name)
    assert kind is not None
    lines = text.format("https://youtu.be/commented", "https://youtu.be/linked").splitlines(keepends=True)
    urls = [link.url for link in reader_for(kind)(lines, name)]
    assert len(urls) == linked
    assert all(url.startswith("https://youtu.be/linked") for url in urls)
