"""Text."""

import re
from collections.abc import Sequence
from datetime import timedelta

from linkwatch.models.link import Link

_CONTROLS = re.compile(
    "["
    "\x00-\x1f\x7f-\x9f"  # C0 and C1: colours, cursor moves, window titles, and the line ends that would fake a line
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # bidi controls turn the rest of a line around
    "\u2028\u2029"  # line and paragraph separators
    "\ufffe\uffff"  # no XML may hold them
    "\ud800-\udfff"  # lone surrogates can't be encoded
    "]"
)


_NONCHARACTERS = re.compile(
    "[\ufdd0-\ufdef" + "".join(chr(plane + 0xFFFE) + chr(plane + 0xFFFF) for plane in range(0, 0x110000, 0x10000)) + "]"
)
"""An HTML document may not hold them."""


def visible(text: str) -> str:
    """The text on one line, with every control character shown as a replacement character.

    It is all that a terminal needs; the other formats escape their own markup as well.
    """
    return _CONTROLS.sub("\N{REPLACEMENT CHARACTER}", text)


def fit_for_html(text: str) -> str:
    """The text without what an HTML document may not hold, and without what would be invisible in it."""
    if text.isascii() and text.isprintable():
        return text  # as most are
    return _NONCHARACTERS.sub("\N{REPLACEMENT CHARACTER}", visible(text))


def place(link: Link) -> str:
    """Where a link stands, in a sentence."""
    file = "standard input" if link.file == "-" else link.file
    return f"{file}:{link.line}:{link.column}"


def listing(texts: Sequence[str], most: int) -> str:
    """Some of the texts with commas, and how many there are besides."""
    more = f" and {len(texts) - most:,} more" if len(texts) > most else ""
    return ", ".join(texts[:most]) + more


def shortened(text: str, most: int) -> str:
    """The text on one line, without control characters, and of at most so many code points."""
    shown = visible(text[: most + 1])
    return shown if len(shown) <= most else shown[: most - 1] + "…"


def is_host(name: str | None) -> bool:
    """Whether a text can be the name of a host: `a..b` can't, and resolving it fails in a way of its own."""
    try:
        return bool(name and name.encode("idna"))
    except UnicodeError:
        return False


def counted(number: int, noun: str) -> str:
    """A number and what it counts: `1 link`, `2 links`."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def short_duration(time: timedelta) -> str:
    """How long something took: `0.4 s`, `12 s`, `3 min 20 s`, `2 h 5 min`."""
    seconds = time.total_seconds()
    if seconds < 10:
        return f"{max(seconds, 0.1):.1f} s".replace(".0 s", " s")
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if minutes else f"{rest} s"
    return f"{minutes // 60:,} h {minutes % 60} min"
