"""Finds URLs in running text, as people write them: with and without a scheme, among punctuation."""

import re
from collections.abc import Iterator
from typing import NamedTuple


class UrlMatch(NamedTuple):
    """One URL of a text: `text[start:end]` is how it is written there."""

    url: str
    start: int
    end: int


# What ends a URL: white space, quotes of any script, brackets of markup, and the punctuation of Chinese and Japanese,
# which is set without a space. Letters of any script may be part of it: YouTube's handles have them.
_END = r"""\s\x00-\x1f\x7f"'<>`|\\^\[\]“”„‘’«»‹›…、。，；：！？（）【】「」『』《》"""
# A comma or semicolon before a scheme parts two URLs; a backslash before punctuation escapes it (Markdown, TeX).
_REST = rf"[^{_END},;]*+(?:(?:[,;](?!https?:)|\\[!#$%&()*+,\-./:;=?@_~])[^{_END},;]*+)*+"
_HOST = r"(?:[a-z0-9_-]++\.)+[a-z]{2,63}(?::[0-9]{1,5})?"
_URL = re.compile(
    rf"https?:(?:\\?/){{2}}(?=\w){_REST}"
    rf"|(?<![a-z0-9_:/\\])//{_HOST}/{_REST}"
    # Not the middle of a path, and not the right-hand side of an e-mail address.
    rf"|(?<![a-z0-9_@./\\-]){_HOST}/{_REST}",
    re.IGNORECASE,
)
_ESCAPE = re.compile(r"\\(.)")
_BRACKET = re.compile(r"[(){}]")
_OPENING = {")": "(", "}": "{"}
_PROSE = ".,;:!?*~({\\"
"""What a sentence, not a URL, ends with. Not `_` and `-`: ids end with them."""


def find_urls(text: str) -> Iterator[UrlMatch]:
    """Yield every URL of the text, in order.

    A URL ends where white space, a quote, an angle or square bracket or an unbalanced closing bracket begins; the
    punctuation of the sentence around it is left out. Backslashes that escape punctuation are taken out of `url`.
    """
    if "/" not in text:
        return
    for match in _URL.finditer(text):
        written = _without_prose(match[0])
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
