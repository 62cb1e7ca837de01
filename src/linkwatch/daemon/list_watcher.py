"""The lists of one schedule, read again when they change on disk; an unreadable list keeps its last version."""

import fnmatch
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from linkwatch.catalogue.catalogue import Catalogue, catalogue_links
from linkwatch.errors import ListError, UsageError
from linkwatch.models.link import Link
from linkwatch.services.lists import ReadLists, check_comments
from linkwatch.settings import Ignore
from linkwatch.sources import FileSelection, list_files, read_file, read_met_file
from linkwatch.sources.content import MAX_FILE
from linkwatch.sources.embeds import SYNTAXES, Syntax
from linkwatch.sources.files import STDIN, FindStored, ListFile, list_name
from linkwatch.spool import spooled
from linkwatch.text import listing
from linkwatch.urls.parse import parse_url

LoadLinks = Callable[[str], Sequence[Link]]
"""Loads the links of a list, by its name, as of its last check; empty when it was never checked."""

_Signature = tuple[int, int, int] | str
"""Inode, size and modification time in nanoseconds, all of which a file that was not written keeps; the digest of a
list in the database."""


@dataclass(frozen=True, slots=True)
class _ReadList:
    """A list as it was last read."""

    signature: _Signature | None
    links: Sequence[Link]
    problem: str | None = None
    """Why its present version can't be used."""


@dataclass(slots=True)
class WatchedLists:
    """The files, folders and globs of one schedule."""

    locations: tuple[str, ...]
    ignore: tuple[Ignore, ...]
    load_links: LoadLinks
    """Replaces, after a restart, a list that can't be read."""

    selection: FileSelection = FileSelection()  # noqa: RUF009  # it is immutable
    """What is left out of folders and globs."""

    max_file: int = MAX_FILE
    """The most bytes of a list."""

    syntaxes: Sequence[Syntax] = SYNTAXES
    """Those in which an id without a URL is a link."""

    find_stored: FindStored | None = None
    """Finds lists in the database; None: there are none."""

    files: tuple[str, ...] = ()
    """Names of the lists that were last found; of a location that was removed, those that it had."""

    problem: str | None = None
    """What is wrong now with lists that were read before; the version last read stays in use."""

    missing: Mapping[str, str] = field(default_factory=dict)
    """Locations that do not exist, and of which nothing was ever read: nothing of them is checked; with the error."""

    read: ReadLists | None = None
    """The lists in use; None: they could never be read."""

    _files_by_location: dict[str, tuple[ListFile, ...]] = field(default_factory=dict)
    _read_lists: dict[str, _ReadList] = field(default_factory=dict)
    _links: Mapping[str, Sequence[Link]] = field(default_factory=dict)
    """The links by list at the last refresh, whether they are in use or not."""

    _empty: str | None = None
    """Why the links of the last refresh are not in use."""

    def refresh(self) -> bool:
        """Read the lists that changed on disk; returns whether other links are in use now."""
        problems: list[str] = []
        unopened: dict[str, str] = {}
        files = list(self._find_files(unopened))
        self._read_lists = {file.name: self._read_again(file, self._read_lists.get(file.name)) for file in files}
        problems += [read.problem for read in self._read_lists.values() if read.problem]
        links = {name: read.links for name, read in self._read_lists.items()}
        never_opened = unopened.keys() - self._files_by_location.keys()
        for name in self.files:
            if name not in links and any(_is_in(name, location) for location in never_opened):
                links[name] = self._links[name] if name in self._links else spooled(self.load_links(name), Link)
        unknown = {each for each in never_opened if not any(_is_in(name, each) for name in links)}
        self.missing = {
            location: message
            for location, message in unopened.items()
            if location in unknown and not Path(location).exists()
        }
        problems += [message for location, message in unopened.items() if location not in self.missing]
        is_new = links != self._links and self._use(links)
        self._links = links
        self.problem = "; ".join([*problems, *filter(None, [self._empty])]) or None
        return is_new

    def _use(self, links_by_list: Mapping[str, Sequence[Link]]) -> bool:
        catalogue, self._empty = self._catalogue(links_by_list), None
        if _is_empty(catalogue):
            self._empty = f"no YouTube link found in {', '.join(list(links_by_list)[:3])}"
            if self.read is not None:
                return False
            # After a restart, too, the version that was read last stays in use.
            catalogue = self._catalogue({name: spooled(self.load_links(name), Link) for name in links_by_list})
            if _is_empty(catalogue):
                return False
        self.files = tuple(links_by_list)
        self.read = ReadLists(catalogue, self.files, version=self._version(links_by_list))
        return True

    def _version(self, links_by_list: Mapping[str, Sequence[Link]]) -> str | None:
        """Made of the names and signatures of the lists; None: one of them is not what a file has now."""
        read = [(name, self._read_lists.get(name)) for name in links_by_list]
        if self._empty or any(each is None or each.signature is None or each.problem for _, each in read):
            return None
        return repr([(name, each.signature) for name, each in read if each is not None])

    def _catalogue(self, links_by_list: Mapping[str, Sequence[Link]]) -> Catalogue:
        return catalogue_links((link for links in links_by_list.values() for link in links), self.ignore)

    def _find_files(self, unopened: dict[str, str]) -> Iterator[ListFile]:
        """The lists of all locations; for a location that can't be opened, which is noted with why, those it had."""
        seen: set[str] = set()
        for location in self.locations:
            try:
                self._files_by_location[location] = tuple(list_files([location], self.selection, self.find_stored))
            except ListError as error:
                unopened[location] = error.message
            for file in self._files_by_location.get(location, ()):
                if file.name not in seen:
                    seen.add(file.name)
                    yield file

    def _read_again(self, file: ListFile, before: _ReadList | None) -> _ReadList:
        signature = _signature(file)
        if before is not None and before.signature == signature:
            return before
        try:
            return _ReadList(
                signature,
                _youtube_links(read_file(file, stdin=sys.stdin.buffer, max_size=self.max_file, syntaxes=self.syntaxes)),
            )
        except UsageError as error:
            # It is read again when it changes again; until then its last version stays in use.
            links = spooled(self.load_links(file.name), Link) if before is None else before.links
            if before is None and not links and not file.named:
                # As in a check that a person starts: what was met in a folder is searched as plain text.
                links = _youtube_links(
                    read_met_file(file, remark=lambda _: None, max_size=self.max_file, syntaxes=self.syntaxes)
                )
            return _ReadList(signature, links, error.message)


def _is_empty(catalogue: Catalogue) -> bool:
    return not catalogue.links and not catalogue.ignored


def _is_in(name: str, location: str) -> bool:
    """Whether a list is what a location names, or in the folder or among the files that it names."""
    named = list_name(Path(location))
    return name == named or name.startswith(f"{named}/") or fnmatch.fnmatch(name, named)


def describe_missing(missing: Iterable[str]) -> str:
    """That lists do not exist: `a.csv was not found; its links are not being checked`."""
    locations = list(missing)
    if not locations:
        return ""
    verb, whose = ("was", "its") if len(locations) == 1 else ("were", "their")
    return f"{listing(locations, 5)} {verb} not found; {whose} links are not being checked"


def _youtube_links(links: Iterable[Link]) -> Sequence[Link]:
    """The YouTube links among these, ignored ones too.

    Raises:
        ListError: A comment names an unknown rule.
    """
    kept = spooled((link for link in links if parse_url(link.url) is not None), Link)
    check_comments(kept)
    return kept


def _signature(file: ListFile) -> _Signature | None:
    """None when there is no such file."""
    if file.stored is not None:
        return file.stored.digest
    try:
        stat = file.path.stat() if file.path else None
    except OSError:
        return None
    return None if stat is None else (stat.st_ino, stat.st_size, stat.st_mtime_ns)


def refuse_stdin(locations: Iterable[str]) -> None:
    """Refuse standard input, for a daemon reads its lists many times.

    Raises:
        UsageError: Standard input is among the locations.
    """
    if STDIN in locations:
        raise UsageError(
            "the daemon can't read lists from standard input", remedy="Name a file: linkwatch daemon README.md"
        )
