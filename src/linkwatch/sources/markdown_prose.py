"""Bare URLs in the prose of a Markdown document, whose own markup may touch them."""

import re
from collections.abc import Iterator, Mapping
from html import unescape
from typing import NamedTuple

from linkwatch.sources.outline import Found
from linkwatch.sources.urls import find_urls

_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")


class Emphasis(NamedTuple):
    """A run of text between underscores."""

    start: int
    """In bytes from the start of the document."""

    width: int
    """Underscores on each side: 1, or 2 when it is bold."""


def bare_urls(encoded: bytes, start: int, end: int, underscored: Mapping[int, Emphasis]) -> Iterator[Found]:
    """Yield the URLs of a stretch of prose, with offsets in bytes.

    The source is searched, not the parser's text, which breaks at `_`, `*` and `&amp;`: URLs hold them.

    Args:
        encoded: The document.
        start: Where the stretch begins, in bytes.
        end: Where it ends.
        underscored: Emphasis by `_`, by its end.
    """
    text = encoded[start:end].decode()
    done = 0
    for url in find_urls(text):
        start += len(text[done : url.start].encode())
        done = url.start
        written = text[url.start : url.end]
        markup = len(written) - len(_without_emphasis(written, start, underscored))
        bare = url.url[: len(url.url) - markup]
        yield Found(_ENTITY.sub(lambda entity: unescape(entity[0]), bare), start)


def _without_emphasis(written: str, start: int, underscored: Mapping[int, Emphasis]) -> str:
    """The URL without the underscores that end an emphasis begun before it."""
    end = start + len(written.encode())
    while (emphasis := underscored.get(end)) and emphasis.start < start and written.endswith("_"):
        end -= emphasis.width
        written = written[: -emphasis.width]
    return written
