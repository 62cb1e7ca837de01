"""What changes in a list, as a unified diff that `patch -p0` and `git apply -p0` take.

Not by `difflib`: what became of each line is known, and to look for it takes it minutes for a long list.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

CONTEXT = 3
"""Lines around a change."""

_NO_END = "\\ No newline at end of file\n"


@dataclass(slots=True)
class _Stretch:
    """Lines that stay as they are, or lines that change."""

    changes: bool
    old: list[str] = field(default_factory=list)
    new: list[str] = field(default_factory=list)


def unified_diff(name: str, before: Sequence[str], after: Sequence[str]) -> Iterator[str]:
    r"""Yield the lines of a diff, each ending in `\n`; none when nothing changes.

    Args:
        name: The file's.
        before: Its lines, with their ends.
        after: What stands in place of each of them; empty when it is gone.
    """
    hunks = list(_hunks(list(_stretches(before, after))))
    if hunks:
        yield f"--- {_quoted(name)}\n"
        yield f"+++ {_quoted(name)}\n"
    moved = 0
    for first, stretches in hunks:
        old, new = (sum(len(lines) for lines in side) for side in _sides(stretches))
        yield f"@@ -{_range(first, old)} +{_range(first + moved, new)} @@\n"
        moved += new - old
        for stretch in stretches:
            if stretch.changes:
                yield from _marked("-", stretch.old)
                yield from _marked("+", stretch.new)
            else:
                yield from _marked(" ", stretch.old)


def _sides(stretches: Sequence[_Stretch]) -> tuple[list[list[str]], list[list[str]]]:
    return [stretch.old for stretch in stretches], [stretch.new for stretch in stretches]


def _stretches(before: Sequence[str], after: Sequence[str]) -> Iterator[_Stretch]:
    """Line by line, what stays and what changes in turn."""
    current = _Stretch(changes=False)
    for old, new in _blocks(before, after):
        if (old != new) is not current.changes:
            yield current
            current = _Stretch(changes=old != new)
        current.old += _split(old)
        current.new += _split(new)
    yield current


def _blocks(before: Iterable[str], after: Iterable[str]) -> Iterator[tuple[str, str]]:
    r"""Pairs of the two texts that end where a line ends for `patch` too, which a lone `\r` does not."""
    old = new = ""
    for was, becomes in zip(before, after, strict=True):
        old, new = old + was, new + becomes
        if old.endswith("\n") and (not new or new.endswith("\n")):
            yield old, new
            old = new = ""
    if old:
        yield old, new


def _split(text: str) -> list[str]:
    lines = text.split("\n")
    return [f"{line}\n" for line in lines[:-1]] + [line for line in lines[-1:] if line]


def _hunks(stretches: Sequence[_Stretch]) -> Iterator[tuple[int, list[_Stretch]]]:
    """The changes with the lines around them, those near each other together, each with its first line's number."""
    number, first, hunk = 1, 1, list[_Stretch]()
    for at, stretch in enumerate(stretches):
        lines, is_last = stretch.old, at == len(stretches) - 1
        if stretch.changes:
            hunk.append(stretch)
        elif hunk and (is_last or len(lines) > 2 * CONTEXT):
            yield first, [*hunk, _same(lines[:CONTEXT])]
            hunk = []
        elif hunk:
            hunk.append(stretch)
        if not hunk and not is_last:
            around = lines[-CONTEXT:]
            first, hunk = number + len(lines) - len(around), [_same(around)]
        number += len(lines)
    if hunk and hunk[-1].changes:
        yield first, hunk


def _same(lines: list[str]) -> _Stretch:
    return _Stretch(False, lines, lines)


def _range(first: int, count: int) -> str:
    """As `diff` writes it: an empty range stands behind the line before it."""
    return f"{first if count else first - 1},{count}"


def _marked(mark: str, lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        yield f"{mark}{line}"
        if not line.endswith("\n"):
            yield f"\n{_NO_END}"


def _quoted(name: str) -> str:
    """A file's name as `patch` reads it: in quotes when it holds what would end it."""
    if any(character < " " or character in '"\\' for character in name):
        escaped = "".join(f"\\{ord(c):03o}" if c < " " else f"\\{c}" if c in '"\\' else c for c in name)
        return f'"{escaped}"'
    return f"{name}\t" if " " in name else name
