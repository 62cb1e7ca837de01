"""What the user names (files, folders, globs, stored lists, `-`) → the files that are read."""

import glob
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from linkwatch.errors import ListError
from linkwatch.sources.content import open_list
from linkwatch.sources.formats import Format, ListFormat, format_by_extension
from linkwatch.sources.ignored_files import IgnoredFiles

STDIN = "-"
STORED = "list:"
"""Begins the address of a list that is stored in the database; `./list:a` is a file of that name."""

_SKIPPED_FOLDERS = frozenset({"node_modules"})


@dataclass(frozen=True, slots=True)
class StoredText:
    """The text of a list that is stored in the database: CSV."""

    digest: str
    """Of the text: it is another one when the text is."""

    load: Callable[[], str]
    """Raises a `ListError` when the list has been removed meanwhile."""


FindStored = Callable[[str], StoredText | str]
"""Finds a stored list by its name: its text, or the path of the file or folder that it stands for.

Raises a `ListError` when there is no such list."""


@dataclass(frozen=True, slots=True)
class ListFile:
    """One file to be read."""

    name: str
    """As the user would name it: relative to the working directory when inside it, with `/`; `-` is standard input."""

    path: Path | None
    """None for standard input, and for a list that is stored in the database."""

    format: ListFormat | None
    """By the file's extension; None for standard input, whose format is recognised by its content."""

    named: bool
    """Itself: it must be read. False when it was met in a folder or by a glob: it is skipped when it can't be read."""

    stored: StoredText | None = None
    """The text of a list that is stored in the database."""

    @property
    def is_stdin(self) -> bool:
        """Whether it is what another program writes to standard input."""
        return self.path is None and self.stored is None


@dataclass(frozen=True, slots=True)
class FileSelection:
    """Which files are left out of folders and globs; a file that is named itself is always read."""

    exclude: tuple[str, ...] = ()
    """Patterns in the syntax of `.gitignore`, relative to the working directory."""

    use_ignore_files: bool = True
    """Whether `.gitignore`, in a git checkout, and `.linkwatchignore` count."""


@dataclass(slots=True)
class FoundFiles:
    """The files of the locations."""

    files: list[ListFile] = field(default_factory=list)
    """Those to read, in the order of the locations, each of them once."""

    others: list[Path] = field(default_factory=list)
    """Met in folders: of kinds that have no reader."""

    skipped: list[ListError] = field(default_factory=list)
    """Folders met in folders that can't be opened."""


def list_files(
    locations: Sequence[str], selection: FileSelection | None = None, find_stored: FindStored | None = None
) -> list[ListFile]:
    """The files of the locations, in their order, each of them once.

    Raises:
        ListError: As `find_files`.
    """
    return find_files(locations, selection, find_stored).files


def find_files(
    locations: Sequence[str], selection: FileSelection | None = None, find_stored: FindStored | None = None
) -> FoundFiles:
    """Find the files of the locations.

    Args:
        locations: Files, folders, globs, `-`, and `list:NAME` for lists that are stored in the database.
        selection: What is left out; None: what the ignore files say.
        find_stored: Finds a stored list; None: there is no database.

    Raises:
        ListError: A file or folder is missing or closed to us, a glob matches nothing, a folder has no list, or there
            is no such stored list.
    """
    found = FoundFiles()
    files: dict[str, ListFile] = {}
    for location in locations:
        before = len(found.files)
        if location.startswith(STORED):
            _add_stored(location, selection or FileSelection(), found, find_stored)
        else:
            _expand(location, selection or FileSelection(), found)
        for file in found.files[before:]:
            key = os.path.realpath(file.path) if file.path else file.name
            if key not in files or (file.named and not files[key].named):
                files[key] = file if key not in files else replace(files[key], named=True)
    found.files = list(files.values())
    return found


def _add_stored(address: str, selection: FileSelection, found: FoundFiles, find_stored: FindStored | None) -> None:
    name = address.removeprefix(STORED)
    if find_stored is None:
        raise no_stored_list_error(name)
    stored = find_stored(name)
    if isinstance(stored, str):
        _expand(stored, selection, found)
    else:
        found.files.append(ListFile(address, None, Format.CSV, named=True, stored=stored))


def no_stored_list_error(name: str) -> ListError:
    """The error for the address of a list that is not in the database."""
    remedy = "“linkwatch list” prints those that are; a file of this name is ./list:…"
    return ListError("there is no such list in the database", file=f"{STORED}{name}", remedy=remedy)


def _expand(location: str, selection: FileSelection, found: FoundFiles) -> None:
    if location == STDIN:
        found.files.append(ListFile(STDIN, None, None, named=True))
        return
    if "\0" in location:
        remedy = "Take the NUL character out of it."
        raise ListError("is not the name of a file", file=location.replace("\0", "\\0"), remedy=remedy)
    path = Path(location)
    try:
        if path.is_dir():
            _add_folder(path, selection, found)
        elif glob.has_magic(location) and not path.exists():
            found.files += _files_matching(location, selection)
        else:
            path.stat()  # so that a missing file is reported before anything is read
            found.files.append(_file(path, named=True))
    except OSError as error:
        raise unreadable_error(error, location) from None


def _add_folder(folder: Path, selection: FileSelection, found: FoundFiles) -> None:
    is_left_out = IgnoredFiles(selection.exclude, folder, use_files=selection.use_ignore_files)
    lists: list[Path] = []
    is_any_left_out = False
    for path in _walk(folder, is_left_out, found.skipped):
        has_reader = _format_of(path) is not None
        if is_left_out(path):
            is_any_left_out |= has_reader
        else:
            (lists if has_reader else found.others).append(path)
    if not lists:
        remedy = "Name a file; in a folder, hidden files and those without an extension of lists are left out."
        if is_any_left_out:
            remedy += " Others are left out by exclude, .gitignore or .linkwatchignore: see --no-ignore."
        raise ListError("has no list in it", file=list_name(folder), remedy=remedy)
    found.files += (_file(path, named=False) for path in sorted(lists))


def _walk(start: Path, is_left_out: IgnoredFiles, skipped: list[ListError]) -> Iterator[Path]:
    """The files below a folder, without hidden ones and installed packages; folders may nest to any depth."""
    ahead = [start]
    while ahead:
        folder = ahead.pop()
        try:
            with os.scandir(folder) as opened:
                entries = list(opened)
        except OSError as error:
            if folder == start:
                raise
            skipped.append(unreadable_error(error, list_name(folder)))
            continue
        for entry in entries:
            path = folder / entry.name
            if entry.name.startswith("."):
                continue
            if not entry.is_dir(follow_symlinks=False):
                if not os.path.isdir(path):  # noqa: PTH112  (a loop of links is an error to `pathlib`)
                    yield path
            elif not _is_skipped(path) and not is_left_out(path, is_folder=True):
                ahead.append(path)


def _is_skipped(folder: Path) -> bool:
    return folder.name.startswith(".") or folder.name in _SKIPPED_FOLDERS or os.path.lexists(folder / "pyvenv.cfg")


def _files_matching(pattern: str, selection: FileSelection) -> list[ListFile]:
    # `courses/*` means the lists in it, `courses/*.notes` these files, whatever they are called.
    any_name = not Path(pattern).suffix
    is_left_out = IgnoredFiles(selection.exclude, _unmagical_folder(pattern), use_files=selection.use_ignore_files)
    found = [Path(match) for match in sorted(_matches(pattern))]
    files = [
        path
        for path in found
        if (path.is_file() or path.is_symlink())
        and not path.is_dir()
        and (_format_of(path) or not any_name)
        and not is_left_out(path)
    ]
    if not files:
        remedy = (
            "Put it in quotes, so that the shell leaves it alone, and see that it is right from the working directory."
        )
        if found:
            remedy = (
                "What it matches is no list, or left out by exclude, .gitignore or .linkwatchignore: see --no-ignore."
            )
        raise ListError("matches no list", file=pattern, remedy=remedy)
    return [_file(path, named=False) for path in files]


def _unmagical_folder(pattern: str) -> Path:
    """The folder that a glob names before its first wildcard."""
    plain = []
    for part in Path(pattern).parts[:-1]:
        if glob.has_magic(part):
            break
        plain.append(part)
    return Path(*plain)


def _matches(pattern: str) -> list[str]:
    try:
        return glob.glob(pattern, recursive=True)  # noqa: PTH207  (`Path.glob` refuses absolute patterns)
    except RecursionError:
        remedy = "Name the folder instead of a glob: folders may nest to any depth."
        raise ListError("matches folders that nest too deeply", file=pattern, remedy=remedy) from None


def _file(path: Path, *, named: bool) -> ListFile:
    return ListFile(list_name(path), path, _format_of(path) or Format.TEXT, named)


def _format_of(path: Path) -> ListFormat | None:
    """The format of a file by its extension; None for one that says nothing. FreeTube's `.db` is JSON Lines."""
    if path.suffix.lower() != ".db":
        return format_by_extension(path.name)
    try:
        with open_list(path, path.name) as stream:
            return Format.JSON_LINES if stream.read(1) == b"{" else None
    except (OSError, ListError):
        return None


def list_name(path: Path) -> str:
    """The name of the list in a file, as reports show it: below the working directory, or absolute."""
    absolute = Path(os.path.abspath(path))  # noqa: PTH100  (`resolve` would follow symbolic links to a name that nobody wrote)
    here = Path.cwd()
    name = (absolute.relative_to(here) if absolute.is_relative_to(here) else absolute).as_posix()
    # A file's name may hold bytes that are no UTF-8; a report is text.
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def unreadable_error(error: OSError, name: str) -> ListError:
    """The error for a file or folder that the operating system refuses."""
    match error:
        case FileNotFoundError():
            remedy = f"See that the name is right; relative names begin at {Path.cwd()}."
            return ListError("does not exist", file=name, remedy=remedy)
        case PermissionError():
            remedy = f"Let this user read it, for example: chmod u+r '{name}'"
            return ListError("may not be read: permission denied", file=name, remedy=remedy)
        case _:
            reason = error.strerror or str(error)
            return ListError(
                f"can't be read: {reason}", file=name, remedy="Name a file or a folder that can be opened."
            )
