"""Finds URLs in running text, as people write them: with and without a scheme, among punctuation."""

import re
from collections.abc import Iterator
from html import unescape
from html.entities import html5
from typing import NamedTuple


class UrlMatch(NamedTuple):
    """One URL of a text: `text[start:end]` is how it is written there."""

    url: str
    start: int
    end: int


ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")


def without_entities(url: str) -> str:
    """The URL with the characters that its entities, such as `&amp;`, stand for."""
    return ENTITY.sub(lambda entity: unescape(entity[0]), url)


# What ends a URL: white space, quotes of any script, brackets of markup, and the punctuation of Chinese and Japanese,
# which is set without a space. Letters of any script may be part of it: YouTube's handles have them.
_PUNCTUATION = "\"'<>`|\\^[]“”„‘’«»‹›…、。，；：！？（）【】「」『』《》"
_SPACES = "".join(map(chr, (*range(33), 127, 133, 160, 5760, *range(8192, 8203), 8232, 8233, 8239, 8287, 12288)))
_END = rf"\s\x00-\x1f\x7f{re.escape(_PUNCTUATION)}"


def _escaped_end() -> str:
    """The entities, behind their `&`, that stand for what ends a URL, also when they are escaped more than once.

    In `&lt;a href=&quot;URL&quot;&gt;`, HTML that a page shows, the quote ends the URL as it would in the HTML.
    """
    characters = _SPACES + _PUNCTUATION
    names = [name[:-1] for name, character in html5.items() if character in characters and name.endswith(";")]
    numbers = [f"#0*{ord(character)}|#x0*{ord(character):x}" for character in characters]
    return rf"(?:amp;|#0*38;|#x0*26;)*+(?:{'|'.join(names + numbers)});"


# A comma or semicolon before a scheme parts two URLs; a backslash before punctuation escapes it (Markdown, TeX).
_REST = rf"[^{_END},;&]*+(?:(?:[,;](?!https?:)|&(?!{_escaped_end()})|\\[!#$%&()*+,\-./:;=?@_~])[^{_END},;&]*+)*+"
_HOST = r"(?:[a-z0-9_-]++\.)+[a-z]{2,63}(?::[0-9]{1,5})?"
_URL = re.compile(
    r"(?:https?:(?:\\?/){2}(?=\w)"
    rf"|(?<![a-z0-9_:/\\])//{_HOST}/"
    # Not the middle of a path, and not the right-hand side of an e-mail address.
    rf"|(?<![a-z0-9_@./\\-]){_HOST}/){_REST}",
    re.IGNORECASE,
)
_ESCAPE = re.compile(r"\\(.)")
_BRACKET = re.compile(r"[(){}]")
_OPENING = {")": "(", "}": "{"}
_TEMPLATE = re.compile(
    r"\{\{|\{%"
    r"|(?<=[/=])(?:\(?(?:\[[\^\w\\]|\\[wdsWDS])|\{[\w$]|\.\.\.|…|<%|<[\w-]*(?:id|_)[\w-]*>|&lt;[\w-]*(?:id|_)[\w-]*&gt;|[\"'`]\s{0,9}(?:\+|\.\s?\$|~|\|\|))",
    re.IGNORECASE,
)
r"""What follows a URL that a program or a template completes: `{{ page.id }}`, `" + id`, `<id>`, `[\w-]+`."""

_MACRO_ARGUMENT = re.compile(r"[=/]#[1-9]\Z")
"""What ends a URL that a macro of TeX completes."""

_PROSE = ".,;:!?*~({\\"
"""What a sentence, not a URL, ends with. Not `_` and `-`: ids end with them."""


def find_urls(text: str) -> Iterator[UrlMatch]:
    """Yield every URL of the text, in order.

    A URL ends where white space, a quote, an angle or square bracket or an unbalanced closing bracket begins, also one
    that is written as an entity (`&quot;`, `&amp;gt;`); the punctuation of the sentence around it is left out.
    Backslashes that escape punctuation are taken out of `url`. A URL that a template completes is none.
    """
    if "/" not in text:
        return
    for match in _URL.finditer(text):
        written = _without_prose(match[0])
        if _TEMPLATE.match(text, match.start() + len(written)) or _MACRO_ARGUMENT.search(written):
            continue
        url = _ESCAPE.sub(r"\1", written) if "\\" in written else written
        yield UrlMatch(url, match.start(), match.start() + len(written))


def _without_prose(written: str) -> str:
    """Cut at the first closing bracket that nothing opened, then the punctuation at the end."""
    opened: list[str] = []
    for bracket in _BRACKET.finditer(written):
        if bracket[0] in "({":
            opened.append(bracket[0])
        elif not opened or opened.pop() != _OPENING[bracket[0]]:
            written = written[: bracket.start()]
            break
    return written.rstrip(_PROSE)
