"""Which lines of the lists are new since a revision, as git says, and files of a commit. The only module that runs git.

Each list is sought in the repository that it is in. Renames are git's; a list that git doesn't track is new as a whole.
"""

import os
import re
import subprocess
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from linkwatch.errors import UsageError
from linkwatch.models.link import Link
from linkwatch.sources.files import ListFile, unreadable_error

_HUNK = re.compile(rb"@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
_LONE_CARRIAGE_RETURN = re.compile(rb"\r(?!\n)")
_ESCAPE = re.compile(rb'\\([0-7]{3}|[abfnrtv"\\])')
_ESCAPED = dict(zip(b'abfnrtv"\\', b'\a\b\f\n\r\t\v"\\', strict=True))

_FILES_A_CALL = 500
"""A command line has room for some thousands."""

# Spelt out, for the settings of a user may say otherwise. A list that an attribute calls binary is text all the same.
_DIFF = ("diff", "--no-color", "--no-ext-diff", "--no-textconv", "--no-relative", "--find-renames", "--text")
_NAMES = (*_DIFF, "--name-status", "-z")
_LINES = (*_DIFF, "--unified=0", "--inter-hunk-context=0", "--src-prefix=a/", "--dst-prefix=b/")

_WHOLE = (range(1, 2**63),)


@dataclass(frozen=True, slots=True)
class ChangedLines:
    """The new lines of some lists."""

    revision: str
    """As it was given."""

    by_file: Mapping[str, Sequence[range]]
    """By the name of the list, ascending; lists without new lines are left out."""

    def __contains__(self, link: Link) -> bool:
        """Whether the link begins on a new line."""
        ranges = self.by_file.get(link.file, ())
        at = bisect_right(ranges, link.line, key=lambda lines: lines.start) - 1
        return at >= 0 and link.line in ranges[at]


def read_changed_lines(revision: str, files: Iterable[ListFile]) -> ChangedLines:
    """Ask git which lines of these lists are new: in the files as they are, committed or not.

    Args:
        revision: Any commit, by any name that git knows: a branch, a tag, `HEAD~3`.
        files: The lists.

    Raises:
        UsageError: There is no git, no such revision, or a list is in no repository or no file.
    """
    _require_revision(revision)
    by_file: dict[str, Sequence[range]] = {}
    for root, named in _by_repository(files).items():
        changed = _changed_in(root, _commit(revision, root), named)
        for path, file in named.items():
            if path in changed:
                by_file[file.name] = _WHOLE if _has_other_lines(Path(root, path), file) else changed[path]
    return ChangedLines(revision, by_file)


def has_commit(revision: str, folder: Path) -> bool:
    """Whether the repository of a folder has a commit: a shallow clone lacks most.

    Raises:
        UsageError: There is no git, or the folder is in no repository.
    """
    _require_revision(revision)
    return _find_commit(revision, _root_of(folder, str(folder))) is not None


def file_at(revision: str, name: str, folder: Path) -> bytes | None:
    """The content of a file in a commit; None where the commit has no such file.

    Args:
        revision: A commit.
        name: Its path from the folder.
        folder: In the work tree of a repository.

    Raises:
        UsageError: There is no git, the folder is in no repository, or the repository lacks the commit.
    """
    _require_revision(revision)
    commit = _commit(revision, _root_of(folder, str(folder)))
    ran = _git(folder, "cat-file", "blob", f"{commit}:./{name}")
    return ran.stdout if ran.returncode == 0 else None


def fetch_commit(revision: str, folder: Path) -> bool:
    """Fetch a commit that a shallow clone lacks, from where it was cloned; returns whether it is there now.

    Raises:
        UsageError: There is no git.
    """
    _require_revision(revision)
    slow = ("-c", "http.lowSpeedLimit=1", "-c", "http.lowSpeedTime=30")
    fetch = ("fetch", "--quiet", "--no-tags", "--no-recurse-submodules", "--depth=1", "origin", revision)
    return _git(folder, *slow, *fetch).returncode == 0 and has_commit(revision, folder)


def _require_revision(revision: str) -> None:
    # A name that begins with a dash is an option to any command of git.
    if not revision or revision.startswith("-") or "\0" in revision:
        raise UsageError(
            f"--changed-since {revision!r}: not a git revision", remedy="For example: --changed-since origin/main"
        )


def _by_repository(files: Iterable[ListFile]) -> dict[str, dict[str, ListFile]]:
    """The lists by the root of their repository, and by their path in it."""
    roots: dict[Path, str] = {}
    found: dict[str, dict[str, ListFile]] = defaultdict(dict)
    for file in files:
        if file.path is None:
            what = "standard input (-)" if file.is_stdin else f"{file.name}, a list in the database"
            raise UsageError(
                f"--changed-since can't be used with {what}, whose lines git doesn't know",
                remedy="Name the file, or leave the option out.",
            )
        path = Path(os.path.realpath(file.path))
        if path.parent not in roots:
            roots[path.parent] = _root_of(path.parent, file.name)
        root = roots[path.parent]
        found[root][path.relative_to(root).as_posix()] = file
    return found


def _root_of(folder: Path, name: str) -> str:
    ran = _git(folder, "rev-parse", "--show-toplevel")
    if ran.returncode != 0 or not ran.stdout.strip():
        raise UsageError(
            f"--changed-since: {name} is in no git repository that can be read{_reason(ran)}",
            remedy="Name lists of a repository, or leave the option out.",
        )
    return os.path.realpath(os.fsdecode(ran.stdout.rstrip(b"\r\n")))


def _commit(revision: str, root: str) -> str:
    commit = _find_commit(revision, root)
    if commit is None:
        raise UsageError(
            f"--changed-since {revision}: the repository {root} has no such commit",
            remedy="Name a branch, tag or commit. A shallow clone lacks most of them: git fetch --unshallow",
        )
    return commit


def _find_commit(revision: str, root: str) -> str | None:
    ran = _git(Path(root), "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    return ran.stdout.decode("ascii").strip() if ran.returncode == 0 else None


def _changed_in(root: str, commit: str, named: Mapping[str, ListFile]) -> dict[str, Sequence[range]]:
    """The new lines by path, of all of these files that have any."""
    tracked = set(_names(_run(root, "ls-files", "-z")))
    changed: dict[str, Sequence[range]] = dict.fromkeys(named.keys() - tracked, _WHOLE)
    edited: list[tuple[str, ...]] = []
    # Of all files: among some alone git would not find where a renamed one came from.
    for status, *paths in _statuses(_names(_run(root, *_NAMES, commit, "--"))):
        if paths[-1] in named and status[0] in "MR":
            edited.append(tuple(paths))
        elif paths[-1] in named and status[0] != "D":
            changed[paths[-1]] = _WHOLE
    for start in range(0, len(edited), _FILES_A_CALL):
        paths = [path for paths in edited[start : start + _FILES_A_CALL] for path in paths]
        changed.update(_added_lines(_run(root, *_LINES, commit, "--", *paths)))
    return changed


def _statuses(names: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """Status and path; of a renamed file status, old and new path."""
    source = iter(names)
    for status in source:
        yield (status, next(source), next(source)) if status[0] in "RC" else (status, next(source))


def _added_lines(diff: bytes) -> dict[str, list[range]]:
    """The added lines of a diff without context, by the new path."""
    added: dict[str, list[range]] = defaultdict(list)
    path, skipped = "", 0
    for line in diff.split(b"\n"):
        if skipped and not line.startswith(b"\\"):  # "\ No newline at end of file" is no line
            skipped -= 1
        elif hunk := _HUNK.match(line):
            removed, start, count = (1 if number is None else int(number) for number in hunk.groups())
            skipped = removed + count
            if count:
                added[path].append(range(start, start + count))
        elif line.startswith(b"+++ "):
            path = _unquoted(line[4:]).removeprefix("b/")
    return added


def _unquoted(name: bytes) -> str:
    """A path as git writes it in a diff: in quotes if it has escapes, and with a tab behind it if it has a space."""
    name = name.removesuffix(b"\t")
    return os.fsdecode(_ESCAPE.sub(_unescaped, name[1:-1]) if name.startswith(b'"') else name)


def _unescaped(escape: re.Match[bytes]) -> bytes:
    code = escape[1]
    return bytes([int(code, 8) if len(code) == 3 else _ESCAPED[code[0]]])


def _has_other_lines(path: Path, file: ListFile) -> bool:
    """Whether the readers count lines that git doesn't: to them, a carriage return alone ends one."""
    try:
        return _LONE_CARRIAGE_RETURN.search(path.read_bytes()) is not None
    except OSError as error:
        raise unreadable_error(error, file.name) from None


def _names(output: bytes) -> list[str]:
    return [os.fsdecode(name) for name in output.split(b"\0") if name]


def _run(root: str, *arguments: str) -> bytes:
    ran = _git(Path(root), *arguments)
    if ran.returncode != 0:
        raise UsageError(f"--changed-since: git {arguments[0]} failed in {root}{_reason(ran)}")
    return ran.stdout


def _git(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    # Pathspecs are names: a list may be called `[a]*.md`. In a hook, GIT_DIR alone would make this folder the root.
    env = {name: value for name, value in os.environ.items() if name not in {"GIT_DIFF_OPTS", "GIT_EXTERNAL_DIFF"}}
    if "GIT_WORK_TREE" not in env:
        env.pop("GIT_DIR", None)
    env |= {"LC_ALL": "C", "GIT_LITERAL_PATHSPECS": "1", "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"}
    try:
        return subprocess.run(  # noqa: S603 - no shell, and the revision is no option
            ["git", *arguments],  # noqa: S607 - where git is differs from system to system
            cwd=folder,
            env=env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
    except OSError as error:
        raise UsageError(
            f"--changed-since: git can't be run: {error.strerror or error}",
            remedy="Install git, or leave the option out.",
        ) from None


def _reason(ran: subprocess.CompletedProcess[bytes]) -> str:
    """What git says, for the end of a message."""
    lines = ran.stderr.decode("utf-8", "replace").strip().splitlines()
    return f": {lines[0]}" if lines else ""
