"""Comments and code in texts of other kinds than Markdown and HTML: what stands in them is no link, as in Markdown.

Adding a kind of file: a row of `_RANGES`.
"""

import re
from collections.abc import Callable, Iterator
from itertools import accumulate
from pathlib import PurePath

Range = tuple[int, int]
"""Start and end, in code points."""

_Ranges = Callable[[str], Iterator[Range]]


def comments_and_code(text: str, file: str) -> list[Range]:
    """The ranges of a text's comments and code, in its order.

    Args:
        text: Of the file.
        file: Its name, whose extension says what comments look like.
    """
    ranges = _RANGES.get(PurePath(file).suffix.lower())
    return list(ranges(text)) if ranges else []


def _matching(pattern: str) -> _Ranges:
    """What a pattern matches; where it has a group `skip`, only that: the rest, such as a string, may hold links."""
    compiled = re.compile(pattern, re.MULTILINE | re.IGNORECASE)
    group = "skip" if "skip" in compiled.groupindex else 0

    def ranges(text: str) -> Iterator[Range]:
        return (match.span(group) for match in compiled.finditer(text) if match[group] and not _is_open(match[group]))

    return ranges


def _is_open(text: str) -> bool:
    """Whether it begins like a block comment and is never closed: a part of a regular expression, or broken."""
    return text.startswith("/*") and not text.endswith("*/")


# A string ends with its line at the latest: an apostrophe of prose that was taken for its beginning costs no more.
_DOUBLE_QUOTED = r'"(?:[^"\\\n]|\\.)*+(?:"|$)'
_SINGLE_QUOTED = r"(?<!\w)'(?:[^'\\\n]|\\.)*+(?:'|$)"
_BLOCK_COMMENT = r"/\*(?s:.*?)(?:\*/|\Z)"
_LINE_COMMENT = r"(?<![:\\])//[^\n]*"
"""Not the middle of a URL or of a regular expression."""

_MARKUP_COMMENT = r"<!--(?s:.*?)(?:-->|\Z)"
_JAVASCRIPT = (
    rf"{_DOUBLE_QUOTED}|{_SINGLE_QUOTED}|`(?s:[^`\\]|\\.)*+(?:`|\Z)|(?P<skip>{_BLOCK_COMMENT}|{_LINE_COMMENT})"
)
_PYTHON = (
    r'"""(?s:[^"\\]|\\.|"(?!""))*+(?:"""|\Z)'
    r"|'''(?s:[^'\\]|\\.|'(?!''))*+(?:'''|\Z)"
    r'|"(?:[^"\\\n]|\\[\s\S])*+(?:"|$)'
    r"|'(?:[^'\\\n]|\\[\s\S])*+(?:'|$)"
    r"|^#[ \t]*(?:%%|\+)[^\n]*\[(?:markdown|md)\][^\n]*\n(?:#[^\n]*(?:\n|\Z))*"  # a cell of Jupytext is prose
    r"|(?P<skip>#[^\n]*)"
)
_TYPST = rf"{_DOUBLE_QUOTED}|(?P<skip>(`{{3,}})(?s:.*?)(?:\2|\Z)|`[^`\n]*`|{_BLOCK_COMMENT}|{_LINE_COMMENT})"
_SCRIPTS = re.compile(r"(<script\b[^<>]*>|\A---[ \t]*\n)((?s:.*?))(?:</script|\n---|\Z)", re.IGNORECASE)
"""Those of components, and the front matter of Astro."""
_BESIDE_SCRIPTS = _matching(rf"{_MARKUP_COMMENT}|\{{/\*(?s:.*?)(?:\*/\}}|\Z)|<style\b(?s:.*?)(?:</style|\Z)")
_javascript = _matching(_JAVASCRIPT)


def _components(text: str) -> Iterator[Range]:
    """Of markup with scripts: a `//` is a comment in these alone."""
    scripts = [match.span(2) for match in _SCRIPTS.finditer(text)]
    inside = [(start + begin, start + end) for start, stop in scripts for begin, end in _javascript(text[start:stop])]
    return iter(sorted([*_BESIDE_SCRIPTS(text), *inside]))


_BLOCK_SCALAR = re.compile(r"([ ]*(?:-[ ]+)*)(?:(.*:[ \t])?|.*[ \t])(?:[!&][^\s]*[ \t]+)*[|>][+-]?[0-9]?[+-]?\Z")
"""The beginning of a text on further lines; group 2 is its key, group 1 what stands before it."""

_YAML_TOKEN = re.compile(r"""(?:(?<=[\s\[{,:])|^)(?:"(?:[^"\\]|\\.)*+"|'(?:[^']|'')*+')|((?:(?<=[ \t])|^)#.*)""")


def _yaml(text: str) -> Iterator[Range]:
    """Comments, but not the lines of block scalars (`key: |`), which are text also when they begin with `#`."""
    offset, column_of_scalar = 0, None
    for line in text.split("\n"):
        content = line.lstrip(" ")
        if column_of_scalar is not None and content and len(line) - len(content) <= column_of_scalar:
            column_of_scalar = None
        if column_of_scalar is None:
            comment = next((match for match in _YAML_TOKEN.finditer(line) if match[1] is not None), None)
            if comment:
                yield offset + comment.start(1), offset + comment.end(1)
            written = (line[: comment.start(1)] if comment else line).rstrip()
            if written.endswith(("|", ">", "-", "+")) and (scalar := _BLOCK_SCALAR.match(written)):
                column_of_scalar = len(scalar[1]) if scalar[2] else len(scalar[1].rstrip(" -"))
        offset += len(line) + 1


_asciidoc_literals = _matching(r"`\+[^\n`]*\+`")
_ASCIIDOC_MARK = re.compile(r"(/{4,}|-{4,}|\.{4,}|```(?=[\w,+#-]*\Z))")


def _asciidoc(text: str) -> Iterator[Range]:
    """Comments, listings and literal blocks. Hyphens as long as the line above them underline a title."""
    lines = [line.rstrip() for line in text.split("\n")]
    offsets = [0, *accumulate(len(line) + 1 for line in text.split("\n"))]
    last = {line: number for number, line in enumerate(lines)}
    number = 0
    while number < len(lines):
        line, start = lines[number], number
        mark = _ASCIIDOC_MARK.match(line)
        if mark and (mark[0] in {line, "```"}) and not (number and _underlines(line, lines[number - 1])):
            if last.get(mark[0], 0) > number:
                number = lines.index(mark[0], number + 1)
                yield offsets[start], offsets[number + 1]
            elif line[0] == "/":
                yield offsets[start], len(text)
                return
        elif line.startswith("//") and not line.startswith("///"):
            yield offsets[start], offsets[start + 1]
        number += 1


def _underlines(line: str, above: str) -> bool:
    is_prose = bool(above) and not above.startswith(("[", ".", "//")) and above != "+"
    return line[0] == "-" and is_prose and abs(len(line) - len(above)) <= 1


_RST_ITEM = re.compile(r"[ \t]*(?:(?:[-*+•]|(?:[0-9]+|[a-zA-Z#])[.)]|\([0-9a-zA-Z#]+\))[ \t]+)*")
_RST_DIRECTIVE = re.compile(r"\.\.[ \t]+(?:\|[^|]*\|[ \t]+)?[\w:+.-]+::")
_RST_CODE = re.compile(
    r"\.\.[ \t]+(?:code|code-block|sourcecode|doctest|testcode|testoutput|testsetup|ipython|prompt)::"
)
_RST_COMMENT = re.compile(r"\.\.[ \t]+(?![\[_|])")


def _rst(text: str) -> Iterator[Range]:
    """Comments, directives of code, and the literal blocks below a paragraph that ends with `::`."""
    offset, start = 0, 0
    column: int | None = None
    """Of what the block belongs to, while we are in one: its lines are indented deeper."""
    is_literal, above = False, ""
    for line in text.split("\n"):
        content = line.strip()
        if column is not None and content:
            indentation = len(line) - len(line.lstrip(" \t"))
            if indentation <= column or (is_literal and above and start == offset):  # no empty line between
                yield start, offset
                column = None
            is_literal = False
        if column is None and content:
            begin = match.end() if (match := _RST_ITEM.match(line)) else 0
            body = line[begin:].rstrip()
            if _RST_CODE.match(body) or (_RST_COMMENT.match(body) and not _RST_DIRECTIVE.match(body)):
                column, start = begin, offset
            elif body == ".." or (body.endswith("::") and not _RST_DIRECTIVE.match(body)):
                column, start, is_literal = begin, offset + len(line) + 1, body != ".."
        elif above == ".." and not content:
            column = None
        above = content
        offset += len(line) + 1
    if column is not None:
        yield min(start, len(text)), len(text)


_LIQUID_COMMENT = r"\{%-?\s*(comment|highlight)\b[^%]*%\}(?s:.*?)(?:\{%-?\s*end\1\b|\Z)"
_LIQUID_COMMENTS = _matching(_LIQUID_COMMENT)
_MYST = re.compile(r"^[ \t]*(?:`{3,}|:{3,})\{[\w:-]+\}|\{[\w:-]+\}`|^jupytext:", re.MULTILINE)
"""A directive, a role, or the front matter of MyST: in other Markdown a line that begins with `%` is prose."""
_MYST_COMMENTS = _matching(rf"^%[ \t][^\n]*|{_LIQUID_COMMENT}")
_XML = _matching(_MARKUP_COMMENT)
_TOML = _matching(
    r'"""(?s:.*?)(?:"""|\Z)'
    r"|'''(?s:.*?)(?:'''|\Z)"
    r'|"(?:[^"\\\n]|\\.)*+(?:"|$)'
    r"|'[^'\n]*+(?:'|$)|(?P<skip>#[^\n]*)"
)
_RANGES: dict[str, _Ranges] = {
    extension: ranges
    for extensions, ranges in (
        (".adoc .asciidoc", lambda text: iter(sorted([*_asciidoc(text), *_asciidoc_literals(text)]))),
        (
            ".tex",
            _matching(
                r"^[ \t]*+%[^\n]*|(?<=[ \t])%[^\n]*"
                r"|\\begin\{(verbatim\*?|lstlisting|minted|comment)\}(?s:.*?)(?:\\end\{\1\}|\Z)"
            ),
        ),
        (".bib", _matching(r"^[ \t]*+%[^\n]*|@comment\b[^\n@]*(?:\n[^\n@}]*)*")),
        (
            ".org",
            _matching(
                r"^[ \t]*+#\+begin_(src|example|comment)\b(?s:.*?)(?:#\+end_\1|\Z)|^[ \t]*+#[ \t][^\n]*"
                r"|^[ \t]*+:[ \t][^\n]*"
                r"|(?:^|(?<=[\s('\"{-]))([=~])(?=\S)[^\n]{0,300}?\S\2(?=[\s.,;:!?'\")}\[-]|$)"
            ),
        ),
        (".yaml .yml", _yaml),
        (".toml", _TOML),
        (".rst", _rst),
        (".py", _matching(_PYTHON)),
        (".js .ts .tsx", _javascript),
        (".vue .svelte .webc .astro", _components),
        (".mdx", _matching(r"\{/\*(?s:.*?)(?:\*/\}|\Z)")),
        (".njk .html .htm .liquid", _matching(rf"\{{#(?s:.{{0,2000}}?)#\}}|{_LIQUID_COMMENT}")),
        (".md .markdown", lambda text: (_MYST_COMMENTS if _MYST.search(text) else _LIQUID_COMMENTS)(text)),
        (".typ", _matching(_TYPST)),
        (
            ".wiki",
            _matching(rf"{_MARKUP_COMMENT}|<(nowiki|pre|syntaxhighlight|source)\b[^<>]*(?<!/)>(?s:.*?)(?:</\1|\Z)"),
        ),
        (".xml .opml .rss .atom .webloc", _XML),
        (".ptx", _matching(rf"{_MARKUP_COMMENT}|<(program|console|sage|pre|cd|c)\b[^<>]*(?<!/)>(?s:.*?)(?:</\1>|\Z)")),
        (".m3u .m3u8", _matching(r"^#(?!EXT)[^\n]*")),
    )
    for extension in extensions.split()
}
"""The comments and blocks of code of each kind of file that has some."""
