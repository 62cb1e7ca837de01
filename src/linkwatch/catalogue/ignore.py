"""Which links are ignored, by all rules or by some: patterns of the settings, and comments in the lists."""

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
    """What a link must match to be ignored: every pattern that is given.

    `*` stands for any text, `?` for any character, `[…]` for one of some; case matters. A value that a link lacks
    matches no pattern.
    """

    @property
    def url(self) -> str | None:
        """Pattern of the URL as listed."""

    @property
    def id(self) -> str | None:
        """Pattern of the id of the listed resource; of a video in a playlist, the video's."""

    @property
    def section(self) -> str | None:
        """Pattern of one of the headings above, or of all of them, joined by ` > `."""

    @property
    def file(self) -> str | None:
        """Pattern of the list's name."""

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules that ignore it; empty: all of them."""


class IgnoreRules:
    """Compiled patterns; a link that matches any of them is ignored.

    Args:
        patterns: Of the settings.
    """

    def __init__(self, patterns: Iterable[IgnorePattern]) -> None:
        self._patterns = [(_compiled(pattern), pattern.rules) for pattern in patterns]

    def kept(self, link: Link, resources: Sequence[Resource]) -> Link | None:
        """The link with the rules that its comment or a pattern ignores.

        Args:
            link: As it was read.
            resources: What it names, the listed one first.

        Returns:
            None when all rules ignore it.
        """
        ignored = self._ignored(link, resources) if self._patterns else link.ignored
        if ignored == ():
            return None
        return link if ignored == link.ignored else msgspec.structs.replace(link, ignored=ignored)

    def _ignored(self, link: Link, resources: Sequence[Resource]) -> tuple[str, ...] | None:
        values = (link.url, resources[0].id if resources else None, link.section, link.file)
        ignored = link.ignored
        for conditions, rules in self._patterns:
            if all(fits(values[at]) for at, fits in conditions):
                ignored = merge_ignored(ignored, rules)
        return ignored


def _compiled(pattern: IgnorePattern) -> list[tuple[int, _Fits]]:
    """Conditions on the values of a link: the index of the value (URL, id, section, file), and what it must match."""
    given = (
        (pattern.url, _matches_text),
        (pattern.id, _matches_text),
        (pattern.section, _matches_section),
        (pattern.file, _matches_text),
    )
    return [(at, matching(text)) for at, (text, matching) in enumerate(given) if text is not None]


def _matches_text(pattern: str) -> _Fits:
    match = re.compile(translate(pattern)).match
    return lambda text: text is not None and match(text) is not None


def _matches_section(pattern: str) -> _Fits:
    fits = _matches_text(pattern)
    return cache(lambda path: path is not None and (fits(path) or any(map(fits, path.split(" > ")))))
