"""Plain text of any kind: every URL, with a label where markup puts one beside it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import PurePath

from linkwatch.models.link import Link
from linkwatch.sources.comments import apply_ignore_comments, trailing_comments
from linkwatch.sources.comments_and_code import comments_and_code
from linkwatch.sources.document import (
    DocumentItem,
    LineIndex,
    LinkItem,
    embedded_items,
    joined,
    label_from_text,
    links_with_sections,
    outside,
)
from linkwatch.sources.element_titles import with_element_titles
from linkwatch.sources.embeds import SYNTAXES, Syntax, lacks_id
from linkwatch.sources.headings import find_headings, with_entry_titles, without_tex
from linkwatch.sources.line_labels import with_line_labels
from linkwatch.sources.mappings import with_mapping_labels, with_object_labels
from linkwatch.sources.urls import UrlMatch, find_urls, without_entities

_LABELS = (
    (re.compile(r"\[\[\Z"), re.compile(r"\]\[([^\[\]]+)\]")),  # Org: [[url][label]]
    (re.compile(r"`([^`<>]*)<\Z"), re.compile(r">`_")),  # reStructuredText: `label <url>`_
    (re.compile(r"\\href\{\Z"), re.compile(r"\}\{((?:[^{}]|\{[^{}]*\}){0,300})\}")),  # LaTeX: \href{url}{label}
    (re.compile(r"\[([^\[\]]*)\]\(\Z"), re.compile(r"\)")),  # Markdown in a text: [label](url)
    (re.compile(r"#EXTINF:[^\n,]*,([^\n]+)\n\Z"), re.compile("")),  # M3U: the title on the line before
    (
        re.compile(r"<\w[^<>]*\s(?:href|to)=[\"']\Z"),
        re.compile(r"[\"'][^<>]{0,300}>([^<>{}]{0,300})</"),
    ),  # markup in a component or XML
    (
        re.compile(r"(?:link:)?\Z"),
        re.compile(r"\[([^\[\]]+?)(?:\^?|,[^\[\]]*)\]"),
    ),  # AsciiDoc: url[label,window=_blank]
    (re.compile(r"(?<!\[)\[\Z"), re.compile(r" +([^\[\]\n]{1,300})\]")),  # wiki: [url label]
    (re.compile(r"^[ \t]*\.\. _([^:\n]+): \Z", re.MULTILINE), re.compile(r"(?=\s|\Z)")),  # RST: .. _label: url
    (re.compile(r"#link\(\"\Z"), re.compile(r"\"\)\[([^\[\]]+)\]")),  # Typst: #link("url")[label]
)
"""What stands before and after the URL; one of the two has the label."""

XML = frozenset({".xml", ".opml", ".rss", ".atom", ".ptx", ".webloc"})
"""The kinds of file in which `&` must be written as `&amp;`."""

WITH_ENTITIES = XML | {".vue", ".svelte", ".webc", ".wiki"}
"""Those in which `&amp;` stands for `&`."""

_ASSIGNMENT = re.compile(r"\s=\s?[\"'`]\Z")

_REACH = 200
"""How far before a URL its label may begin, in code points: a line may be megabytes long."""


_MAPPINGS = frozenset({".yaml", ".yml", ".toml"})
_PROGRAMS = frozenset({".js", ".ts", ".tsx", ".vue", ".svelte", ".webc", ".py"})
_TAGS = frozenset({".opml", ".xml", ".ptx", ".rss", ".atom", ".webloc"})
_LINES = frozenset({".txt", ".rst", ".org", ".adoc", ".asciidoc", ".tex", ".typ", ".wiki"})


def read(lines: Iterable[str], file: str, syntaxes: Sequence[Syntax] = SYNTAXES) -> Iterator[Link]:
    """Yield every link of a text, with the labels and sections of the kind of markup that its extension says."""
    text = joined(lines)
    kind = PurePath(file).suffix.lower()
    spans = comments_and_code(text, file)
    links = list(outside(find_links(text, syntaxes), spans))
    items = _with_surroundings(links, text, kind, spans) if links else []
    if kind in WITH_ENTITIES:
        items = [_without_entities(item) for item in items]
    yield from links_with_sections(items, file, LineIndex(text).at)


def _without_entities(item: DocumentItem) -> DocumentItem:
    if not isinstance(item, LinkItem) or "&" not in item.url:
        return item
    return replace(item, url=without_entities(item.url))


def _with_surroundings(
    links: Sequence[LinkItem], text: str, kind: str, unread: Sequence[tuple[int, int]]
) -> Sequence[DocumentItem]:
    """The links with what their kind of file says of them, and its headings."""
    if kind in _MAPPINGS:
        return with_mapping_labels(links, text, toml=kind == ".toml")
    if kind in _PROGRAMS:
        return with_object_labels(links, text)
    if kind == ".bib":
        return with_entry_titles(links, text)
    if kind in _TAGS:
        return with_element_titles(links, text)
    if kind not in _LINES:
        return links
    headings = sorted(outside(find_headings(text, kind), unread), key=lambda heading: heading.offset)
    return [*headings, *with_line_labels(links, text, kind)]


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
            label, start, read_until = _label(text, url)
            yield LinkItem(url.url, url.start, label_from_text(label, url.url), start=start, end=read_until)


def _is_beginning(text: str, url: UrlMatch) -> bool:
    """Whether a program puts the id of a video behind a URL: one in quotes, of a player or assigned to a name."""
    if text[url.end : url.end + 1] not in {'"', "'", "`"} or not lacks_id(url.url):
        return False
    return not url.url.endswith("=") or _ASSIGNMENT.search(text, max(0, url.start - _REACH), url.start) is not None


def _label(text: str, url: UrlMatch) -> tuple[str | None, int, int]:
    """The label beside a URL, and where both begin and end."""
    if text[url.start - 1 : url.start] not in tuple("[<{(\n\"' ") and not text.startswith("[", url.end):
        return None, url.start, url.end
    first = max(0, url.start - _REACH)
    before = text[first : url.start]
    for pattern_before, pattern_after in _LABELS:
        if (ahead := pattern_before.search(before)) and (after := pattern_after.match(text, url.end)):
            label = next(iter((*ahead.groups(), *after.groups())))
            return without_tex(label) if "\\" in label else label, first + ahead.start(), after.end()
    return None, url.start, url.end
