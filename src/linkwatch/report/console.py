"""What a terminal can show: colours, its width, links. The texts for people are made with it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from unicodedata import combining, east_asian_width

from linkwatch.text import visible

Style = Callable[[str, str], str]
"""Text and a name of a style → text with or without colour."""

NARROWEST = 40
"""Columns below which nothing is wrapped: the terminal does it better."""


def plain(text: str, _name: str) -> str:
    """No colour."""
    return text


@dataclass(frozen=True, slots=True)
class Console:
    """What the terminal can show; by default a file or a pipe."""

    style: Style = plain
    width: int | None = None
    """Columns to wrap at; None for a pipe or a file, where a paragraph stays on its line."""

    hyperlinks: bool = False
    """Whether it knows links with a text of their own (OSC 8)."""

    verbose: bool = False
    """Whether to show the evidence, and addresses in full."""

    def paragraph(
        self,
        text: str,
        *,
        lead: str | None = None,
        lead_style: str | None = None,
        indent: str = "",
        style: str | None = None,
    ) -> Iterator[str]:
        """Yield the lines of a text, wrapped between words: a URL or a long word stays whole.

        Args:
            text: One paragraph, without colour.
            lead: What stands before its first line; None: the indent.
            lead_style: The name of the lead's style; None: none.
            indent: What stands before each further line.
            style: The name of the text's style; None: none.
        """
        lead = indent if lead is None else lead
        width = None if self.width is None or self.width < NARROWEST else self.width
        first, further = (None, None) if width is None else (width - columns(lead), width - columns(indent))
        before = self.style(lead, lead_style) if lead_style else lead
        for line in wrap_words(text, first, further):
            yield before + (self.style(line, style) if style else line)
            before = indent

    def link(self, text: str, url: str) -> str:
        """A text that leads to an address, where the terminal knows links; else the text."""
        return f"\x1b]8;;{visible(url)}\x1b\\{text}\x1b]8;;\x1b\\" if self.hyperlinks else text


PLAIN = Console()
"""A file or a pipe."""


def columns(text: str) -> int:
    """How many columns a terminal takes for a text: two for a wide character, none for a combining one."""
    if text.isascii():
        return len(text)
    return sum(0 if combining(char) else 2 if east_asian_width(char) in "WF" else 1 for char in text)


def wrap_words(text: str, first: int | None, further: int | None) -> list[str]:
    """The lines of a paragraph: at least one; words are kept whole, however long.

    Args:
        text: The paragraph.
        first: Columns of the first line; None: everything on one line.
        further: Columns of the others.
    """
    if first is None or further is None:
        return [text]
    lines: list[str] = []
    line, used, room = "", 0, first
    for space, word in re.findall(r"(\s*)(\S+)", text):
        width, gap = columns(word), len(space)
        if line and used + gap + width > room:
            lines.append(line)
            line, used, room = word, width, further
        else:
            line, used = line + space + word, used + gap + width
    return [*lines, line]
