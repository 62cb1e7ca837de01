"""A reader: `.bookmarks` files, with a label and a URL on each line, between them a tab."""

from collections.abc import Iterable, Iterator, Sequence

from linkwatch.plugin_api import Link, ListError, Syntax

extensions = (".bookmarks",)


def read(lines: Iterable[str], file: str, syntaxes: Sequence[Syntax]) -> Iterator[Link]:
    """Yield the links of a list; any URL is one, linkwatch takes those of YouTube."""
    for number, line in enumerate(lines, 1):
        label, tab, url = line.rstrip("\r\n").partition("\t")
        if not label:
            continue
        if not tab:
            raise ListError("has no tab", file=file, line=number, remedy="Write a label, a tab and a URL.")
        yield Link(url, file, number, len(label) + 2, label=label)
