"""The lists a command was given, read."""

import io
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from linkwatch.catalogue.catalogue import Catalogue, catalogue_links
from linkwatch.errors import ListError, StoreError, UsageError
from linkwatch.models.link import Link
from linkwatch.models.resource import Resource
from linkwatch.models.rules import RULES
from linkwatch.report.build import only_changed
from linkwatch.report.model import Report
from linkwatch.settings import DEFAULT_LIST, Settings
from linkwatch.sources import FileSelection, ListFile, find_files, read_files
from linkwatch.sources.document import Remark
from linkwatch.sources.embeds import own_syntaxes
from linkwatch.sources.files import FoundFiles, StoredText
from linkwatch.sources.unread_files import unread_remarks

if TYPE_CHECKING:
    from linkwatch.sources.changed_lines import ChangedLines

_LINK = re.compile(r"https?://|(?:(?:www|m|music)\.)?youtube\.com/|youtu\.be/", re.IGNORECASE)
"""The beginning of what is named on the command line and is a link, not a file."""


@dataclass(frozen=True, slots=True)
class ReadLists:
    """The lists and what is in them."""

    catalogue: Catalogue
    files: tuple[str, ...]
    """Every list that was read, the ones without a YouTube link too."""

    changed: "ChangedLines | None" = None
    """The lines that are judged; None: all."""

    version: str | None = None
    """Identifies the files as they were read, also after a restart; None: nothing does."""

    def resources_on_changed_lines(self, aliases: Mapping[str, str]) -> set[Resource] | None:
        """The resources to ask about, with handles and user names resolved; None: all.

        Args:
            aliases: `@handle` or `user/NAME` → `UC…`.
        """
        if self.changed is None:
            return None
        resources = (
            resource for item in self.catalogue.links if item.link in self.changed for resource in item.resources
        )
        return {Resource(each.kind, aliases.get(each.id, each.id)) for each in resources}

    def judged(self, report: Report) -> Report:
        """The report of what is on the lines that are judged."""
        if self.changed is None:
            return report
        link_count = sum(item.link in self.changed for item in self.catalogue.links)
        return only_changed(report, self.changed.revision, self.changed.__contains__, link_count)


def read_named_lists(
    lists: Sequence[str],
    settings: Settings,
    *,
    allow_empty: bool,
    changed_since: str | None = None,
    remark: Remark = lambda _: None,
) -> ReadLists:
    """Read the lists of a command line; without one, those of the settings, else `resources.csv`.

    What the settings or a comment ignore is left out.

    Args:
        lists: As named; a link stands for a list that has it alone, read as if from standard input.
        settings: The lists when none is named, and what is ignored.
        allow_empty: Lists without a YouTube link are no error; those without one on changed lines are none anyway.
        changed_since: A git revision: only lines that are new since it are judged. None: all.
        remark: Called with a sentence about the files of folders and the rows that are not read, and why.

    Raises:
        UsageError: There is no list, none of them has a YouTube link, or git doesn't know the revision or a list.
        ListError: One can't be read, or a comment in it names an unknown rule.
    """
    names, stdin = _with_links_as_input(named_lists(lists, settings))
    found = find_lists(names, settings)
    files = tuple(file.name for file in found.files)
    changed = None if changed_since is None else _changed_lines(changed_since, found.files)
    for skipped in found.skipped:
        remark(f"{skipped.message}; it is skipped")
    links = read_files(
        found.files,
        stdin=stdin,
        remark=remark,
        max_size=settings.max_file,
        syntaxes=own_syntaxes(settings.embeds),
    )
    catalogue = catalogue_links(links, settings.ignore)
    for sentence in unread_remarks(found.others):
        remark(sentence)
    check_comments(item.link for item in catalogue.links)
    if not catalogue.links and not catalogue.ignored and not allow_empty and changed is None:
        raise no_link_error(files)
    return ReadLists(catalogue, files, changed)


def _with_links_as_input(names: Sequence[str]) -> tuple[Sequence[str], BinaryIO]:
    """The names of files alone, and what standard input has, with the links that were named before it."""
    links = [name for name in names if _LINK.match(name) and not Path(name).exists()]
    if not links:
        return names, sys.stdin.buffer
    files = [name for name in names if name not in links]
    typed = sys.stdin.buffer.read() if "-" in files else b""
    text = "".join(f"{link}\n" for link in links).encode("utf-8", "surrogateescape")
    return [*(name for name in files if name != "-"), "-"], io.BytesIO(text + typed)


def file_selection(settings: Settings) -> FileSelection:
    """What the settings leave out of folders and globs."""
    return FileSelection(settings.exclude, settings.use_ignore_files)


def find_lists(locations: Sequence[str], settings: Settings) -> FoundFiles:
    """Find the lists of some locations: files, folders, globs, `-`, and lists in the database of the settings.

    Raises:
        ListError: As `find_files`.
        StoreError: The database, which has one of them, can't be read.
    """
    return find_files(locations, file_selection(settings), partial(_find_stored, settings.database_url))


def _find_stored(database_url: str, name: str) -> StoredText | str:
    # Here, not above: SQLAlchemy takes longer to load than a list to read.
    from linkwatch.services.stored_lists import load_stored  # noqa: PLC0415

    return load_stored(database_url, name)


def _changed_lines(revision: str, files: Sequence[ListFile]) -> "ChangedLines":
    from linkwatch.sources.changed_lines import read_changed_lines  # noqa: PLC0415 - git is rarely asked

    return read_changed_lines(revision, files)


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
        if not link.ignored:  # nearly always: a list may be long
            continue
        unknown = next((rule for rule in link.ignored if rule not in RULES), None)
        if unknown is not None:
            message = f"the comment that ignores rules for this link names an unknown rule {unknown!r}"
            raise ListError(message, file=link.file, line=link.line, remedy=f"Rules: {', '.join(RULES)}.")


def named_lists(lists: Sequence[str], settings: Settings) -> tuple[str, ...]:
    """The lists of a command line; without one, those of the settings, else `resources.csv`, else those stored.

    Raises:
        UsageError: There is none.
    """
    return tuple(lists) or default_lists(settings) or _all_stored(settings)


def default_lists(settings: Settings) -> tuple[str, ...]:
    """The lists of the settings, else `resources.csv`; none where there is no such file."""
    return settings.lists or ((DEFAULT_LIST,) if Path(DEFAULT_LIST).is_file() else ())


def _all_stored(settings: Settings) -> tuple[str, ...]:
    from linkwatch.services.stored_lists import stored_lists_of  # noqa: PLC0415 - as above

    locations: tuple[str, ...] = ()
    with suppress(StoreError):  # without a list, that the database can't be read is not what is wrong
        locations = tuple(each.location for each in stored_lists_of(settings.database_url))
    if not locations:
        raise UsageError(
            f"no list was named, and there is no {DEFAULT_LIST} here",
            remedy="Name a list, such as README.md; or set “lists” in linkwatch.toml.",
        )
    return locations
