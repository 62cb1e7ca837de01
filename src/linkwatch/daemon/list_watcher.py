"""The lists of one schedule, read again when they change on disk; what can't be read stays as it was last."""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from linkwatch.catalogue.catalogue import catalogue_links
from linkwatch.errors import ListError, UsageError
from linkwatch.models.link import Link
from linkwatch.services.lists import ReadLists, check_comments
from linkwatch.settings import Ignore
from linkwatch.sources import list_files, read_file
from linkwatch.sources.files import STDIN, ListFile
from linkwatch.spool import spooled
from linkwatch.urls.parse import parse_url

LoadLinks = Callable[[str], Sequence[Link]]
"""The name of a list → its links when it was last checked; empty when it never was."""

_Signature = tuple[int, int, int]
"""Inode, size and time of change in nanoseconds: a file that keeps all of them was not written."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """A list as it was last read."""

    signature: _Signature | None
    links: Sequence[Link]
    problem: str | None = None
    """Why its present form was not taken over."""


@dataclass(slots=True)
class WatchedLists:
    """The files, folders and globs of one schedule."""

    locations: tuple[str, ...]
    ignore: tuple[Ignore, ...]
    remembered: LoadLinks
    """Stands in, after a restart, for what can't be read."""

    files: tuple[str, ...] = ()
    """Names of the lists as they were last found; of a location that is gone, those that it had."""

    problem: str | None = None
    """What is wrong now; the last good form is in force meanwhile."""

    read: ReadLists | None = None
    """The lists in force; None: there never was a good form."""

    _of_location: dict[str, tuple[ListFile, ...]] = field(default_factory=dict)
    _kept: dict[str, _Kept] = field(default_factory=dict)
    _form: Mapping[str, Sequence[Link]] = field(default_factory=dict)
    """What the lists said when they were last looked at, taken over or not."""

    _empty: str | None = None
    """Why that was not taken over."""

    def refresh(self) -> bool:
        """Read what has changed on disk since; returns whether other lists are in force now."""
        problems: list[str] = []
        found = list(self._files(problems))
        self._kept = {file.name: self._refreshed(file, self._kept.get(file.name)) for file in found}
        problems += [kept.problem for kept in self._kept.values() if kept.problem]
        form = {name: kept.links for name, kept in self._kept.items()}
        if not form:  # not one location can be opened, and none could since the start
            form = {name: spooled(self.remembered(name), Link) for name in self.files}
        is_new = form != self._form and self._take_over(form)
        self._form = form
        self.problem = "; ".join([*problems, *filter(None, [self._empty])]) or None
        return is_new

    def _take_over(self, form: Mapping[str, Sequence[Link]]) -> bool:
        catalogue = catalogue_links((link for links in form.values() for link in links), self.ignore)
        if not catalogue.links and not catalogue.ignored:
            self._empty = f"no YouTube link found in {', '.join(list(form)[:3])}"
            return False
        self.read, self.files, self._empty = ReadLists(catalogue, tuple(form)), tuple(form), None
        return True

    def _files(self, problems: list[str]) -> Iterator[ListFile]:
        """The lists that there are; a location that can't be opened has those that it had."""
        seen: set[str] = set()
        for location in self.locations:
            try:
                self._of_location[location] = tuple(list_files([location]))
            except ListError as error:
                problems.append(error.message)
            for file in self._of_location.get(location, ()):
                if file.name not in seen:
                    seen.add(file.name)
                    yield file

    def _refreshed(self, file: ListFile, kept: _Kept | None) -> _Kept:
        signature = _signature(file.path)
        if kept is not None and kept.signature == signature:
            return kept
        try:
            return _Kept(signature, _of_youtube(read_file(file, stdin=sys.stdin.buffer)))
        except UsageError as error:
            # It is read again when it changes again; till then its last good form is in force.
            links = spooled(self.remembered(file.name), Link) if kept is None else kept.links
            return _Kept(signature, links, error.message)


def _of_youtube(links: Iterable[Link]) -> Sequence[Link]:
    """The YouTube links among these, those that a comment leaves out too; the others need not be kept.

    Raises:
        ListError: A comment names an unknown rule.
    """
    kept = spooled((link for link in links if parse_url(link.url) is not None), Link)
    check_comments(kept)
    return kept


def _signature(path: Path | None) -> _Signature | None:
    """None when there is no such file."""
    try:
        stat = path.stat() if path else None
    except OSError:
        return None
    return None if stat is None else (stat.st_ino, stat.st_size, stat.st_mtime_ns)


def refuse_stdin(locations: Iterable[str]) -> None:
    """A daemon reads its lists again and again.

    Raises:
        UsageError: Standard input is among them, which can be read once.
    """
    if STDIN in locations:
        raise UsageError("the daemon can't watch standard input", remedy="Name a file: linkwatch daemon README.md")
