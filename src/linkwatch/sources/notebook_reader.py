"""Jupyter notebooks: Markdown cells as Markdown, the source of other cells as text; outputs are not read."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from linkwatch.errors import ListError
from linkwatch.models.link import Link
from linkwatch.sources.comments_and_code import comments_and_code
from linkwatch.sources.document import DocumentItem, LineIndex, LinkItem, joined, links_with_sections, outside
from linkwatch.sources.embeds import SYNTAXES, Syntax
from linkwatch.sources.json_tree import JsonArray, JsonObject, JsonString, JsonTree, parse
from linkwatch.sources.markdown_reader import find_items
from linkwatch.sources.text_reader import find_links


def read(lines: Iterable[str], file: str, syntaxes: Sequence[Syntax] = SYNTAXES) -> Iterator[Link]:
    """Yield the links of a notebook (nbformat 4) in its order; a heading holds for the cells below it.

    Raises:
        ListError: The text is not JSON, or has no cells.
    """
    text = joined(lines)
    items = [item for cell in _cells(parse(text, file), file) for item in _items(cell, syntaxes)]
    yield from links_with_sections(items, file, LineIndex(text).at)


def is_notebook(root: JsonTree) -> bool:
    """Whether a JSON document is an object with a list of cells."""
    return any(isinstance(node, JsonObject) and isinstance(node.by_name.get("cells"), JsonArray) for node in root.items)


def _cells(root: JsonTree, file: str) -> list[JsonObject]:
    for node in root.items:
        if isinstance(node, JsonObject) and isinstance(cells := node.by_name.get("cells"), JsonArray):
            return [cell for cell in cells.items if isinstance(cell, JsonObject)]
    remedy = f"Bring it to nbformat 4: jupyter nbconvert --to notebook --inplace '{file}'"
    raise ListError("is not a notebook of nbformat 4: it has no cells", file=file, line=1, remedy=remedy)


def _items(cell: JsonObject, syntaxes: Sequence[Syntax]) -> Iterator[DocumentItem]:
    """Yield the headings and links of a cell, with their offsets in the notebook."""
    strings = _source(cell)
    text = "".join(string.value for string in strings)
    kind = cell.by_name.get("cell_type")
    is_markdown = isinstance(kind, JsonString) and kind.value == "markdown"
    offset = _offsets(strings)
    for item in find_items(text, syntaxes) if is_markdown else _items_of_code(text, syntaxes):
        moved = replace(item, offset=offset(item.offset))
        if isinstance(moved, LinkItem) and moved.above:
            moved = replace(moved, above=(offset(moved.above[0]), moved.above[1]))
        yield moved


def _items_of_code(text: str, syntaxes: Sequence[Syntax]) -> Iterator[LinkItem]:
    """Yield the links of a code cell: people read the URLs in its comments too, but a call in one shows no video."""
    links = list(find_links(text, syntaxes))
    run = {item.offset for item in outside(links, comments_and_code(text, "cell.py"))}
    yield from (item for item in links if item.syntax == "url" or item.offset in run)


def _source(cell: JsonObject) -> list[JsonString]:
    """A cell's source: one string, or a list with a string for each line."""
    source = cell.by_name.get("source")
    parts = list(source.items) if isinstance(source, JsonArray) else [source]
    return [part for part in parts if isinstance(part, JsonString)]


def _offsets(strings: list[JsonString]) -> Callable[[int], int]:
    """A function from an offset in the joined strings to the offset in the notebook."""
    starts, length = [], 0
    for string in strings:
        starts.append(length)
        length += len(string.value)

    def offset(index: int) -> int:
        part = bisect_right(starts, index) - 1
        return strings[part].offset(index - starts[part])

    return offset
