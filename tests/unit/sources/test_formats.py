"""Which reader a kind of file has: every link is found in it, where it is written."""

import pytest

from linkwatch.sources.formats import format_by_extension, reader_for

URL = "https://www.youtube.com/watch?v=haHLRD0QZ08"


@pytest.mark.parametrize(
    ("name", "text", "labels"),
    [
        pytest.param("a.m3u8", f"#EXTM3U\n#EXTINF:-1,Talk\n{URL}\n", [None], id="m3u8"),
        pytest.param("a.m3u", f"{URL}\n{URL}\n", [None, None], id="m3u"),
        pytest.param("a.rss", f"<item><link>{URL}</link><d><![CDATA[<a href='{URL}'>x</a>]]></d></item>", [None] * 2),
        pytest.param("a.atom", f'<entry><title>T</title><link rel="alternate" href="{URL}"/></entry>', [None]),
        pytest.param("a.webloc", f"<dict><key>URL</key><string>{URL}</string></dict>", [None], id="webloc"),
        pytest.param("a.url", f"[InternetShortcut]\nURL={URL}\n", [None], id="url"),
        pytest.param("a.ptx", f'<url href="{URL}">Talk</url>', [None], id="ptx"),
        pytest.param("a.wiki", f"* [{URL} Talk]\n", [None], id="wiki"),
        pytest.param("a.typ", f'#link("{URL}")[Talk]\n', [None], id="typst"),
        pytest.param("a.njk", f'{{% if a %}}\n<a href="{URL}">Talk</a>\n{{% endif %}}\n', ["Talk"], id="njk"),
        pytest.param("a.astro", f'---\nconst a = "{URL}"\n---\n<a href="{URL}">Talk</a>\n', [None, "Talk"], id="astro"),
        pytest.param("a.vue", f'<template>\n<a href="{URL}">x</a>\n</template>\n<script>\nf("{URL}")\n', [None] * 2),
        pytest.param("a.svelte", f'<script>\nlet a = "{URL}"\n</script>\n<a href="{URL}">x</a>\n', [None] * 2),
        pytest.param("a.webc", f'<template webc:if="a">\n<a href="{URL}">x</a>\n</template>\n', [None], id="webc"),
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
