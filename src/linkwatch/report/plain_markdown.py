"""Markdown pages of ours for a terminal: headings, wrapped paragraphs, rows of tables; links by their topics.

It knows what the pages of docs/ use, and no more of Markdown.
"""

import re
from collections.abc import Iterable, Iterator

from linkwatch.report.console import Console

_LINK = re.compile(r"!?\[([^\]]*)\]\(([^)\s]+)\)")
_ITEM = re.compile(r"(\s*)([-*]|\d+\.) (.*)")
_CELLS = re.compile(r"(?<!\\)\|")


def markdown_lines(text: str, console: Console) -> Iterator[str]:
    """Yield the lines of a page as a terminal shows them.

    Args:
        text: The page; a paragraph or an item may go over several lines.
        console: Its width and colours.
    """
    blocks = list(_blocks(text.splitlines()))
    for at, (kind, block) in enumerate(blocks):
        if at and not (kind == blocks[at - 1][0] and kind in {"item", "row"}):
            yield ""
        yield from _lines_of(kind, block, console)


def _blocks(lines: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
    """The kinds and lines of the blocks: heading, code, row, item, paragraph."""
    kind, block = "", list[str]()
    for line in lines:
        starts = _kind(line)
        if kind == "code":
            if starts == "fence":
                yield kind, block
                kind, block = "", []
            else:
                block.append(line)
        elif starts == "text" and kind in {"item", "paragraph"}:
            block.append(line.strip())
        else:
            if kind:
                yield kind, block
            kind, block = {"fence": ("code", []), "text": ("paragraph", [line]), "blank": ("", [])}.get(
                starts, (starts, [line])
            )
    if kind:
        yield kind, block


def _kind(line: str) -> str:
    if line.startswith("```"):
        return "fence"
    if not line.strip():
        return "blank"
    if line.startswith("#"):
        return "heading"
    if line.startswith("|"):
        return "row"
    return "item" if _ITEM.match(line) else "text"


def _lines_of(kind: str, block: list[str], console: Console) -> Iterator[str]:
    if kind == "code":
        yield from (f"    {line}".rstrip() for line in block)
        return
    text = _inline(" ".join(block))
    if kind == "heading":
        yield from console.paragraph(text.lstrip("# "), style="heading")
    elif kind == "row":
        yield from _row(text, console)
    elif kind == "item" and (item := _ITEM.match(text)):
        indent, mark, said = item.groups()
        lead = f"{indent}  {mark} "
        yield from console.paragraph(said, lead=lead, indent=" " * len(lead))
    else:
        yield from console.paragraph(text)


def _row(text: str, console: Console) -> Iterator[str]:
    """The first cell that says something, and what the others say of it; nothing for the line below a table's head."""
    cells = [cell.strip().replace("\\|", "|") for cell in _CELLS.split(text)[1:-1]]
    first, *others = [cell for cell in cells if cell] or [""]
    if set(text) <= set("|-: "):
        return
    yield from console.paragraph(first, lead="  ", indent="    ", style="heading")
    if others:
        yield from console.paragraph(" · ".join(others), lead="      ", indent="      ")


def _inline(text: str) -> str:
    """A text without the marks of Markdown; a link to another page names its topic."""
    text = _LINK.sub(_link, text)
    return re.sub(r"\*\*(.+?)\*\*", r"\1", text).replace("`", "")


def _link(match: re.Match[str]) -> str:
    said, target = match.groups()
    if target.startswith("http"):
        return said if said == target else f"{said} ({target})"
    topic = target.partition("#")[0].rpartition("/")[2]
    return f"{said} (linkwatch help {topic.removesuffix('.md')})" if topic.endswith(".md") else said
