"""Headings of plain-text markups, and the titles of BibTeX's entries."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from linkwatch.sources.document import DocumentItem, Heading, LinkItem, label_from_text, one_line

_ORG = re.compile(
    r"^(?P<marks>\*+)[ \t]+(?:(?:TODO|DONE|NEXT|WAITING|STARTED|CANCELLED|CANCELED)[ \t]+)?(?:\[#[A-Z0-9]\][ \t]+)?"
    r"(?P<text>[^\n]*?)(?:[ \t]+\[\d*/\d*\]|[ \t]+\[\d*%\])?(?:[ \t]+:[\w@#%:]+:)?[ \t]*$",
    re.MULTILINE,
)
_ASCIIDOC = re.compile(r"^(?P<marks>={1,6}|#{1,6})[ \t]+(?P<text>\S[^\n]*?)(?:[ \t]+(?P=marks))?[ \t]*$", re.MULTILINE)
_TYPST = re.compile(r"^[ \t]*(?P<marks>={1,6})[ \t]+(?P<text>\S[^\n]*?)(?:[ \t]*<[\w:.-]+>)?[ \t]*$", re.MULTILINE)
_WIKI = re.compile(r"^(?P<marks>={1,6})[ \t]*(?P<text>[^=\n]++(?:=(?!=)[^=\n]++)*+)(?P=marks)[ \t]*$", re.MULTILINE)
_RST_RULE = re.compile(r"(?P<mark>[=\-`:'\"~^_*+#<>.])(?P=mark)*")
_TEX = re.compile(
    r"\\(?P<level>part|chapter|section|subsection|subsubsection|paragraph|frametitle|begin\{frame\})\*?"
    r"(?:<[^<>\n]*>)?(?:\[[^\[\]\n]*\])?\{(?P<text>(?:[^{}]|\{[^{}]*\}){1,300})\}"
)
_TEX_LEVELS = {"part": 1, "chapter": 2, "section": 3, "subsection": 4, "subsubsection": 5, "paragraph": 6}
_FRAME_LEVEL = 7
_TEX_MARKUP = re.compile(r"\\(?:label|footnote|index)\{[^{}]*\}|\\[a-zA-Z]+\*?[ ]?|[{}~$]")

_PICTURE = re.compile(r"\\includegraphics\*?(?:\[[^\[\]]*\])?\{[^{}]*\}")


def without_tex(text: str) -> str:
    """A text without the commands of TeX around it, and without pictures."""
    return _TEX_MARKUP.sub(" ", _PICTURE.sub(" ", text)) if "\\" in text or "{" in text else text


_LINKS = (
    re.compile(r"\[\[[^\[\]\n|]*\]\[([^\[\]\n]*)\]\]"),
    re.compile(r"\[\[(?:[^\[\]\n|]*\|)?([^\[\]\n|]*)\]\]"),
    re.compile(r"\[\w+://[^\s\]]*[ ]([^\[\]\n]*)\]"),
    re.compile(r"(?:link:)?\w+://[^\s\[\]]*\[([^\[\]\n]*)\]"),
    re.compile(r"`([^`<>\n]*)<[^<>\n]*>`__?"),
)


def find_headings(text: str, kind: str) -> Iterator[Heading]:
    """Yield the headings of a text.

    Args:
        text: In a markup of lines.
        kind: Its extension, with the dot, in lower case.
    """
    match kind:
        case ".org":
            yield from _marked(_ORG, text, lambda match: len(match["marks"]) + 1)
        case ".adoc" | ".asciidoc":
            yield from _marked(_ASCIIDOC, text, lambda match: len(match["marks"]))
        case ".typ":
            yield from _marked(_TYPST, text, lambda match: len(match["marks"]) + 1)
        case ".wiki":
            yield from _marked(_WIKI, text, lambda match: len(match["marks"]))
        case ".rst":
            yield from _underlined(text)
        case ".tex":
            for match in _TEX.finditer(text):
                if title := one_line(without_tex(match["text"])):
                    yield Heading(_TEX_LEVELS.get(match["level"], _FRAME_LEVEL), title, match.start())
        case _:
            pass


def _marked(pattern: re.Pattern[str], text: str, level: Callable[[re.Match[str]], int]) -> Iterator[Heading]:
    for match in pattern.finditer(text):
        if title := _without_links(match["text"]):
            yield Heading(level(match), title, match.start())


def _without_links(text: str) -> str | None:
    for link in _LINKS:
        text = link.sub(r"\1", text)
    return one_line(text)


def _underlined(text: str) -> Iterator[Heading]:
    """Yield the headings of reStructuredText; a kind of line is as deep as it is when it is first used."""
    levels: list[tuple[str, bool]] = []
    before, title, start = "", "", 0
    at = 0
    for line in text.split("\n"):
        written = line.rstrip()
        rule = _RST_RULE.fullmatch(written) if written else None
        if rule and title and not title[0].isspace() and len(written) >= min(len(title), 4):
            above = before if _RST_RULE.fullmatch(before) and before[:1] == written[0] and len(before) >= 3 else ""
            kind = (written[0], bool(above))
            if kind not in levels:
                levels.append(kind)
            if heading := _without_links(title.strip()):
                yield Heading(levels.index(kind) + 1, heading, start - len(above) - 1 if above else start)
            before, title = "", ""
        elif rule:
            before, title = written, ""
        else:
            overlined = title == "" and before
            before, title, start = before if overlined else "", written.strip() if overlined else written, at
        at += len(line) + 1


_ENTRY = re.compile(r"^[ \t]*@(\w+)[ \t]*[{(]", re.MULTILINE)
_BRACED = r"\{((?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\}){1,500})\}"
_TITLE = re.compile(rf"(?:^|[,{{\s])title\s*=\s*(?:\"((?:[^\"\\]|\\.){{1,500}})\"|{_BRACED})", re.IGNORECASE)
_ENTRY_REACH = 5_000


def with_entry_titles(links: Sequence[LinkItem], text: str) -> list[DocumentItem]:
    """Give the links of a bibliography the titles of their entries."""
    starts = [entry.start() for entry in _ENTRY.finditer(text)]
    titles: dict[int, str | None] = {}

    def title(offset: int) -> str | None:
        at = bisect_right(starts, offset) - 1
        if at < 0:
            return None
        if at not in titles:
            end = min(starts[at] + _ENTRY_REACH, starts[at + 1] if at + 1 < len(starts) else len(text))
            match = _TITLE.search(text, starts[at], end)
            titles[at] = one_line(_TEX_MARKUP.sub("", match[1] or match[2])) if match else None
        return titles[at]

    return [
        link if link.label else replace(link, label=label_from_text(title(link.offset), link.url)) for link in links
    ]
