"""Titles and labels come from strangers: what must not reach any output as it is, whatever its format."""

import re

_CONTROLS = re.compile(
    "["
    "\x00-\x1f\x7f-\x9f"  # C0 and C1: colours, cursor moves, window titles, and the line ends that would fake a line
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # bidi controls turn the rest of a line around
    "\u2028\u2029"  # line and paragraph separators
    "\ufffe\uffff"  # no XML may hold them
    "\ud800-\udfff"  # lone surrogates can't be encoded
    "]"
)


def visible(text: str) -> str:
    """The text on one line, with every control character shown as a replacement character.

    It is all that a terminal needs; the other formats escape their own markup as well.
    """
    return _CONTROLS.sub("\N{REPLACEMENT CHARACTER}", text)
