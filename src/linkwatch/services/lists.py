"""The lists a command was given, read."""

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from linkwatch.catalogue.catalogue import Catalogue, catalogue_links
from linkwatch.errors import ListError, UsageError
from linkwatch.models.link import Link
from linkwatch.models.rules import RULES
from linkwatch.settings import DEFAULT_LIST, Settings
from linkwatch.sources import list_files, read_lists


@dataclass(frozen=True, slots=True)
class ReadLists:
    """The lists and what is in them."""

    catalogue: Catalogue
    files: tuple[str, ...]
    """Every list that was read, the ones without a YouTube link too."""


def read_named_lists(lists: Sequence[str], settings: Settings, *, allow_empty: bool) -> ReadLists:
    """Read the lists of a command line; without one, those of the settings, else `resources.csv`.

    What the settings or a comment ignore is left out.

    Raises:
        UsageError: There is no list, or none of them has a YouTube link.
        ListError: One can't be read, or a comment in it names an unknown rule.
    """
    named = named_lists(lists, settings)
    files = tuple(file.name for file in list_files(named))
    catalogue = catalogue_links(read_lists(named, stdin=sys.stdin.buffer), settings.ignore)
    check_comments(item.link for item in catalogue.links)
    if not catalogue.links and not catalogue.ignored and not allow_empty:
        raise no_link_error(files)
    return ReadLists(catalogue, files)


def no_link_error(files: Sequence[str]) -> UsageError:
    """The error of lists without a YouTube link."""
    return UsageError(
        f"no YouTube link found in {', '.join(files[:3])}{' …' if len(files) > 3 else ''}",
        remedy="Name a list that has one; with --allow-empty this is no error.",
    )


def check_comments(links: Iterable[Link]) -> None:
    """See that the comments beside links ignore rules that there are.

    Raises:
        ListError: One names an unknown rule.
    """
    for link in links:
        unknown = next((rule for rule in link.ignored or () if rule not in RULES), None)
        if unknown is not None:
            message = f"the comment that ignores rules for this link names an unknown rule {unknown!r}"
            raise ListError(message, file=link.file, line=link.line, remedy=f"Rules: {', '.join(RULES)}.")


def named_lists(lists: Sequence[str], settings: Settings) -> tuple[str, ...]:
    """The lists of a command line; without one, those of the settings, else `resources.csv`.

    Raises:
        UsageError: There is none.
    """
    return tuple(lists) or settings.lists or _default()


def _default() -> tuple[str, ...]:
    if not Path(DEFAULT_LIST).is_file():
        raise UsageError(
            f"no list was named, and there is no {DEFAULT_LIST} here",
            remedy="Name a list, as in: linkwatch check README.md",
        )
    return (DEFAULT_LIST,)
