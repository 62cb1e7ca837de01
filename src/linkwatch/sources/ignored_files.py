"""Which files of a folder are left out: `.gitignore` in a git checkout, `.linkwatchignore`, and patterns of the user's.

The patterns are read here, not by git: containers have none, `.linkwatchignore` and `exclude` need the same syntax, and
no process is started for a folder.
"""

import re
from collections.abc import Sequence
from os.path import abspath, lexists
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

_IN_CHECKOUT = ".gitignore"
_OURS = ".linkwatchignore"

_Patterns = list[tuple[Path, "GitIgnoreSpec"]]
"""The patterns that count in a folder, each with the folder that they stand in, the deepest first."""


class _Folder(NamedTuple):
    patterns: _Patterns
    in_checkout: bool


class IgnoredFiles:
    """Decides about the files of one location.

    Args:
        exclude: Patterns in the syntax of `.gitignore`, relative to the working directory.
        start: The folder that is searched. What is above it and ignores the folder itself does not count: it was named.
        use_files: Whether `.gitignore` and `.linkwatchignore` count.
    """

    def __init__(self, exclude: Sequence[str], start: Path, *, use_files: bool) -> None:
        self._exclude = _compiled(exclude) if exclude else None
        self._here = Path.cwd()
        self._use_files = use_files
        self._folders: dict[Path, _Folder] = {}
        if use_files:
            self._add_start(_absolute(start))

    def __call__(self, path: Path, *, is_folder: bool = False) -> bool:
        """Whether a file or folder at or below the start is left out."""
        absolute = _absolute(path)
        if self._exclude and _decides(self._exclude, self._here, absolute, is_folder=is_folder):
            return True
        if not self._use_files:
            return False
        # Of all patterns that fit, the last one of the deepest folder decides, as in git.
        decisions = (
            _decides(spec, base, absolute, is_folder=is_folder) for base, spec in self._patterns(absolute.parent)
        )
        return next((decision for decision in decisions if decision is not None), False)

    def _add_start(self, start: Path) -> None:
        """Read the patterns of the start and those above it, up to the checkout's folder, or else to where we are."""
        checkout = next((each for each in (start, *start.parents) if lexists(each / ".git")), None)
        last = checkout or (self._here if start.is_relative_to(self._here) else start)
        patterns: _Patterns = []
        for folder in start.parents[::-1]:
            if folder.is_relative_to(last):
                patterns = _patterns_of(folder, in_checkout=checkout is not None) + patterns
        decisions = (_decides(spec, base, start, is_folder=True) for base, spec in patterns)
        if next((decision for decision in decisions if decision is not None), False):
            patterns = []
        in_checkout = checkout is not None
        self._folders[start] = _Folder(_patterns_of(start, in_checkout=in_checkout) + patterns, in_checkout)

    def _patterns(self, folder: Path) -> "_Patterns":
        missing = []
        while folder not in self._folders and folder != folder.parent:
            missing.append(folder)
            folder = folder.parent
        above = self._folders.get(folder, _Folder([], in_checkout=False))
        for below in reversed(missing):
            is_checkout = lexists(below / ".git")
            in_checkout = is_checkout or above.in_checkout
            own = _patterns_of(below, in_checkout=in_checkout)
            above = _Folder(own if is_checkout else own + above.patterns, in_checkout)
            self._folders[below] = above
        return above.patterns


def _absolute(path: Path) -> Path:
    return Path(abspath(path))  # noqa: PTH100  (`resolve` would follow symbolic links)


def _decides(spec: "GitIgnoreSpec", base: Path, path: Path, *, is_folder: bool) -> bool | None:
    """Whether patterns leave a path out; None when none of them fits."""
    if not path.is_relative_to(base):
        return None
    name = path.relative_to(base).as_posix()
    return spec.check_file(name + "/" if is_folder else name).include


def _patterns_of(folder: Path, *, in_checkout: bool) -> "_Patterns":
    """The patterns that stand in a folder."""
    lines = [line for name in ([_IN_CHECKOUT, _OURS] if in_checkout else [_OURS]) for line in _lines(folder / name)]
    patterns = [(folder, _compiled(lines))] if lines else []
    if in_checkout and (excluded := _lines(folder / ".git" / "info" / "exclude")):
        patterns.append((folder, _compiled(excluded)))
    return patterns


def _lines(path: Path) -> list[str]:
    """The patterns of a file; none when there is no such file, or it can't be read."""
    try:
        text = path.read_bytes()[:1_000_000].decode("utf-8", "replace") if path.is_file() else ""
    except OSError:
        return []
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


def _compiled(lines: Sequence[str]) -> "GitIgnoreSpec":
    """The patterns, without those that are none."""
    from pathspec import GitIgnoreSpec  # noqa: PLC0415  # most lists are named, and need no patterns

    kept = []
    for line in lines:
        try:
            GitIgnoreSpec.from_lines([line])
        except (ValueError, re.error):
            continue
        kept.append(line)
    return GitIgnoreSpec.from_lines(kept)
