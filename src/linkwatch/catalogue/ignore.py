"""Which entries are left out, and of which nothing is told by some rules: patterns and comments."""

import re
from collections.abc import Callable, Iterable, Sequence
from fnmatch import translate
from functools import cache
from typing import Protocol

import msgspec

from linkwatch.models.link import Link
from linkwatch.models.resource import Resource
from linkwatch.sources.comments import merge_ignored

_Fits = Callable[[str | None], bool]


class IgnorePattern(Protocol):
    """What an entry must fit to be ignored: every pattern that is given.

    `*` stands for any text, `?` for any character, `[…]` for one of some; case counts. What an entry lacks fits no
    pattern.
    """

    @property
    def url(self) -> str | None:
        """Pattern of the URL as it is listed."""

    @property
    def id(self) -> str | None:
        """Pattern of the id of what is listed; that of a playlist beside a video is not."""

    @property
    def section(self) -> str | None:
        """Pattern of one of the headings above, or of all of them, joined by ` > `."""

    @property
    def file(self) -> str | None:
        """Pattern of the list's name."""

    @property
    def rules(self) -> tuple[str, ...]:
        """What is not told of it; empty: nothing is."""


class IgnoreRules:
    """Patterns, ready to be asked about each entry.

    Args:
        several: An entry is ignored that fits any of them.
    """

    def __init__(self, several: Iterable[IgnorePattern]) -> None:
        self._several = [(_compiled(patterns), patterns.rules) for patterns in several]

    def kept(self, link: Link, resources: Sequence[Resource]) -> Link | None:
        """An entry with the rules that are ignored for it, by its comment or by a pattern.

        Args:
            link: The entry.
            resources: What it names, first what it lists.

        Returns:
            None when it is left out altogether.
        """
        ignored = self._ignored(link, resources) if self._several else link.ignored
        if ignored == ():
            return None
        return link if ignored == link.ignored else msgspec.structs.replace(link, ignored=ignored)

    def _ignored(self, link: Link, resources: Sequence[Resource]) -> tuple[str, ...] | None:
        told = (link.url, resources[0].id if resources else None, link.section, link.file)
        ignored = link.ignored
        for wanted, rules in self._several:
            if all(fits(told[at]) for at, fits in wanted):
                ignored = merge_ignored(ignored, rules)
        return ignored


def _compiled(patterns: IgnorePattern) -> list[tuple[int, _Fits]]:
    """Which of what is told of an entry (its URL, id, section, file) must fit what."""
    given = (
        (patterns.url, _of_text),
        (patterns.id, _of_text),
        (patterns.section, _of_section),
        (patterns.file, _of_text),
    )
    return [(at, fitting(pattern)) for at, (pattern, fitting) in enumerate(given) if pattern is not None]


def _of_text(pattern: str) -> _Fits:
    match = re.compile(translate(pattern)).match
    return lambda text: text is not None and match(text) is not None


def _of_section(pattern: str) -> _Fits:
    fits = _of_text(pattern)
    return cache(lambda path: path is not None and (fits(path) or any(map(fits, path.split(" > ")))))
