"""Fix lists: read them, plan the changes, write them."""

import io
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from linkwatch.catalogue.catalogue import catalogue_links
from linkwatch.catalogue.ignore import IgnoreRules
from linkwatch.files import write_atomically
from linkwatch.fix.edit import Source
from linkwatch.fix.patch import unified_diff
from linkwatch.fix.plan import Fix, RefusedFixError, lines_of, no_fix, plan_fix
from linkwatch.models.link import Link
from linkwatch.models.resource import Resource
from linkwatch.services.lists import named_lists, no_link_error
from linkwatch.settings import Settings
from linkwatch.sources import list_files
from linkwatch.sources.decoding import decoded_lines
from linkwatch.sources.files import ListFile, unreadable_error
from linkwatch.sources.formats import reader_for
from linkwatch.sources.read import detect_format
from linkwatch.urls.parse import parse_url


@dataclass(frozen=True, slots=True)
class PlannedFix:
    """A list, and what is done to it."""

    file: ListFile
    fix: Fix
    refusal: RefusedFixError | None = None
    """Why it is left as it is, though there is something to fix."""

    @property
    def name(self) -> str:
        """The list's name, as the user would write it."""
        return self.file.name

    @property
    def is_stdin(self) -> bool:
        """Whether the list came from standard input, and so can't be written back."""
        return self.file.path is None

    @property
    def text(self) -> str:
        """The whole list as it should be."""
        return "".join(self.fix.lines)

    def diff(self) -> Iterator[str]:
        """The lines of a unified diff; none when nothing changes."""
        return unified_diff(self.name, self.fix.source.lines, self.fix.lines)


def plan_fixes(
    lists: Sequence[str], settings: Settings, *, stdin: BinaryIO, handles: bool = False, allow_empty: bool = False
) -> list[PlannedFix]:
    """Read lists and plan what to change in them; nothing is written.

    Args:
        lists: Files, folders, globs, `-`; none: those of the settings, else `resources.csv`.
        settings: What they ignore is left alone.
        stdin: Where `-` is read from.
        handles: Also replace `/user/NAME` by the handle that a check has stored.
        allow_empty: Lists without a YouTube link are no error.

    Raises:
        UsageError: There is no list, or none of them has a YouTube link.
        ListError: One can't be read.
        StoreError: The handles can't be read.
    """
    known_handles = _stored_handles(settings.database_url) if handles else {}
    ignore_rules = IgnoreRules(settings.ignore)
    planned = [
        _planned(file, _source(file, stdin), known_handles, ignore_rules)
        for file in list_files(named_lists(lists, settings))
    ]
    if not allow_empty and not any(parse_url(link.url) for each in planned for link, _ in each.fix.links):
        raise no_link_error([each.name for each in planned])
    return planned


def _planned(file: ListFile, source: Source, known_handles: Mapping[str, str], ignore_rules: IgnoreRules) -> PlannedFix:
    try:
        return PlannedFix(file, plan_fix(source, known_handles, ignore_rules))
    except RefusedFixError as refusal:
        return PlannedFix(file, no_fix(source), refusal)


def write_fixes(planned: Iterable[PlannedFix]) -> dict[str, str]:
    """Write the lists that change, each whole or not at all; that from standard input is the caller's to write.

    Returns:
        Why some could not be written, by the list's name.
    """
    failures = {}
    for each in planned:
        if each.file.path is None or not each.fix.changes:
            continue
        if not each.file.path.is_file():
            failures[each.name] = "it is no regular file"
            continue
        before = "".join(each.fix.source.lines).encode()
        try:
            write_atomically(each.file.path, [each.text.encode()], expected=before)
        except OSError as error:
            failures[each.name] = error.strerror or str(error)
    return failures


def remaining_duplicates(
    planned: Iterable[PlannedFix], written: Collection[str], settings: Settings
) -> Iterator[tuple[Resource, list[Link]]]:
    """What is still listed more than once, with its links.

    Args:
        planned: The lists.
        written: The names of those that were written: their links are given with the lines that they have now.
        settings: What they ignore is left out.
    """
    links = (
        link_after if each.name in written else link_before
        for each in planned
        for link_before, link_after in each.fix.links
    )
    for resource, entries in catalogue_links(links, settings.ignore).duplicates():
        counted = [entry.link for entry in entries if "duplicate" not in (entry.link.ignored or ())]
        if len(counted) > 1:
            yield resource, counted


def _stored_handles(database_url: str) -> Mapping[str, str]:
    # Here, not above: without --handles no database is needed, and SQLAlchemy takes longer than the rest.
    from linkwatch.store.channels import load_handles_of_users  # noqa: PLC0415
    from linkwatch.store.schema import open_for_reading  # noqa: PLC0415

    with open_for_reading(database_url) as database, database.read() as connection:
        return load_handles_of_users(connection)


def _source(file: ListFile, stdin: BinaryIO) -> Source:
    """Read a list as it is.

    Raises:
        ListError: It can't be read.
    """
    try:
        content = stdin.read() if file.path is None else file.path.read_bytes()
    except OSError as error:
        raise unreadable_error(error, file.name) from None
    deque(decoded_lines(io.BytesIO(content), file.name), maxlen=0)  # raises an error with the line of what is not UTF-8
    kind = detect_format(file, io.BytesIO(content))
    return Source(file.name, kind, lines_of(content.decode()), reader_for(kind))
