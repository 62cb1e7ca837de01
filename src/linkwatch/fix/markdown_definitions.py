"""Where Markdown's links by reference have their URLs: in definitions, `[name]: https://…`."""

import re
from collections.abc import Mapping, Sequence
from html import unescape

from linkwatch.fix.escaping import ESCAPED

_DEFINITION = re.compile(r"\ufeff?[ \t>]*\[(?:[^\[\]\\]|\\.)+\]:[ \t]*<?([^\s<>]+)")


def definitions(lines: Sequence[str]) -> Mapping[str, list[tuple[int, int]]]:
    """The URLs that definitions give, each with its places: 0-based line and offset.

    Args:
        lines: Of a Markdown document, as they are.
    """
    found: dict[str, list[tuple[int, int]]] = {}
    for number, line in enumerate(lines):
        if "]:" in line and (definition := _DEFINITION.match(line)):
            url = unescape(ESCAPED.sub(r"\1", definition[1]))
            found.setdefault(url, []).append((number, definition.start(1)))
    return found
