"""Fix lists: read them, plan the changes, write them."""

import io
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from linkwatch.catalogue.catalogue import catalogue_links
from linkwatch.catalogue.ignore import IgnoreRules
from linkwatch.errors import ListError, UsageError
from linkwatch.files import write_atomically
from linkwatch.fix.edit import Source
from linkwatch.fix.patch import unified_diff
from linkwatch.fix.plan import Fix, RefusedFixError, lines_of, no_fix, plan_fix
from linkwatch.models import rules
from linkwatch.models.link import Link
from linkwatch.models.resource import Resource
from linkwatch.report.model import Finding
from linkwatch.services.lists import find_lists, named_lists, no_link_error
from linkwatch.settings import Settings
from linkwatch.sources.content import examine_content
from linkwatch.sources.document import Remark
from linkwatch.sources.files import STDIN, ListFile, StoredText
from linkwatch.sources.formats import Format, reader_for
from linkwatch.sources.read import detect_format, open_content
from linkwatch.urls.parse import parse_url


@dataclass(frozen=True, slots=True)
class PlannedFix:
    """A list, and what is done to it."""

    file: ListFile
    fix: Fix
    refusal: RefusedFixError | None = None
    """Why it is left as it is, though there is something to fix."""

    encoding: str = "utf-8"
    """In which it was read, and is written back."""

    @property
    def name(self) -> str:
        """The list's name, as the user would write it."""
        return self.file.name

    @property
    def is_stdin(self) -> bool:
        """Whether the list came from standard input, and so can't be written back."""
        return self.file.is_stdin

    @property
    def text(self) -> str:
        """The whole list as it should be."""
        return "".join(self.fix.lines)

    def diff(self) -> Iterator[str]:
        """The lines of a unified diff; none when nothing changes."""
        return unified_diff(self.name, self.fix.source.lines, self.fix.lines)


def plan_fixes(
    lists: Sequence[str],
    settings: Settings,
    *,
    stdin: BinaryIO,
    handles: bool = False,
    allow_empty: bool = False,
    remark: Remark = lambda _: None,
) -> list[PlannedFix]:
    """Read lists and plan what to change in them; nothing is written.

    Args:
        lists: Files, folders, globs, `-`; none: those of the settings, else `resources.csv`.
        settings: What they ignore is left alone.
        stdin: Where `-` is read from.
        handles: Also replace `/user/NAME` by the handle that a check has stored.
        allow_empty: Lists without a YouTube link are no error.
        remark: Called with a sentence about the files of folders and the rows that can't be read, and are left alone.

    Raises:
        UsageError: There is no list, or none of them has a YouTube link.
        ListError: One can't be read.
        StoreError: The handles can't be read.
    """
    known_handles = _stored_handles(settings.database_url) if handles else {}
    ignore_rules = IgnoreRules(settings.ignore)
    found = find_lists(named_lists(lists, settings), settings)
    for error in found.skipped:
        remark(f"{error.message}; it is skipped")
    planned = []
    for file in found.files:
        try:
            planned.append(_planned(file, stdin, settings.max_file, known_handles, ignore_rules, remark))
        except ListError as error:
            if file.named:
                raise
            remark(f"{error.message}; it is skipped")
    if not allow_empty and not any(parse_url(link.url) for each in planned for link, _ in each.fix.links):
        raise no_link_error([each.name for each in planned])
    return planned


def _planned(
    file: ListFile,
    stdin: BinaryIO,
    max_size: int,
    known_handles: Mapping[str, str],
    ignore_rules: IgnoreRules,
    remark: Remark,
) -> PlannedFix:
    """Read a list as it is, and plan its changes.

    Raises:
        ListError: It can't be read.
    """
    with open_content(file, stdin, max_size) as content:
        encoding = examine_content(content, file.name, max_size).encoding
        kind = detect_format(file, content, encoding)
        if not isinstance(kind, Format):
            raise ListError(f"its format, {kind}, is a plug-in's, and can't be fixed", file=file.name)
        content.seek(0)
        text = content.read().decode(encoding)
    source = Source(file.name, kind, lines_of(text), _reader(kind, remark))
    try:
        return PlannedFix(file, plan_fix(source, known_handles, ignore_rules), None, encoding)
    except RefusedFixError as refusal:
        return PlannedFix(file, no_fix(source), refusal, encoding)


def _reader(kind: Format, remark: Remark) -> Callable[[Iterable[str], str], Iterator[Link]]:
    """The reader of a format, which remarks on what it can't read the first time only: a fix is read again."""
    remarks = [remark]

    def read(lines: Iterable[str], file: str) -> Iterator[Link]:
        return reader_for(kind, remarks.pop() if remarks else None)(lines, file)

    return read


def write_fixes(planned: Iterable[PlannedFix], settings: Settings) -> dict[str, str]:
    """Write the lists that change, each whole or not at all; that from standard input is the caller's to write.

    Args:
        planned: The lists.
        settings: They name the database of lists that are stored.

    Returns:
        Why some could not be written, by the list's name.
    """
    failures: dict[str, str] = {}
    for each in planned:
        if not each.fix.changes:
            continue
        if each.file.stored is not None:
            failures |= _saved(each, each.file.stored, settings)
        if each.file.path is None:
            continue
        if not each.file.path.is_file():
            failures[each.name] = "it is no regular file"
            continue
        before = "".join(each.fix.source.lines).encode(each.encoding)
        try:
            write_atomically(each.file.path, [each.text.encode(each.encoding)], expected=before)
        except UnicodeEncodeError:
            failures[each.name] = f"its encoding, {each.encoding}, lacks a character of the new URLs"
        except OSError as error:
            failures[each.name] = error.strerror or str(error)
    return failures


def _saved(planned: PlannedFix, stored: StoredText, settings: Settings) -> dict[str, str]:
    """Save a list in the database; returns why it could not be saved, by its name."""
    # Here, not above: files need no database, and SQLAlchemy takes longer to load than the rest.
    from linkwatch.services.stored_lists import save_fix  # noqa: PLC0415

    try:
        save_fix(settings, planned.name, planned.text, stored.digest)
    except UsageError as error:
        return {planned.name: error.message}
    return {}


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
    for resource, items in catalogue_links(links, settings.ignore).duplicates(settings.duplicates):
        counted = [item.link for item in items if "duplicate" not in (item.link.ignored or ())]
        if len(counted) > 1:
            yield resource, counted


def count_fixable(findings: Iterable[Finding], settings: Settings) -> int:
    """How many findings end when their lists are fixed, by the plan of the fix itself; nothing is written.

    What came from standard input can't be read again, and a list that can't be read or fixed ends none.

    Args:
        findings: Of a report that was just made; acknowledged ones don't count.
        settings: What they ignore is left alone.
    """
    candidates = [
        finding
        for finding in findings
        if finding.rule in {rules.UNCANONICAL, rules.DUPLICATE} and finding.acknowledged is None
    ]
    files = {link.file: None for finding in candidates for link in finding.links if link.file != STDIN}
    if not files:
        return 0
    try:
        planned = plan_fixes(list(files), settings, stdin=io.BytesIO(), allow_empty=True)
    except UsageError:
        return 0
    fixed = {each.name for each in planned if each.refusal is None}
    kept = {_position(before): before.url == after.url for each in planned for before, after in each.fix.links}

    def is_fixed(finding: Finding) -> bool:
        if not all(link.file in fixed for link in finding.links):
            return False
        if finding.rule is rules.DUPLICATE:
            return sum(_position(link) in kept for link in finding.links) < 2
        return not any(kept.get(_position(link), False) for link in finding.links)

    return sum(map(is_fixed, candidates))


def _position(link: Link) -> tuple[str, int, int]:
    return link.file, link.line, link.column


def _stored_handles(database_url: str) -> Mapping[str, str]:
    # Here, not above: without --handles no database is needed, and SQLAlchemy takes longer than the rest.
    from linkwatch.store.channels import load_handles_of_users  # noqa: PLC0415
    from linkwatch.store.schema import open_for_reading  # noqa: PLC0415

    with open_for_reading(database_url) as database, database.read() as connection:
        return load_handles_of_users(connection)
