"""Plan the changes of a list: the list as it should be, what was changed, and what is left to a person."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import msgspec

from linkwatch.catalogue.ignore import IgnoreRules
from linkwatch.errors import ListError
from linkwatch.fix.duplicates import duplicate_csv_lines, duplicate_lines
from linkwatch.fix.edit import Editor, Source, UnfixedLink, is_ignored
from linkwatch.models.link import Link
from linkwatch.sources.formats import Format
from linkwatch.sources.urls import find_urls
from linkwatch.urls.parse import parse_url

_LINE_END = re.compile(r"\r\n|\r|\n")
_WITH_LINES = frozenset({Format.MARKDOWN, Format.TEXT})


class RefusedFixError(ListError):
    """A list that other links would be read from if it was fixed; it is left as it is."""


@dataclass(frozen=True, slots=True)
class Fix:
    """The changes of one list."""

    source: Source
    lines: tuple[str, ...]
    """The replacement of each line; empty when the line is removed."""

    urls: int
    """Number of links with a new URL."""

    rows: int
    """Number of rows that are removed."""

    links: tuple[tuple[Link, Link], ...]
    """The remaining links, before and after."""

    left: tuple[UnfixedLink, ...]

    @property
    def changes(self) -> bool:
        """Whether there is anything to write."""
        return self.lines != self.source.lines


def no_fix(source: Source) -> Fix:
    """The list as it is.

    Raises:
        ListError: It can't be read.
    """
    links = tuple(source.read(_readable(source.lines), source.file))
    return Fix(source, source.lines, 0, 0, tuple(zip(links, links, strict=True)), ())


def lines_of(text: str) -> tuple[str, ...]:
    """Split a text into lines as the readers count them, each with its line end."""
    starts = [0, *(end.end() for end in _LINE_END.finditer(text)), len(text)]
    return tuple(text[start:end] for start, end in pairwise(starts) if end > start)


def plan_fix(source: Source, handles: Mapping[str, str], ignore_rules: IgnoreRules) -> Fix:
    """Plan the changes of a list.

    Args:
        source: The list.
        handles: `user/NAME` → `@handle`, for the user names to replace.
        ignore_rules: Which links the settings ignore.

    Raises:
        ListError: The list can't be read.
        RefusedFixError: The changed list would not be read with the intended links.
    """
    before = tuple(source.read(_readable(source.lines), source.file))
    editor = Editor(source, handles, ignore_rules)
    wanted = [msgspec.structs.replace(link, url=editor.add(link)) for link in before]
    edited = editor.edited()
    after = _read_again(source, edited, wanted)
    removed = _repeated(source, edited, after, ignore_rules)
    lines, kept = edited, after
    if removed:
        lines = tuple("" if number in removed else line for number, line in enumerate(edited, start=1))
        kept = _read_again(source, lines, [link for link in after if link.line not in removed])
    remaining = (old for old, new in zip(before, after, strict=True) if new.line not in removed)
    urls = sum(old.url != new.url for old, new in zip(before, wanted, strict=True))
    rows = len({link.line for link in after if link.line in removed})
    return Fix(source, lines, urls, rows, tuple(zip(remaining, kept, strict=True)), tuple(editor.left))


def _readable(lines: Sequence[str]) -> Iterator[str]:
    r"""The lines as the readers take them: ending in `\n`, without a byte order mark."""
    for number, line in enumerate(lines):
        text = line.removeprefix("\ufeff") if number == 0 else line
        if text:
            yield text[:-2] + "\n" if text.endswith("\r\n") else text[:-1] + "\n" if text.endswith("\r") else text


def _repeated(source: Source, lines: Sequence[str], links: Sequence[Link], ignore_rules: IgnoreRules) -> frozenset[int]:
    """The 1-based lines to remove."""
    readable = tuple(_readable(lines))
    linked = {link.line for link in links}
    kept = {
        link.line
        for link in links
        if link.syntax != "url" or link.ignored is not None or is_ignored(link, "duplicate", ignore_rules)
    }
    removable = {link.line for link in links if parse_url(link.url)} - kept
    if source.kind is Format.CSV:
        return frozenset(duplicate_csv_lines(readable, removable, source.file))
    if source.kind in _WITH_LINES:
        return frozenset(duplicate_lines(readable, linked, removable, markdown=source.kind is Format.MARKDOWN))
    return frozenset()


def _read_again(source: Source, lines: Sequence[str], wanted: Sequence[Link]) -> tuple[Link, ...]:
    """Read the changed list; it must have the intended links, in their order, each with its texts.

    A link that lost its label, section or owner lost it to a URL that had swallowed the text behind it.
    """
    try:
        links = tuple(source.read(_readable(lines), source.file))
    except ListError as error:
        raise _refusal(source.file, error.line) from None
    for link, meant in zip(links, wanted, strict=False):
        if link.url != meant.url or link.ignored != meant.ignored or not _has_texts_of(meant, link):
            raise _refusal(source.file, link.line)
    if len(links) != len(wanted):
        raise _refusal(source.file, None)
    return links


def _has_texts_of(meant: Link, link: Link) -> bool:
    """Whether the texts beside a link are as they were; those that hold a URL may have changed with it.

    A label may come from the heading above, as long as no other link is below that: it changes with a duplicate.
    """
    texts = [(meant.section, link.section), (meant.owner, link.owner)]
    if "label" not in (*meant.inferred, *link.inferred):
        texts.append((meant.label, link.label))
    return all(old == new or any(find_urls(f"{old} {new}")) for old, new in texts)


def _refusal(file: str, line: int | None) -> RefusedFixError:
    message = "is left as it is: with the canonical URLs other links would be read from it"
    return RefusedFixError(message, file=file, line=line, remedy="Please report this bug, with the list.")
