"""Plain text of any kind: every URL, with a label where markup puts one beside it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePath

from linkwatch.models.link import Link
from linkwatch.sources.comments import apply_ignore_comments, trailing_comments
from linkwatch.sources.comments_and_code import comments_and_code
from linkwatch.sources.document import LineIndex, LinkItem, embedded_items, joined, label_from_text, outside
from linkwatch.sources.embeds import SYNTAXES, Syntax, lacks_id
from linkwatch.sources.urls import UrlMatch, find_urls, without_entities

_LABELS = (
    (re.compile(r"\[\[\Z"), re.compile(r"\]\[([^\[\]]+)\]")),  # Org: [[url][label]]
    (re.compile(r"`([^`<>]*)<\Z"), re.compile(r">`_")),  # reStructuredText: `label <url>`_
    (re.compile(r"\\href\{\Z"), re.compile(r"\}\{([^{}]*)\}")),  # LaTeX: \href{url}{label}
    (re.compile(r"\[([^\[\]]*)\]\(\Z"), re.compile(r"\)")),  # Markdown in a text: [label](url)
    (re.compile(r"#EXTINF:[^\n,]*,([^\n]+)\n\Z"), re.compile("")),  # M3U: the title on the line before
    (
        re.compile(r"<\w[^<>]*\s(?:href|to)=[\"']\Z"),
        re.compile(r"[\"'][^<>]*>([^<>{}]*)</"),
    ),  # markup in a component or XML
    (re.compile(r"\Z"), re.compile(r"\[([^\[\]]+)\]")),  # AsciiDoc: url[label]
)
"""What stands before and after the URL; one of the two has the label."""

XML = frozenset({".xml", ".opml", ".rss", ".atom", ".ptx", ".webloc"})
"""The kinds of file in which `&` must be written as `&amp;`."""

WITH_ENTITIES = XML | {".vue", ".svelte", ".webc", ".wiki"}
"""Those in which `&amp;` stands for `&`."""

_ASSIGNMENT = re.compile(r"\s=\s?[\"'`]\Z")

_REACH = 200
"""How far before a URL its label may begin, in code points: a line may be megabytes long."""


def read(lines: Iterable[str], file: str, syntaxes: Sequence[Syntax] = SYNTAXES) -> Iterator[Link]:
    """Yield every link of a text; without section and owner."""
    text = joined(lines)
    position = LineIndex(text).at
    is_escaped = PurePath(file).suffix.lower() in WITH_ENTITIES
    for found in outside(find_links(text, syntaxes), comments_and_code(text, file)):
        url = without_entities(found.url) if is_escaped and "&" in found.url else found.url
        yield Link(url, file, *position(found.offset), found.label, ignored=found.ignored, syntax=found.syntax)


def find_links(text: str, syntaxes: Sequence[Syntax] = SYNTAXES) -> list[LinkItem]:
    """The URLs and embedded ids of a text, with their labels and with what comments ignore on their lines."""
    links = [*_links(text), *embedded_items(text, syntaxes)]
    links.sort(key=lambda link: link.offset)
    return apply_ignore_comments(links, trailing_comments(text), text)


def _links(text: str) -> Iterator[LinkItem]:
    """Yield every URL; one inside a label is no link of its own."""
    read_until = 0
    for url in find_urls(text):
        if url.start >= read_until and not _is_beginning(text, url):
            label, read_until = _label(text, url)
            yield LinkItem(url.url, url.start, label_from_text(label, url.url))


def _is_beginning(text: str, url: UrlMatch) -> bool:
    """Whether a program puts the id of a video behind a URL: one in quotes, of a player or assigned to a name."""
    if text[url.end : url.end + 1] not in {'"', "'", "`"} or not lacks_id(url.url):
        return False
    return not url.url.endswith("=") or _ASSIGNMENT.search(text, max(0, url.start - _REACH), url.start) is not None


def _label(text: str, url: UrlMatch) -> tuple[str | None, int]:
    """The label beside a URL, and the offset after both."""
    if text[url.start - 1 : url.start] not in tuple("[<{(\n\"'") and not text.startswith("[", url.end):
        return None, url.end
    before = text[max(0, url.start - _REACH) : url.start]
    for pattern_before, pattern_after in _LABELS:
        if (after := pattern_after.match(text, url.end)) and (ahead := pattern_before.search(before)):
            return next(iter((*ahead.groups(), *after.groups()))), after.end()
    return None, url.end
