"""Labels, sections and places of links, in every kind of list that says them beside the link."""

from collections.abc import Sequence

import pytest

from linkwatch.models.filler import is_filler, is_name
from linkwatch.models.link import Link
from linkwatch.sources.formats import format_by_extension, reader_for

URL = "https://youtu.be/haHLRD0QZ08"
OTHER = "https://youtu.be/jNQXAC9IVRw"
ID = "haHLRD0QZ08"


def links_of(name: str, text: str) -> Sequence[Link]:
    kind = format_by_extension(name)
    assert kind is not None
    links = list(reader_for(kind)(text.splitlines(keepends=True), name))
    lines = text.split("\n")
    for link in links:
        written = ID if link.syntax != "url" else link.url
        assert lines[link.line - 1][link.column - 1 :].startswith(written)
    return links


MAPPINGS = [
    ("a.yaml", f"- title: A talk\n  url: {URL}\n- title: B\n  url: {OTHER}\n", ["A talk", "B"]),
    ("a.yml", f"- url: '{URL}'\n  title: \"It: a talk\"  # really\n", ["It: a talk"]),
    ("a.yml", f"talks:\n- name: A talk\n  video:\n    link: {URL}\n- name: B\n  video: {OTHER}\n", ["A talk", "B"]),
    ("a.yml", f"title: Course\nlectures:\n  - {URL}\n  - {OTHER}\n", [None, None]),
    ("a.yml", f"title: A talk\nvideos:\n  - {URL}\n", ["A talk"]),
    ("a.yml", f"- Keynote: {URL}\n- video: {OTHER}\n", ["Keynote", None]),
    ("a.yml", f"- title: A talk\n  about: see {URL}\n", [None]),
    ("a.yml", f"- about: |\n    title: B\n    {URL}\n  title: A talk\n", [None]),
    ("a.yml", f"- {{title: A talk, url: {URL}}}\n- {{url: '{OTHER}', name: 'B'}}\n", ["A talk", "B"]),
    ("a.yml", f"- title: A talk\n  youtube: {ID}\n", ["A talk"]),
    ("a.yml", f"{{% for t in talks %}}\n- title: {{{{ t }}}}\n{{% endfor %}}\n- title: B\n  url: {URL}\n", ["B"]),
    ("a.yml", f"- title: A talk\n  url:\n    {URL}\n", ["A talk"]),
    (
        "a.toml",
        f'title = "Site"\n[[talks]]\ntitle = "A talk"\nurl = "{URL}"\n[[talks]]\nurl = "{OTHER}"\n',
        ["A talk", None],
    ),
    (
        "a.yml",
        f"- topic: Bees\n  links:\n    - name: slides\n    - name: video\n      url: {URL}\n- topic: x\n",
        ["Bees"],
    ),
    ("a.yml", f"title: Course\nlectures:\n  - title: Lecture 1\n    url: {URL}\n  - title: b\n", ["Lecture 1"]),
    ("a.toml", f'talks = [{{ title = "A talk", url = "{URL}" }}]\n', ["A talk"]),
    ("a.md", f"---\ntitle: A talk\nvideo: {URL}\n---\n[x]({OTHER})\n", ["A talk", "x"]),
    ("a.md", f'+++\ntitle = "A talk"\nvideo = "{URL}"\n+++\n', ["A talk"]),
    ("a.js", f"const t = [{{title: 'A talk', url: '{URL}'}}, {{url: '{OTHER}', name: `B`}}]\n", ["A talk", "B"]),
    ("a.ts", f"const u = '{URL}'; const title = 'No'\n", [None]),
    ("a.json", f'{{"title": "A talk", "video": {{"url": "{URL}"}}}}', ["A talk"]),
    ("a.json", f'{{"title": "Course", "videos": ["{URL}", "{OTHER}"]}}', [None, None]),
    ("a.json", f'{{"title": "A talk", "about": "see {URL}"}}', [None]),
    ("a.json", f'{{"title": "Bees", "links": [{{"name": "Video", "url": "{URL}"}}, {{"name": "Slides"}}]}}', ["Bees"]),
    ("a.json", f'[{{"title": "A talk", "links": ["{URL}"]}}]', ["A talk"]),
]


@pytest.mark.parametrize(("name", "text", "labels"), MAPPINGS)
def test_the_nearest_mapping_gives_the_label(name: str, text: str, labels: list[str | None]) -> None:
    assert [link.label for link in links_of(name, text)] == labels


LINES = [
    ("a.md", f"- Keynote: {URL}\n", ["Keynote"]),
    ("a.md", f"- **Keynote** by Jane: <{URL}>\n", ["Keynote by Jane"]),
    ("a.md", f"1. Keynote – [video]({URL}) ([slides](https://a.example/))\n", ["Keynote", "Keynote"]),
    ("a.md", f"- [ ] Keynote [here]({URL})\n", ["Keynote"]),
    ("a.md", f"- [Keynote](https://a.example/) ([recording]({URL}))\n", ["Keynote", "Keynote"]),
    ("a.md", f"- [Watch]({URL}) – Keynote\n", ["Keynote"]),
    ("a.md", f"- {URL} (Keynote)\n", ["Keynote"]),
    ("a.md", f"- Keynote\n  [video]({URL})\n", ["Keynote"]),
    ("a.md", f"- Keynote\n\n  - [Video]({URL})\n  - [Slides](https://a.example/)\n", ["Keynote", "Keynote"]),
    ("a.md", f"- Topics\n  - {URL}\n  - {OTHER}\n", [None, None]),
    ("a.md", f"Keynote: {URL}\n", ["Keynote"]),
    ("a.md", f"You can find our talk on bees here: {URL}\n", [None]),
    ("a.md", f"We once gave a talk. It was recorded: {URL}\n", [None]),
    ("a.md", f"See {URL} and {OTHER}\n", [None, None]),
    ("a.md", f"- 3 May 2024: [video]({URL})\n", ["video"]),
    ("a.md", f"- 12.5. {URL}\n", [None]),
    ("a.md", f"### Bees\n\n[Video]({URL})\n\n### Ants\n\n[Video]({URL}) [Recording]({OTHER})\n",
     ["Bees", "Video", "Recording"]),
    ("a.md", f"# Only title\n\n[Video]({URL})\n", ["Video"]),
    ("a.md", f"### Bees\n\n{URL}\n", [None]),
    ("a.md", f"## Bees: [video]({URL})\n", ["Bees"]),
    ("a.md", f"| Date | Talk | Film |\n|--|--|--|\n| 3 May | Bees | [Link]({URL}) |\n", ["Bees"]),
    ("a.md", f"| Who | Title | Film |\n|--|--|--|\n| Jane | Bees | {URL} |\n| Jo | 7 | [x]({OTHER}) |\n",
     ["Bees", "x"]),
    ("a.md", f"a | b\n--|--\nBees | [Video]({URL})\n", ["Bees"]),
    ("a.md", f"<ul><li>Bees: <a href='{URL}'>video</a></li></ul>\n", ["Bees"]),
    ("a.Rmd", f"\\href{{{URL}}}{{Bees}}\n", ["Bees"]),
    ("a.txt", f"Keynote - {URL}\nBees\t{OTHER}\n", ["Keynote", "Bees"]),
    ("a.org", f"- Keynote: {URL}\n- [[{OTHER}][Bees]]\n", ["Keynote", "Bees"]),
    ("a.org", f"| Talk | Film |\n|------+------|\n| Bees | [[{URL}][Video]] |\n", ["Bees"]),
    ("a.org", f"* Heading\n:PROPERTIES:\n:VIDEO: {URL}\n:END:\n", [None]),
    ("a.rst", f"* Keynote: {URL}\n", ["Keynote"]),
    ("a.rst", f".. list-table::\n\n   * - Bees\n     - `Recording <{URL}>`_\n   * - Ants\n     - {OTHER}\n",
     ["Bees", "Ants"]),
    ("a.rst", f"+------+-----+\n| Bees | `Video <{URL}>`__ |\n+------+-----+\n", ["Bees"]),
    ("a.rst", f".. note:: {URL}\n\n.. _Bees: {OTHER}\n", [None, "Bees"]),
    ("a.adoc", f"|===\n|Bees |{URL}[Video]\n\n|Ants\n|{OTHER}[Video^]\n|===\n", ["Bees", "Ants"]),
    ("a.adoc", f"Bees:: {URL}\n* Ants: link:{OTHER}[film,window=_blank]\n", ["Bees", "Ants"]),
    ("a.tex", f"\\item Bees: \\url{{{URL}}}\nAnts & \\href{{{OTHER}}}{{Video}} \\\\\n", ["Bees", "Ants"]),
    ("a.wiki", f"* Bees: [{URL} video]\n{{|\n|-\n| Ants || [{OTHER} Link]\n|}}\n", ["Bees", "Ants"]),
    ("a.md", f"- Course (2022) [Video]({URL})\n- Wax (a, b): {OTHER}\n", ["Course (2022)", "Wax (a, b)"]),
    ("a.md", f"- On:\n  Bees: {URL}\n  Ants: {OTHER}\n", ["Bees", "Ants"]),
    ("a.md", f"- video_url: {URL}\n- uploader_url: {OTHER}\n", [None, None]),
    ("a.org", f"| 0 | 7:13 | 2024-01-15 | [[{URL}][{ID}]] | Bees |\n", ["Bees"]),
    ("a.tex", f"\\item Bees [\\href{{{URL}}}{{\\LINK{{video}}}}]\n", ["Bees"]),
    ("a.tex", f"\\href{{{URL}}}{{\\includegraphics[width=1cm]{{x.jpg}}}}\n", [None]),
    ("a.typ", f'- Bees: #link("{URL}")[video]\n', ["Bees"]),
    ("a.html", f"<ul><li>Bees: <a href='{URL}'>Video</a>, <a href='https://a.example/'>Slides</a></ul>",
     ["Bees", "Bees"]),
    ("a.html", f"<ul><li>Bees<ul><li><a href='{URL}'>Video</a></ul><li>Ants: {OTHER}</ul>", ["Bees", "Ants"]),
    ("a.html", f"<table><tr><th>Day<th>Talk<th>Film<tr><td>Mon<td>Bees<td><a href='{URL}'>Link</a></table>", ["Bees"]),
    ("a.html", f"<p>We gave a talk about bees <a href='{URL}'>here</a>.</p>", ["here"]),
    ("a.html", f"<a href='{URL}' title='Bees'>Video</a>", ["Bees"]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "labels"), LINES)
def test_the_text_around_a_link_without_a_label_names_it(name: str, text: str, labels: list[str | None]) -> None:
    assert [link.label for link in links_of(name, text)] == labels


def test_a_label_that_is_taken_from_around_the_link_says_so() -> None:
    links = links_of("a.md", f"- Bees: [video]({URL})\n- [Ants]({OTHER})\n")
    assert [link.inferred for link in links] == [("label",), ()]


SECTIONS = [
    ("a.org", f"#+title: x\n* TODO [#A] Bees [1/2]  :a:b:\n** Honey\n{URL}\n* Ants\n{OTHER}\n",
     ["Bees > Honey", "Ants"]),
    ("a.org", f"* Bees\n#+begin_src\n* No\n#+end_src\n{URL}\n", ["Bees"]),
    ("a.rst", f"=====\nTitle\n=====\n\nBees\n====\n\nHoney\n-----\n{URL}\n\nAnts\n====\n{OTHER}\n",
     ["Bees > Honey", "Ants"]),
    ("a.rst", f"Bees\n----\n\n- a\n- b\n\n----\n\n{URL}\n", [None]),
    ("a.adoc", f"= Title\n:a: b\n\n== Bees\n\n=== Honey ===\n{URL}\n", ["Bees > Honey"]),
    ("a.tex", f"\\chapter{{Bees}}\n\\section[s]{{\\emph{{Honey}} \\label{{x}}}}\n{URL}\n\\section*{{Wax}}\n{OTHER}\n",
     ["Bees > Honey", "Bees > Wax"]),
    ("a.tex", f"\\section{{Bees}}\n\\begin{{frame}}{{Honey}}\n{URL}\n\\end{{frame}}\n", ["Bees > Honey"]),
    ("a.typ", f"= Bees\n== Honey <a>\n{URL}\n", ["Bees > Honey"]),
    ("a.wiki", f"== Bees ==\n=== Honey ===\n{URL}\n== [[Ants|The ants]] ==\n{OTHER}\n", ["Bees > Honey", "The ants"]),
    ("a.opml", f"<body><outline text='Bees'><outline text='A' xmlUrl='{URL}'/></outline>"
     f"<outline title='B' url='{OTHER}'/></body>",
     ["Bees", None]),
    ("a.ptx", f"<chapter><title>Bees</title><section><title>Honey</title><p>{URL}</p></section><p>{OTHER}</p>"
     f"</chapter>",
     ["Bees > Honey", "Bees"]),
    ("a.html", f"<h2>Bees</h2><table><caption>Honey</caption><tr><td>{URL}</table><p>{OTHER}",
     ["Bees > Honey", "Bees"]),
    ("a.html", f"<!DOCTYPE NETSCAPE-Bookmark-file-1><H1>Bookmarks</H1><DL><p><DT><H3>Bees</H3><DL><p><DT>"
     f"<H3>Honey</H3><DL><p>"
     f"<DT><A HREF='{URL}'>a</A></DL><p></DL><p><DT><A HREF='{OTHER}'>b</A></DL>", ["Bees > Honey", None]),
    ("a.json", f'{{"title": "Bees", "videos": [{{"url": "{URL}"}}, {{"url": "{OTHER}", "section": "Wax"}}]}}',
     ["Bees", "Wax"]),
    ("a.yml", f"- section: Bees\n  talks:\n  - title: a\n    url: {URL}\n  - url: {OTHER}\n", ["Bees", "Bees"]),
    *(
        ("a.md", f"# T\n\n## Bees {attributes}\n{URL}\n", ["Bees"])
        for attributes in (
            "{#id}", "{.class}", "{#id .class key=value}", '{ #id data-toc-label="x" }', "{: .class}", "{:.class}",
            "{-}", "{.unnumbered}", "{/* #id */}", "{#id} ##", "{data-a=b}", "",
        )
    ),
    ("a.md", f"# T\n\n## Sets like {{1, 2}}\n{URL}\n", ["Sets like {1, 2}"]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "sections"), SECTIONS)
def test_headings_of_every_markup_are_sections(name: str, text: str, sections: list[str | None]) -> None:
    assert [link.section for link in links_of(name, text)] == sections


TITLES = [
    ("a.bib", f"@misc{{x,\n  title = {{The {{Film}} of bees}},\n  url = {{{URL}}}\n}}\n@misc{{y, url={{{OTHER}}}}}\n",
     ["The Film of bees", None]),
    ("a.bib", f'@online{{x, url = "{URL}",\n booktitle = {{no}}, title = "Bees"}}\n', ["Bees"]),
    ("a.rss", f"<channel><title>No</title><item><title>Bees</title><link>{URL}</link></item>"
     f"<link>{OTHER}</link></channel>",
     ["Bees", None]),
    ("a.atom", f"<entry><link href='{URL}'/><title><![CDATA[Bees & ants]]></title></entry>", ["Bees & ants"]),
    ("a.opml", f"<outline text='Bees &amp; ants' xmlUrl='{URL}'/>", ["Bees & ants"]),
    ("a.ptx", f"<url href='{URL}'>a <em>film</em> of bees</url>", ["a film of bees"]),
    ("a.wiki", f"[{URL} Bees]\n", ["Bees"]),
    ("a.adoc", f"link:{URL}[Bees^]\n", ["Bees"]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "labels"), TITLES)
def test_entries_and_elements_have_titles(name: str, text: str, labels: list[str | None]) -> None:
    assert [link.label for link in links_of(name, text)] == labels


@pytest.mark.parametrize(
    "label",
    ["Link", "Recording", "slides", "Day 1", "English", "Video", "here", "YouTube", "watch", "2024-05-03", "12", "▶",
     "May 3rd", "Part II", "Deutsch", "Aufzeichnung", "Vidéo", "aquí", "видео", "视频", "動画",
     "Watch the video", "Lecture 3"],
)  # fmt: skip
def test_filler_would_fit_any_link(label: str) -> None:
    assert is_filler(label)


@pytest.mark.parametrize(
    "label", ["Keynote", "Linear Algebra", "Day of the Bees", "C++", "x", "Calculus 1", "線性代數"]
)
def test_a_name_is_no_filler(label: str) -> None:
    assert not is_filler(label)
    assert is_name(label)
