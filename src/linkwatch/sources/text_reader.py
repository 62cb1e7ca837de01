"""Plain text of any kind: every URL, with a label where markup puts one beside it."""

import re
from collections.abc import Iterable, Iterator

from linkwatch.models.link import Link
from linkwatch.sources.comments import apply_ignore_comments, trailing_comments
from linkwatch.sources.document import LinkItem, label_from_text
from linkwatch.sources.urls import UrlMatch, find_urls

_LABELS = (
    (re.compile(r"\[\[\Z"), re.compile(r"\]\[([^\[\]]+)\]")),  # Org: [[url][label]]
    (re.compile(r"`([^`<>]*)<\Z"), re.compile(r">`_")),  # reStructuredText: `label <url>`_
    (re.compile(r"\\href\{\Z"), re.compile(r"\}\{([^{}]*)\}")),  # LaTeX: \href{url}{label}
    (re.compile(r"\[([^\[\]]*)\]\(\Z"), re.compile(r"\)")),  # Markdown in a text: [label](url)
    (re.compile(r"\Z"), re.compile(r"\[([^\[\]]+)\]")),  # AsciiDoc: url[label]
)
"""What stands before and after the URL; one of the two has the label."""

_REACH = 200
"""How far before a URL its label may begin, in code points: a line may be megabytes long."""


def read(lines: Iterable[str], file: str) -> Iterator[Link]:
    """Yield every URL of a text, line by line; without section and owner."""
    for number, line in enumerate(lines, start=1):
        for found in find_links(line):
            yield Link(found.url, file, number, found.offset + 1, found.label, ignored=found.ignored)


def find_links(text: str) -> list[LinkItem]:
    """The URLs of a text, with their labels and with what comments ignore on their lines."""
    return apply_ignore_comments(_links(text), trailing_comments(text), text)


def _links(text: str) -> Iterator[LinkItem]:
    """Yield every URL; one inside a label is no link of its own."""
    read_until = 0
    for url in find_urls(text):
        if url.start >= read_until:
            label, read_until = _label(text, url)
            yield LinkItem(url.url, url.start, label_from_text(label, url.url))


def _label(text: str, url: UrlMatch) -> tuple[str | None, int]:
    """The label beside a URL, and the offset after both."""
    if text[url.start - 1 : url.start] not in tuple("[<{(") and not text.startswith("[", url.end):
        return None, url.end
    before = text[max(0, url.start - _REACH) : url.start]
    for pattern_before, pattern_after in _LABELS:
        if (after := pattern_after.match(text, url.end)) and (ahead := pattern_before.search(before)):
            return next(iter((*ahead.groups(), *after.groups()))), after.end()
    return None, url.end
