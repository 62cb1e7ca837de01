"""What changes in a list, as a unified diff that `patch -p0` and `git apply -p0` accept."""

from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher

CONTEXT = 3
"""Lines around a change."""

_NO_END = "\\ No newline at end of file\n"

_Opcode = tuple[str, int, int, int, int]
"""As in `difflib`: `equal` or `replace`, and the ranges of lines in the old and in the new text."""


def unified_diff(name: str, before: Sequence[str], after: Sequence[str]) -> Iterator[str]:
    r"""Yield the lines of a diff, each ending in `\n`; none when nothing changes.

    Args:
        name: The file's name.
        before: Its lines, with their ends; an empty one where lines are added.
        after: The replacement of each line, which may be several; empty when the line is removed.
    """
    old, new, opcodes = _align(before, after)
    heading = [f"--- {_quoted(name)}\n", f"+++ {_quoted(name)}\n"]
    for hunk in _KnownAlignment(opcodes).get_grouped_opcodes(CONTEXT):
        yield from heading
        heading = []
        (_, old_start, _, new_start, _), (_, _, old_end, _, new_end) = hunk[0], hunk[-1]
        yield f"@@ -{_range(old_start, old_end)} +{_range(new_start, new_end)} @@\n"
        for tag, old_start, old_end, new_start, new_end in hunk:
            if tag == "equal":
                yield from _marked(" ", old[old_start:old_end])
            else:
                yield from _marked("-", old[old_start:old_end])
                yield from _marked("+", new[new_start:new_end])


class _KnownAlignment(SequenceMatcher[str]):
    """Groups opcodes that are known: to search them takes `difflib` minutes for a long list."""

    def __init__(self, opcodes: list[_Opcode]) -> None:
        super().__init__()
        self._opcodes = opcodes

    def get_opcodes(self) -> list[_Opcode]:  # type: ignore[override]  # typeshed narrows the tag
        return self._opcodes


def _align(before: Iterable[str], after: Iterable[str]) -> tuple[list[str], list[str], list[_Opcode]]:
    """The lines of both texts, and which of them correspond."""
    old: list[str] = []
    new: list[str] = []
    opcodes: list[_Opcode] = []
    for was, becomes in _blocks(before, after):
        tag, old_start, new_start = "equal" if was == becomes else "replace", len(old), len(new)
        old += _lines(was)
        new += _lines(becomes)
        if opcodes and opcodes[-1][0] == tag:
            _, old_start, _, new_start, _ = opcodes.pop()
        opcodes.append((tag, old_start, len(old), new_start, len(new)))
    return old, new, opcodes


def _blocks(before: Iterable[str], after: Iterable[str]) -> Iterator[tuple[str, str]]:
    r"""Pairs of the two texts that end where a line ends for `patch` too, which a lone `\r` does not."""
    old = new = ""
    for was, becomes in zip(before, after, strict=True):
        old, new = old + was, new + becomes
        if (not old or old.endswith("\n")) and (not new or new.endswith("\n")):
            yield old, new
            old = new = ""
    if old or new:
        yield old, new


def _lines(text: str) -> list[str]:
    lines = text.split("\n")
    return [f"{line}\n" for line in lines[:-1]] + [line for line in lines[-1:] if line]


def _range(start: int, end: int) -> str:
    """First line and number of lines; an empty range is named by the line before it, as `diff` does."""
    return f"{start + (end > start)},{end - start}"


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
