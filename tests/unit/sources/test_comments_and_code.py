"""What is a comment or code in each kind of file has no links; what only looks like it keeps its own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkwatch.sources.comments_and_code import _RANGES, comments_and_code
from linkwatch.sources.formats import format_by_extension, reader_for

SKIPPED, LINKED = "https://youtu.be/commented", "https://youtu.be/linked"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        # AsciiDoc
        ("a.adoc", "Prose, as long as it is\n----\n{0}\n----\n{1}\n"),
        ("a.adoc", "Prose:\n\n....\n{0}\n....\n{1}\n"),
        ("a.adoc", "Prose\n....\n{0}\n----\n{0}\n....\n{1}\n"),
        ("a.adoc", ".Title\n------\n{0}\n------\n{1}\n"),
        ("a.adoc", "[source]\n--------\n{0}\n--------\n{1}\n"),
        ("a.adoc", "* item\n+\n----\n{0}\n----\n{1}\n"),
        ("a.adoc", "```sh\n{0}\n```\n{1}\n"),
        ("a.adoc", "A title\n-------\n{1}\n\nOther\n-----\n{1}\n"),
        ("a.adoc", "----\n{1}\n"),
        ("a.adoc", "....and so on\n{1}\n"),
        ("a.adoc", "====\n{1}\n====\n"),
        # reStructuredText
        ("a.rst", "Like this::\n\n   {0}\n\n   {0}\n\n{1}\n"),
        ("a.rst", "::\n\n   {0}\n\n{1}\n"),
        ("a.rst", "* Like this::\n\n      {0}\n\n  {1}\n* {1}\n"),
        ("a.rst", "1. Like this::\n\n     {0}\n\n   {1}\n"),
        ("a.rst", "Like this::\n{1}\n"),
        ("a.rst", "Like this::\n   {1}\n"),
        ("a.rst", ".. note::\n\n   {1}\n"),
        ("a.rst", ".. note:: See::\n\n   {1}\n"),
        ("a.rst", ".. |talk| replace:: {1}\n"),
        ("a.rst", "Text\n\n   .. code::\n\n      {0}\n\n   {1}\n"),
        ("a.rst", ".. code-block:: sh\n   :caption: x\n\n   {0}\n{1}\n"),
        ("a.rst", "..\n   {0}\n\n   {0}\n{1}\n"),
        ("a.rst", "..\n\n   {1}\n"),
        ("a.rst", ".. a comment:\n\n   {0}\n\n{1}\n"),
        ("a.rst", "See {1}::\n\n   {0}\n"),
        # Programs
        ("a.py", '# {0}\nx = 1  # {0}\nurl = "{1}"  # {0}\n'),
        ("a.py", '"""\n# {1}\n"""\ndef f():\n    \'\'\'See {1} "it".\'\'\'  # {0}\n'),
        ("a.py", "a = '#', \"#\", '\\'#', f\"#{{x}}\", '{1}'\n# it's {0}\nb = '{1}'\n"),
        ("a.py", "# %% [markdown]\n# See {1}.\n# And {1}.\n\n# %%\nx = 1  # {0}\n"),
        (
            "a.js",
            "const files = /^[a-z/*]+$/;\nconst a = '{1}'\n// {1}\n",
        ),  # what is no comment hides nothing behind it
        ("a.js", "// {0}\nconst a = '{1}' // {0}\n/* {0}\n{0} */ const b = `{1}\n// {1}`\n"),
        ("a.ts", 'const a = "//{1}" // {0}\nconst glob = "/*", b = "{1}"\n'),
        ("a.ts", "const r = /https?:\\/\\//, a = `{1}`\n"),
        ("a.ts", "/* {1}\n"),
        ("a.tsx", "return <p>Don't {{/* {0} */}} miss {1} <a href={{'{1}'}}>x</a></p> // {0}\n"),
        (
            "a.vue",
            "<template>\n<!-- {0} -->\n// {1}\n</template>\n<script setup>\n// {0}\nconst a = '{1}'\n</script>\n",
        ),
        ("a.svelte", "<script>/* {0} */ let a = '{1}'</script>\n{{/* {0} */}}\n<style>/* {0} */</style>\n{1}\n"),
        ("a.webc", "<!-- {0} --><a href='{1}'>x</a>\n"),
        (
            "a.astro",
            "---\n// {0}\nconst a = 1\n---\n<!-- {0} -->\n{{/* <a href='{0}'>x</a> */}}\n<a href='{1}'>x</a>\n",
        ),
        ("a.mdx", "{{/* [x]({0}) */}}\n\n[x]({1})\n"),
        ("a.njk", "{{# <a href='{0}'>x</a> #}}<a href='{1}'>x</a>\n"),
        # Documents
        ("a.typ", '// {0}\n#link("{1}") // {0}\n/* {0} */ {1} `{0}`\n```sh\n{0}\n```\n{1}\n'),
        ("a.wiki", "<!-- {0} -->[{1} talk]\n<nowiki>{0}</nowiki>\n<pre>\n{0}</pre>\n<nowiki/>{1}\n"),
        (
            "a.tex",
            "\\begin{{verbatim}}\n{0}\n\\end{{verbatim}}\n\\url{{{1}}}\n\\begin{{comment}}\n{0}\n\\end{{comment}}\n",
        ),
        ("a.html", "{{# {0} #}}{{#a}}<p>{1}</p>{{/a}}\n"),
        ("a.liquid", "{{% comment %}}{0}{{% endcomment %}}<p>{1}</p>{{% raw %}}<p>{1}</p>{{% endraw %}}\n"),
        (
            "a.md",
            "{{%- comment -%}}\n{0}\n{{%- endcomment -%}}\n\n{{% highlight sh %}}\n{0}\n{{% endhighlight %}}\n\n{1}\n",
        ),
        ("a.md", "% {0}\n\n50 % {1}\n\n```{{note}}\nSee {1}\n```\n"),
        ("a.md", "% {1}, which is prose where nothing is of MyST\n"),
        ("a.bib", "@comment{{a, url = {{{0}}}}}\n@misc{{a, url = {{{1}}}}}\n"),
        ("a.org", "={0}= and ~{0}~, but a={1} =and= [[{1}][=x=]]\n"),
        ("a.adoc", "`+{0}+` and `{1}`\n"),
        ("a.ptx", "<program><input>{0}</input></program><pre>{0}</pre><c>{0}</c><caption>{1}</caption>\n"),
        ("a.bib", "% {0}\n@misc{{a, url = {{{1}}}}}\n"),
        ("a.org", "Text\n: {0}\n:URL: {1}\n- {1} :: x\n"),
        ("a.m3u", "#EXTM3U\n# {0}\n#EXTINF:1,Talk\n{1}\n#{0}\n"),
        ("a.xml", "<!-- {0} --><a>{1}</a><![CDATA[{1}]]>\n"),
        ("a.opml", "<opml><!--\n{0}\n--><outline htmlUrl='{1}'/></opml>\n"),
        # YAML and TOML
        ("a.yaml", "text: |\n  # {1}\n  {1}  # {1}\n\n  # {1}\nother: 1 # {0}\n# {0}\n"),
        ("a.yaml", "- text: >-  # {0}\n    # {1}\n  other: {1} # {0}\n- |\n  # {1}\n- # {0}\n"),
        ("a.yaml", "a:\n  - text: &x |2-\n      # {1}\n    # {0}\n  # {0}\n"),
        ("a.yaml", "title: \"No # comment {1}\" # {0}\nb: 'it''s # {1}' # {0}\nc: it's # {0}\n"),
        ("a.yaml", "a: b > c\nd:\n  # {0}\n  e: {1}#x\n"),
        ("a.md", "---\n# {0}\nvideo: {1} # {0}\n---\n# {1}\n"),
        ("a.md", "+++\nvideo = '{1}' # {0}\n# {0}\n+++\n{1}\n"),
        ("a.njk", "---\n# {0}\nvideo: {1}\n---\n<a href='{1}'>#</a>\n"),
        ("a.toml", 'a = "# {1}" # {0}\nb = """\n# {1}\n"""\nc = \'# {1}\'\n# {0}\n'),
    ],
)
def test_comments_and_code_have_no_links(name: str, text: str) -> None:
    kind = format_by_extension(name)
    assert kind is not None
    text = text.format(SKIPPED, LINKED)
    lines = text.splitlines(keepends=True)
    links = list(reader_for(kind)(lines, name))
    assert [link.url for link in links if not link.url.startswith(LINKED)] == []
    assert len(links) == text.count(LINKED)
    assert all(LINKED in lines[link.line - 1][link.column - 1 :] for link in links)


PIECES = (
    *(
        "'",
        '"',
        "`",
        "```",
        '"""',
        "\\",
        "\\'",
        "\n",
        " ",
        "//",
        "/*",
        "*/",
        "<!--",
        "-->",
        "#",
        "----",
        "....",
        "////",
    ),
    *(
        "..",
        "::",
        ".. code::",
        "<script>",
        "</script>",
        "{/*",
        "*/}",
        "<pre>",
        "|",
        ">",
        ": |\n",
        "- ",
        "%",
        "#+begin_src",
    ),
    *("\\begin{verbatim}", "# %% [markdown]\n", "---", "a", "[", "  "),
)


@pytest.mark.parametrize("extension", sorted(_RANGES))
@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_the_ranges_of_any_text_are_in_it_and_in_order(extension: str, text: str) -> None:
    ranges = comments_and_code(text, f"a{extension}")
    assert all(0 <= start <= end <= len(text) + 1 for start, end in ranges)
    assert ranges == sorted(ranges)
