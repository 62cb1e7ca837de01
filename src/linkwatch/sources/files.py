"""What the user names (files, folders, globs, `-`) → the files that are read."""

import glob
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from linkwatch.errors import ListError
from linkwatch.sources.formats import Format, format_by_extension

STDIN = "-"
_SKIPPED_FOLDERS = frozenset({"node_modules"})


@dataclass(frozen=True, slots=True)
class ListFile:
    """One file to be read."""

    name: str
    """As the user would name it: relative to the working directory when inside it, with `/`; `-` is standard input."""

    path: Path | None
    """None for standard input."""

    format: Format | None
    """By the file's extension; None for standard input, whose format is recognised by its content."""

    chosen: bool
    """Named, itself or by a glob; False when it was found in a folder."""


def list_files(locations: Sequence[str]) -> list[ListFile]:
    """The files of the locations, in their order, each of them once.

    Raises:
        ListError: A file or folder is missing or closed to us, a glob matches nothing, a folder has no list.
    """
    files: dict[str, ListFile] = {}
    for location in locations:
        for file in _expand(location):
            files.setdefault(os.path.realpath(file.path) if file.path else STDIN, file)
    return list(files.values())


def _expand(location: str) -> Iterable[ListFile]:
    if location == STDIN:
        return [ListFile(STDIN, None, None, chosen=True)]
    if "\0" in location:
        remedy = "Take the NUL character out of it."
        raise ListError("is not the name of a file", file=location.replace("\0", "\\0"), remedy=remedy)
    path = Path(location)
    try:
        if path.is_dir():
            return _files_in_folder(path)
        if glob.has_magic(location) and not path.exists():
            return _files_matching(location)
        path.stat()  # so that a missing file is reported before anything is read
        return [_file(path, chosen=True)]
    except OSError as error:
        raise unreadable_error(error, location) from None


def _files_in_folder(folder: Path) -> list[ListFile]:
    found = sorted(path for path in _walk(folder) if format_by_extension(path.name))
    if not found:
        remedy = "Name a file; in a folder, hidden files and those without an extension of lists are left out."
        raise ListError("has no list in it", file=_name(folder), remedy=remedy)
    return [_file(path, chosen=False) for path in found]


def _walk(folder: Path) -> Iterator[Path]:
    """The files below a folder, without hidden ones and installed packages."""
    for parent, folders, files in os.walk(folder, onerror=_stop):
        here = Path(parent)
        folders[:] = [name for name in folders if not _is_skipped(here / name)]
        yield from (here / name for name in files if not name.startswith("."))


def _stop(error: OSError) -> None:
    """`os.walk` skips a folder that it can't open: its links would be missing without a message."""
    raise error


def _is_skipped(folder: Path) -> bool:
    return folder.name.startswith(".") or folder.name in _SKIPPED_FOLDERS or (folder / "pyvenv.cfg").exists()


def _files_matching(pattern: str) -> list[ListFile]:
    # `courses/*` means the lists in it, `courses/*.notes` these files, whatever they are called.
    any_name = not Path(pattern).suffix
    found = [Path(match) for match in sorted(_matches(pattern))]
    files = [path for path in found if path.is_file() and (format_by_extension(path.name) or not any_name)]
    if not files:
        remedy = (
            "Put it in quotes, so that the shell leaves it alone, and see that it is right from the working directory."
        )
        raise ListError("matches no list", file=pattern, remedy=remedy)
    return [_file(path, chosen=True) for path in files]


def _matches(pattern: str) -> list[str]:
    return glob.glob(pattern, recursive=True)  # noqa: PTH207  (`Path.glob` refuses absolute patterns)


def _file(path: Path, *, chosen: bool) -> ListFile:
    return ListFile(_name(path), path, format_by_extension(path.name) or Format.TEXT, chosen)


def _name(path: Path) -> str:
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
